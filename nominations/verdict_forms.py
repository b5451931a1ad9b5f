"""Three-way verdict with a note: how province and secretariat answer each of their lines."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from .models import Verdict
from .repair_forms import text_area

NOTE_MISSING = "Tuliskan catatan: apa yang tidak sesuai atau belum dapat dipastikan."
VERDICT_MISSING = "Pilih salah satu hasil."


def verdict_field(label: str, *, initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=Verdict.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,
        initial=initial,
        error_messages={"required": VERDICT_MISSING, "invalid_choice": VERDICT_MISSING},
    )


def note_field(about: str, *, initial: str = "") -> forms.CharField:
    """The note of a line; named by its line in the summary of errors, by "Catatan" beside it."""
    field = text_area(f"Catatan untuk {about}", rows=2, **{"class": "form-control"})
    field.initial = initial
    return field


def verdict_errors(cleaned: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    """What is wrong with one line (fields `name`-hasil and `name`-catatan): (field, what to say)."""
    verdict, note = cleaned.get(f"{name}-hasil"), cleaned.get(f"{name}-catatan")
    if verdict and verdict != Verdict.MET and note == "":
        yield f"{name}-catatan", NOTE_MISSING
    if note and verdict == "":
        yield f"{name}-hasil", VERDICT_MISSING
