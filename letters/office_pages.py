"""/surat/kantor/: the letterhead of an office and its signing officers, kept by the office's own people."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Office
from accounts.roles import Right

from . import letterheads
from .models import Letter, SigningOfficer
from .office_forms import LetterheadForm, SigningOfficerForm
from .outbox import Refused
from .wording import WIB, plain_date

_keepers = needs(Right.NOMINATE, Right.ENDORSE, Right.SCREEN)


@require_safe
@_keepers
def letter_office(request: HttpRequest) -> HttpResponse:
    """Letterhead and signing officers of an office that this person keeps."""
    office = _office(request)
    today = timezone.localdate(request.received_at, WIB)
    officers = office.signing_officers.order_by("-valid_from", "pk")
    return render(
        request,
        "letters/office.html",
        {
            "office": office,
            "others": [one for one in letterheads.kept_by(request.user) if one != office],
            "letterhead": letterheads.of(office),
            "columns": [{"label": label} for label in ("Nama", "Jabatan", "Bertindak", "Masa")],
            "rows": [_row(officer, today) for officer in officers],
            "breadcrumb": _breadcrumb()[:1],
        },
    )


def _office(request: HttpRequest) -> Office:
    """The office asked for, of those the person keeps; the first one where none is named."""
    kept = letterheads.kept_by(request.user)
    code = request.GET.get("kantor", "")
    found = next((office for office in kept if not code or office.code == code), None)
    if found is None:
        raise Http404
    return found


def _row(officer: SigningOfficer, today: Any) -> list[Any]:
    is_now = officer.valid_from <= today and (officer.valid_until is None or today <= officer.valid_until)
    until = f"sampai {plain_date(officer.valid_until)}" if officer.valid_until else "sampai sekarang"
    return [
        {
            "text": officer.full_name,
            "url": reverse("signing_officer", args=[officer.pk]),
            "note": f"NIP {officer.nip}" if officer.nip else "",
        },
        {"text": officer.position, "note": "; ".join(officer.superiors)},
        Letter.Capacity(officer.capacity).label,
        {
            "text": f"{plain_date(officer.valid_from)} {until}",
            "note": "" if is_now else "Tidak menandatangani pada hari ini",
        },
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@_keepers
def letterhead_edit(request: HttpRequest) -> HttpResponse:
    """The lines of the letterhead and the place."""
    office = _office(request)
    form = LetterheadForm(
        request.POST if request.method == "POST" else None,
        initial=LetterheadForm.initial_of(office, letterheads.of(office)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            letterheads.keep(
                office,
                lines=form.cleaned_data["kop"],
                place=form.cleaned_data["tempat"],
                by=request.user,
                at=request.received_at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Kop surat tersimpan. Surat yang sudah disusun tidak berubah.")
            return redirect(_address(office))
    return _form_page(request, form, office, title="Kop surat", label="Simpan kop surat")


@require_http_methods(["GET", "HEAD", "POST"])
@_keepers
def signing_officer_add(request: HttpRequest) -> HttpResponse:
    office = _office(request)
    return _officer_page(
        request, SigningOfficer(office=office), title="Tambah penanda tangan", done="dicatat"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_keepers
def signing_officer(request: HttpRequest, pk: int) -> HttpResponse:
    kept = letterheads.kept_by(request.user)
    officer = get_object_or_404(
        SigningOfficer.objects.select_related("office"), pk=pk, office__in=[office.pk for office in kept]
    )
    return _officer_page(request, officer, title="Ubah penanda tangan", done="tersimpan")


def _officer_page(request: HttpRequest, officer: SigningOfficer, *, title: str, done: str) -> HttpResponse:
    form = SigningOfficerForm(request.POST if request.method == "POST" else None, instance=officer)
    if request.method == "POST" and form.is_valid():
        try:
            letterheads.keep_officer(form.instance, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request, f"{form.instance.full_name} {done}. Surat yang sudah disusun tidak berubah."
            )
            return redirect(_address(officer.office))
    return _form_page(request, form, officer.office, title=title, label="Simpan penanda tangan")


def _form_page(request: HttpRequest, form: Any, office: Office, *, title: str, label: str) -> HttpResponse:
    return render(
        request,
        "letters/office_form.html",
        {
            "form": form,
            "office": office,
            "title": title,
            "save_label": label,
            "cancel_url": _address(office),
            "breadcrumb": _breadcrumb(),
        },
        status=422 if form.is_bound else 200,
    )


def _address(office: Office) -> str:
    return f"{reverse('letter_office')}?kantor={office.code}"


def _breadcrumb() -> list[dict[str, str]]:
    return [
        {"label": "Surat", "url": "/surat/"},
        {"label": "Kop dan penanda tangan", "url": reverse("letter_office")},
    ]
