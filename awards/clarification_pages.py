"""The papers of a clarification: the letter that asks, and the minutes of it. /penghargaan/klarifikasi/<id>/…"""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from letters import papers
from letters.wording import WIB

from . import clarifications, rules
from .models import Clarification


@require_safe
def clarification_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The request as a letter, for the signing office and whoever was asked."""
    asked = _asked(request, pk)
    context = {
        "office": clarifications.office_of(asked.award),
        "on": timezone.localdate(asked.asked_at, WIB),
    }
    return _paper("clarification_letter", asked, context, name=f"surat-klarifikasi-{asked.pk}.pdf")


@require_safe
def clarification_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes, once the holder was heard or the time is over; 404 before."""
    asked = _asked(request, pk)
    if not clarifications.has_minutes(
        asked, for_ministry=rules.may_see_decrees(request.user), at=request.received_at
    ):
        raise Http404
    context = {
        "evidence": [one.file for one in asked.evidence.select_related("file")],
        "ended_on": timezone.localdate(asked.ended_at, WIB) if asked.ended_at else None,
    }
    return _paper("clarification_minutes", asked, context, name=f"berita-acara-klarifikasi-{asked.pk}.pdf")


def _asked(request: HttpRequest, pk: int) -> Clarification:
    return get_object_or_404(rules.clarifications_visible_to(request.user), pk=pk)


def _paper(template: str, asked: Clarification, context: Mapping[str, object], *, name: str) -> HttpResponse:
    award = asked.award
    return papers.answer(
        f"awards/pdf/{template}.html",
        {
            "asked": asked,
            "award": award,
            "year": award.decree.round_id,
            "is_example": award.is_example,
            "letterhead": papers.ministry_letterhead(),
            **context,
        },
        name=name,
    )
