"""Publication: one instant at which awards, catalogue, results and messages begin together."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right, Role
from assessment.recompute import decisions_in_force
from audit import history
from letters import outbox
from nominations import lifecycle
from nominations.models import Nomination, State

from . import changing, revocation
from .decrees import Refused, locked
from .models import Certificate, CertificateQuerySet, Decree

logger = logging.getLogger(__name__)


def certificates_of(decree: Decree) -> CertificateQuerySet:
    return Certificate.objects.resting_on(decree)


def missing_certificates(decree: Decree) -> int:
    """How many certificates of this decree have no file yet."""
    return certificates_of(decree).filter(rendered_at=None).count()


@transaction.atomic
def publish(decree: Decree, *, by: Person, at: datetime) -> Decree:
    """
    Make the results public now: the nominations of the round become awarded or not_awarded, the messages go out.

    Raises Refused: not the signatory, not issued, published before, or a certificate is missing.
    """
    if not by.may(Right.SIGN_DECREE):
        raise Refused("not_yours", "Hasil hanya dapat diumumkan oleh pejabat penetap.")
    decree = locked(decree)
    if decree.issued_at is None:
        raise Refused("not_issued", "SK belum ditetapkan.")
    if decree.published_at is not None:
        raise Refused("already_published", "SK ini sudah diumumkan. Tidak ada yang berubah.")
    if decree.changes and not decree.changes.is_published(at=at):
        raise Refused("not_its_turn", "SK yang diubah atau dicabut dengan SK ini belum diumumkan.")
    if missing := missing_certificates(decree):
        raise Refused(
            "certificates_missing",
            f"{missing} piagam belum selesai dibuat. Hasil diumumkan setelah semua piagam siap.",
        )
    decree.published_at, decree.published_by = at, by
    decree.save(update_fields=["published_at", "published_by"])
    if decree.kind == Decree.Kind.ESTABLISHING:
        _settle(decree, by=by, at=at)
    elif decree.kind == Decree.Kind.CHANGING:
        for nomination in changing.take_effect(decree, by=by, at=at):
            _tell(decree, nomination, at=at)
    else:
        revocation.take_effect(decree, by=by, at=at)
    history.record("publish_decree", decree, by=by, at=at)
    logger.info("decree published", extra={"decree": decree.pk, "by": by.pk})
    return decree


def _settle(decree: Decree, *, by: Person, at: datetime) -> None:
    awarded = set(decree.awards.filter(nomination__isnull=False).values_list("nomination_id", flat=True))
    # Every session of the round, not only the last: a later one decides again what it corrects, and nothing else.
    decided = (
        decisions_in_force(decree.round_id).values_list("nomination_id", flat=True) if decree.plenary else []
    )
    for nomination in lifecycle.lock(decided):
        if nomination.state == State.ASSESSED:
            lifecycle.follow("award" if nomination.pk in awarded else "not_award", nomination, by=by, at=at)
            _tell(decree, nomination, at=at)


def _tell(decree: Decree, nomination: Nomination, *, at: datetime) -> None:
    """The same text for awarded and not awarded: the result is read after signing in (documents.md 12)."""
    members = nomination.office.memberships.in_force(at=at).filter(role__in=[Role.DINAS, Role.PROVINSI])
    for membership in members.select_related("person"):
        outbox.queue(
            "result_published",
            person=membership.person,
            key=f"result_published:{decree.pk}:{nomination.pk}:{membership.person_id}",
            context={
                "tahun": str(decree.round_id),
                "no": nomination.number or "",
                "sk": f"Keputusan Nomor {decree.number}",
                "tautan": nomination.get_absolute_url(),
            },
            at=at,
        )
