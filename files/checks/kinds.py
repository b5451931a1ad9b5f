"""What a file is, told by its first and last bytes, never by its name."""

import os
from typing import BinaryIO

from files.checks.refusal import No

_TAIL = 66_000  # an archive's directory ends within 65,557 bytes of the end
_END_OF_ARCHIVE = b"PK\x05\x06"
_ENTRY_OF_ARCHIVE = b"PK\x01\x02"


def kind_of(file: BinaryIO) -> str:
    """Return the media type; raises No("empty"), No("not_allowed") or No("hidden_archive")."""
    head = file.read(16)
    if not head:
        raise No("empty")
    if head.startswith(b"%PDF-"):
        kind = "application/pdf"
    elif head.startswith(b"\xff\xd8\xff"):
        kind = "image/jpeg"
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = "image/png"
    elif head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        kind = "image/webp"
    else:
        raise No("not_allowed")
    if _is_an_archive_too(file):
        raise No("hidden_archive")
    return kind


def _is_an_archive_too(file: BinaryIO) -> bool:
    """Whether a ZIP or JAR reader would find an archive: its directory is looked for from the end."""
    size = file.seek(0, os.SEEK_END)
    start = max(size - _TAIL, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END_OF_ARCHIVE)
    while at >= 0:
        record = tail[at : at + 22]
        if len(record) == 22:
            length = int.from_bytes(record[12:16], "little")
            file.seek(max(start + at - length, 0))
            if length and file.read(4) == _ENTRY_OF_ARCHIVE:
                return True
        at = tail.rfind(_END_OF_ARCHIVE, 0, at)
    return False
