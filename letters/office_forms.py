"""Forms of /surat/kantor/: the letterhead of an office, and one signing officer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Office

from .models import Letter, Letterhead, SigningOfficer

_LINES, _LONGEST_LINE = 6, 120
# How many superiors each capacity names.
_NAMED = {Letter.Capacity.ON_BEHALF: 1, Letter.Capacity.FOR_ATTENTION: 2}


class _Lines(forms.CharField):
    """Lines of text <-> a list."""

    def __init__(self, *, most: int, longest: int, rows: int, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
        self.most, self.longest = most, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("\r\n", "\n").replace("\r", "\n")
        lines = [line for raw in text.split("\n") if (line := " ".join(raw.split()))]
        if len(lines) > self.most:
            raise ValidationError(f"Paling banyak {self.most} baris; Anda mengisi {len(lines)}.")
        for line in lines:
            if len(line) > self.longest:
                raise ValidationError(
                    f"Satu baris paling panjang {self.longest} huruf. Persingkat baris “{line[:40]}…”."
                )
        return lines


class LetterheadForm(forms.Form):
    use_required_attribute = False
    kop = _Lines(
        label="Baris kop surat",
        most=_LINES,
        longest=_LONGEST_LINE,
        rows=5,
        max_length=800,
        help_text="Satu baris untuk tiap baris kop, dari atas: pemerintah daerah atau kementerian, nama kantor, alamat.",
        error_messages={"required": "Tuliskan paling sedikit satu baris kop."},
    )
    tempat = forms.CharField(
        label="Tempat",
        max_length=80,
        help_text="Kota yang tertulis di depan tanggal surat.",
        error_messages={"required": "Tuliskan tempat surat ditulis, misalnya Garut."},
    )

    @staticmethod
    def initial_of(office: Office, letterhead: Letterhead | None) -> dict[str, Any]:
        """What the office wrote before; a first suggestion where it has written nothing."""
        if letterhead is not None:
            return {"kop": letterhead.lines, "tempat": letterhead.place}
        above = {
            Office.Kind.DINAS: f"PEMERINTAH {office.regency}".upper() if office.regency else "",
            Office.Kind.PROVINCE: f"PEMERINTAH PROVINSI {office.province}".upper(),
        }.get(Office.Kind(office.kind), "KEMENTERIAN PERINDUSTRIAN REPUBLIK INDONESIA")
        place = office.regency.name if office.regency else ""
        return {"kop": [line for line in (above, office.name.upper()) if line], "tempat": place}


class SigningOfficerForm(forms.ModelForm):
    use_required_attribute = False
    superiors = _Lines(
        label="Pejabat yang diwakili",
        required=False,
        most=2,
        longest=160,
        rows=2,
        max_length=340,
        help_text="Untuk a.n. satu baris, untuk u.b. dua baris (yang tertinggi lebih dahulu); selain itu kosongkan.",
    )
    # Typed as it is written, with spaces; stored as 18 digits, which the model asks.
    nip = forms.CharField(
        label="NIP",
        required=False,
        max_length=30,
        help_text="18 angka. Kosongkan bila tidak ada.",
        widget=forms.TextInput(attrs={"class": "medium", "inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = (
        "title_before",
        "name",
        "title_after",
        "position",
        "nip",
        "capacity",
        "superiors",
        "valid_from",
        "valid_until",
    )

    class Meta:
        model = SigningOfficer
        fields = (
            "title_before",
            "name",
            "title_after",
            "position",
            "nip",
            "capacity",
            "valid_from",
            "valid_until",
        )
        labels = {
            "name": "Nama tanpa gelar",
            "position": "Jabatan",
            "title_before": "Gelar depan",
            "title_after": "Gelar belakang",
            "capacity": "Bertindak",
            "valid_from": "Menandatangani sejak",
            "valid_until": "Sampai dengan",
        }
        help_texts = {
            "position": "Seperti dicetak di atas tanda tangan, tanpa Plt. atau Plh. di depannya.",
            "valid_until": "Kosongkan selama masih menjabat.",
        }
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date", "class": "medium"}, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs={"type": "date", "class": "medium"}, format="%Y-%m-%d"),
        }
        error_messages = {
            "name": {"required": "Tuliskan nama pejabat tanpa gelar."},
            "position": {"required": "Tuliskan jabatannya."},
            "valid_from": {"required": "Isi sejak kapan pejabat ini menandatangani."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["superiors"].initial = self.instance.superiors
        self.order_fields(self.field_order)

    def clean_nip(self) -> str:
        return "".join(self.cleaned_data["nip"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        superiors, capacity = cleaned.get("superiors"), cleaned.get("capacity")
        if superiors is not None and capacity:
            needed = _NAMED.get(Letter.Capacity(capacity), 0)
            if len(superiors) != needed:
                self.add_error("superiors", self._how_many(capacity, needed))
            self.instance.superiors = superiors
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", "Hari terakhir tidak boleh lebih awal daripada hari pertama.")
        return cleaned

    @staticmethod
    def _how_many(capacity: str, needed: int) -> str:
        if not needed:
            return "Kosongkan: pejabat ini menandatangani atas jabatannya sendiri."
        return f"Untuk {capacity} tulis {needed} jabatan, satu baris satu jabatan."
