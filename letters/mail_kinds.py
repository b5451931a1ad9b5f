"""
The kinds of message and the words they are shipped with: version 1 of each (documents.md 12, and ours below it).

`fields` names what the sending room must give, each with an example that previews and tests use.
"""

from .mails import Kind

_NUMBER = "U-2026-3205-001"
_PRODUCT = "Dodol cokelat Chocodot"
_UNTIL = "13 Maret 2026 pukul 23.59 WIB"


def _kind(code: str, name: str, subject: str, body: str, link: str, **fields: str) -> Kind:
    return Kind(
        code=code,
        name=name,
        subject=subject,
        body=body,
        fields=fields,
        link=link,
        private_link=code == "account_invited",
    )


# --- The twelve of documents.md 12 -------------------------------------------------------------------------
_TWELVE = [
    _kind(
        "account_invited",
        "Undangan akun",
        "Undangan masuk portal OVOP",
        "Akun Anda sebagai {peran} di {kantor} telah dibuat. Atur kata sandi sebelum {waktu}.\n\n"
        "Jika Anda tidak mengenal permintaan ini, abaikan pesan ini.",
        "Atur kata sandi",
        peran="Petugas dinas kabupaten/kota",
        kantor="Dinas yang membidangi perindustrian Kabupaten Garut",
        waktu=_UNTIL,
    ),
    _kind(
        "draft_due",
        "Pengingat draf usulan",
        "Sisa {h} hari: {n} draf usulan OVOP belum dikirim",
        "Pengusulan ditutup {waktu}. {n} draf belum dikirim:\n\n{daftar}",
        "Buka draf usulan",
        h="7",
        n="2",
        waktu=_UNTIL,
        daftar=f"- {_PRODUCT}: dokumen legalitas\n- Batik tulis: cerita dan foto",
    ),
    _kind(
        "received",
        "Usulan diterima",
        "Usulan {no} diterima",
        "Usulan {produk} diterima {waktu}. Berikutnya: {berikutnya}. "
        "Usulan hanya dapat diubah bila dikembalikan.",
        "Lihat usulan",
        no=_NUMBER,
        produk=_PRODUCT,
        waktu=_UNTIL,
        berikutnya="verifikasi provinsi",
    ),
    _kind(
        "returned",
        "Usulan dikembalikan",
        "Perlu perbaikan: usulan {no}",
        "{pengembali} mengembalikan usulan {produk} dengan {n} catatan. Perbaiki dan kirim kembali sebelum "
        "{waktu}. Isian Anda tersimpan.",
        "Perbaiki usulan",
        no=_NUMBER,
        produk=_PRODUCT,
        pengembali="Dinas Perindustrian Provinsi Jawa Barat",
        n="3",
        waktu=_UNTIL,
    ),
    _kind(
        "endorsed",
        "Usulan diteruskan",
        "Usulan {no} diteruskan ke Kementerian",
        "{provinsi} telah memverifikasi usulan {produk}. Berikutnya: seleksi administrasi. "
        "Anda tidak perlu berbuat apa pun.",
        "Lihat usulan",
        no=_NUMBER,
        produk=_PRODUCT,
        provinsi="Provinsi Jawa Barat",
    ),
    _kind(
        "eligible",
        "Lolos seleksi administrasi",
        "Usulan {no} lolos seleksi administrasi",
        "Usulan {produk} masuk tahap penilaian. Penilaian dijadwalkan {tgl_awal} sampai dengan {tgl_akhir}. "
        "Ini belum berarti menerima penghargaan.",
        "Lihat usulan",
        no=_NUMBER,
        produk=_PRODUCT,
        tgl_awal="6 April 2026",
        tgl_akhir="8 Mei 2026",
    ),
    _kind(
        "not_eligible",
        "Tidak lolos seleksi administrasi",
        "Hasil seleksi administrasi usulan {no}",
        "Hasil seleksi administrasi usulan ini tersedia, beserta alasan dan surat resminya. "
        "Sanggah dapat diajukan sampai {waktu}.",
        "Lihat hasil seleksi",
        no=_NUMBER,
        waktu=_UNTIL,
    ),
    _kind(
        "assigned",
        "Penugasan penilaian",
        "Penugasan penilaian OVOP: {n} usulan",
        "Anda ditugaskan menilai {n} usulan {komoditas} sampai {waktu}. "
        "Nyatakan dahulu ada atau tidaknya benturan kepentingan.",
        "Buka penugasan",
        n="12",
        komoditas="kain batik",
        waktu=_UNTIL,
    ),
    _kind(
        "scoring_due",
        "Pengingat penilaian",
        "Sisa {h} hari: {n} penilaian belum dikirim",
        "{n} penilaian belum Anda kirim; yang sudah diisi tersimpan. Batas: {waktu}.",
        "Lanjutkan penilaian",
        h="3",
        n="4",
        waktu=_UNTIL,
    ),
    _kind(
        "result_published",
        "Hasil diumumkan",
        "Hasil Penghargaan OVOP {tahun} telah diumumkan",
        "Hasil usulan {no} dapat dilihat setelah masuk. Dasarnya: {sk}.",
        "Lihat hasil",
        tahun="2026",
        no=_NUMBER,
        sk="Keputusan Menteri Perindustrian Nomor 123 Tahun 2026",
    ),
    _kind(
        "certificate_ready",
        "Piagam siap",
        "Piagam OVOP {no_piagam} siap diunduh",
        "Piagam {ikm} telah ditandatangani. Keasliannya dapat diperiksa dengan kode pada piagam.",
        "Unduh piagam",
        no_piagam="OVOP/2026/0001",
        ikm="PT Tama Cokelat Indonesia",
    ),
    _kind(
        "reevaluation_due",
        "Evaluasi ulang",
        "Evaluasi ulang OVOP: {n} penerima di {wilayah}",
        "Penghargaan periode {tahun} dievaluasi ulang. Perbarui data {n} penerima sebelum {waktu}.",
        "Perbarui data penerima",
        n="3",
        wilayah="Kabupaten Garut",
        tahun="2026",
        waktu=_UNTIL,
    ),
]

# --- Further events that ask something of somebody ---------------------------------------------------------
_FURTHER = [
    _kind(
        "draft_due_tomorrow",
        "Pengingat draf usulan, sehari sebelum",
        "Besok pengusulan ditutup: {n} draf usulan OVOP belum dikirim",
        "Besok pengusulan ditutup, {waktu}. {n} draf belum dikirim:\n\n{daftar}",
        "Buka draf usulan",
        n="2",
        waktu=_UNTIL,
        daftar=f"- {_PRODUCT}: dokumen legalitas\n- Batik tulis: cerita dan foto",
    ),
    _kind(
        "handed_over",
        "Penyerahan usulan",
        "{n} usulan OVOP diserahkan kepada Anda",
        "{nama} menyerahkan {n} usulan kepada Anda. Sejak sekarang Anda yang dihubungi dan diingatkan tentangnya.",
        "Lihat usulan",
        n="12",
        nama="Hj. Nurhayati, S.E.",
    ),
    _kind(
        "invited",
        "Undangan sosialisasi",
        "Undangan sosialisasi OVOP {tahun}: {hari_tanggal}",
        "Kami mengundang Anda untuk hadir pada sosialisasi Penghargaan OVOP Tahun {tahun}, {hari_tanggal} {waktu}, "
        "di {tempat}. Konfirmasi kehadiran paling lambat {batas}.",
        "Konfirmasi kehadiran",
        tahun="2026",
        hari_tanggal="Kamis, 5 Februari 2026",
        waktu="pukul 09.00 WIB",
        tempat="Yogyakarta",
        batas="30 Januari 2026",
    ),
    _kind(
        "not_endorsed",
        "Tidak diteruskan provinsi",
        "Hasil verifikasi provinsi usulan {no}",
        "{provinsi} tidak meneruskan usulan {produk}. Alasannya dapat dibaca pada halaman usulan.",
        "Lihat alasan",
        no=_NUMBER,
        produk=_PRODUCT,
        provinsi="Provinsi Jawa Barat",
    ),
    _kind(
        "passed_on",
        "Usulan diteruskan tanpa verifikasi provinsi",
        "Usulan {no} diteruskan ke seleksi administrasi",
        "Sekretariat OVOP meneruskan usulan {produk} ke seleksi administrasi tanpa verifikasi provinsi. "
        "Anda tidak perlu berbuat apa pun.",
        "Lihat usulan",
        no=_NUMBER,
        produk=_PRODUCT,
    ),
    _kind(
        "assignment_declined",
        "Penilai pengganti diperlukan",
        "Penilai pengganti diperlukan: usulan {no}",
        "{penilai} tidak menilai usulan {produk}: {alasan}. Tetapkan penggantinya agar panel lengkap.",
        "Buka panel",
        no=_NUMBER,
        produk=_PRODUCT,
        penilai="Ir. Budi Santoso",
        alasan="menyatakan benturan kepentingan",
    ),
    _kind(
        "sheet_reopened",
        "Lembar penilaian dibuka kembali",
        "Lembar penilaian usulan {no} dibuka kembali",
        "{pembuka} membuka kembali lembar penilaian Anda atas usulan {produk}. Alasannya tertulis pada lembar itu, "
        "dan skor yang sudah Anda kirim tetap tersimpan. Periksa isian, lalu kirim lagi sebelum {waktu}.",
        "Buka lembar penilaian",
        no=_NUMBER,
        produk=_PRODUCT,
        pembuka="Ketua sidang pleno",
        waktu=_UNTIL,
    ),
    _kind(
        "visit_planned",
        "Kunjungan lapangan direncanakan",
        "Kunjungan lapangan {tgl}: usulan {no}",
        "Anda mengunjungi tempat produksi {produk} pada {tgl}.\n\nTempat: {tempat}\nTim: {tim}\n\n"
        "Rencana ini menggantikan rencana sebelumnya bila ada. Buka halaman Lapangan sebelum berangkat, agar "
        "formulirnya dapat diisi tanpa koneksi.",
        "Buka Lapangan",
        no=_NUMBER,
        produk=_PRODUCT,
        tgl="6 April 2026",
        tempat="Bengkel Desa Cibeureum",
        tim="Ir. Budi Santoso, Ratna Dewi",
    ),
    _kind(
        "visit_called_off",
        "Kunjungan lapangan tidak jadi",
        "Anda tidak jadi mengunjungi usulan {no}",
        "Kunjungan ke {produk} pada {tgl} di {tempat} dibatalkan atau dilakukan tanpa Anda. Anda tidak perlu berbuat "
        "apa pun.",
        "Buka Lapangan",
        no=_NUMBER,
        produk=_PRODUCT,
        tgl="6 April 2026",
        tempat="Bengkel Desa Cibeureum",
    ),
    _kind(
        "endorsement_due",
        "Pengingat verifikasi provinsi",
        "Sisa {h} hari: {n} usulan menunggu verifikasi provinsi",
        "{n} usulan dari kabupaten/kota menunggu verifikasi Anda. Batas: {waktu}.",
        "Buka verifikasi provinsi",
        h="3",
        n="5",
        waktu=_UNTIL,
    ),
    _kind(
        "return_due",
        "Pengingat perbaikan",
        "Sisa {h} hari: usulan {no} menunggu perbaikan",
        "Usulan {produk} dikembalikan kepada Anda dan belum dikirim kembali. Batas: {waktu}.",
        "Perbaiki usulan",
        h="3",
        no=_NUMBER,
        produk=_PRODUCT,
        waktu=_UNTIL,
    ),
    _kind(
        "phase_extended",
        "Perpanjangan tahap",
        "Perpanjangan {tahap} OVOP {tahun}",
        "Batas {tahap} periode {tahun} diperpanjang sampai {waktu}. Alasan: {alasan}",
        "Lihat jadwal",
        tahap="pengusulan",
        tahun="2026",
        waktu=_UNTIL,
        alasan="Gangguan jaringan di sejumlah daerah.",
    ),
    _kind(
        "province_digest",
        "Ringkasan mingguan provinsi",
        "Ringkasan OVOP {wilayah}, {tanggal}",
        "Keadaan usulan di {wilayah} sampai {waktu}:\n\n{daftar}",
        "Buka verifikasi provinsi",
        wilayah="Provinsi Jawa Barat",
        tanggal="9 Maret 2026",
        waktu="9 Maret 2026 pukul 07.00 WIB",
        daftar="- 12 draf\n- 5 menunggu verifikasi\n- 8 diteruskan ke Kementerian",
    ),
    _kind(
        "objection_received",
        "Sanggah diterima",
        "Sanggah atas usulan {no} diterima",
        "Sanggah atas usulan {produk} diterima {waktu} dan dijawab paling lambat {batas} oleh pejabat yang tidak "
        "memutus usulan ini.",
        "Lihat sanggah",
        no=_NUMBER,
        produk=_PRODUCT,
        waktu=_UNTIL,
        batas="27 Maret 2026",
    ),
    _kind(
        "objection_answered",
        "Jawaban sanggah",
        "Jawaban atas sanggah usulan {no}",
        "Jawaban atas sanggah usulan {produk} tersedia. Surat resminya tampil pada halaman usulan begitu disampaikan.",
        "Lihat jawaban",
        no=_NUMBER,
        produk=_PRODUCT,
    ),
]

KINDS: dict[str, Kind] = {kind.code: kind for kind in _TWELVE + _FURTHER}
