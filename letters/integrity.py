"""Are the letters whole? Signed files against their hashes, records against what was signed, previews in the store."""

import hashlib
from collections.abc import Iterator

from . import official
from .models import Letter


def problems() -> Iterator[str]:
    """Yield a line for each letter of which something does not hold; nothing where all is well."""
    for letter in Letter.objects.exclude(file="").order_by("pk").iterator(100):
        try:
            content = official.file_of(letter) or b""
        except OSError as error:
            yield f"surat {letter.pk}: berkasnya tidak dapat dibaca ({type(error).__name__})"
            continue
        if hashlib.sha256(content).hexdigest() != letter.file_sha256:
            yield f"surat {letter.pk}: berkasnya bukan berkas yang ditandatangani"
        if (
            official.fingerprint(official.head_of(letter), official.content_of(letter))
            != letter.snapshot_sha256
        ):
            yield f"surat {letter.pk}: catatannya bukan yang ditandatangani"
    for letter in Letter.objects.filter(file="").exclude(preview="").order_by("pk").iterator(500):
        preview = official.stored_file(letter)
        if preview is not None and not preview.storage.exists(str(preview.name)):
            yield f"surat {letter.pk}: pratinjaunya tidak ada di penyimpanan"
