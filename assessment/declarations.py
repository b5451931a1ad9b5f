"""What an assessor says before anything opens: the pact of the round, and the statement on each nomination."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Office, Person
from accounts.roles import Right
from audit import history
from nominations import lifecycle
from nominations.models import Round

from . import notices
from .models import Assignment, AssignmentQuerySet, Pact
from .refusals import NOT_YOURS, Refused
from .statements import PACT_VERSION, STATEMENT_VERSION


@dataclass(frozen=True)
class Signatory:
    """An assessor of a round, the office they first sat for in it, and their pact; None while it is not signed."""

    person: Person
    office: Office
    pact: Pact | None


def signatories(round_: Round) -> list[Signatory]:
    """Each assessor of the round once, by name; of those who were taken off again, who had signed."""
    return _signatories(round_, Pact.objects.filter(round=round_), Assignment.objects.all())


def signatory(round_: Round, person: int) -> Signatory | None:
    """One of them, by the person's number; None for whoever is none."""
    pacts, seats = (
        Pact.objects.filter(round=round_, person=person),
        Assignment.objects.filter(assessor=person),
    )
    return next(iter(_signatories(round_, pacts, seats)), None)


def _signatories(round_: Round, pacts: QuerySet[Pact], seats: AssignmentQuerySet) -> list[Signatory]:
    signed = {pact.person_id: pact for pact in pacts.select_related("paper_statement__recorded_by")}
    seats = (
        seats.filter(Q(removed_at=None) | Q(assessor__in=signed), assessment__nomination__round=round_)
        .order_by("assessor_id", "pk")
        .distinct("assessor_id")
        .select_related("assessor", "office")
    )
    found = [Signatory(one.assessor, one.office, signed.get(one.assessor_id)) for one in seats]
    return sorted(found, key=lambda one: (one.person.full_name, one.person.pk))


def has_signed(person: Person, round_: Round | int) -> bool:
    return Pact.objects.filter(person=person, round=round_).exists()


@transaction.atomic
def sign_pact(person: Person, round_: Round, *, at: datetime, recorded_by: Person | None = None) -> Pact:
    """
    Sign the pact of a round; the second time changes nothing. recorded_by: who takes in what `person` signed on paper
    (paper_statements.py). Raises Refused for whoever has nothing to assess there.
    """
    assigned = Assignment.objects.visible_to(person).filter(assessment__nomination__round=round_)
    if not person.may(Right.SCORE) or not assigned.exists():
        raise Refused(
            "not_yours",
            "Pakta integritas ditandatangani oleh penilai yang mendapat penugasan pada periode ini.",
        )
    pact, is_new = Pact.objects.get_or_create(
        person=person, round=round_, defaults={"at": at, "text_version": PACT_VERSION}
    )
    if is_new:
        history.record(
            "sign_pact", pact, by=recorded_by or person, at=at, round=round_.pk, version=PACT_VERSION,
            **_on_behalf_of(person, recorded_by),
        )  # fmt: skip
    return pact


@transaction.atomic
def declare(
    assignment: Assignment,
    *,
    has_conflict: bool,
    kind: str = "",
    text: str = "",
    by: Person,
    at: datetime,
    recorded_by: Person | None = None,
) -> Assignment:
    """
    State whether there is an interest in this nomination. "mempunyai" takes away access at once, also later, as long
    as the sheet is not submitted; "tidak mempunyai" opens the nomination, and is not said again once said.

    kind: one of Assignment.ConflictKind; text: what the relation is, read by secretariat and auditor only; recorded_by:
    who takes in what the assessor (`by`) said on paper (paper_statements.py), the history names both.
    Raises Refused: not yours, pact not signed, already declared, a conflict without its kind.
    """
    lifecycle.lock([assignment.assessment.nomination_id])
    assignment = Assignment.objects.select_for_update(of=("self",)).with_names().get(pk=assignment.pk)
    if assignment.assessor_id != by.pk or not by.may(Right.SCORE) or assignment.removed_at is not None:
        raise Refused("not_yours", NOT_YOURS)
    nomination = assignment.assessment.nomination
    if not has_signed(by, nomination.round_id):
        raise Refused("no_pact", "Tanda tangani dahulu pakta integritas periode ini.")
    if assignment.has_conflict or (assignment.has_conflict is False and not has_conflict):
        raise Refused("already", "Pernyataan Anda untuk usulan ini sudah tercatat. Tidak ada yang berubah.")
    if assignment.submitted_at is not None:
        raise Refused(
            "submitted",
            "Penilaian Anda sudah dikirim dan terkunci. Nyatakan kepentingan Anda pada halaman Kepentingan; lembar ini lalu "
            "dikeluarkan dari nilai.",
        )
    if has_conflict and kind not in Assignment.ConflictKind.values:
        raise Refused("kind_missing", "Pilih jenis hubungannya.")
    assignment.has_conflict, assignment.declared_at, assignment.statement_version = (
        has_conflict,
        at,
        STATEMENT_VERSION,
    )
    assignment.conflict_kind, assignment.conflict_text = (kind, text.strip()) if has_conflict else ("", "")
    assignment.save()
    # The history is read by more people than the statement is for: only that there is one, never what it says.
    history.record(
        "declare_conflict" if has_conflict else "declare_no_conflict", assignment, by=recorded_by or by, at=at,
        nomination=nomination.pk, version=STATEMENT_VERSION, **_on_behalf_of(by, recorded_by),
    )  # fmt: skip
    if has_conflict:
        notices.another_is_needed(assignment, at=at)
    return assignment


def _on_behalf_of(person: Person, recorded_by: Person | None) -> dict[str, Any]:
    return {"on_behalf_of": person.pk} if recorded_by is not None else {}
