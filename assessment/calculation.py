"""
One nomination as the auditor's calculator reads it (contract.md): instrument, the sheets that count, the verification.

`python -m assessment.scoring` computes from it what the portal computes. Assessors are p1 … pk in an order that tells
nothing of who is who: shuffled per nomination with the portal's secret, and the same each time.
"""

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
    return entry_of(assessment, named=str(assessment.nomination.number))


def entry_of(assessment: Assessment, *, named: str) -> dict[str, Any]:
    """One nomination under this name, whoever reads it: whether they may is asked before."""
    ((_, _, sheets, verification),) = results.stored_for([assessment.pk])
    shuffled = sorted(
        sheets, key=lambda sheet: salted_hmac("assessment.calculation", f"{assessment.pk}/{sheet}").digest()
    )
    entry = {
        "id": named,
        "instrument": assessment.instrument.definition,
        "assessments": [
            {"assessor": f"p{place}", "scores": sheets[sheet]} for place, sheet in enumerate(shuffled, 1)
        ],
    }
    return {**entry, "verification": verification} if verification else entry
