"""Field visits that could exist, made through the room's own functions."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assessment import visit_plans, visits
from assessment.models import Assessment, Assignment, Visit
from nominations.models import Nomination
from tests.factories.assessment import a_panel, a_secretary, assignments_of, declare_free, fill, send
from tests.factories.nominations import an_hour_ago

SEEN = "Pewarna dibeli dari luar daerah; nota bulan lalu diperlihatkan."


def a_visit(assessment: Assessment | None = None, *team: Assignment, **fields: Any) -> Visit:
    """A planned visit of a panel, by its first assessor unless a team is given."""
    assessment = assessment or a_panel()
    if not team:
        first = assignments_of(assessment)[0]
        team = (first if first.has_conflict is False else declare_free(first),)
    return visit_plans.plan(
        assessment.nomination,
        team,
        **{"on": timezone.localdate(), "place": "Bengkel anyaman Desa Beleka", **fields},
        by=a_secretary(),
        at=timezone.now(),
    )


def a_write(
    indicator: str = "A.I.1", verdict: str = "confirmed", points: int | None = None, **fields: Any
) -> visits.Write:
    """What a device wrote down half an hour ago; for "differs" with what was seen."""
    given = {
        "text": SEEN if verdict == "differs" else "",
        "base": 0,
        "id": uuid.uuid4(),
        "noted_at": an_hour_ago() + timedelta(minutes=30),
        **fields,
    }
    return visits.Write(indicator=indicator, verdict=verdict, points=points, **given)


def visitor(visit: Visit) -> Any:
    """The first of its team."""
    return visit.members.order_by("pk").first().assignment.assessor


def assess_all(assessment: Assessment, *scores: Mapping[str, int]) -> Nomination:
    """Let the whole panel score and send, whoever has declared already; full marks unless scores are given."""
    for place, one in enumerate(assignments_of(assessment)):
        declared = one if one.has_conflict is False else declare_free(one)
        fill(declared, scores[place] if place < len(scores) else None)
        send(declared)
    return Nomination.objects.get(pk=assessment.nomination_id)


MET = {"met_name": "Ibu Saenah", "met_position": "Pemilik"}


def look_at_everything(
    visit: Visit, corrected: Mapping[str, int] | None = None, *, at: datetime | None = None
) -> None:
    """Confirm every indicator but the corrected ones, and say who was met."""
    corrected = corrected or {}
    writes = [
        a_write(code, "differs", corrected[code]) if code in corrected else a_write(code)
        for code in visit.assessment.instrument.ladders
    ]
    about = visits.About(dict(MET), base=Visit.objects.get(pk=visit.pk).version)
    visits.record(visit, writes, about, by=visitor(visit), at=at or timezone.now())


def a_finished_visit(
    assessment: Assessment | None = None, corrected: Mapping[str, int] | None = None
) -> Visit:
    """A visit that looked at everything, found `corrected` otherwise, and is over."""
    visit = a_visit(assessment)
    look_at_everything(visit, corrected)
    return visits.finish(visit, by=visitor(visit), at=timezone.now())
