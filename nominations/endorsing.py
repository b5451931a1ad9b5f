"""The province's part: its answers to five questions, its decision, and which of its kabupaten/kota proposed nothing."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Office, Person
from accounts.offices import WITHOUT_DINAS
from accounts.roles import Right, Role
from letters.mails import holds_personal_number
from regions.models import Regency

from . import lifecycle, rules
from .guards import Refused
from .models import Nomination, NominationQuerySet, Phase, ProvinceAnswer, Round, State, Verdict

# Question -> (verdict, note).
Answers = Mapping[str, tuple[str, str]]


@transaction.atomic
def answer(nomination: Nomination, answers: Answers, *, by: Person, at: datetime) -> None:
    """
    Store what the province found about the latest submission; a later answer replaces an earlier one.

    Raises Refused where it is not this province's to answer now, or an answer other than "Sesuai" has no note.
    """
    nomination = lifecycle.lock([nomination.pk])[0]
    if not rules.is_of_its_province(by, nomination):
        raise Refused("not_yours", "Usulan ini diverifikasi oleh dinas provinsinya.")
    submission = nomination.latest_submission()
    if nomination.state != State.SUBMITTED or submission is None:
        raise Refused("wrong_state", lifecycle.already(nomination))
    for question, (verdict, note) in answers.items():
        written = note.strip()
        if Verdict(verdict) != Verdict.MET and not written:
            label = ProvinceAnswer.Question(question).label
            raise Refused("note_missing", f"Tuliskan catatan untuk pertanyaan: {label}")
        if holds_personal_number(written):
            raise Refused(
                "personal_number", "Catatan memuat deretan angka seperti NIK atau NPWP. Hapus nomor itu."
            )
        ProvinceAnswer.objects.update_or_create(
            submission=submission,
            question=ProvinceAnswer.Question(question),
            defaults={"verdict": Verdict(verdict), "note": written, "at": at, "by": by},
        )


@transaction.atomic
def decide(
    action: str,
    nomination: Nomination,
    *,
    answers: Answers,
    by: Person,
    at: datetime,
    reason: str = "",
    due_at: datetime | None = None,
    remarks: Mapping[str, str] | None = None,
) -> Nomination:
    """
    Store the answers and perform `endorse`, `return_to_dinas` or `not_endorse`, both or neither. Raises Refused.
    """
    answer(nomination, answers, by=by, at=at)
    return lifecycle.perform(action, nomination, by=by, at=at, reason=reason, due_at=due_at, remarks=remarks)


def seen_by(person: Person) -> NominationQuerySet:
    """
    What the pages of the province show this person: what dinas of its province sent, the auditor those of all.

    What a province itself nominates (DKI Jakarta) is not among them: nobody endorses that (`awaiting_no_province`).
    """
    sent = Nomination.objects.visible_to(person).filter(
        office__kind=Office.Kind.DINAS, submitted_at__isnull=False
    )
    if person.may(Right.READ_ALL):
        return sent
    return sent.filter(office__province__in=[office.province_id for office in person.offices(Role.PROVINSI)])


def next_for(person: Person, *, after: Nomination | None = None) -> Nomination | None:
    """The oldest nomination that waits for this person's province, other than `after`."""
    waiting = seen_by(person).awaiting_endorsement()
    return (waiting.exclude(pk=after.pk) if after else waiting).first()


def awaiting_no_province(*, at: datetime) -> NominationQuerySet:
    """
    Submitted nominations that the secretariat may pass on (guards.the_province_is_silent): the time of their province
    is over, or the province itself nominated them.
    """
    over = Phase.objects.filter(kind=Phase.Kind.ENDORSEMENT, closes_at__lte=at).values("round")
    return Nomination.objects.awaiting_endorsement().filter(
        Q(round__in=over) | Q(office__kind=Office.Kind.PROVINCE)
    )


def silent_regencies(provinces: list[str], round_: Round) -> QuerySet[Regency]:
    """The kabupaten and kota of these provinces, with a dinas of their own, from which nothing was ever sent."""
    regencies = Regency.objects.filter(province__in=provinces).exclude(province=WITHOUT_DINAS)
    return regencies.exclude(Exists(_sent_from_it(round_))).order_by("code")


def regencies_of(provinces: list[str], round_: Round | None) -> list[Regency]:
    """All kabupaten and kota of these provinces, each with `has_proposed`: whether it sent anything in this round."""
    if not provinces:
        return []
    regencies = Regency.objects.filter(province__in=provinces)
    return list(regencies.annotate(has_proposed=Exists(_sent_from_it(round_))).order_by("code"))


def _sent_from_it(round_: Round | None) -> QuerySet[Nomination]:
    return Nomination.objects.filter(round=round_, submitted_at__isnull=False, office__regency=OuterRef("pk"))
