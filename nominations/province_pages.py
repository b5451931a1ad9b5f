"""The province's pages: /verifikasi-provinsi/."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.models import Person
from accounts.offices import WITHOUT_DINAS
from accounts.roles import Right, Role
from letters.wording import WIB, clock
from regions.models import Regency

from . import (
    completeness,
    endorsing,
    exporting,
    guards,
    letter_desk,
    lifecycle,
    lists,
    queues,
    reading,
    registry,
    rounds,
    rules,
)
from .guards import Act, Refused
from .models import Nomination, NominationQuerySet, Phase, State, Submission
from .province_forms import ENDORSE, KEEP, REFUSE, RETURN, EndorsementForm

# Decided ones that stand under the queue.
LAST_DECIDED = 5
_province_only = needs(Right.ENDORSE, Right.READ_ALL)
_DONE = {
    ENDORSE: "Diteruskan ke Kementerian",
    RETURN: "Dikembalikan untuk perbaikan",
    REFUSE: "Tidak diteruskan",
}


@require_http_methods(["GET", "HEAD", "POST"])
@_province_only
def queue(request: HttpRequest) -> HttpResponse:
    """/verifikasi-provinsi/: what waits, oldest first; what is decided; who proposed nothing. POST: takes it along."""
    at, seen = request.received_at, endorsing.seen_by(request.user)
    waiting, decided = seen.awaiting_endorsement(), seen.exclude(state=State.SUBMITTED)
    shows_decided = request.GET.get("tampil") == "selesai"
    counts = seen.order_by().aggregate(
        count=Count("pk", filter=Q(state=State.SUBMITTED)),
        decided_count=Count("pk", filter=~Q(state=State.SUBMITTED)),
    )
    round_ = rounds.current(at=at)
    regencies = endorsing.regencies_of(_provinces_of(request.user), round_)
    listing = _listing(request, decided if shows_decided else waiting, shows_decided, regencies)
    listing.total_of_all = counts["decided_count" if shows_decided else "count"]
    if request.method == "POST":
        return exporting.download(request, listing, exporting.NOMINATIONS, name="verifikasi-provinsi")
    lists.remember(request, "endorsements")
    context = listing.context()
    columns = _DECIDED_COLUMNS if shows_decided else _WAITING_COLUMNS
    begins = listing.is_first and not shows_decided
    last = [] if not begins else queues.latest_first(decided.with_names())[:LAST_DECIDED]
    return render(
        request,
        "nominations/province_queue.html",
        {
            **counts,
            "may_decide": request.user.may(Right.ENDORSE),
            "shows_decided": shows_decided,
            "columns": columns,
            "caption": listing.caption(*_IN_USUAL_ORDER[shows_decided], columns),
            **context,
            "rows": _decided_rows(context["page"])
            if shows_decided
            else _waiting_rows(list(context["page"]), request),
            "decided_columns": [{"label": column["label"]} for column in _DECIDED_COLUMNS],
            "last_decided": _decided_rows(last),
            "round": round_,
            "end": round_ and round_.phase(Phase.Kind.ENDORSEMENT),
            "zone": _zone_of(request.user),
            "letters": letter_desk.offered_to_province(request.user, round_),
            **_silent(regencies if begins and round_ else []),
        },
    )


def _provinces_of(person: Person) -> list[str]:
    return [office.province_id for office in person.offices(Role.PROVINSI) if office.province_id]


def _listing(
    request: HttpRequest, shown: NominationQuerySet, shows_decided: bool, regencies: list[Regency]
) -> lists.Listing:
    """The list, narrowed; `regencies`: of the person's own provinces, none for who looks at all provinces."""
    years, groups = lists.rounds_and_groups()
    narrowed = lists.QueueFilter(
        request.GET,
        queues.with_way(shown.with_names().select_related("product__ikm__sentra")),
        periode=years,
        status=[(state.value, state.label) for state in State if state not in _NEVER_SENT]
        if shows_decided
        else None,
        kelompok=groups,
        provinsi=None if _provinces_of(request.user) else lists.provinces(),
        daerah=[(regency.pk, regency.full_name) for regency in regencies] or None,
    )
    usual = ("-since", "-pk") if shows_decided else ("submitted_at", "pk")
    kept = [("tampil", "selesai")] if shows_decided else []
    return lists.Listing(request, narrowed, usual=usual, kept=kept)


_NEVER_SENT = (State.DRAFT, State.SUBMITTED)
_BY_TIME = lists.SINCE_IN_WORDS
_IN_USUAL_ORDER = {
    False: ("Menunggu", "yang paling dahulu dikirim di atas"),
    True: ("Selesai di provinsi", "yang terakhir di atas"),
}
_WAITING_COLUMNS: list[dict[str, Any]] = [
    {"label": "IKM dan produk", "key": "ikm"},
    {"label": "Kabupaten/kota", "key": "daerah"},
    {"label": "Dokumen"},
    {"label": "Menunggu (hari)", "numeric": True, "key": "sejak", "orders": _BY_TIME},
    {"label": "Keterangan"},
]
_DECIDED_COLUMNS: list[dict[str, Any]] = [
    {"label": "IKM dan produk", "key": "ikm"},
    {"label": "Kabupaten/kota", "key": "daerah"},
    {"label": "Status", "key": "status"},
    {"label": "Sejak", "key": "sejak", "orders": _BY_TIME},
]


def _waiting_rows(nominations: list[Nomination], request: HttpRequest) -> list[list[Any]]:
    noted = queues.noted(nominations)
    return [
        [
            _name_cell(nomination),
            nomination.regency.full_name,
            f"{noted[nomination.pk].given} dari {noted[nomination.pk].asked}",
            queues.days_waiting(nomination, at=request.received_at),
            queues.notes_cell(_notes(nomination, noted[nomination.pk])),
        ]
        for nomination in nominations
    ]


def _notes(nomination: Nomination, noted: queues.Noted) -> list[str]:
    repaired: bool = nomination.is_repaired  # type: ignore[attr-defined]
    return [
        *(["Sudah diperbaiki"] if repaired else []),
        *(["Mungkin sudah terdaftar dengan nama lain"] if noted.is_alike else []),
    ]


def _decided_rows(nominations: Any) -> list[list[Any]]:
    return [
        [
            _name_cell(nomination),
            nomination.regency.full_name,
            {"status": {"state": nomination.state}},
            guards.when(nomination.since),
        ]
        for nomination in nominations
    ]


def _name_cell(nomination: Nomination) -> dict[str, Any]:
    return {
        "template": "nominations/queue_name_cell.html",
        "nomination": nomination,
        "url": reverse("endorsement", args=[nomination.pk]),
    }


def _silent(regencies: list[Regency]) -> dict[str, Any]:
    """The kabupaten and kota of the person's provinces that proposed nothing, of those with a dinas of their own."""
    asked = [regency for regency in regencies if regency.province_id != WITHOUT_DINAS]
    silent = [regency for regency in asked if not regency.has_proposed]  # type: ignore[attr-defined]
    return {"silent": silent, "regencies": len(asked)}


def _zone_of(person: Person) -> str:
    provinces = [office.province for office in person.offices(Role.PROVINSI) if office.province]
    return provinces[0].zone if provinces else ""


@require_http_methods(["GET", "HEAD", "POST"])
@_province_only
def endorsement(request: HttpRequest, pk: int) -> HttpResponse:
    """/verifikasi-provinsi/<id>/: the copy as submitted, five questions, one decision."""
    nomination = get_object_or_404(endorsing.seen_by(request.user).with_names(), pk=pk)
    submission = nomination.latest_submission()
    assert submission is not None, "what this page shows was sent"
    if request.method != "POST":
        return _page(request, nomination, submission, _form(request, nomination, submission))
    if not rules.is_of_its_province(request.user, nomination):
        raise PermissionDenied("Usulan ini diverifikasi oleh petugas dinas provinsinya.")
    form = _form(request, nomination, submission, action=request.POST.get("tindakan", KEEP))
    if not form.is_valid():
        return _page(request, nomination, submission, form)
    try:
        return _act(request, nomination, form)
    except Refused as refusal:
        form.refuse(refusal)
        late = refusal.code == "wrong_state"
        # What a colleague has made of it meanwhile.
        fresh = endorsing.seen_by(request.user).with_names().get(pk=pk)
        return _page(request, fresh, submission, form, status=409 if late else 200)


def _act(request: HttpRequest, nomination: Nomination, form: EndorsementForm) -> HttpResponse:
    """Keep the answers, or decide with them; raises Refused."""
    by, at = request.user, request.received_at
    if form.action not in _DONE:
        endorsing.answer(nomination, form.answers(), by=by, at=at)
        messages.success(request, f"Jawaban tersimpan {clock(at, WIB)}. Usulan ini belum diputuskan.")
        return redirect("endorsement", nomination.pk)
    endorsing.decide(
        form.action, nomination, answers=form.answers(), by=by, at=at, reason=form.reason(),
        due_at=form.cleaned_data["batas"], remarks=form.remarks(),
    )  # fmt: skip
    name = f"{nomination} ({nomination.product.ikm.name})"
    messages.success(request, f"{name}: {_DONE[form.action]} {clock(at, WIB)}. Dinas sudah diberi tahu.")
    following = endorsing.next_for(by, after=nomination)
    return redirect("endorsement", following.pk) if following else redirect("endorsements")


def _form(
    request: HttpRequest, nomination: Nomination, submission: Submission, *, action: str = ""
) -> EndorsementForm:
    return EndorsementForm(
        request.POST if request.method == "POST" else None,
        action=action,
        submission=submission,
        requirements=completeness.requirements_for(nomination),
        at=request.received_at,
    )


def _page(
    request: HttpRequest,
    nomination: Nomination,
    submission: Submission,
    form: EndorsementForm,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page; `form` may be bound with what was typed. Who may not decide reads the answers without controls."""
    may_decide = any(row.action == ENDORSE for row in lifecycle.possible(nomination, request.user))
    hindrance = guards.phase_is_open(Phase.Kind.ENDORSEMENT)(
        nomination, Act(request.user, request.received_at)
    )
    ikm = nomination.product.ikm
    return render(
        request,
        "nominations/province_endorsement.html",
        {
            "nomination": nomination,
            "submission": submission,
            "form": form,
            # What was typed stays on the page, whatever has become of the nomination.
            "may_type": form.is_bound or (may_decide and hindrance is None),
            "may_decide": may_decide,
            "hindrance": hindrance[1] if hindrance and may_decide else "",
            "answers": submission.province_answers.select_related("by").order_by("pk"),
            "attachments": reading.attachments(submission.content),
            "repair": reading.repair(submission, form.requirements),
            "likenesses": registry.likely_duplicates(
                ikm.name, regency=ikm.regency, nib=ikm.nib or "", but=ikm
            ),
            "events": reading.events(nomination),
            "next": None if may_decide else endorsing.next_for(request.user, after=nomination),
            "end": nomination.round.phase(Phase.Kind.ENDORSEMENT),
            "breadcrumb": [{"label": "Verifikasi provinsi", "url": lists.way_back(request, "endorsements")}],
            "zone": nomination.regency.province.zone,
        },
        status=status,
    )
