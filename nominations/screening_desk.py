"""
The page of one nomination in screening: what it shows, and what each of its buttons does.

Each act reads its own form and calls one function of the domain; it gives an answer where it happened, else its bound
form, with which the page is drawn again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Membership, Person
from accounts.roles import Right, Role
from letters.wording import WIB, clock

from . import answers, guards, letter_desk, lifecycle, lists, reading, screening
from .guards import Act, Refused
from .models import Nomination, Phase, Sample, State, Submission, Verdict
from .screening_forms import ChecklistForm, ReasonForm, ReturnForm, drop_form, pass_on_form, proposal_form

# How many colleagues the page names who may decide a proposed refusal.
COLLEAGUES_NAMED = 10
CONSEQUENCE_OF_A_REFUSAL = (
    "Dinas langsung diberi tahu hasil dan alasannya, serta sampai kapan sanggah dapat diajukan. Hanya sanggah yang diterima "
    "dapat mengubahnya."
)
Outcome = HttpResponse | forms.Form


@dataclass
class Desk:
    """One nomination as this request looks at it; everything is read once."""

    request: HttpRequest
    nomination: Nomination

    @cached_property
    def submission(self) -> Submission:
        found = self.nomination.latest_submission()
        assert found is not None, "what this page shows was sent"
        return found

    @cached_property
    def lines(self) -> list[screening.Line]:
        return screening.checklist(self.nomination, on=screening.today(self.request.received_at))

    @cached_property
    def actions(self) -> frozenset[str]:
        return frozenset(row.action for row in lifecycle.possible(self.nomination, self.request.user))

    @property
    def may_screen(self) -> bool:
        return self.request.user.may(Right.SCREEN)

    @property
    def is_screened_now(self) -> bool:
        return self.may_screen and self.nomination.state == State.ENDORSED

    @property
    def address(self) -> str:
        return reverse("screening", args=[self.nomination.pk])

    @property
    def name(self) -> str:
        return f"{self.nomination} ({self.nomination.product.ikm.name})"

    def checklist_form(self, *data: Any) -> ChecklistForm:
        return ChecklistForm(*data, lines=self.lines)

    def return_form(self, *data: Any) -> ReturnForm:
        return ReturnForm(
            *data, lines=self.lines, content=self.submission.content, at=self.request.received_at
        )


# --- What the buttons do ---------------------------------------------------------------------------------------
def save_lines(desk: Desk) -> Outcome:
    """Decide every line that was changed; a line that cannot be decided does not hold the others back."""
    form, request = desk.checklist_form(desk.request.POST), desk.request
    form.is_valid()
    saved = []
    for line in form.changed_lines():
        if form.has_error_in(line):
            continue
        if form.was_overtaken(line):
            form.refuse(line, _overtaken(line))
            continue
        try:
            check = screening.decide(
                desk.nomination, line.requirement, *form.typed(line), by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.refuse(line, refusal.for_reader)
        else:
            saved.append(check.requirement_id)
    del desk.lines
    form.lines = desk.lines
    if form.errors:
        return form
    left = [line for line in desk.lines if line.check is None]
    if saved:
        messages.success(request, f"Tersimpan {clock(request.received_at, WIB)}.")
    return redirect(desk.address + _place_of(left[0]) if left else f"{desk.address}#putusan")


def _place_of(line: screening.Line) -> str:
    """Where a line stands, with its document beside it."""
    document = f"?dokumen={line.documents[0]['id']}" if line.documents else ""
    return f"{document}#baris-{line.requirement.pk}"


def _overtaken(line: screening.Line) -> str:
    assert line.check is not None, "somebody decided it"
    note = f" ({line.check.note})" if line.check.note else ""
    return (
        f"{line.check.by.full_name} baru saja mengubah baris ini menjadi {line.check.get_verdict_display()}{note}. Isian "
        "Anda belum disimpan dan masih tampil di sini. Simpan sekali lagi bila isian Anda yang dipakai."
    )


def declare_eligible(desk: Desk) -> Outcome:
    form = forms.Form(desk.request.POST)
    return _performed(desk, "declare_eligible", form, done="Dinyatakan lolos seleksi")


def return_to_dinas(desk: Desk) -> Outcome:
    form = desk.return_form(desk.request.POST)
    if not form.is_valid():
        return form
    return _performed(
        desk, "return_from_screening", form, done="Dikembalikan untuk perbaikan", reason=form.cleaned_data["alasan"],
        due_at=form.cleaned_data["batas"], remarks=form.remarks(), via_province=form.cleaned_data["lewat_provinsi"],
    )  # fmt: skip


def pass_on(desk: Desk) -> Outcome:
    form = pass_on_form(desk.request.POST)
    if not form.is_valid():
        return form
    try:
        lifecycle.perform(
            "pass_on", desk.nomination, by=desk.request.user, at=desk.request.received_at,
            reason=form.cleaned_data["alasan"],
        )  # fmt: skip
    except Refused as refusal:
        return _refused(form, refusal)
    messages.success(
        desk.request,
        f"{desk.name}: diteruskan ke seleksi administrasi {clock(desk.request.received_at, WIB)}.",
    )
    return redirect(desk.address)


def propose_ineligible(desk: Desk) -> Outcome:
    form = proposal_form(desk.request.POST)
    if not form.is_valid():
        return form
    try:
        screening.propose_ineligible(
            desk.nomination,
            by=desk.request.user,
            at=desk.request.received_at,
            reason=form.cleaned_data["alasan"],
        )
    except Refused as refusal:
        return _refused(form, refusal)
    messages.success(
        desk.request,
        f"{desk.name}: tidak lolos diusulkan {clock(desk.request.received_at, WIB)}. Orang lain di Sekretariat yang "
        "memutuskannya; dinas belum diberi tahu.",
    )
    return redirect(desk.address)


def drop_proposal(desk: Desk) -> Outcome:
    form = drop_form(desk.request.POST)
    if not form.is_valid():
        return form
    try:
        screening.drop_proposal(
            desk.nomination,
            by=desk.request.user,
            at=desk.request.received_at,
            reason=form.cleaned_data["alasan"],
        )
    except Refused as refusal:
        return _refused(form, refusal)
    messages.success(desk.request, f"{desk.name}: usul tidak lolos ditiadakan.")
    return redirect(f"{desk.address}#putusan")


def declare_ineligible(desk: Desk, form: ReasonForm) -> Outcome:
    if not form.is_valid():
        return form
    return _performed(
        desk, "declare_ineligible", form, done="Dinyatakan tidak lolos", reason=form.cleaned_data["alasan"]
    )


ACTS: dict[str, Callable[[Desk], Outcome]] = {
    "save_lines": save_lines,
    "declare_eligible": declare_eligible,
    "return_from_screening": return_to_dinas,
    "propose_ineligible": propose_ineligible,
    "drop_proposal": drop_proposal,
    "pass_on": pass_on,
}


def _performed(desk: Desk, action: str, form: forms.Form, *, done: str, **details: Any) -> Outcome:
    """One transition of the table, then the next nomination that waits."""
    request = desk.request
    try:
        lifecycle.perform(action, desk.nomination, by=request.user, at=request.received_at, **details)
    except Refused as refusal:
        return _refused(form, refusal)
    messages.success(
        request, f"{desk.name}: {done} {clock(request.received_at, WIB)}. Dinas sudah diberi tahu."
    )
    following = screening.next_for(request.user, after=desk.nomination)
    return redirect("screening", following.pk) if following else redirect("screenings")


def _refused(form: Any, refusal: Refused) -> forms.Form:
    if hasattr(form, "refuse"):
        form.refuse(refusal)
    else:
        form.add_error(None, refusal.for_reader)
    form.was_late = refusal.code == "wrong_state"
    return form


# --- What the page shows ---------------------------------------------------------------------------------------
def context(desk: Desk, bound: forms.Form | None = None) -> dict[str, Any]:
    """Everything the template asks for; `bound`: the form that was refused, with what was typed."""
    nomination, submission, request = desk.nomination, desk.submission, desk.request
    attachments = reading.attachments(submission.content)
    decided = sum(line.check is not None for line in desk.lines)
    checklist = bound if isinstance(bound, ChecklistForm) else desk.checklist_form()
    shown = _shown(attachments, request.GET.get("dokumen", ""), desk.lines)
    return {
        # What was typed stays on the page, whatever has become of the nomination.
        "may_type": desk.is_screened_now or checklist.is_bound,
        "desk": desk,
        "nomination": nomination,
        "submission": submission,
        "form": bound,
        "checklist": checklist,
        "decided": decided,
        "total": len(desk.lines),
        "left": len(desk.lines) - decided,
        "attachments": attachments,
        "shown": shown,
        "shown_in": _line_of(desk.lines, shown),
        "province_answers": submission.province_answers.select_related("by").order_by("pk"),
        "sheet": answers.sheet(submission.content),
        "repair": reading.repair(submission, [line.requirement for line in desk.lines]),
        "events": reading.events(nomination, inside=True),
        "letters": letter_desk.about(nomination, request.user),
        "letters_to_draft": letter_desk.offered_about(nomination, request.user),
        "sample": Sample.objects.filter(nomination=nomination).select_related("by").first(),
        "next": screening.next_for(request.user, after=nomination) if not desk.is_screened_now else None,
        "end": nomination.round.phase(Phase.Kind.SCREENING),
        "zone": nomination.regency.province.zone,
        "breadcrumb": [{"label": "Seleksi administrasi", "url": lists.way_back(request, "screenings")}],
        **_passing_on(desk, bound),
        **_decisions(desk, bound),
    }


def _shown(
    attachments: list[reading.Attachment], wanted: str, lines: list[screening.Line]
) -> reading.Attachment | None:
    """The document beside the checklist: the one asked for, that of the first undecided line, else the first."""
    by_id = {str(item.pk): item for item in attachments}
    first_open = next((line for line in lines if line.check is None), None)
    first = str(first_open.documents[0]["id"]) if first_open and first_open.documents else ""
    return by_id.get(wanted) or by_id.get(first) or next(iter(attachments), None)


def _line_of(lines: list[screening.Line], shown: reading.Attachment | None) -> str:
    """The requirement that this document is for, so that its reader finds the way back to the line."""
    if shown is None:
        return ""
    return next(
        (
            line.requirement.pk
            for line in lines
            if any(document["id"] == shown.pk for document in line.documents)
        ),
        "",
    )


def _decisions(desk: Desk, bound: forms.Form | None) -> dict[str, Any]:
    """Which of the decisions can be taken now, and the forms that they need."""
    verdicts = [line.check.verdict if line.check else None for line in desk.lines]
    act = Act(desk.request.user, desk.request.received_at)
    hindrance = (
        guards.phase_is_open(Phase.Kind.SCREENING)(desk.nomination, act) if desk.is_screened_now else None
    )
    proposal = (
        getattr(desk.nomination, "refusal_proposal", None)
        if desk.nomination.state == State.ENDORSED
        else None
    )
    all_decided = None not in verdicts
    is_open = desk.is_screened_now and all_decided and hindrance is None
    return_form = bound if isinstance(bound, ReturnForm) else desk.return_form()
    proposal_form_ = _bound_or(bound, "usul", proposal_form)
    return {
        "hindrance": hindrance[1] if hindrance else "",
        "all_decided": all_decided,
        "verdicts": {verdict.value: verdicts.count(verdict.value) for verdict in Verdict},
        "may_pass": is_open and all(verdict == Verdict.MET for verdict in verdicts),
        # A form with what was typed stays, whatever has become of the nomination.
        "may_return": is_open or return_form.is_bound,
        "may_propose": proposal_form_.is_bound
        or (
            is_open and proposal is None and Verdict.NOT_MET in verdicts and Verdict.UNCERTAIN not in verdicts
        ),
        "proposal": proposal,
        "is_own_proposal": proposal is not None and proposal.by_id == desk.request.user.pk,
        "colleagues": _colleagues(desk) if proposal else [],
        "return_form": return_form,
        "proposal_form": proposal_form_,
        "drop_form": _bound_or(bound, "cabut", drop_form),
        "consequence": CONSEQUENCE_OF_A_REFUSAL,
        "refusal_address": reverse("refusal", args=[desk.nomination.pk]),
        "refusal_form": ReasonForm(prefix="putus", initial={"alasan": proposal.reason if proposal else ""}),
    }


def _passing_on(desk: Desk, bound: forms.Form | None) -> dict[str, Any]:
    """Passing on what no province will verify: the form, or why not yet."""
    if "pass_on" not in desk.actions:
        return {"may_pass_on": False, "pass_on_hindrance": "", "pass_on_form": None}
    act = Act(desk.request.user, desk.request.received_at)
    for guard in (guards.the_province_is_silent, guards.screening_has_not_ended):
        if hindrance := guard(desk.nomination, act):
            return {"may_pass_on": False, "pass_on_hindrance": hindrance[1], "pass_on_form": None}
    return {
        "may_pass_on": True,
        "pass_on_hindrance": "",
        "pass_on_form": _bound_or(bound, "terus", pass_on_form),
    }


def _bound_or(bound: forms.Form | None, prefix: str, fresh: Callable[[], ReasonForm]) -> forms.Form:
    return bound if bound is not None and bound.prefix == prefix else fresh()


def _colleagues(desk: Desk) -> list[Person]:
    """Who may decide a refusal that is proposed: the other people of the secretariat."""
    memberships = Membership.objects.in_force(at=desk.request.received_at).filter(
        role=Role.SEKRETARIAT, person__is_active=True
    )
    proposer = desk.nomination.refusal_proposal.by_id
    people = Person.objects.filter(pk__in=memberships.values("person")).exclude(pk=proposer)
    return list(people.order_by("name", "pk")[:COLLEAGUES_NAMED])
