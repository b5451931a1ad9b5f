"""
The way of an official letter: konsep -> diparaf -> bernomor -> ditandatangani -> disampaikan, then diganti or dicabut.

Other rooms `draft` a letter from a content (kinds) and follow it by what it is about. Everything printed is copied
into the record; a signed file is kept as it was and never made again (documents.md 0).
"""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.db.models.fields.files import FieldFile

from accounts.models import Office, Person
from audit import history

from . import kinds, numbering, workdays
from .kinds import Content, Head, NotConsistent, Signatory
from .mails import holds_personal_number
from .models import Letter
from .outbox import Refused, reference
from .tasks import render_letter
from .wording import WIB, plain_date

State = Letter.State
NUMBER_LENGTH = 60
LARGEST_FILE = 20 * 1024 * 1024


def draft(
    content: Content,
    *,
    head: Head,
    office: Office,
    by: Person,
    at: datetime,
    about: Model | None = None,
    addressees: Sequence[Office] = (),
) -> Letter:
    """
    Make the draft of a letter of `office`, in the caller's transaction; its preview follows in the worker.

    about: what it belongs to (outbox.reference). addressees: the offices that may open it once it is delivered.
    Raises kinds.NotConsistent where parts and totals differ or a date cannot be.
    """
    content.check(head)
    kind = kinds.kind_of(content)
    letter = Letter(kind=kind.code, office=office, about=reference(about), made_at=at, made_by=by)
    with transaction.atomic():
        _write(letter, head, content)
        letter.addressees.set(addressees)
        history.record("letter_drafted", letter, by=by, at=at, to_state=letter.state, kind=kind.code)
    return letter


def redraft(letter: Letter, content: Content, *, head: Head, by: Person, at: datetime) -> Letter:
    """Bring a draft up to date. Raises Refused once it has been initialled or further, NotConsistent as `draft`."""
    content.check(head)
    with transaction.atomic():
        letter = _locked(letter, State.DRAFT, doing="diubah")
        _write(letter, head, content)
        history.record("letter_redrafted", letter, by=by, at=at, kind=letter.kind)
    return letter


def content_of(letter: Letter) -> Content:
    """Return what the letter says, from its snapshot."""
    content: Content = kinds.from_json(kinds.KINDS[letter.kind].content, letter.snapshot)
    return content


def head_of(letter: Letter) -> Head:
    return Head(
        letterhead=tuple(letter.letterhead),
        place=letter.place,
        signatory=Signatory(
            full_name=letter.signatory_full_name,
            plain_name=letter.signatory_plain_name,
            position=letter.signatory_position,
            nip=letter.signatory_nip,
            capacity=letter.signatory_capacity,
            superiors=tuple(letter.signatory_superiors),
        ),
        number=letter.number,
        date=letter.date,
        secrecy=letter.secrecy,
        recipients=tuple(letter.recipients),
        copies=tuple(letter.copies),
    )


def is_stale(letter: Letter, content: Content) -> bool:
    """Whether the letter says something else than the portal would say now (a nomination came after the draft)."""
    return bool(letter.snapshot != kinds.to_json(content))


def fingerprint(head: Head, content: Content) -> str:
    """Return the SHA-256 of everything that is printed: kind, version, head and content in canonical JSON."""
    record = {
        "kind": kinds.kind_of(content).code,
        "version": content.VERSION,
        "head": kinds.to_json(head),
        "content": kinds.to_json(content),
    }
    canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


# --- Steps -------------------------------------------------------------------------------------------------
@transaction.atomic
def initial(letter: Letter, *, by: Person, at: datetime) -> Letter:
    """Paraf: somebody other than the writer has read it, where there is one."""
    letter = _locked(letter, State.DRAFT, doing="diparaf")
    letter.state, letter.initialled_at, letter.initialled_by = State.INITIALLED, at, by
    return _moved(letter, "letter_initialled", State.DRAFT, by=by, at=at)


@transaction.atomic
def back_to_draft(letter: Letter, *, by: Person, at: datetime, reason: str) -> Letter:
    """Take a letter that is not signed back to be changed; its number becomes free. A reason is needed."""
    letter = _locked(letter, State.INITIALLED, State.NUMBERED, doing="dikembalikan menjadi konsep")
    reason = _written(reason)
    before = letter.state
    letter.state, letter.number, letter.date = State.DRAFT, "", None
    letter.initialled_at = letter.initialled_by = None
    _refresh(letter)
    return _moved(letter, "letter_back_to_draft", before, by=by, at=at, reason=reason)


@transaction.atomic
def discard(letter: Letter, *, by: Person, at: datetime, reason: str) -> None:
    """
    Throw away a letter that is not signed: its row and its preview go, the history stays. A reason is needed.

    Raises Refused for a signed one, and for one that has a number of ours: these are gapless.
    """
    letter = _locked(letter, State.DRAFT, State.INITIALLED, State.NUMBERED, doing="dibuang")
    reason = _written(reason)
    if letter.portal_number:
        raise Refused(
            f"Naskah ini sudah bernomor portal {letter.portal_number}, dan nomor portal tidak boleh bercelah. "
            "Kembalikan menjadi konsep, lalu susun ulang."
        )
    history.record(
        "letter_discarded", letter, by=by, at=at, from_state=letter.state, reason=reason, kind=letter.kind
    )
    preview = letter.preview.name

    def remove_preview() -> None:
        if preview:
            Letter._meta.get_field("preview").storage.delete(preview)

    transaction.on_commit(remove_preview, robust=True)
    letter.delete()


@transaction.atomic
def assign_number(letter: Letter, *, number: str, date: date, by: Person, at: datetime) -> str:
    """
    Write down the number that the office's register gave, and the date; return a warning in Indonesian or "".

    The portal never invents a register number. Raises Refused for an empty, too long or taken one, and
    NotConsistent where the date cannot be (before what the letter reports).
    """
    letter = _locked(letter, State.INITIALLED, doing="diberi nomor")
    family = kinds.KINDS[letter.kind].family
    if family == "portal":
        raise Refused("Naskah ini bernomor portal: nomornya diberikan portal, tidak diketik.")
    number = " ".join(number.split())
    if not number:
        raise Refused("Isi nomor naskah dari buku agenda kantor Anda.")
    if len(number) > NUMBER_LENGTH:
        raise Refused(f"Nomor naskah paling panjang {NUMBER_LENGTH} karakter; yang diisi {len(number)}.")
    try:
        with transaction.atomic():
            _number(letter, number, date, by=by, at=at)
    except IntegrityError:
        raise Refused(
            f"Nomor {number} sudah dipakai kantor ini pada tahun {date.year}. Periksa buku agenda."
        ) from None
    return numbering.differs_from_pattern(
        number, numbering.pattern_for(letter.office, family), year=date.year
    )


@transaction.atomic
def assign_portal_number(letter: Letter, *, date: date, by: Person, at: datetime) -> Letter:
    """
    Give a letter of ours (lembar seleksi) its gapless number LS-{tahun}-{nnnn}, and its date.

    The same letter keeps its number when it goes back to a draft. Raises Refused, and NotConsistent for a date that
    cannot be.
    """
    letter = _locked(letter, State.INITIALLED, doing="diberi nomor")
    if kinds.KINDS[letter.kind].family != "portal":
        raise Refused("Nomor naskah ini berasal dari buku agenda kantor Anda.")
    year: int = letter.snapshot["year"]
    content_of(letter).check(dataclasses.replace(head_of(letter), date=date))
    letter.portal_number = letter.portal_number or numbering.screening_sheet_number(year)
    _number(letter, letter.portal_number, date, by=by, at=at)
    return letter


@transaction.atomic
def sign(letter: Letter, *, file: bytes, by: Person, at: datetime, pages: int | None = None) -> Letter:
    """
    Keep the signed PDF: from now on the letter and its file never change (the database refuses it).

    pages: how many it has, where that was counted (files.checks); what the file may hold is checked by whoever took
    it in. Raises Refused where the file is no PDF or too large, or the date of the letter lies ahead.
    """
    letter = _locked(letter, State.NUMBERED, doing="ditandatangani")
    if letter.date is not None and letter.date > at.astimezone(WIB).date():
        raise Refused(
            f"Tanggal naskah {plain_date(letter.date)} belum tiba, jadi naskah belum dapat ditandatangani. Unggah "
            "pada tanggal itu, atau kembalikan menjadi konsep untuk mengganti tanggalnya."
        )
    if not file.startswith(b"%PDF-") or b"%%EOF" not in file[-2048:]:
        raise Refused(
            "Berkas ini bukan PDF yang utuh dan tidak disimpan. Pilih naskah yang sudah ditandatangani."
        )
    if len(file) > LARGEST_FILE:
        raise Refused("Berkas melebihi 20 MB dan tidak disimpan. Pindai ulang dengan ukuran lebih kecil.")
    letter.file_sha256 = hashlib.sha256(file).hexdigest()
    letter.file.save(
        f"{letter.kind}-{letter.pk}-{letter.file_sha256[:12]}.pdf", ContentFile(file), save=False
    )
    letter.state, letter.signed_at, letter.signed_by, letter.pages = State.SIGNED, at, by, pages
    return _moved(letter, "letter_signed", State.NUMBERED, by=by, at=at, sha256=letter.file_sha256)


@transaction.atomic
def deliver(letter: Letter, *, by: Person, at: datetime) -> Letter:
    """Note the instant of delivery (UU 30/2014 Pasal 62); from now on the addressees may open the letter."""
    letter = _locked(letter, State.SIGNED, doing="disampaikan")
    letter.state, letter.delivered_at, letter.delivered_by = State.DELIVERED, at, by
    return _moved(letter, "letter_delivered", State.SIGNED, by=by, at=at)


@transaction.atomic
def replace(letter: Letter, new: Letter, *, by: Person, at: datetime, reason: str) -> Letter:
    """Mark a signed letter as replaced by another signed one, with a link to it."""
    letter = _locked(letter, State.SIGNED, State.DELIVERED, doing="diganti")
    if (
        new.pk == letter.pk
        or not new.is_signed
        or new.kind != letter.kind
        or new.office_id != letter.office_id
    ):
        raise Refused("Naskah pengganti harus sudah ditandatangani, sejenis, dan dari kantor yang sama.")
    before = letter.state
    letter.replaced_by = new
    _close(letter, State.REPLACED, by=by, at=at, reason=reason)
    return _moved(letter, "letter_replaced", before, by=by, at=at, reason=reason, new=new.pk)


@transaction.atomic
def revoke(letter: Letter, *, by: Person, at: datetime, reason: str) -> Letter:
    letter = _locked(letter, State.SIGNED, State.DELIVERED, doing="dicabut")
    before = letter.state
    _close(letter, State.REVOKED, by=by, at=at, reason=reason)
    return _moved(letter, "letter_revoked", before, by=by, at=at, reason=reason)


def delivery_due(letter: Letter) -> date:
    """Return the last day to deliver: the fifth working day after its date (UU 30/2014 Pasal 62)."""
    if letter.date is None:
        raise ValueError("a letter without a date has no day of delivery")
    return workdays.add_workdays(letter.date, 5)


# --- Files -------------------------------------------------------------------------------------------------
def make_preview(letter_id: int) -> bool:
    """
    Make the PDF of an unsigned letter where there is none of what it says now; return whether one was made.

    Runs in the worker. With a number it is the copy to be signed; without, it bears "KONSEP" on every page.
    """
    from . import pdf

    letter = Letter.objects.without_preview().filter(pk=letter_id).first()
    if letter is None:
        return False
    file = pdf.render(head_of(letter), content_of(letter))
    with transaction.atomic():
        current = (
            Letter.objects.select_for_update(of=("self",)).without_preview().filter(pk=letter_id).first()
        )
        if current is None or current.snapshot_sha256 != letter.snapshot_sha256:
            return False
        if current.preview:
            current.preview.delete(save=False)
        current.preview.save(f"{current.kind}-{current.pk}.pdf", ContentFile(file), save=False)
        current.preview_of, current.pages = current.snapshot_sha256, pages_in(file)
        current.save(update_fields=["preview", "preview_of", "pages"])
    return True


def pages_in(file: bytes) -> int:
    """How many pages a PDF of our own making has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    try:
        return len(document)
    finally:
        document.close()


def stored_file(letter: Letter) -> FieldFile | None:
    """Return the signed file, or the preview of what the letter says now; None while that is being made."""
    if letter.is_signed:
        return letter.file
    return letter.preview if letter.preview and letter.preview_of == letter.snapshot_sha256 else None


def file_of(letter: Letter) -> bytes | None:
    """Return the content of `stored_file`."""
    file = stored_file(letter)
    if file is None:
        return None
    with file.open("rb") as stored:
        return bytes(stored.read())


# --- Inside ------------------------------------------------------------------------------------------------
def _locked(letter: Letter, *states: str, doing: str) -> Letter:
    current = Letter.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
    if current.state not in states:
        raise Refused(f"Naskah ini {current.get_state_display().lower()}, jadi tidak dapat {doing}.")
    return current


def _write(letter: Letter, head: Head, content: Content) -> None:
    signatory = head.signatory
    letter.template_version = content.VERSION
    letter.place, letter.secrecy = head.place, head.secrecy
    letter.letterhead = list(head.letterhead)
    letter.recipients, letter.copies = list(head.recipients), list(head.copies)
    letter.signatory_full_name, letter.signatory_plain_name = signatory.full_name, signatory.plain_name
    letter.signatory_position, letter.signatory_nip = signatory.position, signatory.nip
    letter.signatory_capacity, letter.signatory_superiors = signatory.capacity, list(signatory.superiors)
    letter.snapshot = kinds.to_json(content)
    _refuse_personal_numbers(letter)
    _refresh(letter)
    letter.save()


def _refresh(letter: Letter) -> None:
    """Bring fingerprint and, after commit, preview to what the letter says now."""
    letter.snapshot_sha256 = fingerprint(head_of(letter), content_of(letter))

    def make_it() -> None:
        render_letter.delay(letter_id=letter.pk)

    transaction.on_commit(make_it, robust=True)


def _moved(
    letter: Letter, action: str, before: str, *, by: Person, at: datetime, reason: str = "", **facts: Any
) -> Letter:
    letter.save()
    history.record(
        action,
        letter,
        by=by,
        at=at,
        from_state=before,
        to_state=letter.state,
        reason=reason,
        kind=letter.kind,
        **facts,
    )
    return letter


def _number(letter: Letter, number: str, date: date, *, by: Person, at: datetime) -> None:
    """Write number and date, where the letter can bear that date."""
    letter.number, letter.date, letter.state = number, date, State.NUMBERED
    content_of(letter).check(head_of(letter))
    _refresh(letter)
    _moved(letter, "letter_numbered", State.INITIALLED, by=by, at=at)


def _close(letter: Letter, state: str, *, by: Person, at: datetime, reason: str) -> None:
    letter.state, letter.closed_at, letter.closed_by, letter.close_reason = state, at, by, _written(reason)


def _written(reason: str) -> str:
    """The reason, which the history keeps for ever: there must be one, without a NIK or NPWP in it."""
    if not reason.strip():
        raise Refused("Tuliskan alasannya; alasan tercatat pada riwayat naskah.")
    if holds_personal_number(reason):
        raise Refused("Alasan memuat deretan angka seperti NIK atau NPWP. Hapus nomor itu.")
    return reason.strip()


def _refuse_personal_numbers(letter: Letter) -> None:
    if any(
        holds_personal_number(text) for text in _texts([letter.snapshot, letter.recipients, letter.copies])
    ):
        raise NotConsistent(
            "Ada angka yang menyerupai NIK atau NPWP (15 atau 16 angka). Naskah tidak memuatnya."
        )


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
