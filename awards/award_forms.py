"""Forms of one award: the request for clarification, its answer and its end, and a certificate issued again."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from files.forms import FileField, FormWithFiles
from files.models import StoredFile

from . import clarification_letter, reissue, revocation


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


def _text(label: str, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=4000, widget=widget, help_text=help_text)


class AskForm(_Form):
    about = _text("Informasi yang diterima", "Dikirim kepada dinas. Jangan menulis NIK atau NPWP.")
    days = forms.IntegerField(
        label="Dijawab dalam (hari kerja)", min_value=1, max_value=60, initial=revocation.ANSWER_DAYS
    )
    letter_number = forms.CharField(
        label="Nomor surat",
        max_length=60,
        required=False,
        help_text="Menurut register naskah; boleh menyusul.",
    )
    signatory_office = forms.CharField(label="Jabatan penanda tangan surat", max_length=120, required=False)
    signatory_name = forms.CharField(label="Nama penanda tangan surat", max_length=120, required=False)


class LetterForm(FormWithFiles):
    """The letter's next step: its number and who signs; with the signed PDF it is sent."""

    use_required_attribute = False

    letter_number = forms.CharField(
        label="Nomor surat",
        max_length=60,
        help_text="Menurut register naskah.",
        error_messages={"required": "Isi nomor surat menurut register naskah."},
    )
    signatory_office = forms.CharField(label="Jabatan penanda tangan surat", max_length=120, required=False)
    signatory_name = forms.CharField(label="Nama penanda tangan surat", max_length=120, required=False)
    signed = FileField(
        label="Surat bertanda tangan",
        kinds=clarification_letter.KINDS,
        required=False,
        help_text="Satu PDF, paling besar 20 MB. Setelah diunggah, surat disampaikan dan tidak dapat diubah.",
    )


class AnswerForm(FormWithFiles):
    use_required_attribute = False

    text = _text("Penjelasan penerima", "Dikirim sekali. Jangan menulis NIK atau NPWP.")
    evidence_1 = FileField(label="Bukti pertama", required=False)
    evidence_2 = FileField(label="Bukti kedua", required=False)
    evidence_3 = FileField(label="Bukti ketiga", required=False)

    def evidence(self) -> list[StoredFile]:
        """The files that were sent, of a valid form."""
        given = (self.cleaned_data[name] for name in ("evidence_1", "evidence_2", "evidence_3"))
        return [file for file in given if file is not None]


class EndForm(_Form):
    outcome = forms.ChoiceField(
        label="Akhir klarifikasi",
        widget=forms.RadioSelect,
        choices=[("tetap", "Penghargaan tetap"), ("dicabut", "Susun rancangan SK pencabutan")],
    )
    reason = _text("Alasan", "Untuk pencabutan: tercetak pada SK dan tampil pada halaman verifikasi.")


class ReissueForm(_Form):
    cause = forms.ChoiceField(label="Sebab", widget=forms.RadioSelect, choices=list(reissue.CAUSES.items()))
    name = forms.CharField(
        label="Nama pada piagam baru",
        max_length=160,
        required=False,
        help_text="Kosongkan bila piagam hilang.",
    )
    reason = _text("Alasan")


class LateCertificatesForm(_Form):
    use_required_attribute = False

    rests_on = forms.CharField(
        label="Dasar keputusan",
        max_length=120,
        help_text="Jenis, nomor, dan tanggalnya, misalnya “Keputusan Menteri Perindustrian Nomor 5 Tahun 2026”.",
    )
    on = forms.DateField(
        label="Tanggal piagam", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(label="Diterbitkan di", max_length=60)
    signatory_office = forms.CharField(label="Jabatan yang menandatangani", max_length=120)
    signatory_name = forms.CharField(
        label="Nama yang menandatangani", max_length=120, help_text="Tanpa gelar."
    )
    reason = _text("Alasan", "Paling sedikit 30 huruf. Tercatat dalam riwayat SK.")
