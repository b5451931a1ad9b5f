"""The edge of the certificates of a decree: the batch as it stands, the preview, the file. /penghargaan/…"""

from datetime import datetime

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.gates import needs
from accounts.roles import Right
from files import missing

from . import (
    batches,
    bundles,
    certificate_drawing,
    certificates,
    decrees,
    designing,
    designs,
    publication,
    rules,
    signing_secrets,
    tasks,
)
from .certificate_text import Unprintable
from .models import Certificate, CertificatePause, Decree

_ministry_only = needs(*rules.MAY_SEE_DECREES)


@require_GET
@_ministry_only
def decree_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """
    The batch as it stands; htmx asks every two seconds until it is answered with 286 (stop), and then takes the whole
    page anew: with the last certificate the next step is at hand.
    """
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    progress = progress_of(decree, at=request.received_at)
    progress["may_steer"] = batches.may_steer(request.user)
    progress["asks_secret"] = signing_secrets.are_needed() and request.user.may(Right.SIGN_DECREE)
    if progress["done"] != progress["total"]:
        return render(request, "awards/decree_progress.html", {"decree": decree, **progress})
    response = render(request, "awards/decree_progress.html", {"decree": decree, **progress}, status=286)
    # With the last certificate the next step is at hand: the page is taken anew.
    response["HX-Refresh"] = "true"
    return response


@require_POST
@_ministry_only
def certificates_steer(request: HttpRequest, pk: int) -> HttpResponse:
    """POST act=pause, go_on or retry: the batch stands still, goes on, or tries again what failed."""
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    try:
        match request.POST.get("act"):
            case "pause":
                batches.pause(decree, by=request.user, at=request.received_at)
                messages.success(request, "Pembuatan piagam dihentikan sementara. Yang sudah jadi tetap ada.")
            case "go_on":
                batches.go_on(decree, by=request.user, at=request.received_at)
                messages.success(request, "Pembuatan piagam dilanjutkan.")
            case "retry":
                count = batches.retry(decree, by=request.user, at=request.received_at)
                messages.success(request, f"{count} piagam dicoba lagi.")
            case _:
                raise Http404
    except decrees.Refused as refusal:
        messages.error(request, refusal.for_reader)
    return redirect(decree)


@require_GET
@_ministry_only
def certificates_zip(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """All certificates of the decree in force as one ZIP, read file by file while it is sent."""
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    made = list(bundles.in_force(decree))
    if not made:
        raise Http404
    response = StreamingHttpResponse(bundles.zipped(made), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="Piagam OVOP {decree.round_id}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


@_ministry_only
def certificates_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All pages in one PDF: POST has the worker make it, GET fetches it."""
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    if request.method == "POST":
        tasks.make_print_file.delay(decree_id=decree.pk)
        messages.success(request, "Berkas cetak sedang dibuat. Muat ulang halaman ini sebentar lagi.")
        return redirect(decree)
    try:
        file = bundles.print_file(decree).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"Piagam OVOP {decree.round_id} untuk dicetak.pdf"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@_ministry_only
def certificate_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate of a decree as its PDF, marked "PRATINJAU", unsigned; of a draft too, as it would be."""
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    try:
        if (certificate := _first_certificate(decree)) is not None:
            drawn = certificate_drawing.drawn(certificates.facts(certificate, is_preview=True))
        else:
            look = designs.look_of(designs.current(decree.round_id))
            drawn = designing.preview(decree, look, at=request.received_at)
    except (Unprintable, decrees.Refused) as problem:
        return HttpResponse(problem.for_reader, status=409, content_type="text/plain; charset=utf-8")
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="Pratinjau piagam OVOP {decree.round_id}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def certificate_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF, for whoever may fetch it (rules.certificates_visible_to); "not there" reads as "not yours"."""
    certificate = get_object_or_404(
        rules.certificates_visible_to(request.user), pk=pk, rendered_at__isnull=False
    )
    name = f"Piagam {certificate.number.replace('/', '-')}.pdf"
    try:
        file = certificates.file_of(certificate).open("rb")
    except OSError as error:
        return missing.answer(request, error, name=name, code=f"piagam-{certificate.pk}")
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def progress_of(decree: Decree, *, at: datetime | None = None) -> dict[str, object]:
    """What the page of the decree and its swapped piece show of the batch; its pace only where `at` is given."""
    made = publication.certificates_of(decree).select_related("award")
    done = made.filter(rendered_at__isnull=False).count()
    total = made.count()
    return {
        "done": done,
        "total": total,
        # A decree that only ends or revokes brings no papers about.
        "all_made": done == total and (total > 0 or decree.kind != Decree.Kind.ESTABLISHING),
        "pace": batches.pace(decree, at=at) if at and done < total else None,
        "print_file": total > 0 and done == total and bundles.print_file(decree).exists(),
        "pause": CertificatePause.objects.filter(decree=decree).first(),
        "may_steer": False,
        "asks_secret": False,
        "attempts_at_most": certificates.ATTEMPTS_AT_MOST,
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


def _first_certificate(decree: Decree) -> Certificate | None:
    return (
        publication.certificates_of(decree)
        .select_related("award__decree__round", "award__decree__plenary", "award__group", "design")
        .order_by("award__position")
        .first()
    )
