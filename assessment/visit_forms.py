"""What the pages of visits read: a plan, a filter, and the form of the visit without and with a script."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime

from files.forms import FileField, FormWithFiles
from files.limits import PICTURES
from nominations.models import CommodityGroup, Round

from . import instruments
from .models import Assignment, Finding, Instrument, Visit
from .panel_forms import REASON_AT_MOST
from .scoring_forms import NoteField
from .visits import NOTE_AT_MOST, TEXT_AT_MOST, About, Write

_TEXTS = {
    "met_name": ("Nama pihak IKM yang ditemui", 120),
    "met_position": ("Kedudukannya di IKM", 120),
    "officer": ("Petugas dinas yang hadir (bila ada)", 120),
    "samples": ("Contoh produk yang diterima (jumlah dan jenis, bila ada)", 300),
}


class TeamField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, one: Assignment) -> str:
        return f"{one.assessor.full_name}, {one.office.name}"


class PlanForm(forms.Form):
    on = forms.DateField(
        label="Tanggal kunjungan", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    position = forms.IntegerField(
        label="Urutan pada rute hari itu",
        min_value=1,
        max_value=50,
        initial=1,
        help_text="1 untuk yang pertama.",
    )
    place = forms.CharField(label="Tempat produksi", max_length=200)
    team = TeamField(
        label="Tim kunjungan",
        queryset=Assignment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Pilih paling sedikit satu anggota tim.",
            "invalid_choice": "Salah satu pilihan tidak lagi dapat mengunjungi. Muat ulang halaman.",
        },
    )

    def __init__(self, *args: Any, team: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = team


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Alasan pembatalan",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Dibaca oleh tim kunjungan, Sekretariat, dan auditor.",
    )


class VisitFilter(forms.Form):
    """The filters of /lapangan/, read from the address; what is not known filters nothing."""

    q = forms.CharField(label="IKM, produk, atau nomor usulan", required=False, max_length=80)
    komoditas = forms.ModelChoiceField(
        label="Komoditas", queryset=CommodityGroup.objects.all(), required=False, empty_label="Semua"
    )
    keadaan = forms.ChoiceField(
        label="Keadaan", required=False, choices=[("", "Semua"), *Visit.State.choices]
    )
    periode = forms.ModelChoiceField(
        label="Periode", queryset=Round.objects.order_by("-year"), required=False, empty_label=None
    )

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PhotoForm(FormWithFiles):
    file = FileField(label="Foto", kinds=PICTURES)
    caption = forms.CharField(label="Keterangan foto", max_length=200)
    indicator = forms.CharField(required=False, max_length=20)
    taken_at = forms.CharField(required=False)
    write = forms.UUIDField(required=False)

    def instant(self, at: datetime) -> datetime:
        return instant_of(self.cleaned_data["taken_at"], at)


class VisitForm(forms.Form):
    """
    The whole form of a visit: `hasil-<code>`, `jenjang-<code>`, `dilihat-<code>`, beside each `versi-<code>` (the
    version that the page was made with) and `awal-<code>` (a digest of what it showed: what was not touched is not
    sent on); and the fields about the visit with `versi`.
    """

    def __init__(self, data: Any = None, *, visit: Visit, instrument: Instrument) -> None:
        super().__init__(data)
        self.codes: list[str] = []
        there = {one.indicator: one for one in visit.findings.all()}
        for number, line in enumerate(instruments.lines(instrument.definition), 1):
            self._add_indicator(number, line, there.get(line["code"]))
        for name, (label, length) in _TEXTS.items():
            self.fields[name] = forms.CharField(
                label=label, max_length=length, required=False, initial=getattr(visit, name)
            )
        self.fields["note"] = NoteField(
            label="Catatan pihak IKM",
            max_length=NOTE_AT_MOST,
            required=False,
            initial=visit.note,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        for name, limit in (("latitude", 90), ("longitude", 180)):
            self.fields[name] = forms.DecimalField(
                required=False, initial=getattr(visit, name), widget=forms.HiddenInput,
                max_digits=8, decimal_places=5, min_value=-limit, max_value=limit,
            )  # fmt: skip
        self.fields["versi"] = forms.IntegerField(
            initial=visit.version, required=False, widget=forms.HiddenInput
        )

    def _add_indicator(self, number: int, line: Mapping[str, Any], there: Finding | None) -> None:
        code = line["code"]
        self.codes.append(code)
        self.fields[f"hasil-{code}"] = forms.ChoiceField(
            label=f"Indikator {number}",
            choices=[("", ""), *Finding.Verdict.choices],
            required=False,
            initial=there.verdict if there else "",
            widget=forms.Select(attrs={"id": f"indikator-{code}"}),
        )
        self.fields[f"jenjang-{code}"] = forms.TypedChoiceField(
            choices=[(level["score"], level["score"]) for level in line["levels"]],
            coerce=int,
            empty_value=None,
            required=False,
            initial=there.points if there else None,
        )
        self.fields[f"dilihat-{code}"] = NoteField(
            label=f"Yang dilihat pada indikator {number}",
            max_length=TEXT_AT_MOST,
            required=False,
            initial=there.text if there else "",
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields[f"versi-{code}"] = forms.IntegerField(
            initial=there.version if there else 0, required=False, widget=forms.HiddenInput
        )

    def digest(self, code: str) -> str:
        """What the page shows now of an indicator, to be sent back as `awal-<code>`."""
        shown = (self.fields[f"{name}-{code}"].initial for name in ("hasil", "jenjang", "dilihat"))
        return _digest(*shown)

    def writes(self, at: datetime) -> list[Write]:
        """The indicators that were touched, without a script: each a change of its own, noted when it arrived."""
        found = []
        for code in self.codes:
            verdict, points, text = (
                self.cleaned_data.get(f"{name}-{code}") for name in ("hasil", "jenjang", "dilihat")
            )
            if (verdict or text) and _digest(verdict, points, text) != self.data.get(f"awal-{code}"):
                base = self.cleaned_data.get(f"versi-{code}") or 0
                found.append(Write(code, verdict or "", points, text or "", base, uuid.uuid4(), at))
        return found

    def about(self) -> About:
        fields = {name: self.cleaned_data[name] for name in (*_TEXTS, "note", "latitude", "longitude")}
        return About(fields, self.cleaned_data["versi"] or 0)


def _digest(verdict: object, points: object, text: object) -> str:
    whole = f"{verdict or ''}|{'' if points is None else points}|{text or ''}"
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


# --- What a script sends -------------------------------------------------------------------------------------------
class Unreadable(ValueError):
    """What arrived is not what the page's script sends."""


def delivery(data: Any, at: datetime) -> tuple[list[Write], About | None]:
    """
    Read {"writes": [{indicator, verdict, points, text, base, id, at}], "about": {fields…, "base"} or null}.

    Raises Unreadable; whether a value is right is asked by visits.record, one by one.
    """
    try:
        writes = [_write(one, at) for one in data["writes"]]
        about = _about(data["about"]) if data.get("about") else None
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unreadable(str(problem)) from problem
    if len(writes) > 200:
        raise Unreadable("too many")
    return writes, about


def _write(one: Mapping[str, Any], at: datetime) -> Write:
    points = one["points"]
    if points is not None and type(points) is not int:
        raise Unreadable("points")
    return Write(
        str(one["indicator"])[:20],
        str(one["verdict"])[:9],
        points,
        str(one["text"]).replace("\r\n", "\n"),
        int(one["base"]),
        uuid.UUID(str(one["id"])),
        instant_of(one["at"], at),
    )


def _about(given: Mapping[str, Any]) -> About:
    form = AboutForm(given)
    if not form.is_valid():
        raise Unreadable(", ".join(form.errors))
    fields = dict(form.cleaned_data)
    base = fields.pop("base")
    return About(fields, base)


class AboutForm(forms.Form):
    met_name = forms.CharField(required=False, max_length=120)
    met_position = forms.CharField(required=False, max_length=120)
    officer = forms.CharField(required=False, max_length=120)
    samples = forms.CharField(required=False, max_length=300)
    note = NoteField(required=False, max_length=NOTE_AT_MOST)
    latitude = forms.DecimalField(required=False, max_digits=8, decimal_places=5, min_value=-90, max_value=90)
    longitude = forms.DecimalField(
        required=False, max_digits=8, decimal_places=5, min_value=-180, max_value=180
    )
    base = forms.IntegerField(min_value=0)


def instant_of(text: object, at: datetime) -> datetime:
    """The device's instant; when it arrived where there is none, or one without a zone, or one still to come."""
    try:
        found = parse_datetime(str(text))
    except ValueError:
        return at
    return min(found, at) if found is not None and found.tzinfo is not None else at
