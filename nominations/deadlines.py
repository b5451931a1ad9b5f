"""What the clock brings about: drafts and returned nominations whose time is over lapse."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from . import lifecycle
from .models import Nomination, Phase, State

logger = logging.getLogger(__name__)

# A request that was received in time may still be waiting for the lock (lifecycle.COMMIT_WITHIN).
AFTER_THE_END = timedelta(minutes=5)


def lapse_all(*, at: datetime) -> int:
    """Let everything lapse that can no longer be sent at `at`; return how many did. Safe to repeat."""
    end = at - AFTER_THE_END
    overdue = Q(state=State.RETURNED, repair_due_at__lte=end) | Q(
        state=State.DRAFT,
        round__in=Phase.objects.filter(kind=Phase.Kind.NOMINATION, closes_at__lte=end).values("round"),
    )
    lapsed = 0
    for nomination in Nomination.objects.filter(overdue).order_by("pk"):
        try:
            lifecycle.follow("lapse", nomination, by=None, at=at)
        except lifecycle.Refused as refusal:
            # Sent or extended in the meantime.
            logger.info("not lapsed", extra={"nomination": nomination.pk, "code": refusal.code})
        else:
            lapsed += 1
    return lapsed
