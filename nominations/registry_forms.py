"""The forms of the registry: sentra, IKM and products, to be registered or corrected."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from regions.models import Regency

from .drafts import NIB_TAKEN
from .fields import STILL_HERE, STORED, Choice, DraftForm, LaterDay, Nib, ShortText, WholeNumber
from .models import CommodityGroup, Ikm, Product, Sentra
from .repair_forms import reason_field

FIRST_YEAR = 1800


def _not_ahead(day: Any) -> Any:
    if day is not None and day > timezone.localdate():
        raise ValidationError(f"Tanggal SK belum tiba. Periksa tahunnya. {STORED}", code="ahead")
    return day


class SentraForm(DraftForm):
    """What is kept of a sentra. Only its name cannot wait."""

    CODES = {name: f"sentra.{name}" for name in ("name", "decree_number", "decree_date")}

    name = forms.CharField(label="Nama sentra", max_length=160)
    decree_number = ShortText(
        label="Nomor SK sentra",
        max_length=100,
        help_text="Nomor keputusan bupati atau wali kota yang menetapkan sentra ini.",
    )
    decree_date = LaterDay(label="Tanggal SK sentra")
    village = forms.CharField(label="Desa atau kelurahan", max_length=100, required=False)
    district = forms.CharField(label="Kecamatan", max_length=100, required=False)

    def __init__(self, *args: Any, sentra: Sentra | None = None, **kwargs: Any) -> None:
        if sentra is not None:
            kwargs.setdefault("initial", {name: getattr(sentra, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)

    def clean_decree_date(self) -> Any:
        return _not_ahead(self.cleaned_data["decree_date"])


class IkmForm(DraftForm):
    """What is kept of an IKM that is there. Only its name cannot wait."""

    CODES = {
        **{name: f"ikm.{name}" for name in ("name", "nib", "started_year", "village", "district")},
        "sentra": "sentra.name",
    }

    name = forms.CharField(label="Nama IKM", max_length=160, help_text="Seperti tertulis pada NIB.")
    nib = Nib()
    sentra = Choice(label="Sentra IKM", queryset=Sentra.objects.none(), empty_label="Belum terdaftar")
    started_year = WholeNumber(label="Tahun mulai berproduksi", least=FIRST_YEAR, most=2100)
    village = forms.CharField(label="Desa atau kelurahan", max_length=100, required=False)
    district = forms.CharField(label="Kecamatan", max_length=100, required=False)

    def __init__(self, *args: Any, ikm: Ikm, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(ikm, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.ikm = ikm
        self.fields["sentra"].queryset = Sentra.objects.filter(regency=ikm.regency_id).order_by("name", "pk")
        year = self.fields["started_year"]
        year.most = timezone.localdate().year
        year.widget.attrs["class"] = "short"
        self.fields["nib"].widget.attrs["class"] = "medium"

    def clean_nib(self) -> str | None:
        nib: str | None = self.cleaned_data["nib"]
        if nib and Ikm.objects.filter(nib=nib).exclude(pk=self.ikm.pk).exists():
            raise ValidationError(f"{NIB_TAKEN} {STORED}", code="taken")
        return nib


class NewIkmForm(forms.Form):
    """An IKM to be registered; `seen` names the likely duplicates that the officer was shown before."""

    use_required_attribute = False

    regency = forms.ModelChoiceField(
        label="Kabupaten/kota", queryset=Regency.objects.none(), empty_label="Pilih kabupaten/kota"
    )
    name = forms.CharField(label="Nama IKM", max_length=160, help_text="Seperti tertulis pada NIB.")
    nib = Nib(kept=STILL_HERE)
    sentra = Choice(label="Sentra IKM", queryset=Sentra.objects.none(), empty_label="Belum terdaftar")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, regencies: Sequence[Regency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regencies = regencies
        codes = [regency.pk for regency in regencies]
        self.fields["sentra"].queryset = Sentra.objects.filter(regency__in=codes).order_by("name", "pk")
        self.fields["nib"].widget.attrs["class"] = "medium"
        if len(regencies) == 1:
            del self.fields["regency"]
        else:
            self.fields["regency"].queryset = Regency.objects.filter(pk__in=codes).order_by("code")

    def clean(self) -> None:
        sentra, regency = self.cleaned_data.get("sentra"), self.cleaned_data.get("regency", self.regencies[0])
        if sentra is not None and regency is not None and sentra.regency_id != regency.pk:
            self.add_error("sentra", f"Sentra ini berada di kabupaten/kota lain. {STILL_HERE}")

    def regency_chosen(self) -> Regency:
        chosen: Regency = self.cleaned_data.get("regency", self.regencies[0])
        return chosen

    def ikm_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "nib", "sentra")}

    def ids_seen(self) -> set[str]:
        return set(self.cleaned_data["seen"].split(","))

    def refuse_nib(self) -> None:
        self.add_error("nib", f"{NIB_TAKEN} {STILL_HERE}")


class ProductForm(forms.Form):
    use_required_attribute = False

    name = forms.CharField(
        label="Nama produk", max_length=160, help_text="Satu produk, seperti dikenal pembeli."
    )
    group = forms.ModelChoiceField(
        label="Kelompok komoditas", queryset=CommodityGroup.objects.none(), empty_label="Pilih kelompok"
    )

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        if product is not None:
            kwargs.setdefault("initial", {"name": product.name, "group": product.group_id})
        super().__init__(*args, **kwargs)
        offered = Q(is_active=True) | Q(pk=product.group_id if product else None)
        self.fields["group"].queryset = CommodityGroup.objects.filter(offered)


class MergeForm(forms.Form):
    """Why two records are of one IKM."""

    use_required_attribute = False
    reason = reason_field("Bagaimana Anda tahu keduanya sama? Disimpan dalam riwayat.")
