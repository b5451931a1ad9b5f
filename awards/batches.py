"""The making of a decree's certificates as a whole: paused, gone on with, tried again, and how fast it goes."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history

from . import certificates, signing_secrets
from .decrees import Refused
from .models import Certificate, CertificatePause, Decree

_LATELY = timedelta(seconds=60)


@dataclass(frozen=True)
class Pace:
    """lately: how many were made within the last minute; minutes_left: at that pace, None where nothing was."""

    lately: int
    minutes_left: int | None


def pace(decree: Decree, *, at: datetime) -> Pace:
    made = Certificate.objects.resting_on(decree)
    lately = made.filter(rendered_at__gt=at - _LATELY, rendered_at__lte=at).count()
    left = made.filter(rendered_at=None).count()
    return Pace(lately, math.ceil(left / lately) if lately else None)


@transaction.atomic
def pause(decree: Decree, *, by: Person, at: datetime) -> Decree:
    """No further certificate is begun; the one in hand is finished. Raises Refused."""
    decree = _in_hand(decree, by)
    _stop(decree, CertificatePause.Reason.PERSON, by=by, at=at)
    return decree


@transaction.atomic
def go_on(decree: Decree, *, by: Person, at: datetime) -> Decree:
    """What is not made yet is made now. Raises Refused."""
    decree = _in_hand(decree, by)
    if CertificatePause.objects.filter(decree=decree).delete()[0]:
        history.record("resume_certificates", decree, by=by, at=at)
    certificates.make_all_after_commit(decree.pk)
    return decree


@transaction.atomic
def retry(decree: Decree, *, by: Person, at: datetime) -> int:
    """Try again what failed, those too that the sweeper had given up; return how many. Raises Refused."""
    decree = _in_hand(decree, by)
    failed = Certificate.objects.resting_on(decree).filter(rendered_at=None).exclude(last_error="")
    count = failed.order_by().update(attempts=0, last_error="")
    if count:
        history.record("retry_certificates", decree, by=by, at=at, certificates=count)
        certificates.make_all_after_commit(decree.pk)
    return count


@transaction.atomic
def wait_for_secret(decree_id: int, *, at: datetime) -> None:
    """
    The signer has no secret: the batch stands still until the signatory hands over a new one. No failure.

    Where a new one came while this paper still waited for an answer about the old one, nothing stands still: the
    sweeper finds the paper.
    """
    decree = Decree.objects.select_for_update(no_key=True).get(pk=decree_id)
    if signing_secrets.are_held(decree_id):
        return
    _stop(decree, CertificatePause.Reason.SECRET, by=None, at=at)


def may_steer(person: Person) -> bool:
    return any(person.may(right) for right in (Right.DRAFT_DECREE, Right.SIGN_DECREE))


def _in_hand(decree: Decree, by: Person) -> Decree:
    if not may_steer(by):
        raise Refused("not_yours", "Pembuatan piagam diatur oleh Sekretariat atau pejabat penetap.")
    decree = Decree.objects.select_for_update(no_key=True).get(pk=decree.pk)
    if decree.issued_at is None:
        raise Refused("not_issued", "SK belum ditetapkan, jadi belum ada piagam yang dibuat.")
    return decree


def _stop(decree: Decree, waits_for: str, *, by: Person | None, at: datetime) -> None:
    """Several workers may find at once that the secret is gone: one pause, one entry."""
    _, is_new = CertificatePause.objects.get_or_create(
        decree=decree, defaults={"at": at, "waits_for": waits_for}
    )
    if is_new:
        history.record("pause_certificates", decree, by=by, at=at, waits_for=waits_for)
