"""The secretariat's pages of sanggah, /seleksi/sanggah/: what waits for an answer, and one objection with its answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters.wording import WIB, clock

from . import answers, copies, letter_desk, objections, reading, standing
from .guards import Refused
from .models import Objection
from .models.screening import ObjectionQuerySet
from .objection_forms import ANSWERED, OVERDUE, WAITING, AnswerForm, ObjectionFilter
from .objection_pages import contested, told

PER_PAGE = 50
COLLEAGUES_NAMED = 10
_SEND, _CHANGE = "kirim", "ubah"
# The chair reads those to a result; each sees what Objection.visible_to says.
_look = needs(Right.SCREEN, Right.READ_ALL, Right.ENDORSE, Right.LEAD_PLENARY)
_COLUMNS = (
    "IKM dan produk",
    "Kabupaten/kota",
    "Sanggah atas",
    "Diterima",
    "Jawaban paling lambat",
    "Keadaan",
)


@require_safe
@_look
def queue(request: HttpRequest) -> HttpResponse:
    """/seleksi/sanggah/: those that wait, by when they must be answered; then those that were answered."""
    at = request.received_at
    seen = Objection.objects.visible_to(request.user)
    search = ObjectionFilter(request.GET)
    found = _narrowed(seen, search, request).with_names()
    in_order = found.order_by(F("answered_at").desc(nulls_first=True), "answer_due_at", "pk")
    page = Paginator(in_order, PER_PAGE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "nominations/objection_queue.html",
        {
            "count": seen.waiting().count(),
            "overdue": seen.overdue(at=at).count(),
            "page": page,
            "columns": [{"label": label} for label in _COLUMNS],
            "rows": [_row(objection, request) for objection in page],
            "search": search,
            "chips": _chips(request, search),
            "may_screen": request.user.may(Right.SCREEN) or request.user.may(Right.READ_ALL),
            "breadcrumb": _breadcrumb(request)[:1],
        },
    )


def _narrowed(seen: ObjectionQuerySet, search: ObjectionFilter, request: HttpRequest) -> ObjectionQuerySet:
    wanted = search.narrowed()
    standings = {
        WAITING: seen.waiting(),
        OVERDUE: seen.overdue(at=request.received_at),
        ANSWERED: seen.exclude(outcome=""),
    }
    found = standings.get(wanted.get("keadaan", ""), seen)
    for word in wanted.get("q", "").split():
        found = found.filter(
            Q(nomination__number__icontains=word) | Q(nomination__product__name__icontains=word)
            | Q(nomination__product__ikm__name__icontains=word)
            | Q(nomination__product__ikm__regency__name__icontains=word)
        )  # fmt: skip
    if "tahap" in wanted:
        found = found.filter(stage=wanted["tahap"])
    if "periode" in wanted:
        found = found.filter(nomination__round=wanted["periode"])
    return found


def _chips(request: HttpRequest, search: ObjectionFilter) -> list[dict[str, str]]:
    """Each filter that is used, with the address without it."""
    chips = []
    for name, label in search.in_words().items():
        rest = request.GET.copy()
        rest.pop(name, None)
        rest.pop("halaman", None)
        chips.append({"label": label, "url": f"?{rest.urlencode()}"})
    return chips


def _row(objection: Objection, request: HttpRequest) -> list[Any]:
    nomination = objection.nomination
    return [
        {
            "template": "nominations/queue_name_cell.html",
            "nomination": nomination,
            "url": objection.get_absolute_url(),
        },
        {"text": nomination.regency.full_name, "note": nomination.regency.province.name},
        objection.get_stage_display(),
        {"template": "nominations/objection_instant_cell.html", "instant": objection.at},
        {"template": "nominations/objection_instant_cell.html", "instant": objection.answer_due_at},
        {"status": standing_of(objection, request)},
    ]


def standing_of(objection: Objection, request: HttpRequest) -> dict[str, str]:
    """What status_badge takes: waits, is overdue, or how it was answered."""
    if objection.outcome:
        tone = "baik" if objection.outcome == Objection.Outcome.UPHELD else "netral"
        return {"state": objection.get_outcome_display(), "tone": tone}
    if objection.is_overdue(at=request.received_at):
        return {"state": "Lewat batas", "tone": "galat"}
    return {"state": "Menunggu jawaban", "tone": "hati"}


@require_http_methods(["GET", "HEAD", "POST"])
@_look
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """/seleksi/sanggah/<id>/: the objection beside what it is against; the answer, asked once more before it goes."""
    found = get_object_or_404(Objection.objects.visible_to(request.user).with_names(), pk=pk)
    if request.method != "POST":
        return _page(request, found)
    if not request.user.may(Right.SCREEN):
        raise PermissionDenied("Sanggah dijawab oleh Sekretariat.")
    return _answering(request, found)


def _answering(request: HttpRequest, found: Objection) -> HttpResponse:
    form = AnswerForm(request.POST, objection=found)
    step = request.POST.get("langkah")
    if not form.is_valid() or step == _CHANGE:
        return _page(request, found, form)
    typed = {
        "outcome": form.cleaned_data["putusan"],
        "answer": form.cleaned_data["jawaban"],
        "by": request.user,
        "at": request.received_at,
    }
    try:
        if step != _SEND:
            objections.check_answer(found, **typed)
            return _confirmation(request, found, form)
        objections.answer(found, **typed)
    except Refused as refusal:
        form.refuse(refusal)
        fresh = Objection.objects.with_names().get(pk=found.pk)
        was_late = refusal.code in ("already_answered", "wrong_state")
        return _page(request, fresh, form, status=409 if was_late else 200)
    messages.success(
        request,
        f"Sanggah atas usulan {found.nomination} dijawab {clock(request.received_at, WIB)}. Dinas sudah diberi tahu.",
    )
    return redirect("objections")


def _confirmation(request: HttpRequest, found: Objection, form: AnswerForm) -> HttpResponse:
    outcome = Objection.Outcome(form.cleaned_data["putusan"])
    return render(
        request,
        "nominations/objection_confirm.html",
        {
            "title": "Kirim jawaban sanggah ini?",
            "lead": f"{found.nomination.product.name}, {found.nomination.product.ikm.name}",
            "not_yet": "Jawaban belum terkirim.",
            "consequence": f"{objections.CONSEQUENCES[found.stage, outcome]} Dinas langsung diberi tahu, dan jawaban tidak "
            "dapat diubah lagi.",
            "rows": [("Putusan", outcome.label), ("Jawaban", form.cleaned_data["jawaban"])],
            "files": [],
            "hidden": [("putusan", outcome.value), ("jawaban", form.cleaned_data["jawaban"])],
            "send": ("langkah", _SEND, "Kirim jawaban"),
            "change": ("langkah", _CHANGE, "Ubah jawaban"),
            "deadline": None,
            "zone": "",
            "breadcrumb": [*_breadcrumb(request), {"label": str(found.nomination), "url": request.path}],
        },
    )


def _page(
    request: HttpRequest, found: Objection, form: AnswerForm | None = None, *, status: int = 200
) -> HttpResponse:
    nomination = found.nomination
    hindrance = objections.why_not_answered_by(found, request.user, at=request.received_at)
    is_open, may_screen = not found.outcome, request.user.may(Right.SCREEN)
    may_answer = is_open and may_screen and hindrance is None
    content = copies.content_to_read(nomination)
    others = objections.who_could_answer(found, at=request.received_at) if is_open and not may_answer else []
    return render(
        request,
        "nominations/objection.html",
        {
            "told": told(found),
            "objection": found,
            "nomination": nomination,
            "standing": standing_of(found, request),
            "contested": contested(nomination, found.stage),
            "zone": nomination.regency.province.zone,
            "at": request.received_at,
            "may_answer": may_answer,
            "hindrance": hindrance[1] if hindrance and is_open and may_screen else "",
            "others": others[:COLLEAGUES_NAMED] if may_screen else [],
            "form": form if form is not None else AnswerForm(objection=found),
            # What can no longer be sent stays readable, so that it can be copied from here.
            "left_over": form["jawaban"].value() if form is not None and not may_answer else "",
            "sections": answers.sheet(content),
            "attachments": reading.attachments(content),
            "events": reading.events(nomination) if standing.reads_its_way(request.user, nomination) else [],
            "letters": letter_desk.about(nomination, request.user),
            "letters_to_draft": letter_desk.offered_about(nomination, request.user) if found.outcome else [],
            "breadcrumb": _breadcrumb(request),
        },
        status=status,
    )


def _breadcrumb(request: HttpRequest) -> list[dict[str, str]]:
    person = request.user
    first = (
        {"label": "Seleksi administrasi", "url": reverse("screenings")}
        if person.may(Right.SCREEN) or person.may(Right.READ_ALL)
        else {"label": "Beranda", "url": reverse("home_of_role")}
    )
    return [first, {"label": "Sanggah", "url": reverse("objections")}]
