"""What the pages of panels read: who to put on a panel, whom to replace, and why."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Person

from . import rules

REASON_AT_MOST = 1000


def assessors_now(*, at: datetime) -> QuerySet[Person]:
    """As choices: everybody who may assess at `at`."""
    return Person.objects.filter(pk__in=[person.pk for person in rules.assessors(at=at)])


def _reason(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="Alasan",
        max_length=REASON_AT_MOST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PeopleField(forms.ModelMultipleChoiceField):
    """Assessors by their key; whoever is not among them is named as such."""

    default_error_messages = {
        "invalid_choice": "Salah satu pilihan bukan penilai pada saat ini. Muat ulang halaman.",
        "invalid_pk_value": "Salah satu pilihan tidak dikenal. Muat ulang halaman.",
        "required": "Pilih paling sedikit satu penilai.",
    }


class AssignForm(forms.Form):
    people = PeopleField(label="Penilai", queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, assessors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = assessors


class ReplaceForm(forms.Form):
    person = forms.ModelChoiceField(
        label="Penilai pengganti",
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Pilih penilai pengganti.",
            "invalid_choice": "Pilihan itu bukan penilai pada saat ini. Muat ulang halaman.",
        },
    )
    reason = _reason("Dibaca oleh Sekretariat dan auditor.")

    def __init__(self, *args: Any, assessors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = assessors


class ReasonForm(forms.Form):
    """Why somebody is taken off a panel."""

    reason = _reason("Dibaca oleh Sekretariat dan auditor.")


class ReopenForm(forms.Form):
    """Why a sheet that was sent is opened again."""

    reason = _reason(
        "Tersimpan bersama lembar yang dibuka. Dibaca oleh Sekretariat, Ketua sidang pleno, dan auditor."
    )
