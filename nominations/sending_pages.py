"""The end of the form: check the answers, send them, the receipt; and taking a nomination back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import answers, completeness, copies, guards, lifecycle, reading, standing, wizard
from .answer_pages import FROM, frame
from .guards import Act, Refused
from .models import Nomination, State, Submission
from .objection_pages import link_from
from .proposal_access import by_its_office, seen, while_editable
from .proposal_forms import WithdrawForm

_SENDING = ("submit", "resubmit")


@require_safe
@while_editable
def check(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """Every answer with a link to change it, what is missing, and the button that sends."""
    content = copies.content_of(nomination)
    missing = completeness.missing(nomination)
    remarks = wizard.remarks(nomination)
    sections = answers.sheet(content, {remark.field: remark.text for remark in remarks})
    return render(
        request,
        "nominations/proposal_check.html",
        {
            **frame(request, nomination, "periksa"),
            "sections": [
                (
                    section.title,
                    [(row, _change_at(row.code, section.part, nomination)) for row in section.rows],
                )
                for section in sections
            ],
            "attachments": reading.attachments(content),
            "documents_at": f"{wizard.address('dokumen', nomination)}?{FROM}=periksa",
            "photos_at": f"{wizard.address('foto', nomination)}?{FROM}=periksa",
            "missing": [(item.text, _change_at(item.field, item.part, nomination)) for item in missing],
            "remarks": remarks,
            "send": _send_button(nomination, request),
            "hindrance": _hindrance(nomination, request),
        },
    )


def _change_at(field: str, part: str, nomination: Nomination) -> str:
    """Where an answer is changed; saving there leads back here."""
    place = wizard.place_of(field, part, nomination)
    address, mark, anchor = place.partition("#")
    if not address:
        return ""
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{FROM}=periksa{mark}{anchor}"


def _send_button(nomination: Nomination, request: HttpRequest) -> str:
    """The word on the button, from the table of transitions; "" where this person cannot send it."""
    rows = [row for row in lifecycle.possible(nomination, request.user) if row.action in _SENDING]
    return rows[0].label if rows else ""


def _hindrance(nomination: Nomination, request: HttpRequest) -> str:
    """Why it cannot be sent now, though it were complete: its time is not yet or no more."""
    guard = (
        guards.before_the_repair_is_due if nomination.state == State.RETURNED else guards.nominating_is_open
    )
    hindrance = guard(nomination, Act(request.user, request.received_at))
    return hindrance[1] if hindrance else ""


@require_POST
@by_its_office
def submit(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """Send a draft or a repair. Who presses a second time comes to the receipt of the first."""
    action = "resubmit" if nomination.state == State.RETURNED else "submit"
    try:
        sent = lifecycle.perform(action, nomination, by=request.user, at=request.received_at)
    except Refused as refusal:
        if refusal.code == "wrong_state" and nomination.submitted_at is not None:
            messages.info(request, refusal.for_reader)
            return redirect("nomination_receipt", nomination.pk)
        messages.error(request, refusal.for_reader)
        editable = nomination.state in (State.DRAFT, State.RETURNED)
        return redirect("nomination_check", nomination.pk) if editable else redirect(nomination)
    when = guards.when(request.received_at, sent)
    messages.success(request, f"Usulan terkirim. Nomor {sent}, diterima {when}. {standing.next_step(sent)}")
    return redirect("nomination_receipt", nomination.pk)


@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What was received, when, by whom, with the fingerprint of the copy and of every file; made to be printed."""
    nomination = seen(request, pk)
    if not standing.reads_its_way(request.user, nomination):
        raise Http404
    submissions = list(nomination.submissions.select_related("by").order_by("-sequence"))
    submission = _asked(submissions, request.GET.get("kiriman", ""))
    return render(
        request,
        "nominations/proposal_receipt.html",
        {
            "nomination": nomination,
            "submission": submission,
            "others": [each for each in submissions if each.pk != submission.pk],
            "content": submission.content,
            "documents": submission.content["documents"],
            "is_latest": submission.pk == submissions[0].pk,
            "next_step": standing.next_step(nomination),
            "objection": link_from(request, nomination),
            "zone": nomination.regency.province.zone,
            "breadcrumb": [
                {"label": "Usulan", "url": "/usulan/"},
                {"label": nomination.product.name, "url": nomination.get_absolute_url()},
            ],
        },
    )


def _asked(submissions: list[Submission], wanted: str) -> Submission:
    """The submission with this number, the latest where none is named; 404 where there is none."""
    found = [each for each in submissions if not wanted or str(each.sequence) == wanted]
    if not found:
        raise Http404
    return found[0]


@require_http_methods(["GET", "HEAD", "POST"])
@by_its_office
def withdraw(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """Asks for the reason, then takes the nomination back."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.perform(
                "withdraw",
                nomination,
                by=request.user,
                at=request.received_at,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            if refusal.code == "wrong_state":
                messages.info(request, refusal.for_reader)
                return redirect(nomination)
            in_reason = refusal.code in ("reason_missing", "personal_number")
            form.add_error("reason" if in_reason else None, refusal.for_reader)
        else:
            messages.success(
                request, f"Usulan {nomination} ditarik. {standing.next_step(_fresh(nomination))}"
            )
            return redirect(nomination)
    elif request.method != "POST" and not _may_withdraw(nomination, request):
        messages.info(request, lifecycle.already(nomination))
        return redirect(nomination)
    return render(request, "confirm.html", _question(nomination, form))


def _may_withdraw(nomination: Nomination, request: HttpRequest) -> bool:
    return any(row.action == "withdraw" for row in lifecycle.possible(nomination, request.user))


def _fresh(nomination: Nomination) -> Nomination:
    return Nomination.objects.with_names().get(pk=nomination.pk)


def _question(nomination: Nomination, form: WithdrawForm) -> dict[str, Any]:
    return {
        "title": f"Tarik usulan {nomination.product.name}?",
        "consequence": "Usulan ini tidak diproses lagi dan tidak dapat dibuka kembali. Isian dan riwayatnya tetap dapat "
        "dibaca; selama pengusulan dibuka, produk ini dapat diusulkan lagi.",
        "form": form,
        "reason_field": form["reason"],
        "confirm_label": "Tarik usulan",
        "danger": True,
        "cancel_url": nomination.get_absolute_url(),
        "breadcrumb": [
            {"label": "Usulan", "url": "/usulan/"},
            {"label": nomination.product.name, "url": nomination.get_absolute_url()},
        ],
    }
