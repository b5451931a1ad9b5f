"""The province's part: its answers to five questions, its decision, and which of its kabupaten/kota proposed nothing."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Person
from accounts.offices import WITHOUT_DINAS
from letters.mails import holds_personal_number
from regions.models import Regency

from . import lifecycle, rules
from .guards import Refused
from .models import Nomination, ProvinceAnswer, Round, State, Verdict

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
        raise Refused(
            "wrong_state",
            f"Usulan ini sudah berstatus {nomination.get_state_display()}. Tidak ada yang berubah.",
        )
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


def next_for(person: Person, *, after: Nomination | None = None) -> Nomination | None:
    """The oldest nomination that waits for this person's province, other than `after`."""
    waiting = Nomination.objects.visible_to(person).awaiting_endorsement().with_names()
    waiting = waiting.exclude(office__kind="province")
    return (waiting.exclude(pk=after.pk) if after else waiting).first()


def silent_regencies(provinces: list[str], round_: Round) -> QuerySet[Regency]:
    """The kabupaten and kota of these provinces from which nothing was ever sent in this round."""
    proposed = Nomination.objects.filter(round=round_, submitted_at__isnull=False).values("office__regency")
    return (
        Regency.objects.filter(province__in=provinces)
        .exclude(province=WITHOUT_DINAS)
        .exclude(pk__in=proposed.exclude(office__regency=None))
        .order_by("code")
    )
