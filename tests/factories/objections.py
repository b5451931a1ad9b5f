"""Objections that could exist: what they are against, filed at an instant, answered or not."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Person
from accounts.roles import Role
from assessment.models import Plenary
from audit import history
from awards.models import Decree
from letters import workdays
from nominations.models import Nomination, Objection
from tests.factories.accounts import a_person
from tests.factories.awards import DecreeFactory
from tests.factories.nominations import NominationFactory, an_officer_of

REASON = "Nomor SK sentra pada berkas sama dengan isian; halaman kedua memuat perubahannya."
ANSWER = "Halaman kedua memuat SK perubahan dengan nomor yang sama, sehingga persyaratan ini terpenuhi."


def a_refused_nomination(*, at: datetime | None = None, **fields: Any) -> Nomination:
    """A nomination found ineligible at that instant (an hour ago), by two people of the secretariat."""
    moment = at or timezone.now() - timedelta(hours=1)
    nomination = NominationFactory(in_state="ineligible", at=moment + timedelta(minutes=15), **fields)
    assert history.of(nomination).get(action="declare_ineligible").at == moment
    return nomination


def who_refused(nomination: Nomination, action: str = "declare_ineligible") -> Person:
    """Who decided the refusal, or proposed it."""
    actor = history.of(nomination).get(action=action).actor
    assert actor is not None
    return actor


def a_published_nomination(
    state: str = "not_awarded", *, at: datetime | None = None, **fields: Any
) -> tuple[Nomination, Decree]:
    """A nomination whose round's result was published at that instant (an hour ago), and the decree."""
    moment = at or timezone.now() - timedelta(hours=1)
    nomination = NominationFactory(in_state=state, at=moment, **fields)
    decree = DecreeFactory(
        round=nomination.round,
        drafted_by=a_person(Role.SEKRETARIAT),
        drafted_at=moment - timedelta(hours=2),
        issued_at=moment - timedelta(hours=1),
        issued_by=a_person(Role.PENETAP),
        published_at=moment,
    )
    return nomination, decree


def a_plenary_of(nomination: Nomination, *, by: Person, at: datetime) -> Plenary:
    return Plenary.objects.create(
        round=nomination.round, place="Jakarta", opened_at=at, opened_by=by, members=9, present=9
    )


def an_objection(
    nomination: Nomination, *, stage: str = "seleksi", at: datetime | None = None, **fields: Any
) -> Objection:
    """One that its officer filed at that instant (now) and that waits for its answer."""
    moment = at or timezone.now()
    due = workdays.end_of_workday(moment, nomination.round.answer_days)
    return Objection.objects.create(
        **{
            "nomination": nomination,
            "stage": stage,
            "reason": REASON,
            "at": moment,
            "by": an_officer_of(nomination.office),
            "answer_due_at": due,
            **fields,
        }
    )
