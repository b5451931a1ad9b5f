"""What an earlier recipient had last time, indicator by indicator: shown beside the ladder when it is assessed again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from nominations.models import Nomination

from . import instruments, results
from .models import Assessment, Reevaluation
from .score_lines import figure


@dataclass(frozen=True)
class LastTime:
    """
    `lines`: code -> what stands beside the ladder; a code that meant something else then is left out. Nobody's sheet:
    the mean of the panel, after verification, as published in a sealed result.
    """

    year: int
    star: int
    maximum_star: int
    lines: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_values(self) -> bool:
        return bool(self.lines)


def of(nomination: Nomination, definition: Mapping[str, Any]) -> LastTime | None:
    """What to show beside this form; None where the nomination was not called in again. Fixed statements."""
    found: Reevaluation | None = getattr(nomination, "reevaluation", None)
    if found is None:
        return None
    told = LastTime(found.year_before, found.star_before, found.maximum_star_before)
    before = (
        Assessment.objects.filter(nomination=found.before_id, completed_at__isnull=False)
        .filter(nomination__decisions__plenary__sealed_at__isnull=False)
        .select_related("instrument")
        .first()
        if found.before_id
        else None
    )
    if before is None:
        return told
    ((_, _, sheets, verification),) = results.stored_for([before.pk])
    then = {line["code"]: line for line in instruments.lines(before.instrument.definition)}
    lines = {
        line["code"]: _told(found.year_before, line, sheets, verification)
        for line in instruments.lines(definition)
        if _is_same(line, then.get(line["code"]))
    }
    return LastTime(told.year, told.star, told.maximum_star, lines)


def _is_same(line: Mapping[str, Any], then: Mapping[str, Any] | None) -> bool:
    """Whether the code asks what it asked then: the same name and the same scores of its ladder."""
    return then is not None and line["name"] == then["name"] and _scores(line) == _scores(then)


def _scores(line: Mapping[str, Any]) -> list[int]:
    return [level["score"] for level in line["levels"]]


def _told(
    year: int,
    line: Mapping[str, Any],
    sheets: Mapping[str, Mapping[str, int]],
    verification: Mapping[str, int],
) -> str:
    code = line["code"]
    given = [verification[code]] if code in verification else [scores[code] for scores in sheets.values()]
    mean = Fraction(sum(given), len(given))
    visited = ", menurut verifikasi lapangan" if code in verification else ""
    return f"Periode {year}: {figure(mean)} dari {_scores(line)[-1]}{visited}"
