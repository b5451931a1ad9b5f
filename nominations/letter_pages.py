"""Official letters: /surat/ lists them, /surat/susun/… drafts one from the records, /surat/<id>/ is one of them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Office
from files import missing, serving
from letters import kinds, letterheads, official, pictures
from letters.models import Letter, LetterQuerySet

from . import letter_desk, letter_drafts, letter_rules
from .letter_drafts import REFUSALS
from .letter_forms import DraftForm, LetterFilter, may_be_written
from .letter_matters import Matter, matter, matter_of

PER_PAGE = 50
_look = needs(*letter_rules.READERS)
_write = needs(*letter_rules.WRITERS)


def seen(request: HttpRequest, pk: int) -> Letter:
    """The letter, for whoever may open it; for all others it is not there."""
    return get_object_or_404(Letter.objects.visible_to(request.user).select_related("office"), pk=pk)


# --- The list ----------------------------------------------------------------------------------------------------
@require_safe
@_look
def letters(request: HttpRequest) -> HttpResponse:
    """/surat/: every letter that this person may open, the latest first."""
    visible = Letter.objects.visible_to(request.user)
    search = LetterFilter(request.GET, offices=_offices(visible))
    found = _found(visible, search.narrowed()).select_related("office").order_by("-made_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "nominations/letters.html",
        {
            "fields": search,
            "active": _chips(request, search),
            "page": page,
            "is_empty": not search.narrowed() and not page.paginator.count,
            "columns": letter_desk.COLUMNS,
            "rows": [letter_desk.row(letter) for letter in page],
            "keeps_letterhead": bool(letterheads.kept_by(request.user)),
        },
    )


def _offices(visible: LetterQuerySet) -> list[tuple[str, str]]:
    """The offices that wrote any of these letters."""
    wrote = visible.order_by().values("office")
    return list(Office.objects.filter(pk__in=wrote).order_by("name").values_list("code", "name"))


def _found(visible: LetterQuerySet, wanted: dict[str, Any]) -> LetterQuerySet:
    for word in wanted.get("cari", "").replace("\x00", "").split()[:8]:
        visible = visible.filter(
            Q(number__icontains=word)
            | Q(office__name__icontains=word)
            | Q(snapshot__nomination__ikm__icontains=word)
            | Q(snapshot__nomination__number__icontains=word)
        )
    paths = {"jenis": "kind", "keadaan": "state", "periode": "snapshot__year", "kantor": "office__code"}
    return visible.filter(**{paths[name]: value for name, value in wanted.items() if name in paths})


def _chips(request: HttpRequest, search: LetterFilter) -> list[dict[str, str]]:
    """Each filter that is used, with the address without it."""
    chips = []
    for name, value in search.narrowed().items():
        rest = {key: text for key, text in request.GET.items() if key not in (name, "halaman")}
        choices = dict(getattr(search.fields[name], "choices", ()))
        chips.append({"label": str(choices.get(str(value), value)), "url": f"?{urlencode(rest)}"})
    return chips


# --- Drafting ----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@_write
def letter_draft(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """/surat/susun/<jenis>/<tentang>/: what the letter will say, and what is typed around it."""
    code = kind.replace("-", "_")
    if code not in letter_rules.WHO_WRITES:
        raise Http404
    if not request.user.may(letter_rules.WHO_WRITES[code].right):
        raise PermissionDenied(letter_rules.whose(code))
    found = matter(request.user, code, subject, at=request.received_at)
    if found is None or not letter_rules.may_write(request.user, code, found.office):
        raise Http404
    there = letter_drafts.unsigned(found)
    if there is not None and request.method != "POST":
        messages.info(
            request, "Surat ini sudah disusun dan belum ditandatangani. Lanjutkan dari halaman ini."
        )
        return redirect("letter", there.pk)
    form = _draft_form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            letter = letter_drafts.draft(found, form.around(), by=request.user, at=request.received_at)
        except REFUSALS as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Konsep disusun. Pratinjaunya sedang dibuat.")
            return redirect("letter", letter.pk)
    return draft_page(request, found, form)


def redraft_page(request: HttpRequest, letter: Letter) -> HttpResponse:
    """/surat/<id>/susun-ulang/: the same form for a draft that is there, filled with what it says."""
    found = matter_of(letter)
    if found is None:
        messages.info(request, "Catatan yang menjadi dasar surat ini sudah tidak ada.")
        return redirect("letter", letter.pk)
    form = _draft_form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            letter_drafts.redraft(letter, form.around(), by=request.user, at=request.received_at)
        except REFUSALS as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Konsep disusun ulang dari catatan sekarang.")
            return redirect("letter", letter.pk)
    return draft_page(request, found, form, letter=letter)


def _draft_form(request: HttpRequest, found: Matter) -> DraftForm:
    data = request.POST if request.method == "POST" else None
    return DraftForm(data, matter=found, at=request.received_at)


def draft_page(
    request: HttpRequest, found: Matter, form: DraftForm, *, letter: Letter | None = None
) -> HttpResponse:
    hindrance, facts = may_be_written(found, at=request.received_at), []
    in_the_way = ""
    try:
        facts = letter_desk.summary(found.build({"cut_off": request.received_at, **found.suggested}))
    except REFUSALS as refusal:
        in_the_way = refusal.for_reader
    return render(
        request,
        "nominations/letter_draft.html",
        {
            "form": form,
            "matter": found,
            "kind": kinds.KINDS[found.kind],
            "letter": letter,
            "facts": facts,
            "lacks": hindrance,
            "in_the_way": in_the_way,
            "may_write": form.is_bound or not (hindrance or in_the_way),
            "cancel_url": reverse("letter", args=[letter.pk]) if letter else reverse("letters"),
            "breadcrumb": [{"label": "Surat", "url": reverse("letters")}],
        },
        status=422 if form.is_bound else 200,
    )


# --- One letter --------------------------------------------------------------------------------------------------
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """/surat/<id>/: where it stands, what it says, its next step, its history."""
    found = seen(request, pk)
    return render(request, "nominations/letter.html", letter_desk.context(request, found))


@require_safe
def letter_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """/surat/<id>/berkas/: the signed file as it is, else the preview; always to be saved."""
    found = seen(request, pk)
    file = official.stored_file(found)
    if file is None:
        raise Http404
    digest = found.file_sha256 if found.is_signed else found.preview_of
    name = letter_desk.file_name(found)
    try:
        return serving.answer(
            request,
            letter_desk.path_of(file),
            media_type="application/pdf",
            etag=f'"{digest}"',
            name=name,
            inline=False,
        )
    except OSError as error:
        return missing.answer(request, error, name=name, code=f"surat-{found.pk}")


@require_safe
def letter_picture(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """/surat/<id>/halaman/<n>.png: one page of it, in a sandbox; 422 with a sentence where it cannot be drawn."""
    found = seen(request, pk)
    if official.stored_file(found) is None or found.pages is None or not 1 <= number <= found.pages:
        raise Http404
    try:
        path = pictures.picture_of(found, number)
    except pictures.NotDrawn:
        return HttpResponse(
            "Halaman ini tidak dapat digambar. Buka berkasnya.",
            status=422,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "private, no-store"},
        )
    return serving.answer(
        request,
        path,
        media_type="image/png",
        etag=f'"{path.stem}"',
        name=f"surat-{found.pk}-{number}.png",
        inline=True,
    )
