"""Who is told what when a panel needs somebody to act: queued in the transaction of the act, each once."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from accounts.models import Membership, Person
from accounts.roles import Right, Role
from letters import outbox, wording
from nominations import notices as nomination_notices
from nominations.models import Phase

from .models import AgendaItem, Assignment, Calibration, Visit

# Why an assessor does not assess, as the secretariat reads it; what the conflict is stands in the statement alone.
_CONFLICT = "menyatakan benturan kepentingan"
_WHY = {
    Assignment.Removal.EXPERTISE: "di luar keahliannya",
    Assignment.Removal.TIME: "berhalangan pada masa penilaian",
}


def another_is_needed(assignment: Assignment, *, at: datetime) -> None:
    """Tell the secretariat that an assessor declared a conflict or gave an assignment back, so that it finds another."""
    nomination = assignment.assessment.nomination
    removal = assignment.removal
    context = {
        "no": str(nomination),
        "produk": nomination.product.name,
        "penilai": assignment.assessor.full_name,
        "alasan": _WHY[Assignment.Removal(removal)] if removal else _CONFLICT,
        "tautan": reverse("panel", args=[nomination.pk]),
    }
    for person in _secretariat(at):
        outbox.queue(
            "assignment_declined",
            person=person,
            key=str(assignment.pk),
            context=context,
            at=at,
            about=nomination,
        )


def calibration_opened(case: Calibration, people: Iterable[Person], *, at: datetime) -> None:
    """Tell those who practise before the round that their case is open; each once."""
    for person in people:
        outbox.queue(
            "calibration_open",
            person=person,
            key=str(case.pk),
            context={
                "komoditas": case.group.name.lower(),
                "tahun": str(case.round_id),
                "tautan": reverse("calibration_score", args=[case.pk]),
            },
            at=at,
        )


def sheet_reopened(assignment: Assignment, sequence: int, *, by: Person, at: datetime) -> None:
    """
    Tell an assessor that the sheet they sent as the `sequence`-th is theirs to send again.

    The reason stays on the sheet: it may name scores, which no mail carries.
    """
    nomination = assignment.assessment.nomination
    phase = nomination.round.phase(Phase.Kind.ASSESSMENT)
    is_ahead = phase is not None and at < phase.closes_at
    outbox.queue(
        "sheet_reopened",
        person=assignment.assessor,
        key=f"{assignment.pk}/{sequence}",
        context={
            "no": str(nomination),
            "produk": nomination.product.name,
            "pembuka": "Ketua sidang pleno" if by.may(Right.REOPEN_SCORE) else "Sekretariat OVOP",
            "waktu": phase.closes_at if phase and is_ahead else "batas yang diumumkan Sekretariat",
            "tautan": reverse("assessment", args=[assignment.pk]),
        },
        at=at,
        about=assignment,
    )


def visit_planned(visit: Visit, team: Iterable[Assignment], *, at: datetime) -> None:
    """Tell the team when and where it goes, and with whom: each time it is planned anew."""
    _tell_of_a_visit("visit_planned", visit, list(team), at=at)


def visit_called_off(visit: Visit, team: Iterable[Assignment], *, at: datetime) -> None:
    """Tell those who need not go any more: the visit is cancelled, or goes without them."""
    _tell_of_a_visit("visit_called_off", visit, list(team), at=at)


def _tell_of_a_visit(kind: str, visit: Visit, team: list[Assignment], *, at: datetime) -> None:
    nomination = visit.assessment.nomination
    context = {
        "no": str(nomination),
        "produk": nomination.product.name,
        "tgl": wording.plain_date(visit.planned_on),
        "tempat": visit.place,
        "tautan": reverse("visits"),
    }
    if kind == "visit_planned":
        context["tim"] = ", ".join(one.assessor.full_name for one in team)
    for one in team:
        outbox.queue(
            kind, person=one.assessor, key=f"{visit.pk}/{at.isoformat()}", context=context, at=at, about=one
        )


def _secretariat(at: datetime) -> list[Person]:
    in_force = Membership.objects.in_force(at=at).filter(role=Role.SEKRETARIAT)
    return list(Person.objects.filter(is_active=True, pk__in=in_force.values("person")).order_by("pk"))


def session_called(item: AgendaItem, *, at: datetime) -> None:
    """Tell the people of the nominating office that a new session will decide on their result."""
    _tell_office("plenary_called", item, at=at)


def result_stays(item: AgendaItem, *, minutes_number: str, at: datetime) -> None:
    """Tell them that the new session left the star as it was."""
    _tell_office("result_stays", item, at=at, berita_acara=minutes_number)


def _tell_office(kind: str, item: AgendaItem, *, at: datetime, **words: object) -> None:
    nomination = item.nomination
    for person in nomination_notices.people_of(nomination.office, at=at):
        outbox.queue(
            kind,
            person=person,
            key=str(item.pk),
            context={
                "no": str(nomination),
                "produk": nomination.product.name,
                "tautan": f"{nomination.get_absolute_url()}sanggah/",
                **words,
            },
            at=at,
            about=nomination,
        )
