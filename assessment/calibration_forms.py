"""What the pages of calibration read: the case, a file beside it, whom it is opened to, and the scores."""

from typing import Any

from django import forms

from accounts.models import Person
from files.forms import FileField, FormWithFiles
from nominations.models import CommodityGroup

from .panel_forms import PeopleField


class CaseForm(forms.Form):
    group = forms.ModelChoiceField(
        label="Kelompok komoditas", queryset=CommodityGroup.objects.all(), empty_label="Pilih kelompok"
    )
    title = forms.CharField(
        label="Nama produk latihan", max_length=160, help_text="Produk rekaan, bukan produk yang diusulkan."
    )
    text = forms.CharField(
        label="Uraian usulan latihan",
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Bahan, cara membuat, pemasaran, mutu: cukup untuk memilih jenjang pada setiap indikator. "
        "Jangan memuat data IKM atau orang yang sebenarnya.",
    )

    def __init__(self, *args: Any, has_group: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_group:
            del self.fields["group"]


class CaseFileForm(FormWithFiles):
    file = FileField(label="Dokumen atau foto")
    caption = forms.CharField(label="Keterangan", max_length=200)


class OpenForm(forms.Form):
    people = PeopleField(
        label="Penilai yang menilai usulan latihan ini",
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, assessors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = assessors
        self.fields["people"].label_from_instance = lambda person: person.full_name
