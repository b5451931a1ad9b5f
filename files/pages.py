"""Pages of a stored PDF as pictures, drawn once in a process of its own and kept beside the file."""

from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from . import disk, sandbox
from .models import StoredFile

_ASKED_AGAIN_AFTER_SECONDS = 60 * 60


class NotDrawn(Exception):
    """The page cannot be drawn within the limits; the document itself can still be opened."""


def picture_of(stored: StoredFile, number: int) -> Path:
    """
    Return the path of page `number` (from 1) as PNG, 1240 pixels wide.

    Raises NotDrawn; what could not be drawn is not tried again for an hour, so that looking at it costs nothing.
    """
    place = f"pages/{stored.pk.hex[:2]}/{stored.pk}-{number}.png"
    path = Path(settings.MEDIA_ROOT) / place
    if path.is_file():
        return path
    failed = f"files:not-drawn:{stored.pk}:{number}"
    if cache.get(failed):
        raise NotDrawn(failed)
    with disk.incoming("png") as drawn:
        if "refused" in sandbox.ask("page", stored.path, number, drawn):
            cache.set(failed, 1, _ASKED_AGAIN_AFTER_SECONDS)
            raise NotDrawn(failed)
        disk.settle(drawn, place)
    return path
