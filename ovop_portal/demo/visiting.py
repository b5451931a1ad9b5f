"""The field visits of the running round: one still to come, one held and finished, through the room's own functions."""

import uuid
from datetime import timedelta

from django.utils import timezone

from assessment import visit_plans, visits
from assessment.models import Visit
from nominations.models import Nomination

from .people import person


def plan(nomination: Nomination) -> None:
    """Plan a visit for tomorrow by the first of the panel who is free; what there is already stays."""
    assessment = nomination.assessment
    free = [one for one, ground in visit_plans.choices_for(assessment) if ground is None]
    if not free or assessment.visits.exists() or nomination.decisions.exists():
        return
    place = f"Tempat produksi {nomination.product.ikm.name}"
    tomorrow = timezone.localdate() + timedelta(days=1)
    visit_plans.plan(
        nomination, free[:1], on=tomorrow, place=place, by=person("sekretariat"), at=timezone.now()
    )


def hold(nomination: Nomination) -> None:
    """Plan it and hold it: one line found below the highest level, all others as proposed."""
    plan(nomination)
    visit = nomination.assessment.visits.filter(state=Visit.State.PLANNED).first()
    if visit is None or nomination.decisions.exists():
        return
    by, now = visit.members.get().assignment.assessor, timezone.now()
    corrected = sorted(nomination.assessment.instrument.ladders)[1]
    writes = [
        visits.Write(
            code, "differs", ladder[-2], "Contoh: bahan baku hanya ada pada satu musim.", 0, uuid.uuid4(), now
        )
        if code == corrected
        else visits.Write(code, "confirmed", None, "", 0, uuid.uuid4(), now)
        for code, ladder in sorted(nomination.assessment.instrument.ladders.items())
    ]
    about = visits.About({"met_name": "Pemilik Contoh", "met_position": "Pemilik"}, base=visit.version)
    visits.record(visit, writes, about, by=by, at=now)
    visits.finish(visit, by=by, at=now)


# By how far the demo brings a nomination (way.bring).
BY_GOAL = {"scoring": plan, "assessed": hold}
