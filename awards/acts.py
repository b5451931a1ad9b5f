"""The acts on a decree in words: as what somebody does (/jejak/), and as what has happened (the decree's own page)."""

from typing import NamedTuple


class Told(NamedTuple):
    act: str
    happened: str


OF_A_DECREE: dict[str, Told] = {
    "draft_decree": Told("Susun rancangan SK", "Rancangan disusun"),
    "write_decree_wording": Told("Tulis naskah SK", "Naskah ditulis"),
    "design_certificates": Told("Atur rupa piagam", "Rupa piagam diatur"),
    "give_signing_secret": Told(
        "Serahkan kode rahasia penanda tangan", "Kode rahasia penanda tangan diserahkan"
    ),
    "upload_signed_decree": Told("Unggah SK bertanda tangan", "SK bertanda tangan diunggah"),
    "draft_changing_decree": Told("Susun rancangan SK perubahan", "Rancangan SK perubahan disusun"),
    "draft_revoking_decree": Told("Susun rancangan SK pencabutan", "Rancangan SK pencabutan disusun"),
    "issue_decree": Told("Tetapkan SK", "SK ditetapkan"),
    "publish_decree": Told("Umumkan hasil", "Hasil diumumkan"),
    "issue_late_certificates": Told(
        "Terbitkan piagam periode yang diambil alih", "Piagam diterbitkan dengan keputusan tersendiri"
    ),
    "awards_taken_over": Told("Ambil alih penghargaan dari arsip", "Diambil alih dari arsip"),
    "pause_certificates": Told(
        "Hentikan sementara pembuatan piagam", "Pembuatan piagam dihentikan sementara"
    ),
    "resume_certificates": Told("Lanjutkan pembuatan piagam", "Pembuatan piagam dilanjutkan"),
    "retry_certificates": Told("Coba lagi piagam yang gagal", "Piagam yang gagal dicoba lagi"),
    "schedule_publication": Told("Jadwalkan pengumuman", "Pengumuman dijadwalkan"),
    "cancel_publication": Told("Batalkan jadwal pengumuman", "Jadwal pengumuman dibatalkan"),
    "publication_refused": Told("Pengumuman terjadwal ditolak", "Pengumuman terjadwal ditolak"),
    "open_figures": Told("Buka angka penilaian untuk masyarakat", "Angka penilaian dibuka untuk masyarakat"),
}
