"""The board of the plenary and its decisions: /pleno/. The chair decides; the auditor sees scores after the seal."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sent_numbers import number_in
from nominations.models import Nomination, State

from . import board as boards
from . import items, rules, sessions, side_by_side
from . import plenary as plenaries
from .models import Absence, DiscussedItem, Plenary
from .plenary_forms import DecisionForm, rounds_to_decide
from .refusals import Refused
from .session_pages import about, breadcrumb, open_form, opening, posted, visible_session, whoever_follows

PER_PAGE = 50
LISTED_AT_MOST = 20


# --- The board -----------------------------------------------------------------------------------------------------
@require_safe
@whoever_follows
def board(request: HttpRequest) -> HttpResponse:
    """/pleno/: the session at work (or the last one), group by group; where there is none, how one is opened."""
    session = _session(request)
    if session is None:
        return opening(request, open_form(request))
    tallies = boards.tallies(session)
    group = _group(request.GET.get("komoditas", ""), tallies)
    found = (
        boards.candidates(session, reader=request.user, at=request.received_at, group=group.code)
        if group
        else []
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    of_session = about(session, request.user)
    # Chair and secretariat see every value; what is missing there is explained in its row.
    waits = any(one.value is None for one in found) and not (
        of_session["may_decide"] or rules.may_assign(request.user)
    )
    return render(
        request,
        "assessment/plenary.html",
        {
            **of_session,
            "tabs": [
                {
                    "label": tally.name,
                    "count": f"{tally.decided} dari {tally.candidates}",
                    "url": f"{request.path}?sidang={session.pk}&komoditas={tally.code}",
                    "current": tally == group,
                }
                for tally in tallies
            ],
            "group": group,
            "decided": sum(tally.decided for tally in tallies),
            "total": sum(tally.candidates for tally in tallies),
            "not_yet": session.round.nominations.filter(state=State.ELIGIBLE).count()
            if not session.sealed_at
            else 0,
            "next": boards.next_undecided(found),
            "kept_from": group.candidates - len(found) if group and session.sealed_at is None else 0,
            **_table(request, session),
            "waits_for_the_seal": waits,
            "page": page,
            "columns": [{"label": label} for label in _COLUMNS],
            "rows": [_row(one, session) for one in page],
            "others": Plenary.objects.visible_to(request.user)
            .exclude(pk=session.pk)
            .select_related("round")
            .order_by("-opened_at", "-pk")[:LISTED_AT_MOST],
            "may_open_another": session.sealed_at is not None
            and rules.may_decide(request.user)
            and rounds_to_decide().exists(),
        },
    )


def _table(request: HttpRequest, session: Plenary) -> dict[str, Any]:
    """What lies on the table, as far as this reader may know of it."""
    item = items.current(session) if session.sealed_at is None else None
    if item is None:
        return {"on_the_table": None, "item": None, "is_to_decide": False, "writes_down": False}
    nomination = Nomination.objects.with_names().get(pk=item.nomination_id)
    hidden = items.kept_from(request.user, [nomination], session)
    is_to_decide = not hidden and not session.decisions.filter(nomination=nomination).exists()
    return {
        "item": item,
        "on_the_table": None if hidden else nomination,
        "is_to_decide": is_to_decide,
        "writes_down": is_to_decide and items.may_write_down(request.user, session),
    }


_COLUMNS = (
    "Usulan",
    "Peringkat",
    "Nilai",
    "Bintang hitungan",
    "Sebaran panel",
    "Tanda",
    "Keputusan dan alasan",
)


def _session(request: HttpRequest) -> Plenary | None:
    """The session of the address; else the open one, else the last. 404 for one that is not there."""
    visible = Plenary.objects.visible_to(request.user).select_related("round", "opened_by", "sealed_by")
    if asked := request.GET.get("sidang", ""):
        return get_object_or_404(visible, pk=number_in(asked))
    return visible.order_by(F("sealed_at").desc(nulls_first=True), "-opened_at", "-pk").first()


def _group(code: str, tallies: list[boards.GroupTally]) -> boards.GroupTally | None:
    """The group of the address; else the first one in which something is to be decided."""
    named = next((tally for tally in tallies if tally.code == code), None)
    waiting = next((tally for tally in tallies if tally.decided < tally.candidates), None)
    return named or waiting or (tallies[0] if tallies else None)


def _row(one: boards.Candidate, session: Plenary) -> list[Any]:
    nomination = one.nomination
    return [
        {
            "text": nomination.product.ikm.name,
            "url": reverse("plenary_decide", args=[session.pk, nomination.pk]),
            "note": f"{nomination.product.name}, {nomination.regency.full_name}",
        },
        one.rank,
        {"template": "assessment/plenary_value_cell.html", "candidate": one},
        {"stars": {"earned": one.computed_star, "maximum": one.maximum_star}}
        if one.value is not None
        else "",
        {"template": "assessment/plenary_spread_cell.html", "candidate": one}
        if one.spread is not None
        else "",
        {"template": "assessment/plenary_flags_cell.html", "candidate": one} if one.is_to_be_watched else "",
        {"template": "assessment/plenary_decision_cell.html", "candidate": one},
    ]


# --- One candidate -----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@whoever_follows
def decide(request: HttpRequest, pk: int, nomination: int) -> HttpResponse:
    """/pleno/<sidang>/usulan/<id>/: the levels side by side without names, and the decision; recorded by the chair."""
    session = visible_session(request, pk)
    one = get_object_or_404(
        Nomination.objects.visible_to(request.user).with_names().filter(round=session.round_id), pk=nomination
    )
    if request.method == "POST" and not rules.may_decide(request.user):
        raise PermissionDenied("Keputusan dicatat oleh Ketua sidang pleno.")
    if items.kept_from(request.user, [one], session):
        raise Http404
    candidate = _candidate(request, session, one)
    form = _decision_form(request, session, one, candidate)
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            plenaries.record_decision(
                session, one, star=data["star"], reason=data["reason"], recused=data.get("recused", ()), vote=form.vote,
                seen=data["seen"], by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("reason" if refusal.code == "reason_missing" else None, refusal.for_reader)
            status = 409 if refusal.code == "recorded_meanwhile" else 200
            # What the other recorder wrote stands on the page now, and so has been seen.
            candidate = _candidate(request, session, one)
        else:
            words = f"bintang {data['star']}" if data["star"] else "tanpa bintang"
            messages.success(request, f"Keputusan dicatat: {one.product.ikm.name}, {words}.")
            return redirect(f"{session.get_absolute_url()}&komoditas={one.product.group_id}")
    return render(
        request,
        "assessment/plenary_decide.html",
        _decide_context(request, session, one, candidate, form),
        status=status,
    )


def _candidate(request: HttpRequest, session: Plenary, nomination: Nomination) -> boards.Candidate | None:
    found = boards.candidates(session, reader=request.user, at=request.received_at, only=nomination.pk)
    return found[0] if found else None


def _decision_form(
    request: HttpRequest, session: Plenary, nomination: Nomination, candidate: boards.Candidate | None
) -> DecisionForm:
    """The form with what is decided or, before that, what was computed; a scheme of five stars where nothing is known."""
    there = candidate.decision if candidate else None
    computed = candidate.computed_star if candidate else None
    initial: dict[str, Any] = {"star": computed}
    if there is not None:
        fields = ("star", "reason", "in_favour", "against", "abstained")
        initial = {name: getattr(there, name) for name in fields}
    out = {one.member.person_id for one in _out(session, nomination)}
    return DecisionForm(
        posted(request),
        initial=initial,
        top_star=(candidate.maximum_star if candidate else 0) or 5,
        computed_star=computed,
        staying=[
            one.person
            for one in sessions.present_now(session).values()
            if one.person_id not in out and one.person_id != request.user.pk
        ],
    )


def _item(session: Plenary, nomination: Nomination) -> DiscussedItem | None:
    """This nomination on the table; None where something else lies there, or nothing."""
    item = items.current(session) if session.sealed_at is None else None
    return item if item is not None and item.nomination_id == nomination.pk else None


def _out(session: Plenary, nomination: Nomination) -> list[Absence]:
    item = _item(session, nomination)
    return items.out_of(item) if item else []


def _decide_context(
    request: HttpRequest,
    session: Plenary,
    nomination: Nomination,
    candidate: boards.Candidate | None,
    form: DecisionForm,
) -> dict[str, Any]:
    sheets = None
    if candidate is not None and candidate.value is not None:
        sheets = side_by_side.of(nomination.assessment, candidate.flags, reader=request.user)
    there = candidate.decision if candidate else None
    may_go_on = (
        rules.may_decide(request.user)
        and session.sealed_at is None
        and candidate is not None
        and session.has_quorum
    )
    lies_there = _item(session, nomination) is not None
    is_tied = candidate is not None and candidate.tied > 0
    return {
        **about(session, request.user),
        "breadcrumb": [*breadcrumb(session), _group_crumb(session, nomination)],
        "nomination": nomination,
        "candidate": candidate,
        "instrument": nomination.assessment.instrument if sheets else None,
        "sheets": sheets,
        "form": form,
        "seen": there.recorded_at.isoformat() if there else "",
        "out": _out(session, nomination) if may_go_on else [],
        "shows_form": rules.may_decide(request.user)
        and (form.is_bound or (may_go_on and lies_there and not is_tied)),
        "may_open_item": may_go_on and not lies_there and not form.is_bound,
        "writes_down": lies_there and there is None and items.may_write_down(request.user, session),
        "may_reopen": rules.may_reopen(request.user),
    }


def _group_crumb(session: Plenary, nomination: Nomination) -> dict[str, str]:
    group = nomination.product.group
    return {"label": group.name, "url": f"{session.get_absolute_url()}&komoditas={group.pk}"}
