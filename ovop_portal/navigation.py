"""The pages each role works with: the header's entries (six at most) and the first page of each role."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.roles import Role


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    roles: frozenset[Role]
    hint: str


def _entry(label: str, url: str, hint: str, *roles: Role) -> Entry:
    return Entry(label, url, frozenset(roles), hint)


ENTRIES = (
    _entry("Usulan", "/usulan/", "Menyusun, mengirim, dan memperbaiki usulan", Role.DINAS, Role.PROVINSI),
    _entry("Potensi", "/potensi/", "Sentra, IKM, dan produk di wilayah Anda", Role.DINAS, Role.PROVINSI),
    _entry(
        "Verifikasi provinsi", "/verifikasi-provinsi/", "Usulan yang menunggu Anda teruskan", Role.PROVINSI
    ),
    _entry(
        "Seleksi", "/seleksi/", "Usulan yang menunggu seleksi administrasi", Role.SEKRETARIAT, Role.AUDITOR
    ),
    _entry("Panel", "/panel/", "Penugasan penilai", Role.SEKRETARIAT, Role.AUDITOR),
    _entry("Penilaian", "/penilaian/", "Usulan yang ditugaskan kepada Anda", Role.PENILAI),
    _entry(
        "Pleno", "/pleno/", "Sidang, keputusan, dan berita acara", Role.KETUA, Role.SEKRETARIAT, Role.AUDITOR
    ),
    _entry(
        "Penghargaan",
        "/penghargaan/",
        "SK penetapan, piagam, dan pengumuman",
        Role.PENETAP,
        Role.SEKRETARIAT,
        Role.AUDITOR,
    ),
    _entry("Periode", "/periode/", "Tahap dan jadwal", Role.SEKRETARIAT),
    _entry("Pesan", "/pesan/", "Pesan keluar dan catatannya", Role.SEKRETARIAT, Role.AUDITOR),
    _entry("Akun", "/akun/", "Kantor, petugas, dan undangan", Role.ADMIN, Role.SEKRETARIAT, Role.PROVINSI),
    _entry("Jejak", "/jejak/", "Riwayat semua tindakan", Role.AUDITOR, Role.ADMIN),
    _entry(
        "Surat",
        "/surat/",
        "Surat usulan, berita acara, dan surat seleksi",
        Role.DINAS,
        Role.PROVINSI,
        Role.SEKRETARIAT,
        Role.AUDITOR,
    ),
    _entry(
        "Penghargaan",
        "/penghargaan/daerah/",
        "Piagam dan label bintang di wilayah Anda",
        Role.DINAS,
        Role.PROVINSI,
    ),
    # What follows comes after the rest of its roles' work, so that it takes nobody's place in the header.
    _entry("Sanggah", "/seleksi/sanggah/", "Sanggah dan jawabannya", Role.PROVINSI, Role.KETUA),
    _entry("Periode", "/periode/", "Tahap dan jadwal", Role.AUDITOR),
    _entry(
        "Verifikasi provinsi",
        "/verifikasi-provinsi/",
        "Usulan yang menunggu verifikasi provinsi",
        Role.AUDITOR,
    ),
    # Last, so that it takes nobody's place in the header: the secretariat finds it on /beranda/.
    _entry(
        "Lapangan",
        "/lapangan/",
        "Kunjungan verifikasi lapangan",
        Role.PENILAI,
        Role.SEKRETARIAT,
        Role.KETUA,
        Role.AUDITOR,
    ),
)


def entries_for(roles: frozenset[Role]) -> list[Entry]:
    """The pages of these roles, in the order of the work."""
    return [entry for entry in ENTRIES if entry.roles & roles]


def staff_nav(request: HttpRequest) -> list[dict[str, object]]:
    """At most six entries for the header; the rest stand on /beranda/."""
    # The own inbox lies below the secretariat's page of messages, and is no part of it.
    path = "" if request.path.startswith("/pesan/saya/") else request.path
    return [
        {"label": entry.label, "url": entry.url, "current": path.startswith(entry.url)}
        for entry in entries_for(request.user.roles())[:6]
    ]
