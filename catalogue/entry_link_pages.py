"""The IKM's own page behind its link: /halaman-produk/<token>/. What it writes goes to its dinas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from awards.decrees import Refused
from files.refusals import Refused as FileRefused
from nominations.status_pages import unlisted

from . import entries, entry_link
from .entry_forms import IkmPhotoForm, IkmWordsForm, beside, initial_of
from .entry_models import EntryLink, EntryVersion
from .photos import PHOTOS_AT_MOST

# What the refusal says to an officer, who can take it back, helps nobody here.
_UNDER_REVIEW = (
    "Halaman ini dikirim dinas untuk ditinjau Sekretariat setelah Anda membukanya, sehingga kiriman Anda tidak disimpan. "
    "Hubungi dinas kabupaten/kota Anda."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def entry_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The words and photos; the same 404 for a forged link and for one that is over."""
    link = entry_link.find(token, at=request.received_at)
    if link is None:
        return unlisted(render(request, "catalogue/desk/ikm_gone.html", status=404))
    stored = entries.open_version(link.award) or entries.shown(link.award)
    is_photo = request.method == "POST" and "foto" in request.POST
    words = IkmWordsForm(
        request.POST if request.method == "POST" and not is_photo else None, initial=initial_of(stored)
    )
    photo = IkmPhotoForm(*((request.POST, request.FILES) if is_photo else ()))
    sent: IkmWordsForm | IkmPhotoForm = photo if is_photo else words
    stored_now: list[tuple[str, str]] = []
    if request.method == "POST" and sent.is_valid():
        try:
            done = _take(request, link, stored, sent)
        except Refused as refusal:
            sent.add_error(None, _UNDER_REVIEW if refusal.code == "sent" else refusal.for_reader)
            if refusal.code == "changed_meanwhile":
                stored_now = beside(sent, stored)
        except FileRefused as refusal:
            sent.add_error("file", refusal.for_reader)
        else:
            messages.success(request, done)
            return unlisted(redirect(request.path))
    return unlisted(_page(request, link, stored, words, photo, sent, stored_now))


def _take(
    request: HttpRequest, link: EntryLink, stored: EntryVersion, form: IkmWordsForm | IkmPhotoForm
) -> str:
    data: dict[str, Any] = dict(form.cleaned_data)
    if isinstance(form, IkmPhotoForm):
        entry_link.take_photo(link, data["file"], alt=data["alt"], at=request.received_at)
        return "Foto tersimpan dan menunggu dinas."
    seen = data.pop("seen")
    english = {name: getattr(stored, name) for name in entries.WORDS if name.endswith("_en")}
    entries.write_as_ikm(link.award, {**english, **data}, seen=seen, link=link.number, at=request.received_at)
    return "Tulisan tersimpan dan menunggu dinas."


def _page(
    request: HttpRequest,
    link: EntryLink,
    stored: EntryVersion,
    words: IkmWordsForm,
    photo: IkmPhotoForm,
    sent: IkmWordsForm | IkmPhotoForm,
    stored_now: list[tuple[str, str]],
) -> HttpResponse:
    is_sent = stored.state == EntryVersion.State.SENT
    photos = list(stored.photos.all()) if stored.pk and stored.state != EntryVersion.State.SHOWN else []
    return render(
        request,
        "catalogue/desk/ikm.html",
        {
            "award": link.award,
            "is_sent": is_sent,
            # The page under review has no form to hold what was typed meanwhile.
            "typed": _typed(words) if is_sent and words.is_bound else [],
            "words": words,
            "photo": photo,
            "refused": sent if sent.is_bound else None,
            "beside": stored_now,
            "photos": photos,
            "may_add_photo": len(photos) < PHOTOS_AT_MOST,
            "ends_at": link.ends_at,
            "zone": link.award.regency.province.zone,
        },
    )


def _typed(words: IkmWordsForm) -> list[tuple[str, str]]:
    fields = ((str(field.label), str(field.value() or "")) for field in words.visible_fields())
    return [(label, text) for label, text in fields if text]
