"""The secretariat's pages of screening: /seleksi/."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from letters.wording import WIB, clock

from . import endorsing, exporting, lists, queues, rounds, screening_desk
from . import screening as checking
from .guards import Refused
from .models import Nomination, NominationQuerySet, Phase, Sample, State
from .models.nomination import AT_THE_MINISTRY
from .screening_desk import Desk
from .screening_forms import ChecklistForm, ReasonForm, SampleForm

PER_PAGE = 50
_WAITING, _ALL, _UNVERIFIED = "menunggu", "semua", "provinsi"
_look = needs(Right.SCREEN, Right.READ_ALL)
_screen = needs(Right.SCREEN)
_NAME, _GROUP, _PLACE = (
    {"label": "IKM dan produk", "key": "ikm"},
    {"label": "Kelompok", "key": "kelompok"},
    {"label": "Kabupaten/kota", "key": "daerah"},
)
_DAYS = {"label": "Menunggu (hari)", "numeric": True, "key": "sejak", "orders": lists.SINCE_IN_WORDS}
_COLUMNS: dict[str, list[dict[str, Any]]] = {
    _WAITING: [_NAME, _GROUP, _PLACE, _DAYS, {"label": "Contoh produk"}, {"label": "Keterangan"}],
    _ALL: [
        _NAME, _GROUP, _PLACE, {"label": "Status", "key": "status"}, {**_DAYS, "label": "Sejak (hari)"},
        {"label": "Contoh produk"},
    ],
    _UNVERIFIED: [_NAME, _GROUP, _PLACE, _DAYS, {"label": "Mengapa"}],
}  # fmt: skip
_USUAL = {
    _WAITING: ("submitted_at", "pk"),
    _ALL: ("-round_id", "-submitted_at", "-pk"),
    _UNVERIFIED: ("submitted_at", "pk"),
}

_IN_USUAL_ORDER = {
    _WAITING: ("Menunggu", "yang paling dahulu dikirim di atas"),
    _ALL: ("Usulan di Kementerian", "yang terakhir dikirim di atas"),
    _UNVERIFIED: ("Dapat diteruskan Sekretariat dengan alasan", "yang paling dahulu dikirim di atas"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@_look
def queue(request: HttpRequest) -> HttpResponse:
    """
    /seleksi/: what waits, oldest first; all nominations at the ministry; what no province will verify. A POST takes
    the list along.
    """
    seen = Nomination.objects.visible_to(request.user)
    tabs = {
        _WAITING: seen.awaiting_screening(),
        _ALL: seen.filter(
            Q(state__in=AT_THE_MINISTRY) | Q(state=State.RETURNED, returned_from=State.ENDORSED)
        ),
        _UNVERIFIED: seen.filter(
            pk__in=endorsing.awaiting_no_province(at=request.received_at).order_by().values("pk")
        ),
    }
    shown = request.GET.get("tampil", _WAITING)
    shown = shown if shown in tabs else _WAITING
    listing = _listing(request, tabs[shown], shown)
    if request.method == "POST":
        return exporting.download(request, listing, exporting.NOMINATIONS, name="seleksi")
    lists.remember(request, "screenings")
    context = listing.context()
    round_ = rounds.current(at=request.received_at)
    return render(
        request,
        "nominations/screening_queue.html",
        {
            "shown": shown,
            **_counts(seen, request),
            "columns": _COLUMNS[shown],
            "caption": listing.caption(*_IN_USUAL_ORDER[shown], _COLUMNS[shown]),
            **context,
            "rows": [_row(shown, nomination, request) for nomination in context["page"]],
            "round": round_,
            "end": round_ and round_.phase(Phase.Kind.SCREENING),
        },
    )


def _counts(seen: NominationQuerySet, request: HttpRequest) -> dict[str, int]:
    """What the headline and the tabs count, whatever the list is narrowed to."""
    unverified = endorsing.awaiting_no_province(at=request.received_at).order_by().values("pk")
    return seen.order_by().aggregate(
        count=Count("pk", filter=Q(state=State.ENDORSED), distinct=True),
        unverified_count=Count("pk", filter=Q(pk__in=unverified), distinct=True),
        objection_count=Count("objections", filter=Q(objections__outcome="", objections__isnull=False)),
    )


def _listing(request: HttpRequest, nominations: NominationQuerySet, shown: str) -> lists.Listing:
    states = [*AT_THE_MINISTRY, State.RETURNED]
    narrowed = lists.ScreeningFilter(
        request.GET,
        queues.with_way(
            nominations.with_names().select_related("product__ikm__sentra", "sample", "refusal_proposal__by")
        ),
        periode=lists.rounds(),
        status=[(state.value, state.label) for state in states] if shown == _ALL else None,
        kelompok=lists.groups(),
        provinsi=lists.provinces(),
        daerah=None,
    )
    kept = [] if shown == _WAITING else [("tampil", shown)]
    return lists.Listing(request, narrowed, usual=_USUAL[shown], kept=kept, per_page=PER_PAGE)


def _row(shown: str, nomination: Nomination, request: HttpRequest) -> list[Any]:
    days = queues.days_waiting(nomination, at=request.received_at)
    sample = "Diterima" if hasattr(nomination, "sample") else "Belum diterima"
    start = [
        {
            "template": "nominations/queue_name_cell.html",
            "nomination": nomination,
            "url": reverse("screening", args=[nomination.pk]),
        },
        nomination.product.group.name,
        {"text": nomination.regency.full_name, "note": nomination.regency.province.name},
    ]
    if shown == _ALL:
        return [*start, {"status": {"state": nomination.state}}, days, sample]
    if shown == _UNVERIFIED:
        own = nomination.office.kind == nomination.office.Kind.PROVINCE
        return [
            *start,
            days,
            "Diusulkan provinsi sendiri" if own else "Batas verifikasi provinsi sudah lewat",
        ]
    return [
        *start,
        days,
        sample,
        queues.notes_cell(_notes(nomination)),
    ]


def _notes(nomination: Nomination) -> list[str]:
    repaired: bool = nomination.is_repaired  # type: ignore[attr-defined]
    proposal = getattr(nomination, "refusal_proposal", None)
    return [
        *(["Sudah diperbaiki"] if repaired else []),
        *([f"Tidak lolos diusulkan {proposal.by.full_name}: menunggu orang kedua"] if proposal else []),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@_look
def screening(request: HttpRequest, pk: int) -> HttpResponse:
    """/seleksi/<id>/: the document beside the checklist, then the decision."""
    desk = _desk(request, pk)
    if request.method != "POST":
        return render(request, "nominations/screening.html", screening_desk.context(desk))
    if not desk.may_screen:
        raise PermissionDenied("Seleksi administrasi dilakukan oleh Sekretariat.")
    action = request.POST.get("tindakan", "save_lines")
    if action == "save_lines" and not request.accepts("text/html"):
        return _saved_line(desk, screening_desk.save_lines(desk))
    outcome = screening_desk.ACTS.get(action, screening_desk.save_lines)(desk)
    if isinstance(outcome, HttpResponse):
        return outcome
    return _drawn_again(desk, outcome)


def _desk(request: HttpRequest, pk: int) -> Desk:
    seen = Nomination.objects.visible_to(request.user).with_names().select_related("refusal_proposal__by")
    return Desk(request, get_object_or_404(seen, pk=pk))


def _drawn_again(desk: Desk, form: forms.Form) -> HttpResponse:
    """The page as things stand now, with what was typed."""
    fresh = _desk(desk.request, desk.nomination.pk)
    status = 409 if getattr(form, "was_late", False) else 200
    return render(
        desk.request, "nominations/screening.html", screening_desk.context(fresh, form), status=status
    )


def _saved_line(desk: Desk, outcome: HttpResponse | forms.Form) -> JsonResponse:
    """The answer for the script that saves each line by itself (static/js/screening.js)."""
    if isinstance(outcome, ChecklistForm):
        texts = [str(text) for errors in outcome.errors.values() for text in errors]
        # What stands now, so that whoever has read it can save over it.
        seen = dict(pair for fields in outcome.form_lines() for pair in fields.seen if fields.line.check)
        return JsonResponse({"refused": " ".join(texts), "seen": seen}, status=422)
    # The message of the page that would follow is not for this answer.
    list(messages.get_messages(desk.request))
    return JsonResponse(
        {
            "saved": clock(desk.request.received_at, WIB),
            "decided": sum(line.check is not None for line in desk.lines),
            "total": len(desk.lines),
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_screen
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """/seleksi/<id>/tidak-lolos/: the second half of a refusal, asked once more."""
    desk = _desk(request, pk)
    proposal = getattr(desk.nomination, "refusal_proposal", None)
    if request.method != "POST" and proposal is None:
        return redirect(desk.address)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        prefix="putus",
        initial={"alasan": proposal.reason if proposal else ""},
    )
    if request.method == "POST":
        outcome = screening_desk.declare_ineligible(desk, form)
        if isinstance(outcome, HttpResponse):
            return outcome
    return render(
        request,
        "confirm.html",
        {
            "form": form,
            "title": f"Nyatakan {desk.nomination} tidak lolos",
            "consequence": screening_desk.CONSEQUENCE_OF_A_REFUSAL,
            "reason_field": form["alasan"],
            "confirm_label": "Nyatakan tidak lolos",
            "danger": True,
            "cancel_url": desk.address,
            "breadcrumb": [
                {"label": "Seleksi administrasi", "url": lists.way_back(request, "screenings")},
                {"label": str(desk.nomination), "url": desk.address},
            ],
        },
        status=409 if getattr(form, "was_late", False) else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_screen
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """/seleksi/<id>/contoh-produk/: code, date and condition of the sample that came in."""
    desk = _desk(request, pk)
    there = Sample.objects.filter(nomination=desk.nomination).first()
    form = SampleForm(
        request.POST if request.method == "POST" else None,
        at=request.received_at,
        initial={"code": there.code, "received_on": there.received_on, "condition": there.condition}
        if there
        else {"received_on": checking.today(request.received_at)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            checking.receive_sample(
                desk.nomination, by=request.user, at=request.received_at, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error("code" if refusal.code == "code_taken" else None, refusal.for_reader)
        else:
            messages.success(request, f"{desk.name}: contoh produk dicatat.")
            return redirect(desk.address)
    return render(
        request,
        "nominations/screening_sample.html",
        {
            "form": form,
            "lead": f"{desk.nomination.product.name}, {desk.nomination.product.ikm.name}",
            "cancel_url": desk.address,
            "breadcrumb": [
                {"label": "Seleksi administrasi", "url": lists.way_back(request, "screenings")},
                {"label": str(desk.nomination), "url": desk.address},
            ],
        },
    )
