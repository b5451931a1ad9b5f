"""Pages of a letter as pictures, drawn once in a process with limits of its own and kept beside its file."""

from pathlib import Path

from django.conf import settings

from files import disk, sandbox

from . import official
from .models import Letter

FOLDER = "letters/pages"


class NotDrawn(Exception):
    """There is no such page, or it cannot be drawn within the limits; the file itself can still be opened."""


def picture_of(letter: Letter, number: int) -> Path:
    """Return the path of page `number` (from 1) of what the letter shows now, as PNG. Raises NotDrawn."""
    file = official.stored_file(letter)
    if file is None or letter.pages is None or not 1 <= number <= letter.pages:
        raise NotDrawn(number)
    digest = letter.file_sha256 if letter.is_signed else letter.preview_of
    place = f"{FOLDER}/{letter.pk}/{digest[:16]}-{number}.png"
    path = Path(settings.MEDIA_ROOT) / place
    if path.is_file():
        return path
    with disk.incoming("png") as drawn:
        if "refused" in sandbox.ask("page", file.path, number, drawn):
            raise NotDrawn(number)
        disk.settle(drawn, place)
    return path
