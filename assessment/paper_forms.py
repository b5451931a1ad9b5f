"""What the pages of paper sheets read: the scan, the choice by the scan, and why one is called off."""

from collections.abc import Sequence
from typing import Any

from django import forms

from files.forms import FileField, FormWithFiles

from .panel_forms import REASON_AT_MOST
from .papers import Difference
from .scoring_forms import RelationForm


class ScanForm(FormWithFiles):
    file = FileField(
        label="Pindaian lembar kertas",
        help_text="Satu PDF, atau satu foto bila lembarnya satu halaman. Semua angka dan catatan harus terbaca.",
    )


_ANSWERS = [("tidak", "Tidak mempunyai hubungan"), ("ya", "Mempunyai hubungan")]


class StatementForm(FormWithFiles, RelationForm):
    """What the scan of a signed statement says; `holds_pact` only while the pact of the round is not on record."""

    file = FileField(
        label="Pindaian pernyataan",
        help_text="Satu PDF, atau satu foto bila hanya satu halaman. Tanda tangan dan tanda silang harus terbaca.",
    )
    holds_pact = forms.BooleanField(
        label="Pindaian ini juga memuat pakta integritas yang ditandatangani",
        error_messages={
            "required": "Usulan baru terbuka setelah pakta integritas ditandatangani. Sertakan dalam pindaian."
        },
    )
    field_order = ("file", "holds_pact", "answer", "kind", "text")

    def __init__(self, *args: Any, needs_pact: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_pact:
            del self.fields["holds_pact"]
        answer, kind, text = (self.fields[name] for name in ("answer", "kind", "text"))
        answer.label, answer.choices = "Yang dinyatakan penilai", _ANSWERS
        answer.error_messages["required"] = "Pilih salah satu, sesuai dengan pindaian."
        kind.help_text = "Diisi hanya bila penilai mempunyai hubungan."
        text.help_text = "Seperti tertulis pada pindaian. Dibaca oleh Sekretariat dan auditor saja."

    def said(self) -> dict[str, Any]:
        """As paper_statements.record takes it."""
        return {**super().said(), "holds_pact": self.cleaned_data.get("holds_pact", False)}


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
