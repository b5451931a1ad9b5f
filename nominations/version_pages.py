"""/usulan/<id>/versi/: every copy as it was submitted, and what any two of them say differently."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import answers, copies, rules, standing
from .models import State, Submission
from .proposal_access import seen

NOW = "sekarang"


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Two copies side by side: the one before the last beside the last where the address names none."""
    nomination = seen(request, pk)
    if not standing.reads_its_way(request.user, nomination):
        raise Http404
    kept = list(nomination.submissions.select_related("by").order_by("sequence"))
    if not kept:
        raise Http404
    choices = [(str(each.sequence), _named(each)) for each in kept]
    contents: dict[str, Any] = {str(each.sequence): each.content for each in kept}
    if nomination.state == State.RETURNED and rules.holds_its_office(request.user, nomination):
        choices.append((NOW, "Isian sekarang, belum dikirim"))
        contents[NOW] = copies.content_of(nomination)
    before = _asked(request.GET.get("dari"), contents, default=choices[-2 if len(choices) > 1 else -1][0])
    after = _asked(request.GET.get("ke"), contents, default=choices[-1][0])
    changes = answers.changes(contents[before], contents[after])
    names = dict(choices)
    return render(
        request,
        "nominations/versions.html",
        {
            "nomination": nomination,
            "submissions": kept,
            "choices": choices,
            "before": before,
            "after": after,
            "changes": changes,
            "columns": [{"label": label} for label in ("Isian", names[before], names[after])],
            "rows": [[change.label, change.before, change.after] for change in changes],
            "zone": nomination.regency.province.zone,
            "breadcrumb": [
                {"label": "Usulan", "url": "/usulan/"},
                {"label": nomination.product.name, "url": nomination.get_absolute_url()},
            ],
        },
    )


def _named(submission: Submission) -> str:
    return f"Pengiriman ke-{submission.sequence}"


def _asked(wanted: str | None, contents: dict[str, Any], *, default: str) -> str:
    """The copy that the address names; 404 for one that is not there or not this reader's."""
    if not wanted:
        return default
    if wanted not in contents:
        raise Http404
    return wanted
