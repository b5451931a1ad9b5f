"""Forms of a round: its year, the instants of its phases, a later end with its reason."""

from datetime import datetime
from typing import Any

from django import forms

from .guards import Refused
from .instants import WibInstantField, end_of_day_in
from .models import Phase, Round
from .repair_forms import reason_field

# Days that the form of an extension suggests.
_SUGGESTED_DAYS = 7
Dates = dict[str, tuple[datetime, datetime]]


class RoundForm(forms.Form):
    use_required_attribute = False
    year = forms.IntegerField(
        label="Tahun",
        min_value=2007,
        max_value=2100,
        help_text="Nama periode adalah tahunnya, kapan pun tahapnya berlangsung.",
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={
            "min_value": "Tahun paling awal 2007.",
            "max_value": "Tahun paling akhir 2100.",
            "invalid": "Tuliskan tahun dengan angka, misalnya 2027.",
        },
    )


class PhasesForm(forms.Form):
    """Both instants of every phase that has not begun; a phase without a schedule may stay empty."""

    use_required_attribute = False

    def __init__(self, *args: Any, round_: Round, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = []
        for kind in Phase.Kind:
            phase = round_.phase(kind)
            if phase is not None and phase.opens_at <= at:
                continue
            self.kinds.append(kind)
            for part, label in (("opens", "dibuka"), ("closes", "ditutup")):
                self.fields[f"{kind.value}-{part}"] = WibInstantField(
                    label=f"{kind.label}, {label} (WIB)",
                    initial=phase and getattr(phase, f"{part}_at"),
                    required=phase is not None,
                    error_messages={
                        "required": "Jadwal yang sudah ditetapkan tidak dapat dikosongkan. Ganti tanggalnya.",
                        "invalid": "Isi tanggal dan jam, misalnya 13/03/2026 23.59.",
                    },
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind in self.kinds:
            opens, closes = (cleaned.get(f"{kind.value}-{part}") for part in ("opens", "closes"))
            if bool(opens) == bool(closes) or self._has_error(kind):
                continue
            empty = "closes" if opens else "opens"
            self.add_error(f"{kind.value}-{empty}", "Isi kedua tanggal tahap ini, atau kosongkan keduanya.")
        return cleaned

    def _has_error(self, kind: Phase.Kind) -> bool:
        return any(f"{kind.value}-{part}" in self.errors for part in ("opens", "closes"))

    def changed_dates(self) -> Dates:
        """The phases that were given other instants than they have; of a valid form."""
        changed = set(self.changed_data)
        found: Dates = {}
        for kind in self.kinds:
            names = f"{kind.value}-opens", f"{kind.value}-closes"
            if changed & set(names) and all(self.cleaned_data[name] for name in names):
                opens, closes = (
                    self.cleaned_data[name] if name in changed else self.fields[name].initial
                    for name in names
                )
                found[kind.value] = (opens, closes)
        return found

    def pairs(self) -> dict[str, tuple[forms.BoundField, forms.BoundField]]:
        """Kind -> its two fields."""
        return {
            kind.value: (self[f"{kind.value}-opens"], self[f"{kind.value}-closes"]) for kind in self.kinds
        }


class ExtensionForm(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, phase: Phase, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_at"] = WibInstantField(
            label="Batas baru (WIB)",
            initial=end_of_day_in(_SUGGESTED_DAYS, at=max(phase.closes_at, at)),
            error_messages={"required": "Isi batas baru: tanggal dan jam sesudah batas sekarang."},
        )
        self.fields["reason"] = reason_field(
            "Dibaca semua yang bekerja pada tahap ini dan disimpan dalam riwayat."
        )

    def refuse(self, refusal: Refused) -> None:
        fields = {"reason_missing": "reason", "personal_number": "reason", "not_later": "closes_at"}
        self.add_error(fields.get(refusal.code), refusal.for_reader)
