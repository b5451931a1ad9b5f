"""
Every value and star computed again from the stored scores and what field visits corrected, and compared with what
the plenary sealed.

Read in batches, written out as it goes: memory stays as it is however large a round is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from nominations.models import Nomination, State

from . import results, scoring
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
    (nothing explains it), "not_computable" (no scores are held), "undecided" (assessed, no sealed decision yet).
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


def decisions_in_force(year: int) -> QuerySet[Decision]:
    """The last sealed decision of each nomination of a round: a correction by a later plenary replaces the earlier."""
    return (
        Decision.objects.filter(plenary__round=year, plenary__sealed_at__isnull=False)
        # Named by its column: a relation is ordered as its model says, which DISTINCT ON does not allow.
        .order_by("nomination_id", "-plenary__sealed_at", "-pk")
        .distinct("nomination_id")
    )


def _decided(year: int, tally: Tally) -> Iterator[Finding]:
    forms: dict[int, scoring.Instrument] = {}
    batch: list[Decision] = []
    rows = decisions_in_force(year).select_related("nomination__assessment").defer("nomination__story")
    for decision in rows.iterator(_AT_ONCE):
        batch.append(decision)
        if len(batch) == _AT_ONCE:
            yield from _compare(batch, forms, tally)
            batch = []
    yield from _compare(batch, forms, tally)


def _compare(batch: list[Decision], forms: dict[int, scoring.Instrument], tally: Tally) -> Iterator[Finding]:
    by_assessment = {
        decision.nomination.assessment.pk: decision
        for decision in batch
        if hasattr(decision.nomination, "assessment")
    }
    stored = {one: held for one, *held in results.stored_for(by_assessment)}
    for decision in batch:
        tally.computed += 1
        assessment = getattr(decision.nomination, "assessment", None)
        finding = _compared(decision, stored.get(assessment.pk) if assessment else None, forms)
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
    decision: Decision, stored: list[Any] | None, forms: dict[int, scoring.Instrument]
) -> Finding | None:
    number = str(decision.nomination.number)
    if stored is None:
        return Finding("difference", number, "tidak ada skor yang tersimpan")
    instrument, sheets, verification = stored
    if instrument != decision.instrument_id:
        return Finding(
            "difference", number, "versi instrumen pada keputusan bukan versi yang dipakai menilai"
        )
    if instrument not in forms:
        forms[instrument] = Instrument.objects.get(pk=instrument).parsed()
    try:
        result = scoring.evaluate(forms[instrument], sheets, verification)
    except scoring.ScoringError as problem:
        return Finding("difference", number, f"tidak dapat dihitung: {problem}")
    facts = {
        "value": str(result.value),
        "sealed_value": str(decision.value),
        "computed_star": result.star,
        "sealed_computed_star": decision.computed_star,
        "star": decision.star,
    }
    if verification:
        facts["verification"] = verification
    if result.value != decision.value or result.star != decision.computed_star:
        return Finding(
            "difference", number,
            f"dihitung {result.value} (bintang {result.star}), disegel {decision.value} (bintang {decision.computed_star})",
            facts,
        )  # fmt: skip
    if decision.star != result.star and not decision.reason.strip():
        return Finding(
            "difference", number, f"bintang {decision.star} bukan hitungan {result.star}, tanpa alasan", facts
        )
    if decision.star != result.star:
        return Finding(
            "decided_otherwise", number, f"hitungan bintang {result.star}, putusan {decision.star}: {decision.reason}",
            {**facts, "reason": decision.reason},
        )  # fmt: skip
    return None


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
