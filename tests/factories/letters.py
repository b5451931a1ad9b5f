"""Messages, batches and letters that could exist."""

from datetime import UTC, date, datetime, timedelta

import factory

from accounts.models import Membership, Office, Person
from accounts.roles import Role
from letters.models import Batch, Message

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
MINISTRY = "kemenperin"


def a_person(role: Role | None = None, *, office: Office | None = None, **fields: object) -> Person:
    """A person with an account, holding `role` (in the ministry where no office is given) since 2025."""
    number = Person.objects.count() + 1
    person = Person.objects.create_user(
        **{"email": f"orang{number}@contoh.example", "name": f"Orang {number}", **fields}
    )
    if role is not None:
        office = (
            office
            or Office.objects.get_or_create(
                code=MINISTRY, defaults={"kind": Office.Kind.MINISTRY, "name": "Kementerian Perindustrian"}
            )[0]
        )
        Membership.objects.create(person=person, role=role, office=office, starts_on=date(2025, 1, 1))
    return person


class BatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Batch

    title = "Undangan sosialisasi"
    made_at = NOON


class MessageFactory(factory.django.DjangoModelFactory):
    """A message in one of its states: `MessageFactory(state="sent")` has the instants that go with it."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"received/{n}/1")
    kind = "received"
    person = factory.LazyFunction(a_person)
    to_address = factory.LazyAttribute(lambda message: message.person.email)
    subject = "Usulan U-2026-3205-001 diterima"
    body_text = "Yth. Orang,\n\nUsulan diterima.\n"
    body_html = "<p>Yth. Orang,</p>\n<p>Usulan diterima.</p>"
    queued_at = NOON
    next_attempt_at = factory.LazyAttribute(lambda message: message.queued_at + timedelta(minutes=1))
    batch = factory.LazyAttribute(lambda message: BatchFactory() if message.state == "held" else None)
    state = "waiting"
    handed_over_at = factory.LazyAttribute(
        lambda message: message.queued_at if message.state in ("sending", "sent", "unsure") else None
    )
    sent_at = factory.LazyAttribute(lambda message: message.queued_at if message.state == "sent" else None)
    cancelled_at = factory.LazyAttribute(
        lambda message: message.queued_at if message.state == "cancelled" else None
    )
    attempts = factory.LazyAttribute(lambda message: 0 if message.state in ("held", "waiting") else 1)
