"""Seleksi administrasi: lembar hasil, permintaan perbaikan, pemberitahuan, jawaban sanggah (documents.md 3)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from letters.wording import WIB

from .common import Head, NotConsistent, same

FITS, DIFFERS, UNKNOWN = "sesuai", "tidak_sesuai", "belum_pasti"
RESULTS = {FITS: "Sesuai", DIFFERS: "Tidak sesuai", UNKNOWN: "Belum dapat dipastikan"}
OUTCOMES = {
    "lolos": "lolos seleksi administrasi",
    "dikembalikan": "dikembalikan untuk perbaikan",
    "tidak_lolos": "tidak lolos seleksi administrasi",
}
VERDICTS = {
    "diterima": "diterima",
    "diterima_sebagian": "diterima sebagian",
    "tidak_dapat_diterima": "tidak dapat diterima",
}


@dataclass(frozen=True)
class Subject:
    """The nomination that a paper of the screening is about."""

    number: str
    ikm: str
    product: str
    regency: str


@dataclass(frozen=True)
class SheetRow:
    requirement: str
    entry: str
    document: str
    result: str
    note: str = ""
    basis: str = ""
    """The rule that the requirement rests on."""

    def shown_result(self) -> str:
        return RESULTS[self.result]


@dataclass(frozen=True)
class ScreeningSheet:
    TEMPLATE: ClassVar[str] = "screening_sheet"
    VERSION: ClassVar[int] = 1

    year: int
    nomination: Subject
    rows: tuple[SheetRow, ...]
    requirements: int
    fitting: int
    differing: int
    outcome: str
    second_name: str = ""
    second_position: str = ""

    def subject(self) -> str:
        return f"Lembar Hasil Seleksi Administrasi Penghargaan OVOP Tahun {self.year}"

    def undecided(self) -> int:
        return sum(row.result == UNKNOWN for row in self.rows)

    def shown_outcome(self) -> str:
        return OUTCOMES[self.outcome]

    def check(self, head: Head) -> None:
        if self.outcome not in OUTCOMES or any(row.result not in RESULTS for row in self.rows):
            raise NotConsistent("Hasil pemeriksaan tidak dikenal.")
        same(self.requirements, "persyaratan dalam kalimat", len(self.rows), "baris lembar")
        same(self.fitting, "persyaratan sesuai", sum(row.result == FITS for row in self.rows), "dalam lembar")
        same(
            self.differing,
            "persyaratan tidak sesuai",
            sum(row.result == DIFFERS for row in self.rows),
            "dalam lembar",
        )
        if self.outcome != "dikembalikan":
            same(self.fitting + self.differing, "sesuai dan tidak sesuai", self.requirements, "persyaratan")
        if (self.differing == 0) != (self.outcome == "lolos") and not self.undecided():
            raise NotConsistent(
                f"Hasil {self.shown_outcome()} tidak cocok dengan {self.differing} persyaratan tidak sesuai."
            )
        for row in self.rows:
            if row.result == DIFFERS and not (row.note.strip() and row.basis.strip()):
                raise NotConsistent(f"Persyaratan {row.requirement} tidak sesuai tanpa catatan dan dasarnya.")
        if self.outcome == "tidak_lolos" and self.second_name in ("", head.signatory.full_name):
            raise NotConsistent("Hasil tidak lolos ditandatangani oleh dua orang yang berbeda.")


@dataclass(frozen=True)
class Repair:
    field: str
    finding: str
    asked: str


@dataclass(frozen=True)
class RepairRequest:
    TEMPLATE: ClassVar[str] = "repair_request"
    VERSION: ClassVar[int] = 1

    year: int
    nomination: Subject
    repairs: tuple[Repair, ...]
    due: datetime
    lapses: bool
    """Whether the round's rule says that a nomination not sent again by then does not pass."""

    def subject(self) -> str:
        return f"Permintaan Perbaikan Usulan Penghargaan OVOP Tahun {self.year}"

    def check(self, head: Head) -> None:
        if not self.repairs:
            raise NotConsistent("Permintaan perbaikan menyebut paling sedikit satu isian.")
        if any(not (repair.finding.strip() and repair.asked.strip()) for repair in self.repairs):
            raise NotConsistent("Setiap isian menyebut temuan dan perbaikan yang diminta.")
        _still_ahead(head.date, self.due)


@dataclass(frozen=True)
class Reason:
    requirement: str
    finding: str
    basis: str


@dataclass(frozen=True)
class RefusalNotice:
    TEMPLATE: ClassVar[str] = "refusal_notice"
    VERSION: ClassVar[int] = 1

    year: int
    nomination: Subject
    sheet_number: str
    sheet_date: date
    differing: int
    """How many requirements the sheet found "tidak sesuai"."""
    reasons: tuple[Reason, ...]
    objection_until: datetime
    answer_days: int

    def subject(self) -> str:
        return f"Hasil Seleksi Administrasi Penghargaan OVOP Tahun {self.year}"

    def check(self, head: Head) -> None:
        if not self.reasons:
            raise NotConsistent("Pemberitahuan tidak lolos menyebut paling sedikit satu alasan.")
        same(self.differing, "persyaratan tidak sesuai dalam lembar", len(self.reasons), "alasan dalam surat")
        if any(not (reason.finding.strip() and reason.basis.strip()) for reason in self.reasons):
            raise NotConsistent("Setiap alasan menyebut temuan dan dasarnya.")
        if head.date and head.date < self.sheet_date:
            raise NotConsistent("Tanggal surat lebih awal daripada lembar hasilnya.")
        _still_ahead(head.date, self.objection_until)


@dataclass(frozen=True)
class Consideration:
    reason: str
    consideration: str


@dataclass(frozen=True)
class ObjectionAnswer:
    TEMPLATE: ClassVar[str] = "objection_answer"
    VERSION: ClassVar[int] = 1

    year: int
    nomination: Subject
    objection_number: str
    objection_date: date
    verdict: str
    considerations: tuple[Consideration, ...]
    becomes_eligible: bool
    refused_by: int
    answered_by: int
    """Keys of the people: whoever decided cannot answer."""

    def subject(self) -> str:
        return f"Jawaban Sanggah atas Hasil Seleksi Administrasi Penghargaan OVOP Tahun {self.year}"

    def shown_verdict(self) -> str:
        return VERDICTS[self.verdict]

    def check(self, head: Head) -> None:
        if self.verdict not in VERDICTS:
            raise NotConsistent("Putusan atas sanggah tidak dikenal.")
        if not self.considerations:
            raise NotConsistent("Jawaban sanggah menyebut pertimbangan atas setiap alasan.")
        if self.refused_by == self.answered_by:
            raise NotConsistent("Sanggah dijawab oleh pejabat yang tidak memutus usulan ini.")
        if (self.verdict, self.becomes_eligible) in (("diterima", False), ("tidak_dapat_diterima", True)):
            raise NotConsistent(f"Sanggah {self.shown_verdict()} tidak cocok dengan hasil seleksinya.")
        if head.date and head.date < self.objection_date:
            raise NotConsistent("Tanggal jawaban lebih awal daripada sanggahnya.")


def _still_ahead(day: date | None, due: datetime) -> None:
    if day and due.astimezone(WIB).date() < day:
        raise NotConsistent("Batas waktu dalam surat sudah lewat pada tanggal surat.")
