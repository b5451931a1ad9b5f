"""Explanations: drafted and released at /penilaian/penjelasan/, read by the office at /usulan/<id>/penjelasan/."""

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from accounts.sent_numbers import number_in
from letters.wording import number_id
from nominations.models import Nomination
from nominations.round_pages import round_asked

from . import explanations
from .models import Assessment, Explanation
from .refusals import Refused

PER_PAGE = 50
_looks = needs(Right.ASSIGN, Right.READ_ALL)
whoever_reads = needs(Right.NOMINATE, Right.ENDORSE, Right.ASSIGN, Right.READ_ALL)
_BREADCRUMB = [{"label": "Penjelasan hasil", "url": "/penilaian/penjelasan/"}]


class ExplanationForm(forms.Form):
    use_required_attribute = False
    text = forms.CharField(
        label="Penjelasan", widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Dibaca dinas pengusul dan provinsinya. Tanpa nama penilai dan tanpa skor satu per satu.",
        error_messages={"required": "Tuliskan penjelasannya."},
    )  # fmt: skip


@require_safe
@_looks
def overview(request: HttpRequest) -> HttpResponse:
    """The decided nominations of a round, each with where its explanation stands."""
    round_ = round_asked(request)
    found = explanations.waiting_in(round_) if round_ else Assessment.objects.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "assessment/explanations.html",
        {
            "round": round_,
            "page": page,
            "columns": [{"label": label} for label in ("Usulan", "Kelompok komoditas", "Keadaan")],
            "rows": [_row(one) for one in page],
        },
    )


def _row(assessment: Assessment) -> list[Any]:
    nomination = assessment.nomination
    there: Explanation | None = getattr(assessment, "explanation", None)
    if there is None:
        state, tone = "Belum disusun", "netral"
    else:
        state, tone = ("Dilepas", "baik") if there.released_at else ("Konsep", "info")
    return [
        {
            "text": nomination.product.ikm.name,
            "url": reverse("explanation", args=[assessment.pk]),
            "note": f"{nomination.product.name}, {nomination}",
        },
        nomination.product.group.name,
        {"status": {"state": state, "tone": tone}},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@_looks
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """One explanation: drafted by a first press, edited, read as the office will, and released for good."""
    assessment = get_object_or_404(
        Assessment.objects.filter(nomination__decisions__plenary__sealed_at__isnull=False)
        .select_related("instrument", "nomination__product__ikm", "nomination__round")
        .distinct(),
        pk=pk,
    )
    there = Explanation.objects.filter(assessment=assessment).select_related("released_by").first()
    form = None
    if request.method == "POST":
        if not request.user.may(Right.ASSIGN):
            raise PermissionDenied("Penjelasan disusun oleh Sekretariat.")
        answer, form = _acted(request, assessment, there)
        if answer is not None:
            return answer
    may_write = request.user.may(Right.ASSIGN)
    if there is not None and form is None and may_write:
        form = ExplanationForm(initial={"text": there.text})
    return render(
        request,
        "assessment/explanation_desk.html",
        {
            "assessment": assessment,
            "nomination": assessment.nomination,
            "explanation": there,
            "form": form if there is not None and not there.released_at else None,
            "may_write": may_write,
            "figures": figures(there) if there is not None else None,
            "breadcrumb": _BREADCRUMB,
        },
        status=409 if form is not None and form.is_bound and form.errors else 200,
    )


def _acted(
    request: HttpRequest, assessment: Assessment, there: Explanation | None
) -> tuple[HttpResponse | None, ExplanationForm | None]:
    """What the pressed button did; else the bound form that says what stands in the way."""
    address = reverse("explanation", args=[assessment.pk])
    form = ExplanationForm(request.POST)
    version = number_in(request.POST.get("version")) or 0
    try:
        if there is None:
            explanations.draft(assessment, by=request.user, at=request.received_at)
            messages.success(
                request, "Konsep penjelasan disusun dari skor. Baca dan perbaiki sebelum dilepas."
            )
        elif "lepas" in request.POST:
            explanations.release(there, version=version, by=request.user, at=request.received_at)
            messages.success(request, "Penjelasan dilepas. Dinas pengusul dapat membacanya.")
        elif form.is_valid():
            explanations.save(
                there,
                text=form.cleaned_data["text"],
                version=version,
                by=request.user,
                at=request.received_at,
            )
            messages.success(request, "Penjelasan tersimpan.")
        else:
            return None, form
    except Refused as refusal:
        if "text" not in request.POST:
            messages.error(request, refusal.for_reader)
            return redirect(address), None
        form.is_valid()
        form.add_error("text" if refusal.code != "released" else None, refusal.for_reader)
        return None, form
    return redirect(address), None


@require_safe
@whoever_reads
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """/usulan/<id>/penjelasan/: what the office reads, made to be printed; not there before it is released."""
    return render(request, "assessment/explanation.html", released(request, pk))


def released(request: HttpRequest, pk: int) -> dict[str, Any]:
    """What page and PDF of a released explanation say; 404 for whom it is not there."""
    nomination = get_object_or_404(Nomination.objects.visible_to(request.user).with_names(), pk=pk)
    found = get_object_or_404(
        Explanation.objects.visible_to(request.user).filter(released_at__isnull=False),
        assessment__nomination=nomination,
    )
    return {
        "nomination": nomination,
        "explanation": found,
        "figures": figures(found),
        "zone": nomination.regency.province.zone,
        "breadcrumb": [
            {"label": "Usulan", "url": "/usulan/"},
            {"label": nomination.product.name, "url": nomination.get_absolute_url()},
        ],
    }


def figures(found: Explanation) -> dict[str, Any]:
    """The facts as tables: parts against the median of the group, strong and weak, what would lift it."""
    facts = found.facts
    return {
        "value": Fraction(facts["value"]),
        "star": facts["star"],
        "maximum_star": facts["maximum_star"],
        "group": facts["group"],
        "part_columns": [
            {"label": "Bagian"}, {"label": "Nilai", "numeric": True}, {"label": "Tertinggi", "numeric": True},
            {"label": "Median kelompok", "numeric": True},
        ],
        "part_rows": [
            [
                f"{part['code']} {part['name']}", _two(part["points"]), _two(part["maximum"]), _two(part["median"])
            ]
            for part in facts["parts"]
        ],
        "part_totals": ["Jumlah", _two(facts["value"]), "100,00", ""],
        "strong": [_share(item) for item in facts["strong"]],
        "weak": [_share(item) for item in facts["weak"]],
        "next_star": facts["next_star"],
        "gap": _two(facts["gap"]) if facts["gap"] else "",
        "lifts": [f"{item['name']}: sampai {_two(item['points'])} poin" for item in facts["lifts"]],
    }  # fmt: skip


def _two(exact: str) -> str:
    return number_id(Fraction(exact), 2)


def _share(item: dict[str, Any]) -> str:
    return f"{item['name']}: {_two(item['score'])} dari {item['maximum']}"
