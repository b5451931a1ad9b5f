"""Photos and places to buy of a product's page in the making: added, described, put in order, taken out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.models import Person
from audit import history
from awards.decrees import Refused
from awards.models import Award
from files import intake
from files.models import StoredFile

from . import entries, photos, selling
from .entry_models import EntryPhoto, EntryPlace, EntryVersion


@transaction.atomic
def add(award: Award, file: StoredFile, *, alt: str, alt_en: str, by: Person, at: datetime) -> EntryPhoto:
    """Put a photo last. Raises Refused: not_yours, revoked, sent, no_photo, no_words, contact, enough, already_there."""
    entries.refuse_stranger(award, by)
    entry = entries.editable(award, at=at)
    photo = _add(entry, file, alt=alt, alt_en=alt_en)
    history.record("entry_photo_added", award, by=by, at=at, entry=entry.pk, photo=photo.pk)
    return photo


@transaction.atomic
def add_as_ikm(award: Award, file: StoredFile, *, alt: str, link: int, at: datetime) -> EntryPhoto:
    """As `add`, by whoever holds the IKM's link."""
    entry = entries.editable(award, at=at)
    photo = _add(entry, file, alt=alt, alt_en="")
    entry.ikm_wrote_at = at
    entry.save()
    history.record("entry_photo_added_by_ikm", award, by=None, at=at, entry=entry.pk, link=link)
    return photo


def _add(entry: EntryVersion, file: StoredFile, *, alt: str, alt_en: str) -> EntryPhoto:
    if file.is_pdf:
        raise Refused("no_photo", "Berkas ini bukan foto. Pilih JPG, PNG, atau WebP.")
    refuse_words(alt, alt_en)
    there = entry.photos.all()
    if len(there) >= photos.PHOTOS_AT_MOST:
        raise Refused("enough", f"Paling banyak {photos.PHOTOS_AT_MOST} foto. Hapus satu foto lebih dahulu.")
    if any(one.file_id == file.pk for one in there):
        raise Refused("already_there", "Foto ini sudah ada pada halaman produk ini.")
    last = max((one.position for one in there), default=0)
    return EntryPhoto.objects.create(
        entry=entry, file=file, alt=alt.strip(), alt_en=alt_en.strip(), position=last + 1
    )


@transaction.atomic
def describe(award: Award, photo: int, *, alt: str, alt_en: str, by: Person, at: datetime) -> None:
    """Other words for a photo. Raises Refused as `add`, and gone."""
    entry, found = _mine(award, photo, by=by, at=at)
    refuse_words(alt, alt_en)
    found.alt, found.alt_en = alt.strip(), alt_en.strip()
    found.save(update_fields=["alt", "alt_en"])
    history.record("entry_photo_described", award, by=by, at=at, entry=entry.pk, photo=photo)


@transaction.atomic
def move_up(award: Award, photo: int, *, by: Person, at: datetime) -> None:
    """One place nearer to the first, which is the large one and stands in every list; the first stays."""
    entry, found = _mine(award, photo, by=by, at=at)
    before = entry.photos.filter(position__lt=found.position).order_by("-position").first()
    if before is None:
        return
    before.position, found.position = found.position, before.position
    EntryPhoto.objects.bulk_update([before, found], ["position"])
    history.record("entry_photo_moved", award, by=by, at=at, entry=entry.pk, photo=photo)


@transaction.atomic
def take_out(award: Award, photo: int, *, by: Person, at: datetime) -> None:
    """
    Out of the page in the making; what is public keeps it until that is shown. Where nothing else has the file, it goes.
    """
    entry, found = _mine(award, photo, by=by, at=at)
    found.delete()
    if found.file.state != StoredFile.State.REFUSED:
        intake.let_go(found.file)
    history.record("entry_photo_taken_out", award, by=by, at=at, entry=entry.pk, photo=photo)


def _mine(award: Award, photo: int, *, by: Person, at: datetime) -> tuple[EntryVersion, EntryPhoto]:
    entries.refuse_stranger(award, by)
    entry = entries.editable(award, at=at)
    found = entry.photos.filter(pk=photo).first()
    if found is None:
        raise Refused("gone", "Foto ini tidak ada lagi pada halaman produk ini. Tidak ada yang berubah.")
    return entry, found


def refuse_words(alt: str, alt_en: str) -> None:
    """Raises Refused: no_words, contact."""
    photos.refuse_no_words(alt)
    entries.refuse_contact({"alt": alt, "alt_en": alt_en})


@transaction.atomic
def add_place(
    award: Award, *, kind: str, name: str, url: str, agreed_on: date, by: Person, at: datetime, today: date
) -> EntryPlace:
    """
    Name a place to buy, to be public after the review. Raises Refused: not_yours, revoked, sent, agreed_later,
    not_https, enough, already_named.
    """
    entries.refuse_stranger(award, by)
    entry = entries.editable(award, at=at)
    selling.refuse_what_may_not_stand(url, agreed_on, today=today)
    public = award.product.ikm.selling_places
    if public.count() + entry.places.count() >= selling.PLACES_AT_MOST:
        raise Refused(
            "enough", f"Paling banyak {selling.PLACES_AT_MOST} tempat membeli. Hapus satu lebih dahulu."
        )
    already = Refused("already_named", "Alamat ini sudah tercatat untuk IKM ini. Tidak ada yang berubah.")
    if public.filter(url=url).exists():
        raise already
    try:
        with transaction.atomic():
            place = EntryPlace.objects.create(
                entry=entry, kind=kind, name=name.strip(), url=url, agreed_on=agreed_on
            )
    except IntegrityError:
        raise already from None
    history.record("entry_place_added", award, by=by, at=at, entry=entry.pk, kind=kind)
    return place


@transaction.atomic
def take_out_place(award: Award, place: int, *, by: Person, at: datetime) -> None:
    """One that is not public yet. Raises Refused: not_yours, revoked, sent, gone."""
    entries.refuse_stranger(award, by)
    entry = entries.editable(award, at=at)
    removed, _ = entry.places.filter(pk=place).delete()
    if not removed:
        raise Refused("gone", "Tempat membeli ini tidak ada lagi. Tidak ada yang berubah.")
    history.record("entry_place_taken_out", award, by=by, at=at, entry=entry.pk)


@dataclass(frozen=True)
class Compared:
    """One photo for whoever reviews: where it is seen, its words, and what becomes of it."""

    url: str
    alt: str
    alt_en: str
    note: str


def compared(award: Award, entry: EntryVersion) -> list[Compared]:
    """The photos of a version in their order, then those that it takes down."""
    public = {one.file_id: one for one in award.shown_photos.all()}
    found = []
    for one in entry.photos.select_related("file"):
        there = public.pop(one.file_id, None)
        note = "Baru" if there is None else ""
        if there is not None and (there.alt, there.alt_en) != (one.alt, one.alt_en):
            note = "Keterangan berubah"
        found.append(Compared(one.file.get_absolute_url(), one.alt, one.alt_en, note))
    taken_down = [one for one in public.values() if one.at <= entry.begun_at]
    return found + [
        Compared(one.address(one.widths[0], "jpg"), one.alt, one.alt_en, "Diturunkan") for one in taken_down
    ]
