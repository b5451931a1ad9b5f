"""The secretariat's work on a draft: its words, level and place, and the decree as it was signed outside the portal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right

from . import breadcrumbs, decree_pdf, decree_wording, rules, scans
from .decrees import Refused
from .models import Decree
from .wording_forms import ScanForm, WordingForm


def _decree(request: HttpRequest, pk: int) -> Decree:
    found = rules.decrees_visible_to(request.user).select_related("wording__by", "signed_scan__uploaded_by")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DRAFT_DECREE)
def decree_wording_page(request: HttpRequest, pk: int) -> HttpResponse:
    """/penghargaan/<id>/naskah/: Menimbang, Mengingat, level and place of a draft; POST act=lihat shows its PDF."""
    decree = _decree(request, pk)
    if decree.issued_at is not None:
        messages.info(request, "SK ini sudah ditetapkan; naskahnya tidak dapat diubah lagi.")
        return redirect(decree)
    words = decree.wording or decree_wording.shipped(decree)
    form = WordingForm(request.POST or None, decree=decree, words=words)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("act") == "lihat":
                return _preview(decree, form)
            kept = decree_wording.write(
                decree,
                form.words(),
                level=form.cleaned_data["level"],
                place=form.cleaned_data["place"],
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=request.received_at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
            status = 409 if refusal.code == "changed_meanwhile" else 422
        else:
            messages.success(request, f"Naskah tersimpan sebagai versi {kept.version}.")
            return redirect(decree)
    elif request.method == "POST":
        status = 422
    context = {
        "decree": decree,
        "form": form,
        "versions": decree_wording.versions(decree),
        "fields": decree_wording.values_of(_decree(request, pk)),
        "breadcrumb": breadcrumbs.to_decree(decree),
    }
    return render(request, "awards/decree_wording.html", context, status=status)


def _preview(decree: Decree, form: WordingForm) -> HttpResponse:
    """The PDF of what is written, unsaved."""
    level, place = form.cleaned_data["level"], form.cleaned_data["place"]
    seen_as = decree_wording.proposed(decree, form.words(), level=level, place=place)
    response = HttpResponse(decree_pdf.draft(seen_as), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="pratinjau-sk-{decree.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DRAFT_DECREE)
def decree_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """/penghargaan/<id>/tanda-tangan/: print the text, have it signed, upload it."""
    decree = _decree(request, pk)
    if decree.issued_at is not None:
        messages.info(request, "SK ini sudah ditetapkan; berkasnya tidak dapat diganti.")
        return redirect(decree)
    form = ScanForm(request.POST or None, request.FILES or None, by=request.user, at=request.received_at)
    if request.method == "POST" and form.is_valid():
        try:
            scans.attach(decree, form.cleaned_data["scan"], by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error("scan", refusal.for_reader)
        else:
            messages.success(
                request,
                "SK bertanda tangan tersimpan. Pejabat penetap dapat menetapkan berdasarkan berkas itu.",
            )
            return redirect(decree)
    context = {"decree": decree, "form": form, "breadcrumb": breadcrumbs.to_decree(decree)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "awards/decree_scan.html", context, status=status)


@require_safe
@needs(*rules.MAY_SEE_DECREES)
def decree_to_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The text as it is signed on paper: without the mark of a draft, number and date open."""
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk, issued_at=None)
    try:
        data = decree_pdf.to_sign_by_hand(decree)
    except Refused as refusal:
        return HttpResponse(refusal.for_reader, status=409, content_type="text/plain; charset=utf-8")
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="naskah-sk-{decree.pk}-untuk-ditandatangani.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
