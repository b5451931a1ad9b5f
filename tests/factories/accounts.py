"""Places, offices and people that could exist: `a_person(Role.DINAS, around=nomination)` may act on it by its office."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import Membership, Office, Person
from accounts.offices import MINISTRY_CODE, WITHOUT_DINAS
from accounts.roles import HELD_IN, Role
from regions.models import Province, Regency

GARUT = "3205"
TASIKMALAYA = "3206"
TANAH_DATAR = "1304"
JAKARTA_PUSAT = "3171"
LONGEST_NAME = "7109"  # Kabupaten Kepulauan Siau Tagulandang Biaro


@cache
def _rows(name: str) -> dict[str, dict[str, str]]:
    path = Path(settings.BASE_DIR) / "fixtures" / "regions" / name
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def a_province(code: str = "32") -> Province:
    row = _rows("provinces.csv")[code]
    there = Province.objects.filter(code=code).first()
    return there or Province.objects.create(code=code, name=row["name"], island=row["island"])


def a_regency(code: str = GARUT) -> Regency:
    """The kabupaten or kota of this code, with its real name and province."""
    there = Regency.objects.select_related("province").filter(code=code).first()
    if there is not None:
        return there
    row = _rows("regencies.csv")[code]
    fields = {"kind": row["kind"], "name": row["name"], "lat": row["lat"], "lon": row["lon"]}
    return Regency.objects.create(code=code, province=a_province(row["province_code"]), **fields)


def a_dinas(code: str = GARUT) -> Office:
    there = Office.objects.filter(code=code).first()
    if there is not None:
        return there
    regency = a_regency(code)
    return Office.objects.create(
        code=code,
        kind=Office.Kind.DINAS,
        name=f"Dinas Perindustrian {regency.full_name}",
        regency=regency,
        province=regency.province,
    )


def a_province_office(code: str = "32") -> Office:
    there = Office.objects.filter(code=code).first()
    if there is not None:
        return there
    province = a_province(code)
    name = f"Dinas Perindustrian Provinsi {province.name}"
    return Office.objects.create(code=code, kind=Office.Kind.PROVINCE, name=name, province=province)


def a_ministry() -> Office:
    return Office.objects.get_or_create(
        code=MINISTRY_CODE, defaults={"kind": Office.Kind.MINISTRY, "name": "Kementerian Perindustrian"}
    )[0]


def nominating_office(regency: Regency) -> Office:
    """Its dinas; the province's office where there is none (DKI Jakarta)."""
    return a_province_office(WITHOUT_DINAS) if regency.province_id == WITHOUT_DINAS else a_dinas(regency.pk)


def a_person(
    role: Role | str | None = None, *, office: Office | None = None, around: Any = None, **fields: Any
) -> Person:
    """
    An active person who holds `role` since 2018, in `office` or in the office that stands in relation to `around`
    (a nomination, sentra, IKM, product or regency): its dinas, its province, else the ministry.
    """
    number = Person.objects.count() + 1
    person = Person.objects.create_user(
        **{"email": f"orang{number}@contoh.example", "name": f"Orang {number}", **fields}
    )
    if role is not None:
        held = Role(role)
        Membership.objects.create(
            person=person, role=held, office=office or _office_for(held, around), starts_on=date(2018, 1, 1)
        )
    return person


def _office_for(role: Role, around: Any) -> Office:
    kinds = HELD_IN[role]
    if "ministry" in kinds:
        return a_ministry()
    regency = _regency_of(around)
    return a_dinas(regency.pk) if "dinas" in kinds else a_province_office(regency.province_id)


def _regency_of(thing: Any) -> Regency:
    if thing is None:
        return a_regency()
    if isinstance(thing, Regency):
        return thing
    return thing.ikm.regency if hasattr(thing, "ikm") and not hasattr(thing, "regency") else thing.regency
