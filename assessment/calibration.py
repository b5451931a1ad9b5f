"""
Practice before a round: one made-up case per commodity group, scored by its assessors on the published form, and the
spread shown to all of them afterwards. Tables of its own: no value, no agreement and no public page reads them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import Person
from accounts.roles import Right
from audit import history
from files.models import StoredFile
from nominations.models import CommodityGroup, Round

from . import instruments, notices, rules, scoring, sheets
from .models import Assignment, Calibration, CalibrationFile, CalibrationSheet
from .refusals import NOT_YOURS, Refused
from .sheets import Answer

TEXT_AT_LEAST = 100
FILES_AT_MOST = 20


@dataclass(frozen=True)
class Level:
    """One level of an indicator: how many chose it, who (only for whom names are meant), whether the reader did."""

    score: int
    text: str
    count: int
    names: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True)
class Spread:
    """One indicator: what each chose; `is_wide`: further apart than half the maximum (the rule of the round)."""

    number: int
    code: str
    name: str
    levels: tuple[Level, ...]
    is_wide: bool


@dataclass(frozen=True)
class Outcome:
    """The spread of a closed case; values lie between 0 and 100 and belong to nobody."""

    lines: tuple[Spread, ...]
    lowest: Fraction
    highest: Fraction
    sent: int
    asked: int


# --- The case ----------------------------------------------------------------------------------------------------
@transaction.atomic
def begin(
    round_: Round, group: CommodityGroup, *, title: str, text: str, by: Person, at: datetime
) -> Calibration:
    """Write a case. Raises Refused: not the secretariat, no published form, too short, there is one already."""
    _only_the_secretariat(by)
    instrument = instruments.latest_for(group)
    if instrument is None:
        raise Refused(
            "no_instrument", f"Instrumen {group.name} belum terbit. Terbitkan dahulu di halaman Instrumen."
        )
    title, text = _checked(title, text)
    try:
        with transaction.atomic():
            case = Calibration.objects.create(
                round=round_, group=group, instrument=instrument, title=title, text=text, created_at=at,
                created_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(
            "already", f"Usulan latihan {group.name} periode {round_.pk} sudah ada. Lanjutkan yang itu."
        ) from error
    history.record("begin_calibration", case, by=by, at=at, round=round_.pk, group=group.pk)
    return case


@transaction.atomic
def change(case: Calibration, *, title: str, text: str, by: Person, at: datetime) -> Calibration:
    """Write a case anew before it is opened, on the form as published by now."""
    case = _draft(case, by=by)
    case.title, case.text = _checked(title, text)
    case.instrument = instruments.latest_for(case.group) or case.instrument
    case.save()
    history.record("change_calibration", case, by=by, at=at)
    return case


@transaction.atomic
def add_file(
    case: Calibration, file: StoredFile, *, caption: str, by: Person, at: datetime
) -> CalibrationFile:
    """Lay a document or photo beside the case before it is opened."""
    case = _draft(case, by=by)
    if not caption.strip():
        raise Refused("caption_missing", "Tuliskan keterangan berkas.")
    if case.files.count() >= FILES_AT_MOST:
        raise Refused("too_many", f"Sudah ada {FILES_AT_MOST} berkas pada usulan latihan ini.")
    made = CalibrationFile.objects.create(case=case, file=file, caption=caption.strip(), at=at, by=by)
    history.record("calibration_file_added", case, by=by, at=at, file=str(file.pk))
    return made


@transaction.atomic
def open_to(case: Calibration, people: Sequence[Person], *, by: Person, at: datetime) -> Calibration:
    """Open a case to these assessors, at least two; it never changes from now on. Raises Refused: no assessor, opened."""
    case = _draft(case, by=by)
    now = {person.pk for person in rules.assessors(at=at)}
    if len({person.pk for person in people}) < 2:
        raise Refused("too_few", "Pilih paling sedikit dua penilai: dari satu orang tidak tampak perbedaan.")
    if any(person.pk not in now for person in people):
        raise Refused(
            "no_assessor", "Salah satu yang dipilih bukan penilai pada saat ini. Muat ulang halaman."
        )
    CalibrationSheet.objects.bulk_create(CalibrationSheet(case=case, person=person) for person in people)
    case.opened_at = at
    case.save()
    history.record("open_calibration", case, by=by, at=at, assessors=len(people))
    notices.calibration_opened(case, people, at=at)
    return case


def waits_for(person: Person) -> QuerySet[CalibrationSheet]:
    """The practice cases that this person was asked to score, that are open and not sent yet."""
    return CalibrationSheet.objects.filter(
        person=person, sent_at=None, case__opened_at__isnull=False, case__closed_at=None
    )


def asked_by_default(case: Calibration, *, at: datetime) -> set[int]:
    """Whose part it is: who sits on a panel of the group in this round; before the draw, every assessor."""
    drawn = Assignment.objects.active().filter(
        assessment__nomination__round=case.round_id, assessment__nomination__product__group=case.group_id
    )
    return set(drawn.order_by("assessor").values_list("assessor", flat=True)) or {
        person.pk for person in rules.assessors(at=at)
    }


@transaction.atomic
def close(case: Calibration, *, by: Person, at: datetime) -> Calibration:
    """End a case before all are in: nobody scores it any more, and the spread of those who did is shown."""
    _only_the_secretariat(by)
    case = _locked(case)
    if case.opened_at is None or case.closed_at is not None:
        raise Refused("not_open", "Usulan latihan ini tidak sedang dinilai. Tidak ada yang berubah.")
    if case.sheets.filter(sent_at__isnull=False).count() < 2:
        raise Refused("too_few", "Kalibrasi ditutup setelah paling sedikit dua penilai mengirim.")
    return _close(case, by=by, at=at)


def _close(case: Calibration, *, by: Person | None, at: datetime) -> Calibration:
    case.closed_at = at
    case.save()
    history.record(
        "close_calibration", case, by=by, at=at, sent=case.sheets.filter(sent_at__isnull=False).count()
    )
    return case


# --- Scoring it ----------------------------------------------------------------------------------------------------
@transaction.atomic
def score(
    case: Calibration, points: Mapping[str, int | None], *, is_done: bool, by: Person, at: datetime
) -> CalibrationSheet:
    """
    Keep what an assessor gives the case; done, it is sent for good, and the last one closes the case.

    Raises Refused: not asked, not open, sent already, no level; sheets.Incomplete where a score is missing.
    """
    case = _locked(case)
    sheet = case.sheets.filter(person=by).first()
    if sheet is None or not by.may(Right.SCORE):
        raise Refused("not_yours", NOT_YOURS)
    if case.opened_at is None or case.closed_at is not None:
        raise Refused("not_open", "Kalibrasi ini sudah ditutup. Yang baru Anda isi tidak disimpan.")
    if sheet.sent_at is not None:
        raise Refused("sent", "Nilai latihan Anda sudah dikirim. Tidak ada yang berubah.")
    for code, given in points.items():
        sheets.refuse_what_is_no_answer(case.instrument.ladders, code, given, "")
    sheet.points = {code: given for code, given in points.items() if given is not None}
    sheet.saved_at = at
    if is_done:
        progress = sheets.progress_of(
            case.instrument.parsed(), {code: Answer(given) for code, given in points.items()}
        )
        if progress.missing:
            raise sheets.Incomplete(progress.missing)
        sheet.sent_at = at
    sheet.save()
    if is_done:
        history.record("send_calibration", case, by=by, at=at)
        if not case.sheets.filter(sent_at=None).exists():
            _close(case, by=None, at=at)
    return sheet


# --- What came of it -----------------------------------------------------------------------------------------------
def reads_names(person: Person) -> bool:
    """Chair and secretariat read who chose what; everybody else how many did."""
    return person.may(Right.LEAD_PLENARY) or person.may(Right.ASSIGN)


def outcome_of(case: Calibration, *, reader: Person) -> Outcome | None:
    """Return the spread of a closed case, with names for chair and secretariat alone; None before it is closed."""
    if case.closed_at is None or not Calibration.objects.visible_to(reader).filter(pk=case.pk).exists():
        return None
    asked = list(case.sheets.select_related("person").order_by("pk"))
    sent = [one for one in asked if one.sent_at is not None]
    names, form = reads_names(reader), case.instrument.parsed()
    lines = []
    for number, line in enumerate(instruments.lines(case.instrument.definition), 1):
        code = line["code"]
        given = [one.points[code] for one in sent]
        count = Counter(given)
        levels = tuple(
            Level(
                level["score"],
                level["text"],
                count[level["score"]],
                tuple(one.person.full_name for one in sent if one.points[code] == level["score"])
                if names
                else (),
                any(one.person_id == reader.pk and one.points[code] == level["score"] for one in sent),
            )
            for level in line["levels"]
        )
        maximum = max(level["score"] for level in line["levels"])
        lines.append(Spread(number, code, line["name"], levels, 2 * (max(given) - min(given)) > maximum))
    totals = [scoring.total(one.points, form) for one in sent]
    return Outcome(tuple(lines), min(totals), max(totals), len(sent), len(asked))


# --- Small parts -------------------------------------------------------------------------------------------------
def _only_the_secretariat(by: Person) -> None:
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)


def _locked(case: Calibration) -> Calibration:
    return (
        Calibration.objects.select_for_update(of=("self",))
        .select_related("instrument", "group", "round")
        .get(pk=case.pk)
    )


def _draft(case: Calibration, *, by: Person) -> Calibration:
    _only_the_secretariat(by)
    case = _locked(case)
    if case.opened_at is not None:
        raise Refused("opened", "Usulan latihan ini sudah dibuka untuk penilai dan tidak berubah lagi.")
    return case


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = " ".join(title.split())[:160], text.strip()
    if not title:
        raise Refused("title_missing", "Isi nama produk latihan.")
    if len(text) < TEXT_AT_LEAST:
        raise Refused(
            "too_short", f"Uraian paling sedikit {TEXT_AT_LEAST} huruf, agar setiap indikator dapat dinilai."
        )
    return title, text
