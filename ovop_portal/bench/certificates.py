"""Certificates: the worker's own task against WeasyPrint called plainly with the same pages."""

from awards import certificate_page, certificates, tasks
from awards.models import Certificate

from . import material, measuring
from .measuring import Row, compare

SIZE = 40
AIM = 3.0


def measure(size: int) -> Row:
    """
    Ours: `awards.tasks.render_certificate` for one certificate after the other in one process, from the locked row to
    the file that is fsynced, its hash and the commit: PDF/A-3a with tags and the attached record. Theirs: plain
    `weasyprint.HTML(string=…).write_pdf()` for the same pages, whose HTML was made before the clock began; no PDF/A,
    no tags, no attachment, nothing stored.
    """
    import weasyprint

    from awards.certificate_pictures import ProjectFiles

    decree = material.awards(size * (measuring.REPEATS + 1), published=False)
    keys = list(Certificate.objects.filter(award__decree=decree).order_by("pk").values_list("pk", flat=True))
    rows = Certificate.objects.select_related("award__decree__round", "award__group", "award__nomination")
    pages = {row.pk: certificate_page.html(certificates.facts(row)) for row in rows.filter(pk__in=keys)}

    def batch(number: int) -> list[int]:
        return keys[number * size : (number + 1) * size]

    def ours(number: int) -> int:
        for key in batch(number):
            tasks.render_certificate(certificate_id=key)
        return size

    def theirs(number: int) -> int:
        for key in batch(number):
            weasyprint.HTML(string=pages[key], url_fetcher=ProjectFiles()).write_pdf()
        return size

    row = compare(
        "certificates",
        ours=ours,
        theirs=theirs,
        unit="certificates/s",
        beside="plain WeasyPrint, same HTML",
        aim=AIM,
    )
    if missing := Certificate.objects.filter(pk__in=keys, rendered_at=None).count():
        raise RuntimeError(f"{missing} of {len(keys)} certificates were not made")
    return row
