"""The handbook (/panduan/): one guide for each role and two for those without an account. Words: templates/panduan/."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.roles import Role


@dataclass(frozen=True)
class Guide:
    slug: str
    title: str | Promise
    tells: str | Promise
    role: Role | None = None

    @property
    def template(self) -> str:
        return f"panduan/{self.slug}.html"


GUIDES = (
    Guide("dinas", Role.DINAS.label, "Menyusun, mengirim, dan memperbaiki usulan.", Role.DINAS),
    Guide("provinsi", Role.PROVINSI.label, "Memeriksa dan meneruskan usulan.", Role.PROVINSI),
    Guide(
        "sekretariat",
        Role.SEKRETARIAT.label,
        "Menjalankan periode: jadwal, seleksi, panel, surat, SK.",
        Role.SEKRETARIAT,
    ),
    Guide("penilai", Role.PENILAI.label, "Menilai usulan dan mengunjungi tempat produksi.", Role.PENILAI),
    Guide("ketua", Role.KETUA.label, "Memimpin sidang dan menyegel hasilnya.", Role.KETUA),
    Guide("penetap", Role.PENETAP.label, "Menetapkan SK dan mengumumkan hasil.", Role.PENETAP),
    Guide("auditor", Role.AUDITOR.label, "Membaca semua catatan dan menghitung ulang.", Role.AUDITOR),
    Guide("admin", Role.ADMIN.label, "Akun, kantor, dan keadaan portal.", Role.ADMIN),
    Guide("ikm", "IKM yang diusulkan", "Melihat sampai di mana usulan dan memakai penghargaan."),
    # The one that is read in English too: its readers come from anywhere.
    Guide(
        "masyarakat",
        gettext_lazy("Pembeli dan masyarakat"),
        gettext_lazy("Mencari produk dan memeriksa piagam."),
    ),
)
BY_SLUG = {guide.slug: guide for guide in GUIDES}

# Taken by `make screenshots` on the way of the journeys (tests/journeys), so that no picture shows a page of yesterday.
PICTURES = frozenset(
    {
        "antrean-penilai", "antrean-provinsi", "antrean-seleksi", "dokumen", "isian-produk", "katalog",
        "lembar-penilaian", "panel", "papan-pleno", "periksa-jawaban", "periode", "piagam-selesai", "putusan",
        "rancangan-sk", "seleksi", "tanda-terima", "usulan-baru", "verifikasi", "verifikasi-provinsi",
    }
)  # fmt: skip


def guides_for(roles: frozenset[Role]) -> tuple[list[Guide], list[Guide]]:
    """(those of these roles, all others), each in the order of the work."""
    own = [guide for guide in GUIDES if guide.role in roles]
    return own, [guide for guide in GUIDES if guide not in own]
