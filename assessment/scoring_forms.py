"""What an assessor fills in: the statement on a nomination, the reason for giving it back, the sheet."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.sent_numbers import number_in

from . import instruments
from .assignment import DECLINES
from .models import Assignment, Instrument
from .sheets import NOTE_AT_MOST, Answer

CONFLICT_TEXT_AT_MOST = 2000


class RelationForm(forms.Form):
    """Whether there is a relation, of which kind, and what it is."""

    answer = forms.ChoiceField(
        label="Apakah Anda mempunyai hubungan dengan IKM ini?",
        choices=[("tidak", "Saya tidak mempunyai hubungan"), ("ya", "Saya mempunyai hubungan")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih salah satu."},
    )
    kind = forms.ChoiceField(
        label="Jenis hubungan",
        choices=[("", "Pilih jenis hubungan"), *Assignment.ConflictKind.choices],
        required=False,
        help_text="Diisi hanya bila Anda mempunyai hubungan.",
    )
    text = forms.CharField(
        label="Uraian hubungan",
        required=False,
        max_length=CONFLICT_TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca oleh Sekretariat dan auditor saja.",
    )

    @property
    def has_conflict(self) -> bool:
        return bool(self.cleaned_data["answer"] == "ya")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("answer") == "ya" and "kind" in given and not given["kind"]:
            self.add_error("kind", "Pilih jenis hubungannya.")
        return given

    def said(self) -> dict[str, Any]:
        """As declarations.declare takes it."""
        kept = ("kind", "text")
        return {
            "has_conflict": self.has_conflict,
            **{name: self.cleaned_data[name] if self.has_conflict else "" for name in kept},
        }


class DeclarationForm(RelationForm):
    """The assessor's own; where a relation was already denied, only "mempunyai" is left to say."""

    def __init__(self, *args: Any, is_later: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_later:
            del self.fields["answer"]
            self.fields["kind"].required = True
        self.is_later = is_later

    @property
    def has_conflict(self) -> bool:
        return self.is_later or super().has_conflict

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        says_so = self.is_later or given.get("answer") == "ya"
        if says_so and given.get("kind") == Assignment.ConflictKind.OTHER and not given.get("text"):
            self.add_error("text", "Tuliskan hubungan apa yang dimaksud.")
        return given


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label="Alasan pengembalian tugas",
        choices=[(reason.value, reason.label) for reason in DECLINES],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih salah satu alasan."},
    )


class NoteField(forms.CharField):
    """A note as it is stored: browsers send "\\r\\n" for a line's end, which must not count twice."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class SheetForm(forms.Form):
    """
    A level and a note for each indicator: `skor-<code>`, `catatan-<code>`. What is not sent stays as it is; nor is
    written what equals its twin `awal-<field>`, the value that the page was made with: a page left open in another
    window takes nothing back.
    """

    def __init__(self, data: Any = None, *, instrument: Instrument, answers: Mapping[str, Answer]) -> None:
        super().__init__(data)
        self.codes: list[str] = []
        for number, line in enumerate(instruments.lines(instrument.definition), 1):
            code, there = line["code"], answers.get(line["code"], Answer(None))
            self.codes.append(code)
            levels = [level["score"] for level in line["levels"]]
            self.fields[f"skor-{code}"] = forms.TypedChoiceField(
                label=f"Indikator {number}",
                choices=[(level, level) for level in levels],
                coerce=int,
                empty_value=None,
                required=False,
                initial=there.points,
                # Drawn by partials/score_ladder.html; an error in the summary leads to its fieldset.
                widget=forms.Select(attrs={"id": f"indikator-{code}"}),
                error_messages={
                    "invalid_choice": f"pilih salah satu skor {', '.join(str(level) for level in levels)}."
                },
            )
            self.fields[f"catatan-{code}"] = NoteField(
                label=f"Catatan indikator {number}",
                max_length=NOTE_AT_MOST,
                required=False,
                initial=there.note,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"max_length": f"paling panjang {NOTE_AT_MOST} huruf."},
            )

    def clean(self) -> dict[str, Any]:
        for name in self.data:
            if name.startswith(("skor-", "catatan-")) and name not in self.fields:
                raise forms.ValidationError(
                    f"Indikator {name.partition('-')[2][:20]} tidak ada dalam instrumen usulan ini. Muat ulang halaman; "
                    "skor lain tersimpan."
                )
        return self.cleaned_data

    def points(self) -> dict[str, int | None]:
        """The levels that were chosen anew, by indicator."""
        return self._changed("skor")

    def notes(self) -> dict[str, str]:
        return self._changed("catatan")

    def _changed(self, family: str) -> dict[str, Any]:
        found = {}
        for code in self.codes:
            name = f"{family}-{code}"
            if name in self.data and name in self.cleaned_data and not self._equals_its_twin(name):
                found[code] = self.cleaned_data[name]
        return found

    def _equals_its_twin(self, name: str) -> bool:
        twin = self.data.get(f"awal-{name}")
        if twin is None:
            return False
        field = self.fields[name]
        return field.to_python(twin) == field.to_python(self.data[name])

    def shown(self, code: str) -> int | None:
        """The level that the page marks: what was just sent, else what is stored."""
        return number_in(self[f"skor-{code}"].value())

    def twin(self, name: str) -> str:
        """What the page was made with; sent again when the form comes back with an error."""
        value = self.data.get(f"awal-{name}") if self.is_bound else None
        if value is None:
            value = self.fields[name].initial
        return "" if value is None else str(value)
