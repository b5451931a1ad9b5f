"""
The letter of assignment (surat tugas, documents.md 4) as a paper for the signing office: of the assessors of a
commodity group in a round, and of the team of one visit. Number, date and signature come from its register.
"""

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters import papers, wording
from nominations.models import CommodityGroup, Phase, Round

from .models import Assignment, Visit
from .models.panels import AssignmentQuerySet

_assigns = needs(Right.ASSIGN, Right.READ_ALL)


@require_safe
@_assigns
def of_panels(request: HttpRequest, year: int, group: str) -> HttpResponse:
    """/panel/surat-tugas/<tahun>/<komoditas>/: who assesses that group, between which days; 404 while nobody does."""
    round_, commodity = get_object_or_404(Round, pk=year), get_object_or_404(CommodityGroup, pk=group)
    there = Assignment.objects.active().filter(
        assessment__nomination__round=round_,
        assessment__nomination__product__group=commodity,
        assessor__is_active=True,
    )
    people = _people(there)
    if not people:
        raise Http404
    phase = round_.phase(Phase.Kind.ASSESSMENT)
    numbers = there.order_by("assessment__nomination__number").values_list(
        "assessment__nomination__number", flat=True
    )
    return _letter(
        {
            "round": round_,
            "people": people,
            "matter": f"menilai usulan kelompok komoditas {commodity.name} melalui portal OVOP pada {_between(phase)}",
            "also_visits": True,
            "nominations": list(numbers.distinct()),
        },
        name=f"surat-tugas-{round_.pk}-{commodity.pk}.pdf",
    )


@require_safe
@_assigns
def of_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """/lapangan/<id>/surat-tugas/: the team of one visit that is planned or done."""
    one = get_object_or_404(
        Visit.objects.visible_to(request.user).exclude(state=Visit.State.CANCELLED).with_names(), pk=pk
    )
    nomination = one.assessment.nomination
    there = Assignment.objects.active().filter(visits__visit=one, assessor__is_active=True)
    return _letter(
        {
            "round": nomination.round,
            "people": _people(there),
            "matter": f"melaksanakan verifikasi lapangan atas usulan Nomor {nomination} pada "
            f"{wording.plain_date(one.planned_on)} di {one.place}, {nomination.regency.full_name}, "
            f"Provinsi {nomination.regency.province.name}",
            "also_visits": False,
            "nominations": [],
        },
        name=f"surat-tugas-lapangan-{nomination}.pdf",
    )


def _people(there: AssignmentQuerySet) -> list[dict[str, Any]]:
    """Each assessor once per office, with how many nominations they were given."""
    rows = there.order_by().values("assessor_id", "office_id").annotate(nominations=Count("pk"))
    counted = {(row["assessor_id"], row["office_id"]): row["nominations"] for row in rows}
    once = (
        there.order_by("assessor_id", "office_id")
        .distinct("assessor_id", "office_id")
        .select_related("assessor", "office")
    )
    people = [
        {
            "name": one.assessor.full_name,
            "office": str(one.office),
            "nominations": counted[one.assessor_id, one.office_id],
        }
        for one in once
    ]
    return sorted(people, key=lambda person: (person["office"], person["name"]))


def _between(phase: Phase | None) -> str:
    if phase is None:
        return "tahap penilaian yang akan diumumkan"
    first, last = (at.astimezone(wording.WIB).date() for at in (phase.opens_at, phase.closes_at))
    return f"{wording.plain_date(first)} sampai dengan {wording.plain_date(last)}"


def _letter(context: dict[str, Any], *, name: str) -> HttpResponse:
    return papers.answer(
        "assessment/pdf/task_letter.html",
        {**context, "is_example": context["round"].is_example, "letterhead": papers.ministry_letterhead()},
        name=name,
    )
