"""The form of a round that is taken over: its decree as the records have it, and the table of its awards."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from nominations.import_table import MAX_BYTES

from .taking_over import HIGHEST_STAR, Source


class TakeOverForm(forms.Form):
    use_required_attribute = False

    year = forms.IntegerField(
        label="Tahun periode",
        min_value=2007,
        max_value=2100,
        error_messages={"required": "Isi tahun periode yang diambil alih."},
    )
    number = forms.CharField(
        label="Nomor SK",
        max_length=60,
        help_text="Seperti tertulis pada SK, misalnya 14 TAHUN 2018 atau 98/IKM/PER/9/2013.",
        error_messages={"required": "Isi nomor SK."},
    )
    on = forms.DateField(
        label="Tanggal SK",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Isi tanggal SK."},
    )
    maximum_star = forms.TypedChoiceField(
        label="Bintang tertinggi periode itu",
        choices=[(5, "Lima bintang"), (3, "Tiga bintang")],
        coerce=int,
        initial=HIGHEST_STAR,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih bintang tertinggi."},
    )
    table = forms.FileField(
        label="Daftar penghargaan",
        help_text="CSV atau XLSX menurut templat; paling besar 20 MB dan 5.000 baris.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Pilih berkas daftar penghargaan.",
            "empty": "Berkas ini kosong. Pilih berkas yang berisi tabel.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_table(self) -> Any:
        given = self.cleaned_data["table"]
        if given.size > MAX_BYTES:
            raise ValidationError("Berkas melebihi batas 20 MB. Periksa apakah berkas ini memang tabelnya.")
        return given

    def source(self) -> Source:
        """The decree, of a valid form."""
        given = self.cleaned_data
        return Source(given["year"], given["number"].strip(), given["on"], given["maximum_star"])
