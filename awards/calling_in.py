"""
Earlier recipients are assessed again: the secretariat calls in, in one act, the awards whose term ends.

Each becomes a draft of the round in the name of its office, with last time's answers and documents as a start, marked
as a re-evaluation (assessment.models.Reevaluation); its dinas is told by one message per person. What the dinas has
proposed by itself already is marked and kept. Who cannot be called in is named with the reason.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Office, Person
from accounts.roles import Right, Role
from assessment.models import Assessment, Reevaluation
from audit import history
from letters import outbox
from nominations import drafts
from nominations.import_matching import nominating_offices
from nominations.models import Nomination, Phase, Round, State

from .decrees import Refused
from .models import Award, Decree


@dataclass(frozen=True)
class Due:
    """
    One award whose term ends: who proposes it again, what is there of it in the round already, and why it cannot be
    called in ("" where it can). `is_chosen`: its decree names an end of the term that falls before the round's end.
    """

    award: Award
    office: Office | None
    there: Nomination | None
    hindrance: str
    is_chosen: bool


def due(round_: Round, *, at: datetime) -> list[Due]:
    """
    The last published award of each product from earlier rounds whose term ends by the end of this one, or whose
    decree names no end; those that are revoked too, with the reason. A fixed number of statements.
    """
    ends = _end_of(round_)
    last: dict[int, Award] = {}
    awards = Award.objects.published().filter(
        decree__round__lt=round_.pk, decree__kind=Decree.Kind.ESTABLISHING
    )
    for award in awards.with_names().order_by("decree__round_id", "pk"):
        last[award.product_id] = award
    found = [one for one in last.values() if one.decree.valid_until is None or one.decree.valid_until <= ends]
    offices = nominating_offices([one.regency for one in found])
    there = {
        one.product_id: one
        for one in Nomination.objects.filter(round=round_, product__in=[each.product_id for each in found])
        .exclude(state=State.WITHDRAWN)
        .select_related("reevaluation")
        .order_by("pk")
    }
    assigned = set(
        Assessment.objects.filter(nomination__in=[one.pk for one in there.values()])
        .order_by()
        .values_list("nomination", flat=True)
    )
    staffed = set(
        Membership.objects.in_force(at=at)
        .filter(
            office__in=[office.pk for office in offices.values()],
            role__in=(Role.DINAS, Role.PROVINSI),
            person__is_active=True,
        )
        .order_by()
        .values_list("office", flat=True)
    )
    rows = []
    for one in sorted(
        found, key=lambda each: (each.province_name, each.regency_name, each.ikm_name, each.pk)
    ):
        office, existing = offices.get(one.regency_id), there.get(one.product_id)
        why = _hindrance(one, office, existing, assigned, staffed)
        rows.append(Due(one, office, existing, why, not why and one.decree.valid_until is not None))
    return rows


@transaction.atomic
def call_in(round_: Round, awards: Collection[int], *, by: Person, at: datetime) -> list[Reevaluation]:
    """
    Call these awards (their keys) in for this round, all or nothing; tell each office once.

    Raises Refused: not the secretariat, the round takes no nominations, nothing chosen, and the first award that
    cannot be called in, by name and reason.
    """
    if not by.may(Right.RUN_ROUND):
        raise Refused("not_yours", "Penerima dipanggil untuk evaluasi ulang oleh Sekretariat.")
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    if not awards:
        raise Refused("nothing_chosen", "Pilih paling sedikit satu penerima.")
    drafts.refuse_when_closed(round_, at)
    found = {one.award.pk: one for one in due(round_, at=at)}
    made, by_office = [], defaultdict(list)
    for key in sorted(awards):
        one = found.get(key)
        if one is None:
            raise Refused(
                "not_due", "Salah satu penghargaan masih berlaku atau tidak ada lagi. Muat ulang halaman."
            )
        if one.hindrance or one.office is None:
            raise Refused("hindered", f"{one.award.product_name}, {one.award.ikm_name}: {one.hindrance}")
        made.append(_called(one, one.office, round_, by=by, at=at))
        by_office[one.office].append(made[-1])
    for office, called in by_office.items():
        _tell(office, called, round_, at=at)
    return made


def _called(one: Due, office: Office, round_: Round, *, by: Person, at: datetime) -> Reevaluation:
    before = one.award.nomination
    nomination = one.there or drafts.begin_for(
        office, one.award.product, round_=round_, by=by, at=at, copy_of=before
    )
    called = Reevaluation.objects.create(
        nomination=nomination,
        before=before,
        year_before=one.award.decree.round_id,
        star_before=one.award.star_in_force,
        maximum_star_before=one.award.maximum_star,
        term_ends_on=one.award.decree.valid_until,
        called_at=at,
        called_by=by,
    )
    history.record(
        "call_in",
        nomination,
        by=by,
        at=at,
        award=one.award.pk,
        year_before=called.year_before,
        new=one.there is None,
    )
    return called


def _hindrance(
    award: Award, office: Office | None, there: Nomination | None, assigned: set[int], staffed: set[int]
) -> str:
    if award.revoked_at is not None:
        return "Penetapannya sudah dicabut."
    if there is not None and hasattr(there, "reevaluation"):
        return f"Sudah dipanggil: {there}."
    if there is not None and there.pk in assigned:
        return f"Sudah diusulkan sebagai {there} dan panelnya sudah dibentuk."
    if office is None:
        return f"Belum ada kantor dinas untuk {award.regency_name}. Daftarkan kantornya pada halaman Akun."
    if office.pk not in staffed:
        return f"Belum ada petugas dengan akun aktif pada {office.name}. Undang petugasnya pada halaman Akun."
    return ""


def _end_of(round_: Round) -> date:
    """Until when an award of this round would take over: its announcement, or the end of its year."""
    phase = round_.phase(Phase.Kind.ANNOUNCEMENT)
    return max(
        timezone.localdate(phase.closes_at) if phase else date(round_.pk, 12, 31), date(round_.pk, 12, 31)
    )


def _tell(office: Office, called: list[Reevaluation], round_: Round, *, at: datetime) -> None:
    phase = round_.phase(Phase.Kind.NOMINATION)
    held = Membership.objects.in_force(at=at).filter(office=office, role__in=(Role.DINAS, Role.PROVINSI))
    people = Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("pk")
    first = min(one.nomination_id for one in called)
    for person in people:
        outbox.queue(
            "reevaluation_due",
            person=person,
            # One message per act and office: a later act tells of others.
            key=f"{round_.pk}/{office.pk}/{first}",
            context={
                "n": str(len(called)),
                "wilayah": str(office.regency or office.province or office.name),
                "tahun": str(called[0].year_before)
                if len({one.year_before for one in called}) == 1
                else "sebelumnya",
                "waktu": phase.closes_at if phase else "batas yang akan diumumkan",
                "tautan": reverse("nominations"),
            },
            at=at,
        )
