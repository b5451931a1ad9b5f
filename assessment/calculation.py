"""
One nomination as the auditor's calculator reads it (contract.md): instrument, the sheets that count, the verification.

`python -m assessment.scoring` computes from it what the portal computes. Assessors are p1 … pk in an order that tells
nothing of who is who: shuffled per nomination with the portal's secret, and the same each time.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.crypto import salted_hmac

from accounts.models import Person

from . import results
from .models import Assessment, Assignment


def for_auditor(assessment: Assessment, *, reader: Person) -> dict[str, Any] | None:
    """
    Return the entry of one nomination, with `id` its number; None for whoever may not see every score of the panel
    (AssignmentQuerySet.scores_visible_to), and while not all sheets are in.
    """
    counted = Assignment.objects.counted().filter(assessment=assessment)
    seen = Assignment.objects.scores_visible_to(reader).filter(pk__in=counted.values("pk")).count()
    if assessment.completed_at is None or not seen or seen != counted.count():
        return None
    (entry,) = entries_of([assessment], named={assessment.pk: str(assessment.nomination.number)})
    return entry


def entries_of(assessments: Iterable[Assessment], *, named: Mapping[int, str]) -> list[dict[str, Any]]:
    """
    One entry for each of them by id, whoever reads it: whether they may is asked before. In two statements.

    named: primary key -> the `id` of its entry.
    """
    forms = {one.pk: one.instrument.definition for one in assessments}
    return [
        _entry(pk, named[pk], forms[pk], sheets, verification)
        for pk, _, sheets, verification in results.stored_for(forms)
    ]


def _entry(
    pk: int, name: str, form: dict[str, Any], sheets: results.Sheets, verification: results.Verification
) -> dict[str, Any]:
    shuffled = sorted(
        sheets, key=lambda sheet: salted_hmac("assessment.calculation", f"{pk}/{sheet}").digest()
    )
    entry = {
        "id": name,
        "instrument": form,
        "assessments": [
            {"assessor": f"p{place}", "scores": sheets[sheet]} for place, sheet in enumerate(shuffled, 1)
        ],
    }
    return {**entry, "verification": verification} if verification else entry
