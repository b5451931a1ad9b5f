"""The holder is heard before an award is revoked (documents.md 9): who answers, who is told, what was sent as evidence."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from accounts.models import Office, Person
from accounts.roles import Role
from files.models import StoredFile
from letters import outbox
from nominations import notices

from .decrees import Refused
from .models import Award, Clarification, ClarificationEvidence

EVIDENCE_AT_MOST = 3


def may_answer(asked: Clarification, person: Person) -> bool:
    """The dinas of the award's region speaks for the holder; where the province nominates, the province."""
    return any(
        office.regency_id == asked.award.regency_id for office in person.offices(Role.DINAS)
    ) or _nominated(asked.award, person)


def _nominated(award: Award, person: Person) -> bool:
    own = [office.pk for office in person.offices(Role.PROVINSI)]
    return award.nomination is not None and award.nomination.office_id in own


def office_of(award: Award) -> Office | None:
    """Who speaks for the holder: the office that nominated; of an award taken over, the dinas of its region."""
    if award.nomination is not None:
        return award.nomination.office
    return Office.objects.filter(kind=Office.Kind.DINAS, regency=award.regency_id).order_by("pk").first()


def tell(kind: str, award: Award, *, key: str, at: datetime, **words: object) -> None:
    """Tell the people of the office that speaks for the holder."""
    office = office_of(award)
    for person in notices.people_of(office, at=at) if office else []:
        context = {"ikm": award.ikm_name, "produk": award.product_name, **words}
        outbox.queue(kind, person=person, key=f"{kind}/{key}", context=context, at=at, about=award.nomination)


def keep_evidence(
    asked: Clarification, files: Sequence[StoredFile], *, by: Person, at: datetime
) -> list[ClarificationEvidence]:
    """Keep what came with the explanation, in the caller's transaction. Raises Refused: too many, one of somebody else."""
    files = list({file.pk: file for file in files}.values())
    if len(files) > EVIDENCE_AT_MOST:
        raise Refused("too_many_files", f"Berkas bukti paling banyak {EVIDENCE_AT_MOST}.")
    if any(file.uploaded_by_id != by.pk or file.state == StoredFile.State.REFUSED for file in files):
        raise Refused("not_your_file", "Unggah berkas bukti lagi; berkas itu tidak dapat dipakai.")
    return [
        ClarificationEvidence.objects.create(clarification=asked, file=file, by=by, at=at) for file in files
    ]


def may_open(person: Person, file: StoredFile) -> bool | None:
    """
    The door to evidence and signed letters (files.access): whoever sees the clarification; None where the file is
    neither.
    """
    from . import rules

    of_it = Clarification.objects.filter(Q(evidence__file=file) | Q(signed_letter=file))
    if not of_it.exists():
        return None
    return rules.clarifications_visible_to(person).filter(pk__in=of_it.values("pk")).exists()


def has_minutes(asked: Clarification, *, for_ministry: bool, at: datetime) -> bool:
    """The minutes can be drawn once the hearing is over; the holder's side reads them once it has ended."""
    return bool(asked.outcome) or (for_ministry and asked.may_be_decided(at=at))
