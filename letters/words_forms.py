"""The form of /pesan/kata/<kode>/: subject and body of a kind of message, and the version that was read before."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from . import mails
from .mails import Kind
from .models import MailTemplate

BODY_AT_MOST = 4000
_SUBJECT_AT_MOST = MailTemplate._meta.get_field("subject").max_length


class WordsForm(forms.Form):
    use_required_attribute = False
    subject = forms.CharField(
        label="Perihal",
        max_length=_SUBJECT_AT_MOST,
        help_text="Satu baris. Setelah isiannya terisi, perihal dipotong pada 78 huruf.",
        error_messages={"required": "Tulis perihalnya."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = forms.CharField(
        label="Isi",
        max_length=BODY_AT_MOST,
        help_text="Sapaan, tautan, dan kaki pesan ditambahkan sendiri oleh portal. Baris kosong memisahkan paragraf.",
        error_messages={"required": "Tulis isinya."},
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    opened_with = forms.IntegerField(min_value=1, max_value=32_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        return body.replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = {name: cleaned.get(name, "") for name in ("subject", "body")}
        for name, problems in mails.problems_in(self.kind, **words).items():
            if name in cleaned:
                self.add_error(name, problems)
        return cleaned


class AgainForm(forms.Form):
    """The newest version when the page was made, so that nobody's words are replaced unseen."""

    opened_with = forms.IntegerField(min_value=1, max_value=32_000)
