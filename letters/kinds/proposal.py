"""Surat usulan dinas, with the list of IKM as its annex (documents.md 1)."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from .common import Count, Head, NotConsistent, same, sort_key


@dataclass(frozen=True)
class ProposalRow:
    """One nomination: one product of one IKM."""

    number: str
    ikm: str
    product: str
    commodity: str
    sentra: str
    sentra_decree: str
    village: str
    district: str
    regency: str
    nib: str


@dataclass(frozen=True)
class Invitation:
    """The ministry's letter that this one answers."""

    position: str
    number: str
    date: date
    subject: str


@dataclass(frozen=True)
class Proposal:
    TEMPLATE: ClassVar[str] = "proposal"
    VERSION: ClassVar[int] = 1

    year: int
    regency: str
    """With its kind: "Kabupaten Garut"."""
    regional_head: str
    """"Bupati Garut", "Wali Kota Bandung"."""
    province_office: str
    """The province's office of industry, after the word "Kepala"."""
    nominations: int
    sentra_count: int
    per_commodity: tuple[Count, ...]
    rows: tuple[ProposalRow, ...]
    invitation: Invitation | None = None

    def subject(self) -> str:
        return f"Usulan Calon Penerima Penghargaan OVOP Tahun {self.year}"

    def ikm_count(self) -> int:
        return len({(row.ikm, row.nib) for row in self.rows})

    def sorted_rows(self) -> list[ProposalRow]:
        order = {count.name: place for place, count in enumerate(self.per_commodity)}
        return sorted(
            self.rows, key=lambda row: (order[row.commodity], sort_key(row.ikm), row.product, row.number)
        )

    def check(self, head: Head) -> None:
        if not self.rows:
            raise NotConsistent("Belum ada usulan yang dipilih untuk surat ini.")
        same(self.nominations, "usulan dalam kalimat", len(self.rows), "baris dalam lampiran")
        # A draft has no number before it is sent.
        numbers = Counter(row.number for row in self.rows if row.number)
        if twice := [number for number, n in numbers.items() if n > 1]:
            raise NotConsistent(f"Usulan {', '.join(twice)} tercantum lebih dari sekali.")
        same(
            self.sentra_count,
            "sentra dalam kalimat",
            len({row.sentra for row in self.rows}),
            "sentra dalam lampiran",
        )
        counted = Counter(row.commodity for row in self.rows)
        for count in self.per_commodity:
            same(count.n, f"{count.name} dalam rekapitulasi", counted.pop(count.name, 0), "dalam daftar")
        if counted:
            raise NotConsistent(f"Kelompok {', '.join(sorted(counted))} tidak ada dalam rekapitulasi.")
        same(
            sum(count.n for count in self.per_commodity),
            "jumlah rekapitulasi",
            len(self.rows),
            "baris daftar",
        )
        if strangers := sorted({row.regency for row in self.rows} - {self.regency}):
            raise NotConsistent(f"Ada usulan dari luar {self.regency}: {', '.join(strangers)}.")
        if self.invitation and head.date and head.date < self.invitation.date:
            raise NotConsistent("Tanggal surat lebih awal daripada surat undangan yang dijawabnya.")


def in_order(content: Proposal) -> Proposal:
    """The same with its rows as the annex prints them: the same nominations always give the same content."""
    return replace(content, rows=tuple(content.sorted_rows()))
