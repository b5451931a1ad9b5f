"""What the tables of nominations and of the registry hold; NIK, NPWP, telephone and mail stand in none."""

from collections.abc import Sequence
from typing import Any

from files.exporting import Column, download

from .models import Ikm, Nomination, Product, Sentra

__all__ = ["NOMINATIONS", "REGISTRY", "Column", "download"]


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
