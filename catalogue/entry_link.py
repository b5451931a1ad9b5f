"""
The link by which an IKM writes for its own product page, without an account (/halaman-produk/<token>/).

It names the award and which of its links this is, both signed; a new one stops the one before, and it ends by itself.
What is written goes to the dinas, which reads it and sends it to the secretariat. Files that come by it are recorded in
the name of the officer who made the link.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from accounts.models import Person
from audit import history
from awards.decrees import Refused
from awards.models import Award
from files import intake
from files.limits import PICTURES

from . import entries, entry_photos
from .entry_models import EntryLink, EntryPhoto

LASTS = timedelta(days=30)
PHOTOS_OF_ONE_LINK = 12
_SIGNER = signing.Signer(salt="catalogue.entry_link", sep=".")


def address_of(link: EntryLink | None, *, at: datetime) -> str:
    """The path of its page; "" where there is none that still opens."""
    if link is None or link.ends_at <= at:
        return ""
    return reverse("entry_by_link", args=[_SIGNER.sign(f"{link.award_id}-{link.number}")])


def find(token: str, *, at: datetime) -> EntryLink | None:
    """The link of a token with its award; None for a forged, cut, replaced or ended one, or of a revoked award."""
    try:
        award, _, number = _SIGNER.unsign(token).partition("-")
    except signing.BadSignature:
        return None
    links = EntryLink.objects.select_related(
        "made_by", "award__decree__round", "award__product__ikm", "award__regency__province"
    )
    public = Award.objects.published().filter(revoked_at=None).order_by().values("pk")
    return links.filter(award=int(award), award__in=public, number=int(number), ends_at__gt=at).first()


@transaction.atomic
def make(award: Award, *, by: Person, at: datetime) -> EntryLink:
    """Make a link for the IKM; the one before stops. Raises Refused: not_yours."""
    entries.refuse_stranger(award, by)
    Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    before = EntryLink.objects.filter(award=award).first()
    link = before or EntryLink(award=award, number=0)
    link.number += 1
    link.made_at, link.made_by, link.ends_at, link.photos_taken = at, by, at + LASTS, 0
    link.save()
    history.record("entry_link_made", award, by=by, at=at, link=link.number)
    return link


@transaction.atomic
def stop(award: Award, *, by: Person, at: datetime) -> None:
    """The link opens nothing from now on. Raises Refused: not_yours."""
    entries.refuse_stranger(award, by)
    link = EntryLink.objects.select_for_update().filter(award=award, ends_at__gt=at).first()
    if link is None:
        return
    # Its number is used up too, so that it stays shut whatever becomes of its end.
    link.number += 1
    link.made_at, link.ends_at = min(link.made_at, at - timedelta(seconds=1)), at
    link.save()
    history.record("entry_link_stopped", award, by=by, at=at, link=link.number - 1)


def take_photo(link: EntryLink, upload: File, *, alt: str, at: datetime) -> EntryPhoto:
    """Take a photo in and put it on the page in the making. Raises Refused, and files.refusals.Refused for the file."""
    # Before the file is taken in.
    entry_photos.refuse_words(alt, "")
    with transaction.atomic():
        locked = EntryLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if locked.photos_taken >= PHOTOS_OF_ONE_LINK:
            raise Refused(
                "enough", "Tautan ini sudah menerima cukup banyak foto. Serahkan foto lain kepada dinas."
            )
        entries.editable(link.award, at=at)
        stored = intake.accept(upload, by=link.made_by, at=at, kinds=PICTURES)
        photo = entry_photos.add_as_ikm(link.award, stored, alt=alt, link=link.number, at=at)
        locked.photos_taken += 1
        locked.save(update_fields=["photos_taken"])
    return photo
