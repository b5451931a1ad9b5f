"""
The pacts of a round and the statements on conflicts as papers to read, print and keep (documents.md 4).

What was said in the portal names its instant and the version of its text; what was not said yet is drawn with empty
boxes and a line to sign on. What a relation is about reads its own assessor, the secretariat and the auditor.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from letters import papers
from letters.wording import instant_for_reader
from nominations.models import Nomination, Round

from . import declarations, panels, paper_statements, rules, statements
from .models import Assignment, PaperStatement
from .paper_forms import StatementForm
from .queue_pages import mine
from .refusals import Refused

_whoever_keeps_them = needs(Right.ASSIGN, Right.READ_ALL)


# --- Pacts -----------------------------------------------------------------------------------------------------
@require_safe
@needs(Right.SCORE)
def own_pact(request: HttpRequest, year: int) -> HttpResponse:
    """/penilaian/pakta/<tahun>/berkas/: the own pact; not there for whoever has nothing to assess in that round."""
    round_ = get_object_or_404(Round, pk=year)
    own = declarations.signatory(round_, request.user.pk)
    if own is None:
        raise Http404
    return _pacts(round_, [own], name=f"pakta-integritas-{year}.pdf")


@require_safe
@_whoever_keeps_them
def pacts(request: HttpRequest, year: int) -> HttpResponse:
    """/panel/pakta/<tahun>/: who of the assessors has signed the pact of that round, and who has not yet."""
    round_ = get_object_or_404(Round, pk=year)
    people = declarations.signatories(round_)
    return render(
        request,
        "assessment/pacts.html",
        {
            "breadcrumb": [{"label": "Panel", "url": f"{reverse('panels')}?periode={year}"}],
            "round": round_,
            "signed": sum(one.pact is not None for one in people),
            "total": len(people),
            "columns": [{"label": label} for label in ("Penilai", "Keadaan", "Pakta")],
            "rows": [_row(round_, one) for one in people],
        },
    )


@require_safe
@_whoever_keeps_them
def all_pacts(request: HttpRequest, year: int) -> HttpResponse:
    """/panel/pakta/<tahun>/berkas/: the pacts of all assessors of the round, a page each, in one file to print."""
    round_ = get_object_or_404(Round, pk=year)
    people = declarations.signatories(round_)
    if not people:
        raise Http404
    return _pacts(round_, people, name=f"pakta-integritas-penilai-{year}.pdf")


@require_safe
@_whoever_keeps_them
def pact_of(request: HttpRequest, year: int, person: int) -> HttpResponse:
    """/panel/pakta/<tahun>/<penilai>/: the pact of one assessor."""
    round_ = get_object_or_404(Round, pk=year)
    theirs = declarations.signatory(round_, person)
    if theirs is None:
        raise Http404
    return _pacts(round_, [theirs], name=f"pakta-integritas-{year}-{person}.pdf")


def _row(round_: Round, one: declarations.Signatory) -> list[Any]:
    state = (
        {
            "state": f"Ditandatangani {instant_for_reader(one.pact.at)}",
            "tone": "baik",
        }
        if one.pact
        else {"state": "Belum ditandatangani", "tone": "hati"}
    )
    return [
        {"text": one.person.full_name, "note": one.office.name},
        {"status": state},
        {"text": "Unduh (PDF)", "url": reverse("pact_of", args=[round_.pk, one.person.pk])},
    ]


def _pacts(round_: Round, people: Sequence[declarations.Signatory], *, name: str) -> HttpResponse:
    pages = [
        {
            "person": one.person,
            "office": one.office,
            "pact": one.pact,
            "paper": getattr(one.pact, "paper_statement", None),
            "text": statements.pact(
                name=one.person.full_name,
                office=one.office.name,
                year=round_.pk,
                version=one.pact.text_version if one.pact else statements.PACT_VERSION,
            ),
        }
        for one in people
    ]
    return papers.answer(
        "assessment/pdf/pacts.html",
        {"round": round_, "pages": pages, "is_example": round_.is_example, "letterhead": []},
        name=name,
    )


# --- Statements on paper ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ASSIGN)
def record_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kertas/pernyataan/<penugasan>/: what an assessor without a device said on paper, with the scan."""
    one = get_object_or_404(
        Assignment.objects.active()
        .with_names()
        .filter(has_conflict=None, assessment__nomination__in=Nomination.objects.visible_to(request.user)),
        pk=pk,
    )
    form = StatementForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        by=request.user,
        at=request.received_at,
        needs_pact=paper_statements.needs_the_pact(one),
    )
    if request.method == "POST" and form.is_valid():
        try:
            paper_statements.record(
                one, form.cleaned_data["file"], **form.said(), by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"Pernyataan {one.assessor.full_name} tersimpan dengan pindaiannya.")
            return redirect("panel", one.assessment.nomination_id)
    return render(
        request,
        "assessment/paper_statement.html",
        {
            "breadcrumb": [{"label": "Panel", "url": reverse("panels")}],
            "assignment": one,
            "nomination": one.assessment.nomination,
            "form": form,
        },
    )


# --- Statements ------------------------------------------------------------------------------------------------
@require_safe
@needs(Right.SCORE)
def own_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/<id>/pernyataan/berkas/: the own statement on one nomination, made or still to be made."""
    one = mine(request, pk)
    nomination = one.assessment.nomination
    return _statements(nomination, [one], request.user, name=f"pernyataan-{nomination}.pdf")


@require_safe
@_whoever_keeps_them
def statements_of_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """/panel/<id>/pernyataan/: all statements on one nomination, a page each; of those who left, what they had said."""
    nomination = get_object_or_404(
        Nomination.objects.visible_to(request.user).with_names().filter(state__in=panels.PASSED), pk=pk
    )
    said = list(
        Assignment.objects.filter(assessment__nomination=nomination)
        .exclude(removed_at__isnull=False, has_conflict=None)
        .with_names()
        .select_related("paper_statement__recorded_by")
        .order_by("pk")
    )
    if not said:
        raise Http404
    return _statements(nomination, said, request.user, name=f"pernyataan-penilai-{nomination}.pdf")


def _statements(
    nomination: Nomination, said: Sequence[Assignment], reader: Person, *, name: str
) -> HttpResponse:
    ikm = nomination.product.ikm.name
    reads_all = rules.may_read_conflicts(reader)
    pages = [
        {
            "assignment": one,
            "statement": statements.statement(
                ikm=ikm, version=one.statement_version or statements.STATEMENT_VERSION
            ),
            "paper": _proof_of(one),
            "reads_relation": reads_all or one.assessor == reader,
        }
        for one in said
    ]
    return papers.answer(
        "assessment/pdf/statements.html",
        {
            "nomination": nomination,
            "pages": pages,
            "kinds": Assignment.ConflictKind.labels,
            "is_example": nomination.is_example,
            "letterhead": [],
        },
        name=name,
    )


def _proof_of(one: Assignment) -> PaperStatement | None:
    """The paper on which the statement in force was made; what was said in the portal since then replaces it."""
    paper: PaperStatement | None = getattr(one, "paper_statement", None)
    return paper if paper is not None and paper.recorded_at == one.declared_at else None
