"""The secretariat's review of product pages: /penghargaan/halaman/ and /penghargaan/penerima/<id>/halaman/tinjau/."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from awards.decrees import Refused
from awards.models import Award
from letters.wording import WIB, instant_for_reader

from . import entries, entry_photos, entry_rules
from .entry_forms import ReviewForm
from .entry_models import EntryVersion
from .entry_pages import breadcrumb

_secretariat = needs(Right.DRAFT_DECREE)
PER_PAGE = 25
_LABELS = {
    field.name: str(field.verbose_name) for field in EntryVersion._meta.fields if field.name in entries.WORDS
}


@require_safe
@_secretariat
def entry_queue(request: HttpRequest) -> HttpResponse:
    """The pages that wait for the review, the one that waits longest first."""
    waiting = EntryVersion.objects.waiting().select_related("award").defer("story", "story_en")
    page = Paginator(waiting.order_by("sent_at", "pk"), PER_PAGE).get_page(request.GET.get("halaman"))
    rows = [
        [
            {"text": one.award.product_name, "url": reverse("entry_review", args=[one.award_id])},
            one.award.ikm_name,
            one.award.regency_name,
            instant_for_reader(one.sent_at, WIB) if one.sent_at else "",
        ]
        for one in page
    ]
    columns = [{"label": label} for label in ("Produk", "IKM", "Kabupaten/kota", "Dikirim")]
    return render(
        request,
        "catalogue/desk/entry_queue.html",
        {
            "columns": columns,
            "rows": rows,
            "page": page,
            "breadcrumb": [{"label": "Penghargaan", "url": reverse("decrees")}],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_secretariat
def entry_review(request: HttpRequest, pk: int) -> HttpResponse:
    """What is public beside what is proposed, and the decision."""
    award = get_object_or_404(entry_rules.writable_by(request.user), pk=pk)
    entry = entries.open_version(award)
    if entry is None or entry.state != EntryVersion.State.SENT:
        return redirect("entry", award.pk)
    form = ReviewForm(request.POST or None, initial={"seen": entry.version})
    if request.method == "POST" and form.is_valid():
        try:
            done = _decide(award, form, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error("reason" if refusal.code == "no_reason" else None, refusal.for_reader)
        else:
            messages.success(request, done)
            return redirect("entry", award.pk)
    shown = entries.shown(award)
    return render(
        request,
        "catalogue/desk/entry_review.html",
        {
            "award": award,
            "entry": entry,
            "form": form,
            "texts": [
                {
                    "label": _LABELS[name],
                    "before": getattr(shown, name),
                    "after": getattr(entry, name),
                    "lang": "en" if name.endswith("_en") else "",
                    "changed": getattr(shown, name) != getattr(entry, name),
                }
                for name in entries.WORDS
                if getattr(shown, name) or getattr(entry, name)
            ],
            "photos": entry_photos.compared(award, entry),
            "places": entry.places.all(),
            "zone": award.regency.province.zone,
            "breadcrumb": breadcrumb(request, award),
        },
    )


def _decide(award: Award, form: ReviewForm, *, by: Any, at: Any) -> str:
    data = form.cleaned_data
    if data["outcome"] == ReviewForm.SHOW:
        entries.show(award, seen=data["seen"], by=by, at=at)
        return "Halaman produk tampil kepada masyarakat."
    entries.give_back(award, reason=data["reason"], by=by, at=at)
    return "Halaman produk dikembalikan kepada penulisnya."
