"""
The steps of a letter on its page: /surat/<id>/<langkah>/.

paraf, nomor, tanda-tangan and sampaikan are pressed on the page of the letter; what ends something (konsep, buang,
cabut, ganti) asks for its reason on a page of its own; susun-ulang is the form of the draft.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from files.models import StoredFile
from letters import kinds, official
from letters.models import Letter
from letters.wording import WIB

from . import letter_desk, letter_drafts, letter_rules
from .letter_drafts import REFUSALS
from .letter_forms import LetterReasonForm, NumberForm, ReplaceForm, SignedForm
from .letter_pages import redraft_page, seen

Press = Callable[[HttpRequest, Letter], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
def letter_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of one letter; a GET of what is pressed on its page leads there."""
    letter = seen(request, pk)
    if step not in (*_PRESSED, *_ENDS, "susun-ulang"):
        raise Http404
    if not letter_rules.may_handle(request.user, letter):
        raise PermissionDenied(letter_rules.whose(letter.kind))
    if step == "susun-ulang":
        return redraft_page(request, letter)
    if step in _ENDS:
        return _end(request, letter, _ENDS[step])
    return _PRESSED[step](request, letter) if request.method == "POST" else redirect("letter", pk)


# --- Pressed on the page of the letter -----------------------------------------------------------------------------
def _initial(request: HttpRequest, letter: Letter) -> HttpResponse:
    return _taken(request, letter, _initialled, "Surat diparaf. Berikutnya: nomor dan tanggal.")


def _initialled(letter: Letter, *, by: Person, at: datetime) -> None:
    letter_drafts.step(letter, official.initial, by=by, at=at)


def _deliver(request: HttpRequest, letter: Letter) -> HttpResponse:
    return _taken(
        request,
        letter,
        letter_drafts.deliver,
        "Surat disampaikan. Kantor yang dituju diberi tahu dan dapat membukanya sekarang.",
    )


def _taken(request: HttpRequest, letter: Letter, does: Callable[..., Any], done: str) -> HttpResponse:
    """A step that asks for nothing."""
    try:
        does(letter, by=request.user, at=request.received_at)
    except REFUSALS as refusal:
        messages.info(request, refusal.for_reader)
    else:
        messages.success(request, done)
    return redirect("letter", letter.pk)


def _number(request: HttpRequest, letter: Letter) -> HttpResponse:
    if kinds.KINDS[letter.kind].family == "portal":
        return _portal_number(request, letter)
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            warning = letter_drafts.step(
                letter,
                official.assign_number,
                by=request.user,
                at=request.received_at,
                number=form.cleaned_data["nomor"],
                date=form.cleaned_data["tanggal"],
            )
        except REFUSALS as refusal:
            field = "tanggal" if isinstance(refusal, kinds.NotConsistent) else "nomor"
            form.add_error(field, refusal.for_reader)
        else:
            if warning:
                messages.warning(request, warning)
            else:
                messages.success(request, "Nomor dan tanggal dicatat. Naskah siap ditandatangani.")
            return redirect("letter", letter.pk)
    return _drawn_again(request, letter, form)


def _portal_number(request: HttpRequest, letter: Letter) -> HttpResponse:
    day = timezone.localdate(request.received_at, WIB)
    try:
        numbered = letter_drafts.number_by_portal(letter, day=day, by=request.user, at=request.received_at)
    except REFUSALS as refusal:
        messages.info(request, refusal.for_reader)
    else:
        messages.success(request, f"Diberi nomor {numbered.number}. Naskah siap ditandatangani.")
    return redirect("letter", letter.pk)


def _sign(request: HttpRequest, letter: Letter) -> HttpResponse:
    form = SignedForm(request.POST, request.FILES, by=request.user, at=request.received_at)
    if form.is_valid():
        stored: StoredFile = form.cleaned_data["berkas"]
        if stored.state == StoredFile.State.WAITING:
            form.add_error(
                "berkas",
                "Berkas ini tersimpan dan masih diperiksa dari program berbahaya. Tekan lagi sebentar lagi; berkas "
                "tidak perlu dipilih ulang.",
            )
            return _drawn_again(request, letter, form)
        try:
            letter_drafts.sign(letter, scan=stored, by=request.user, at=request.received_at)
        except REFUSALS as refusal:
            form.add_error("berkas", refusal.for_reader)
        else:
            messages.success(request, "Naskah yang ditandatangani tersimpan. Isinya tidak dapat diubah lagi.")
            return redirect("letter", letter.pk)
    return _drawn_again(request, letter, form)


def _drawn_again(request: HttpRequest, letter: Letter, form: forms.Form) -> HttpResponse:
    """The page as things stand now, with what was typed."""
    fresh = seen(request, letter.pk)
    return render(request, "nominations/letter.html", letter_desk.context(request, fresh, form), status=422)


_PRESSED: dict[str, Press] = {
    "paraf": _initial,
    "nomor": _number,
    "tanda-tangan": _sign,
    "sampaikan": _deliver,
}


# --- What ends something, with a reason ----------------------------------------------------------------------------
@dataclass(frozen=True)
class End:
    does: Callable[..., Any]
    title: str
    consequence: str
    label: str
    done: str
    replaces: bool = False


_ENDS: dict[str, End] = {
    "konsep": End(
        official.back_to_draft,
        "Kembalikan menjadi konsep?",
        "Paraf ditiadakan dan nomor agenda menjadi bebas. Sesudah itu surat dapat disusun ulang.",
        "Kembalikan menjadi konsep",
        "Surat kembali menjadi konsep.",
    ),
    "buang": End(
        official.discard,
        "Buang konsep surat ini?",
        "Konsep dan pratinjaunya dihapus; alasan tetap tercatat dalam riwayat. Surat dapat disusun lagi dari catatan.",
        "Buang konsep",
        "Konsep dibuang.",
    ),
    "cabut": End(
        official.revoke,
        "Cabut surat ini?",
        "Surat tetap tersimpan dan terbaca dengan tanda dicabut. Pencabutan tidak dapat diurungkan.",
        "Cabut surat",
        "Surat dicabut.",
    ),
    "ganti": End(
        official.replace,
        "Ganti dengan surat lain?",
        "Surat ini tetap tersimpan dengan tautan ke penggantinya. Penggantian tidak dapat diurungkan.",
        "Ganti surat",
        "Surat diganti.",
        replaces=True,
    ),
}


def _end(request: HttpRequest, letter: Letter, end: End) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    choices = letter_drafts.replacements_for(letter) if end.replaces else []
    if end.replaces and not choices:
        messages.info(
            request,
            "Belum ada surat penggantinya. Susun surat baru tentang hal yang sama sampai ditandatangani, lalu ganti.",
        )
        return redirect("letter", letter.pk)
    form = ReplaceForm(data, choices=choices) if end.replaces else LetterReasonForm(data)
    if data is not None and form.is_valid():
        facts = {"new": form.cleaned_data["pengganti"]} if end.replaces else {}
        try:
            letter_drafts.step(
                letter,
                end.does,
                by=request.user,
                at=request.received_at,
                reason=form.cleaned_data["alasan"],
                **facts,
            )
        except REFUSALS as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, end.done)
            is_gone = not Letter.objects.filter(pk=letter.pk).exists()
            return redirect("letters") if is_gone else redirect("letter", letter.pk)
    return render(
        request,
        "nominations/letter_end.html",
        {
            "form": form,
            "end": end,
            "letter": letter,
            "name": letter_desk.kind_name(letter),
            "cancel_url": reverse("letter", args=[letter.pk]),
            "breadcrumb": [
                {"label": "Surat", "url": reverse("letters")},
                {"label": letter_desk.kind_name(letter), "url": reverse("letter", args=[letter.pk])},
            ],
        },
        status=422 if data is not None else 200,
    )
