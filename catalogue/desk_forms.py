"""Forms of what the secretariat shows of an awarded product."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from .shown_models import SellingPlace


class PhotoForm(forms.Form):
    foto = forms.ChoiceField(label="Foto dari usulan", widget=forms.RadioSelect)
    keterangan = forms.CharField(
        label="Apa yang tampak pada foto?",
        max_length=200,
        help_text="Dibacakan oleh pembaca layar. Tanpa nama orang.",
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["foto"].choices = choices
        self.helper = FormHelper()
        self.helper.form_tag = False


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
