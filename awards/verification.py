"""Is this paper real? What the portal answers to a code; nothing of what is not published, ever."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils import timezone

from . import codes
from .models import Certificate


class Verdict(Enum):
    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    certificate: Certificate | None = None
    current: Certificate | None = None


UNKNOWN = Answer(Verdict.UNKNOWN)


def look_up(text: str, *, at: datetime) -> Answer:
    """
    Return what stands behind a code as typed (any case, spaces, hyphens, O for 0, I or L for 1).

    A malformed code, an unknown one, and one of a decree not yet published give the same answer.
    """
    code = codes.normalise(text)
    if code is None:
        return UNKNOWN
    certificate = (
        Certificate.objects.select_related("award__decree__round", "award__group", "award__product")
        .filter(code=code, award__decree__published_at__lte=at)
        .first()
    )
    if certificate is None:
        return UNKNOWN
    award = certificate.award
    if award.revoked_at is not None and award.revoked_at <= at:
        return Answer(Verdict.REVOKED, certificate)
    if certificate.replaced_at is not None and certificate.replaced_at <= at:
        current = award.certificates.filter(replaced_at=None).order_by("-version").first()
        return Answer(Verdict.REPLACED, certificate, current)
    if award.decree.valid_until is not None and timezone.localdate(at) > award.decree.valid_until:
        return Answer(Verdict.EXPIRED, certificate)
    return Answer(Verdict.VALID, certificate)
