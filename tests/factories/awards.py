"""Awards as they could exist: a decree from a sealed plenary, its awards, their certificates."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Role
from assessment.models import Decision, Plenary
from awards import codes, decrees
from awards.models import Award, Certificate, Decree
from nominations.models import CommodityGroup, Ikm, Product, Round, Sentra
from regions.models import Province, Regency
from tests.factories import assessment, nominations
from tests.factories.accounts import a_person

GARUT = {"code": "3205", "kind": "kabupaten", "name": "Garut", "lat": "-7.3", "lon": "107.7"}


def a_regency(
    code: str = "3205", name: str = "Garut", kind: str = "kabupaten", province: str = "Jawa Barat"
) -> Regency:
    land, _ = Province.objects.get_or_create(code=code[:2], defaults={"name": province, "island": "Jawa"})
    regency, _ = Regency.objects.get_or_create(
        code=code, defaults={"province": land, "kind": kind, "name": name, "lat": "-7.3", "lon": "107.7"}
    )
    return regency


def a_group(code: str = "makanan_minuman", name: str = "Makanan dan minuman") -> CommodityGroup:
    group, _ = CommodityGroup.objects.get_or_create(
        code=code, defaults={"name": name, "name_en": "food and beverages", "ornament": "makanan"}
    )
    return group


class DecreeFactory(factory.django.DjangoModelFactory[Decree]):
    """An issued decree; `published=True` publishes it an hour ago."""

    class Meta:
        model = Decree

    class Params:
        published = factory.Trait(
            published_at=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
        )
        example = factory.Trait(round__is_example=True)

    round = factory.SubFactory("tests.factories.awards.AwardRoundFactory")
    number = factory.Sequence(lambda n: f"{1214 + n} TAHUN 2026")
    date = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=2))
    signatory_name = "AGUS GUMIWANG"
    annex_sha256 = "0" * 64
    drafted_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=3))
    issued_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))


class AwardRoundFactory(factory.django.DjangoModelFactory[Round]):
    class Meta:
        model = Round
        django_get_or_create = ("year",)

    # Beyond the years that tests name: a round of another would be in the way of theirs.
    year = factory.Sequence(lambda n: 2040 + n % 50)


class ProductFactory(factory.django.DjangoModelFactory[Product]):
    class Meta:
        model = Product

    class Params:
        ikm_name = "PT Tama Cokelat Indonesia"

    @factory.lazy_attribute
    def ikm(self) -> Ikm:
        regency = a_regency()
        sentra, _ = Sentra.objects.get_or_create(
            regency=regency, name="Sentra Dodol", defaults={"decree_number": "530/Kep.12/2016"}
        )
        ikm, _ = Ikm.objects.get_or_create(
            name=self.ikm_name, defaults={"regency": regency, "sentra": sentra}
        )
        return ikm

    name = factory.Sequence(lambda n: f"Dodol cokelat {n + 1}")
    group = factory.LazyFunction(a_group)


class AwardFactory(factory.django.DjangoModelFactory[Award]):
    """One award of a published decree, with names copied from its product."""

    class Meta:
        model = Award

    decree = factory.SubFactory(DecreeFactory, published=True)
    product = factory.SubFactory(ProductFactory)
    star = 5
    maximum_star = 5
    position = factory.LazyAttribute(lambda award: award.decree.awards.count() + 1)
    ikm_name = factory.LazyAttribute(lambda award: award.product.ikm.name)
    product_name = factory.LazyAttribute(lambda award: award.product.name)
    group = factory.LazyAttribute(lambda award: award.product.group)
    group_name = factory.LazyAttribute(lambda award: award.group.name)
    regency = factory.LazyAttribute(lambda award: award.product.ikm.regency)
    regency_name = factory.LazyAttribute(lambda award: award.regency.full_name)
    province_name = factory.LazyAttribute(lambda award: award.regency.province.name)


def a_certificate(award: Award | None = None, **fields: Any) -> Certificate:
    """A numbered certificate without its file yet."""
    award = award or AwardFactory()
    given = {
        "number": f"OVOP/{award.decree.round_id}/{award.position:04d}",
        "code": codes.new_code(),
        "created_at": timezone.now(),
    }
    return Certificate.objects.create(award=award, **{**given, **fields})


# --- From a sealed session to an issued decree ------------------------------------------------------------------
# Exact values that give so many stars in the shipped forms.
_VALUES = {5: 95, 4: 85, 3: 75, 2: 65, 1: 55, 0: 30}


def a_sealed_session(*products: tuple[str, str, int], year: int = 2026) -> Plenary:
    """
    A sealed session that decided these (IKM, commodity group, star): what the awards begin with, without the panels'
    scores, which they do not read. The whole way with scores: tests/factories/assessment.py, and the demo.
    """
    round_ = nominations.RoundFactory(year=year)
    chair, at = assessment.a_chair(), nominations.an_hour_ago()
    session = assessment.an_open_plenary(round_)
    for ikm, group, star in products or (("UD Mawar", "anyaman", 5), ("CV Melati", "anyaman", 5)):
        product = nominations.ProductFactory(
            ikm=nominations.IkmFactory(name=ikm), group=nominations.a_group(group)
        )
        Decision.objects.create(
            plenary=session,
            nomination=nominations.NominationFactory(round=round_, product=product, in_state="assessed"),
            instrument=assessment.an_instrument(group),
            numerator=_VALUES[star],
            denominator=1,
            computed_star=star,
            star=star,
            maximum_star=5,
            recorded_at=at,
            recorded_by=chair,
        )
    session.minutes_number, session.fingerprint = f"BA/12/IKMA/V/{year}", "0" * 64
    session.sealed_at, session.sealed_by = at, chair
    session.save()
    return session


def a_signatory() -> Person:
    there = Person.objects.filter(memberships__role=Role.PENETAP).order_by("pk").first()
    return there or a_person(Role.PENETAP)


def a_drafted_decree(session: Plenary | None = None) -> Decree:
    return decrees.draft(session or a_sealed_session(), by=assessment.a_secretary(), at=timezone.now())


def an_issued_decree(decree: Decree | None = None, **changes: Any) -> Decree:
    """A decree issued today through the room's own function; `changes` are what it is given otherwise."""
    given = {
        "number": "1214 TAHUN 2026",
        "on": timezone.localdate(),
        "signatory_name": "AGUS GUMIWANG",
        "by": a_signatory(),
        "at": timezone.now(),
    }
    return decrees.issue(decree or a_drafted_decree(), **{**given, **changes})
