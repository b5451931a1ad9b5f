"""Verifikasi provinsi: berita acara with its annex, and the surat pengantar (documents.md 2)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from .common import Head, NotConsistent, same


@dataclass(frozen=True)
class Verifier:
    name: str
    position: str


@dataclass(frozen=True)
class RegencyResult:
    """What became of one kabupaten's or kota's nominations."""

    regency: str
    forwarded: int
    returned: int
    withdrawn: int
    unfinished: int
    refused: int = 0

    def total(self) -> int:
        return self.forwarded + self.returned + self.withdrawn + self.unfinished + self.refused


@dataclass(frozen=True)
class ForwardedRow:
    number: str
    ikm: str
    product: str
    commodity: str
    regency: str


@dataclass(frozen=True)
class HeldRow:
    """A nomination that did not go up, with what was remarked or why."""

    number: str
    ikm: str
    product: str
    regency: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class ProvinceMinutes:
    TEMPLATE: ClassVar[str] = "province_minutes"
    VERSION: ClassVar[int] = 1

    year: int
    province: str
    """Without "Provinsi"."""
    venue: str
    cut_off: datetime
    last_endorsed_on: date | None
    incoming: int
    forwarded: int
    returned: int
    withdrawn: int
    unfinished: int
    regency_count: int
    verifiers: tuple[Verifier, ...]
    regencies: tuple[RegencyResult, ...]
    forwarded_rows: tuple[ForwardedRow, ...]
    returned_rows: tuple[HeldRow, ...]
    refused: int = 0
    refused_rows: tuple[HeldRow, ...] = ()

    def subject(self) -> str:
        return f"Verifikasi Usulan Penghargaan OVOP Tahun {self.year}"

    def totals(self) -> RegencyResult:
        return RegencyResult(
            "Jumlah", self.forwarded, self.returned, self.withdrawn, self.unfinished, self.refused
        )

    def check(self, head: Head) -> None:
        if not self.verifiers:
            raise NotConsistent("Berita acara ditandatangani oleh paling sedikit satu pemverifikasi.")
        same(self.incoming, "usulan masuk", self.totals().total(), "jumlah hasil")
        same(self.regency_count, "kabupaten/kota dalam kalimat", len(self.regencies), "dalam lampiran")
        for name, words in (
            ("forwarded", "diteruskan"),
            ("returned", "dikembalikan"),
            ("withdrawn", "ditarik"),
            ("unfinished", "belum selesai"),
            ("refused", "tidak diteruskan"),
        ):
            listed = sum(getattr(regency, name) for regency in self.regencies)
            same(getattr(self, name), f"usulan {words} dalam kalimat", listed, "dalam rekapitulasi")
        same(self.forwarded, "usulan diteruskan", len(self.forwarded_rows), "baris daftarnya")
        same(self.returned, "usulan dikembalikan", len(self.returned_rows), "baris daftarnya")
        same(self.refused, "usulan tidak diteruskan", len(self.refused_rows), "baris daftarnya")
        silent = [row.number for row in (*self.returned_rows, *self.refused_rows) if not any(row.remarks)]
        if silent:
            raise NotConsistent(f"Usulan {', '.join(silent)} tidak diteruskan tanpa catatan.")
        not_before(head.date, self.last_endorsed_on)


@dataclass(frozen=True)
class CoverLetter:
    TEMPLATE: ClassVar[str] = "cover_letter"
    VERSION: ClassVar[int] = 1

    year: int
    province: str
    forwarded: int
    regency_count: int
    minutes_number: str
    minutes_date: date
    last_endorsed_on: date | None

    def subject(self) -> str:
        return f"Penerusan Usulan Calon Penerima Penghargaan OVOP Tahun {self.year}"

    def check(self, head: Head) -> None:
        if self.forwarded < 1:
            raise NotConsistent("Belum ada usulan yang diteruskan, jadi belum ada yang diantar surat ini.")
        if self.regency_count > self.forwarded:
            raise NotConsistent(
                f"{self.regency_count} kabupaten/kota tidak mungkin mengirim hanya {self.forwarded} usulan."
            )
        if head.date and head.date < self.minutes_date:
            raise NotConsistent("Tanggal surat lebih awal daripada berita acara yang diantarnya.")
        not_before(head.date, self.last_endorsed_on)


def not_before(day: date | None, last: date | None) -> None:
    """Raise NotConsistent where a letter would be dated before the last endorsement that it reports."""
    if day and last and day < last:
        raise NotConsistent("Tanggal naskah lebih awal daripada penerusan usulan yang terakhir.")
