"""The demo's letters: a letterhead for two dinas and the ministry, one letter on its way and one that was delivered."""

from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Office, Person
from accounts.offices import MINISTRY_CODE
from files import intake
from letters import kinds, letterheads, official
from letters.models import Letter, SigningOfficer
from letters.outbox import reference
from letters.wording import WIB
from nominations import letter_drafts
from nominations.letter_matters import Matter, matter
from nominations.models import Round

from . import facts, papers
from .people import person

_MARK = papers.MARK
_DINAS = ("3205", "3206")
_DELIVERED, _DRAFTED = _DINAS


def make(round_: Round) -> None:
    """Letterheads, then the two letters; what is there stays as it is."""
    _letterhead(Office.objects.get(code=MINISTRY_CODE), person("sekretariat"), ("KEMENTERIAN PERINDUSTRIAN",
        "DIREKTORAT JENDERAL INDUSTRI KECIL, MENENGAH, DAN ANEKA"), "Jakarta")  # fmt: skip
    for code in _DINAS:
        office = Office.objects.select_related("regency").get(code=code)
        by = person(f"dinas.{code}")
        if office.regency is None:
            continue
        _letterhead(
            office,
            by,
            (f"PEMERINTAH {office.regency.full_name.upper()}", office.name.upper()),
            office.regency.name,
        )
        _officer(office, by)
        _written(round_, code, by)


def _letterhead(office: Office, by: Person, lines: tuple[str, ...], place: str) -> None:
    if letterheads.of(office) is None:
        letterheads.keep(
            office, lines=[*lines, f"{_MARK}, bukan kop resmi"], place=place, by=by, at=timezone.now()
        )


def _officer(office: Office, by: Person) -> None:
    if office.signing_officers.exists():
        return
    officer = SigningOfficer(
        office=office,
        name="Contoh Kepala Dinas",
        title_before="Dr.",
        title_after="S.T., M.Si.",
        position=f"Kepala {office.name}"[:160],
        valid_from=date(facts.RUNNING_ROUND, 1, 1),
    )
    officer.full_clean()
    letterheads.keep_officer(officer, by=by, at=timezone.now())


def _written(round_: Round, code: str, by: Person) -> None:
    """The letter of proposal of a dinas; where one was written in this round, by whomever, nothing is done."""
    found = matter(by, "surat_usulan", f"{round_.pk}-{code}", at=timezone.now())
    if found is None:
        return
    there = Letter.objects.filter(office=found.office, kind=found.kind).about(reference(round_)).first()
    if there is None:
        there = _drafted(found, by)
    if code == _DELIVERED:
        _delivered(there, by)


def _drafted(found: Matter, by: Person) -> Letter:
    today = timezone.localdate(timezone.now(), WIB)
    invitation = kinds.Invitation(
        position="Sekretaris Direktorat Jenderal", number=f"CONTOH/UND/1/{today.year}", date=today,
        subject=f"Pengusulan Penghargaan OVOP Tahun {facts.RUNNING_ROUND} (contoh)",
    )  # fmt: skip
    around = letter_drafts.Around(
        officer=letterheads.signing_on(found.office, today)[0],
        recipients=found.recipients,
        copies=found.copies,
        typed={"invitation": invitation},
    )
    return letter_drafts.draft(found, around, by=by, at=timezone.now())


def _delivered(letter: Letter, by: Person) -> None:
    """Step by step as on its page, from wherever an interrupted demo left it; a letter that was ended stays ended."""
    state = Letter.State
    if letter.state == state.DRAFT:
        letter = letter_drafts.step(letter, official.initial, by=by, at=timezone.now())
    if letter.state == state.INITIALLED:
        today = timezone.localdate(timezone.now(), WIB)
        letter_drafts.step(
            letter,
            official.assign_number,
            by=by,
            at=timezone.now(),
            number=f"CONTOH/1/{today.year}",
            date=today,
        )
        letter.refresh_from_db()
    if letter.state == state.NUMBERED:
        title = "Surat usulan yang ditandatangani"
        scan = ContentFile(
            papers.document(title, [str(letter.office), letter.number]), name="surat-usulan.pdf"
        )
        stored = intake.accept(scan, by=by, at=timezone.now())
        letter = letter_drafts.sign(letter, scan=stored, by=by, at=timezone.now())
    if letter.state == state.SIGNED:
        letter_drafts.deliver(letter, by=by, at=timezone.now())
