"""Whose turn it is with a nomination, what comes next, and what its own office has to do now (Dasbor dinas)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Count, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Office, Person
from accounts.roles import Right, Role
from audit.models import Entry
from letters.wording import WIB, plain_date

from . import completeness, rules
from .models import (
    DocumentLink,
    Nomination,
    NominationQuerySet,
    Phase,
    RepairRemark,
    Round,
    State,
)

# What the page of an office lists at once of each kind; more is behind the filter of the list.
LISTED = 30
_FROM_SCREENING = "return_from_screening"


def holder(nomination: Nomination, *, reader: Person) -> str:
    """Who has a nomination in hand now, as this reader calls them; "" where nobody has."""
    match nomination.state:
        case State.DRAFT | State.RETURNED if rules.holds_its_office(reader, nomination):
            return "dinas Anda"
        case State.DRAFT | State.RETURNED:
            return nomination.office.name
        case State.SUBMITTED if nomination.office.kind == Office.Kind.PROVINCE:
            return "Sekretariat OVOP"
        case State.SUBMITTED:
            return f"verifikasi Provinsi {nomination.regency.province.name}"
        case State.ENDORSED:
            return "seleksi administrasi Kementerian"
        case State.ELIGIBLE:
            return "tim penilai"
        case State.ASSESSED:
            return "sidang pleno"
    return ""


_NEXT = {
    State.DRAFT: "Usulan belum terkirim.",
    State.RETURNED: "Berikutnya: dinas memperbaiki dan mengirim kembali.",
    State.SUBMITTED: "Berikutnya: verifikasi provinsi. Usulan hanya dapat diubah bila dikembalikan.",
    State.ENDORSED: "Berikutnya: seleksi administrasi oleh Kementerian. Dinas tidak perlu berbuat apa pun.",
    State.ELIGIBLE: "Berikutnya: penilaian dan verifikasi lapangan oleh tim penilai.",
    State.ASSESSED: "Berikutnya: sidang pleno, lalu SK penetapan. Hasil diumumkan serentak.",
    State.NOT_ENDORSED: "Alasan provinsi tertulis dalam riwayat.",
    State.INELIGIBLE: "Alasan dan batas waktu sanggah disampaikan kepada dinas.",
    State.WITHDRAWN: "Produk ini dapat diusulkan lagi selama pengusulan dibuka.",
    State.LAPSED: "Batas waktunya lewat sebelum usulan ini dikirim. Isiannya tetap dapat dibaca.",
}


def next_step(nomination: Nomination) -> str:
    """What happens next, in one sentence; "" where nothing does."""
    if nomination.state == State.SUBMITTED and nomination.office.kind == Office.Kind.PROVINCE:
        return "Berikutnya: pemeriksaan oleh Sekretariat OVOP. Usulan hanya dapat diubah bila dikembalikan."
    return _NEXT.get(State(nomination.state), "")


def reads_its_way(person: Person, nomination: Nomination) -> bool:
    """
    Who reads history, remarks and repairs besides the answers: its office, its province, the secretariat, the auditor.
    """
    return (
        rules.holds_its_office(person, nomination)
        or rules.is_of_its_province(person, nomination)
        or person.may(Right.SCREEN)
        or person.may(Right.READ_ALL)
    )


def of_own_region(person: Person) -> NominationQuerySet:
    """The nominations that /usulan/ lists: those of the own office, and for a province what its region has sent."""
    own = person.offices(Role.DINAS) + person.offices(Role.PROVINSI)
    provinces = [office.province_id for office in person.offices(Role.PROVINSI)]
    seen = Nomination.objects.visible_to(person)
    return seen.filter(Q(office__in=[office.pk for office in own]) | Q(office__province__in=provinces))


@dataclass(frozen=True)
class ToDo:
    """One thing that waits for the own office: what ("Dikembalikan provinsi: 3 catatan") and until when, if ever."""

    nomination: Nomination
    text: str
    until: datetime | None = None
    tone: str = "info"


def to_do(person: Person, round_: Round, *, at: datetime) -> list[ToDo]:
    """What the person's own office has to do in this round: returned ones first, then incomplete drafts, then licences."""
    own = person.offices(Role.DINAS) + person.offices(Role.PROVINSI)
    mine = (
        Nomination.objects.visible_to(person)
        .with_names()
        .select_related("product__ikm__sentra")
        .filter(round=round_, office__in=[office.pk for office in own])
    )
    changeable = _changeable(mine, round_, at=at)
    return [*_returned(changeable), *_drafts(changeable), *_licences(mine, round_)]


def _changeable(mine: NominationQuerySet, round_: Round, *, at: datetime) -> list[Nomination]:
    """What is returned and, while they can be sent, drafts, at most LISTED of each, with what is said of them."""
    first = mine.filter(state=State.RETURNED).order_by("repair_due_at", "pk").values("pk")[:LISTED]
    shown = Q(pk__in=first)
    phase = round_.phase(Phase.Kind.NOMINATION)
    if phase is not None and at < phase.closes_at:
        drafts = mine.filter(state=State.DRAFT).order_by("created_at", "pk").values("pk")[:LISTED]
        shown |= Q(pk__in=drafts)
    return list(
        mine.filter(shown)
        .annotate(
            remark_count=_count_of_remarks(),
            returned_by=_returned_by(),
            linked_kinds=completeness.linked_kinds(),
        )
        .order_by("repair_due_at", "created_at", "pk")
    )


def _returned(changeable: Sequence[Nomination]) -> list[ToDo]:
    return [
        ToDo(
            nomination,
            f"Dikembalikan {'Sekretariat' if nomination.returned_by == _FROM_SCREENING else 'provinsi'}: "  # type: ignore[attr-defined]
            # A return without a remark on an answer has its reason.
            f"{nomination.remark_count or 1} catatan",  # type: ignore[attr-defined]
            nomination.repair_due_at,
            "hati",
        )
        for nomination in changeable
        if nomination.state == State.RETURNED
    ]


def _count_of_remarks() -> Subquery:
    """How many remarks the latest return of a nomination has; it is returned once for each submission."""
    remarks = RepairRemark.objects.filter(submission__nomination=OuterRef("pk"))
    counted = remarks.order_by().values("submission__sequence").annotate(count=Count("pk"))
    return Subquery(counted.order_by("-submission__sequence").values("count")[:1])


def _returned_by() -> Subquery:
    """With which act it was returned last."""
    entries = Entry.objects.filter(
        subject_type=Nomination._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), CharField()),
        to_state=State.RETURNED.value,
    )
    return Subquery(entries.order_by("-pk").values("action")[:1])


def _drafts(changeable: Sequence[Nomination]) -> list[ToDo]:
    drafts = [nomination for nomination in changeable if nomination.state == State.DRAFT]
    missing = completeness.missing_in(drafts)
    return [
        ToDo(
            draft,
            f"Belum lengkap: {len(missing[draft.pk])} isian"
            if missing[draft.pk]
            else "Lengkap, belum dikirim",
        )
        for draft in drafts
    ]


def _licences(mine: NominationQuerySet, round_: Round) -> list[ToDo]:
    """Licences that expire before the decision: without one that is in force no award can be given."""
    phase = round_.phase(Phase.Kind.ANNOUNCEMENT) or round_.phase(Phase.Kind.PLENARY)
    if phase is None:
        return []
    under_way = mine.filter(
        state__in=[State.DRAFT, State.RETURNED, State.SUBMITTED, State.ENDORSED, State.ELIGIBLE]
    )
    links = (
        DocumentLink.objects.filter(
            nomination__in=under_way.order_by().values("pk"), document__expires_on__lt=decided_on(phase)
        )
        .select_related("document__kind", "nomination__product__ikm", "nomination__product__group")
        .order_by("document__expires_on", "pk")[:LISTED]
    )
    return [
        ToDo(
            link.nomination,
            f"{link.document.kind.name} hanya berlaku sampai {plain_date(link.document.expires_on)}, sebelum penetapan",
            tone="hati",
        )
        for link in links
        if link.document.expires_on
    ]


def decided_on(phase: Phase) -> date:
    """The day (WIB) until which a licence must be in force: that of the phase in which results are announced."""
    return timezone.localdate(phase.closes_at, WIB)
