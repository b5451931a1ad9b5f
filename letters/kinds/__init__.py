"""The kinds of official letter: what each is called, its family of numbers, its secrecy, and its content."""

from dataclasses import dataclass
from typing import Any

from .common import Content, Count, Head, NotConsistent, Signatory, from_json, to_json
from .proposal import Invitation, Proposal, ProposalRow, in_order
from .province import CoverLetter, ForwardedRow, HeldRow, ProvinceMinutes, RegencyResult, Verifier
from .screening import (
    Consideration,
    ObjectionAnswer,
    Reason,
    RefusalNotice,
    Repair,
    RepairRequest,
    ScreeningSheet,
    SheetRow,
    Subject,
)

__all__ = [
    "KINDS",
    "Consideration",
    "Content",
    "Count",
    "CoverLetter",
    "ForwardedRow",
    "Head",
    "HeldRow",
    "Invitation",
    "Kind",
    "NotConsistent",
    "ObjectionAnswer",
    "Proposal",
    "ProposalRow",
    "ProvinceMinutes",
    "Reason",
    "RefusalNotice",
    "RegencyResult",
    "Repair",
    "RepairRequest",
    "ScreeningSheet",
    "SheetRow",
    "Signatory",
    "Subject",
    "Verifier",
    "from_json",
    "in_order",
    "kind_of",
    "to_json",
]


@dataclass(frozen=True)
class Kind:
    code: str
    name: str
    content: type[Any]
    family: str
    """Whose number: a family of numbering.PATTERNS, or "portal" for a number of ours."""
    secrecy: str


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("surat_usulan", "Surat usulan dinas", Proposal, "surat", "biasa"),
        Kind(
            "berita_acara_provinsi",
            "Berita acara verifikasi provinsi",
            ProvinceMinutes,
            "berita_acara",
            "biasa",
        ),
        Kind("surat_pengantar", "Surat pengantar provinsi", CoverLetter, "surat", "biasa"),
        Kind("lembar_seleksi", "Lembar hasil seleksi administrasi", ScreeningSheet, "portal", "terbatas"),
        Kind("permintaan_perbaikan", "Permintaan perbaikan", RepairRequest, "surat_terbatas", "terbatas"),
        Kind("tidak_lolos", "Pemberitahuan tidak lolos", RefusalNotice, "surat_terbatas", "terbatas"),
        Kind("jawaban_sanggah", "Jawaban sanggah", ObjectionAnswer, "surat_terbatas", "terbatas"),
    )
}


def kind_of(content: Content) -> Kind:
    """Return the kind of letter that this content belongs to."""
    return next(kind for kind in KINDS.values() if isinstance(content, kind.content))
