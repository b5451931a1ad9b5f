"""The edge of the certificates of a decree: the batch as it stands, the preview, the file. /penghargaan/…"""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.gates import needs

from . import certificates, publication, rules
from .models import Certificate, Decree

_ministry_only = needs(*rules.MAY_SEE_DECREES)


@require_GET
@_ministry_only
def decree_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """
    The batch as it stands; htmx asks every two seconds until it is answered with 286 (stop), and then takes the whole
    page anew: with the last certificate the next step is at hand.
    """
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    progress = progress_of(decree)
    if progress["done"] != progress["total"]:
        return render(request, "awards/decree_progress.html", {"decree": decree, **progress})
    response = render(request, "awards/decree_progress.html", {"decree": decree, **progress}, status=286)
    # With the last certificate the next step is at hand: the page is taken anew.
    response["HX-Refresh"] = "true"
    return response


@require_GET
@_ministry_only
def certificate_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate of a decree as its HTML, marked "PRATINJAU"; before the worker has made the file."""
    certificate = _first_certificate(get_object_or_404(rules.decrees_visible_to(request.user), pk=pk))
    facts = certificates.facts(certificate, is_preview=True)
    return HttpResponse(certificates.certificate_page.html(facts))


@require_GET
def certificate_file(request: HttpRequest, pk: int) -> FileResponse:
    """The PDF, for whoever may fetch it (rules.certificates_visible_to); "not there" reads as "not yours"."""
    certificate = get_object_or_404(
        rules.certificates_visible_to(request.user), pk=pk, rendered_at__isnull=False
    )
    try:
        file = certificates.file_of(certificate).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"Piagam {certificate.number.replace('/', '-')}.pdf"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def progress_of(decree: Decree) -> dict[str, object]:
    """What the page of the decree and its swapped piece show of the batch."""
    made = publication.certificates_of(decree).select_related("award")
    done = made.filter(rendered_at__isnull=False).count()
    total = made.count()
    return {
        "done": done,
        "total": total,
        # A decree that only ends or revokes brings no papers about.
        "all_made": done == total and (total > 0 or decree.kind != Decree.Kind.ESTABLISHING),
        "failed": list(made.filter(rendered_at=None).exclude(last_error="").order_by("award__position")[:50]),
        "certificate_columns": [{"label": "Nomor"}, {"label": "Penerima"}, {"label": "Berkas"}],
        "certificate_rows": [
            [
                certificate.number,
                f"{certificate.award.ikm_name}, {certificate.award.product_name}",
                {
                    "text": f"Unduh PDF ({filesizeformat(certificate.size or 0)})",
                    "url": reverse("certificate_file", args=[certificate.pk]),
                }
                if certificate.rendered_at
                else "Sedang dibuat",
            ]
            for certificate in made.order_by("award__position")[:500]
        ],
    }


def _first_certificate(decree: Decree) -> Certificate:
    certificate = (
        publication.certificates_of(decree)
        .select_related("award__decree__round", "award__decree__plenary", "award__group")
        .order_by("award__position")
        .first()
    )
    if certificate is None:
        raise Http404
    return certificate
