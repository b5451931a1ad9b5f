"""Reminders to assessors whose sheets are not sent, before assessment ends (when and how: nominations.reminders)."""

from collections import defaultdict
from datetime import datetime

from django.urls import reverse

from accounts.models import Membership, Person
from accounts.roles import Role
from nominations.models import Phase, State
from nominations.reminders import Reminder, key_of_phase, phases_due, send

from .models import Assignment


def remind(*, at: datetime) -> int:
    """Queue every reminder to assessors that is due at `at` and not there yet; return how many. Safe to repeat."""
    found = []
    for phase, reminder in phases_due(Phase.Kind.ASSESSMENT, at=at):
        for person, since in _with_open_sheets(phase, at=at).items():
            if min(since) <= reminder.since:
                context = {
                    "h": reminder.left,
                    "n": len(since),
                    "waktu": phase.closes_at,
                    "tautan": reverse("assessments"),
                }
                found.append(Reminder("scoring_due", person, key_of_phase(phase, reminder), context))
    return send(found, at=at)


def _with_open_sheets(phase: Phase, *, at: datetime) -> dict[Person, list[datetime]]:
    """Everybody who is an assessor now and has not sent all sheets of this round: when each of these was assigned."""
    assessors = Membership.objects.in_force(at=at).filter(role=Role.PENILAI)
    open_ = (
        Assignment.objects.active()
        .filter(
            submitted_at=None,
            assessment__nomination__round=phase.round_id,
            assessment__nomination__state=State.ELIGIBLE,
            assessor__is_active=True,
            assessor__in=assessors.values("person"),
        )
        .select_related("assessor")
        .order_by("assessor_id", "pk")
    )
    found: dict[Person, list[datetime]] = defaultdict(list)
    for assignment in open_:
        found[assignment.assessor].append(assignment.assigned_at)
    return found
