"""What the page of a decree's words reads: its lists, one item a line, its level and place; and the signed decree."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from files.forms import FileField, FormWithFiles

from .decree_wording import Words
from .models import Decree, DecreeWording
from .scans import KINDS

_MOST_ITEMS, _LONGEST_ITEM = 40, 1500


class ItemsField(forms.CharField):
    """A list, one item a line; gives the lines that are not empty."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), strip=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in (super().clean(value) or "").splitlines() if line.strip()]
        if self.required and not lines:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(lines) > _MOST_ITEMS:
            raise ValidationError(f"Paling banyak {_MOST_ITEMS} butir; tertulis {len(lines)}.")
        if any(len(line) > _LONGEST_ITEM for line in lines):
            raise ValidationError(f"Satu butir paling panjang {_LONGEST_ITEM} huruf.")
        return lines


class WordingForm(forms.Form):
    """Also the version that the writer had before them, so that two at once are told."""

    use_required_attribute = False

    level = forms.ChoiceField(
        label="Ditetapkan oleh",
        choices=Decree.Level.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Pilih pejabat yang menetapkan SK."},
    )
    place = forms.CharField(label="Ditetapkan di", max_length=60)
    considering = ItemsField(
        label="Menimbang",
        rows=9,
        help_text="Satu butir satu baris; huruf a, b, dan seterusnya diberi sendiri.",
        error_messages={"required": "Isi pertimbangan, satu butir satu baris."},
    )
    recalling = ItemsField(
        label="Mengingat",
        rows=6,
        help_text="Dasar hukum yang masih berlaku, satu butir satu baris, menurut tingkat lalu tahun.",
        error_messages={"required": "Isi dasar hukum, satu butir satu baris."},
    )
    noting = ItemsField(label="Memperhatikan", rows=3, required=False, help_text="Boleh kosong.")
    copies_to = ItemsField(label="Salinan disampaikan kepada", rows=4, required=False)
    certifier = forms.CharField(label="Jabatan yang mengesahkan salinan", max_length=120)
    certifier_name = forms.CharField(
        label="Nama yang mengesahkan salinan", max_length=120, required=False, help_text="Tanpa gelar."
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, decree: Decree, words: DecreeWording, **kwargs: Any) -> None:
        names = ("considering", "recalling", "noting", "copies_to", "certifier", "certifier_name")
        initial = {name: getattr(words, name) for name in names}
        initial |= {"level": decree.level, "place": decree.place, "seen": words.version}
        super().__init__(*args, **{**kwargs, "initial": initial})
        if decree.kind != Decree.Kind.ESTABLISHING:
            # By the same level as the decree that it changes or revokes.
            self.fields["level"].required = False
            self.fields["level"].widget = forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.form_tag = False

    def words(self) -> Words:
        """What was written, of a valid form."""
        given = self.cleaned_data
        return Words(
            given["considering"],
            given["recalling"],
            given["noting"],
            given["copies_to"],
            given["certifier"],
            given["certifier_name"],
        )


class ScanForm(FormWithFiles):
    scan = FileField(
        label="SK bertanda tangan",
        kinds=KINDS,
        help_text="Satu PDF, hasil pindai atau bertanda tangan elektronik; paling besar 20 MB.",
    )
