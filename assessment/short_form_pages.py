"""/instrumen/<kelompok>/ringkas/: the shorter form with which earlier recipients are assessed again."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.sent_numbers import number_in

from . import instruments, short_forms
from .instrument_draft_pages import group_of, whoever_drafts
from .models import Instrument
from .refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def short_form(request: HttpRequest, group: str) -> HttpResponse:
    """Choose what is asked of earlier recipients, and publish it."""
    found = group_of(group)
    full = instruments.latest_for(found)
    if full is None:
        raise Http404
    there, problem = short_forms.of(full), ""
    chosen = set(request.POST.getlist("indikator")) if request.method == "POST" else _codes(there or full)
    if request.method == "POST":
        try:
            one = short_forms.publish(
                found, chosen, seen=number_in(request.POST.get("versi")) or 0,
                by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            problem = refusal.for_reader
        else:
            messages.success(request, f"Bentuk ringkas terbit sebagai versi {one.version}.")
            return redirect(one)
    return render(
        request,
        "assessment/instrument_short.html",
        {
            "breadcrumb": [{"label": "Instrumen", "url": "/instrumen/"}],
            "full": full,
            "total": len(full.ladders),
            "there": there,
            "there_total": len(there.ladders) if there else 0,
            "problem": problem,
            "parts": _parts(full, chosen),
        },
    )


def _codes(instrument: Instrument) -> set[str]:
    return {line["code"] for line in instruments.lines(instrument.definition)}


def _parts(full: Instrument, chosen: Collection[str]) -> list[dict[str, Any]]:
    return [
        {
            "code": part["code"],
            "name": part["name"],
            "weight": instruments.comma(part["weight"]),
            "lines": [
                {"code": line["code"], "name": line["name"], "chosen": line["code"] in chosen}
                for section in part["sections"]
                for line in section["indicators"]
            ],
        }
        for part in full.definition["parts"]
    ]
