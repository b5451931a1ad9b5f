"""
The secretariat's checklist: one line for each requirement of the latest submission, with what a rule can tell.

Everything is read from the copy as submitted. The machine only points; a person decides each line, two persons a
refusal (lifecycle.py).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person
from audit import history
from letters import wording
from letters.mails import holds_personal_number

from . import completeness, lifecycle, rules
from .guards import Act, Refused, has_a_reason, names_nobody_by_number, something_is_not_met
from .models import Check, Nomination, RefusalProposal, Requirement, Sample, State, Submission, Verdict


@dataclass(frozen=True)
class Line:
    """One requirement of the checklist; `suggested` and `findings` are the machine's, `check` a person's."""

    requirement: Requirement
    entries: tuple[tuple[str, str], ...]
    documents: tuple[dict[str, Any], ...]
    findings: tuple[str, ...]
    suggested: str
    check: Check | None
    # The verdict on the submission before, where nothing that this line looks at has changed since.
    earlier: Check | None


def checklist(nomination: Nomination, *, on: date) -> list[Line]:
    """
    The lines of the latest submission, in the order of the requirements; empty for one that was never sent. What was
    decided keeps the lines it was decided on, whatever the rules ask today.

    on: the day at which a licence must be in force.
    """
    submission = nomination.latest_submission()
    if submission is None:
        return []
    checks = {
        check.requirement_id: check
        for check in submission.checks.select_related("by", "requirement").prefetch_related(
            "requirement__accepts"
        )
    }
    decided = nomination.state != State.ENDORSED and bool(checks)
    before = nomination.submissions.filter(sequence=submission.sequence - 1).first()
    return [
        _line(requirement, submission, before, checks.get(requirement.pk), on)
        for requirement in (
            [check.requirement for check in checks.values()]
            if decided
            else completeness.requirements_for(nomination)
        )
    ]


def decide(
    nomination: Nomination, requirement: Requirement, verdict: str, note: str, *, by: Person, at: datetime
) -> Check:
    """
    Store the verdict on one requirement of the latest submission. Raises Refused.

    A note is needed unless the requirement is met; it may hold no NIK or NPWP.
    """
    with transaction.atomic():
        submission = _being_screened(nomination, by)
        written = note.strip()
        if Verdict(verdict) != Verdict.MET and not written:
            raise Refused(
                "note_missing", "Tuliskan catatan: apa yang tidak sesuai atau belum dapat dipastikan."
            )
        if holds_personal_number(written):
            raise Refused(
                "personal_number", "Catatan memuat deretan angka seperti NIK atau NPWP. Hapus nomor itu."
            )
        check, _ = Check.objects.update_or_create(
            submission=submission,
            requirement=requirement,
            defaults={"verdict": Verdict(verdict), "note": written, "at": at, "by": by},
        )
        # What was proposed rested on the verdicts as they were.
        removed, _ = RefusalProposal.objects.filter(nomination=nomination).delete()
        if removed:
            history.record("drop_ineligible", nomination, by=by, at=at, reason="Hasil pemeriksaan diubah.")
        return check


@transaction.atomic
def propose_ineligible(nomination: Nomination, *, by: Person, at: datetime, reason: str) -> RefusalProposal:
    """
    The first half of a refusal: another person of the secretariat decides it. Raises Refused where the checklist is
    not decided, nothing in it is "tidak sesuai", or one is proposed already.
    """
    _being_screened(nomination, by)
    act = Act(by, at, reason)
    for guard in (has_a_reason, names_nobody_by_number, something_is_not_met):
        if hindrance := guard(nomination, act):
            raise Refused(*hindrance)
    proposal, is_new = RefusalProposal.objects.get_or_create(
        nomination=nomination, defaults={"reason": reason.strip(), "at": at, "by": by}
    )
    if not is_new:
        raise Refused("already_proposed", f"Tidak lolos sudah diusulkan oleh {proposal.by.full_name}.")
    history.record("propose_ineligible", nomination, by=by, at=at, reason=proposal.reason)
    return proposal


@transaction.atomic
def drop_proposal(nomination: Nomination, *, by: Person, at: datetime, reason: str) -> None:
    """Take a proposal off the table, with a reason; anyone of the secretariat may. Raises Refused."""
    _being_screened(nomination, by)
    act = Act(by, at, reason)
    for guard in (has_a_reason, names_nobody_by_number):
        if hindrance := guard(nomination, act):
            raise Refused(*hindrance)
    removed, _ = RefusalProposal.objects.filter(nomination=nomination).delete()
    if removed:
        history.record("drop_ineligible", nomination, by=by, at=at, reason=reason.strip())


@transaction.atomic
def receive_sample(
    nomination: Nomination, *, code: str, received_on: date, condition: str, by: Person, at: datetime
) -> Sample:
    """
    Note that the product's sample came in; the same note a second time changes nothing.

    Raises Refused for another role or a code that is taken.
    """
    if not rules.is_of_the_secretariat(by, nomination):
        raise Refused("not_yours", "Contoh produk dicatat oleh Sekretariat.")
    # The lock makes the second press of one button wait for the first.
    lifecycle.lock([nomination.pk])
    what = {"code": code, "received_on": received_on, "condition": condition}
    there = Sample.objects.filter(nomination=nomination).first()
    if there is not None and all(getattr(there, name) == value for name, value in what.items()):
        return there
    try:
        with transaction.atomic():
            sample, _ = Sample.objects.update_or_create(
                nomination=nomination, defaults={**what, "at": at, "by": by}
            )
    except IntegrityError:
        raise Refused("code_taken", f"Kode contoh {code} sudah dipakai untuk usulan lain.") from None
    history.record("sample_received", nomination, by=by, at=at, sample=sample.code)
    return sample


def next_for(person: Person, *, after: Nomination | None = None) -> Nomination | None:
    """The oldest nomination that waits for screening, other than `after`."""
    waiting: QuerySet[Nomination] = Nomination.objects.visible_to(person).awaiting_screening()
    return (waiting.exclude(pk=after.pk) if after else waiting).first()


def as_filled_in(
    requirement: Requirement, content: dict[str, Any]
) -> tuple[tuple[tuple[str, str], ...], tuple[dict[str, Any], ...]]:
    """What a copy says about a requirement: the answers typed (label, text), and the documents attached."""
    return _entries(requirement, content), tuple(_documents(content, requirement))


# --- What a rule can tell ------------------------------------------------------------------------------------------
def _line(
    requirement: Requirement, submission: Submission, before: Submission | None, check: Check | None, on: date
) -> Line:
    content = submission.content
    documents = _documents(content, requirement)
    findings = _findings(requirement, content, documents, on)
    earlier = None
    if check is None and before is not None and _looks_the_same(requirement, before.content, content):
        earlier = before.checks.filter(requirement=requirement).select_related("by").first()
    suggested = Verdict.NOT_MET if findings else ""
    return Line(
        requirement,
        _entries(requirement, content),
        tuple(documents),
        tuple(findings),
        suggested,
        check,
        earlier,
    )


def _documents(content: dict[str, Any], requirement: Requirement) -> list[dict[str, Any]]:
    kinds = {kind.pk for kind in requirement.accepts.all()}
    return [document for document in content["documents"] if document["kind"] in kinds]


def _entries(requirement: Requirement, content: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the dinas typed that this requirement is about, besides what stands beside the file."""
    if requirement.pk == "nib":
        return (("NIB pada isian", content["ikm"]["nib"] or "belum diisi"),)
    if requirement.pk == "sk_sentra":
        sentra = content["sentra"] or {}
        decree_date = sentra.get("decree_date")
        return (
            ("Sentra", sentra.get("name") or "belum dipilih"),
            ("Nomor SK pada isian", sentra.get("decree_number") or "belum diisi"),
            (
                "Tanggal SK pada isian",
                wording.plain_date(date.fromisoformat(decree_date)) if decree_date else "belum diisi",
            ),
        )
    return ()


def _findings(
    requirement: Requirement, content: dict[str, Any], documents: list[dict[str, Any]], on: date
) -> list[str]:
    found = []
    if not documents:
        found.append("Tidak ada berkas untuk persyaratan ini.")
    for document in documents:
        expires_on = document["expires_on"] and date.fromisoformat(document["expires_on"])
        if expires_on and expires_on < on:
            found.append(
                f"{document['kind_name']} kedaluwarsa {wording.plain_date(expires_on)}: tanpa izin yang berlaku, "
                "penghargaan tidak dapat diberikan."
            )
    if requirement.pk == "nib":
        found += _about_the_nib(content["ikm"]["nib"] or "", documents)
    if requirement.pk == "sk_sentra":
        found += _about_the_sentra(content["sentra"] or {}, documents)
    return found


def _about_the_nib(nib: str, documents: list[dict[str, Any]]) -> list[str]:
    found = []
    if len(nib) != 13 or not nib.isdigit():
        found.append(f"NIB pada isian {len(nib)} angka; NIB terdiri atas 13 angka.")
    for document in documents:
        written = "".join(sign for sign in document["number"] if sign.isdigit())
        if written != nib:
            found.append(
                f"NIB pada isian ({nib}) berbeda dari nomor pada berkas ({document['number'] or 'kosong'})."
            )
    return found


def _about_the_sentra(sentra: dict[str, Any], documents: list[dict[str, Any]]) -> list[str]:
    if not sentra:
        return ["IKM ini tidak berada di sentra."]
    if not sentra.get("decree_number"):
        return ["Sentra ini belum mempunyai SK bupati atau wali kota."]
    return [
        f"Nomor SK pada isian ({sentra['decree_number']}) berbeda dari nomor pada berkas "
        f"({document['number'] or 'kosong'})."
        for document in documents
        if _squeezed(document["number"]) != _squeezed(sentra["decree_number"])
    ]


def _squeezed(number: str) -> str:
    return "".join(number.casefold().split())


def _looks_the_same(requirement: Requirement, before: dict[str, Any], now: dict[str, Any]) -> bool:
    def looked_at(content: dict[str, Any]) -> Any:
        return _documents(content, requirement), _entries(requirement, content)

    return bool(looked_at(before) == looked_at(now))


def _being_screened(nomination: Nomination, by: Person) -> Submission:
    locked = lifecycle.lock([nomination.pk])[0]
    if not rules.is_of_the_secretariat(by, locked):
        raise Refused("not_yours", "Seleksi administrasi dilakukan oleh Sekretariat.")
    submission = locked.latest_submission()
    if locked.state != State.ENDORSED or submission is None:
        raise Refused("wrong_state", lifecycle.already(locked))
    return submission


def today(at: datetime) -> date:
    """The day on the clock that decides (WIB)."""
    return timezone.localdate(at)
