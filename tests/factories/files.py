"""Files that could exist: contents made from nothing, and rows whose content lies where the row says."""

import hashlib
import io
import uuid
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import factory
import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from files.limits import EXTENSIONS
from files.models import StoredFile, Upload
from tests.factories.letters import a_person

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)


def a_document(*, pages: int = 1) -> pikepdf.Pdf:
    """An open PDF with empty A4 pages, to be changed and then saved by `pdf_bytes`."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return document


def pdf_bytes(document: pikepdf.Pdf | None = None, *, pages: int = 1, **how: Any) -> bytes:
    target = io.BytesIO()
    (document or a_document(pages=pages)).save(target, **how)
    return target.getvalue()


def a_picture(size: tuple[int, int] = (64, 48), mode: str = "RGB", colour: Any = None) -> Image.Image:
    return Image.new(mode, size, colour if colour is not None else {"RGB": (180, 40, 30)}.get(mode, 0))


def picture_bytes(picture: Image.Image | None = None, kind: str = "JPEG", **how: Any) -> bytes:
    target = io.BytesIO()
    (picture or a_picture()).save(target, kind, **how)
    return target.getvalue()


def an_upload(content: bytes, name: str = "sk-sentra.pdf") -> SimpleUploadedFile:
    """What a form hands to the view; the media type that a browser claims is wrong on purpose."""
    return SimpleUploadedFile(name, content, content_type="application/x-whatever")


@cache
def _an_empty_page() -> bytes:
    return pdf_bytes()


class StoredFileFactory(factory.django.DjangoModelFactory):
    """
    A file taken in, with its content on disk: `StoredFileFactory(content=…)`.

    Traits: `photo` (a JPEG), `waiting` (not scanned yet), `refused` (the scanner found something).
    """

    class Meta:
        model = StoredFile

    class Params:
        photo = factory.Trait(
            content=factory.LazyFunction(picture_bytes),
            media_type="image/jpeg",
            original_name="anyaman-ketak.jpg",
            pages=None,
            width=64,
            height=48,
        )
        waiting = factory.Trait(state=StoredFile.State.WAITING)
        refused = factory.Trait(
            state=StoredFile.State.REFUSED,
            refusal="Pemindai menemukan program berbahaya pada berkas ini; isinya sudah dihapus.",
            stored_path=None,
            scanned_at=NOON,
        )

    id = factory.LazyFunction(uuid.uuid4)
    content = factory.LazyFunction(_an_empty_page)
    original_name = "sk-sentra-anyaman-ketak.pdf"
    media_type = "application/pdf"
    size = factory.LazyAttribute(lambda file: len(file.content))
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
    stored_path = factory.LazyAttribute(
        lambda file: f"stored/{file.id.hex[:2]}/{file.id}.{EXTENSIONS[file.media_type][0]}"
    )
    uploaded_by = factory.LazyFunction(a_person)
    uploaded_at = NOON
    state = StoredFile.State.ACCEPTED
    pages = 1

    @classmethod
    def _build(cls, model_class: type[StoredFile], *args: Any, **fields: Any) -> StoredFile:
        content = fields.pop("content")
        stored: StoredFile = super()._build(model_class, *args, **fields)
        if stored.stored_path is not None:
            place = Path(settings.MEDIA_ROOT) / stored.stored_path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return stored

    @classmethod
    def _create(cls, model_class: type[StoredFile], *args: Any, **fields: Any) -> StoredFile:
        stored = cls._build(model_class, *args, **fields)
        stored.save(force_insert=True)
        return stored


class UploadFactory(factory.django.DjangoModelFactory):
    """A file on its way in, of which nothing has arrived yet."""

    class Meta:
        model = Upload

    owner = factory.LazyFunction(a_person)
    original_name = "sk-sentra.pdf"
    size = 1000
    started_at = NOON
    expires_at = datetime(2026, 3, 4, 5, tzinfo=UTC)
