"""One published award as the ministry keeps it, and the request for clarification: /penghargaan/penerima/<id>/."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right

from . import breadcrumbs, clarification_letter, clarifications, reissue, revocation, rules, star_labels
from .award_forms import AnswerForm, AskForm, EndForm, ReissueForm
from .decrees import Refused
from .models import Award, Clarification

_ministry_only = needs(*rules.MAY_SEE_DECREES)


def _award(pk: int) -> Award:
    return get_object_or_404(Award.objects.published().with_names(), pk=pk)


def _breadcrumb(award: Award, *, last: bool = False) -> list[dict[str, str]]:
    first = breadcrumbs.to_decree(award.decree)
    return (
        first if last else [*first, {"label": award.ikm_name, "url": reverse("award_kept", args=[award.pk])}]
    )


@require_safe
@_ministry_only
def award_kept(request: HttpRequest, pk: int) -> HttpResponse:
    """The award as decreed and as in force, its papers, its changes and clarifications."""
    award = _award(pk)
    return render(
        request,
        "awards/award_kept.html",
        {
            "award": award,
            "papers": award.certificates.order_by("version"),
            "changes": award.published_changes(),
            "clarifications": award.clarifications.order_by("-pk"),
            "has_label": star_labels.is_there(award, at=request.received_at),
            "may_act": request.user.may(Right.DRAFT_DECREE) and award.revoked_at is None,
            "breadcrumb": _breadcrumb(award, last=True),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DRAFT_DECREE)
def clarification_ask(request: HttpRequest, pk: int) -> HttpResponse:
    award = _award(pk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = revocation.ask(award, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Klarifikasi diminta. Penghargaan tetap berlaku sampai ada keputusan.")
            return redirect(asked)
    context = {
        "award": award,
        "form": form,
        "title": "Minta klarifikasi",
        "text": "Penerima diberi kesempatan menjelaskan lebih dahulu. Sampai ada keputusan, penghargaan tetap berlaku.",
        "send": "Kirim permintaan",
        "breadcrumb": _breadcrumb(award),
    }
    return render(request, "awards/award_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DRAFT_DECREE)
def certificate_reissue(request: HttpRequest, pk: int) -> HttpResponse:
    award = _award(pk)
    # As the paper in force prints it: who corrects a second time begins with the first correction.
    paper = award.certificates.in_force()
    form = ReissueForm(request.POST or None, initial={"name": paper.printed_name if paper else ""})
    if request.method == "POST" and form.is_valid():
        try:
            new = reissue.reissue(award, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request, f"Piagam Nomor {new.number} diterbitkan. Kode lama menunjuk ke piagam ini."
            )
            return redirect("award_kept", award.pk)
    context = {
        "award": award,
        "form": form,
        "title": "Terbitkan ulang piagam",
        "text": "Bintang tidak pernah berubah dengan cara ini. Piagam lama langsung dinyatakan diganti.",
        "send": "Terbitkan ulang",
        "breadcrumb": _breadcrumb(award),
    }
    return render(request, "awards/award_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def clarification(request: HttpRequest, pk: int) -> HttpResponse:
    """The request, the holder's answer through its dinas, and how it ended; each does here what is theirs."""
    asked = get_object_or_404(rules.clarifications_visible_to(request.user), pk=pk)
    answers, ends = clarifications.may_answer(asked, request.user), request.user.may(Right.DRAFT_DECREE)
    form: AnswerForm | EndForm | None = None
    if asked.outcome == "" and ends:
        form = EndForm(request.POST or None)
    elif asked.outcome == "" and answers and asked.answered_at is None:
        form = AnswerForm(
            request.POST or None, request.FILES or None, by=request.user, at=request.received_at
        )
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("Klarifikasi ini tidak dapat Anda ubah.")
        if form.is_valid() and (done := _sent(request, asked, form)):
            return done
    return render(
        request,
        "awards/clarification.html",
        {
            "asked": asked,
            "award": asked.award,
            "form": form,
            "ends": ends,
            "evidence": asked.evidence.select_related("file"),
            "has_minutes": clarifications.has_minutes(
                asked, for_ministry=rules.may_see_decrees(request.user), at=request.received_at
            ),
            "letter_state": clarification_letter.state_of(asked),
            "may_write_letter": clarification_letter.may_write(asked, request.user),
            "may_decide": asked.may_be_decided(at=request.received_at),
            "at": request.received_at,
            "breadcrumb": _breadcrumb(asked.award) if rules.may_see_decrees(request.user) else [],
        },
    )


def _sent(request: HttpRequest, asked: Clarification, form: AnswerForm | EndForm) -> HttpResponse | None:
    """Do what the form asks; None where it was refused, and the form says why."""
    who, data = {"by": request.user, "at": request.received_at}, form.cleaned_data
    try:
        if isinstance(form, AnswerForm):
            revocation.answer(asked, data["text"], evidence=form.evidence(), **who)
            messages.success(request, "Penjelasan terkirim kepada Sekretariat.")
        elif data["outcome"] == Clarification.Outcome.STANDS:
            revocation.let_stand(asked, reason=data["reason"], **who)
            messages.success(request, "Klarifikasi selesai. Penghargaan tetap berlaku.")
        else:
            decree = revocation.draft(asked, reason=data["reason"], **who)
            messages.success(request, "Rancangan SK pencabutan disusun dan menunggu pejabat penetap.")
            return redirect(decree)
    except Refused as refusal:
        form.add_error(None, refusal.for_reader)
        return None
    return redirect(asked)
