"""
Every value and star computed again from the stored scores and what field visits corrected, and compared with what
the plenary sealed.

Read in batches, written out as it goes: memory stays as it is however large a round is.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from nominations.models import Nomination, State

from . import found_late, results, scoring
from .models import Decision, Instrument

_AT_ONCE = 500

# A later room's answer to "which awards of this round have no scores?": one line each (taken-over awards).
_NOT_COMPUTABLE: list[Callable[[int], Iterator[str]]] = []


def register_not_computable(source: Callable[[int], Iterator[str]]) -> None:
    """Let a later room name, for a year, what has a star but no scores; called once, from its AppConfig.ready."""
    if source not in _NOT_COMPUTABLE:
        _NOT_COMPUTABLE.append(source)


@dataclass(frozen=True)
class Finding:
    """
    One line of the report. kind: "decided_otherwise" (a star other than the computed, with its reason), "difference"
    (nothing explains it), "not_computable" (no scores are held), "undecided" (assessed, no sealed decision yet),
    "found_late" (an interest of an assessor became known after the seal; the star still follows from the scores).
    """

    kind: str
    nomination: str
    text: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Tally:
    """What was seen; `ok` is the exit status."""

    computed: int = 0
    matching: int = 0
    decided_otherwise: int = 0
    differences: int = 0
    not_computable: int = 0
    undecided: int = 0

    @property
    def ok(self) -> bool:
        return self.differences == 0


def findings(year: int, tally: Tally) -> Iterator[Finding]:
    """Yield what is not simply equal, and count everything into `tally`."""
    yield from _decided(year, tally)
    yield from _undecided(year, tally)
    for source in _NOT_COMPUTABLE:
        for line in source(year):
            tally.not_computable += 1
            yield Finding("not_computable", line, "diambil alih dari catatan lama, tanpa skor")
    yield from _found_late(year)


def decisions_in_force(year: int) -> QuerySet[Decision]:
    """The last sealed decision of each nomination of a round: a correction by a later plenary replaces the earlier."""
    return (
        Decision.objects.filter(plenary__round=year, plenary__sealed_at__isnull=False)
        # Named by its column: a relation is ordered as its model says, which DISTINCT ON does not allow.
        .order_by("nomination_id", "-plenary__sealed_at", "-pk")
        .distinct("nomination_id")
    )


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What one sealed decision says, without the rows around it, which are ten times as much to read."""

    number: str
    assessment: int | None
    instrument: int
    numerator: int
    denominator: int
    computed_star: int
    star: int
    reason: str

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    def says(self, result: scoring.Result) -> bool:
        """Whether value and computed star are these; both fractions stand in lowest terms, or the value is compared."""
        same = (result.value.numerator, result.value.denominator) == (self.numerator, self.denominator)
        return (same or result.value == self.value) and result.star == self.computed_star


_COLUMNS = (
    "nomination__number", "nomination__assessment", "instrument", "numerator", "denominator", "computed_star", "star",
    "reason",
)  # fmt: skip


def _decided(year: int, tally: Tally) -> Iterator[Finding]:
    forms: dict[int, scoring.Instrument] = {}
    asked: deque[list[_Sealed]] = deque()
    for stored in results.stored_in_turn(_asked_for(year, asked)):
        yield from _compare(asked.popleft(), stored, forms, tally)


def _asked_for(year: int, asked: deque[list[_Sealed]]) -> Iterator[list[int]]:
    """The assessments of each batch of decisions; the batch itself is left in `asked` until its sheets are there."""
    rows = decisions_in_force(year).values_list(*_COLUMNS).iterator(_AT_ONCE)
    while batch := [_Sealed(*row) for row in islice(rows, _AT_ONCE)]:
        asked.append(batch)
        yield [one.assessment for one in batch if one.assessment is not None]


def _compare(
    batch: list[_Sealed],
    stored: Mapping[int, tuple[int, results.Sheets, results.Verification]],
    forms: dict[int, scoring.Instrument],
    tally: Tally,
) -> Iterator[Finding]:
    for decision in batch:
        tally.computed += 1
        held = stored.get(decision.assessment) if decision.assessment is not None else None
        finding = _compared(decision, held, forms)
        if finding is None:
            tally.matching += 1
            continue
        if finding.kind == "difference":
            tally.differences += 1
        else:
            tally.matching += 1
            tally.decided_otherwise += 1
        yield finding


def _compared(
    decision: _Sealed,
    stored: tuple[int, results.Sheets, results.Verification] | None,
    forms: dict[int, scoring.Instrument],
) -> Finding | None:
    number = str(decision.number)
    if stored is None:
        return Finding("difference", number, "tidak ada skor yang tersimpan")
    instrument, sheets, verification = stored
    if instrument != decision.instrument:
        return Finding(
            "difference", number, "versi instrumen pada keputusan bukan versi yang dipakai menilai"
        )
    if instrument not in forms:
        forms[instrument] = Instrument.objects.get(pk=instrument).parsed()
    try:
        result = scoring.evaluate(forms[instrument], sheets, verification)
    except scoring.ScoringError as problem:
        return Finding("difference", number, f"tidak dapat dihitung: {problem}")
    is_same = decision.says(result)
    if is_same and decision.star == result.star:
        return None
    facts = {
        "value": str(result.value),
        "sealed_value": str(decision.value),
        "computed_star": result.star,
        "sealed_computed_star": decision.computed_star,
        "star": decision.star,
    }
    if verification:
        facts["verification"] = verification
    if not is_same:
        return Finding(
            "difference", number,
            f"dihitung {result.value} (bintang {result.star}), disegel {decision.value} (bintang {decision.computed_star})",
            facts,
        )  # fmt: skip
    if not decision.reason.strip():
        return Finding(
            "difference", number, f"bintang {decision.star} bukan hitungan {result.star}, tanpa alasan", facts
        )
    return Finding(
        "decided_otherwise", number, f"hitungan bintang {result.star}, putusan {decision.star}: {decision.reason}",
        {**facts, "reason": decision.reason},
    )  # fmt: skip


def _found_late(year: int) -> Iterator[Finding]:
    """Which sheet it is stands on the panel's page; here, as in every list of numbers, nobody is named."""
    found = found_late.sheets().filter(assessment__nomination__round=year)
    numbers = found.order_by("assessment__nomination__number", "pk").values_list(
        "assessment__nomination__number", "pk"
    )
    for number, sheet in numbers:
        yield Finding(
            "found_late",
            str(number),
            f"kepentingan penilai penugasan {sheet} diketahui setelah sidang disegel",
        )


def _undecided(year: int, tally: Tally) -> Iterator[Finding]:
    waiting = (
        Nomination.objects.filter(round=year, state=State.ASSESSED, assessment__isnull=False)
        .exclude(pk__in=Decision.objects.filter(plenary__sealed_at__isnull=False).values("nomination"))
        .order_by("pk")
    )
    numbers = dict(waiting.values_list("assessment__pk", "number"))
    for assessment, result in results.results_for(numbers):
        number = str(numbers.pop(assessment))
        if isinstance(result, scoring.ScoringError):
            tally.differences += 1
            yield Finding("difference", number, f"tidak dapat dihitung: {result}")
            continue
        tally.undecided += 1
        yield Finding(
            "undecided", number, f"dihitung {result.value} (bintang {result.star}), belum diputus pleno",
            {"value": str(result.value), "computed_star": result.star},
        )  # fmt: skip
    for without_scores in numbers.values():
        tally.differences += 1
        yield Finding("difference", str(without_scores), "selesai dinilai tanpa skor yang tersimpan")
