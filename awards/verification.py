"""Is this paper real? What the portal answers to a code; nothing of what is not published, ever."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils import timezone

from . import codes
from .models import Certificate, CertificateQuerySet

_SHA256 = re.compile(r"[0-9a-f]{64}")


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
    return UNKNOWN if code is None else _answer(_public(at=at).filter(code=code).first(), at=at)


def look_up_file(sha256: str, *, at: datetime) -> Answer:
    """Return what stands behind a file: the certificate whose PDF was made with exactly these bytes, or UNKNOWN."""
    if not _SHA256.fullmatch(sha256):
        return UNKNOWN
    return _answer(_public(at=at).filter(sha256=sha256).first(), at=at)


def _public(*, at: datetime) -> CertificateQuerySet:
    return Certificate.objects.public(at=at).select_related(
        "award__decree__round", "award__group", "award__product", "decree"
    )


def _answer(certificate: Certificate | None, *, at: datetime) -> Answer:
    if certificate is None:
        return UNKNOWN
    award = certificate.award
    if award.revoked_at is not None and award.revoked_at <= at:
        return Answer(Verdict.REVOKED, certificate)
    if certificate.replaced_at is not None and certificate.replaced_at <= at:
        current = award.certificates.public(at=at).in_force()
        return Answer(Verdict.REPLACED, certificate, current)
    if (last_day := certificate.basis.valid_until) is not None and timezone.localdate(at) > last_day:
        return Answer(Verdict.EXPIRED, certificate)
    return Answer(Verdict.VALID, certificate)
