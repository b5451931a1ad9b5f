"""The page of an awarded product as its dinas writes it: /penghargaan/penerima/<id>/halaman/ and below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import needs
from accounts.roles import Right
from awards import breadcrumbs, rules
from awards.decrees import Refused
from awards.models import Award
from letters.wording import clock
from nominations.saving import is_script

from . import entries, entry_link, entry_photos, entry_rules, photos, selling
from .desk_forms import PlaceForm
from .entry_forms import PhotoForm, PhotoWordsForm, WordsForm, beside, initial_of
from .entry_models import EntryLink, EntryPhoto, EntryVersion

_readers = needs(Right.NOMINATE, *rules.MAY_SEE_DECREES)
_writers = needs(Right.NOMINATE, Right.DRAFT_DECREE)
# Nothing is below each other yet: that is what the button beside it is for.
_CHANGED_MEANWHILE = (
    "Halaman ini baru saja diubah orang lain. Isian Anda belum disimpan dan masih tampil di halaman ini."
)
_form_page = require_http_methods(["GET", "HEAD", "POST"])


def readable(request: HttpRequest, pk: int) -> Award:
    return get_object_or_404(entry_rules.visible_to(request.user), pk=pk)


def _writable(request: HttpRequest, pk: int) -> Award:
    return get_object_or_404(entry_rules.writable_by(request.user), pk=pk)


def breadcrumb(request: HttpRequest, award: Award, *, last: bool = False) -> list[dict[str, str]]:
    trail = breadcrumbs.to_award(award, request.user)
    return trail if last else [*trail, {"label": "Halaman produk", "url": reverse("entry", args=[award.pk])}]


@require_safe
@_readers
def entry_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the page stands, what it will tell, and what can be done next."""
    award = readable(request, pk)
    entry = entries.open_version(award)
    told = entry or entries.shown(award)
    link = EntryLink.objects.filter(award=award).first()
    path = entry_link.address_of(link, at=request.received_at)
    may_write = entry_rules.writable_by(request.user).filter(pk=award.pk).exists()
    return render(
        request,
        "catalogue/desk/entry.html",
        {
            "award": award,
            "entry": entry,
            "told": told,
            "badge": badge(entry),
            "pictures": _pictures(award, entry),
            "public_places": award.product.ikm.selling_places.all(),
            "new_places": entry.places.all() if entry else [],
            "may_write": may_write,
            "may_change": may_write and not (entry and entry.state == EntryVersion.State.SENT),
            "may_review": entry_rules.may_review(request.user),
            "photos_at_most": photos.PHOTOS_AT_MOST,
            "link": f"{settings.PORTAL_URL}{path}" if path and may_write else "",
            "link_ends": link.ends_at if link else None,
            "zone": award.regency.province.zone,
            "breadcrumb": breadcrumb(request, award, last=True),
        },
    )


def badge(entry: EntryVersion | None) -> dict[str, str]:
    if entry is None:
        return {"state": "Tidak ada perubahan", "tone": "netral"}
    tone = {"dikirim": "info", "dikembalikan": "hati"}.get(entry.state, "netral")
    return {"state": entry.get_state_display(), "tone": tone}


def _pictures(award: Award, entry: EntryVersion | None) -> list[dict[str, Any]]:
    """The photos as they will be shown, each with its file's address, words and state; public ones where none is open."""
    if entry is None:
        return [
            {"pk": None, "url": one.address(one.widths[0], "jpg"), "alt": one.alt, "alt_en": one.alt_en, "state": ""}
            for one in award.shown_photos.all()
        ]  # fmt: skip
    return [
        {"pk": one.pk, "url": one.file.get_absolute_url(), "alt": one.alt, "alt_en": one.alt_en, "state": one.file.state}
        for one in entry.photos.select_related("file")
    ]  # fmt: skip


@_form_page
@_writers
def entry_words(request: HttpRequest, pk: int) -> HttpResponse:
    """The story, the raw material and where it comes from, in both languages."""
    award = _writable(request, pk)
    stored = entries.open_version(award) or entries.shown(award)
    form = WordsForm(request.POST or None, initial=initial_of(stored))
    stored_now: list[tuple[str, str]] = []
    if request.method == "POST" and is_script(request):
        return _saved_by_itself(request, award, form)
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        try:
            entries.write(award, words, seen=words.pop("seen"), by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
            if refusal.code == "changed_meanwhile":
                stored_now = beside(form, stored)
        else:
            messages.success(
                request, "Tulisan tersimpan. Masyarakat melihatnya setelah ditinjau Sekretariat."
            )
            return redirect("entry", award.pk)
    return _form(
        request, award, form, title="Cerita dan bahan baku", save_label="Simpan tulisan", stored=stored_now,
        saves_itself=True,
    )  # fmt: skip


def _saved_by_itself(request: HttpRequest, award: Award, form: WordsForm) -> JsonResponse:
    """What static/js/autosave.js is told: the version and the hour, or why nothing was stored."""
    if not form.is_valid():
        problems = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return JsonResponse({"text": f"Belum tersimpan: {problems}"}, status=422)
    words = dict(form.cleaned_data)
    try:
        entry = entries.write(
            award, words, seen=words.pop("seen"), by=request.user, at=request.received_at, by_itself=True
        )
    except Refused as refusal:
        if refusal.code == "changed_meanwhile":
            return JsonResponse({"text": _CHANGED_MEANWHILE}, status=409)
        return JsonResponse({"text": refusal.for_reader}, status=422)
    time = clock(request.received_at, ZoneInfo(award.regency.province.zone))
    return JsonResponse({"version": entry.version, "time": time, "problems": {}})


def _form(
    request: HttpRequest,
    award: Award,
    form: forms.Form,
    *,
    title: str,
    save_label: str = "Simpan foto",
    stored: Sequence[tuple[str, str]] = (),
    saves_itself: bool = False,
) -> HttpResponse:
    return render(
        request,
        "catalogue/desk/entry_form.html",
        {
            "award": award,
            "form": form,
            "title": title,
            "save_label": save_label,
            "stored": stored,
            "saves_itself": saves_itself,
            "breadcrumb": breadcrumb(request, award),
        },
    )


@_form_page
@_writers
def entry_photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    award = _writable(request, pk)
    handed_in = {str(one.pk): one for one in photos.candidates(award)}
    choices = [
        (key, f"{one.kind.name}: {one.caption or one.file.original_name}") for key, one in handed_in.items()
    ]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PhotoForm(*sent, choices=choices, by=request.user, at=request.received_at)
    if sent and form.is_valid():
        data = form.cleaned_data
        file = handed_in[data["handed_in"]].file if data.get("handed_in") else data["file"]
        try:
            entry_photos.add(
                award, file, alt=data["alt"], alt_en=data["alt_en"], by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Foto tersimpan. Masyarakat melihatnya setelah ditinjau Sekretariat.")
            return redirect("entry", award.pk)
    return _form(request, award, form, title="Tambah foto")


@_form_page
@_writers
def entry_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """The words of one photo."""
    award = _writable(request, pk)
    found = get_object_or_404(EntryPhoto.objects.filter(entry__in=award.entry_versions.open()), pk=photo)
    form = PhotoWordsForm(request.POST or None, initial={"alt": found.alt, "alt_en": found.alt_en})
    if request.method == "POST" and form.is_valid():
        try:
            entry_photos.describe(award, photo, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Keterangan foto tersimpan.")
            return redirect("entry", award.pk)
    return _form(request, award, form, title="Keterangan foto")


@_form_page
@_writers
def entry_place_add(request: HttpRequest, pk: int) -> HttpResponse:
    award = _writable(request, pk)
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            entry_photos.add_place(
                award, kind=data["jenis"], name=data["nama"], url=data["alamat"], agreed_on=data["disetujui"],
                by=request.user, at=request.received_at, today=timezone.localdate(request.received_at),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Tempat membeli tersimpan. Masyarakat melihatnya setelah ditinjau.")
            return redirect("entry", award.pk)
    return _form(request, award, form, title="Tambah tempat membeli", save_label="Simpan tempat membeli")


# --- What is done with one press -----------------------------------------------------------------------------------
def _deed(do: Callable[..., object], done: str) -> Callable[..., HttpResponseBase]:
    """
    A page that does one thing to an award's page and goes back to it, with what was done or why it was not. do: takes
    the award, what of it the address names (a photo, a place), `by` and `at`.
    """

    @require_POST
    @_writers
    def deed(request: HttpRequest, pk: int, **named: int) -> HttpResponse:
        award = _writable(request, pk)
        try:
            do(award, **named, by=request.user, at=request.received_at)
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
        else:
            messages.success(request, done)
        return redirect("entry", award.pk)

    return deed


# Begins as what is shown, to change the order or the words of its photos.
entry_begin = _deed(entries.begin, "Rancangan halaman produk dibuat.")
entry_send = _deed(entries.send, "Halaman produk terkirim dan menunggu tinjauan Sekretariat.")
entry_take_back = _deed(entries.take_back, "Halaman produk ditarik kembali dan dapat diubah.")
entry_photo_up = _deed(entry_photos.move_up, "Urutan foto tersimpan.")
entry_photo_remove = _deed(entry_photos.take_out, "Foto dihapus dari rancangan halaman ini.")
entry_place_remove = _deed(entry_photos.take_out_place, "Tempat membeli dihapus dari rancangan halaman ini.")
# One that is public: the IKM took its agreement back, so it goes at once.
entry_place_end = _deed(selling.end, "Tempat membeli tidak lagi tampil.")
entry_link_make = _deed(
    entry_link.make, "Tautan untuk IKM dibuat. Tautan sebelumnya, bila ada, tidak berlaku lagi."
)
entry_link_stop = _deed(entry_link.stop, "Tautan untuk IKM tidak berlaku lagi.")
