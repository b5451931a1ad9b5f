"""The first pages of /usulan/: what an office has to do and all its nominations, and one nomination."""

from typing import Any

from django.core.paginator import Page
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Office, Person
from accounts.roles import Right, Role

from . import (
    answers,
    completeness,
    copies,
    exporting,
    handing_over,
    letter_desk,
    lifecycle,
    lists,
    reading,
    registry,
    rounds,
    rules,
    standing,
    wizard,
)
from .models import Nomination, Phase, Round, State
from .objection_pages import link_from
from .proposal_access import seen


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.NOMINATE, Right.SCREEN, Right.READ_ALL)
def proposals(request: HttpRequest) -> HttpResponse:
    """
    /usulan/: the deadline, what waits for this office, all its nominations; a province reads what its region sent,
    secretariat and auditor whatever was ever sent. A POST takes the list along.
    """
    person, at = request.user, request.received_at
    listing = _listing(request)
    if request.method == "POST":
        return exporting.download(request, listing, exporting.NOMINATIONS, name="usulan")
    lists.remember(request, "nominations")
    round_ = rounds.current(at=at)
    reads_all = not person.may(Right.NOMINATE)
    nominates = not reads_all and registry.keeps_any(person)
    several = not nominates or any(office.kind == Office.Kind.PROVINCE for office in _own(person))
    context, columns = listing.context(), _columns(several)
    is_empty = not context["page"].paginator.count and not context["active"]
    return render(
        request,
        "nominations/proposals.html",
        {
            "round": round_,
            **_time(round_, at=at),
            "zone": _zone(person),
            "nominates": nominates,
            "reads_all": reads_all,
            "to_do": standing.to_do(person, round_, at=at)
            if round_ and nominates and listing.is_first
            else [],
            **context,
            "is_empty": is_empty,
            "columns": columns,
            "caption": listing.caption("Semua usulan", "yang terakhir dibuat di atas", columns),
            "rows": _rows(context["page"], several, person),
            **_beside(person, round_ if nominates and not is_empty and listing.is_first else None, nominates),
        },
    )


def _listing(request: HttpRequest) -> lists.Listing:
    """What this person's list holds; a province chooses among its regencies, the ministry among provinces."""
    person = request.user
    own = person.may(Right.NOMINATE)
    seen = standing.of_own_region(person) if own else Nomination.objects.visible_to(person)
    regions = {office.province_id for office in person.offices(Role.PROVINSI) if office.province_id}
    years, groups = lists.rounds_and_groups()
    narrowed = lists.NominationFilter(
        request.GET,
        seen.with_names().select_related("product__ikm__sentra"),
        periode=years,
        kelompok=groups,
        provinsi=None if own else lists.provinces(),
        daerah=lists.regencies(regions) if own and regions else None,
    )
    return lists.Listing(request, narrowed, usual=("-round_id", "-created_at", "-pk"))


def _own(person: Person) -> list[Office]:
    return person.offices(Role.DINAS) + person.offices(Role.PROVINSI)


def _zone(person: Person) -> str:
    provinces = [office.province for office in _own(person) if office.province]
    return provinces[0].zone if provinces else ""


def _beside(person: Person, round_: Round | None, nominates: bool) -> dict[str, Any]:
    """
    Whom a dinas asks: its province's office; and the proposal letter of this round (None: not now), one for each
    kabupaten/kota that the person nominates from.
    """
    if not nominates:
        return {"province_office": None, "letters": []}
    of_dinas = person.offices(Role.DINAS)
    nominated = Nomination.objects.filter(round=round_, office__in=[office.pk for office in _own(person)])
    office = (
        Office.objects.filter(kind=Office.Kind.PROVINCE, province__in=[one.province_id for one in of_dinas])
        .annotate(has_nominated=Exists(nominated))
        .order_by("code")
        .first()
        if of_dinas
        else None
    )
    # The usual case, one dinas, is answered by the same question.
    has_none = office is not None and len(_own(person)) == 1 and not office.has_nominated
    if round_ is None or has_none:
        return {"province_office": office, "letters": []}
    if office is not None and len(_own(person)) == 1:
        codes = [(of_dinas[0].regency_id or "", "")]
    else:
        kept = registry.regencies_kept_by(person).filter(pk__in=nominated.values("product__ikm__regency"))
        found = list(kept.order_by("code"))
        codes = [(regency.pk, regency.full_name if len(found) > 1 else "") for regency in found]
    return {
        "province_office": office,
        "letters": [letter_desk.offer_proposal(round_, code, place) for code, place in codes],
    }


def _time(round_: Round | None, *, at: Any) -> dict[str, Any]:
    """The phase in which nominations are sent, and whether one can be begun (drafts.begin says the same)."""
    phase = round_.phase(Phase.Kind.NOMINATION) if round_ else None
    return {
        "phase": phase,
        "is_ahead": phase is not None and at < phase.opens_at,
        "may_begin": phase is not None and at < phase.closes_at,
    }


def _columns(several: bool) -> list[dict[str, Any]]:
    return [
        {"label": "Produk dan IKM", "key": "produk"},
        *([{"label": "Kabupaten/kota", "key": "daerah"}] if several else []),
        {"label": "Periode", "key": "periode"},
        {"label": "Status", "key": "status"},
        {"label": "Sedang ditangani"},
    ]


def _rows(page: Page[Nomination], several: bool, person: Person) -> list[list[Any]]:
    return [
        [
            {"template": "nominations/proposal_cell.html", "nomination": nomination},
            *([nomination.regency.full_name] if several else []),
            str(nomination.round_id),
            {"status": {"state": nomination.state}},
            standing.holder(nomination, reader=person),
        ]
        for nomination in page
    ]


@require_safe
def nomination(request: HttpRequest, pk: int) -> HttpResponse:
    """/usulan/<id>/: the task list for its own office while it can be changed; for everybody else what was sent."""
    found = seen(request, pk)
    if rules.may_edit(request.user, found):
        return _hub(request, found)
    return _sheet(request, found)


def _frame(request: HttpRequest, nomination: Nomination) -> dict[str, Any]:
    return {
        "nomination": nomination,
        "zone": nomination.regency.province.zone,
        "next_step": standing.next_step(nomination),
        "may_withdraw": any(row.action == "withdraw" for row in lifecycle.possible(nomination, request.user)),
        "events": reading.events(nomination) if standing.reads_its_way(request.user, nomination) else [],
        "letters": letter_desk.about(nomination, request.user),
        "breadcrumb": [{"label": "Usulan", "url": lists.way_back(request, "nominations")}]
        if any(request.user.may(right) for right in (Right.NOMINATE, Right.SCREEN, Right.READ_ALL))
        else [{"label": "Beranda", "url": reverse("home_of_role")}],
    }


def _hub(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    missing = completeness.missing(nomination)
    remarks = wizard.remarks(nomination)
    frame = _frame(request, nomination)
    returned = nomination.state == State.RETURNED
    phase = nomination.round.phase(Phase.Kind.NOMINATION)
    return render(
        request,
        "nominations/proposal_hub.html",
        {
            **frame,
            "tasks": wizard.tasks(nomination, missing, remarks),
            "remarks": remarks,
            "keeper": handing_over.looked_after_by(nomination),
            "returned": frame["events"][0] if returned and frame["events"] else None,
            "end": nomination.repair_due_at if returned else phase and phase.closes_at,
            "end_label": "Batas perbaikan:" if returned else "Pengusulan ditutup",
        },
    )


def _sheet(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """What was sent last, as everybody reads it; the way it went for those whom that concerns."""
    submission = nomination.latest_submission()
    content = copies.content_to_read(nomination)
    reads_way = standing.reads_its_way(request.user, nomination)
    objection = link_from(request, nomination)
    repair = reading.repair(submission, completeness.requirements_for(nomination)) if submission else None
    return render(
        request,
        "nominations/proposal_sheet.html",
        {
            **_frame(request, nomination),
            "submission": submission,
            "content": content,
            "sections": answers.sheet(content),
            "attachments": reading.attachments(content),
            "reads_way": reads_way,
            "is_own": rules.holds_its_office(request.user, nomination),
            "keeper": handing_over.looked_after_by(nomination),
            "remarks": _remarks_on(nomination) if reads_way else [],
            "repair": repair if reads_way else None,
            "work": _where_it_is_worked_on(request.user, nomination),
            "objection": objection,
            "objection_note": objection.get("note", "") if objection else "",
            "further": reading.further(nomination, request.user),
        },
    )


def _remarks_on(nomination: Nomination) -> list[tuple[str, str]]:
    """What was asked for with the return that it is in now, for those who read along."""
    submission = nomination.latest_submission()
    if nomination.state != State.RETURNED or submission is None:
        return []
    names = reading.remark_names(completeness.requirements_for(nomination))
    written = submission.remarks.order_by("pk").values_list("field", "text")
    return [(names.get(field, field), text) for field, text in written]


def _where_it_is_worked_on(person: Person, nomination: Nomination) -> dict[str, Any] | None:
    """The page on which this reader decides about it now, if any."""
    if nomination.state == State.SUBMITTED and rules.is_of_its_province(person, nomination):
        return {"label": "Buka verifikasi provinsi", "url": reverse("endorsement", args=[nomination.pk])}
    if nomination.state == State.ENDORSED and person.may(Right.SCREEN):
        return {"label": "Buka seleksi administrasi", "url": reverse("screening", args=[nomination.pk])}
    return None
