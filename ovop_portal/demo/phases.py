"""
The rounds of the demo and their dates. Nothing is dated back to 2018: the finished round was held today, within an hour.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from letters.wording import WIB
from nominations import rounds
from nominations.models import Phase, Round

from .people import person

_ONE_SITTING = timedelta(hours=1)
# A step must find its phase open, and its commit too.
_MARGIN = timedelta(minutes=5)
_REASON = "Pembuatan data contoh terhenti dan kini dilanjutkan."
# Days from today on which each phase of the running round opens (08.00 WIB) and closes (16.00 WIB).
_RUNNING = {
    Phase.Kind.OUTREACH: (-40, -20),
    Phase.Kind.NOMINATION: (-20, 14),
    Phase.Kind.ENDORSEMENT: (-14, 21),
    Phase.Kind.SCREENING: (-7, 28),
    Phase.Kind.ASSESSMENT: (-2, 42),
    Phase.Kind.VISIT: (7, 42),
    Phase.Kind.PLENARY: (45, 50),
    Phase.Kind.ANNOUNCEMENT: (60, 75),
}


def finished_round(year: int) -> Round:
    """A round whose phases all open now and end in an hour."""
    opens_at = timezone.now().replace(second=0, microsecond=0)
    return _round(year, dict.fromkeys(Phase.Kind, (opens_at, opens_at + _ONE_SITTING)))


def running_round(year: int) -> Round:
    """A round in which proposing, endorsing, screening and assessing are open, and the plenary is still to come."""
    today = timezone.localdate()
    dates = {
        kind: (_at(today + timedelta(days=first), 8), _at(today + timedelta(days=last), 16))
        for kind, (first, last) in _RUNNING.items()
    }
    return _round(year, dates)


def keep_open(round_: Round, kind: Phase.Kind) -> None:
    """Extend a phase that is over, or will be in a moment, so that an interrupted demo can be gone on with."""
    now = timezone.now()
    phase = Phase.objects.get(round=round_, kind=kind)
    if phase.closes_at <= now + _MARGIN:
        rounds.extend(phase, closes_at=now + _ONE_SITTING, reason=_REASON, by=person("sekretariat"), at=now)
        if hasattr(round_, "_phases"):
            del round_._phases


def _round(year: int, dates: dict[Phase.Kind, tuple[datetime, datetime]]) -> Round:
    """The round with every phase dated; dates that are there stay."""
    secretary = person("sekretariat")
    round_ = Round.objects.filter(pk=year).first() or rounds.begin(
        year, by=secretary, at=timezone.now(), is_example=True
    )
    there = set(round_.phases.values_list("kind", flat=True))
    missing = {kind.value: dated for kind, dated in dates.items() if kind.value not in there}
    if missing:
        rounds.date_phases(round_, missing, by=secretary, at=timezone.now())
    return round_


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=WIB)
