"""What waits for a person, by the roles held now: the first thing on /beranda/. One counting statement for each line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right, Role
from assessment import agenda, calibration, tied_sheets
from assessment import sessions as plenaries
from assessment.models import AgendaItem, Assignment, Plenary
from awards import decrees
from awards.models import Decree
from catalogue.waiting import pages_to_review, pages_to_write
from letters.models import Batch, Message
from nominations import objection_windows, rounds
from nominations.guards import when
from nominations.models import Nomination, Objection, Phase, Round, State

# In which phases a role has something to do; the deadline shown is that of the first one running.
_PHASES = {
    Role.DINAS: (Phase.Kind.NOMINATION,),
    Role.PROVINSI: (Phase.Kind.ENDORSEMENT, Phase.Kind.NOMINATION),
    Role.SEKRETARIAT: (Phase.Kind.SCREENING, Phase.Kind.ASSESSMENT, Phase.Kind.NOMINATION),
    Role.PENILAI: (Phase.Kind.ASSESSMENT, Phase.Kind.VISIT),
    Role.KETUA: (Phase.Kind.PLENARY, Phase.Kind.ASSESSMENT),
    Role.PENETAP: (Phase.Kind.ANNOUNCEMENT, Phase.Kind.PLENARY),
}


@dataclass(frozen=True)
class Waiting:
    """`count` things of one kind; `text` says what and what to do, `url` where. Overdue or sent back: `urgent`."""

    count: int
    text: str
    url: str
    urgent: bool = False


def for_person(person: Person, *, at: datetime) -> list[Waiting]:
    """What this person has to do now, in the order of the roles; lines that count nothing are left out."""
    round_ = rounds.current(at=at)
    lines = [line for role in Role if role in person.roles() for line in _OF_ROLE[role](person, round_)]
    if person.may(Right.OBJECT):
        own = [office.pk for office in person.offices(Role.DINAS) + person.offices(Role.PROVINSI)]
        lines = _open_to_objection(own, at=at) + lines
    lines = _objections(person, at=at) + lines
    return [line for line in dict.fromkeys(lines) if line.count]


def next_end(person: Person, *, at: datetime) -> tuple[Phase, ZoneInfo] | None:
    """The running phase whose end concerns this person, with the zone of the own office; None between phases."""
    round_ = rounds.current(at=at)
    if round_ is None:
        return None
    for role in Role:
        if role not in person.roles():
            continue
        for kind in _PHASES.get(role, ()):
            phase = round_.phase(kind)
            if phase is not None and phase.holds(at):
                return phase, _zone_of(person)
    return None


def _zone_of(person: Person) -> ZoneInfo:
    provinces = [office.office.province for office in person.active_memberships() if office.office.province]
    return ZoneInfo(provinces[0].zone if provinces else "Asia/Jakarta")


def _dinas(person: Person, round_: Round | None) -> list[Waiting]:
    own = [office.pk for office in person.offices(Role.DINAS) + person.offices(Role.PROVINSI)]
    mine = Nomination.objects.filter(office__in=own)
    address = reverse("nominations")
    return [
        Waiting(mine.filter(state=State.RETURNED).count(), "usulan dikembalikan untuk perbaikan", address, True),
        Waiting(
            mine.filter(state=State.DRAFT, round=round_).count() if round_ else 0,
            "draf usulan belum dikirim",
            address,
        ),
        *(Waiting(*line) for line in pages_to_write(person)),
    ]  # fmt: skip


def _open_to_objection(offices: list[int], *, at: datetime) -> list[Waiting]:
    """Results of the own office that can be objected to now, with the end that comes first."""
    open_ = objection_windows.open_now(offices, at=at)
    if not open_:
        return []
    first = open_[0]
    address = (
        reverse("nomination_objection", args=[first.nomination.pk])
        if len(open_) == 1
        else f"{reverse('nominations')}?status={first.nomination.state}"
    )
    until = when(first.window.until, first.nomination)
    return [Waiting(len(open_), f"hasil usulan: sanggah dapat diajukan sampai {until}", address)]


def _province(person: Person, round_: Round | None) -> list[Waiting]:
    waiting = Nomination.objects.visible_to(person).awaiting_endorsement().exclude(office__kind="province")
    lines = [Waiting(waiting.count(), "usulan menunggu verifikasi Anda", reverse("endorsements"))]
    nominates = Nomination.objects.filter(office__in=[office.pk for office in person.offices(Role.PROVINSI)])
    return lines + (_dinas(person, round_) if nominates.exists() else [])


def _secretariat(person: Person, round_: Round | None) -> list[Waiting]:
    panels = Q(assessment=None) | Q(assessment__completed_at=None)
    eligible = Nomination.objects.filter(state=State.ELIGIBLE)
    without_panel = eligible.filter(panels).exclude(
        pk__in=Assignment.objects.active().values("assessment__nomination")
    )
    trouble = Message.objects.filter(state__in=[Message.State.FAILED, Message.State.UNSURE])
    return [
        Waiting(
            Nomination.objects.awaiting_screening().count(),
            "usulan menunggu seleksi administrasi",
            reverse("screenings"),
        ),
        Waiting(without_panel.count(), "usulan lolos seleksi belum berpanel", reverse("panels")),
        _tied(),
        Waiting(
            decrees.sessions_waiting().count(),
            "sidang pleno tersegel menunggu rancangan SK",
            reverse("decrees"),
        ),
        Waiting(
            Batch.objects.filter(released_at=None, cancelled_at=None).count(),
            "kelompok pesan menunggu dibaca dan dilepas",
            reverse("messages"),
        ),
        Waiting(pages_to_review(), "halaman produk menunggu tinjauan", reverse("entry_queue")),
        Waiting(trouble.count(), "pesan gagal atau tidak pasti terkirim", reverse("messages"), True),
    ]


def _objections(person: Person, *, at: datetime) -> list[Waiting]:
    """Sanggah: those to be answered, and those upheld against a result that only a new plenary can change."""
    roles, address = person.roles(), reverse("objections")
    lines = []
    if Role.SEKRETARIAT in roles:
        overdue = Objection.objects.overdue(at=at).count()
        waiting = Objection.objects.waiting().count()
        late = f", {overdue} di antaranya lewat batas" if overdue else ""
        lines.append(Waiting(waiting, f"sanggah menunggu jawaban{late}", address, overdue > 0))
    if roles & {Role.SEKRETARIAT, Role.KETUA}:
        upheld = agenda.undecided()
        text = "sanggah diterima, menunggu sidang pleno baru"
        lines.append(Waiting(upheld.count(), text, f"{address}?tahap={Objection.Stage.RESULT.value}"))
    if Role.SEKRETARIAT in roles:
        for year, count in agenda.calls_due():
            call = reverse("plenary_call", args=[year])
            lines.append(Waiting(count, f"sanggah periode {year}: panggil sidang pleno baru", call))
    if Role.KETUA in roles:
        called = AgendaItem.objects.filter(plenary=None).count()
        lines.append(Waiting(called, "usulan dipanggil untuk sidang pleno baru", reverse("plenary_open")))
    return lines


def _assessor(person: Person, round_: Round | None) -> list[Waiting]:
    open_ = Assignment.objects.visible_to(person).filter(
        submitted_at=None, assessment__nomination__state=State.ELIGIBLE
    )
    address = reverse("assessments")
    return [
        Waiting(open_.filter(has_conflict=None).count(), "penugasan menunggu pernyataan Anda", address),
        Waiting(open_.filter(has_conflict=False).count(), "penilaian belum Anda kirim", address),
        *_practice(person),
        *_sessions_of(person),
    ]


def _practice(person: Person) -> list[Waiting]:
    """Practice cases before the round; the one that waits is opened at once."""
    cases = list(calibration.waits_for(person).order_by("case").values_list("case", flat=True)[:2])
    if not cases:
        return []
    address = reverse("calibration_score", args=cases) if len(cases) == 1 else reverse("calibrations")
    return [Waiting(calibration.waits_for(person).count(), "usulan latihan menunggu nilai Anda", address)]


def _sessions_of(person: Person) -> list[Waiting]:
    """The open session in which this person sits, where the screen follows the chair."""
    seats = list(Plenary.objects.open().filter(seats__person=person).order_by("pk")[:1])
    address = reverse("plenary_follow", args=[seats[0].pk]) if seats else ""
    return [Waiting(1, "sidang pleno berlangsung: ikuti butir yang dibahas", address)] if seats else []


def _tied() -> Waiting:
    """Values that hold the sheet of an assessor with an interest: nothing is decided on them before it is taken out."""
    found = list(tied_sheets.nominations().order_by("pk").values_list("pk", "round"))
    if len(found) == 1:
        address = reverse("panel", args=[found[0][0]])
    else:
        address = f"{reverse('panels')}?periode={found[0][1]}" if found else reverse("panels")
    return Waiting(len(found), "usulan: nilai dari penilai yang berkepentingan", address, True)


def _chair(person: Person, round_: Round | None) -> list[Waiting]:
    sessions = list(Plenary.objects.open())
    if sessions:
        undecided = sum(plenaries.undecided(session).count() for session in sessions)
        line = Waiting(undecided, "usulan menunggu keputusan sidang pleno", reverse("plenary"))
    else:
        waiting = plenaries.assessed(round_).filter(decisions=None).count() if round_ else 0
        line = Waiting(waiting, "usulan selesai dinilai menunggu sidang pleno", reverse("plenary"))
    return [_tied(), line]


def _signatory(person: Person, round_: Round | None) -> list[Waiting]:
    address = reverse("decrees")
    ready = Decree.objects.filter(issued_at__isnull=False, published_at=None)
    return [
        Waiting(
            Decree.objects.filter(issued_at=None).count(),
            "rancangan SK menunggu penetapan Anda",
            address,
        ),
        Waiting(ready.count(), "SK ditetapkan dan belum diumumkan", address),
        Waiting(
            Decree.objects.filter(pause__waits_for="secret").count(),
            "SK dan piagam menunggu kode rahasia Anda",
            address,
        ),
    ]


def _nothing(person: Person, round_: Round | None) -> list[Waiting]:
    return []


_OF_ROLE: dict[Role, Callable[[Person, Round | None], list[Waiting]]] = {
    Role.DINAS: _dinas,
    Role.PROVINSI: _province,
    Role.SEKRETARIAT: _secretariat,
    Role.PENILAI: _assessor,
    Role.KETUA: _chair,
    Role.PENETAP: _signatory,
    Role.AUDITOR: _nothing,
    Role.ADMIN: _nothing,
}
