"""
Sheets that count although an interest of their assessor became known after they were sent: recorded, declared on
another nomination of the same IKM, or said in the session. None of them decides: until one act takes the sheet out of
the value, the plenary decides nothing on it, and the database refuses it too (models.plenaries).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from accounts.models import Person
from audit import history
from nominations.models import Nomination, NominationQuerySet, State

from . import interests, notices, reopening, rules
from .models import Assignment, AssignmentQuerySet, Decision, Interest, Plenary, Reopening
from .refusals import NOT_YOURS, Refused

TIED = "Nilai memuat lembar penilai yang berkepentingan"


# --- Which there are -------------------------------------------------------------------------------------------
def still_counted() -> AssignmentQuerySet:
    """The tied sheets in values that no sealed session has decided on: what can and must be taken out."""
    sealed = Decision.objects.filter(
        nomination=OuterRef("assessment__nomination"), plenary__sealed_at__isnull=False
    )
    on_hand = Assignment.objects.counted().filter(
        assessment__nomination__state__in=(State.ELIGIBLE, State.ASSESSED)
    )
    return on_hand.tied().exclude(Exists(sealed))


def nominations() -> NominationQuerySet:
    """The nominations whose value holds one."""
    return Nomination.objects.filter(pk__in=still_counted().order_by().values("assessment__nomination"))


def counts_for(nominations: Iterable[int]) -> dict[int, int]:
    """nomination -> how many of its sheets are tied; one statement, and without who."""
    rows = (
        still_counted()
        .filter(assessment__nomination__in=list(nominations))
        .order_by()
        .values_list("assessment__nomination")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def marked(assignments: AssignmentQuerySet) -> AssignmentQuerySet:
    """Each with `is_tied`: whether it is such a sheet."""
    return assignments.annotate(is_tied=Exists(still_counted().filter(pk=OuterRef("pk"))))


def refuse_where_any(nomination: Nomination) -> None:
    """Raise Refused where the value of a nomination holds such a sheet: it is taken out before anything is decided."""
    if still_counted().filter(assessment__nomination=nomination.pk).exists():
        raise Refused(
            "tied_sheet",
            f"{TIED}. Usulan {nomination} baru dapat diputus setelah lembar itu dikeluarkan dari nilai pada halaman panel "
            "dan penggantinya mengirim penilaian. Tidak ada yang disimpan.",
        )


# --- Taking one out --------------------------------------------------------------------------------------------
@transaction.atomic
def take_out(assignment: Assignment, *, reason: str, by: Person, at: datetime) -> Assignment:
    """
    Take a tied sheet out of the value, by chair or secretariat, with a reason. The sheet stays as it was sent; its
    assessor is recused, the secretariat is asked for another one, and the value is computed from the rest once that one
    has sent. A decision that is not sealed yet is taken back with it.

    Raises Refused: not your right, no interest known, not submitted, no reason, decided by a sealed session.
    """
    if not rules.may_reopen(by):
        raise Refused("not_yours", NOT_YOURS)
    assignment = reopening.locked(assignment)
    nomination = assignment.assessment.nomination
    if nomination.decisions.filter(plenary__sealed_at__isnull=False).exists():
        raise Refused(
            "decided",
            "Sidang pleno yang memutus usulan ini sudah disegel, sehingga nilainya tidak berubah lagi.",
        )
    if not Assignment.objects.counted().tied().filter(pk=assignment.pk).exists():
        raise Refused(
            "not_tied",
            "Tidak ada kepentingan penilai ini yang tercatat atas usulan ini, atau lembarnya tidak dihitung. Tidak ada "
            "yang berubah.",
        )
    kind, text = _what_is_known(assignment)
    _take_back_decisions(nomination, reason=reason, by=by, at=at)
    sheet = reopening.take_submission_back(assignment, Reopening.Kind.RECUSAL, reason=reason, by=by, at=at)
    interests.mark_recused(assignment, kind, text, at=max(at, sheet.submitted_at))
    reopening.assess_again(assignment.assessment, reason=reason, by=by, at=at)
    notices.another_is_needed(assignment, at=at)
    return assignment


def _take_back_decisions(nomination: Nomination, *, reason: str, by: Person, at: datetime) -> None:
    """What an open session had decided on this value; its history keeps it."""
    for decision in nomination.decisions.order_by("pk"):
        session = Plenary.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.plenary_id)
        history.record(
            "take_back_decision", decision, by=by, at=at, reason=reason.strip(), nomination=nomination.pk,
            plenary=session.pk, value=str(decision.value), computed_star=decision.computed_star, star=decision.star,
        )  # fmt: skip
        decision.delete()


def _what_is_known(assignment: Assignment) -> tuple[str, str]:
    """Kind and words of the conflict that the recusal writes down; what it is about is read by few (documents.md 4)."""
    ikm = assignment.assessment.nomination.product.ikm
    held = Interest.objects.in_force().filter(person=assignment.assessor_id).order_by("pk")
    for one in held:
        if one.ikm_id == ikm.pk or one.regency_id == ikm.regency_id:
            return interests.said_of(one)
    said = Assignment.objects.filter(
        assessor=assignment.assessor_id, has_conflict=True, assessment__nomination__product__ikm=ikm
    )
    there = said.order_by("-declared_at").first()
    if there is not None:
        return there.conflict_kind, "Dinyatakan atas usulan lain dari IKM yang sama."
    return Assignment.ConflictKind.OTHER, "Dinyatakan dalam sidang pleno."
