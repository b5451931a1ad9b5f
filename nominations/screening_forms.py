"""Forms of screening: the checklist, its decisions, the product's sample, the search in all nominations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from letters.wording import WIB

from .guards import Refused
from .models import Check, Verdict
from .repair_forms import RepairForm, reason_field
from .screening import Line
from .verdict_forms import note_field, verdict_errors, verdict_field


@dataclass(frozen=True)
class FormLine:
    """One line of the checklist with its two fields, and what the page showed of its verdict when it was opened."""

    line: Line
    verdict: forms.BoundField
    note: forms.BoundField
    # Name and value of the hidden fields: whoever changes a line says what it was.
    seen: tuple[tuple[str, str], ...]
    # The first one that nobody has decided: the next step of the page.
    is_next: bool


class ChecklistForm(forms.Form):
    """
    A verdict and a note for each line. What was changed is found against what the page showed, not against what is
    stored now: two people who work on one checklist do not undo each other's lines.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            code, name = line.requirement.pk, line.requirement.name
            self.fields[f"{code}-hasil"] = verdict_field(name, initial=_verdict_of(line.check))
            self.fields[f"{code}-catatan"] = note_field(name, initial=_note_of(line.check))
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.changed_lines():
            for field, text in verdict_errors(cleaned, line.requirement.pk):
                self.add_error(field, text)
        return cleaned

    def changed_lines(self) -> list[Line]:
        """The lines in which the person changed something."""
        changed = set(self.changed_data)
        return [line for line in self.lines if changed & {f"{line.requirement.pk}-{part}" for part in _PARTS}]

    def typed(self, line: Line) -> tuple[str, str]:
        """Verdict and note of a line; of a form whose line has no error."""
        code = line.requirement.pk
        return str(self.cleaned_data[f"{code}-hasil"]), str(self.cleaned_data[f"{code}-catatan"])

    def has_error_in(self, line: Line) -> bool:
        return any(f"{line.requirement.pk}-{part}" in self.errors for part in _PARTS)

    def was_overtaken(self, line: Line) -> bool:
        """Whether somebody else decided this line after the page had been opened, and otherwise than is typed here."""
        code = line.requirement.pk
        stored = _verdict_of(line.check), _note_of(line.check)
        seen = tuple(
            self.fields[f"{code}-{part}"].to_python(self.data.get(f"initial-{code}-{part}", ""))
            for part in _PARTS
        )
        return stored not in (seen, self.typed(line))

    def refuse(self, line: Line, text: str) -> None:
        self.add_error(f"{line.requirement.pk}-hasil", text)

    def form_lines(self) -> list[FormLine]:
        following = next((line for line in self.lines if line.check is None), None)
        return [
            FormLine(
                line,
                self[f"{line.requirement.pk}-hasil"],
                self[f"{line.requirement.pk}-catatan"],
                (
                    (f"initial-{line.requirement.pk}-hasil", _verdict_of(line.check)),
                    (f"initial-{line.requirement.pk}-catatan", _note_of(line.check)),
                ),
                line is following,
            )
            for line in self.lines
        ]


_PARTS = ("hasil", "catatan")


def _verdict_of(check: Check | None) -> str:
    return check.verdict if check else ""


def _note_of(check: Check | None) -> str:
    return check.note if check else ""


class ReturnForm(RepairForm):
    """A return by the secretariat; what its checklist found is the start of the remarks."""

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, requirements=[line.requirement for line in lines], **kwargs)
        for line in lines:
            if line.check is not None and line.check.verdict != Verdict.MET:
                self.fields[f"perbaikan-dokumen-{line.requirement.pk}"].initial = line.check.note
        self.fields["lewat_provinsi"] = forms.BooleanField(
            label="Perbaikan dikirim lewat provinsi",
            required=False,
            help_text="Tanpa ini, perbaikan langsung kembali ke seleksi administrasi.",
        )


class ReasonForm(forms.Form):
    """One reason; `prefix` keeps the reasons of one page apart."""

    use_required_attribute = False
    alasan = reason_field()

    def __init__(self, *args: Any, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if help_text:
            self.fields["alasan"].help_text = help_text

    def refuse(self, refusal: Refused) -> None:
        self.add_error("alasan" if refusal.code == "reason_missing" else None, refusal.for_reader)


class SampleForm(forms.Form):
    """The product's sample as it came in."""

    use_required_attribute = False
    code = forms.CharField(
        label="Kode contoh", max_length=40, help_text="Seperti tertulis pada label, misalnya C-2026-014."
    )
    received_on = forms.DateField(
        label="Tanggal diterima",
        widget=forms.DateInput(attrs={"type": "date", "class": "medium"}, format="%Y-%m-%d"),
    )
    condition = forms.CharField(
        label="Keadaan",
        max_length=200,
        help_text="Misalnya: utuh, kemasan sedikit penyok, dua dari tiga buah.",
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(at, WIB)

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError("Tanggal diterima tidak boleh sesudah hari ini.")
        return day


def pass_on_form(*args: Any) -> ReasonForm:
    return ReasonForm(
        *args, prefix="terus", help_text="Dibaca dinas dan provinsi, dan disimpan dalam riwayat."
    )


def proposal_form(*args: Any) -> ReasonForm:
    return ReasonForm(
        *args,
        prefix="usul",
        help_text="Dibaca orang kedua di Sekretariat yang memutuskannya; disimpan dalam riwayat.",
    )


def drop_form(*args: Any) -> ReasonForm:
    return ReasonForm(*args, prefix="cabut", help_text="Dibaca rekan Anda; disimpan dalam riwayat.")
