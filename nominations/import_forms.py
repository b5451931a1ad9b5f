"""The form of an import: the round, and the table."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .import_table import MAX_BYTES
from .models import Round


class ImportForm(forms.Form):
    use_required_attribute = False

    periode = forms.ModelChoiceField(
        label="Periode", queryset=Round.objects.filter(is_example=False), empty_label="Pilih periode"
    )
    berkas = forms.FileField(
        label="Berkas",
        help_text="CSV atau XLSX menurut templat; paling besar 20 MB dan 5.000 baris.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Pilih berkas yang akan diimpor.",
            "empty": "Berkas ini kosong. Pilih berkas yang berisi tabel.",
        },
    )

    def clean_berkas(self) -> Any:
        given = self.cleaned_data["berkas"]
        if given.size > MAX_BYTES:
            raise ValidationError("Berkas melebihi batas 20 MB. Bagi tabelnya menjadi beberapa berkas.")
        return given

    def content(self) -> bytes:
        """What is in the file, of a valid form."""
        content: bytes = self.cleaned_data["berkas"].read()
        return content
