"""The papers of a clarification: the letter that asks, on its way, and the minutes. /penghargaan/klarifikasi/<id>/…"""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters import papers
from letters.wording import WIB

from . import breadcrumbs, clarifications, rules
from . import clarification_letter as letter
from .award_forms import LetterForm
from .decrees import Refused
from .models import Clarification


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DRAFT_DECREE)
def clarification_letter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """/penghargaan/klarifikasi/<id>/surat/: its number and signatory, then the signed PDF, with which it is sent."""
    asked = _asked(request, pk)
    if not letter.may_write(asked, request.user):
        messages.info(request, "Surat ini sudah disampaikan dan tidak dapat diubah.")
        return redirect(asked)
    names = ("letter_number", "signatory_office", "signatory_name")
    form = LetterForm(
        request.POST or None,
        request.FILES or None,
        initial={name: getattr(asked, name) for name in names},
        by=request.user,
        at=request.received_at,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            asked = letter.write(
                asked,
                number=given["letter_number"],
                signatory_office=given["signatory_office"],
                signatory_name=given["signatory_name"],
                signed=given["signed"],
                by=request.user,
                at=request.received_at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"Surat klarifikasi: {letter.state_of(asked).lower()}.")
            return redirect(asked)
    context = {
        "asked": asked,
        "form": form,
        "state": letter.state_of(asked),
        "breadcrumb": [
            *breadcrumbs.to_award(asked.award, request.user),
            {"label": "Klarifikasi", "url": asked.get_absolute_url()},
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "awards/clarification_letter.html", context, status=status)


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
