"""The sentences for a file that is not taken in: which file, what is wrong, what to do."""

from .limits import MAX_BYTES, MAX_PAGES, MAX_PIXELS

_PRINT_IT_ANEW = 'Cetak dokumen itu ke PDF ("Simpan sebagai PDF"), lalu pilih hasilnya.'
_KIND_NAMES = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG", "image/webp": "WebP"}

_SENTENCES = {
    "empty": 'Berkas "{name}" kosong dan tidak disimpan. Buka berkas itu di perangkat Anda untuk memeriksanya, '
    "lalu pilih lagi.",
    "too_large": 'Berkas "{name}" ({size}) melebihi batas {limit}. Berkas lain tetap tersimpan. Pindai ulang '
    "dengan ukuran lebih kecil.",
    "not_allowed": 'Berkas "{name}" bukan PDF, JPG, PNG, atau WebP dan tidak disimpan. Pilih berkas lain.',
    "not_wanted_here": 'Berkas "{name}" adalah {kind}; isian ini menerima {wanted}. Berkas itu tidak disimpan. '
    "Pilih berkas lain.",
    "hidden_archive": 'Berkas "{name}" menyembunyikan berkas lain di dalamnya dan tidak disimpan. Pindai atau '
    "simpan ulang dokumen itu, lalu pilih hasilnya.",
    "broken": 'Berkas "{name}" rusak atau tidak lengkap dan tidak disimpan. Unduh atau pindai ulang dokumen itu, '
    "lalu pilih hasilnya.",
    "appended": 'Berkas "{name}" memuat data lain sesudah akhir dokumen dan tidak disimpan. '
    + _PRINT_IT_ANEW,
    "encrypted": 'Berkas "{name}" dikunci dengan kata sandi atau pembatasan dan tidak disimpan. Simpan salinannya '
    "tanpa kunci, lalu pilih salinan itu.",
    "javascript": 'Berkas "{name}" memuat program (JavaScript) dan tidak disimpan. ' + _PRINT_IT_ANEW,
    "launches": 'Berkas "{name}" memuat perintah yang membuka atau mengirim sesuatu di luar dokumen dan tidak '
    "disimpan. " + _PRINT_IT_ANEW,
    "runs_by_itself": 'Berkas "{name}" menjalankan perintah begitu dibuka dan tidak disimpan. '
    + _PRINT_IT_ANEW,
    "embedded_files": 'Berkas "{name}" memuat berkas lain sebagai lampiran dan tidak disimpan. Unggah lampiran '
    "itu tersendiri. " + _PRINT_IT_ANEW,
    "rich_media": 'Berkas "{name}" memuat suara, video, atau objek 3D dan tidak disimpan. ' + _PRINT_IT_ANEW,
    "xfa": 'Berkas "{name}" adalah formulir dinamis (XFA) dan tidak disimpan. ' + _PRINT_IT_ANEW,
    "too_many_pages": 'Berkas "{name}" berisi {pages} halaman, melebihi batas {limit} halaman, dan tidak disimpan. '
    "Pilih halaman yang diperlukan saja.",
    "too_many_pixels": 'Gambar "{name}"{measures} melebihi batas {limit} juta piksel dan tidak disimpan. '
    "Perkecil gambar itu, lalu pilih lagi.",
    "animated": 'Berkas "{name}" adalah gambar bergerak dan tidak disimpan. Pilih foto biasa.',
    "too_demanding": 'Berkas "{name}" terlalu rumit untuk diperiksa dengan aman dan tidak disimpan. Pindai ulang '
    "dokumen itu, lalu pilih hasilnya.",
    "infected": 'Pemindai menemukan program berbahaya pada berkas "{name}"; isinya sudah dihapus. Periksa '
    "perangkat Anda, lalu pilih berkas lain.",
    "unknown_upload": "Unggahan ini tidak ada lagi atau bukan milik Anda. Isian lain tetap tersimpan. Pilih "
    "berkasnya sekali lagi.",
    "unfinished_upload": 'Berkas "{name}" baru terkirim {percent}%. Bagian yang terkirim tidak hilang. Pilih '
    '"Lanjutkan unggahan".',
    "expired_upload": 'Waktu untuk melanjutkan unggahan "{name}" sudah lewat. Isian lain tetap tersimpan. Pilih '
    "berkasnya sekali lagi.",
    "too_many_uploads": "Masih ada {count} unggahan Anda yang belum selesai. Lanjutkan atau hapus salah satunya, "
    "lalu pilih berkas ini lagi.",
}


class Refused(Exception):
    """
    A file, or a part of one, is not taken in. `code` is for logs and tests, `for_reader` is the Indonesian sentence.
    """

    def __init__(self, code: str, name: str = "", **facts: object) -> None:
        self.code = code
        self.for_reader = sentence(code, name, **facts)
        super().__init__(f"{code}: {self.for_reader}")


def sentence(code: str, name: str, **facts: object) -> str:
    """Return what the reader is told. KeyError for an unknown code, or one whose figures are not given."""
    if code == "too_large":
        facts |= {"size": megabytes(int(str(facts["size"]))), "limit": megabytes(MAX_BYTES)}
    elif code == "too_many_pages":
        facts["limit"] = MAX_PAGES
    elif code == "too_many_pixels":
        known = "width" in facts
        measures = f" ({dotted(facts['width'])} x {dotted(facts['height'])} piksel)" if known else ""
        facts |= {"measures": measures, "limit": MAX_PIXELS // 1_000_000}
    return _SENTENCES[code].format(name=name, **facts)


def kinds_in_words(kinds: frozenset[str]) -> str:
    """{"image/png", "image/jpeg"} -> "JPG atau PNG"; in the order in which all four are always named."""
    names = [name for kind, name in _KIND_NAMES.items() if kind in kinds]
    if len(names) <= 2:
        return " atau ".join(names)
    return f"{', '.join(names[:-1])}, atau {names[-1]}"


def megabytes(size: int) -> str:
    """29360128 -> "28 MB"; rounded up to a tenth, so that what is over a limit never reads as the limit."""
    tenths = -(-size * 10 // (1024 * 1024))
    whole, tenth = divmod(tenths, 10)
    return f"{dotted(whole)},{tenth} MB" if tenth else f"{dotted(whole)} MB"


def dotted(number: object) -> str:
    return f"{int(str(number)):,}".replace(",", ".")
