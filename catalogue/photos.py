"""Photos of awarded products, public once a version with them was reviewed (entries.show): drawn in the right sizes, taken
down."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils.translation import get_language
from PIL import Image

from accounts.models import Person
from accounts.roles import Right
from audit import history
from awards.decrees import Refused
from awards.models import Award
from files.models import StoredFile
from nominations.models import Document

from .shown_models import ShownPhoto

# A card on a phone, a card, the page, the page on a fine screen.
WIDTHS = (320, 640, 960, 1440)
KINDS = {"webp": "image/webp", "jpg": "image/jpeg"}
PHOTOS_AT_MOST = 4


@dataclass(frozen=True)
class Picture:
    """What an <img> needs: `src` is the JPEG of the middle size, the sets name every width of each kind; `lang` is that of
    its words where the page is in another."""

    src: str
    webp: str
    jpeg: str
    width: int
    height: int
    alt: str
    largest: str
    lang: str = ""


def picture(photo: ShownPhoto) -> Picture:
    middle = next((width for width in photo.widths if width >= 640), photo.widths[-1])
    english = photo.alt_en if get_language() == "en" else ""
    sets = {
        kind: ", ".join(f"{photo.address(width, kind)} {width}w" for width in photo.widths) for kind in KINDS
    }
    return Picture(
        photo.address(middle, "jpg"), sets["webp"], sets["jpg"], photo.width, photo.height, english or photo.alt,
        photo.address(photo.widths[-1], "jpg"), "" if english or get_language() != "en" else "id",
    )  # fmt: skip


def candidates(award: Award) -> list[Document]:
    """The photos handed in with the award's nomination; none for an award taken over from the archive."""
    if award.nomination_id is None:
        return []
    found = Document.objects.filter(
        links__nomination=award.nomination_id, kind__is_photo=True, file__state=StoredFile.State.ACCEPTED
    )
    return list(found.select_related("kind", "file").order_by("kind__position", "pk"))


def refuse_no_words(alt: str) -> None:
    if not alt.strip():
        raise Refused("no_words", "Tuliskan apa yang tampak pada foto; pembaca layar membacakannya.")


def arrange(
    award: Award, wanted: Sequence[tuple[StoredFile, str, str]], *, since: datetime, by: Person, at: datetime
) -> None:
    """
    Show these photos in this order with their words (Indonesian, English), and take down the others, but for those that
    were put up after `since`. Raises Refused: more than four, one that cannot be drawn.
    """
    there = {one.file_id: one for one in award.shown_photos.all()}
    files = {file.pk for file, _, _ in wanted}
    for gone in [one for one in there.values() if one.file_id not in files and one.at <= since]:
        take_down(gone, by=by, at=at)
        del there[gone.file_id]
    if len(files | there.keys()) > PHOTOS_AT_MOST:
        raise Refused("enough", f"Paling banyak {PHOTOS_AT_MOST} foto. Turunkan satu foto lebih dahulu.")
    for place, (file, alt, alt_en) in enumerate(wanted, start=1):
        if file.pk in there:
            ShownPhoto.objects.filter(pk=there[file.pk].pk).update(alt=alt, alt_en=alt_en, position=place)
        else:
            _put_up(award, file, alt=alt, alt_en=alt_en, position=place, by=by, at=at)
    for place, late in enumerate(
        (one for one in there.values() if one.file_id not in files), len(wanted) + 1
    ):
        ShownPhoto.objects.filter(pk=late.pk).update(position=place)


def _put_up(
    award: Award, file: StoredFile, *, alt: str, alt_en: str = "", position: int, by: Person, at: datetime
) -> ShownPhoto:
    """Draw a photo in its widths and record it; nothing of it stays where it cannot be drawn."""
    photo = ShownPhoto(
        award=award, file=file, alt=alt, alt_en=alt_en, position=position, width=1, height=1, widths=[], at=at, by=by,
    )  # fmt: skip
    try:
        photo.width, photo.height, photo.widths = _draw(file.path, photo)
    except OSError:
        shutil.rmtree(photo.folder, ignore_errors=True)
        raise Refused("not_drawable", "Foto ini tidak dapat dibaca. Pilih foto lain.") from None
    photo.save(force_insert=True)
    history.record("show_photo", award, by=by, at=at, photo=str(photo.pk))
    return photo


@transaction.atomic
def take_down(photo: ShownPhoto, *, by: Person, at: datetime) -> None:
    """The photo and its files go at once; the nomination keeps its document."""
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Foto hanya dapat diturunkan oleh Sekretariat.")
    award, folder, name = photo.award, photo.folder, str(photo.pk)
    photo.delete()
    history.record("take_down_photo", award, by=by, at=at, photo=name)
    transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True), robust=True)


def _draw(source: Path, photo: ShownPhoto) -> tuple[int, int, list[int]]:
    """Write each width as WebP and JPEG; the size of the largest and all widths."""
    photo.folder.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as opened:
        original = opened.convert("RGB")
    widths = list(_fitting(original.width))
    for width in widths:
        height = max(1, round(original.height * width / original.width))
        drawn = original.resize((width, height), Image.Resampling.LANCZOS)
        drawn.save(photo.path(width, "webp"), "WEBP", quality=78, method=4)
        drawn.save(photo.path(width, "jpg"), "JPEG", quality=80, optimize=True, progressive=True)
    return widths[-1], max(1, round(original.height * widths[-1] / original.width)), widths


def _fitting(width: int) -> Iterator[int]:
    smaller = [one for one in WIDTHS if one < width]
    yield from smaller
    if len(smaller) < len(WIDTHS):
        yield width
