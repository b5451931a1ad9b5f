"""Seleksi administrasi: the sheet of a decision, the request for repair, the notice of a refusal (documents.md 3)."""

from typing import Any

from accounts.models import Person
from audit import history
from audit.models import Entry
from letters import kinds, official
from letters.models import Letter

from .. import completeness, notices, reading, screening
from ..guards import Refused
from ..models import Check, Nomination, Requirement, State, Submission, Verdict

# What ends screening for now -> how the sheet calls it.
_OUTCOMES = {
    "declare_eligible": "lolos",
    "return_from_screening": "dikembalikan",
    "declare_ineligible": "tidak_lolos",
}
_RESULTS = {Verdict.MET: "sesuai", Verdict.NOT_MET: "tidak_sesuai", Verdict.UNCERTAIN: "belum_pasti"}
_NUMBERED = (Letter.State.NUMBERED, Letter.State.SIGNED, Letter.State.DELIVERED)


def subject(nomination: Nomination) -> kinds.Subject:
    """The nomination as the papers of the screening name it, from the copy that was sent last."""
    submission = nomination.latest_submission()
    if submission is None:
        raise Refused("never_sent", "Usulan ini belum pernah dikirim, jadi belum ada yang diseleksi.")
    content = submission.content
    return kinds.Subject(
        str(nomination), content["ikm"]["name"], content["product"]["name"], content["ikm"]["regency_name"]
    )


def screening_sheet(nomination: Nomination) -> kinds.ScreeningSheet:
    """The checklist behind the latest decision, a row for each requirement. Raises Refused before there is one."""
    decision = _decision(nomination)
    submission = _copy_at(nomination, decision)
    outcome = _OUTCOMES[decision.action]
    rows = _rows(nomination, submission, with_unchecked=outcome == "dikembalikan")
    second = examiners(nomination)[1]
    return kinds.ScreeningSheet(
        year=nomination.round_id,
        nomination=subject(nomination),
        rows=rows,
        requirements=len(rows),
        fitting=sum(row.result == "sesuai" for row in rows),
        differing=sum(row.result == "tidak_sesuai" for row in rows),
        outcome=outcome,
        second_name=second.full_name if second else "",
        second_position="Pemeriksa kedua" if second else "",
    )


def examiners(nomination: Nomination) -> tuple[Person, Person | None]:
    """Who signs the sheet: whoever decided; of a refusal first who proposed it, then who decided it."""
    decision = _decision(nomination)
    assert decision.actor is not None, "screening is decided by people"
    if decision.action != "declare_ineligible":
        return decision.actor, None
    proposals = history.of(nomination).filter(action="propose_ineligible", pk__lt=decision.pk)
    first = proposals.last()
    if first is None or first.actor is None:
        raise Refused("not_by_two", "Keputusan tidak lolos ini tidak tercatat diambil oleh dua orang.")
    return first.actor, decision.actor


def repair_request(nomination: Nomination) -> kinds.RepairRequest:
    """What screening asked the dinas to repair, until when. Raises Refused where it is not being repaired."""
    decision = _latest_change(nomination)
    if decision is None or decision.action != "return_from_screening" or nomination.repair_due_at is None:
        raise Refused(
            "not_being_repaired",
            "Usulan ini tidak sedang dikembalikan oleh seleksi administrasi, jadi tidak ada perbaikan yang diminta.",
        )
    return kinds.RepairRequest(
        year=nomination.round_id,
        nomination=subject(nomination),
        repairs=_repairs(nomination, _copy_at(nomination, decision), decision.reason),
        due=nomination.repair_due_at,
        # What is not sent again by then lapses (lifecycle.TRANSITIONS, deadlines.lapse_all).
        lapses=True,
    )


def refusal_notice(nomination: Nomination) -> kinds.RefusalNotice:
    """
    The reasons of a refusal: every "Tidak sesuai" line with its basis, and until when an objection is in time.

    Raises Refused where it was not refused, or its sheet has no number yet.
    """
    if nomination.state != State.INELIGIBLE:
        raise Refused("not_refused", "Usulan ini tidak berstatus tidak lolos seleksi administrasi.")
    decision = _decision(nomination)
    sheet = _sheet_of(nomination)
    content = official.content_of(sheet) if sheet else None
    if sheet is None or sheet.date is None or not isinstance(content, kinds.ScreeningSheet):
        raise Refused(
            "no_sheet",
            "Pemberitahuan menyebut nomor lembar hasil seleksi. Susun dan beri nomor lembar hasilnya dahulu.",
        )
    rows = _rows(nomination, _copy_at(nomination, decision), with_unchecked=False)
    return kinds.RefusalNotice(
        year=nomination.round_id,
        nomination=subject(nomination),
        sheet_number=sheet.number,
        sheet_date=sheet.date,
        differing=content.differing,
        reasons=tuple(
            kinds.Reason(row.requirement, row.note.rstrip("."), row.basis)
            for row in rows
            if row.result == "tidak_sesuai"
        ),
        objection_until=notices.objection_until(nomination, decided_at=decision.at),
        answer_days=nomination.round.answer_days,
    )


# --- Parts -------------------------------------------------------------------------------------------------------
def _decision(nomination: Nomination) -> Entry:
    decision = history.of(nomination).filter(action__in=_OUTCOMES).last()
    if decision is None:
        raise Refused(
            "not_decided",
            "Seleksi administrasi usulan ini belum diputuskan; lembar hasil disusun sesudahnya.",
        )
    return decision


def _latest_change(nomination: Nomination) -> Entry | None:
    return history.of(nomination).exclude(to_state="").last()


def _copy_at(nomination: Nomination, decision: Entry) -> Submission:
    """The copy that was decided about: the latest one then."""
    copy = nomination.submissions.filter(at__lte=decision.at).order_by("-sequence").first()
    assert copy is not None, "only what was sent is decided"
    return copy


def _sheet_of(nomination: Nomination) -> Letter | None:
    """The sheet of the refusal, with a number and in force."""
    return (
        Letter.objects.filter(kind="lembar_seleksi", state__in=_NUMBERED, snapshot__outcome="tidak_lolos")
        .about(official.reference(nomination))
        .order_by("-pk")
        .first()
    )


def _rows(
    nomination: Nomination, submission: Submission, *, with_unchecked: bool
) -> tuple[kinds.SheetRow, ...]:
    checks = {check.requirement_id: check for check in submission.checks.order_by("pk")}
    asked = {requirement.pk: requirement for requirement in completeness.requirements_for(nomination)}
    known = Requirement.objects.filter(pk__in={*checks, *(asked if with_unchecked else ())})
    return tuple(
        _sheet_row(requirement, submission.content, checks.get(requirement.pk))
        for requirement in known.prefetch_related("accepts").order_by("position", "code")
    )


def _sheet_row(requirement: Requirement, content: dict[str, Any], check: Check | None) -> kinds.SheetRow:
    entries, documents = screening.as_filled_in(requirement, content)
    result = _RESULTS[Verdict(check.verdict)] if check else "belum_pasti"
    return kinds.SheetRow(
        requirement=requirement.name,
        entry="; ".join(f"{label}: {text}" for label, text in entries),
        document="; ".join(_document(document) for document in documents) or "Tidak ada",
        result=result,
        note=check.note if check else "Belum diperiksa.",
        basis=requirement.basis if result == "tidak_sesuai" else "",
    )


def _document(document: dict[str, Any]) -> str:
    number = document["number"]
    return f"{document['kind_name']} Nomor {number}" if number else str(document["kind_name"])


def _repairs(nomination: Nomination, submission: Submission, reason: str) -> tuple[kinds.Repair, ...]:
    """A row for each remark; where only a reason was written, for each line that was not found in order."""
    requirements = completeness.requirements_for(nomination)
    names = reading.remark_names(requirements)
    notes = {
        f"{reading.DOCUMENT_REMARK}{check.requirement_id}": (check.requirement.name, check.note)
        for check in submission.checks.exclude(verdict=Verdict.MET).select_related("requirement")
    }
    remarks = list(submission.remarks.order_by("pk").values_list("field", "text"))
    if remarks:
        return tuple(
            kinds.Repair(names.get(code, code), notes.get(code, ("", reason))[1], text)
            for code, text in remarks
        )
    if notes:
        return tuple(kinds.Repair(name, note, reason) for name, note in notes.values())
    return (kinds.Repair("Usulan", reason, "Perbaiki sesuai dengan temuan ini."),)
