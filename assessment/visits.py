"""
Field verification: a visit is planned, its findings arrive from the device (once, and never over somebody else's),
it is finished, and from then on what it corrected counts (results.py). Nothing once the plenary has decided.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from audit import history
from files.models import StoredFile
from letters.wording import instant_for_reader
from nominations import lifecycle
from nominations.models import Nomination

from . import notices, results, rules
from .access import WHILE
from .models import Assessment, Assignment, Finding, Visit, VisitMember, VisitPhoto
from .refusals import NOT_YOURS, Refused

TEXT_AT_MOST = 2000
NOTE_AT_MOST = 4000
PHOTOS_AT_MOST = 60
ABOUT = ("met_name", "met_position", "officer", "samples", "note", "latitude", "longitude")


@dataclass(frozen=True)
class Write:
    """
    One change of one indicator as a device wrote it down. id: the device's name for this change, the same each time
    it is sent; base: the version it changes, 0 where nothing was there; noted_at: by the device's clock.
    """

    indicator: str
    verdict: str
    points: int | None
    text: str
    base: int
    id: uuid.UUID
    noted_at: datetime


@dataclass(frozen=True)
class About:
    """Whom the visit met and what they said; base: the version of these fields that it changes (Visit.version)."""

    fields: dict[str, object]
    base: int


@dataclass
class Outcome:
    """
    What became of one delivery: versions of what is stored now; what somebody else changed meanwhile, as it stands
    (nothing was overwritten); what cannot be stored as it is, with the reason.
    """

    stored: dict[str, int] = field(default_factory=dict)
    conflicts: dict[str, Finding] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    about: int | None = None
    about_conflict: Visit | None = None

    @property
    def has_conflict(self) -> bool:
        return bool(self.conflicts) or self.about_conflict is not None


# --- Planning --------------------------------------------------------------------------------------------------
def choices_for(assessment: Assessment) -> list[tuple[Assignment, rules.Ground | None]]:
    """The panel's people who declared to be free, each with the ground that keeps them away all the same, or None."""
    free = assessment.assignments.scoring().select_related("assessor", "office").order_by("pk")
    nomination = Nomination.objects.with_names().get(pk=assessment.nomination_id)
    facts = rules.Facts.about([one.assessor for one in free])
    return [(one, facts.ground_against(one.assessor, nomination)) for one in free]


@transaction.atomic
def plan(
    nomination: Nomination,
    team: Sequence[Assignment],
    *,
    on: date,
    place: str,
    position: int = 1,
    by: Person,
    at: datetime,
) -> Visit:
    """
    Plan the visit of a nomination. team: assignments of its own panel.

    Raises Refused: not the secretariat, no panel, decided, planned already, nobody, a day gone by, somebody who has
    not declared to be free or against whom there is a ground.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    lifecycle.lock([nomination.pk])
    assessment = Assessment.objects.filter(nomination=nomination).select_related("nomination").first()
    if assessment is None:
        raise Refused(
            "no_panel", "Usulan ini belum berpanel. Tugaskan penilai dahulu, lalu rencanakan kunjungan."
        )
    _refuse_what_is_over(assessment)
    place = _checked_place(place, on, at=at)
    _refuse_a_team_with_an_interest(assessment, team)
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                assessment=assessment,
                planned_on=on,
                position=position,
                place=place,
                planned_at=at,
                planned_by=by,
            )
    except IntegrityError as error:
        raise Refused(
            "already_planned", "Kunjungan untuk usulan ini sudah direncanakan. Batalkan dahulu yang lama."
        ) from error
    VisitMember.objects.bulk_create(VisitMember(visit=visit, assignment=one) for one in team)
    history.record(
        "plan_visit", visit, by=by, at=at, to_state=visit.state, nomination=nomination.pk, on=on.isoformat(),
        team=[one.assessor_id for one in team],
    )  # fmt: skip
    notices.visit_planned(visit, team, at=at)
    return visit


def _checked_place(place: str, on: date, *, at: datetime) -> str:
    place = " ".join(place.split())[:200]
    if not place:
        raise Refused("place_missing", "Isi tempat produksi yang dikunjungi.")
    if on < timezone.localdate(at):
        raise Refused("past", "Tanggal kunjungan sudah lewat. Pilih hari ini atau sesudahnya.")
    return place


def has_begun(visit: Visit) -> bool:
    """Whether anything of it has arrived: from then on day and team are what happened, not a plan."""
    return (
        visit.started_at is not None or visit.version > 0 or visit.findings.exists() or visit.photos.exists()
    )


@transaction.atomic
def change(
    visit: Visit,
    team: Sequence[Assignment],
    *,
    on: date,
    place: str,
    position: int = 1,
    by: Person,
    at: datetime,
) -> Visit:
    """
    Plan a visit anew before anything of it has arrived; who stays, joins or leaves the team is told.

    Raises Refused as `plan`, and: over, begun.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    visit = _lock(visit)
    _refuse_an_end(visit)
    _refuse_what_is_over(visit.assessment)
    if has_begun(visit):
        raise Refused(
            "begun",
            "Tim sudah mulai mencatat. Kunjungan ini tidak dapat diubah lagi, hanya diselesaikan atau dibatalkan.",
        )
    place = _checked_place(place, on, at=at)
    _refuse_a_team_with_an_interest(visit.assessment, team)
    visit.planned_on, visit.place, visit.position = on, place, position
    visit.save(update_fields=["planned_on", "place", "position"])
    gone = _change_team(visit, team, at=at)
    history.record(
        "change_visit", visit, by=by, at=at, nomination=visit.assessment.nomination_id, on=on.isoformat(),
        team=[one.assessor_id for one in team],
    )  # fmt: skip
    notices.visit_planned(visit, team, at=at)
    notices.visit_called_off(visit, gone, at=at)
    return visit


def _change_team(visit: Visit, team: Sequence[Assignment], *, at: datetime) -> list[Assignment]:
    """Let the team be these; return who left it."""
    there = {one.assignment_id: one for one in visit.members.select_related("assignment__assessor")}
    wanted = {one.pk for one in team}
    gone = []
    for member in there.values():
        stays = member.assignment_id in wanted
        if stays == (member.left_at is None):
            continue
        member.left_at = None if stays else at
        member.save(update_fields=["left_at"])
        if not stays:
            gone.append(member.assignment)
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, assignment=one) for one in team if one.pk not in there
    )
    return gone


def team_of(visit: Visit) -> list[Assignment]:
    members = visit.members.filter(left_at=None).select_related("assignment__assessor").order_by("pk")
    return [member.assignment for member in members]


def _refuse_a_team_with_an_interest(assessment: Assessment, team: Sequence[Assignment]) -> None:
    if not team:
        raise Refused("nobody", "Pilih paling sedikit satu anggota tim kunjungan.")
    grounds = {one.pk: ground for one, ground in choices_for(assessment)}
    for one in team:
        name = one.assessor.full_name
        if one.pk not in grounds or not one.assessor.may(Right.VISIT):
            raise Refused(
                "not_free",
                f"{name} tidak dapat mengunjungi: bukan anggota panel yang sudah menyatakan tidak mempunyai hubungan.",
            )
        if ground := grounds[one.pk]:
            raise Refused("conflict", f"{name} tidak dapat mengunjungi: {ground.text}.")


@transaction.atomic
def cancel(visit: Visit, *, reason: str, by: Person, at: datetime) -> Visit:
    """Call a planned visit off. Raises Refused: not the secretariat, over already, no reason."""
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    visit = _lock(visit)
    _refuse_an_end(visit)
    if not reason.strip():
        raise Refused("reason_missing", "Tuliskan alasan pembatalan.")
    visit.state, visit.cancel_reason = Visit.State.CANCELLED, reason.strip()
    visit.cancelled_at, visit.cancelled_by = at, by
    visit.save()
    history.record(
        "cancel_visit", visit, by=by, at=at, from_state=Visit.State.PLANNED, to_state=visit.state, reason=reason.strip()
    )  # fmt: skip
    notices.visit_called_off(visit, team_of(visit), at=at)
    return visit


# --- What arrives from the device --------------------------------------------------------------------------------
@transaction.atomic
def record(
    visit: Visit, writes: Sequence[Write], about: About | None = None, *, by: Person, at: datetime
) -> Outcome:
    """
    Store what a device wrote down, each change once however often it arrives, and return what became of each.

    A change of what somebody else changed meanwhile is stored nowhere: it comes back as a conflict with what stands.
    Raises Refused, and then nothing is stored: not on the team (any more), over, decided.
    """
    visit = _locked_for_the_team(visit, by=by)
    outcome, there = Outcome(), {one.indicator: one for one in visit.findings.select_related("by")}
    ladders = visit.assessment.instrument.ladders
    free = _free_people(visit)
    for write in writes:
        if problem := _wrong_with(write, ladders):
            outcome.wrong[write.indicator] = problem
            continue
        finding = there.get(write.indicator)
        if finding is not None and _is_stored(finding, write, free):
            outcome.stored[write.indicator] = finding.version
        elif finding is not None and finding.version != write.base and not _is_the_same(finding, write):
            outcome.conflicts[write.indicator] = finding
        else:
            there[write.indicator] = _store(visit, finding, write, by=by, at=at)
            outcome.stored[write.indicator] = there[write.indicator].version
    _note_the_start(visit, writes)
    if about is not None:
        _record_about(visit, about, outcome)
    return outcome


def _wrong_with(write: Write, ladders: dict[str, list[int]]) -> str:
    if write.indicator not in ladders:
        return f"Indikator {write.indicator[:20]} tidak ada dalam versi instrumen usulan ini. Muat ulang halaman."
    if write.verdict not in Finding.Verdict.values:
        return "Pilih Sesuai, Berbeda, atau Tidak dapat dilihat."
    if len(write.text) > TEXT_AT_MOST:
        return f"Yang dilihat paling panjang {TEXT_AT_MOST} huruf."
    if write.verdict != Finding.Verdict.DIFFERS:
        return ""
    if type(write.points) is not int or write.points not in ladders[write.indicator]:
        levels = ", ".join(str(level) for level in ladders[write.indicator])
        return f"Berbeda: pilih skor menurut kunjungan, salah satu dari {levels}."
    return "" if write.text.strip() else "Berbeda: tuliskan apa yang dilihat."


def _is_stored(finding: Finding, write: Write, free: set[int]) -> bool:
    """Whether this change, or one that says the same, is there; what a recused person wrote has to be said again."""
    if finding.write == write.id:
        return True
    if _is_the_same(finding, write):
        return finding.by_id in free
    # Sent before, answered into a dead line, and changed by somebody else since.
    versions = apps.get_model("assessment", "FindingEvent")._default_manager
    return versions.filter(pgh_obj=finding, write=write.id).exists()


def _is_the_same(finding: Finding, write: Write) -> bool:
    return (finding.verdict, finding.points, finding.text) == (
        write.verdict, _points_of(write), write.text.strip()
    )  # fmt: skip


def _points_of(write: Write) -> int | None:
    return write.points if write.verdict == Finding.Verdict.DIFFERS else None


def _store(visit: Visit, finding: Finding | None, write: Write, *, by: Person, at: datetime) -> Finding:
    if finding is None:
        finding = Finding(visit=visit, indicator=write.indicator, version=0)
    finding.verdict, finding.points, finding.text = write.verdict, _points_of(write), write.text.strip()
    finding.write, finding.noted_at, finding.received_at, finding.by = write.id, write.noted_at, at, by
    finding.version += 1
    finding.save()
    return finding


def _note_the_start(visit: Visit, writes: Iterable[Write]) -> None:
    first = min((write.noted_at for write in writes), default=None)
    if first is not None and (visit.started_at is None or first < visit.started_at):
        visit.started_at = first
        visit.save(update_fields=["started_at"])


def _record_about(visit: Visit, about: About, outcome: Outcome) -> None:
    unknown = about.fields.keys() - set(ABOUT)
    if unknown:
        raise ValueError(f"no fields of a visit: {sorted(unknown)}")
    if all(getattr(visit, name) == value for name, value in about.fields.items()):
        outcome.about = visit.version
    elif about.base != visit.version:
        outcome.about_conflict = visit
    else:
        for name, value in about.fields.items():
            setattr(visit, name, value)
        visit.version += 1
        visit.save(update_fields=[*about.fields, "version"])
        outcome.about = visit.version


@transaction.atomic
def add_photo(
    visit: Visit,
    file: StoredFile,
    *,
    caption: str,
    indicator: str = "",
    taken_at: datetime,
    write: uuid.UUID,
    by: Person,
    at: datetime,
) -> VisitPhoto:
    """Keep a photo with the visit, once. Raises Refused as `record`; another version's indicator, no caption, too many."""
    visit = _locked_for_the_team(visit, by=by)
    there = visit.photos.filter(write=write).first() or visit.photos.filter(file=file).first()
    if there is not None:
        return there
    if indicator and indicator not in visit.assessment.instrument.ladders:
        raise Refused(
            "unknown_indicator",
            "Indikator foto ini tidak ada dalam versi instrumen usulan ini. Muat ulang halaman.",
        )
    caption = " ".join(caption.split())[:200]
    if not caption:
        raise Refused("caption_missing", "Tuliskan keterangan foto.")
    if visit.photos.count() >= PHOTOS_AT_MOST:
        raise Refused("too_many", f"Sudah ada {PHOTOS_AT_MOST} foto; foto ini tidak disimpan di server.")
    photo = VisitPhoto.objects.create(
        visit=visit, indicator=indicator, file=file, caption=caption, taken_at=taken_at, received_at=at, by=by,
        write=write,
    )  # fmt: skip
    history.record("visit_photo_added", visit, by=by, at=at, file=str(file.pk), indicator=indicator)
    return photo


# --- The end -----------------------------------------------------------------------------------------------------
def missing_of(visit: Visit) -> list[int]:
    """
    The numbers, from 1, of the indicators that still need a verdict from somebody of the team; what was written by
    somebody who has been recused since does not count.
    """
    free = _free_people(visit)
    found = {one.indicator for one in visit.findings.all() if one.by_id in free}
    indicators = visit.assessment.instrument.parsed().indicators
    return [number for number, each in enumerate(indicators, 1) if each.code not in found]


@transaction.atomic
def finish(visit: Visit, *, by: Person, at: datetime) -> Visit:
    """
    End the visit for good: from now on its corrections count, and nothing of it changes any more.

    Raises Refused as `record`, and where an indicator has no verdict or it does not say who was met.
    """
    visit = _locked_for_the_team(visit, by=by)
    if missing := missing_of(visit):
        listed = ", ".join(str(number) for number in missing[:10]) + (", …" if len(missing) > 10 else "")
        raise Refused(
            "incomplete",
            f"Kunjungan belum selesai: indikator {listed} belum diisi oleh tim. Isian lain tersimpan. Pilih Tidak "
            "dapat dilihat bila memang demikian.",
        )
    if not visit.met_name.strip() or not visit.met_position.strip():
        raise Refused("nobody_met", "Kunjungan belum selesai: isi nama dan kedudukan pihak IKM yang ditemui.")
    span = visit.findings.aggregate(first=Min("noted_at"), last=Max("noted_at"))
    visit.started_at = visit.started_at or span["first"]
    visit.state, visit.finished_at, visit.received_at = Visit.State.DONE, span["last"], at
    visit.finished_by = by
    visit.save()
    history.record(
        "finish_visit", visit, by=by, at=at, from_state=Visit.State.PLANNED, to_state=visit.state,
        nomination=visit.assessment.nomination_id, corrected=results.verifications_for([visit.assessment_id]).get(
            visit.assessment_id, {}
        ),
    )  # fmt: skip
    return visit


def verification_of(assessment: Assessment) -> dict[str, int]:
    """Return indicator -> points that the finished visit found otherwise, as scoring.evaluate takes it."""
    return results.verifications_for([assessment.pk]).get(assessment.pk, {})


# --- Small parts -------------------------------------------------------------------------------------------------
def _lock(visit: Visit) -> Visit:
    """The nomination first, as the plenary does: who decides and who verifies take turns."""
    lifecycle.lock([visit.assessment.nomination_id])
    return (
        Visit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("assessment__nomination", "assessment__instrument")
        .get(pk=visit.pk)
    )


def _locked_for_the_team(visit: Visit, *, by: Person) -> Visit:
    visit = _lock(visit)
    mine = Assignment.objects.filter(visits__visit=visit, visits__left_at=None, assessor=by)
    if not by.may(Right.VISIT) or not mine.exists():
        raise Refused("not_yours", NOT_YOURS)
    if not mine.scoring().exists():
        raise Refused(
            "recused",
            "Anda tidak lagi bertugas atas usulan ini. Yang belum terkirim tidak disimpan di server; salin bila perlu, "
            "lalu hubungi Sekretariat.",
        )
    _refuse_an_end(visit)
    _refuse_what_is_over(visit.assessment)
    return visit


def _refuse_an_end(visit: Visit) -> None:
    if visit.state == Visit.State.DONE and visit.received_at:
        raise Refused(
            "finished",
            f"Kunjungan ini sudah selesai dan terkunci {instant_for_reader(visit.received_at)}. Yang belum terkirim "
            "tidak disimpan di server; salin bila perlu.",
        )
    if visit.state == Visit.State.CANCELLED:
        raise Refused(
            "cancelled", "Kunjungan ini dibatalkan oleh Sekretariat. Yang belum terkirim tidak disimpan."
        )


def _refuse_what_is_over(assessment: Assessment) -> None:
    decided = assessment.nomination.decisions.select_related("plenary").order_by("pk").last()
    if decided is not None:
        word = "menyegel" if decided.plenary.sealed_at else "mencatat"
        raise Refused(
            "decided",
            f"Sidang pleno sudah {word} keputusan atas usulan ini. Verifikasi lapangan tidak dapat diubah lagi; yang "
            "belum terkirim tidak disimpan di server. Salin bila perlu.",
        )
    if assessment.nomination.state not in WHILE:
        raise Refused("wrong_state", "Usulan ini tidak sedang dinilai. Tidak ada yang disimpan.")


def _free_people(visit: Visit) -> set[int]:
    mine = Assignment.objects.scoring().filter(visits__visit=visit, visits__left_at=None)
    return set(mine.order_by("pk").values_list("assessor", flat=True))
