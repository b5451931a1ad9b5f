"""A file's name is for display only: it never decides what the file is, nor where it lies."""

import re
import unicodedata

from .limits import EXTENSIONS

_LONGEST = 150


def display_name(given: str | None, media_type: str | None = None) -> str:
    """
    Return `given` as it can be shown and offered for saving: no folders, no control or direction characters, at
    most 150 characters. With a media type the name ends as such a file does: "foto.jpg.exe" that is a JPEG becomes
    "foto.jpg.exe.jpg", so that nothing opens it as anything else.
    """
    name = unicodedata.normalize("NFC", given or "")
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(" " if character.isspace() else character for character in name)
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", name)
    name = re.sub(r" {2,}", " ", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8 or not stem:
        stem, ending = name, ""
    if media_type is not None and ending.lower() not in EXTENSIONS[media_type]:
        stem, ending = name, EXTENSIONS[media_type][0]
    stem = stem[: _LONGEST - 10].rstrip(" .") or "berkas"
    return f"{stem}.{ending}" if ending else stem
