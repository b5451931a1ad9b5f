"""
The roles, and what each may do: the one table. The tests hold a second one, written by hand from the contract.

Whether a person may do a thing to *this* record (own region, own office, no interest) is asked by the room that
holds the record: nominations/rules.py, assessment/rules.py, awards/rules.py.
"""

from django.db.models import TextChoices


class Role(TextChoices):
    DINAS = "dinas", "Petugas dinas kabupaten/kota"
    PROVINSI = "provinsi", "Petugas dinas provinsi"
    SEKRETARIAT = "sekretariat", "Sekretariat OVOP"
    PENILAI = "penilai", "Penilai"
    KETUA = "ketua", "Ketua sidang pleno"
    PENETAP = "penetap", "Pejabat penetap"
    AUDITOR = "auditor", "Auditor"
    ADMIN = "admin", "Admin Kementerian"


class Right(TextChoices):
    """A kind of act in the portal. The words are for the page that explains roles."""

    KEEP_REGISTRY = "keep_registry", "mengelola data sentra, IKM, dan produk"
    NOMINATE = "nominate", "menyusun, mengirim, menarik, dan memperbaiki usulan"
    OBJECT = "object", "mengajukan sanggah"
    ENDORSE = "endorse", "memverifikasi usulan provinsi"
    REGISTER_DINAS = "register_dinas", "mendaftarkan petugas dinas di provinsinya"
    RUN_ROUND = "run_round", "mengatur periode, tahap, dan persyaratan"
    KEEP_MESSAGES = "keep_messages", "melepas pesan keluar dan menyusun kata-katanya"
    SCREEN = "screen", "melakukan seleksi administrasi"
    ASSIGN = "assign", "membentuk panel dan membagi penugasan"
    SCORE = "score", "menilai usulan yang ditugaskan"
    VISIT = "visit", "melakukan verifikasi lapangan"
    REOPEN_SCORE = "reopen_score", "memerintahkan pembukaan kembali penilaian"
    LEAD_PLENARY = "lead_plenary", "memimpin pleno, mencatat keputusan, dan menyegelnya"
    DRAFT_DECREE = "draft_decree", "menyusun rancangan SK dan menerbitkan ulang piagam"
    SIGN_DECREE = "sign_decree", "menandatangani SK, menetapkan waktu pengumuman, dan mencabut"
    READ_ALL = "read_all", "membaca semua catatan"
    KEEP_ACCOUNTS = "keep_accounts", "mengelola akun Kementerian"
    OPERATE = "operate", "melihat keadaan sistem"


MAY: dict[Role, frozenset[Right]] = {
    Role.DINAS: frozenset({Right.KEEP_REGISTRY, Right.NOMINATE, Right.OBJECT}),
    # The administrative kota and kabupaten of DKI Jakarta have no dinas: there the province's office nominates.
    Role.PROVINSI: frozenset(
        {Right.KEEP_REGISTRY, Right.NOMINATE, Right.OBJECT, Right.ENDORSE, Right.REGISTER_DINAS}
    ),
    Role.SEKRETARIAT: frozenset(
        {
            Right.RUN_ROUND,
            Right.KEEP_MESSAGES,
            Right.SCREEN,
            Right.ASSIGN,
            Right.DRAFT_DECREE,
            Right.KEEP_ACCOUNTS,
        }
    ),
    Role.PENILAI: frozenset({Right.SCORE, Right.VISIT}),
    Role.KETUA: frozenset({Right.LEAD_PLENARY, Right.REOPEN_SCORE}),
    Role.PENETAP: frozenset({Right.SIGN_DECREE}),
    Role.AUDITOR: frozenset({Right.READ_ALL}),
    Role.ADMIN: frozenset({Right.KEEP_ACCOUNTS, Right.OPERATE}),
}

# Roles of the ministry and its team: a second factor is required where the portal is in production.
MINISTRY = frozenset({Role.SEKRETARIAT, Role.KETUA, Role.PENETAP, Role.AUDITOR, Role.ADMIN})

# What kind of office a role is held in.
HELD_IN: dict[Role, frozenset[str]] = {
    Role.DINAS: frozenset({"dinas"}),
    Role.PROVINSI: frozenset({"province"}),
    Role.PENILAI: frozenset({"ministry", "association", "campus"}),
    **{role: frozenset({"ministry"}) for role in MINISTRY},
}
