"""The form of a place to buy."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from .shown_models import SellingPlace


class PlaceForm(forms.Form):
    jenis = forms.ChoiceField(label="Jenis", widget=forms.RadioSelect, choices=SellingPlace.Kind.choices)
    nama = forms.CharField(label="Nama toko atau lokapasar", max_length=120)
    alamat = forms.URLField(
        label="Alamat halaman",
        max_length=300,
        assume_scheme="https",
        help_text="Diawali https://, langsung ke halaman produk atau tokonya.",
    )
    disetujui = forms.DateField(
        label="Tanggal persetujuan tertulis IKM",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Tanpa persetujuan IKM, tempat membeli tidak boleh ditampilkan (UU 27/2022).",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
