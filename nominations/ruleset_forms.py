"""Forms of the rules: a commodity group, a kind of document, a requirement; each with the reason of the change."""

from typing import Any

from django import forms

from .models import CommodityGroup, DocumentKind, Requirement
from .repair_forms import reason_field


def _code_field() -> forms.SlugField:
    return forms.SlugField(
        label="Kode",
        max_length=40,
        help_text="Huruf kecil, angka, dan garis bawah. Dipakai data dan instrumen; tidak dapat diubah lagi.",
    )


class RuleForm(forms.ModelForm):
    """What a row says. A new one has its code; `reason` stands at the end of each."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk in (None, "")
        if self.is_new:
            self.fields = {"code": _code_field(), **self.fields}
        self.fields["reason"] = reason_field("Disimpan dalam riwayat bersama isi sebelum dan sesudahnya.")

    def _post_clean(self) -> None:
        """The row itself is written by ruleset.py, under its lock."""

    def values(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data
        }

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code == "baru" or code != code.lower():
            raise forms.ValidationError("Pakai kode lain, dengan huruf kecil.")
        return code


class GroupForm(RuleForm):
    class Meta:
        model = CommodityGroup
        fields = ("name", "name_en", "ornament", "position", "is_active")
        help_texts = {
            "is_active": "Kelompok yang tidak dipakai lagi tidak ditawarkan untuk produk baru; yang lama tetap.",
            "name_en": "Untuk halaman berbahasa Inggris dan piagam.",
        }


class KindForm(RuleForm):
    class Meta:
        model = DocumentKind
        fields = ("name", "holder", "has_number", "has_expiry", "is_photo", "position", "is_active")
        help_texts = {
            "holder": "Satu berkas dipakai bersama: milik dinas untuk semua usulannya, milik sentra untuk semua IKM-nya.",
        }


class RequirementForm(RuleForm):
    class Meta:
        model = Requirement
        fields = ("name", "basis", "accepts", "groups", "only_for_wood", "position", "is_active")
        labels = {
            "accepts": "Dokumen yang memenuhinya (salah satu)",
            "groups": "Hanya untuk kelompok komoditas",
        }
        help_texts = {
            "groups": "Kosongkan bila untuk semua kelompok.",
            "basis": "Peraturan atau ketentuan yang mendasarinya; dikutip dalam pemberitahuan tidak lolos.",
        }
        widgets = {"accepts": forms.CheckboxSelectMultiple, "groups": forms.CheckboxSelectMultiple}
