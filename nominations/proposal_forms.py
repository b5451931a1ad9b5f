"""The forms of a nomination: its answers part by part, a document with its file, a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Person
from files.forms import FileField, FormWithFiles, tell_files
from files.limits import PICTURES
from regions.models import Regency

from .answers import ANSWERS, Answer
from .documents import Details
from .fields import Day, DraftForm, LongText, WholeNumber
from .models import CommodityGroup, DocumentKind, Nomination
from .registry_forms import NewIkmForm

# The largest that the columns take is far beyond; these are beyond what an IKM can be.
_MOST = {"percent": 100, "people": 100_000, "rupiah": 999_999_999_999_999}
_STORY_ROWS = 12


class AnswersForm(DraftForm):
    """The answers of one part that are columns of the nomination, in the words of answers.py."""

    def __init__(self, *args: Any, nomination: Nomination, part: str, **kwargs: Any) -> None:
        asked = [answer for answer in ANSWERS if answer.part == part and answer.path[0] == "answers"]
        if nomination.product.group_id != "anyaman" and not nomination.wood_or_rattan:
            asked = [answer for answer in asked if answer.code != "wood_or_rattan"]
        kwargs.setdefault("initial", {answer.code: getattr(nomination, answer.code) for answer in asked})
        super().__init__(*args, **kwargs)
        for answer in asked:
            self.fields[answer.code] = field_for(answer)


def field_for(answer: Answer) -> forms.Field:
    """The field that takes this answer; what it refuses is refused in an imported table too."""
    words: dict[str, Any] = {"label": answer.label, "help_text": answer.asks}
    if answer.shape == "yes":
        return forms.BooleanField(required=False, **words)
    words["required"] = bool(answer.lacking)
    if answer.shape in _MOST:
        field = WholeNumber(least=0, most=_MOST[answer.shape], **words)
        field.widget.attrs["class"] = "medium" if answer.shape == "rupiah" else "short"
        return field
    text = LongText(**words)
    if answer.code == "story":
        text.widget.attrs["rows"] = _STORY_ROWS
    return text


class DocumentForm(FormWithFiles):
    """A file with what is written on it, as the flags of its kind ask."""

    use_required_attribute = False

    def __init__(self, *args: Any, kind: DocumentKind, by: Person, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, by=by, at=at, **kwargs)
        self.at = at
        self.fields["file"] = (
            FileField(label=kind.name, kinds=PICTURES) if kind.is_photo else FileField(label="Berkas")
        )
        tell_files(self, by=by, at=at)
        if kind.is_photo:
            self.fields["caption"] = forms.CharField(
                label="Keterangan foto",
                max_length=200,
                help_text="Apa yang terlihat, untuk pembaca yang tidak dapat melihat foto ini.",
                error_messages={"required": "Tuliskan apa yang terlihat pada foto ini."},
            )
            return
        if kind.has_number:
            self.fields["number"] = forms.CharField(
                label="Nomor",
                max_length=100,
                help_text="Seperti tertulis pada dokumen.",
                error_messages={"required": "Tuliskan nomornya seperti pada dokumen."},
            )
            self.fields["issuer"] = forms.CharField(label="Penerbit", max_length=160, required=False)
        self.fields["issued_on"] = Day(label="Tanggal terbit", required=False)
        if kind.has_expiry:
            self.fields["expires_on"] = Day(
                label="Berlaku sampai",
                error_messages={"required": "Tuliskan sampai kapan dokumen ini berlaku."},
            )

    def clean(self) -> None:
        issued, expires = self.cleaned_data.get("issued_on"), self.cleaned_data.get("expires_on")
        if issued and issued > timezone.localdate(self.at):
            self.add_error("issued_on", "Tanggal terbit belum tiba. Periksa tahunnya.")
        if issued and expires and expires < issued:
            self.add_error(
                "expires_on", "Tanggal berlaku lebih awal daripada tanggal terbit. Periksa keduanya."
            )

    def details(self) -> Details:
        """What was written beside the file, of a valid form."""
        data = self.cleaned_data
        return Details(
            number=data.get("number", ""),
            issuer=data.get("issuer", ""),
            issued_on=data.get("issued_on"),
            expires_on=data.get("expires_on"),
            caption=data.get("caption", ""),
        )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Alasan",
        widget=forms.Textarea,
        max_length=2000,
        help_text="Paling sedikit 10 huruf, tanpa NIK atau NPWP. Disimpan dalam riwayat dan dibaca provinsi serta "
        "Sekretariat.",
    )


class NewProposalForm(NewIkmForm):
    """An IKM that is not registered yet and its product, in one short form: enough to start its nomination."""

    product = forms.CharField(label="Nama produk", max_length=160)
    group = forms.ModelChoiceField(
        label="Kelompok komoditas", queryset=CommodityGroup.objects.none(), empty_label="Pilih kelompok"
    )

    def __init__(self, *args: Any, regencies: Sequence[Regency], **kwargs: Any) -> None:
        super().__init__(*args, regencies=regencies, **kwargs)
        self.fields["group"].queryset = CommodityGroup.objects.filter(is_active=True)
