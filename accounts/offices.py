"""The offices that exist before anybody is invited: the ministry, each province, each kabupaten/kota."""

from django.db import transaction

from regions.models import Province, Regency

from .models import Office

MINISTRY_CODE = "kemenperin"
# No dinas of their own: the province's office nominates for them (domain.md).
WITHOUT_DINAS = "31"


@transaction.atomic
def load() -> int:
    """Make what is missing (safe to repeat); return how many offices there are then. Names staff changed stay."""
    offices = [
        Office(
            kind=Office.Kind.MINISTRY,
            code=MINISTRY_CODE,
            name="Direktorat Jenderal Industri Kecil, Menengah, dan Aneka, Kementerian Perindustrian",
        )
    ]
    offices += [
        Office(
            kind=Office.Kind.PROVINCE,
            code=province.code,
            name=f"Dinas yang membidangi perindustrian Provinsi {province.name}",
            province=province,
        )
        for province in Province.objects.all()
    ]
    offices += [
        Office(
            kind=Office.Kind.DINAS,
            code=regency.code,
            name=f"Dinas yang membidangi perindustrian {regency.full_name}",
            regency=regency,
            province_id=regency.province_id,
        )
        for regency in Regency.objects.exclude(province_id=WITHOUT_DINAS)
    ]
    Office.objects.bulk_create(offices, ignore_conflicts=True)
    return Office.objects.count()
