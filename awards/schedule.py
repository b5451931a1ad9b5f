"""
Publication set for later: the signatory names an instant, beat publishes at it. Until then nothing is public, for
everything public asks for the instant of publication itself, which is written only then (docs/decisions/0068).
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Membership, Person
from accounts.roles import Right, Role
from audit import history
from letters import outbox
from letters.wording import instant_for_reader

from . import publication
from .decrees import Refused, locked
from .models import Decree

logger = logging.getLogger(__name__)
AHEAD_AT_MOST = timedelta(days=92)


@transaction.atomic
def set_instant(decree: Decree, instant: datetime, *, by: Person, at: datetime) -> Decree:
    """
    Set or change the instant of publication. Certificates may still be on their way: that is asked at the instant.

    Raises Refused: not the signatory, not issued, published, an instant that has passed or lies too far ahead.
    """
    decree = _open(decree, by=by)
    if instant <= at:
        raise Refused(
            "instant_has_passed", "Waktu pengumuman harus sesudah sekarang. Jadwal yang lama tidak berubah."
        )
    if instant - at > AHEAD_AT_MOST:
        raise Refused(
            "too_far_ahead", f"Waktu pengumuman paling jauh {AHEAD_AT_MOST.days} hari dari sekarang."
        )
    decree.scheduled_at, decree.scheduled_by = instant, by
    decree.save(update_fields=["scheduled_at", "scheduled_by"])
    history.record("schedule_publication", decree, by=by, at=at, instant=instant.isoformat())
    return decree


@transaction.atomic
def cancel(decree: Decree, *, by: Person, at: datetime) -> Decree:
    """Take the instant back. Raises Refused: not the signatory, published meanwhile, nothing set."""
    decree = _open(decree, by=by)
    if decree.scheduled_at is None:
        raise Refused("nothing_set", "Tidak ada jadwal pengumuman untuk SK ini.")
    _clear(decree)
    history.record("cancel_publication", decree, by=by, at=at)
    return decree


def due(*, at: datetime) -> list[int]:
    """The decrees whose instant has come, those first that others rest on."""
    waiting = Decree.objects.filter(scheduled_at__lte=at, published_at=None)
    return list(waiting.order_by("scheduled_at", "pk").values_list("pk", flat=True))


def publish_due(decree_id: int, *, at: datetime) -> bool:
    """
    Publish one decree whose instant has come; False where it was not to be (published, changed or taken back meanwhile).

    Refused (a certificate is missing, the right is gone), the instant is cleared, and the signatory and the
    secretariat are told: a result does not become public by surprise at some later minute.
    """
    with transaction.atomic():
        decree = locked(Decree(pk=decree_id))
        by = decree.scheduled_by
        if (
            decree.published_at is not None
            or decree.scheduled_at is None
            or decree.scheduled_at > at
            or by is None
        ):
            return False
        try:
            publication.publish(decree, by=by, at=at)
        except Refused as refusal:
            _refused(decree, refusal, by=by, at=at)
            return False
    return True


def _refused(decree: Decree, refusal: Refused, *, by: Person, at: datetime) -> None:
    instant = decree.scheduled_at or at
    _clear(decree)
    history.record("publication_refused", decree, by=None, at=at, code=refusal.code)
    secretariat = Membership.objects.in_force(at=at).filter(role=Role.SEKRETARIAT, person__is_active=True)
    people = Person.objects.filter(pk__in=secretariat.values("person")) | Person.objects.filter(pk=by.pk)
    for person in people.distinct().order_by("pk"):
        outbox.queue(
            "publication_refused",
            person=person,
            key=f"{decree.pk}/{instant.isoformat()}",
            context={
                "tahun": str(decree.round_id),
                "waktu": instant_for_reader(instant),
                "alasan": refusal.for_reader,
                "tautan": decree.get_absolute_url(),
            },
            at=at,
        )
    logger.error("publication refused", extra={"decree": decree.pk, "code": refusal.code})


def _open(decree: Decree, *, by: Person) -> Decree:
    if not by.may(Right.SIGN_DECREE):
        raise Refused("not_yours", "Waktu pengumuman ditetapkan oleh pejabat penetap.")
    decree = locked(decree)
    if decree.issued_at is None:
        raise Refused("not_issued", "SK belum ditetapkan.")
    if decree.published_at is not None:
        raise Refused("already_published", "SK ini sudah diumumkan. Tidak ada yang berubah.")
    return decree


def _clear(decree: Decree) -> None:
    decree.scheduled_at, decree.scheduled_by = None, None
    decree.save(update_fields=["scheduled_at", "scheduled_by"])
