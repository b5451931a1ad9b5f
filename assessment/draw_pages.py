"""/panel/undian/: the balanced draw of a round, looked at before it is taken."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from nominations.models import Round
from nominations.round_pages import round_asked

from . import draws
from .refusals import Refused

_LARGEST_SEED = 999_999
_PANELS_SHOWN = 200


class SeedForm(forms.Form):
    use_required_attribute = False
    benih = forms.IntegerField(
        label="Benih undian",
        min_value=0,
        max_value=_LARGEST_SEED,
        help_text="Benih yang sama pada keadaan yang sama memberi hasil undian yang sama.",
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={"invalid": "Tulis benih dengan angka, misalnya 4821."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ASSIGN)
def draw(request: HttpRequest) -> HttpResponse:
    """The plan of a seed: loads, provinces and pairs side by side, each panel; taken over with one press."""
    round_ = round_asked(request)
    if round_ is None:
        return redirect("panels")
    given = request.POST if request.method == "POST" else request.GET
    # The first look needs a seed from nowhere else: the second of the request will do, and stands in the address.
    seed = {"benih": given["benih"] if "benih" in given else str(request.received_at.microsecond)}
    form = SeedForm(seed)
    if not form.is_valid():
        return render(request, "assessment/draw.html", _context(request, round_, form, None))
    if request.method == "POST" and "terapkan" in request.POST:
        try:
            count = draws.take(
                round_, seed=form.cleaned_data["benih"], fingerprint=request.POST.get("sidik", ""),
                by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
        else:
            messages.success(
                request, f"{count} penugasan dibuat dari undian benih {form.cleaned_data['benih']}."
            )
            return redirect(f"{reverse('panels')}?periode={round_.pk}")
    drawn = draws.draw(round_, seed=form.cleaned_data["benih"], at=request.received_at)
    return render(request, "assessment/draw.html", _context(request, round_, form, drawn))


def _context(request: HttpRequest, round_: Round, form: SeedForm, drawn: draws.Draw | None) -> dict[str, Any]:
    return {
        "round": round_,
        "form": form,
        "draw": drawn,
        "shortages": draws.shortage_words(drawn.plan.shortages) if drawn else [],
        "share_columns": [
            {"label": "Penilai"}, {"label": "Kantor"}, {"label": "Sekarang", "numeric": True},
            {"label": "Ditambah", "numeric": True}, {"label": "Menjadi", "numeric": True},
            {"label": "Provinsi", "numeric": True}, {"label": "Terbanyak dengan rekan yang sama", "numeric": True},
        ],
        "share_rows": [
            [
                one.person.full_name, one.office.name, one.before, one.added, one.after, one.provinces,
                one.closest,
            ]
            for one in (drawn.shares if drawn else ())
        ],
        "panel_columns": [{"label": "Usulan"}, {"label": "Kabupaten/kota"}, {"label": "Penilai yang diundi"}],
        "panel_rows": _panels(drawn) if drawn else [],
        "more_panels": max(len(drawn.plan.seats) - _PANELS_SHOWN, 0) if drawn else 0,
        "breadcrumb": [{"label": "Panel", "url": f"{reverse('panels')}?periode={round_.pk}"}],
    }  # fmt: skip


def _panels(drawn: draws.Draw) -> list[list[Any]]:
    return [
        [
            {
                "text": drawn.nominations[nomination].product.ikm.name,
                "note": f"{drawn.nominations[nomination].product.name}, {drawn.nominations[nomination].number}",
            },
            drawn.nominations[nomination].regency.full_name,
            ", ".join(drawn.people[person].full_name for person in panel),
        ]
        for nomination, panel in list(drawn.plan.seats.items())[:_PANELS_SHOWN]
    ]
