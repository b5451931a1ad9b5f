"""/penghargaan/evaluasi-ulang/<tahun>/: the awards whose term ends, looked over and called in by the secretariat."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from accounts.sent_numbers import number_in
from nominations.guards import Refused as NominationRefused
from nominations.models import Phase, Round

from . import calling_in
from .decrees import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_ROUND)
def call_in(request: HttpRequest, year: int) -> HttpResponse:
    """Who can be called in and who cannot, and why; then one page that says what happens; then it happens."""
    round_ = get_object_or_404(Round, pk=year)
    ticked = (number_in(one) for one in request.POST.getlist("penghargaan"))
    chosen = {one for one in ticked if one is not None}
    if request.method == "POST" and "pasti" in request.POST:
        try:
            made = calling_in.call_in(round_, chosen, by=request.user, at=request.received_at)
        except (Refused, NominationRefused) as refusal:
            messages.error(request, refusal.for_reader)
        else:
            messages.success(request, f"{len(made)} penerima dipanggil. Dinasnya diberi tahu.")
        return redirect("call_in", year=year)
    rows = calling_in.due(round_, at=request.received_at)
    if request.method == "POST" and chosen:
        return _sure(request, round_, [one for one in rows if one.award.pk in chosen and not one.hindrance])
    phase = round_.phase(Phase.Kind.NOMINATION)
    return render(
        request,
        "awards/calling_in.html",
        {
            "round": round_,
            "breadcrumb": [{"label": "Penghargaan", "url": reverse("decrees")}],
            "may": [one for one in rows if not one.hindrance],
            "may_not": [one for one in rows if one.hindrance],
            "closes_at": phase.closes_at if phase and request.received_at < phase.closes_at else None,
            "nothing_chosen": request.method == "POST",
        },
    )


def _sure(request: HttpRequest, round_: Round, chosen: list[calling_in.Due]) -> HttpResponse:
    offices = Counter(one.office.name for one in chosen if one.office)
    told = "; ".join(f"{name} ({count})" for name, count in sorted(offices.items()))
    kept = sum(1 for one in chosen if one.there)
    context: dict[str, Any] = {
        "title": f"Panggil {len(chosen)} penerima untuk evaluasi ulang periode {round_.pk}?",
        "consequence": f"Draf usulan dibuat dengan isian dan dokumen terakhir, dan petugas diberi tahu lewat email: {told}."
        + (f" {kept} usulan yang sudah disusun dinas hanya ditandai." if kept else ""),
        "confirm_label": "Panggil penerima",
        "hidden": [("pasti", "ya"), *(("penghargaan", str(one.award.pk)) for one in chosen)],
        "cancel_url": reverse("call_in", args=[round_.pk]),
        "breadcrumb": [{"label": "Penghargaan", "url": reverse("decrees")}],
    }
    return render(request, "confirm.html", context)
