"""What the pages of a draft read: names and weights, the stars, a file. One indicator: instrument_line_forms.py."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField

from nominations.repair_forms import Text

from .instrument_files import BYTES_AT_MOST, too_large
from .instrument_format import FULL_MARKS, as_decimal
from .instrument_shape import NAME_AT_MOST


def asked(kwargs: dict[str, Any]) -> dict[str, Any]:
    """What a field is made of, with the words for whoever leaves it empty: "Tulis nama indikator."."""
    label = str(kwargs["label"])
    told = {"required": f"Tulis {label[0].lower()}{label[1:]}.", **kwargs.get("error_messages", {})}
    return {**kwargs, "error_messages": told}


class DecimalText(forms.CharField):
    """A number from 0 to 100 with at most four places, with comma or point; gives the decimal string of the form."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short angka"})
        super().__init__(widget=widget, max_length=12, **asked(kwargs))

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not text:
            return ""
        if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,4})?", text, re.ASCII):
            raise ValidationError("Tulis bilangan dari 0 sampai 100, misalnya 30 atau 92,5.")
        return as_decimal(Fraction(text.replace(",", ".")))

    def prepare_value(self, value: Any) -> Any:
        return value.replace(".", ",") if isinstance(value, str) else value


def short_text(label: str, at_most: int, **kwargs: Any) -> Text:
    return Text(max_length=at_most, **asked({"label": label, **kwargs}))


def area(label: str, at_most: int, rows: int, **kwargs: Any) -> Text:
    return short_text(label, at_most, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class PieceForm(forms.Form):
    """A form on a piece of a draft: plain, its errors told by the page and not by the browser."""

    use_required_attribute = False


# --- Names and weights ---------------------------------------------------------------------------------------------
class HeaderForm(PieceForm):
    """The name of the form, and name and weight of each part with the names of its sections."""

    nama = short_text("Nama instrumen", NAME_AT_MOST)

    def __init__(self, *args: Any, definition: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._definition = definition
        self.initial["nama"] = definition["name"]
        for place, part in enumerate(definition["parts"]):
            code = part["code"]
            self.fields[f"bagian_{place}"] = short_text(
                f"Nama bagian {code}", NAME_AT_MOST, initial=part["name"]
            )
            self.fields[f"bobot_{place}"] = DecimalText(label=f"Bobot bagian {code}", initial=part["weight"])
            for number, section in enumerate(part["sections"]):
                self.fields[f"sub_{place}_{number}"] = short_text(
                    f"Nama subbagian {section['code']}", NAME_AT_MOST, initial=section["name"]
                )

    def parts(self) -> list[tuple[str, list[BoundField]]]:
        """Each part with its fields, for the page."""
        return [
            (
                part["code"],
                [
                    self[f"bagian_{place}"],
                    self[f"bobot_{place}"],
                    *(self[f"sub_{place}_{number}"] for number in range(len(part["sections"]))),
                ],
            )
            for place, part in enumerate(self._definition["parts"])
        ]

    def total(self) -> str:
        """The sum of the weights as they stand in the form, where all of them can be read."""
        values = []
        for place, part in enumerate(self._definition["parts"]):
            value = (
                getattr(self, "cleaned_data", {}).get(f"bobot_{place}") if self.is_bound else part["weight"]
            )
            if not value:
                return ""
            values.append(Fraction(value))
        return as_decimal(sum(values, Fraction(0))).replace(".", ",")

    def clean(self) -> dict[str, Any]:
        total = self.total()
        for place, part in enumerate(self._definition["parts"]):
            if self.cleaned_data.get(f"bobot_{place}") == "0":
                self.add_error(f"bobot_{place}", f"Bobot bagian {part['code']} harus lebih dari nol.")
        if total and total != str(FULL_MARKS):
            raise ValidationError(
                f"Bobot semua bagian berjumlah {total}, harus {FULL_MARKS}. Isian Anda belum disimpan dan masih tampil di "
                "halaman ini."
            )
        return self.cleaned_data

    def header(self) -> dict[str, Any]:
        """What was sent, as instrument_edits.header_of gives what is stored."""
        data, parts, sections = self.cleaned_data, {}, {}
        for place, part in enumerate(self._definition["parts"]):
            parts[part["code"]] = [data[f"bagian_{place}"], data[f"bobot_{place}"]]
            for number, section in enumerate(part["sections"]):
                sections[section["code"]] = data[f"sub_{place}_{number}"]
        return {"name": data["nama"], "parts": parts, "sections": sections}


# --- Stars ---------------------------------------------------------------------------------------------------------
class BandsForm(PieceForm):
    """The scheme, five stars or three, and from which value each star is reached."""

    skema = forms.ChoiceField(label="Skema bintang", widget=forms.RadioSelect)

    def __init__(self, *args: Any, scheme: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A file may have brought another scheme; it can be kept.
        offered = sorted({5, 3, scheme["maximum"]}, reverse=True)
        self._top = max(offered)
        self.fields["skema"].choices = [
            (str(top), f"Satu sampai {_IN_WORDS.get(top, top)} bintang") for top in offered
        ]
        self.initial["skema"] = str(scheme["maximum"])
        bounds = {band["star"]: band["from"] for band in scheme["bands"]}
        for star in range(self._top, 0, -1):
            self.fields[f"batas_{star}"] = DecimalText(
                label=f"Bintang {star} mulai dari nilai",
                initial=bounds.get(star, ""),
                required=star <= min(offered),
                error_messages={"required": _missing(star)},
                help_text=""
                if star <= min(offered)
                else f"Tidak dipakai bila skemanya kurang dari {star} bintang.",
            )

    def rows(self) -> list[BoundField]:
        return [self[f"batas_{star}"] for star in range(self._top, 0, -1)]

    def clean(self) -> dict[str, Any]:
        data, above = self.cleaned_data, ""
        for star in range(int(data.get("skema") or 0), 0, -1):
            name = f"batas_{star}"
            if name in self.errors:
                continue
            bound = data.get(name, "")
            if not bound:
                self.add_error(name, _missing(star))
            elif Fraction(bound) > FULL_MARKS:
                self.add_error(name, f"Nilai paling tinggi {FULL_MARKS}.")
            elif above and Fraction(bound) >= Fraction(above):
                told = above.replace(".", ",")
                self.add_error(
                    name, f"Batas bintang {star} harus lebih rendah daripada {told} (bintang {star + 1})."
                )
            above = bound or above
        return data

    def bounds(self) -> dict[int, str]:
        """Star -> the value from which it is reached, of the chosen scheme."""
        return {
            star: self.cleaned_data[f"batas_{star}"] for star in range(int(self.cleaned_data["skema"]), 0, -1)
        }


def _missing(star: int) -> str:
    return f"Tulis nilai yang memberi bintang {star}."


_IN_WORDS = {3: "tiga", 4: "empat", 5: "lima"}


# --- A file ------------------------------------------------------------------------------------------------------
class FileForm(PieceForm):
    berkas = forms.FileField(
        label="Berkas instrumen (JSON)",
        allow_empty_file=True,
        help_text=f"Berkas yang diunduh dari portal, paling besar {BYTES_AT_MOST // 1024} KB.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": "Pilih berkas instrumen."},
    )

    def clean_berkas(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["berkas"]
        if (upload.size or 0) > BYTES_AT_MOST:
            raise ValidationError(too_large(upload.size or 0).for_reader)
        return upload
