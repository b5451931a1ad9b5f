"""Fields of the forms of this room: answers that may wait, figures as people write them, the NIB."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from letters.mails import holds_personal_number
from letters.wording import number_id

# What is said of the other answers where one is wrong: they were stored, or the page still has them.
STORED = "Isian lain tersimpan."
STILL_HERE = "Isian lain masih ada di halaman ini."
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")
_LONGEST_TEXT = 5000


class MayWait(forms.Field):
    """
    An answer that is needed before the nomination is sent, not before it is saved: the page asks for it without
    calling it optional, and takes an empty one.
    """

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class ShortText(MayWait, forms.CharField):
    """A line of text."""


class LongText(MayWait, forms.CharField):
    """Text of some paragraphs, in which no NIK and no NPWP may stand: it is copied, printed and read by many."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": _LONGEST_TEXT, **options})
        # The server counts, in its own words; a browser would cut a text that is pasted in, and say nothing.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        """Browsers send line ends of their own: the same text is the same answer."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if holds_personal_number(value):
            raise ValidationError(
                "Isian memuat deretan 15 atau 16 angka seperti NIK atau NPWP. Hapus nomor itu; nomor izin ditulis pada "
                "bagian dokumen. " + STORED,
                code="personal_number",
            )

    def run_validators(self, value: Any) -> None:
        if len(value) > _LONGEST_TEXT:
            raise ValidationError(
                f"Isian paling panjang {number_id(_LONGEST_TEXT)} huruf; Anda mengisi {number_id(len(value))}. "
                "Persingkat isian ini. " + STORED,
                code="too_long",
            )
        super().run_validators(value)


class WholeNumber(MayWait, forms.IntegerField):
    """A whole number as people write it: "1.250.000", "Rp 1.250.000", "80%"; "1.5" is none."""

    widget = forms.TextInput

    def __init__(self, *, least: int, most: int, kept: str = STORED, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most, self.kept = least, most, kept
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        text = re.sub(r"^rp\.?|%$", "", str(value).strip(), flags=re.IGNORECASE).strip()
        if _GROUPED.fullmatch(text):
            text = text.replace(".", "")
        if not re.fullmatch(r"[0-9]{1,20}", text):
            raise ValidationError(
                f"Tuliskan angka bulat saja; Anda mengisi “{str(value)[:40]}”. {self.kept}", code="invalid"
            )
        return int(text)

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        if value is not None and not self.least <= value <= self.most:
            # A year is written without a point between its digits.
            least, most, given = (
                str(number) if self.least > 999 else number_id(number)
                for number in (self.least, self.most, value)
            )
            raise ValidationError(
                f"Tuliskan angka dari {least} sampai {most}; Anda mengisi {given}. {self.kept}",
                code="out_of_range",
            )


class Nib(MayWait, forms.CharField):
    """13 digits, also with spaces, dots or dashes between them; None where it is empty. Words: interface.md, text 28."""

    def __init__(self, *, kept: str = STORED, **options: Any) -> None:
        super().__init__(
            **{
                "label": "NIB",
                "help_text": "13 angka. Lihat NIB pada dokumen OSS.",
                "empty_value": None,
                **options,
            }
        )
        self.kept = kept
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if text is None:
            return None
        digits = re.sub(r"[\s.\-]", "", text)
        if not re.fullmatch(r"[0-9]+", digits):
            raise ValidationError(
                f"NIB hanya terdiri atas 13 angka; Anda mengisi “{text[:40]}”. {self.kept} Lihat NIB pada dokumen OSS.",
                code="not_digits",
            )
        if len(digits) != 13:
            raise ValidationError(
                f"NIB harus 13 angka; Anda mengisi {len(digits)}. {self.kept} Lihat NIB pada dokumen OSS.",
                code="wrong_length",
            )
        return digits


class Choice(MayWait, forms.ModelChoiceField):
    """One of the rows of a table, or none yet."""


class Day(forms.DateField):
    """A date, in the browser's own picker or typed as 31-12-2026."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"],
            error_messages={
                "invalid": "Tuliskan tanggal seperti 31-12-2026.",
                **options.pop("error_messages", {}),
            },
            **options,
        )


class LaterDay(MayWait, Day):
    """A date that may wait."""


class DraftForm(forms.Form):
    """
    A form whose sound answers are saved although others are wrong; it never makes the browser refuse to send.

    CODES: field -> code of the answer (answers.py), where that is another word.
    """

    use_required_attribute = False
    CODES: Mapping[str, str] = {}

    def sound(self) -> dict[str, Any]:
        """The answers that nothing is wrong with, of a form that was sent."""
        wrong = set(self.errors)
        return {name: value for name, value in self.cleaned_data.items() if name not in wrong}

    def code_of(self, name: str) -> str:
        return self.CODES.get(name, name)
