"""Forms of sanggah: what an office objects, what the secretariat answers, the search of its list."""

from datetime import datetime
from typing import Any

from django import forms

from accounts.models import Person
from files.forms import FileField, FormWithFiles

from .guards import REASON_AT_LEAST, Refused
from .models import Objection, Round
from .objections import CONSEQUENCES
from .repair_forms import Text

LONGEST_TEXT = 6000
WAITING, OVERDUE, ANSWERED = "menunggu", "lewat", "dijawab"
_STANDING = {WAITING: "Menunggu jawaban", OVERDUE: "Lewat batas", ANSWERED: "Sudah dijawab"}


def _written(label: str, *, help_text: str, missing: str) -> Text:
    return Text(
        label=label,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=help_text,
        error_messages={"required": f"{missing}, paling sedikit {REASON_AT_LEAST} huruf."},
    )


class ObjectionForm(FormWithFiles):
    """The reasons of an objection, and one file that shows them."""

    use_required_attribute = False
    alasan = _written(
        "Alasan sanggah",
        help_text="Jawab setiap alasan hasil itu. Tanpa NIK atau NPWP. Dibaca provinsi, Kementerian, dan auditor.",
        missing="Tuliskan alasan sanggah",
    )
    bukti = FileField(
        label="Bukti",
        required=False,
        help_text="Satu berkas PDF, JPG, PNG, atau WebP; paling besar 20 MB.",
    )

    def __init__(self, *args: Any, by: Person, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, by=by, at=at, **kwargs)

    def refuse(self, refusal: Refused) -> None:
        of_the_reason = refusal.code in ("reason_missing", "personal_number")
        self.add_error("alasan" if of_the_reason else None, refusal.for_reader)


class AnswerForm(forms.Form):
    """What is decided about an objection, and why; each outcome says what it brings about."""

    use_required_attribute = False
    putusan = forms.ChoiceField(
        label="Putusan",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Pilih putusan atas sanggah ini.",
            "invalid_choice": "Pilih salah satu putusan.",
        },
    )
    jawaban = _written(
        "Jawaban",
        help_text="Pertimbangan atas setiap alasan. Tanpa NIK atau NPWP. Dibaca dinas dan provinsi, dan tidak dapat "
        "diubah setelah terkirim.",
        missing="Tuliskan jawaban dengan pertimbangannya",
    )

    def __init__(self, *args: Any, objection: Objection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["putusan"].choices = [
            (outcome.value, f"{outcome.label}. {CONSEQUENCES[objection.stage, outcome]}")
            for outcome in Objection.Outcome
        ]

    def refuse(self, refusal: Refused) -> None:
        field = {"outcome_missing": "putusan", "reason_missing": "jawaban", "personal_number": "jawaban"}
        self.add_error(field.get(refusal.code), refusal.for_reader)


class ObjectionFilter(forms.Form):
    """What narrows the list of objections; what is not among the choices filters nothing."""

    q = forms.CharField(label="Nomor, produk, IKM, daerah", required=False, max_length=80)
    tahap = forms.ChoiceField(
        label="Sanggah atas", required=False, choices=[("", "Semua"), *Objection.Stage.choices]
    )
    keadaan = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua"), *_STANDING.items()])
    periode = forms.ModelChoiceField(
        label="Periode", queryset=Round.objects.all(), required=False, empty_label="Semua"
    )

    def narrowed(self) -> dict[str, Any]:
        """What was asked for and can be understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def in_words(self) -> dict[str, str]:
        """The same, as a chip says it."""
        labels = dict(Objection.Stage.choices) | _STANDING
        return {name: str(labels.get(value, value)) for name, value in self.narrowed().items()}
