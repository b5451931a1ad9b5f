"""
What the plenary looks at: the candidates of a commodity group ranked by exact value, how far the panel was apart,
and what to watch. Nothing here is shown before a whole panel has sent, and never with an assessor's name.

A sealed session is read from its decisions alone; while it is open, values come from the stored scores.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Person
from letters import wording
from nominations.models import DocumentLink, Nomination, NominationQuerySet, Phase

from . import items, results, scoring, sessions, tied_sheets, what_if
from .models import (
    Assignment,
    AssignmentQuerySet,
    Decision,
    DiscussedItem,
    Instrument,
    Plenary,
)

# A value this close to a bound is pointed out: a single level more or less could have made another star.
NEAR = Fraction(1)


@dataclass(frozen=True)
class Near:
    """How far a value lies from the bound of `star`: at or above it where not negative, below it where negative."""

    star: int
    distance: Fraction

    @property
    def text(self) -> str:
        """ "0,33 di bawah batas bintang 5"; what would round to nothing is said to be less than a hundredth."""
        if not self.distance:
            return f"Tepat pada batas bintang {self.star}"
        shown = wording.number_id(abs(self.distance), 2)
        amount = "Kurang dari 0,01" if shown == "0,00" else shown
        return f"{amount} di {'atas' if self.distance > 0 else 'bawah'} batas bintang {self.star}"


@dataclass
class Candidate:
    """
    One nomination before the plenary. `value` and what follows from it is None where the reader may not see it yet
    (the auditor before the seal) or where it cannot be computed; then `problem` says why.
    """

    nomination: Nomination
    decision: Decision | None = None
    # The last sealed decision of another session: one that this session may correct, or that has corrected it.
    other: Decision | None = None
    # Whether the session was called to decide it again.
    called: bool = False
    rank: int | None = None
    value: Fraction | None = None
    computed_star: int | None = None
    maximum_star: int = 0
    lowest: Fraction | None = None
    highest: Fraction | None = None
    near: Near | None = None
    flags: tuple[str, ...] = ()
    # Whether leaving out any one sheet would make another star.
    hangs_on_one: bool = False
    # How many indicators a finished visit corrected, and the value before that (None where nothing was corrected).
    verified: int = 0
    original: Fraction | None = None
    conflicts: int = 0
    # How many sheets count although an interest of their assessor is known (tied_sheets.py): nothing is decided on them.
    tied: int = 0
    expiring: tuple[str, ...] = ()
    problem: str = ""

    @property
    def spread(self) -> Fraction | None:
        """The highest total of an assessor less the lowest, before verification."""
        return None if self.highest is None or self.lowest is None else self.highest - self.lowest

    @property
    def is_to_be_watched(self) -> bool:
        return bool(
            self.near
            or self.flags
            or self.hangs_on_one
            or self.verified
            or self.conflicts
            or self.tied
            or self.expiring
            or self.has_changed
        )

    @property
    def has_changed(self) -> bool:
        """Whether the stored scores say something else than when the session decided."""
        return (
            self.decision is not None
            and self.value is not None
            and (self.value, self.computed_star) != (self.decision.value, self.decision.computed_star)
        )


@dataclass(frozen=True)
class GroupTally:
    code: str
    name: str
    candidates: int
    decided: int


# --- Who is before the session ---------------------------------------------------------------------------------
def before(plenary: Plenary) -> NominationQuerySet:
    """What this session decides on: all that is assessed while it is open; sealed, what it has decided."""
    decided = Q(pk__in=plenary.decisions.values("nomination"))
    if plenary.sealed_at is not None:
        return Nomination.objects.filter(decided)
    return Nomination.objects.filter(decided | Q(pk__in=sessions.before(plenary).values("pk")))


def tallies(plenary: Plenary) -> list[GroupTally]:
    """The groups of the session in their order: how many are before it, how many it or a sealed one has decided."""
    sealed = Q(plenary__round=plenary.round_id, plenary__sealed_at__isnull=False)
    # A called session decides again what a sealed one has decided.
    decided = Decision.objects.filter(
        Q(plenary=plenary) if plenary.is_called else Q(plenary=plenary) | sealed
    )
    rows = (
        before(plenary)
        .values_list("product__group", "product__group__name")
        .annotate(
            candidates=Count("pk"),
            decided=Count("pk", filter=Q(pk__in=decided.values("nomination"))),
        )
        .order_by("product__group__position", "product__group")
    )
    return [GroupTally(*row) for row in rows]


def candidates(
    plenary: Plenary, *, reader: Person, at: datetime, group: str | None = None, only: int | None = None
) -> list[Candidate]:
    """
    The candidates of a group (or only one nomination), highest value first, in a fixed number of statements; without
    those that this reader is kept from by an interest (items.kept_from).

    Equal exact values share a rank, and the next rank counts everybody before it (1, 1, 3).
    """
    chosen = before(plenary).filter(pk__in=Nomination.objects.visible_to(reader).values("pk"))
    if group is not None:
        chosen = chosen.filter(product__group=group)
    if only is not None:
        chosen = chosen.filter(pk=only)
    found = {
        nomination.pk: Candidate(nomination)
        for nomination in chosen.with_names().select_related("assessment").order_by("number")
    }
    for kept in items.kept_from(reader, [one.nomination for one in found.values()], plenary):
        del found[kept]
    mine = Assignment.objects.scores_visible_to(reader)
    return _ranked(_filled(found, plenary, seen=mine, at=at))


def on_the_table(item: DiscussedItem, *, at: datetime) -> Candidate:
    """
    What lies on the table, as everybody in the room sees it: without rank, and without anybody's name.

    Who may look (a member who is there, and not kept out of it) is asked before (table_pages.py).
    """
    nomination = Nomination.objects.with_names().select_related("assessment").get(pk=item.nomination_id)
    found = {nomination.pk: Candidate(nomination)}
    counted = Assignment.objects.counted().filter(assessment__completed_at__isnull=False)
    return _filled(found, item.plenary, seen=counted, at=at)[0]


def next_undecided(found: Iterable[Candidate]) -> Candidate | None:
    """The highest-ranked candidate without a decision, of this session or a sealed one."""
    return next((one for one in found if one.decision is None and (one.other is None or one.called)), None)


def _ranked(found: Iterable[Candidate]) -> list[Candidate]:
    ranked = sorted(found, key=lambda one: (one.value is None, -(one.value or 0), one.nomination.number))
    for place, one in enumerate(ranked, 1):
        ahead = ranked[place - 2] if place > 1 else None
        if one.value is not None:
            one.rank = ahead.rank if ahead is not None and ahead.value == one.value else place
    return ranked


# --- Filling in ------------------------------------------------------------------------------------------------
def _filled(
    found: Mapping[int, Candidate], plenary: Plenary, *, seen: AssignmentQuerySet, at: datetime
) -> list[Candidate]:
    _add_decisions(found, plenary)
    _add_values(found, plenary, seen=seen)
    _add_what_to_watch(found, plenary, at=at)
    return list(found.values())


def _add_decisions(found: Mapping[int, Candidate], plenary: Plenary) -> None:
    if plenary.is_called:
        for one in found.values():
            one.called = True
    decisions = Decision.objects.filter(nomination__in=found).select_related("plenary", "recorded_by")
    for decision in decisions.order_by("plenary__sealed_at", "pk"):
        one = found[decision.nomination_id]
        if decision.plenary_id == plenary.pk:
            one.decision = decision
        elif decision.plenary.sealed_at is not None:
            one.other = decision


def _add_values(found: Mapping[int, Candidate], plenary: Plenary, *, seen: AssignmentQuerySet) -> None:
    by_assessment = {
        one.nomination.assessment.pk: one for one in found.values() if hasattr(one.nomination, "assessment")
    }
    shown = set(
        seen.filter(assessment__in=by_assessment).order_by("assessment").values_list("assessment", flat=True)
    )
    forms = Instrument.objects.in_bulk(
        {one.nomination.assessment.instrument_id for one in by_assessment.values()}
    )
    for assessment, instrument, sheets, verification in results.stored_for(shown, at_once=len(shown) or 1):
        one, form = by_assessment[assessment], forms[instrument].parsed()
        one.maximum_star = form.top_star
        try:
            result = scoring.evaluate(form, sheets, verification)
            totals = [scoring.total(scores, form) for scores in sheets.values()]
        except scoring.ScoringError as problem:
            one.problem = f"Tidak dapat dihitung: {problem}."
            continue
        one.value, one.computed_star, one.flags = result.value, result.star, result.flags
        one.lowest, one.highest = min(totals), max(totals)
        one.hangs_on_one = what_if.hangs_on_one(sheets, form, verification)
        one.verified = len(verification)
        one.original = sum(totals, Fraction(0)) / len(totals) if verification else None
        if plenary.sealed_at is not None and one.decision is not None:
            one.value, one.computed_star = one.decision.value, one.decision.computed_star
        one.near = near_a_bound(one.value, form)


def near_a_bound(value: Fraction, form: scoring.Instrument) -> Near | None:
    """The bound nearest to a value, where it is at most NEAR away; the lower one of two as near."""
    nearest = min(form.bands, key=lambda band: (abs(value - band.bound), band.bound))
    distance = value - nearest.bound
    return Near(nearest.star, distance) if abs(distance) <= NEAR else None


def _add_what_to_watch(found: Mapping[int, Candidate], plenary: Plenary, *, at: datetime) -> None:
    conflicts = (
        Assignment.objects.filter(has_conflict=True, assessment__nomination__in=found)
        .values_list("assessment__nomination")
        .annotate(count=Count("pk"))
        .order_by("assessment__nomination")
    )
    for nomination, count in conflicts:
        found[nomination].conflicts = count
    if plenary.sealed_at is None:
        for nomination, count in tied_sheets.counts_for(found).items():
            found[nomination].tied = count
    links = (
        DocumentLink.objects.filter(
            nomination__in=found, document__expires_on__lt=_announced_on(plenary, at=at)
        )
        .select_related("document__kind")
        .order_by("document__expires_on", "pk")
    )
    expiring: dict[int, list[str]] = defaultdict(list)
    for link in links:
        expiring[link.nomination_id].append(link.document.kind.name)
    for nomination, names in expiring.items():
        found[nomination].expiring = tuple(names)


def _announced_on(plenary: Plenary, *, at: datetime) -> date:
    """The day by which a licence must still be good: when results are announced, as far as that is dated."""
    phase = plenary.round.phase(Phase.Kind.ANNOUNCEMENT)
    return timezone.localdate(phase.opens_at if phase is not None and phase.opens_at > at else at)
