"""The demo as a whole: what must be there before it, the finished round up to its publication, the running round."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from assessment import plenary, results
from assessment.models import Instrument, Plenary
from awards import certificates, decrees, publication
from awards.models import Award, Decree
from nominations.models import Nomination, Round, State

from . import facts, people, visiting, writing
from .people import person
from .phases import finished_round, running_round
from .way import CannotMake, bring

Say = Callable[[str], None]
# Any number will do as long as everyone takes the same: "demo" in ASCII.
_LOCK = 0x64656D6F


def make(secret: str, *, say: Say) -> None:
    """
    Make or complete accounts and both rounds; what is there stays. Two at once take turns.

    Raises CannotMake where reference data is missing or a real round has one of the years.
    """
    with _one_at_a_time():
        _refuse_what_is_real()
        say("accounts")
        people.make(secret)
        say(f"round {facts.FINISHED_ROUND}, from nomination to publication")
        finish(finished_round(facts.FINISHED_ROUND))
        say(f"round {facts.RUNNING_ROUND}, with work for every role")
        running = running_round(facts.RUNNING_ROUND)
        for goal, candidate in facts.RUNNING:
            nomination = bring(candidate, running, to=goal)
            if goal in visiting.BY_GOAL:
                visiting.BY_GOAL[goal](nomination)
        writing.make(running)


def finish(round_: Round) -> Decree:
    """The four of 2018 to the plenary, their decree, their certificates, and the publication."""
    for candidate in facts.FOUR_OF_2018:
        bring(candidate, round_, to="assessed")
    decree = Decree.objects.establishing().filter(round=round_).first()
    if decree is None:
        decree = decrees.draft(_sealed(round_), by=person("sekretariat"), at=timezone.now())
    if decree.issued_at is None:
        now = timezone.now()
        decree = decrees.issue(
            decree,
            number=f"CONTOH-1 TAHUN {timezone.localdate(now).year}",
            on=timezone.localdate(now),
            signatory_name="NAMA PEJABAT CONTOH",
            by=person("penetap"),
            at=now,
        )
    for pk in publication.certificates_of(decree).order_by("pk").values_list("pk", flat=True):
        certificates.render(pk)
    if decree.published_at is None:
        decree = publication.publish(decree, by=person("penetap"), at=timezone.now())
    return decree


def awards() -> list[Award]:
    """The published awards of the finished round, in the order of their decree."""
    return list(
        Award.objects.published().filter(decree__round=facts.FINISHED_ROUND).with_names().order_by("position")
    )


def _sealed(round_: Round) -> Plenary:
    """The session that decided the four as their scores say, opened, held and sealed as far as it is not yet."""
    chair = person("ketua")
    team = [chair, *(person(f"penilai{number}") for number in range(1, 10))]
    session = Plenary.objects.filter(round=round_).order_by("pk").first() or plenary.open_session(
        round_, members=team, present=team, place="Jakarta", by=chair, at=timezone.now()
    )
    if session.sealed_at is not None:
        return session
    waiting = Nomination.objects.filter(round=round_, state=State.ASSESSED).exclude(
        decisions__plenary=session
    )
    for nomination in waiting.select_related("assessment").order_by("pk"):
        star = results.result_of(nomination.assessment).star
        plenary.record_decision(session, nomination, star=star, by=chair, at=timezone.now())
    number = f"CONTOH/BA/1/{timezone.localdate().year}"
    return plenary.seal(session, minutes_number=number, by=chair, at=timezone.now())


def _refuse_what_is_real() -> None:
    if Round._meta.db_table not in connection.introspection.table_names():
        raise CannotMake("the database has no tables yet: run manage.py prepare first")
    real = Round.objects.filter(pk__in=[facts.FINISHED_ROUND, facts.RUNNING_ROUND], is_example=False)
    if found := real.order_by("pk").first():
        raise CannotMake(f"round {found.pk} is not example data; the demo leaves it alone")
    groups = {candidate.group for candidate in facts.FOUR_OF_2018} | {one.group for _, one in facts.RUNNING}
    if not groups <= set(Instrument.objects.published().order_by("pk").values_list("group", flat=True)):
        raise CannotMake("the reference data is not loaded: run manage.py prepare first")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
