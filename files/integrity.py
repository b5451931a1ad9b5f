"""Does every row have its content, and every content its row? Asked by `manage.py check_integrity`."""

import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from . import disk
from .models import StoredFile

_A_DAY = timedelta(days=1).total_seconds()


def problems() -> Iterator[str]:
    """
    Yield a line for each file that is missing, of another size, or changed, and for each content older than a day
    that no row knows. Reads every file once, with flat memory.
    """
    rows = StoredFile.objects.exclude(stored_path=None).order_by("pk")
    for row in rows.values_list("pk", "stored_path", "size", "sha256").iterator(chunk_size=500):
        pk, place, size, digest = row
        path = Path(settings.MEDIA_ROOT) / str(place)
        try:
            if path.stat().st_size != size:
                yield f"berkas {pk}: ukurannya {path.stat().st_size} byte, tercatat {size} byte"
            elif disk.sha256_of(path) != digest:
                yield f"berkas {pk}: isinya berubah sejak diterima (SHA-256 berbeda)"
        except OSError as error:
            yield f"berkas {pk}: isinya tidak dapat dibaca ({type(error).__name__})"
    for path in orphans():
        yield f"berkas yatim: {path.relative_to(settings.MEDIA_ROOT)} tidak tercatat"


def orphans() -> Iterator[Path]:
    """Yield contents older than a day without a row; what a transaction that was rolled back left behind."""
    folder = Path(settings.MEDIA_ROOT) / "stored"
    old = [path for path in sorted(folder.glob("*/*")) if path.is_file() and _is_older_than_a_day(path)]
    for start in range(0, len(old), 500):
        some = old[start : start + 500]
        known = set(
            StoredFile.objects.filter(pk__in=[pk for path in some if (pk := _id_in(path))])
            .exclude(stored_path=None)
            .values_list("stored_path", flat=True)
        )
        yield from (path for path in some if str(path.relative_to(settings.MEDIA_ROOT)) not in known)


def _is_older_than_a_day(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _A_DAY


def _id_in(path: Path) -> uuid.UUID | None:
    try:
        return uuid.UUID(path.stem)
    except ValueError:
        return None
