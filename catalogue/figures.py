"""Counts of the published, each with its parts; a total is only shown where its parts add up to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from assessment.models import Assessment, Instrument
from awards.models import Award, AwardChange, Decree, DecreeFile
from awards.templatetags.award_words import group_words, name_of_group
from nominations import rounds
from nominations.models import CommodityGroup, Nomination, Phase, State

from . import shown


@dataclass(frozen=True)
class Summary:
    products: int
    ikm: int
    regencies: int
    provinces: int
    # How many of the products are data contoh.
    examples: int


def summary() -> Summary:
    """How many products, IKM, kabupaten/kota and provinces are published and not revoked; one statement."""
    row = shown.newest().aggregate(
        products=Count("pk"),
        ikm=Count("product__ikm", distinct=True),
        regencies=Count("regency", distinct=True),
        provinces=Count("regency__province", distinct=True),
        examples=Count("pk", filter=Q(decree__round__is_example=True)),
    )
    return Summary(**row)


def by_group() -> list[tuple[CommodityGroup, str, int]]:
    """(group, its name in the page's language, published products) in the groups' order; those without any too."""
    counts = dict(shown.newest().order_by().values_list("group").annotate(count=Count("pk")))
    return [(group, name_of_group(group), counts.get(group.pk, 0)) for group in CommodityGroup.objects.all()]


def by_province() -> list[tuple[str, str, int]]:
    """(code, name of today, published products) of the provinces that have any, most first."""
    return list(
        shown.newest()
        .order_by()
        .values_list("regency__province", "regency__province__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "regency__province__name")
    )


@dataclass(frozen=True)
class Tally:
    """
    A round's awards as first decreed and as in force, with what lies between: `decreed` + `added` - `ended` is
    `in_force`. ended: by a changing decree or revoked; restarred: the star changed and the award stands.
    """

    decreed: int
    added: int
    ended: int
    restarred: int
    in_force: int
    # The published changing decrees, oldest first.
    changing: list[Decree]


def tally(decree: Decree) -> Tally:
    """The tally of the round that this decree established; only what is published counts."""
    counts = Award.objects.published().filter(decree__round=decree.round_id).aggregate(
        decreed=Count("pk", filter=Q(decree=decree)),
        added=Count("pk", filter=~Q(decree=decree)),
        ended=Count("pk", filter=Q(revoked_at__isnull=False)),
        restarred=Count("pk", filter=Q(revoked_at=None, changed_star__isnull=False) & ~Q(changed_star=F("star"))),
        in_force=Count("pk", filter=Q(revoked_at=None)),
    )  # fmt: skip
    later = Decree.objects.published().filter(round=decree.round_id, kind=Decree.Kind.CHANGING)
    return Tally(**counts, changing=list(later.order_by("published_at", "pk")))


@dataclass(frozen=True)
class RoundTable:
    """
    Commodity by star with both totals: as decreed, or (`in_force`) as in force once a changing decree is published;
    `holds` says that the totals agree.
    """

    stars: list[int]
    rows: list[tuple[str, list[int], int]]
    column_totals: list[int]
    total: int
    holds: bool
    in_force: bool = False


def round_table(decree: Decree) -> RoundTable:
    """Counts of one round; the rows in the order of the groups, the stars from the highest of the scheme down."""
    in_force = Decree.objects.published().filter(
        round=decree.round_id, kind=Decree.Kind.CHANGING
    ).exists()  # fmt: skip
    counted = shown.standing(years=[str(decree.round_id)]) if in_force else decree.awards.all()
    counts: dict[str, dict[int, int]] = {}
    groups = CommodityGroup.objects.in_bulk()
    maximum = 0
    for code, name, star, highest, count in (
        counted.order_by()
        .values_list("group", "group_name", "star_in_force", "maximum_star")
        .annotate(count=Count("pk"))
        .order_by("group__position", "group_name", "-star_in_force")
    ):
        maximum = max(maximum, highest)
        of_group = counts.setdefault(group_words(name, groups[code].name_en), {})
        of_group[star] = of_group.get(star, 0) + count
    total = counted.count()
    stars = list(range(maximum, 0, -1))
    rows = [(name, [by.get(star, 0) for star in stars], sum(by.values())) for name, by in counts.items()]
    column_totals = [sum(row[1][index] for row in rows) for index in range(len(stars))]
    return RoundTable(
        stars,
        rows,
        column_totals,
        total,
        sum(column_totals) == total == sum(row[2] for row in rows),
        in_force,
    )


@dataclass(frozen=True)
class Chain:
    """How many products were proposed, passed screening and were awarded in one round."""

    proposed: int
    eligible: int
    awarded: int


_PASSED_SCREENING = (State.ELIGIBLE, State.ASSESSED, State.AWARDED, State.NOT_AWARDED)


def chain_of(decree: Decree) -> Chain | None:
    """
    The three numbers of a decree's round; None where the portal does not know the first two.

    Awards taken over from an earlier round have no nominations: a chain that began with 0 would be untrue.
    """
    counts = Nomination.objects.filter(round=decree.round_id).aggregate(
        proposed=Count("pk", filter=Q(submitted_at__isnull=False)),
        eligible=Count("pk", filter=Q(state__in=_PASSED_SCREENING)),
    )
    chain = Chain(**counts, awarded=decree.awards.count())
    return chain if chain.proposed >= chain.eligible >= chain.awarded > 0 else None


@dataclass(frozen=True)
class Form:
    """The instrument that a group was assessed with: its name and version, and the least points for each star."""

    group: str
    name: str
    version: int
    # {star, bound, places}: the least value for a star, and how many decimals it takes to write it exactly.
    bands: list[dict[str, Any]]


def instruments_of(decree: Decree) -> list[Form]:
    """The instruments behind the awards of a decree, one per group and version; none for awards taken over."""
    used = Assessment.objects.filter(
        nomination__award__decree__round=decree.round_id, nomination__award__decree__published_at__lte=Now()
    ).values("instrument")
    forms = (
        Instrument.objects.filter(pk__in=used).select_related("group").order_by("group__position", "version")
    )
    return [
        Form(
            name_of_group(form.group),
            form.name,
            form.version,
            [
                {"star": band.star, "bound": band.bound, "places": places_of(band.bound)}
                for band in form.parsed().bands
            ],
        )
        for form in forms
    ]


def places_of(value: Fraction) -> int:
    return next((places for places in range(6) if (value * 10**places).denominator == 1), 6)


# The words of a phase on public pages, which are read in English too.
PHASES = {
    Phase.Kind.OUTREACH: gettext_lazy("Sosialisasi"),
    Phase.Kind.NOMINATION: gettext_lazy("Pengusulan"),
    Phase.Kind.ENDORSEMENT: gettext_lazy("Verifikasi provinsi"),
    Phase.Kind.SCREENING: gettext_lazy("Seleksi administrasi"),
    Phase.Kind.ASSESSMENT: gettext_lazy("Penilaian"),
    Phase.Kind.VISIT: gettext_lazy("Verifikasi lapangan"),
    Phase.Kind.PLENARY: gettext_lazy("Sidang pleno"),
    Phase.Kind.ANNOUNCEMENT: gettext_lazy("Pengumuman"),
}


def current_phase(*, at: datetime) -> tuple[str, datetime] | None:
    """The phase that runs now and ends first, in words, and its end; None between rounds."""
    round_ = rounds.current(at=at)
    if round_ is None:
        return None
    phase = round_.phases.filter(opens_at__lte=at, closes_at__gt=at).order_by("closes_at").first()
    return (str(PHASES[Phase.Kind(phase.kind)]), phase.closes_at) if phase else None


def last_changes(awards: Iterable[Award]) -> dict[int, str]:
    """Award -> the number of the last published decree that changed it; in one statement."""
    rows = AwardChange.objects.filter(
        award__in=[award.pk for award in awards], decree__published_at__lte=Now()
    )
    return dict(rows.order_by("decree__published_at", "pk").values_list("award", "decree__number"))


def copies_of(year: int) -> list[DecreeFile]:
    """The salinan of every published decree of a round, oldest first."""
    found = DecreeFile.objects.filter(
        variant=DecreeFile.Variant.COPY, decree__round=year, decree__published_at__lte=Now()
    )
    return list(found.select_related("decree").order_by("decree__published_at", "pk"))
