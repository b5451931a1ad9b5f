"""The acts of every room in words, for /jejak/: what was done, to which record, and how its state changed."""

from collections.abc import Iterable

from django.urls import reverse

from assessment.models import Visit
from audit.models import Entry
from awards.acts import OF_A_DECREE
from letters.models import Letter
from nominations.lifecycle import TRANSITIONS
from nominations.models import State

ACTS: dict[str, str] = {
    **{row.action: row.label for row in TRANSITIONS},
    # nominations
    "begin": "Mulai usulan",
    "handed_over": "Serahkan usulan kepada rekan",
    "status_link_made": "Buat tautan status untuk IKM",
    "document_added": "Unggah dokumen",
    "document_used": "Pakai dokumen yang tersimpan",
    "document_removed": "Lepas dokumen",
    "sentra_registered": "Daftarkan sentra",
    "ikm_registered": "Daftarkan IKM",
    "product_registered": "Daftarkan produk",
    "product_changed": "Ubah produk",
    "ikm_completed": "Lengkapi data IKM lewat impor",
    "nominations_imported": "Impor usulan",
    "list_exported": "Unduh daftar",
    "ikm_merged": "Gabungkan IKM",
    "ikm_merged_into": "Digabungkan ke IKM lain",
    "round_begun": "Buat periode",
    "phase_dated": "Jadwalkan tahap",
    "phase_extended": "Perpanjang tahap",
    "rule_added": "Tambah aturan",
    "rule_changed": "Ubah aturan",
    "propose_ineligible": "Usulkan tidak lolos",
    "drop_ineligible": "Tiadakan usul tidak lolos",
    "sample_received": "Catat contoh produk",
    "objection_filed": "Ajukan sanggah",
    "objection_answered": "Jawab sanggah",
    # assessment
    "draft_instrument": "Susun instrumen",
    "change_instrument": "Ubah rancangan instrumen",
    "discard_instrument": "Buang rancangan instrumen",
    "publish_instrument": "Terbitkan instrumen",
    "open_assessment": "Buka penilaian",
    "resize_panel": "Ubah jumlah penilai panel",
    "assign": "Tugaskan penilai",
    "take_draw": "Terapkan undian panel",
    "remove_assessor": "Keluarkan penilai",
    "decline_assignment": "Kembalikan tugas",
    "sign_pact": "Tanda tangani pakta integritas",
    "declare_conflict": "Nyatakan benturan kepentingan",
    "declare_no_conflict": "Nyatakan tidak ada benturan kepentingan",
    "submit_assessment": "Kirim penilaian",
    "begin_calibration": "Susun usulan latihan",
    "change_calibration": "Ubah usulan latihan",
    "calibration_file_added": "Tambah berkas usulan latihan",
    "open_calibration": "Buka usulan latihan",
    "send_calibration": "Kirim nilai latihan",
    "close_calibration": "Tutup kalibrasi",
    "set_panel_size": "Atur jumlah penilai",
    "declare_interest": "Nyatakan kepentingan",
    "record_interest": "Catat kepentingan",
    "end_interest": "Akhiri kepentingan",
    "record_paper_statement": "Catat pernyataan penilai dari kertas",
    "register_paper": "Daftarkan lembar kertas",
    "enter_paper": "Selesaikan entri lembar kertas",
    "choose_paper_cell": "Cocokkan isian lembar kertas dengan pindaian",
    "submit_paper": "Kirim penilaian dari lembar kertas",
    "discard_paper": "Batalkan lembar kertas",
    "reopen_sheet": "Buka kembali lembar penilaian",
    "revise_sheet": "Perbaiki lembar penilaian",
    "take_out_sheet": "Keluarkan lembar penilai yang berkepentingan dari nilai",
    "plan_visit": "Rencanakan kunjungan lapangan",
    "change_visit": "Ubah rencana kunjungan lapangan",
    "cancel_visit": "Batalkan kunjungan lapangan",
    "visit_photo_added": "Tambah foto kunjungan",
    "finish_visit": "Selesaikan kunjungan lapangan",
    "draft_explanation": "Susun penjelasan hasil",
    "change_explanation": "Ubah penjelasan hasil",
    "release_explanation": "Lepas penjelasan hasil",
    "publish_short_form": "Terbitkan bentuk ringkas instrumen",
    "call_in": "Panggil penerima untuk evaluasi ulang",
    "recuse_assessor": "Keluarkan penilai karena kepentingan tercatat",
    "open_plenary": "Buka sidang pleno",
    "call_plenary": "Panggil sidang pleno baru",
    "plenary_attendance": "Catat kehadiran sidang",
    "open_item": "Bahas usulan dalam sidang",
    "close_item": "Tutup butir sidang",
    "leave_item": "Catat yang meninggalkan sidang",
    "undo_leave_item": "Batalkan catatan meninggalkan sidang",
    "attend_without_vote": "Catat sekretaris sidang, anggota tanpa hak suara, atau undangan",
    "attendee_left": "Catat yang tanpa hak suara meninggalkan sidang",
    "record_decision": "Catat keputusan",
    "take_back_decision": "Tarik kembali keputusan yang belum disegel",
    "seal_plenary": "Segel sidang pleno",
    # awards
    **{action: told.act for action, told in OF_A_DECREE.items()},
    "ask_clarification": "Minta klarifikasi",
    "number_clarification_letter": "Beri nomor surat klarifikasi",
    "send_clarification_letter": "Sampaikan surat klarifikasi bertanda tangan",
    "answer_clarification": "Jawab klarifikasi",
    "let_award_stand": "Selesaikan klarifikasi, penghargaan tetap",
    "revoke_award": "Cabut penghargaan",
    "reissue_certificate": "Terbitkan ulang piagam",
    "show_photo": "Tampilkan foto",
    "take_down_photo": "Turunkan foto",
    "add_selling_place": "Catat tempat membeli",
    "remove_selling_place": "Hapus tempat membeli",
    "entry_written": "Tulis halaman produk",
    "entry_written_by_ikm": "Tulis halaman produk lewat tautan IKM",
    "entry_photo_added": "Tambah foto halaman produk",
    "entry_photo_added_by_ikm": "Tambah foto halaman produk lewat tautan IKM",
    "entry_photo_described": "Ubah keterangan foto halaman produk",
    "entry_photo_moved": "Ubah urutan foto halaman produk",
    "entry_photo_taken_out": "Hapus foto dari rancangan halaman produk",
    "entry_place_added": "Tambah tempat membeli pada halaman produk",
    "entry_place_taken_out": "Hapus tempat membeli dari rancangan halaman produk",
    "entry_sent": "Kirim halaman produk",
    "entry_taken_back": "Tarik kembali halaman produk",
    "entry_returned": "Kembalikan halaman produk",
    "entry_shown": "Tampilkan halaman produk",
    "entry_link_made": "Buat tautan halaman produk untuk IKM",
    "entry_link_stopped": "Hentikan tautan halaman produk",
    # letters
    "letter_drafted": "Susun surat",
    "letter_redrafted": "Susun ulang surat",
    "letter_initialled": "Paraf surat",
    "letter_discarded": "Buang konsep surat",
    "letterhead_changed": "Ubah kop surat",
    "signing_officer_added": "Catat penanda tangan",
    "signing_officer_changed": "Ubah penanda tangan",
    "letter_back_to_draft": "Kembalikan surat menjadi konsep",
    "letter_numbered": "Beri nomor surat",
    "letter_signed": "Tanda tangani surat",
    "letter_delivered": "Sampaikan surat",
    "letter_replaced": "Ganti surat",
    "letter_revoked": "Cabut surat",
    "mail_words_changed": "Ubah kata-kata pesan",
    "message_cancelled": "Batalkan pesan",
    "message_resent": "Kirim ulang pesan",
    "batch_released": "Lepas kiriman pesan",
    "batch_cancelled": "Batalkan kiriman pesan",
    # accounts and the portal
    "invite": "Undang petugas",
    "take_away_role": "Hentikan peran",
    "demo_removed": "Hapus data contoh",
}  # fmt: skip

# Kind of record -> its name, and where it is read ("" for nowhere of its own).
_SUBJECTS: dict[str, tuple[str, str]] = {
    "nominations.nomination": ("Usulan", "nomination"),
    "nominations.ikm": ("IKM", ""),
    "nominations.sentra": ("Sentra", ""),
    "nominations.product": ("Produk", ""),
    "nominations.round": ("Periode", "round"),
    "nominations.phase": ("Tahap", ""),
    "nominations.commoditygroup": ("Kelompok komoditas", ""),
    "nominations.documentkind": ("Jenis dokumen", ""),
    "nominations.requirement": ("Persyaratan", ""),
    "assessment.instrument": ("Instrumen", ""),
    "assessment.assessment": ("Penilaian", ""),
    "assessment.assignment": ("Penugasan", ""),
    "assessment.pact": ("Pakta", ""),
    "assessment.calibration": ("Usulan latihan", "calibration"),
    "assessment.interest": ("Kepentingan", ""),
    "assessment.paper": ("Lembar kertas", "paper"),
    "assessment.visit": ("Kunjungan", "visit"),
    "assessment.explanation": ("Penjelasan", ""),
    "assessment.plenary": ("Sidang pleno", ""),
    "assessment.decision": ("Keputusan", ""),
    "awards.decree": ("SK", "decree"),
    "awards.award": ("Penghargaan", "award_kept"),
    "letters.letter": ("Surat", "letter"),
    "letters.letterhead": ("Kop surat", ""),
    "letters.signingofficer": ("Penanda tangan", ""),
    "letters.message": ("Pesan", ""),
    "letters.batch": ("Kiriman pesan", ""),
    "letters.mailtemplate": ("Kata-kata pesan", ""),
    "accounts.membership": ("Peran", ""),
    "accounts.person": ("Akun", ""),
}
_STATES = dict(Visit.State.choices) | dict(State.choices) | dict(Letter.State.choices)


def act(action: str) -> str:
    return ACTS.get(action, action)


def subject(entry: Entry, *, linked: bool = True) -> dict[str, str]:
    """What was acted on, as a table's cell: {text, url}; without a page for this reader, the text alone."""
    name, page = _SUBJECTS.get(entry.subject_type, (entry.subject_type, ""))
    text = f"{name} {entry.subject_id}"
    return (
        {"text": text, "url": reverse(page, args=[entry.subject_id])} if page and linked else {"text": text}
    )


def change(entry: Entry) -> str:
    """How the state changed: "Draf ke Menunggu verifikasi provinsi"; "" where it did not."""
    if not entry.to_state:
        return ""
    before, after = (_STATES.get(state, state) for state in (entry.from_state, entry.to_state))
    return f"{before} ke {after}" if before else str(after)


def choices(actions: Iterable[str]) -> list[tuple[str, str]]:
    """(action, its words), in the order of the words."""
    return sorted(((action, act(action)) for action in actions), key=lambda pair: pair[1])
