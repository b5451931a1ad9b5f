"""Making the certificate's file: once, by the worker, from the facts as decreed."""

import errno
import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from files import disk

from . import certificate_page, decree_names, designs, records, signing
from .models import Certificate, CertificatePause, Decree, LateCertificates

logger = logging.getLogger(__name__)
FOLDER = "piagam"
# A file promised longer ago than this and not there is looked for by the sweeper.
OVERDUE = timedelta(seconds=60)
ATTEMPTS_AT_MOST = 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def facts(
    certificate: Certificate, *, is_preview: bool = False, late: LateCertificates | None = None
) -> certificate_page.Facts:
    """
    What the certificate prints, from the award as decreed. late: the decision by which awards that were taken over
    get certificates, where it is not kept yet.
    """
    award, decree = certificate.award, certificate.basis
    if decree.date is None:
        raise ValueError("a certificate belongs to an issued decree")
    if late is None and decree.pk and decree.is_taken_over:
        late = LateCertificates.objects.filter(decree=decree).first()
    signed: Decree | LateCertificates = late or decree
    said: dict[str, Any] = {"ornament": award.group.ornament, **designs.facts_of(certificate.design)}
    return certificate_page.Facts(
        number=certificate.number,
        code=certificate.code,
        ikm_name=certificate.printed_name,
        product_name=award.product_name,
        commodity_name=award.group_name,
        commodity_name_en=award.group.name_en,
        place_name=award.regency_name,
        province_name=award.province_name,
        round_year=decree.round_id,
        star=certificate.printed_star,
        maximum_star=award.maximum_star,
        decree_number=decree.number,
        decree_year=decree.date.year,
        decree_date=decree.date,
        decree_title=decree_names.of(decree.level).name,
        decree_title_en=decree_names.of(decree.level).name_en,
        issued_place=signed.place,
        issued_date=late.on if late else decree.date,
        signatory_office=signed.signatory_office,
        signatory_name=signed.signatory_name,
        instrument=_instrument(certificate),
        fingerprint=records.fingerprint(certificate),
        verify_url=settings.PORTAL_URL + reverse("verify_code", args=[certificate.code]),
        host=urlsplit(settings.PORTAL_URL).netloc,
        is_example=award.is_example,
        is_preview=is_preview,
        record=records.canonical_record(certificate),
        is_signed=signing.is_signing(),
        signature_note=signing.note(),
        replaces=records.replaced_by(certificate),
        **said,
    )


def render(certificate_id: int) -> bool:
    """
    Make and sign the file of one certificate; False where it is there already, or the batch is paused. Two deliveries
    of the same task give one file.

    The row is locked, the file is written beside its place and renamed, and only then recorded: a worker killed in
    between leaves nothing recorded, and the next one draws the same page again. The hash is that of the signed file.
    """
    with transaction.atomic():
        certificate = (
            Certificate.objects.select_for_update(of=("self",), no_key=True)
            .select_related("award__decree__round", "award__group", "design")
            # A decree carries its whole annex: no paper may cost more because there are many.
            .defer("award__decree__annex", "award__decree__wording")
            .get(pk=certificate_id)
        )
        if certificate.rendered_at is not None or _is_paused(certificate):
            return False
        data = signing.sign_pdf(
            certificate_page.pdf(facts(certificate)),
            reason=f"Piagam Penghargaan OVOP Nomor {certificate.number}",
            at=timezone.now(),
            batch=certificate.basis.pk,
        )
        relative = f"{FOLDER}/{certificate.award.decree.round_id}/{certificate.pk}.pdf"
        disk.keep(Path(settings.MEDIA_ROOT) / relative, data)
        certificate.path, certificate.size = relative, len(data)
        certificate.sha256 = hashlib.sha256(data).hexdigest()
        certificate.rendered_at, certificate.last_error = timezone.now(), ""
        certificate.save(update_fields=["path", "size", "sha256", "rendered_at", "last_error"])
    logger.info("certificate made", extra={"certificate": certificate_id, "bytes": len(data)})
    return True


def record_failure(certificate_id: int, error: Exception) -> None:
    """Keep why a file could not be made, for the page of the batch; the sweeper tries again."""
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(no_key=True).get(pk=certificate_id)
        if certificate.rendered_at is None:
            certificate.attempts += 1
            certificate.last_error = _told(error)[:500]
            certificate.save(update_fields=["attempts", "last_error"])
    logger.error("certificate failed", extra={"certificate": certificate_id, "error": type(error).__name__})


def _told(error: Exception) -> str:
    """Why a file could not be made, for whoever looks at the batch."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return "Ruang simpan server penuh, jadi berkas ini belum ditulis. Setelah ada ruang, pembuatan berlanjut sendiri."
    return getattr(error, "for_reader", "") or f"{type(error).__name__}: {error}"


def overdue(*, at: datetime) -> QuerySet[Certificate]:
    """What was promised and never done: without a file a minute after it was numbered, and not given up."""
    paused = Q(decree__pause__isnull=False) | Q(decree=None, award__decree__pause__isnull=False)
    waiting = Certificate.objects.filter(
        rendered_at=None, created_at__lt=at - OVERDUE, attempts__lt=ATTEMPTS_AT_MOST
    )
    return waiting.exclude(paused).order_by("pk")


def make_all_after_commit(decree_id: int) -> None:
    """Have the worker make what this decree brought about and has no file yet."""
    from .tasks import render_decree

    # A function, not a partial: with Redis away Django logs the failed call by its __qualname__, which a partial
    # lacks, and the page would fail after all. The sweeper finds what was not queued.
    def queue_certificates() -> None:
        render_decree.delay(decree_id=decree_id)

    transaction.on_commit(queue_certificates, robust=True)


def _is_paused(certificate: Certificate) -> bool:
    return CertificatePause.objects.filter(decree=certificate.basis).exists()


def batch_of(certificate_id: int) -> int:
    """The decree whose papers this one is made with."""
    found = Certificate.objects.values_list("decree_id", "award__decree_id").get(pk=certificate_id)
    return int(found[0] or found[1])


def file_of(certificate: Certificate) -> Path:
    return Path(settings.MEDIA_ROOT) / certificate.path


def _instrument(certificate: Certificate) -> str:
    nomination = certificate.award.nomination
    decisions = nomination and nomination.decisions.select_related("instrument__group").order_by("-pk")
    if not decisions or (decision := decisions.first()) is None:
        return ""
    return f"{decision.instrument.group.name} versi {decision.instrument.version}"
