"""Where content lies in MEDIA_ROOT, and how it gets there: written beside, made durable, then named in one step."""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

# stored/ab/<id>.pdf: what was taken in · incoming/: being checked · uploads/<id>.part: on its way in, in parts ·
# pages/ab/<id>-<n>.png: pages drawn from a stored PDF, to be made again at any time
FOLDERS = ("stored", "incoming", "uploads", "pages")


def folder(name: str) -> Path:
    """Return one of FOLDERS, made if it is not there yet."""
    place = Path(settings.MEDIA_ROOT) / name
    place.mkdir(parents=True, exist_ok=True, mode=0o750)
    return place


@contextmanager
def incoming(ending: str) -> Iterator[Path]:
    """Give a path of its own for something unfinished; whatever lies there at the end is removed."""
    path = folder("incoming") / f"{uuid.uuid4().hex}.{ending}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def write(path: Path, chunks: Iterable[bytes], *, most: int) -> int:
    """Write `chunks` to a new file and return how many bytes there were; stops after the chunk that passes `most`."""
    written = 0
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            written += len(chunk)
            if written > most:
                break
    return written


def settle(path: Path, place: str) -> None:
    """Move a finished file to `place` (relative to MEDIA_ROOT) so that a power cut leaves all of it or nothing."""
    target = Path(settings.MEDIA_ROOT) / place
    made = not target.parent.is_dir()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o640)
    path.replace(target)
    _sync_folder(target.parent)
    if made:
        _sync_folder(target.parent.parent)


def keep(path: Path, data: bytes) -> None:
    """Write what was made here to its place: beside it and renamed, so that nobody ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        # On a full disk half a file would take what little room is left.
        beside.unlink(missing_ok=True)
        raise


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
