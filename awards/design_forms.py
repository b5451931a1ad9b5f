"""What the page of a round's certificates reads: frame, ornament, colour, a further sentence, the emblem."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from . import designing
from .certificate_looks import COLOURS, FRAMES, ORNAMENT_NAMES
from .designs import Look
from .emblems import Checked, UnusableEmblem


class DesignForm(forms.Form):
    """Also the version that the writer had before them, so that two at once are told."""

    use_required_attribute = False

    frame = forms.ChoiceField(
        label="Bingkai",
        choices=list(FRAMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih bingkai.", "invalid_choice": "Pilih bingkai dari daftar."},
    )
    ornament = forms.ChoiceField(
        label="Ragam hias",
        required=False,
        choices=[("", "Menurut kelompok komoditas"), *ORNAMENT_NAMES.items()],
        error_messages={"invalid_choice": "Pilih ragam hias dari daftar."},
    )
    colour = forms.ChoiceField(
        label="Warna",
        choices=list(COLOURS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih warna.", "invalid_choice": "Pilih warna dari daftar."},
    )
    words = forms.CharField(
        label="Kalimat tambahan",
        max_length=120,
        required=False,
        help_text="Satu baris di bawah dasar SK. Boleh kosong.",
    )
    words_en = forms.CharField(
        label="Kalimat tambahan dalam bahasa Inggris",
        max_length=120,
        required=False,
        help_text="Diisi bila kalimat tambahan diisi.",
    )
    emblem = forms.FileField(
        label="Lambang atau logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".svg,.png,image/svg+xml,image/png"}),
        help_text="Berkas resmi: SVG (paling baik, paling besar 512 KB) atau PNG (paling besar 1 MB; "
        "diperkecil ke ukuran cetaknya). Kosongkan bila tidak berubah.",
    )
    emblem_text = forms.CharField(
        label="Keterangan lambang",
        max_length=120,
        required=False,
        help_text="Dibacakan kepada yang tidak melihat gambar, misalnya “Lambang negara Republik Indonesia”.",
    )
    without_emblem = forms.BooleanField(label="Tanpa lambang", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, look: Look, version: int, **kwargs: Any) -> None:
        names = ("frame", "ornament", "colour", "words", "words_en", "emblem_text")
        initial = {name: getattr(look, name) for name in names} | {"seen": version}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self._before = look.emblem
        if self._before is None:
            del self.fields["without_emblem"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_emblem(self) -> Checked | None:
        upload = self.cleaned_data.get("emblem")
        if not upload:
            return None
        try:
            return designing.read_emblem(upload)
        except UnusableEmblem as refusal:
            raise ValidationError(refusal.for_reader) from None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("words", "words_en", "emblem_text"):
            given[name] = " ".join(given.get(name, "").split())
        if bool(given["words"]) != bool(given["words_en"]):
            empty = "words" if given["words_en"] else "words_en"
            self.add_error(empty, "Isi kalimat tambahan dalam kedua bahasa, atau kosongkan keduanya.")
        if "emblem" in given:
            emblem = given["emblem"] or (None if given.get("without_emblem") else self._before)
            given["emblem"] = emblem
            if emblem and not given["emblem_text"]:
                self.add_error("emblem_text", "Tuliskan apa yang tampak pada lambang.")
        return given

    def look(self) -> Look:
        """What was chosen, of a valid form."""
        given = self.cleaned_data
        emblem = given["emblem"]
        return Look(
            frame=given["frame"],
            ornament=given["ornament"],
            colour=given["colour"],
            words=given["words"],
            words_en=given["words_en"],
            emblem=emblem,
            emblem_text=given["emblem_text"] if emblem else "",
        )
