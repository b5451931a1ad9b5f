"""
The panels of a round at a glance: which nominations still need one, who sits where and how far they are, whether the
rules are met, and who may be chosen for a nomination. No scores here, at no time.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import Office, Person
from nominations.models import CommodityGroup, Nomination, NominationQuerySet, Round, State

from . import rules
from .models import Assignment, Instrument

PASSED = (State.ELIGIBLE, State.ASSESSED, State.AWARDED, State.NOT_AWARDED)
# In the order in which they wait for the secretariat.
STATES = {
    "tanpa": "Belum berpanel",
    "kurang": "Panel belum lengkap",
    "berjalan": "Sedang dinilai",
    "selesai": "Selesai dinilai",
}
_NAMED_AT_MOST = 3


# --- Which nominations, and in which state ---------------------------------------------------------------------
def passed(round_: Round | int) -> NominationQuerySet:
    """All of a round that passed screening, whatever became of them since."""
    return Nomination.objects.filter(round=round_, state__in=PASSED)


@dataclass(frozen=True)
class Summary:
    """How many nominations of a round stand in each of STATES; `total` is their sum."""

    by_state: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


@dataclass(frozen=True)
class Step:
    """How far an assessor is: words, and the tone of the badge."""

    text: str
    tone: str


def step_of(assignment: Assignment) -> Step:
    """assignment: of tied_sheets.marked, where a sheet that counts in spite of an interest is to be seen."""
    if assignment.has_conflict:
        return Step("Benturan kepentingan", "galat")
    if getattr(assignment, "is_tied", False):
        return Step("Berkepentingan, lembarnya masih dihitung", "galat")
    if assignment.submitted_at is not None:
        return Step("Sudah mengirim", "baik")
    if assignment.has_conflict is False:
        return Step("Sudah menyatakan", "info")
    return Step("Belum menyatakan", "netral")


# --- The rules, and whether they are met -------------------------------------------------------------------------
@dataclass(frozen=True)
class Rule:
    text: str
    is_met: bool
    detail: str


def rules_of(round_: Round, so_far: Summary, *, at: datetime) -> list[Rule]:
    """Return the rules of a panel and how far the round meets them, in a fixed number of statements."""
    # Only what the rules ask: a whole round with every answer and form in it would fill the memory.
    active = list(
        Assignment.objects.active()
        .filter(assessment__nomination__round=round_)
        .select_related("assessor", "office", "assessment__nomination__product__ikm__regency")
        .only(
            "assessor__title_before", "assessor__name", "assessor__title_after", "office__kind",
            "assessment__nomination__number", "assessment__nomination__created_by",
            "assessment__nomination__submitted_by", "assessment__nomination__office",
            "assessment__nomination__product__ikm__regency__province",
        )
        .order_by("pk")
    )  # fmt: skip
    panels: dict[int, list[Assignment]] = defaultdict(list)
    for one in active:
        panels[one.assessment.nomination_id].append(one)
    size = rules.panel_size(round_)
    return [
        _whole_panels(so_far, size),
        _somebody_from_outside(panels),
        _nobody_with_an_interest(active),
        _an_instrument_for_each_group(round_),
        _enough_assessors(size, at=at),
    ]


def _whole_panels(so_far: Summary, size: int) -> Rule:
    waiting = so_far.by_state["tanpa"] + so_far.by_state["kurang"]
    return Rule(
        f"Setiap usulan dinilai oleh {size} penilai",
        waiting == 0,
        f"{so_far.total - waiting} dari {so_far.total} usulan",
    )


def _somebody_from_outside(panels: dict[int, list[Assignment]]) -> Rule:
    met = sum(any(one.is_from_outside for one in panel) for panel in panels.values())
    return Rule(
        "Setiap panel berisi penilai dari asosiasi atau perguruan tinggi",
        met == len(panels),
        f"{met} dari {len(panels)} panel",
    )


def _nobody_with_an_interest(active: list[Assignment]) -> Rule:
    facts = rules.Facts.about({one.assessor_id: one.assessor for one in active}.values())
    found = [
        f"{one.assessment.nomination} ({one.assessor.full_name})"
        for one in active
        if facts.ground_against(one.assessor, one.assessment.nomination)
    ]
    more = f", dan {len(found) - _NAMED_AT_MOST} lainnya" if len(found) > _NAMED_AT_MOST else ""
    return Rule(
        "Tidak ada penilai dengan benturan kepentingan yang tercatat",
        not found,
        f"{len(found)} penugasan: {', '.join(found[:_NAMED_AT_MOST])}{more}" if found else "tidak ada",
    )


def _an_instrument_for_each_group(round_: Round) -> Rule:
    without = list(
        CommodityGroup.objects.filter(
            pk__in=Nomination.objects.filter(round=round_, state__in=PASSED).values("product__group")
        )
        .exclude(pk__in=Instrument.objects.published().values("group"))
        .values_list("name", flat=True)
        .order_by("position", "pk")
    )
    return Rule(
        "Setiap kelompok komoditas mempunyai instrumen yang terbit",
        not without,
        f"belum terbit: {', '.join(without)}" if without else "semua terbit",
    )


def _enough_assessors(size: int, *, at: datetime) -> Rule:
    offices = rules.seats(rules.assessors(at=at), at=at)
    outside = sum(office.kind in rules.OUTSIDE for office in offices.values())
    return Rule(
        f"Tersedia paling sedikit {size} penilai, satu di antaranya dari luar Kementerian",
        len(offices) >= size and outside > 0,
        f"{len(offices)} penilai, {outside} dari asosiasi atau perguruan tinggi",
    )


# --- Load per assessor -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Load:
    """What one assessor has on hand in a round: on how many panels, how many declared, how many sent."""

    person: Person
    office: Office | None
    panels: int = 0
    declared: int = 0
    submitted: int = 0


def loads(round_: Round, *, at: datetime) -> list[Load]:
    """Everybody who assesses now, and whoever still sits on a panel of the round without being an assessor any more."""
    counts = {
        assessor: (panels, declared, submitted)
        for assessor, panels, declared, submitted in Assignment.objects.active()
        .filter(assessment__nomination__round=round_)
        .values_list("assessor")
        .annotate(
            panels=Count("pk"),
            declared=Count("pk", filter=Q(has_conflict=False)),
            submitted=Count("pk", filter=Q(submitted_at__isnull=False)),
        )
        .order_by("assessor")
    }
    now = rules.assessors(at=at)
    gone = Person.objects.filter(pk__in=counts.keys() - {person.pk for person in now}).order_by("name", "pk")
    people = [*now, *gone]
    offices = rules.seats(people, at=at)
    found = [Load(person, offices.get(person.pk), *counts.get(person.pk, ())) for person in people]
    return sorted(found, key=lambda load: (-load.panels, load.person.name, load.person.pk))


# --- Who may be chosen -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Choice:
    """One assessor as a choice for one nomination; `reason` says why not ("" where nothing stands in the way)."""

    person: Person
    office: Office
    load: int
    reason: str = field(default="")

    @property
    def is_from_outside(self) -> bool:
        return self.office.kind in rules.OUTSIDE


def choices_for(nomination: Nomination, *, at: datetime) -> list[Choice]:
    """
    Who could still join the panel: first those who may, the least laden first; then the others with the reason.

    nomination: with_names(). Who sits there already is left out. The last word has assignment.assign, under the lock.
    """
    seated = Assignment.objects.active().filter(assessment__nomination=nomination)
    there = set(seated.order_by("pk").values_list("assessor", flat=True))
    people = [person for person in rules.assessors(at=at) if person.pk not in there]
    facts, offices, loaded = (
        rules.Facts.about(people),
        rules.seats(people, at=at),
        rules.loads(nomination.round),
    )
    found = []
    for person in people:
        ground = facts.ground_against(person, nomination)
        reason = f"Tidak dapat ditugaskan: {ground.text}." if ground else ""
        found.append(Choice(person, offices[person.pk], loaded.get(person.pk, 0), reason))
    return sorted(found, key=lambda one: (bool(one.reason), one.load, one.person.name, one.person.pk))
