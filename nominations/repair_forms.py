"""What a return brings along: the reason, until when, and what is to be repaired in which answer or document."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from letters.mails import holds_personal_number

from . import answers
from .guards import REASON_AT_LEAST, Refused
from .instants import WibInstantField, end_of_day_in
from .models import Requirement
from .reading import DOCUMENT_REMARK

LONGEST_TEXT = 2000
# Days that a form suggests for a repair.
SUGGESTED_DAYS = 7
# Where what a guard misses is written; whatever it says otherwise concerns the form as a whole.
_FIELD_OF_CODE = {"reason_missing": "alasan", "due_missing": "batas"}


class Text(forms.CharField):
    """Some lines that others will read: no NIK and no NPWP in it, line ends as one machine writes them."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if holds_personal_number(value):
            raise ValidationError(
                "Teks ini memuat deretan angka seperti NIK atau NPWP. Hapus nomor itu: teks ini disimpan dan dibaca pihak "
                "lain."
            )


def text_area(label: str, *, rows: int = 3, help_text: str = "", **attrs: str) -> forms.CharField:
    """A text that may stay empty here; whether it is needed is asked by the action (guards.py)."""
    widget = forms.Textarea(attrs={"rows": rows, **attrs})
    return Text(label=label, required=False, max_length=LONGEST_TEXT, widget=widget, help_text=help_text)


def reason_field(help_text: str = "Dibaca dinas dan disimpan dalam riwayat.") -> forms.CharField:
    """A reason that somebody else will read; how long it is at least is asked by its guard."""
    field = text_area("Alasan", help_text=help_text)
    field.required = True
    field.error_messages["required"] = f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf."
    return field


class RepairForm(forms.Form):
    """
    The fields of a return; a remark for each answer of the content and for each requirement, all of which may stay
    empty.
    """

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        content: Mapping[str, Any],
        requirements: Iterable[Requirement],
        at: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = answers.sheet(content)
        self.requirements = list(requirements)
        self.fields["alasan"] = reason_field()
        self.fields["batas"] = WibInstantField(
            label="Batas perbaikan (WIB)",
            error_messages={"required": "Tetapkan batas perbaikan: tanggal dan jam yang belum lewat."},
            help_text="Sampai saat ini dinas dapat mengirim perbaikan; sesudahnya usulan gugur.",
            initial=end_of_day_in(SUGGESTED_DAYS, at=at),
        )
        for code, label in self._remarkable():
            self.fields[_name(code)] = text_area(
                f"Yang harus diperbaiki: {label}",
                rows=2,
                help_text="Tuliskan apa yang harus diperbaiki pada isian ini.",
                **{"class": "form-control"},
            )

    def _remarkable(self) -> list[tuple[str, str]]:
        rows = [(row.code, row.label) for section in self.sheet for row in section.rows]
        return rows + [
            (f"{DOCUMENT_REMARK}{requirement.pk}", requirement.name) for requirement in self.requirements
        ]

    def remarks(self) -> dict[str, str]:
        """Answer or document -> what is to be repaired there; of a valid form."""
        return {code: text for code, _ in self._remarkable() if (text := self.cleaned_data[_name(code)])}

    def sections(self) -> list[tuple[str, list[tuple[answers.Row, Any]]]]:
        """The answers as submitted, each row with the field of its remark."""
        return [
            (section.title, [(row, self[_name(row.code)]) for row in section.rows]) for section in self.sheet
        ]

    def document_remarks(self) -> list[tuple[Requirement, Any]]:
        return [
            (requirement, self[_name(f"{DOCUMENT_REMARK}{requirement.pk}")])
            for requirement in self.requirements
        ]

    def refuse(self, refusal: Refused, *, fields: Mapping[str, str] = _FIELD_OF_CODE) -> None:
        """Say what stands in the way, beside the field that it is about."""
        self.add_error(fields.get(refusal.code), refusal.for_reader)


def _name(code: str) -> str:
    """The form's name of a remark: "ikm.nib" -> "perbaikan-ikm-nib"; dots and colons have a meaning in addresses."""
    return "perbaikan-" + code.replace(".", "-").replace(":", "-")
