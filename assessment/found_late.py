"""
Interests that become known after the seal: a sheet that counted in a sealed decision turns out to be that of somebody
with an interest in its IKM or regency. Nothing changes by itself and nothing is taken out (decision 0104); secretariat
and auditor are shown it, with the ways that are open (decision 0124). A session that decides it again, or the award's
revocation, ends the matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Least
from django.urls import reverse

from accounts.models import Person
from letters import workdays
from nominations import objections
from nominations.guards import when
from nominations.models import Nomination, Objection, State

from . import agenda, rules
from .models import Absence, AgendaItem, Assignment, AssignmentQuerySet, Decision, Interest
from .models.panels import interest_on_record

# As the secretariat and the auditor read it on a list, a badge, a page.
TITLE = "Kepentingan penilai diketahui setelah sidang disegel"

_ENDED: list[Callable[[], QuerySet[Any]]] = []
_FURTHER_WAYS: list[Callable[[Nomination, Person], "Way | None"]] = []


@dataclass(frozen=True)
class Way:
    """One way on: what it is called, who goes it and until when, and for whom it is open its page."""

    name: str
    text: str
    url: str = ""
    label: str = ""


def register(ended: Callable[[], QuerySet[Any]], way: Callable[[Nomination, Person], Way | None]) -> None:
    """
    Let the room of the awards say of which nominations the award is gone (their keys), and how one goes on with an
    award; called once, from its ready.
    """
    if ended not in _ENDED:
        _ENDED.append(ended)
        _FURTHER_WAYS.append(way)


# --- Which there are -------------------------------------------------------------------------------------------
def sheets() -> AssignmentQuerySet:
    """
    The counted sheets whose assessor's interest became known (`known_at`, the earliest) after the last sealed decision
    on their nomination (`sealed_at`).
    """
    ikm = "assessment__nomination__product__ikm"
    declared = Assignment.objects.filter(
        assessor=OuterRef("assessor"), has_conflict=True, **{ikm: OuterRef(ikm)}
    )
    left = Absence.objects.standing().filter(
        member__person=OuterRef("assessor"), item__nomination=OuterRef("assessment__nomination")
    )
    sealed = Decision.objects.filter(
        nomination=OuterRef("assessment__nomination"), plenary__sealed_at__isnull=False
    )
    found = Assignment.objects.counted().tied()
    for ended in _ENDED:
        found = found.exclude(assessment__nomination__in=ended())
    return found.annotate(
        known_at=Least(
            _first(interest_on_record(), "recorded_at"),
            _first(declared, "declared_at"),
            _first(left, "left_at"),
        ),
        sealed_at=Subquery(sealed.order_by("-plenary__sealed_at").values("plenary__sealed_at")[:1]),
    ).filter(known_at__gt=F("sealed_at"))


def _first(rows: QuerySet[Any], when_known: str) -> Subquery:
    return Subquery(rows.order_by(when_known).values(when_known)[:1])


def visible_to(person: Person) -> AssignmentQuerySet:
    """As `sheets`, for who reads conflicts: secretariat and auditor (documents.md 4)."""
    return sheets() if rules.may_read_conflicts(person) else sheets().none()


def sheets_against(interest: Interest) -> AssignmentQuerySet:
    """Those that this interest concerns."""
    ikm = "assessment__nomination__product__ikm"
    where = {ikm: interest.ikm_id} if interest.ikm_id else {f"{ikm}__regency": interest.regency_id}
    return sheets().filter(assessor=interest.person_id, **where)


def rows(person: Person, *, year: int | None = None) -> list[dict[str, Any]]:
    """What a list shows of them, by nomination: {url, name, nomination, assessor, known_at, sealed_at}."""
    found = visible_to(person).with_names()
    if year is not None:
        found = found.filter(assessment__nomination__round=year)
    return [
        {
            "url": reverse("panel", args=[one.assessment.nomination_id]),
            "name": f"{one.assessment.nomination.product.ikm.name}, {one.assessment.nomination.product.name}",
            "nomination": str(one.assessment.nomination),
            "assessor": one.assessor.full_name,
            "known_at": one.known_at,  # type: ignore[attr-defined]
            "sealed_at": one.sealed_at,  # type: ignore[attr-defined]
        }
        for one in found.order_by("assessment__nomination__number", "pk")
    ]


def known_of(nomination: Nomination, person: Person) -> dict[int, datetime]:
    """assignment -> when the interest of its assessor became known, of one nomination."""
    found = visible_to(person).filter(assessment__nomination=nomination.pk)
    return {one.pk: one.known_at for one in found}  # type: ignore[attr-defined]


def link(nomination: Nomination, person: Person) -> dict[str, str] | None:
    """On the nomination's own page, where it is said in full (nominations.reading)."""
    if nomination.state not in (State.ASSESSED, State.AWARDED, State.NOT_AWARDED):
        return None
    if not visible_to(person).filter(assessment__nomination=nomination.pk).exists():
        return None
    return {"label": TITLE, "url": reverse("panel", args=[nomination.pk])}


# --- The ways that are open ------------------------------------------------------------------------------------
def ways(nomination: Nomination, person: Person, *, at: datetime) -> list[Way]:
    """What can be done about it now, by whom: each under its own rules, none of them by itself."""
    if nomination.state not in (State.AWARDED, State.NOT_AWARDED):
        return [
            Way(
                "Hasil belum diumumkan",
                "Beri tahu Penetap sebelum SK diumumkan. Sanggah dan sidang pleno baru terbuka sesudahnya.",
            )
        ]
    further = (way(nomination, person) for way in _FURTHER_WAYS)
    return [_objection(nomination, at=at), _session(nomination, person), *(way for way in further if way)]


def _objection(nomination: Nomination, *, at: datetime) -> Way:
    stage = Objection.Stage.RESULT
    filed = nomination.objections.filter(stage=stage).first()
    if filed is not None:
        standing = filed.get_outcome_display().lower() if filed.outcome else "menunggu jawaban"
        return Way("Sanggah", f"Sudah diajukan {when(filed.at, nomination)}: {standing}.")
    try:
        window = objections.window(nomination, stage)
    except workdays.HolidaysUnknown:
        window = None
    if window is None:
        return Way("Sanggah", "Batas waktunya belum dapat dihitung.")
    if not window.holds(at):
        return Way("Sanggah", f"Waktunya berakhir {when(window.until, nomination)}.")
    return Way("Sanggah", f"{nomination.office} dapat mengajukannya sampai {when(window.until, nomination)}.")


def _session(nomination: Nomination, person: Person) -> Way:
    name = "Sidang pleno baru"
    if agenda.under_way(nomination):
        return Way(name, "Sedang berlangsung untuk usulan ini.")
    if AgendaItem.objects.filter(nomination=nomination, plenary=None).exists():
        return Way(name, "Sudah dipanggil dan menunggu dibuka Ketua.")
    text = (
        "Sekretariat memanggilnya sebagai penilaian ulang, dengan alasan. Sidang memutus usulan ini lagi; bintang berubah "
        "hanya oleh SK perubahan."
    )
    if not rules.may_assign(person):
        return Way(name, text)
    return Way(name, text, reverse("plenary_call", args=[nomination.round_id]), "Panggil sidang pleno baru")
