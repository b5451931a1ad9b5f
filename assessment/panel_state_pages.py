"""Whether the panels of a round keep the rules, and how much each assessor has on hand: /panel/keadaan/."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import needs
from accounts.roles import Right
from nominations import lists
from nominations.models import Round

from . import panel_lists, panels
from .panel_pages import round_of


@require_safe
@needs(Right.ASSIGN, Right.READ_ALL, Right.REOPEN_SCORE)
def state(request: HttpRequest) -> HttpResponse:
    """A page of its own, and the two sections that /panel/ fetches out of it."""
    round_ = round_of(request, lists.rounds())
    if round_ is None:
        raise Http404
    so_far = panel_lists.summary(request.user, round_)
    rules = panels.rules_of(round_, so_far, at=request.received_at)
    context = {"round": round_, "rules": rules, **_loads(round_, at=request.received_at)}
    return render(request, "assessment/panel_state.html", context)


def _loads(round_: Round, *, at: datetime) -> dict[str, Any]:
    loads = panels.loads(round_, at=at)
    return {
        "load_columns": [
            {"label": "Penilai"},
            {"label": "Kantor"},
            {"label": "Panel", "numeric": True},
            {"label": "Sudah menyatakan", "numeric": True},
            {"label": "Sudah mengirim", "numeric": True},
        ],
        "load_rows": [
            [
                load.person.full_name,
                load.office.name if load.office else "Tidak lagi menjadi penilai",
                load.panels,
                load.declared,
                load.submitted,
            ]
            for load in loads
        ],
        "load_totals": [
            "Jumlah",
            "",
            sum(load.panels for load in loads),
            sum(load.declared for load in loads),
            sum(load.submitted for load in loads),
        ],
    }
