"""Forms of decrees and verification."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from .models import Decree


class IssueForm(forms.Form):
    """What the signatory adds to the draft: number, date, the name as it is printed."""

    number = forms.CharField(
        label="Nomor SK",
        max_length=60,
        help_text="Seperti dalam register naskah, misalnya 1214 TAHUN 2026.",
        error_messages={"required": "Isi nomor SK seperti dalam register naskah."},
    )
    on = forms.DateField(
        label="Tanggal SK",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        error_messages={"required": "Isi tanggal SK.", "invalid": "Isi tanggal yang ada."},
    )
    signatory_name = forms.CharField(
        label="Nama yang menetapkan",
        max_length=120,
        help_text="Tanpa gelar.",
        error_messages={"required": "Isi nama pejabat yang menetapkan, tanpa gelar."},
    )
    valid_until = forms.DateField(
        label="Berlaku sampai",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Kosongkan bila tanpa batas, sampai evaluasi berikutnya.",
    )
    rests_on = forms.ChoiceField(
        label="Penetapan ini didasarkan pada",
        choices=Decree.Basis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih dasar penetapan: tanda tangan di portal, atau SK yang diunggah."},
    )

    def __init__(self, *args: Any, decree: Decree, **kwargs: Any) -> None:
        """With a signed decree there is a choice of what it rests on; what only revokes has no term."""
        super().__init__(*args, **kwargs)
        if decree.signed_scan_id is None:
            del self.fields["rests_on"]
        if decree.kind == Decree.Kind.REVOKING:
            del self.fields["valid_until"]
        self.helper = FormHelper()
        self.helper.form_tag = False


class ScheduleForm(forms.Form):
    """The instant of publication, on the clock of WIB."""

    instant = forms.DateTimeField(
        label="Waktu pengumuman (WIB)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"required": "Isi tanggal dan jam pengumuman."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class CodeForm(forms.Form):
    """A verification code as somebody types it from paper."""

    kode = forms.CharField(
        label=gettext_lazy("Kode piagam"),
        max_length=60,
        help_text=gettext_lazy("16 huruf dan angka. Huruf kecil, spasi, dan tanda hubung boleh."),
        error_messages={"required": gettext_lazy("Ketik kode yang tercetak pada piagam.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class SecretForm(forms.Form):
    """A NIK and a secret are typed anew each time: neither comes back with an error."""

    use_required_attribute = False

    nik = forms.CharField(
        label="NIK penanda tangan",
        max_length=24,
        help_text="Yang terdaftar pada BSrE. Tidak disimpan.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": "Isi NIK penanda tangan."},
    )
    passphrase = forms.CharField(
        label="Kode rahasia",
        max_length=200,
        strip=False,
        help_text="Passphrase BSrE. Dipegang di memori proses penanda tangan saja, lalu dilupakan.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Isi kode rahasia."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
