"""What the worker does for the awards: ids in, a function called. Every task may be delivered twice."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from . import batches, bundles, certificates, decree_pdf, schedule, signing_secrets
from .models import Certificate, Decree
from .signing_refusals import SecretNeeded


@shared_task
def render_certificate(*, certificate_id: int, **_from_a_newer_version: object) -> None:
    try:
        if certificates.render(certificate_id) and signing_secrets.are_needed():
            signing_secrets.forget_when_done(certificates.batch_of(certificate_id))
    except SecretNeeded:
        batches.wait_for_secret(certificates.batch_of(certificate_id), at=timezone.now())
    except Exception as error:
        certificates.record_failure(certificate_id, error)
        raise


@shared_task
def render_decree(*, decree_id: int, **_from_a_newer_version: object) -> None:
    """Queue every certificate of a decree that has no file yet."""
    waiting = Certificate.objects.resting_on(Decree.objects.get(pk=decree_id)).filter(rendered_at=None)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        render_certificate.delay(certificate_id=pk)


@shared_task
def make_print_file(*, decree_id: int, **_from_a_newer_version: object) -> None:
    bundles.make_print_file(Decree.objects.get(pk=decree_id))


@shared_task
def sweep_certificates(**_from_a_newer_version: object) -> None:
    for pk in certificates.overdue(at=timezone.now()).values_list("pk", flat=True)[:500]:
        render_certificate.delay(certificate_id=pk)


@shared_task
def make_decree_files(*, decree_id: int, **_from_a_newer_version: object) -> None:
    """The original and the salinan of an issued decree, each once; no original beside one signed by hand."""
    for variant in decree_pdf.made_of(Decree.objects.get(pk=decree_id)):
        try:
            decree_pdf.make(decree_id, variant, at=timezone.now())
        except SecretNeeded:
            batches.wait_for_secret(decree_id, at=timezone.now())
    signing_secrets.forget_when_done(decree_id)


@shared_task
def sweep_decree_files(**_from_a_newer_version: object) -> None:
    for pk in decree_pdf.unmade(at=timezone.now()):
        make_decree_files.delay(decree_id=pk)


@shared_task
def publish_due(**_from_a_newer_version: object) -> None:
    """Publish what was set for an instant that has come; delivered twice, the second finds nothing to do."""
    now = timezone.now()
    for pk in schedule.due(at=now):
        schedule.publish_due(pk, at=now)


BEAT: dict[str, dict[str, Any]] = {
    "sweep-certificates": {"task": "awards.tasks.sweep_certificates", "schedule": 60.0},
    "sweep-decree-files": {"task": "awards.tasks.sweep_decree_files", "schedule": 300.0},
    "publish-due": {"task": "awards.tasks.publish_due", "schedule": 15.0},
}
