"""
Official letters of a round from its records: drafted, brought up to date, and taken on by whoever may (letter_rules).

The way itself, and that what was signed never changes, is letters.official.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Membership, Office, Person
from accounts.roles import Role
from files import intake
from files.models import StoredFile
from letters import kinds, letterheads, official, outbox
from letters.kinds import Content
from letters.models import Letter, SigningOfficer
from letters.outbox import Refused as LetterRefused
from letters.outbox import reference
from letters.workdays import HolidaysUnknown

from . import letter_as_document, letter_rules
from .guards import Refused
from .letter_matters import Matter, Typed, matter_of

# Whatever a letter can be refused for; each has `for_reader`.
REFUSALS = (Refused, LetterRefused, kinds.NotConsistent, HolidaysUnknown)
_UNSIGNED = (Letter.State.DRAFT, Letter.State.INITIALLED, Letter.State.NUMBERED)


@dataclass(frozen=True)
class Around:
    """What was typed around the content: who signs, to whom it goes; `typed` goes into the content."""

    officer: SigningOfficer | None
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    typed: Typed


@transaction.atomic
def draft(matter: Matter, around: Around, *, by: Person, at: datetime) -> Letter:
    """
    Write the draft. One that is not signed yet stands in the way of a second about the same.

    Raises one of REFUSALS.
    """
    if not letter_rules.may_write(by, matter.kind, matter.office):
        raise Refused("not_yours", letter_rules.whose(matter.kind))
    # Two who press at once wait for each other here.
    Office.objects.select_for_update(of=("self",), no_key=True).get(pk=matter.office.pk)
    there = unsigned(matter)
    if there is not None:
        raise Refused(
            "there_already",
            "Konsep surat ini sudah ada dan belum ditandatangani. Lanjutkan surat itu, atau buang dahulu.",
        )
    content = matter.build(around.typed)
    return official.draft(
        content,
        head=_head(matter, around),
        office=matter.office,
        by=by,
        at=at,
        about=matter.about,
        addressees=matter.addressees,
    )


@transaction.atomic
def redraft(letter: Letter, around: Around, *, by: Person, at: datetime) -> Letter:
    """Write a draft anew from the records as they are now. Raises one of REFUSALS."""
    only_who_handles(letter, by)
    matter = matter_of(letter)
    if matter is None:
        raise Refused("gone", "Catatan yang menjadi dasar surat ini sudah tidak ada.")
    return official.redraft(letter, matter.build(around.typed), head=_head(matter, around), by=by, at=at)


def unsigned(matter: Matter) -> Letter | None:
    """The letter about the same that is on its way and not signed."""
    on_their_way = Letter.objects.filter(
        office=matter.office, kind=matter.kind, state__in=_UNSIGNED, **matter.distinct
    )
    return on_their_way.about(reference(matter.about)).order_by("pk").first()


def staleness(letter: Letter) -> str:
    """Why a letter that is not signed says something else than the records do now; "" where it does not."""
    if letter.is_signed:
        return ""
    matter = matter_of(letter)
    if matter is None:
        return "Catatan yang menjadi dasar surat ini sudah tidak ada."
    try:
        content = matter.build(matter.suggested)
    except REFUSALS as refusal:
        return refusal.for_reader
    if official.is_stale(letter, content):
        return "Catatan berubah sesudah konsep ini disusun" + _difference(letter, content)
    return ""


def _difference(letter: Letter, content: Content) -> str:
    """The two counts where they differ, for kinds that list nominations."""
    for name in ("nominations", "incoming", "forwarded"):
        before, now = letter.snapshot.get(name), getattr(content, name, None)
        if before is not None and now is not None and before != now:
            return f": konsep memuat {before} usulan, catatan sekarang {now} usulan."
    return "."


def only_who_handles(letter: Letter, person: Person) -> None:
    """Raises Refused for whoever does not write letters of this kind for its office."""
    if not letter_rules.may_handle(person, letter):
        raise Refused("not_yours", letter_rules.whose(letter.kind))


def step(letter: Letter, does: Callable[..., Any], *, by: Person, at: datetime, **facts: Any) -> Any:
    """Take a letter on: one function of letters.official, for whoever may. Raises one of REFUSALS."""
    only_who_handles(letter, by)
    return does(letter, by=by, at=at, **facts)


@transaction.atomic
def sign(letter: Letter, *, scan: StoredFile, by: Person, at: datetime) -> Letter:
    """
    Keep the signed scan with the letter. What took it in lets go of it, unless the scan became a document of the
    office as well. Raises one of REFUSALS.

    Nothing else may hold the scan: it came with this form.
    """
    content = scan.path.read_bytes()
    signed: Letter = step(
        letter, letter_as_document.sign, by=by, at=at, stored=scan, file=content, pages=scan.pages
    )
    if not scan.documents.exists():
        intake.let_go(scan)
    return signed


@transaction.atomic
def deliver(letter: Letter, *, by: Person, at: datetime) -> Letter:
    """Deliver a letter, and tell the people of the offices it is addressed to. Raises one of REFUSALS."""
    delivered: Letter = step(letter, official.deliver, by=by, at=at)
    for person in _readers_at(delivered.addressees.order_by("pk"), at=at):
        if person.pk == by.pk:
            continue
        outbox.queue(
            "letter_delivered",
            person=person,
            key=str(letter.pk),
            context={
                "jenis": kinds.KINDS[delivered.kind].name,
                "nomor": delivered.number,
                "tanggal": delivered.date,
                "pengirim": str(delivered.office),
                "tautan": reverse("letter", args=[delivered.pk]),
            },
            at=at,
            about=delivered,
        )
    return delivered


def may_follow(person: Person, pk: int) -> bool:
    """Whether a message about this letter still leads this person to it (letters.inbox)."""
    return Letter.objects.visible_to(person).filter(pk=pk).exists()


def _readers_at(offices: QuerySet[Office], *, at: datetime) -> list[Person]:
    """The active people who read the letters of these offices (LetterQuerySet.visible_to), each once."""
    held = Membership.objects.in_force(at=at).filter(
        Q(office__kind=Office.Kind.DINAS, role=Role.DINAS)
        | Q(office__kind=Office.Kind.PROVINCE, role=Role.PROVINSI)
        | Q(office__kind=Office.Kind.MINISTRY, role=Role.SEKRETARIAT),
        office__in=offices.values("pk"),
    )
    return list(Person.objects.filter(pk__in=held.order_by().values("person"), is_active=True).order_by("pk"))


def number_by_portal(letter: Letter, *, day: date, by: Person, at: datetime) -> Letter:
    only_who_handles(letter, by)
    return official.assign_portal_number(letter, date=day, by=by, at=at)


def replacements_for(letter: Letter) -> list[Letter]:
    """The signed letters that could take this one's place: same kind, same office, same matter, not older."""
    same = Letter.objects.filter(
        Q(state=Letter.State.SIGNED) | Q(state=Letter.State.DELIVERED),
        kind=letter.kind,
        office=letter.office_id,
        replaces=None,
    )
    return list(same.about(letter.about).exclude(pk=letter.pk).order_by("-pk")[:50])


def _head(matter: Matter, around: Around) -> kinds.Head:
    if matter.signatory is not None:
        signs = matter.signatory()
    elif around.officer is None or around.officer.office_id != matter.office.pk:
        raise Refused("no_signatory", "Pilih pejabat yang menandatangani surat ini.")
    else:
        signs = letterheads.signatory(around.officer)
    return letterheads.head(
        matter.office,
        signs,
        secrecy=kinds.KINDS[matter.kind].secrecy,
        recipients=around.recipients,
        copies=around.copies,
    )
