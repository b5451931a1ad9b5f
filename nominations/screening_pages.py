"""The secretariat's pages of screening: /seleksi/."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters.wording import WIB, clock

from . import endorsing, queues, rounds, screening_desk
from . import screening as checking
from .guards import Refused
from .models import Nomination, NominationQuerySet, Objection, Phase, Sample, State
from .models.nomination import AT_THE_MINISTRY
from .screening_desk import Desk
from .screening_forms import ChecklistForm, ReasonForm, SampleForm, SearchForm

PER_PAGE = 50
_WAITING, _ALL, _UNVERIFIED = "menunggu", "semua", "provinsi"
_look = needs(Right.SCREEN, Right.READ_ALL)
_screen = needs(Right.SCREEN)
_COLUMNS = {
    _WAITING: (
        "IKM dan produk",
        "Kelompok",
        "Kabupaten/kota",
        "Menunggu (hari)",
        "Contoh produk",
        "Keterangan",
    ),
    _ALL: ("IKM dan produk", "Kelompok", "Kabupaten/kota", "Status", "Sejak (hari)", "Contoh produk"),
    _UNVERIFIED: ("IKM dan produk", "Kelompok", "Kabupaten/kota", "Menunggu (hari)", "Mengapa"),
}


@require_safe
@_look
def queue(request: HttpRequest) -> HttpResponse:
    """/seleksi/: what waits, oldest first; all nominations at the ministry; what no province will verify."""
    seen = (
        Nomination.objects.visible_to(request.user)
        .with_names()
        .select_related("sample", "refusal_proposal__by")
    )
    search = SearchForm(request.GET)
    lists = {
        _WAITING: seen.awaiting_screening(),
        _ALL: _found(seen, search).order_by("-round_id", "-submitted_at", "-pk"),
        _UNVERIFIED: seen.filter(pk__in=endorsing.awaiting_no_province(at=request.received_at).order_by().values("pk"))
        .order_by("submitted_at", "pk"),
    }  # fmt: skip
    shown = request.GET.get("tampil", _WAITING)
    shown = shown if shown in lists else _WAITING
    page = Paginator(queues.with_way(lists[shown]), PER_PAGE).get_page(request.GET.get("halaman"))
    round_ = rounds.current(at=request.received_at)
    return render(
        request,
        "nominations/screening_queue.html",
        {
            "shown": shown,
            "count": lists[_WAITING].count(),
            "unverified_count": lists[_UNVERIFIED].count(),
            "objection_count": Objection.objects.visible_to(request.user).waiting().count(),
            "page": page,
            "columns": [{"label": label, "numeric": label.endswith("(hari)")} for label in _COLUMNS[shown]],
            "rows": [_row(shown, nomination, request) for nomination in page],
            "search": search,
            "chips": _chips(request, search) if shown == _ALL else [],
            "kept": [("tampil", _ALL)],
            "clear_url": f"?tampil={_ALL}",
            "round": round_,
            "end": round_ and round_.phase(Phase.Kind.SCREENING),
        },
    )


def _found(seen: NominationQuerySet, search: SearchForm) -> NominationQuerySet:
    """All that came to the ministry, and what it returned; narrowed by what is searched."""
    wanted = search.narrowed()
    found = seen.filter(Q(state__in=AT_THE_MINISTRY) | Q(state=State.RETURNED, returned_from=State.ENDORSED))
    for word in wanted.get("q", "").split():
        found = found.filter(
            Q(number__icontains=word) | Q(product__name__icontains=word) | Q(product__ikm__name__icontains=word)
            | Q(product__ikm__regency__name__icontains=word)
        )  # fmt: skip
    paths = {
        "status": "state",
        "kelompok": "product__group",
        "provinsi": "product__ikm__regency__province",
        "periode": "round",
    }
    return found.filter(**{paths[name]: value for name, value in wanted.items() if name in paths})


def _chips(request: HttpRequest, search: SearchForm) -> list[dict[str, str]]:
    """Each filter that is used, with the address without it."""
    chips = []
    for name, value in search.narrowed().items():
        rest = request.GET.copy()
        rest.pop(name, None)
        rest.pop("halaman", None)
        label = State(value).label if name == "status" else str(value)
        chips.append({"label": label, "url": f"?{rest.urlencode()}"})
    return chips


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
        {"template": "nominations/queue_notes_cell.html", "notes": _notes(nomination)},
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
                {"label": "Seleksi administrasi", "url": reverse("screenings")},
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
                {"label": "Seleksi administrasi", "url": reverse("screenings")},
                {"label": str(desk.nomination), "url": desk.address},
            ],
        },
    )
