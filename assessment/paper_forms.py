"""What the pages of paper sheets read: the scan, the choice by the scan, and why one is called off."""

from collections.abc import Sequence
from typing import Any

from django import forms

from files.forms import FileField, FormWithFiles

from .panel_forms import REASON_AT_MOST
from .papers import Difference


class ScanForm(FormWithFiles):
    file = FileField(
        label="Pindaian lembar kertas",
        help_text="Satu PDF, atau satu foto bila lembarnya satu halaman. Semua angka dan catatan harus terbaca.",
    )


class ChoicesForm(forms.Form):
    """For each cell that was read otherwise, the entry that agrees with the scan; what is left open stays open."""

    use_required_attribute = False

    def __init__(self, *args: Any, differences: Sequence[Difference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in differences:
            cell = "Skor" if one.cell == "points" else "Catatan"
            self.fields[one.key] = forms.TypedChoiceField(
                label=f"Indikator {one.number}, {cell.lower()}: {one.name}",
                choices=[
                    (entry.place, f"Entri {entry.place}: {text or '(kosong)'}")
                    for entry, text in one.readings
                ],
                coerce=int,
                required=False,
                empty_value=None,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Pilih entri 1 atau entri 2."},
            )

    def chosen(self) -> dict[str, int]:
        return {name: place for name, place in self.cleaned_data.items() if place is not None}


class DiscardForm(forms.Form):
    reason = forms.CharField(
        label="Alasan pembatalan",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Misalnya: pindaian tidak terbaca, atau kedua entri tidak sesuai dengan pindaian.",
    )
