"""
Exports: a list as a table to take along, with the filters it has on the page, of what this person may see.

A column is its name and what it holds of a row; NIK, NPWP, telephone and mail stand in none.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from audit import history
from files import tables
from letters.wording import WIB

from .lists import Listing
from .models import Ikm, Nomination, Product, Sentra

Column = tuple[str, Callable[[Any], Any]]
# Rows read at a time.
_CHUNK = 1000


def _of_ikm() -> Sequence[Column]:
    def ikm(row: Any) -> Ikm:
        found: Ikm = (
            row.product.ikm if isinstance(row, Nomination) else row.ikm if isinstance(row, Product) else row
        )
        return found

    return (
        ("IKM", lambda row: ikm(row).name),
        ("NIB", lambda row: ikm(row).nib or ""),
        ("Sentra", lambda row: sentra.name if (sentra := ikm(row).sentra) else ""),
        ("Kode kabupaten/kota", lambda row: ikm(row).regency_id),
        ("Kabupaten/kota", lambda row: ikm(row).regency.full_name),
        ("Provinsi", lambda row: ikm(row).regency.province.name),
    )


NOMINATIONS: Sequence[Column] = (
    ("Nomor usulan", lambda row: row.number or ""),
    ("Periode", lambda row: row.round_id),
    ("Status", lambda row: row.get_state_display()),
    ("Produk", lambda row: row.product.name),
    ("Kelompok komoditas", lambda row: row.product.group.name),
    *_of_ikm(),
    ("Pengusul", lambda row: row.office.name),
    ("Dibuat (WIB)", lambda row: row.created_at),
    ("Dikirim (WIB)", lambda row: row.submitted_at or ""),
    ("Data contoh", lambda row: "ya" if row.is_example else ""),
)
IKM: Sequence[Column] = (
    *_of_ikm(),
    ("Desa/kelurahan", lambda row: row.village),
    ("Kecamatan", lambda row: row.district),
    ("Tahun mulai", lambda row: row.started_year or ""),
    ("Jumlah produk", lambda row: row.product_count),
)
SENTRA: Sequence[Column] = (
    ("Sentra", lambda row: row.name),
    ("Nomor SK", lambda row: row.decree_number),
    ("Tanggal SK", lambda row: row.decree_date or ""),
    ("Desa/kelurahan", lambda row: row.village),
    ("Kecamatan", lambda row: row.district),
    ("Kode kabupaten/kota", lambda row: row.regency_id),
    ("Kabupaten/kota", lambda row: row.regency.full_name),
    ("Provinsi", lambda row: row.regency.province.name),
    ("Jumlah IKM", lambda row: row.ikm_count),
)
PRODUCTS: Sequence[Column] = (
    ("Produk", lambda row: row.name),
    ("Kelompok komoditas", lambda row: row.group.name),
    *_of_ikm(),
)
REGISTRY: dict[type[Ikm] | type[Sentra] | type[Product], Sequence[Column]] = {
    Ikm: IKM,
    Sentra: SENTRA,
    Product: PRODUCTS,
}


@transaction.atomic
def download(request: HttpRequest, listing: Listing, columns: Sequence[Column], *, name: str) -> HttpResponse:
    """
    Answer the buttons "Unduh CSV" and "Unduh XLSX" of a list (POST, because it is recorded); others lead back to it.

    name: what the list is called in the file's name and in the history.
    """
    kind = request.POST.get("unduh", "")
    if kind not in tables.TYPES:
        return redirect(request.get_full_path())
    count = 0

    def rows() -> Any:
        nonlocal count
        for row in listing.rows.iterator(chunk_size=_CHUNK):
            count += 1
            yield [value(row) for _, value in columns]

    file = tables.file_of(kind, [label for label, _ in columns], rows(), title=name.capitalize())
    _record(request, listing, name=name, kind=kind, count=count)
    return tables.answer(kind, file, name=f"{name}-{timezone.localdate(request.received_at, WIB):%Y-%m-%d}")


def _record(request: HttpRequest, listing: Listing, *, name: str, kind: str, count: int) -> None:
    """Who took which list along, how many rows of it, and how it was narrowed; never the words of a search."""
    at: datetime = request.received_at
    history.record(
        "list_exported", request.user, by=request.user, at=at, list=name, format=kind, count=count,
        filters=listing.facts(),
    )  # fmt: skip
