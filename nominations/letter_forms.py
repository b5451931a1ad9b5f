"""Forms of the letters' pages: what is typed around a content, and what each step asks for."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from files.forms import FileField, FormWithFiles
from letters import kinds, letterheads
from letters.models import Letter
from letters.official import NUMBER_LENGTH
from letters.wording import WIB, instant_for_reader

from .instants import WibInstantField
from .letter_drafts import Around
from .letter_matters import Matter
from .models import Round
from .repair_forms import Text, reason_field

_LINES = 12
_LONGEST_LINE = 160
_PDF = frozenset({"application/pdf"})
_INVITING = "Sekretaris Direktorat Jenderal Industri Kecil, Menengah, dan Aneka"


class Lines(Text):
    """Some lines, each one item; empty ones are left out."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, tuple | list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        lines = tuple(line for raw in text.split("\n") if (line := " ".join(raw.split())))
        if len(lines) > _LINES:
            raise ValidationError(f"Paling banyak {_LINES} baris; Anda mengisi {len(lines)}.")
        for line in lines:
            if len(line) > _LONGEST_LINE:
                raise ValidationError(
                    f"Satu baris paling panjang {_LONGEST_LINE} huruf. Persingkat baris “{line[:40]}…”."
                )
        return lines


class Verifiers(Lines):
    """One person a line, "Nama; jabatan", as minutes name them: a name may hold commas, before its titles."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple | list):
            value = [f"{one.name}; {one.position}" for one in value]
        return super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        people = []
        for number, line in enumerate(super().clean(value), start=1):
            name, _, position = (part.strip() for part in line.partition(";"))
            if not name or not position:
                raise ValidationError(f"Baris {number}: tulis nama, titik koma, lalu jabatannya.")
            people.append(kinds.Verifier(name, position))
        return tuple(people)


class Day(forms.DateField):
    """A date as a browser's field gives it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"invalid": "Isi tanggalnya, misalnya 13/03/2026."})
        widget = forms.DateInput(attrs={"type": "date", "class": "medium"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)


# --- What is written ---------------------------------------------------------------------------------------------
class DraftForm(forms.Form):
    """What a letter of this matter asks its writer for; the rest comes from the records."""

    use_required_attribute = False

    def __init__(self, *args: Any, matter: Matter, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter, self.at = matter, at
        {"surat_usulan": self._ask_for_invitation, "berita_acara_provinsi": self._ask_for_verification}.get(
            matter.kind, lambda: None
        )()
        if matter.signatory is None:
            self._ask_who_signs()
        if matter.recipients:
            self.fields["tujuan"] = Lines(
                label="Yth.",
                max_length=1000,
                initial=matter.recipients,
                help_text="Satu baris untuk tiap baris alamat.",
                error_messages={"required": "Tuliskan kepada siapa surat ini ditujukan."},
            )
            self.fields["tembusan"] = Lines(
                label="Tembusan",
                max_length=1000,
                required=False,
                initial=matter.copies,
                help_text="Satu baris untuk tiap penerima.",
            )

    def _ask_for_invitation(self) -> None:
        invitation = self.matter.suggested.get("invitation")
        year = self.matter.suggested["year"]
        given = {
            "pengundang": invitation.position if invitation else _INVITING,
            "nomor_undangan": invitation.number if invitation else "",
            "tanggal_undangan": invitation.date if invitation else None,
            "hal_undangan": invitation.subject if invitation else f"Pengusulan Penghargaan OVOP Tahun {year}",
        }
        self.fields["nomor_undangan"] = Text(
            label="Nomor surat undangan Kementerian",
            max_length=NUMBER_LENGTH,
            initial=given["nomor_undangan"],
            error_messages={"required": "Tuliskan nomor surat yang dijawab surat usulan ini."},
        )
        self.fields["tanggal_undangan"] = Day(
            label="Tanggal surat undangan",
            initial=given["tanggal_undangan"],
            error_messages={
                "required": "Isi tanggal surat undangan.",
                "invalid": "Isi tanggalnya, misalnya 13/03/2026.",
            },
        )
        self.fields["pengundang"] = Text(
            label="Pejabat yang mengundang", max_length=160, initial=given["pengundang"]
        )
        self.fields["hal_undangan"] = Text(
            label="Hal surat undangan", max_length=160, initial=given["hal_undangan"]
        )

    def _ask_for_verification(self) -> None:
        given = self.matter.suggested
        self.fields["bertempat"] = Text(label="Bertempat di", max_length=200, initial=given["venue"])
        self.fields["keadaan_sampai"] = WibInstantField(
            label="Keadaan sampai (WIB)",
            initial=given.get("cut_off"),
            help_text="Jumlah dalam berita acara dihitung pada saat ini.",
            error_messages={
                "required": "Isi saat penghitungan: tanggal dan jam.",
                "invalid": "Isi tanggal dan jam, misalnya 13/03/2026 23.59.",
            },
        )
        self.fields["pemverifikasi"] = Verifiers(
            label="Pemverifikasi",
            max_length=2000,
            initial=given["verifiers"],
            help_text="Satu orang satu baris: nama, titik koma, jabatan. Contoh: Andi Baso, S.T.; Kepala Bidang "
            "Perindustrian",
            error_messages={"required": "Tuliskan paling sedikit satu pemverifikasi."},
        )

    def _ask_who_signs(self) -> None:
        office, day = self.matter.office, timezone.localdate(self.at, WIB)
        officers = office.signing_officers.on(day).order_by("-valid_from", "pk")
        self.fields["penanda_tangan"] = forms.ModelChoiceField(
            label="Ditandatangani oleh",
            queryset=officers,
            initial=officers.first(),
            empty_label=None,
            error_messages={"required": "Pilih pejabat yang menandatangani."},
        )

    def clean_keadaan_sampai(self) -> datetime:
        instant: datetime = self.cleaned_data["keadaan_sampai"]
        if instant > self.at:
            raise ValidationError(
                f"Saat ini baru {instant_for_reader(self.at)}. Pilih saat yang sudah lewat."
            )
        return instant

    def around(self) -> Around:
        """What was typed; of a valid form."""
        given = self.cleaned_data
        typed: dict[str, Any] = {}
        if "nomor_undangan" in given:
            typed["invitation"] = kinds.Invitation(
                position=given["pengundang"],
                number=given["nomor_undangan"],
                date=given["tanggal_undangan"],
                subject=given["hal_undangan"],
            )
        if "pemverifikasi" in given:
            typed |= {
                "venue": given["bertempat"],
                "cut_off": given["keadaan_sampai"],
                "verifiers": given["pemverifikasi"],
            }
        return Around(given.get("penanda_tangan"), given.get("tujuan", ()), given.get("tembusan", ()), typed)


# --- What a step asks --------------------------------------------------------------------------------------------
class NumberForm(forms.Form):
    use_required_attribute = False
    nomor = forms.CharField(
        label="Nomor naskah",
        help_text="Dari buku agenda kantor Anda, persis seperti tertulis di sana.",
        error_messages={"required": "Isi nomor naskah dari buku agenda kantor Anda."},
    )
    tanggal = Day(
        label="Tanggal naskah",
        error_messages={"required": "Isi tanggal naskah.", "invalid": "Isi tanggalnya, misalnya 13/03/2026."},
    )


class SignedForm(FormWithFiles):
    use_required_attribute = False
    berkas = FileField(
        label="Naskah yang sudah ditandatangani",
        kinds=_PDF,
        help_text="PDF; paling besar 20 MB. Berkas ini disimpan apa adanya dan tidak dapat diganti.",
        error_messages={"required": "Pilih PDF naskah yang sudah ditandatangani."},
    )


class LetterReasonForm(forms.Form):
    use_required_attribute = False
    alasan = reason_field("Disimpan dalam riwayat surat dan dibaca semua yang dapat membukanya.")


class ReplaceForm(LetterReasonForm):
    """Which signed letter takes the place of this one, and why."""

    field_order = ("pengganti", "alasan")

    def __init__(self, *args: Any, choices: list[Letter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pengganti"] = forms.ModelChoiceField(
            label="Surat pengganti",
            queryset=Letter.objects.filter(pk__in=[letter.pk for letter in choices]).order_by("-pk"),
            empty_label=None,
            error_messages={
                "required": "Pilih surat penggantinya.",
                "invalid_choice": "Pilih salah satu surat.",
            },
        )
        self.fields["pengganti"].label_from_instance = lambda letter: f"Nomor {letter.number}"
        self.order_fields(self.field_order)


# --- The list ----------------------------------------------------------------------------------------------------
class LetterFilter(forms.Form):
    """Read from the address: whatever it holds that is no choice is left out."""

    cari = forms.CharField(label="Cari nomor, IKM, atau kantor", max_length=80, required=False)
    jenis = forms.ChoiceField(
        label="Jenis",
        required=False,
        choices=[("", "Semua"), *((kind.code, kind.name) for kind in kinds.KINDS.values())],
    )
    keadaan = forms.ChoiceField(
        label="Keadaan", required=False, choices=[("", "Semua"), *Letter.State.choices]
    )
    periode = forms.TypedChoiceField(label="Periode", required=False, coerce=int, empty_value=None)
    kantor = forms.ChoiceField(label="Kantor", required=False)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = Round.objects.order_by("-year").values_list("year", flat=True)
        self.fields["periode"].choices = [("", "Semua"), *((str(year), str(year)) for year in years)]
        self.fields["kantor"].choices = [("", "Semua"), *offices]

    def narrowed(self) -> dict[str, Any]:
        """What is searched for, without what was left empty or is no choice."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def may_be_written(matter: Matter, *, at: datetime) -> str:
    """What the office lacks before it can write: a letterhead, somebody who signs; "" where it lacks nothing."""
    if letterheads.of(matter.office) is None:
        return "Kop surat kantor Anda belum diisi."
    day: date = timezone.localdate(at, WIB)
    if matter.signatory is None and not letterheads.signing_on(matter.office, day):
        return "Belum ada pejabat yang menandatangani untuk kantor Anda pada hari ini."
    return ""
