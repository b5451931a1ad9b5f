"""Forms of /pesan/: the count that releases a mailing to many, and sending again."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class ReleaseForm(forms.Form):
    """The number that a person has counted: the last look before messages go to many."""

    counted = forms.IntegerField(
        label="Berapa pesan yang Anda lepas?",
        min_value=0,
        max_value=1_000_000,
        help_text="Tulis jumlah yang tertera di atas. Bila berbeda, tidak ada yang dikirim.",
        error_messages={"required": "Tulis jumlah pesannya.", "invalid": "Tulis jumlahnya dengan angka."},
        widget=forms.NumberInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "short"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class ResendForm(forms.Form):
    """How often the page said that it had been sent again: a double click sends once."""

    times_before = forms.IntegerField(min_value=0, max_value=10_000)
