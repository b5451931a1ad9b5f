"""What the pages of the plenary read: opening, attendance, a decision, the seal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import Person
from accounts.sent_numbers import number_in
from nominations.models import Round, State

from .decision_rules import Vote
from .models import REASON_AT_LEAST
from .plenary import REASON_TOO_LONG

_AT_MOST = 999


def _people(label: str, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=_AT_MOST, widget=widget, **kwargs)


class PeopleField(forms.ModelMultipleChoiceField):
    """People by their key; whoever is not among them is named as such."""

    default_error_messages = {
        "invalid_choice": "Salah satu pilihan bukan ketua atau penilai pada saat ini. Muat ulang halaman.",
        "invalid_pk_value": "Salah satu pilihan tidak dikenal. Muat ulang halaman.",
    }


@dataclass(frozen=True)
class PersonRow:
    """One line of the list: who it is, and what is ticked."""

    person: Person
    is_member: bool
    is_present: bool
    is_fixed: bool = False
    hours: str = ""


class AttendanceForm(forms.Form):
    """
    Who has a vote and who is there, one line per person. fixed: who sits in the session already, and
    stays, with the hours so far.

    Whoever is there has a vote; the list is written by `rows`.
    """

    members = PeopleField(queryset=Person.objects.none(), required=False)
    present = PeopleField(queryset=Person.objects.none(), required=False)

    def __init__(
        self, *args: Any, people: Sequence[Person], fixed: Mapping[int, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.fixed = people, fixed or {}
        chosen = Person.objects.filter(pk__in=[one.pk for one in people])
        for name in ("members", "present"):
            self.fields[name].queryset = chosen

    def rows(self) -> list[PersonRow]:
        members, present = (self._ticked(name) for name in ("members", "present"))
        return [
            PersonRow(
                one, one.pk in members, one.pk in present, one.pk in self.fixed, self.fixed.get(one.pk, "")
            )
            for one in self.people
        ]

    def _ticked(self, name: str) -> set[int]:
        ticked = (number_in(one) for one in self[name].value() or ())
        return {one for one in ticked if one is not None}


class OpenForm(AttendanceForm):
    round = forms.ModelChoiceField(label="Periode", queryset=Round.objects.none(), empty_label=None)
    place = forms.CharField(label="Tempat sidang", max_length=120)
    secretary = forms.ModelChoiceField(
        label="Sekretaris sidang",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Dicatat kemudian",
        help_text="Menandatangani berita acara bersama Ketua; tidak mempunyai hak suara.",
    )

    field_order = ["round", "place", "secretary"]

    def __init__(self, *args: Any, secretaries: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds_to_decide()
        chosen = Person.objects.filter(pk__in=[one.pk for one in secretaries])
        self.fields["secretary"].queryset = chosen.order_by("name", "pk")
        self.fields["secretary"].label_from_instance = lambda person: person.full_name


def rounds_to_decide() -> Any:
    """The rounds that have something before a plenary, newest first."""
    called = Q(nominations__agenda__isnull=False, nominations__agenda__plenary=None)
    assessed = Q(nominations__state=State.ASSESSED)
    return Round.objects.filter(assessed | called).distinct().order_by("-year")


class DecisionForm(forms.Form):
    """`seen`: when the decision that the page showed was recorded, "" for none; it is written beside the form."""

    star = forms.TypedChoiceField(
        label="Keputusan sidang", coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "Pilih bintang yang diputuskan sidang."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Alasan",
        required=False,
        max_length=REASON_TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            f"Kosongkan bila sama dengan hitungan. Paling sedikit {REASON_AT_LEAST} huruf bila berbeda, bila suara setuju "
            "tidak lebih dari setengah, atau bila mengoreksi putusan sidang sebelumnya. Masuk berita acara."
        ),
    )
    recused = PeopleField(
        label="Meninggalkan sidang karena benturan kepentingan",
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Pilih yang menyatakannya dalam sidang. Mereka tidak ikut memutus, dan layarnya dikosongkan.",
    )
    in_favour = _people("Setuju", required=False)
    against = _people("Tidak setuju", required=False)
    abstained = _people("Abstain", required=False)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        top_star: int,
        computed_star: int | None,
        staying: Collection[Person] = (),
        **kwargs: Any,
    ) -> None:
        """staying: who is there and not out of this item yet."""
        super().__init__(*args, **kwargs)
        if staying:
            chosen = Person.objects.filter(pk__in=[one.pk for one in staying])
            self.fields["recused"].queryset = chosen.order_by("name", "pk")
        else:
            del self.fields["recused"]
        self.fields["star"].choices = [
            (star, self._label(star, computed_star)) for star in range(top_star, -1, -1)
        ]

    @staticmethod
    def _label(star: int, computed_star: int | None) -> str:
        words = f"Bintang {star}" if star else "Tanpa bintang"
        return f"{words} (menurut hitungan)" if star == computed_star else words

    def clean_seen(self) -> datetime | None:
        text = self.cleaned_data["seen"]
        if not text:
            return None
        try:
            seen = datetime.fromisoformat(text)
        except ValueError:
            seen = None
        if seen is None or seen.tzinfo is None:
            raise forms.ValidationError("Halaman ini tidak lengkap. Muat ulang, lalu catat kembali.")
        return seen

    def clean(self) -> dict[str, Any]:
        """A vote is given whole or not at all; who abstained may stay empty for nobody."""
        data = super().clean() or self.cleaned_data
        given = {name: data.get(name) for name in ("in_favour", "against", "abstained")}
        if any(number is not None for number in given.values()) and not self.errors:
            for name in ("in_favour", "against"):
                if given[name] is None:
                    self.add_error(
                        name, "Isi jumlahnya, atau kosongkan ketiganya bila tidak ada pemungutan suara."
                    )
        return data

    @property
    def vote(self) -> Vote | None:
        """The vote of a valid form; None where there was none."""
        if self.cleaned_data["in_favour"] is None:
            return None
        return Vote(
            self.cleaned_data["in_favour"], self.cleaned_data["against"], self.cleaned_data["abstained"] or 0
        )


class SealForm(forms.Form):
    minutes_number = forms.CharField(
        label="Nomor berita acara",
        max_length=60,
        help_text="Dari buku agenda kantor, misalnya BA/12/IKMA/V/2026.",
    )
