"""What a nomination still lacks before it can be sent: the wizard's task list and the guard of `submit` both ask."""

from dataclasses import dataclass

from .models import Nomination, Requirement

# The parts of the form, in their order (interface.md, "Formulir usulan").
PARTS = {
    "ikm": "Sentra dan IKM",
    "produk": "Produk",
    "dokumen": "Dokumen legalitas",
    "cerita": "Cerita dan foto",
}

_ANSWERS = {
    "raw_material": ("produk", "Bahan baku dan asalnya belum diisi."),
    "local_content": ("produk", "Persentase bahan baku dari kabupaten/kota sendiri belum diisi."),
    "value_added": ("produk", "Nilai tambah belum diisi."),
    "capacity": ("produk", "Kapasitas produksi belum diisi."),
    "workers": ("produk", "Jumlah tenaga kerja belum diisi."),
    "environment": ("produk", "Pengendalian lingkungan belum diisi."),
    "design": ("produk", "Desain dan kemasan belum diisi."),
    "marketing": ("cerita", "Pemasaran belum diisi."),
    "story": ("cerita", "Cerita produk belum diisi."),
}


@dataclass(frozen=True)
class Missing:
    part: str
    field: str
    text: str


def requirements_for(nomination: Nomination) -> list[Requirement]:
    """The requirements in force for its commodity group, in order, each with the kinds that it accepts."""
    return [
        requirement
        for requirement in Requirement.objects.filter(is_active=True).prefetch_related("accepts", "groups")
        if not requirement.groups.all()
        or nomination.product.group_id in {group.pk for group in requirement.groups.all()}
    ]


def missing(nomination: Nomination) -> list[Missing]:
    """Everything that keeps this nomination from being sent, in the order of the form; empty when complete."""
    return [*_about_the_ikm(nomination), *_answers(nomination), *_documents(nomination)]


def _about_the_ikm(nomination: Nomination) -> list[Missing]:
    ikm = nomination.product.ikm
    found = []
    if not ikm.nib:
        found.append(Missing("ikm", "nib", "NIB belum diisi."))
    if ikm.started_year is None:
        found.append(Missing("ikm", "started_year", "Tahun mulai berproduksi belum diisi."))
    if ikm.sentra is None:
        found.append(Missing("ikm", "sentra", "Sentra IKM belum dipilih."))
    elif not ikm.sentra.decree_number or ikm.sentra.decree_date is None:
        found.append(Missing("ikm", "sentra", "Nomor dan tanggal SK sentra belum diisi."))
    return found


def _answers(nomination: Nomination) -> list[Missing]:
    return [
        Missing(part, field, text)
        for field, (part, text) in _ANSWERS.items()
        if getattr(nomination, field) in (None, "")
    ]


def _documents(nomination: Nomination) -> list[Missing]:
    linked = set(nomination.document_links.values_list("document__kind_id", flat=True))
    found = []
    for requirement in requirements_for(nomination):
        kinds = list(requirement.accepts.all())
        if kinds and not linked & {kind.pk for kind in kinds}:
            part = "cerita" if all(kind.is_photo for kind in kinds) else "dokumen"
            found.append(Missing(part, requirement.pk, f"{requirement.name}: berkas belum diunggah."))
    return found
