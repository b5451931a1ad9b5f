"""
The words of a product's page: written, sent, taken back, returned with a reason, shown. Photos: entry_photos.py.

What is shown is the newest version in the state `tampil`; before the first, the words of the nomination that the award
was issued with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Person
from audit import history
from awards import clarifications
from awards.decrees import Refused
from awards.models import Award
from letters import outbox
from nominations import notices

from . import entry_rules, photos, selling
from .entry_models import EntryPhoto, EntryVersion

WORDS = ("story", "raw_material", "raw_origin", "story_en", "raw_material_en", "raw_origin_en")
State = EntryVersion.State

# Contact data is shown only as a place to buy, with the day of the IKM's agreement (UU 27/2022).
_CONTACT = re.compile(
    r"[^\s@]+@[^\s@]+\.[^\s@]+"  # e-mail
    r"|https?://|www\."
    r"|(?<![\d.,])(?:\+\s?62|\(?0\d)(?:[\s().-]{0,2}\d){7,}"  # telephone
    r"|(?<!\d)\d{16}(?!\d)",  # NIK
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """A text as a reader gets it, with the language it is in: "" where that is the language of the page."""

    text: str
    lang: str


def shown(award: Award) -> EntryVersion:
    """The words that are public now; unsaved, of the nomination, where none were reviewed yet."""
    there = award.entry_versions.filter(state=State.SHOWN).order_by("-pk").first()
    return there or _of_the_nomination(award)


def _of_the_nomination(award: Award) -> EntryVersion:
    return EntryVersion(
        award=award, state=State.SHOWN, story=award.story[:4000], raw_material=award.raw_material[:1000]
    )


def told(entry: EntryVersion, name: str) -> Told | None:
    """One of its texts in the language of the page, in Indonesian where that is missing; None where there is none."""
    english: str = getattr(entry, f"{name}_en")
    if get_language() == "en" and english:
        return Told(english, "")
    text: str = getattr(entry, name)
    return Told(text, "id" if get_language() == "en" else "") if text else None


def open_version(award: Award) -> EntryVersion | None:
    return award.entry_versions.open().select_related("sent_by", "decided_by").first()


def refuse_contact(texts: dict[str, str]) -> None:
    """Raises Refused("contact") naming what reads like a telephone number, an e-mail address, a site, a NIK."""
    for text in texts.values():
        if found := _CONTACT.search(text):
            raise Refused(
                "contact",
                f"“{found[0].strip()}” terbaca sebagai data kontak. Hapus dari tulisan ini; alamat toko dicatat pada "
                "Tempat membeli dengan tanggal persetujuan IKM. Isian Anda belum disimpan dan tampil di bawah.",
            )


@transaction.atomic
def write(
    award: Award, words: dict[str, str], *, seen: int, by: Person, at: datetime, by_itself: bool = False
) -> EntryVersion:
    """
    Keep the words of WORDS in the open version, which is begun where there is none. `seen`: the version that the form
    was filled from, 0 where none was open. by_itself: a form that saves itself while one types; the history has that
    once of each person.

    Raises Refused: not_yours, sent, changed_meanwhile, contact.
    """
    refuse_stranger(award, by)
    entry = editable(award, at=at, seen=seen)
    _store(entry, words)
    written = history.of(award).filter(action="entry_written", actor=by, details__entry=entry.pk)
    if not (by_itself and written.exists()):
        history.record("entry_written", award, by=by, at=at, entry=entry.pk, version=entry.version)
    return entry


@transaction.atomic
def write_as_ikm(award: Award, words: dict[str, str], *, seen: int, link: int, at: datetime) -> EntryVersion:
    """As `write`, by whoever holds the IKM's link (entry_link.py); its dinas reads it and sends it on."""
    entry = editable(award, at=at, seen=seen)
    entry.ikm_wrote_at = at
    _store(entry, words)
    history.record("entry_written_by_ikm", award, by=None, at=at, entry=entry.pk, link=link)
    return entry


def _store(entry: EntryVersion, words: dict[str, str]) -> None:
    given = {name: words.get(name, "").replace("\r\n", "\n").strip() for name in WORDS}
    refuse_contact(given)
    for name, text in given.items():
        setattr(entry, name, text)
    entry.version += 1
    entry.save()


def editable(award: Award, *, at: datetime, seen: int | None = None) -> EntryVersion:
    """
    The open version of an award, locked until the end of the transaction; begun from what is shown where there is none.

    Raises Refused: revoked, sent, changed_meanwhile.
    """
    locked = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if locked.revoked_at is not None:
        raise Refused("revoked", "Penghargaan ini dicabut; halamannya tidak dapat diubah lagi.")
    entry = open_version(award)
    if entry is None:
        if seen:
            raise _changed_meanwhile()
        return _begin(award, at=at)
    if entry.state == State.SENT:
        raise Refused(
            "sent",
            "Halaman ini sedang ditinjau Sekretariat. Tarik kembali lebih dahulu bila ada yang perlu diubah.",
        )
    if seen is not None and seen != entry.version:
        raise _changed_meanwhile()
    return entry


def _changed_meanwhile() -> Refused:
    return Refused(
        "changed_meanwhile",
        "Halaman ini baru saja diubah orang lain. Isian Anda belum disimpan dan tampil di bawah; bandingkan dengan "
        "yang tersimpan, lalu simpan lagi.",
    )


def _begin(award: Award, *, at: datetime) -> EntryVersion:
    public = shown(award)
    entry = EntryVersion.objects.create(
        award=award, begun_at=at, **{name: getattr(public, name) for name in WORDS}
    )
    EntryPhoto.objects.bulk_create(
        EntryPhoto(entry=entry, file_id=one.file_id, alt=one.alt, alt_en=one.alt_en, position=place)
        for place, one in enumerate(award.shown_photos.all(), start=1)
    )
    return entry


@transaction.atomic
def begin(award: Award, *, by: Person, at: datetime) -> EntryVersion:
    """An open version as what is shown; the one that is there where there is one. Raises Refused as `write`."""
    refuse_stranger(award, by)
    return editable(award, at=at)


@transaction.atomic
def send(award: Award, *, by: Person, at: datetime) -> EntryVersion:
    """
    Hand the open version to the secretariat. Sending twice changes nothing.

    Raises Refused: not_yours, nothing_written, photo_refused.
    """
    refuse_stranger(award, by)
    Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    entry = open_version(award)
    if entry is None:
        raise Refused("nothing_written", "Belum ada perubahan pada halaman produk ini untuk dikirim.")
    if entry.state == State.SENT:
        return entry
    if entry.photos.filter(file__state="refused").exists():
        raise Refused("photo_refused", "Satu foto ditolak pemeriksa berkas. Hapus foto itu, lalu kirim lagi.")
    entry.state, entry.sent_at, entry.sent_by, entry.reason = State.SENT, at, by, ""
    entry.decided_at = entry.decided_by = None
    # Whoever reviews shows what was read, not what was sent after it.
    entry.version += 1
    entry.save()
    history.record("entry_sent", award, by=by, at=at, entry=entry.pk)
    return entry


@transaction.atomic
def take_back(award: Award, *, by: Person, at: datetime) -> None:
    """Back to its writers while nobody has decided. Raises Refused: not_yours, not_sent."""
    refuse_stranger(award, by)
    entry = _sent(award)
    entry.state = State.DRAFT
    entry.save()
    history.record("entry_taken_back", award, by=by, at=at, entry=entry.pk)


@transaction.atomic
def give_back(award: Award, *, reason: str, by: Person, at: datetime) -> None:
    """The secretariat returns it to its writers. Raises Refused: not_yours, not_sent, no_reason."""
    _refuse_who_does_not_review(by)
    entry = _sent(award)
    if not reason.strip():
        raise Refused("no_reason", "Tuliskan apa yang perlu diperbaiki.")
    entry.state, entry.reason = State.RETURNED, reason.strip()
    entry.decided_at, entry.decided_by = at, by
    entry.save()
    history.record("entry_returned", award, by=by, at=at, entry=entry.pk)
    _tell_writers(entry, by=by, at=at)


def _tell_writers(entry: EntryVersion, *, by: Person, at: datetime) -> None:
    """The people of the office whose page it is, and whoever sent it."""
    award = entry.award
    office = clarifications.office_of(award)
    people = {person.pk: person for person in (notices.people_of(office, at=at) if office else [])}
    if entry.sent_by is not None and entry.sent_by != by:
        people.setdefault(entry.sent_by.pk, entry.sent_by)
    context = {
        "ikm": award.ikm_name,
        "produk": award.product_name,
        "tautan": reverse("entry", args=[award.pk]),
    }
    for person in people.values():
        outbox.queue(
            "entry_returned",
            person=person,
            key=f"{entry.pk}/{entry.version}",
            context=context,
            at=at,
            about=award.nomination,
        )


@transaction.atomic
def show(award: Award, *, seen: int, by: Person, at: datetime) -> EntryVersion:
    """
    Make the version public as it was read: its words, its photos in their order, the places it adds. What the
    secretariat showed by itself while it was written stays.

    Raises Refused: not_yours, not_sent, changed_meanwhile, photo_waits, and what photos and places are refused for.
    """
    _refuse_who_does_not_review(by)
    entry = _sent(award)
    if entry.version != seen:
        raise Refused(
            "changed_meanwhile", "Halaman ini berubah sejak Anda membukanya. Baca lagi yang terbaru."
        )
    if entry.photos.exclude(file__state="accepted").exists():
        raise Refused("photo_waits", "Satu foto masih dipindai. Coba lagi sebentar lagi.")
    wanted = [(one.file, one.alt, one.alt_en) for one in entry.photos.select_related("file")]
    photos.arrange(award, wanted, since=entry.begun_at, by=by, at=at)
    named = set(award.product.ikm.selling_places.values_list("url", flat=True))
    for place in entry.places.all():
        if place.url not in named:
            selling.add(
                award, kind=place.kind, name=place.name, url=place.url, agreed_on=place.agreed_on, by=by, at=at,
                today=timezone.localdate(at),
            )  # fmt: skip
    entry.state, entry.decided_at, entry.decided_by, entry.shown_at = State.SHOWN, at, by, at
    entry.save()
    history.record("entry_shown", award, by=by, at=at, entry=entry.pk)
    return entry


def _sent(award: Award) -> EntryVersion:
    Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    entry = open_version(award)
    if entry is None or entry.state != State.SENT:
        raise Refused(
            "not_sent", "Tidak ada halaman produk yang menunggu tinjauan di sini. Tidak ada yang berubah."
        )
    return entry


def refuse_stranger(award: Award, by: Person) -> None:
    if not entry_rules.writable_by(by).filter(pk=award.pk).exists():
        raise Refused("not_yours", "Halaman produk ini ditulis dinas di wilayahnya. Tidak ada yang berubah.")


def _refuse_who_does_not_review(by: Person) -> None:
    if not entry_rules.may_review(by):
        raise Refused("not_yours", "Halaman produk ditinjau oleh Sekretariat. Tidak ada yang berubah.")
