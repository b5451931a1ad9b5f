"""Forms of a product's page in the making."""

from typing import Any

from django import forms
from django.http import QueryDict

from files.forms import FileField, FormWithFiles
from files.limits import PICTURES

from .entry_models import EntryVersion

_NO_CONTACT = "Tanpa nomor telepon, surel, atau alamat situs."


class WordsForm(forms.Form):
    """The words of a version, in both languages."""

    story = forms.CharField(
        label="Cerita produk",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"Sejarah, cara membuat, dan kearifan lokalnya. Pisahkan alinea dengan baris kosong. {_NO_CONTACT}",
    )
    raw_material = forms.CharField(
        label="Bahan baku", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    raw_origin = forms.CharField(
        label="Asal bahan baku",
        max_length=300,
        required=False,
        help_text="Desa, kabupaten, atau daerah asalnya. Bila dibeli dari luar daerah, tuliskan juga.",
    )
    story_en = forms.CharField(
        label="Cerita produk dalam bahasa Inggris",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "en"}),
        help_text="Bila dikosongkan, halaman berbahasa Inggris memuat tulisan Indonesia.",
    )
    raw_material_en = forms.CharField(
        label="Bahan baku dalam bahasa Inggris",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )
    raw_origin_en = forms.CharField(
        label="Asal bahan baku dalam bahasa Inggris",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class PhotoWordsForm(forms.Form):
    alt = forms.CharField(
        label="Apa yang tampak pada foto?",
        max_length=200,
        help_text="Dibacakan oleh pembaca layar. Tanpa nama orang.",
    )
    alt_en = forms.CharField(
        label="Keterangan dalam bahasa Inggris",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )


class PhotoForm(PhotoWordsForm, FormWithFiles):
    """A photo that goes up, or one that was handed in with the nomination."""

    file = FileField(label="Foto", kinds=PICTURES, required=False)
    handed_in = forms.ChoiceField(
        label="Atau pilih foto dari usulan", widget=forms.RadioSelect, required=False
    )
    field_order = ("handed_in", "file", "alt", "alt_en")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices:
            self.fields["handed_in"].choices = [*choices, ("", "Unggah foto baru")]
            self.fields["handed_in"].label = "Foto yang dipakai"
        else:
            del self.fields["handed_in"]
            self.fields["file"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "file" in data and not data["file"] and not data.get("handed_in"):
            self.add_error("file", "Pilih foto, lalu kirim formulir ini lagi.")
        return data


class IkmPhotoForm(forms.Form):
    """A photo by the IKM's link: sent with the form, as parts need an account."""

    file = forms.FileField(
        label="Foto",
        help_text="JPG, PNG, atau WebP; paling besar 20 MB.",
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(PICTURES))}),
        error_messages={"required": "Pilih foto, lalu kirim formulir ini lagi."},
    )
    alt = forms.CharField(
        label="Apa yang tampak pada foto?",
        max_length=200,
        help_text="Dibacakan oleh pembaca layar. Tanpa nama orang.",
    )


class IkmWordsForm(WordsForm):
    """The words as an IKM writes them: the English is its dinas' matter and stays as it is."""

    field_order = ("story", "raw_material", "raw_origin")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("story_en", "raw_material_en", "raw_origin_en"):
            del self.fields[name]


class ReviewForm(forms.Form):
    """What the secretariat decides: shown, or given back with a reason."""

    SHOW, GIVE_BACK = "tampilkan", "kembalikan"
    outcome = forms.ChoiceField(
        label="Putusan",
        widget=forms.RadioSelect,
        choices=[(SHOW, "Tampilkan kepada masyarakat"), (GIVE_BACK, "Kembalikan untuk diperbaiki")],
    )
    reason = forms.CharField(
        label="Yang perlu diperbaiki",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca dinas. Wajib bila halaman dikembalikan.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


def initial_of(entry: EntryVersion) -> dict[str, Any]:
    """What a form of words begins with; an unsaved version (what is shown) counts as none seen."""
    names = [name for name in WordsForm.base_fields if name != "seen"]
    return {**{name: getattr(entry, name) for name in names}, "seen": entry.version if entry.pk else 0}


def beside(form: forms.Form, stored: EntryVersion) -> list[tuple[str, str]]:
    """
    After a refused save: what is stored in each field where something else was typed, as (label, text). The form's next
    save goes over what was read here.
    """
    typed = form.data.dict() if isinstance(form.data, QueryDict) else dict(form.data)
    form.data = {**typed, "seen": str(initial_of(stored)["seen"])}
    return [
        (str(field.label), getattr(stored, name) or "(kosong)")
        for name, field in form.fields.items()
        if name != "seen" and (form.cleaned_data.get(name) or "").strip() != getattr(stored, name)
    ]
