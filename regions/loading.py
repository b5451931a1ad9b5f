"""Reads the reference data of fixtures/regions into the database; safe to repeat."""

import csv
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction

from .models import Province, Regency

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "regions"


@transaction.atomic
def load() -> tuple[int, int]:
    """
    Bring provinces and regencies to what the files say; return how many of each there are then.

    A region that is no longer in the files stays: an award keeps its region as decreed.
    """
    provinces = [
        Province(code=row["code"], name=row["name"], island=row["island"]) for row in _rows("provinces.csv")
    ]
    Province.objects.bulk_create(
        provinces, update_conflicts=True, unique_fields=["code"], update_fields=["name", "island"]
    )
    regencies = [
        Regency(
            code=row["code"],
            province_id=row["province_code"],
            kind=row["kind"],
            name=row["name"],
            lat=Decimal(row["lat"]),
            lon=Decimal(row["lon"]),
        )
        for row in _rows("regencies.csv")
    ]
    Regency.objects.bulk_create(
        regencies,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["province", "kind", "name", "lat", "lon"],
    )
    return Province.objects.count(), Regency.objects.count()


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
