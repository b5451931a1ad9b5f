"""
The statement of an assessor without a device, signed on paper (pact_pages.py draws the form) and taken in by the
secretariat with its scan, on behalf of the assessor whose it is; the pact with it where that was signed on paper too.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from audit import history
from files.models import StoredFile
from nominations import lifecycle

from . import declarations, papers
from .models import Assignment, Pact, PaperStatement
from .refusals import Refused


def needs_the_pact(assignment: Assignment) -> bool:
    """Whether the scan has to hold the signed pact as well: nothing opens before it."""
    return not declarations.has_signed(assignment.assessor, assignment.assessment.nomination.round_id)


@transaction.atomic
def record(
    assignment: Assignment,
    scan: StoredFile,
    *,
    has_conflict: bool,
    kind: str = "",
    text: str = "",
    holds_pact: bool = False,
    by: Person,
    at: datetime,
) -> PaperStatement:
    """
    Take in what an assessor said on paper, with the scan that proves it.

    Raises Refused: not the secretariat, of the same panel, a statement was made before, the pact is missing, or what
    declarations.declare says (a conflict without its kind, taken off the panel).
    """
    # The nomination first, as everybody does who writes a sheet: under its lock nothing is declared meanwhile.
    lifecycle.lock([assignment.assessment.nomination_id])
    assignment = Assignment.objects.with_names().get(pk=assignment.pk)
    papers.refuse_whoever_may_not_type(assignment, by)
    assessor, round_ = assignment.assessor, assignment.assessment.nomination.round
    if assignment.has_conflict is not None:
        raise Refused("already", "Pernyataan penilai ini sudah tercatat. Tidak ada yang berubah.")
    signed: Pact | None = None
    if needs_the_pact(assignment):
        if not holds_pact:
            raise Refused(
                "no_pact",
                "Pakta integritas penilai ini belum tercatat. Sertakan dalam pindaian, lalu beri tanda.",
            )
        signed = declarations.sign_pact(assessor, round_, at=at, recorded_by=by)
    declared = declarations.declare(
        assignment, has_conflict=has_conflict, kind=kind, text=text, by=assessor, at=at, recorded_by=by
    )
    made = PaperStatement.objects.create(
        assignment=declared, pact=signed, scan=scan, recorded_at=at, recorded_by=by
    )
    history.record(
        "record_paper_statement", made, by=by, at=at, nomination=declared.assessment.nomination_id,
        on_behalf_of=assessor.pk, file=str(scan.pk),
    )  # fmt: skip
    return made
