"""
A file in a form, with or without JavaScript.

`class SkForm(FormWithFiles): file = FileField(label="SK sentra")`, made with
`SkForm(request.POST, request.FILES, by=request.user, at=request.received_at)`: `cleaned_data["file"]` is a
StoredFile. Without JavaScript the file comes with the form; with static/js/upload.js it went up before, in parts,
and the form brings its id.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Person

from . import intake, uploads
from .limits import ALLOWED, EXTENSIONS, MAX_BYTES, PART_BYTES, PICTURES
from .models import StoredFile
from .refusals import Refused, kinds_in_words

PHOTO_SIDE = 1600


class FileInput(forms.Widget):
    """A choice of a file, what was chosen before, and a hidden place for the id of what went up in parts."""

    template_name = "files/file_input.html"
    input_type = "file"
    needs_multipart_form = True

    def __init__(self, *, kinds: frozenset[str] = ALLOWED, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kinds = kinds

    class Media:
        js = (forms.Script("js/upload.js", type="module"),)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        accept = [f".{ending}" for kind in EXTENSIONS if kind in self.kinds for ending in EXTENSIONS[kind]]
        accept += [kind for kind in EXTENSIONS if kind in self.kinds]
        context["widget"] |= {
            "accept": ",".join(accept),
            "file": value if isinstance(value, StoredFile) else None,
            "id_name": id_name(name),
            "limit": MAX_BYTES,
            "part": PART_BYTES,
            "scale": PHOTO_SIDE if self.kinds == PICTURES else 0,
        }
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """A file that came with the form goes before the id of an earlier one."""
        return files.get(name) or data.get(id_name(name)) or None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in files and id_name(name) not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return super().use_required_attribute(initial) and not initial


def id_name(name: str) -> str:
    """The name of the hidden input beside the file input `name`."""
    return f"{name}-berkas"


class FileField(forms.FileField):
    """
    Gives a StoredFile, or None where it may stay empty and does.

    Takes a file that comes with the form, the id of an own StoredFile, the id of an own complete upload, or the
    file that was there before (`initial`, a StoredFile or its id). `kinds`: what intake.accept takes.
    """

    widget = FileInput
    default_error_messages = {"required": "Pilih berkas, lalu kirim formulir ini lagi."}
    by: Person | None = None
    at: datetime | None = None

    def __init__(self, *, kinds: frozenset[str] = ALLOWED, **options: Any) -> None:
        options.setdefault("help_text", f"{kinds_in_words(kinds)}; paling besar 20 MB.")
        options.setdefault("widget", FileInput(kinds=kinds))
        super().__init__(**options)
        self.kinds = kinds
        self.taken: StoredFile | None = None

    def clean(self, data: Any, initial: Any = None) -> StoredFile | None:
        before = _stored(initial)
        if not data:
            if before is None and self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return before
        if isinstance(data, StoredFile):
            return data
        try:
            self.taken = self._take(data, before)
        except Refused as refusal:
            raise ValidationError(refusal.for_reader, code=refusal.code) from None
        return self.taken

    def _take(self, data: Any, before: StoredFile | None) -> StoredFile:
        if self.by is None or self.at is None:
            raise TypeError("a form with files is told who sends it and when: FormWithFiles(…, by=…, at=…)")
        if isinstance(data, UploadedFile):
            return intake.accept(data, by=self.by, at=self.at, kinds=self.kinds)
        try:
            given = uuid.UUID(str(data))
        except ValueError:
            raise Refused("unknown_upload") from None
        if before is not None and before.pk == given:
            return before
        stored = StoredFile.objects.filter(pk=given, uploaded_by=self.by).first() or self._finished(given)
        if stored.state == StoredFile.State.REFUSED:
            raise Refused("infected", stored.original_name)
        intake.refuse_other_kinds(stored.media_type, stored.original_name, self.kinds)
        return stored

    def _finished(self, given: uuid.UUID) -> StoredFile:
        assert self.by is not None
        assert self.at is not None
        try:
            return uploads.finish(given, owner=self.by, at=self.at)
        except uploads.NotThere:
            raise Refused("unknown_upload") from None
        except uploads.Ended as ended:
            raise Refused("expired_upload", ended.upload.original_name) from None

    def bound_data(self, data: Any, initial: Any) -> StoredFile | None:
        """What is shown again when another field is wrong: the file that was just taken in, else the one before."""
        return self.taken or _stored(initial)

    def prepare_value(self, value: Any) -> StoredFile | None:
        return _stored(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled or not data:
            return False
        before = _stored(initial)
        return before is None or str(data) != str(before.pk)


class FormWithFiles(forms.Form):
    """A form that knows who sends it and when, and tells its file fields. A ModelForm calls tell_files itself."""

    def __init__(self, *args: Any, by: Person, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tell_files(self, by=by, at=at)


def tell_files(form: forms.BaseForm, *, by: Person, at: datetime) -> None:
    """Tell each FileField of `form` who sends it (`by`) and when it was received (`at`)."""
    for field in form.fields.values():
        if isinstance(field, FileField):
            field.by, field.at = by, at


def _stored(value: Any) -> StoredFile | None:
    """A StoredFile or its id -> the StoredFile; anything else -> None."""
    if value is None or isinstance(value, StoredFile):
        return value
    try:
        return StoredFile.objects.filter(pk=value).first()
    except (ValidationError, ValueError, TypeError):
        return None
