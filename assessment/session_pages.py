"""A session of the plenary itself: opened, attended, sealed, and its minutes. What it decides: plenary_pages.py."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from letters import papers
from letters.wording import instant_for_reader
from nominations import rounds
from nominations.models import Phase, State

from . import attendance, items, rules, sessions
from . import minutes as records
from . import plenary as plenaries
from .models import Attendee, Plenary
from .plenary_forms import AttendanceForm, OpenForm, SealForm, rounds_to_decide
from .refusals import Refused

LISTED_AT_MOST = 20

whoever_follows = needs(Right.LEAD_PLENARY, Right.ASSIGN, Right.READ_ALL)
_the_chair = needs(Right.LEAD_PLENARY)
# Whoever goes on from the minutes to the decree (awards/rules.py asks again).
_GOES_ON = (Right.DRAFT_DECREE, Right.SIGN_DECREE, Right.READ_ALL)


# --- What every page of a session needs ------------------------------------------------------------------------
def visible_session(request: HttpRequest, pk: int) -> Plenary:
    visible = Plenary.objects.visible_to(request.user).select_related("round", "opened_by", "sealed_by")
    return get_object_or_404(visible, pk=pk)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, even where that is nothing; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def breadcrumb(session: Plenary) -> list[dict[str, str]]:
    return [{"label": f"Sidang pleno {session.round_id}", "url": session.get_absolute_url()}]


def about(session: Plenary, reader: Person) -> dict[str, Any]:
    """What every page of a session says of it."""
    return {
        "session": session,
        "may_decide": rules.may_decide(reader),
        "explains": reader.may(Right.ASSIGN) or reader.may(Right.READ_ALL),
        "may_read_minutes": _may_read_minutes(reader, session),
        "goes_on": _address_of_decrees() if any(reader.may(right) for right in _GOES_ON) else "",
    }


def _address_of_decrees() -> str:
    try:
        return reverse("decrees")
    except NoReverseMatch:
        return ""


def _may_read_minutes(reader: Person, session: Plenary) -> bool:
    """Chair and secretariat while they are a draft too; the auditor once they are sealed."""
    return rules.may_decide(reader) or rules.may_assign(reader) or session.sealed_at is not None


# --- Opening and attendance ------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@_the_chair
def open_session(request: HttpRequest) -> HttpResponse:
    """Open the session of a round; on /pleno/ itself where there is none yet, here where an earlier one is sealed."""
    form = open_form(request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            session = plenaries.open_session(
                data["round"], members=data["members"], present=data["present"], place=data["place"],
                secretary=data["secretary"],
                by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"Sidang pleno periode {session.round_id} dibuka.")
            return redirect(session)
    return opening(request, form)


def open_form(request: HttpRequest) -> OpenForm:
    """With the team of the round ticked, and the chair as present."""
    first = rounds_to_decide().first()
    team = attendance.expected(first) if first and request.method != "POST" else set()
    return OpenForm(
        posted(request),
        people=attendance.eligible(at=request.received_at),
        secretaries=attendance.secretaries(at=request.received_at),
        initial={"place": "Jakarta", "members": [*team, request.user.pk], "present": [request.user.pk]},
    )


def opening(request: HttpRequest, form: OpenForm) -> HttpResponse:
    round_ = rounds.current(at=request.received_at)
    return render(
        request,
        "assessment/plenary_open.html",
        {
            "form": form,
            "may_open": rules.may_decide(request.user),
            "is_ready": rounds_to_decide().exists(),
            "when": _when(round_.phase(Phase.Kind.PLENARY) if round_ else None),
        },
    )


def _when(phase: Phase | None) -> str:
    if phase is None:
        return "Tahap sidang pleno belum dijadwalkan oleh Sekretariat."
    return (
        f"Sidang pleno periode {phase.round_id} dijadwalkan {instant_for_reader(phase.opens_at)} sampai dengan "
        f"{instant_for_reader(phase.closes_at)}."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_the_chair
def attend(request: HttpRequest, pk: int) -> HttpResponse:
    """Who came later or left, by name: the quorum is counted from it."""
    session = visible_session(request, pk)
    seats = attendance.seats(session)
    sitting = {one.person.pk: one for one in seats}
    people = [one.person for one in seats]
    people += [one for one in attendance.eligible(at=request.received_at) if one.pk not in sitting]
    form = AttendanceForm(
        posted(request),
        people=people,
        fixed={pk: one.hours for pk, one in sitting.items()},
        initial={"members": list(sitting), "present": [pk for pk, one in sitting.items() if one.is_present]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            session = attendance.record_attendance(
                session, **form.cleaned_data, by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"Kehadiran dicatat: {session.present} dari {session.members} anggota.")
            return redirect(session)
    return render(
        request,
        "assessment/plenary_attendance.html",
        {
            **about(session, request.user),
            "form": form,
            "others": attendance.others(session),
            "breadcrumb": breadcrumb(session),
        },
    )


# --- The seal and the minutes --------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@_the_chair
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the session for good, with the number of its minutes; what is undecided is listed."""
    session = visible_session(request, pk)
    form = SealForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            session = plenaries.seal(session, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request,
                f"Sidang disegel dengan Berita Acara Nomor {session.minutes_number}. Keputusan tidak berubah lagi.",
            )
            return redirect(session)
    undecided = list(sessions.undecided(session).with_names().order_by("product__group__position", "number"))
    hidden = items.kept_from(request.user, undecided, session)
    return render(
        request,
        "assessment/plenary_seal.html",
        {
            **about(session, request.user),
            "breadcrumb": breadcrumb(session),
            "form": form,
            "decided": session.decisions.count(),
            "has_secretary": session.attendees.filter(seat=Attendee.Seat.SECRETARY).exists(),
            "waiting": [one for one in undecided if one.pk not in hidden][:LISTED_AT_MOST],
            "waiting_count": len(undecided),
            "not_yet": session.round.nominations.filter(state=State.ELIGIBLE).count(),
        },
    )


@require_safe
@whoever_follows
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes for printing: a draft for chair and secretariat until the seal, then for the auditor too."""
    session = visible_session(request, pk)
    if not _may_read_minutes(request.user, session):
        raise PermissionDenied("Berita acara dapat dibaca auditor setelah sidang disegel.")
    record = records.of(session, reader=request.user)
    return render(
        request,
        "assessment/minutes.html",
        {
            "session": session,
            "breadcrumb": breadcrumb(session),
            "minutes": record,
            **_annexes(record),
            "blank_seats": range(1, session.present + 1),
        },
    )


@require_safe
@whoever_follows
def minutes_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as PDF, of a sealed session only: whoever may read them then may have them."""
    session = visible_session(request, pk)
    if session.sealed_at is None:
        raise Http404
    record = records.of(session)
    return papers.answer(
        "assessment/pdf/minutes.html",
        {
            "session": session,
            "minutes": record,
            "rows": [
                {
                    "decision": one,
                    "value": records.value_in_words(one.value),
                    "computed": records.star_in_words(one.computed_star),
                    "decided": records.star_in_words(one.star),
                }
                for one in record.decisions
            ],
            "blank_seats": range(1, session.present + 1),
            "is_example": session.round.is_example,
            "letterhead": papers.ministry_letterhead(),
        },
        name=f"berita-acara-pleno-{session.round_id}-{session.pk}.pdf",
    )


def _annexes(record: records.Minutes) -> dict[str, Any]:
    """Annex I (commodity by star with both totals) and II (every nomination), as columns and rows of data_table."""
    counted = ("Tanpa bintang", "Jumlah")
    return {
        "recap_columns": [
            {"label": "Kelompok komoditas"},
            *({"label": f"Bintang {star}", "numeric": True} for star in record.stars),
            *({"label": label, "numeric": True} for label in counted),
        ],
        "recap_rows": [[row.name, *row.by_star, row.none, row.total] for row in record.groups],
        "recap_totals": [
            record.totals.name,
            *record.totals.by_star,
            record.totals.none,
            record.totals.total,
        ],
        "list_columns": [
            {"label": label}
            for label in ("Nomor usulan", "IKM dan produk", "Komoditas", "Nilai", "Hitungan", "Putusan")
        ],
        "list_rows": [
            [
                format_html('<span class="text-nowrap">{}</span>', one.nomination.number),
                {
                    "text": one.nomination.product.ikm.name,
                    "note": f"{one.nomination.product.name}, {one.nomination.regency.full_name}",
                },
                one.nomination.product.group.name,
                records.value_in_words(one.value),
                records.star_in_words(one.computed_star),
                records.star_in_words(one.star),
            ]
            for one in record.decisions
        ],
        "team_columns": [{"label": label} for label in ("Nama", "Peran", "Kantor")],
        "team_rows": [[one.name, one.role, one.office] for one in record.team],
    }
