"""The reference data, as counted by Kepmendagri 300.2.2-2430/2025: 38 provinces, 416 kabupaten, 98 kota."""

import pytest
from django.db import IntegrityError, transaction

from regions import loading
from regions.models import Province, Regency

pytestmark = pytest.mark.django_db


def test_loading_gives_38_provinces_and_514_regencies_however_often():
    assert loading.load() == (38, 514)
    assert loading.load() == (38, 514)
    assert Regency.objects.filter(kind="kabupaten").count() == 416
    assert Regency.objects.filter(kind="kota").count() == 98


def test_a_regency_is_always_named_with_its_kind():
    loading.load()
    assert Regency.objects.get(code="3205").full_name == "Kabupaten Garut"
    assert Regency.objects.get(code="3471").full_name == "Kota Yogyakarta"


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("32", "Asia/Jakarta"),
        ("62", "Asia/Jakarta"),
        ("52", "Asia/Makassar"),
        ("63", "Asia/Makassar"),
        ("96", "Asia/Jayapura"),
    ],
)
def test_a_province_knows_its_time_zone(code, zone):
    loading.load()
    assert Province.objects.get(code=code).zone == zone


def test_a_regency_outside_its_province_is_refused_by_the_database():
    loading.load()
    with pytest.raises(IntegrityError, match="starts_with_its_province"), transaction.atomic():
        Regency.objects.create(code="3299", province_id="33", kind="kota", name="Salah", lat=0, lon=0)
