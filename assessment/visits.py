"""
Field verification: the findings of a visit arrive from the device (once, and never over somebody else's), it is
finished, and from then on what it corrected counts (results.py). Nothing once the plenary has decided. How it is
planned: visit_plans.py.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Min

from accounts.models import Person
from accounts.roles import Right
from audit import history
from files.models import StoredFile

from . import results
from .models import Assessment, Assignment, Finding, Visit, VisitPhoto
from .refusals import NOT_YOURS, Refused
from .visit_state import lock, refuse_an_end, refuse_what_is_over

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
def _locked_for_the_team(visit: Visit, *, by: Person) -> Visit:
    visit = lock(visit)
    mine = Assignment.objects.filter(visits__visit=visit, visits__left_at=None, assessor=by)
    if not by.may(Right.VISIT) or not mine.exists():
        raise Refused("not_yours", NOT_YOURS)
    if not mine.scoring().exists():
        raise Refused(
            "recused",
            "Anda tidak lagi bertugas atas usulan ini. Yang belum terkirim tidak disimpan di server; salin bila perlu, "
            "lalu hubungi Sekretariat.",
        )
    refuse_an_end(visit)
    refuse_what_is_over(visit.assessment)
    return visit


def _free_people(visit: Visit) -> set[int]:
    mine = Assignment.objects.scoring().filter(visits__visit=visit, visits__left_at=None)
    return set(mine.order_by("pk").values_list("assessor", flat=True))
