"""What lies on the table of a session: the chair calls it, and the screen of everybody who is there follows."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from nominations.models import Nomination

from . import board as boards
from . import items, leaving_pages, rules, sessions, side_by_side
from .models import DiscussedItem, Plenary
from .refusals import Refused
from .session_pages import visible_session

_in_the_room = needs(Right.LEAD_PLENARY, Right.ASSIGN, Right.READ_ALL, Right.SCORE)
_the_chair = needs(Right.LEAD_PLENARY)


@dataclass(frozen=True)
class Screen:
    """What one person's screen shows now; `mark` changes whenever it shows something else."""

    state: str
    mark: str
    item: DiscussedItem | None = None


# --- The screens -----------------------------------------------------------------------------------------------
@require_safe
@_in_the_room
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """/pleno/<sidang>/ikuti/: what is discussed now, for whoever sits in the session, and for those who run it."""
    session = visible_session(request, pk)
    return render(
        request, "assessment/plenary_follow.html", _context(request, session, _screen(request.user, session))
    )


@require_safe
@_in_the_room
def follow_item(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that follows the chair; 204 while it would show the same (`?tampil=` says what it shows)."""
    session = visible_session(request, pk)
    screen = _screen(request.user, session)
    if request.GET.get("tampil") == screen.mark:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    answer = render(request, "assessment/plenary_follow_item.html", _context(request, session, screen))
    answer["Cache-Control"] = "no-store"
    return answer


def _screen(reader: Person, session: Plenary) -> Screen:
    if session.sealed_at is not None:
        return Screen("sealed", "disegel")
    if not _looks_on(reader) and reader.pk not in sessions.present_now(session):
        return Screen("away", "belum-hadir")
    item = items.current(session)
    if item is None:
        return Screen("nothing", "kosong")
    nomination = Nomination.objects.with_names().get(pk=item.nomination_id)
    if items.kept_from(reader, [nomination], session):
        # Nothing of the item goes into the mark either, but that another one came.
        return Screen("kept_out", f"di-luar-{item.pk}")
    decision = session.decisions.filter(nomination=item.nomination_id).first()
    decided = decision.recorded_at.timestamp() if decision else 0
    return Screen("item", f"butir-{item.pk}-{decided}", item)


def _looks_on(reader: Person) -> bool:
    """Whoever runs or reads the session without a seat in it."""
    return any(reader.may(right) for right in (Right.LEAD_PLENARY, Right.ASSIGN, Right.READ_ALL))


def _context(request: HttpRequest, session: Plenary, screen: Screen) -> dict[str, Any]:
    address = reverse("plenary_follow_item", args=[session.pk])
    context: dict[str, Any] = {
        "session": session,
        "screen": screen,
        "address": f"{address}?tampil={screen.mark}",
        "follows_the_board": _looks_on(request.user),
        "writes_down": screen.state == "item" and items.may_write_down(request.user, session),
        "may_leave": screen.item is not None and leaving_pages.may_leave(request.user, session, screen.item),
        "may_come_back": screen.state == "kept_out" and items.may_come_back(session, request.user),
        "declares": request.user.may(Right.SCORE),
    }
    if screen.item is None:
        return context
    candidate = _candidate(request, session, screen.item)
    sheets = None
    if candidate is not None and candidate.value is not None:
        in_the_room = None if _sees_scores(request.user, session) else request.user
        sheets = side_by_side.of(candidate.nomination.assessment, candidate.flags, reader=in_the_room)
    nomination = candidate.nomination if candidate else None
    return {**context, "candidate": candidate, "nomination": nomination, "sheets": sheets}


def _candidate(request: HttpRequest, session: Plenary, item: DiscussedItem) -> boards.Candidate | None:
    if _sees_scores(request.user, session):
        return boards.on_the_table(item, at=request.received_at)
    found = boards.candidates(session, reader=request.user, at=request.received_at, only=item.nomination_id)
    return found[0] if found else None


def _sees_scores(reader: Person, session: Plenary) -> bool:
    """Who decides and who writes it down; the auditor reads a value once the session is sealed (contract.md)."""
    return rules.may_decide(reader) or rules.may_assign(reader) or reader.pk in sessions.present_now(session)


# --- The chair -------------------------------------------------------------------------------------------------
@require_POST
@_the_chair
def open_item(request: HttpRequest, pk: int, nomination: int) -> HttpResponse:
    """Put a nomination on the table, and go to where it is decided."""
    session = visible_session(request, pk)
    one = get_object_or_404(Nomination.objects.filter(round=session.round_id).with_names(), pk=nomination)
    try:
        items.open_item(session, one, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
        return redirect(session)
    return redirect("plenary_decide", session.pk, one.pk)


@require_POST
@_the_chair
def close_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it from the table: decided, or put off."""
    session = visible_session(request, pk)
    try:
        items.close_item(session, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(
            request, "Butir ditutup. Layar anggota dikosongkan; yang meninggalkan sidang kembali."
        )
    return redirect(session)
