"""
Who leaves the room for what lies on the table, and who comes back: each for themselves, or written down by the chair
or the secretary of the session. A page of its own says what follows before anything is recorded.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from accounts.sent_numbers import number_in
from nominations.models import Nomination

from . import items, rules, sessions
from .models import DiscussedItem, Plenary
from .refusals import Refused
from .session_pages import breadcrumb, visible_session

_in_the_room = needs(Right.LEAD_PLENARY, Right.ASSIGN, Right.SCORE)


def may_leave(reader: Person, session: Plenary, item: DiscussedItem) -> bool:
    """Whether this person, who sees what lies on the table, has a vote on it that is still to be cast."""
    return not items.is_decided(item) and reader.pk in sessions.present_now(session)


@require_http_methods(["GET", "HEAD", "POST"])
@_in_the_room
def leave_item(request: HttpRequest, pk: int) -> HttpResponse:
    """/pleno/<sidang>/butir/keluar/: the own leaving, or, for whoever writes it down, that of others."""
    session = visible_session(request, pk)
    item = items.current(session) if session.sealed_at is None else None
    if item is None:
        messages.error(request, "Belum ada butir yang dibahas. Tidak ada yang berubah.")
        return redirect("plenary_follow", session.pk)
    is_there = request.user.pk in sessions.present_now(session)
    writes = items.may_write_down(request.user, session)
    if not writes and not is_there:
        raise PermissionDenied("Dicatat oleh Ketua, sekretaris sidang, atau anggota yang bersangkutan.")
    nomination = Nomination.objects.with_names().get(pk=item.nomination_id)
    if items.kept_from(request.user, [nomination], session):
        return redirect("plenary_follow", session.pk)
    for_self = not writes or request.GET.get("saya") == "ya"
    if request.method == "POST":
        return _left(request, session, item, for_self=for_self)
    if for_self and is_there:
        return _ask_oneself(request, session)
    return _who_leaves(request, session, item, nomination)


def _left(request: HttpRequest, session: Plenary, item: DiscussedItem, *, for_self: bool) -> HttpResponse:
    people = [request.user] if for_self else _chosen(request, session)
    try:
        items.leave_for_item(session, people, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        if for_self:
            messages.success(
                request,
                "Anda tercatat meninggalkan butir ini. Layar Anda dikosongkan sampai butir berikutnya.",
            )
        elif people:
            messages.success(request, f"{len(people)} anggota tercatat meninggalkan butir ini.")
    if for_self:
        return redirect("plenary_follow", session.pk)
    return redirect("plenary_decide", session.pk, item.nomination_id)


def _chosen(request: HttpRequest, session: Plenary) -> list[Person]:
    ticked = (number_in(one) for one in request.POST.getlist("recused"))
    chosen = [one for one in ticked if one is not None]
    return list(Person.objects.filter(pk__in=chosen, seats__plenary=session).order_by("pk"))


def _ask_oneself(request: HttpRequest, session: Plenary) -> HttpResponse:
    return render(
        request,
        "confirm.html",
        {
            "breadcrumb": breadcrumb(session) if rules.may_decide(request.user) else None,
            "title": "Tinggalkan butir ini",
            "consequence": "Anda menyatakan mempunyai kepentingan atas butir yang sedang dibahas. Layar Anda dikosongkan, "
            "Anda tidak ikut membahas dan memutus, dan berita acara mencatatnya tanpa menyebut hubungannya. Sampai butir "
            "diputus, pernyataan ini dapat Anda batalkan.",
            "confirm_label": "Tinggalkan butir ini",
            "action": request.get_full_path(),
            "cancel_url": reverse("plenary_follow", args=[session.pk]),
        },
    )


def _who_leaves(
    request: HttpRequest, session: Plenary, item: DiscussedItem, nomination: Nomination
) -> HttpResponse:
    out = items.out_of(item)
    outside = {one.member.person_id for one in out}
    present = sessions.present_now(session).values()
    return render(
        request,
        "assessment/plenary_leaving.html",
        {
            "breadcrumb": breadcrumb(session),
            "session": session,
            "nomination": nomination,
            "is_decided": items.is_decided(item),
            "staying": [
                one.person
                for one in present
                if one.person_id not in outside and one.person_id != request.user.pk
            ],
            "out": [(one, items.was_said(one)) for one in out],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_in_the_room
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """/pleno/<sidang>/butir/kembali/: take back that somebody left, until it is decided; `?anggota=` names another."""
    session = visible_session(request, pk)
    person = _named(request, session)
    for_self = person.pk == request.user.pk
    if not for_self and not items.may_write_down(request.user, session):
        raise PermissionDenied("Dibatalkan oleh Ketua atau sekretaris sidang.")
    if request.method == "POST":
        return _returned(request, session, person)
    follow = reverse("plenary_follow", args=[session.pk])
    if for_self:
        consequence = (
            "Anda menyatakan tidak mempunyai kepentingan atas butir yang sedang dibahas. Butir itu tampil lagi pada layar "
            "Anda, dan suara Anda dihitung."
        )
    else:
        consequence = (
            f"{person.full_name} tercatat tidak meninggalkan butir ini: butir tampil lagi pada layarnya, dan suaranya "
            "dihitung."
        )
    return render(
        request,
        "confirm.html",
        {
            "title": "Batalkan catatan meninggalkan butir",
            "consequence": consequence,
            "confirm_label": "Batalkan catatan",
            "action": request.get_full_path(),
            "cancel_url": follow if for_self else reverse("plenary_leave_item", args=[session.pk]),
        },
    )


def _named(request: HttpRequest, session: Plenary) -> Person:
    asked = request.GET.get("anggota", "")
    if not asked:
        return request.user
    return get_object_or_404(Person.objects.filter(seats__plenary=session), pk=number_in(asked))


def _returned(request: HttpRequest, session: Plenary, person: Person) -> HttpResponse:
    item = items.current(session)
    try:
        items.come_back(session, person, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, "Catatan meninggalkan butir dibatalkan.")
    if person.pk == request.user.pk or item is None:
        return redirect("plenary_follow", session.pk)
    return redirect("plenary_leave_item", session.pk)
