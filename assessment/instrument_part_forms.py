"""What the pages of parts read: a new part or section with its first indicator, and how the weights make 100 again."""

from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from .instrument_format import FULL_MARKS, as_decimal
from .instrument_forms import DecimalText, PieceForm, short_text
from .instrument_line_forms import LineForm
from .instrument_shape import CODE, NAME_AT_MOST


class Weights(PieceForm):
    """Mixed into a form: a weight for each part that stays, `bobot-<code>`."""

    def add_weights(self, parts: list[dict[str, Any]]) -> None:
        self._codes = [part["code"] for part in parts]
        for part in parts:
            self.fields[f"bobot-{part['code']}"] = DecimalText(
                label=f"Bobot bagian {part['code']} {part['name']}", initial=part["weight"]
            )

    def weight_fields(self) -> list[BoundField]:
        return [self[f"bobot-{code}"] for code in self._codes]

    def weights(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"bobot-{code}"] for code in self._codes}

    def refuse_other_than_full(self, own: str = "") -> None:
        """Raises ValidationError where the weights, with that of a new part, do not make 100; silent while one is wrong."""
        given = [self.cleaned_data.get(f"bobot-{code}") for code in self._codes] + ([own] if own else [])
        if not all(given):
            return
        if any(Fraction(value) == 0 for value in given if value):
            raise ValidationError("Bobot tiap bagian harus lebih dari nol.")
        total = sum((Fraction(value) for value in given if value), Fraction(0))
        if total != FULL_MARKS:
            shown = as_decimal(total).replace(".", ",")
            raise ValidationError(
                f"Bobot semua bagian berjumlah {shown}, harus {FULL_MARKS}. Isian Anda belum disimpan dan masih tampil di "
                "halaman ini."
            )


class NewPartForm(LineForm, Weights):
    """A part at the end of the form: whole from the start, with a section and an indicator."""

    def __init__(self, *args: Any, parts: list[dict[str, Any]], suggested: str, **kwargs: Any) -> None:
        first = f"{suggested}.I.1" if suggested else ""
        super().__init__(*args, line={"code": first}, is_new=True, **kwargs)
        self.fields["kode_bagian"] = forms.CharField(
            label="Kode bagian",
            max_length=10,
            initial=suggested,
            help_text="Satu huruf, misalnya D. Tidak dapat diubah lagi.",
            widget=forms.TextInput(attrs={"class": "short"}),
            error_messages={"required": "Tulis kode bagian, misalnya D."},
        )
        self.fields["nama_bagian"] = short_text("Nama bagian", NAME_AT_MOST)
        self.fields["bobot"] = DecimalText(label="Bobot bagian baru")
        self.fields["nama_sub"] = short_text("Nama subbagian pertama", NAME_AT_MOST)
        self.add_weights(parts)

    def clean_kode_bagian(self) -> str:
        return _code_of(self.cleaned_data["kode_bagian"], "D")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.refuse_other_than_full(data.get("bobot") or "0")
        return data

    def part(self) -> dict[str, Any]:
        data = self.cleaned_data
        code = data["kode_bagian"]
        section = {"code": f"{code}.I", "name": data["nama_sub"], "indicators": [self.line()]}
        return {"code": code, "name": data["nama_bagian"], "weight": data["bobot"], "sections": [section]}


class NewSectionForm(LineForm):
    """A section at the end of a part, with its first indicator."""

    def __init__(self, *args: Any, suggested: str, **kwargs: Any) -> None:
        super().__init__(*args, line={"code": f"{suggested}.1" if suggested else ""}, is_new=True, **kwargs)
        self.fields["kode_sub"] = forms.CharField(
            label="Kode subbagian",
            max_length=20,
            initial=suggested,
            help_text="Misalnya A.IV. Tidak dapat diubah lagi.",
            widget=forms.TextInput(attrs={"class": "medium"}),
            error_messages={"required": "Tulis kode subbagian, misalnya A.IV."},
        )
        self.fields["nama_sub"] = short_text("Nama subbagian", NAME_AT_MOST)

    def clean_kode_sub(self) -> str:
        return _code_of(self.cleaned_data["kode_sub"], "A.IV")

    def section(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"code": data["kode_sub"], "name": data["nama_sub"], "indicators": [self.line()]}


class RemovePartForm(Weights):
    """What the other parts weigh once this one is gone."""

    def __init__(self, *args: Any, parts: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_weights(parts)

    def clean(self) -> dict[str, Any]:
        self.refuse_other_than_full()
        return self.cleaned_data


def _code_of(text: str, example: str) -> str:
    if not CODE.fullmatch(text):
        raise ValidationError(
            f"Kode memakai huruf, angka, titik, garis, atau garis bawah, misalnya {example}."
        )
    return text
