"""All certificates of a decree at once: one ZIP, sent as it is read, and one PDF for the printer, made by the worker."""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import slugify

from . import certificates
from .models import Certificate, Decree

FOLDER = "cetak"


def in_force(decree: Decree) -> QuerySet[Certificate]:
    """The certificates with a file that no other has replaced, in the order of the annex."""
    return (
        Certificate.objects.resting_on(decree)
        .filter(rendered_at__isnull=False, replaced_at=None)
        .select_related("award")
        .order_by("award__position", "version")
    )


class _Sent:
    """What zipfile writes to, emptied after each file: nothing but the list of names grows."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        return None

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(made: list[Certificate]) -> Iterator[bytes]:
    """The ZIP of these files, piece by piece. A file that is missing ends it, so that half a ZIP does not open."""
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for certificate in made:
            archive.writestr(_name(certificate), certificates.file_of(certificate).read_bytes())
            yield sent.taken()
    yield sent.taken()


def print_file(decree: Decree) -> Path:
    """Where the print file of the certificates as they stand is, or will be: other certificates, another name."""
    hashes = "".join(in_force(decree).values_list("sha256", flat=True))
    mark = hashlib.sha256(hashes.encode()).hexdigest()[:16]
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{decree.pk}-{mark}.pdf"


def make_print_file(decree: Decree) -> Path:
    """
    Write the pages of all certificates in force into one PDF, unless it is there; earlier ones of the decree go.

    For the printer only: pages and pictures, without signatures, which hold in the single files alone.
    """
    import pikepdf

    path = print_file(decree)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with pikepdf.new() as whole:
        for certificate in in_force(decree):
            with pikepdf.open(certificates.file_of(certificate)) as one:
                for page in one.pages:
                    if "/Annots" in page:
                        del page.Annots
                    if "/StructParents" in page:
                        del page.StructParents
                whole.pages.extend(one.pages)
        whole.save(beside)
    os.replace(beside, path)
    for earlier in path.parent.glob(f"{decree.pk}-*.pdf"):
        if earlier != path:
            earlier.unlink(missing_ok=True)
    return path


def _name(certificate: Certificate) -> str:
    award = certificate.award
    return f"{award.position:04d} {certificate.number.replace('/', '-')} {slugify(award.ikm_name)[:60]}.pdf"
