"""/penilaian/kepentingan/: interests on record, declared by an assessor or recorded by the secretariat; and how many
assess each nomination of a round (/panel/jumlah/)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from letters.wording import instant_for_reader
from nominations.models import Ikm
from nominations.round_pages import round_asked
from regions.models import Regency

from . import found_late, rules, sizes
from . import interests as domain
from .models import Interest, PanelSize
from .models.sizes import AT_LEAST, AT_MOST
from .panel_forms import REASON_AT_MOST
from .refusals import Refused

_NAMED_AT_MOST = 8
CRUMBS = [{"label": "Kepentingan", "url": "/penilaian/kepentingan/"}]

_whoever_reads = needs(Right.SCORE, Right.ASSIGN, Right.LEAD_PLENARY, Right.READ_ALL)
_whoever_records = needs(Right.SCORE, Right.ASSIGN)


class InterestForm(forms.Form):
    """With whom: a regency, and where it is one IKM there its name or NIB."""

    person = forms.ModelChoiceField(
        label="Penilai", queryset=Person.objects.none(), empty_label="Pilih penilai",
    )  # fmt: skip
    kind = forms.ChoiceField(label="Hubungan", choices=[("", "Pilih hubungan"), *Interest.Kind.choices])
    regency = forms.ModelChoiceField(
        label="Kabupaten/kota",
        queryset=Regency.objects.select_related("province").order_by("province__name", "name"),
        empty_label="Pilih kabupaten/kota",
    )
    ikm = forms.CharField(
        label="Nama IKM atau NIB",
        required=False,
        max_length=160,
        help_text="Kosongkan bila hubungannya dengan seluruh kabupaten/kota itu.",
    )
    note = forms.CharField(
        label="Keterangan",
        required=False,
        max_length=domain.NOTE_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca oleh penilai itu sendiri, Sekretariat, Ketua sidang pleno, dan auditor.",
    )

    def __init__(self, *args: Any, assessors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if assessors is None:
            del self.fields["person"]
        else:
            self.fields["person"].queryset = assessors
            self.fields["person"].label_from_instance = lambda person: person.full_name
        self.fields["regency"].label_from_instance = lambda one: f"{one.full_name}, {one.province.name}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        words = given.get("ikm", "").strip()
        given["with_ikm"] = None
        if not words or "regency" not in given:
            return given
        here = Ikm.objects.filter(regency=given["regency"]).order_by("name", "pk")
        exact = list(here.filter(nib=words)[:2]) or list(here.filter(name__iexact=words)[:2])
        found = exact or (
            list(here.filter(name__icontains=words)[: _NAMED_AT_MOST + 1]) if len(words) > 3 else []
        )
        if len(found) == 1:
            given["with_ikm"] = found[0]
        elif not found:
            self.add_error("ikm", "Tidak ada IKM dengan nama atau NIB itu di kabupaten/kota yang dipilih.")
        else:
            names = "; ".join(one.name for one in found[:_NAMED_AT_MOST])
            self.add_error("ikm", f"Lebih dari satu IKM cocok: {names}. Tulis nama lengkapnya atau NIB-nya.")
        return given


class EndForm(forms.Form):
    reason = forms.CharField(
        label="Alasan", max_length=REASON_AT_MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Dibaca oleh penilai itu sendiri, Sekretariat, Ketua sidang pleno, dan auditor.",
    )  # fmt: skip


@require_safe
@_whoever_reads
def interests(request: HttpRequest) -> HttpResponse:
    """/penilaian/kepentingan/: the own interests, or those of everybody; ended ones stay below."""
    visible = (
        Interest.objects.visible_to(request.user)
        .select_related("person", "ikm__regency", "regency", "recorded_by", "ended_by")
        .order_by("person__name", "person", "pk")
    )
    records = rules.may_assign(request.user)
    return render(
        request,
        "assessment/interests.html",
        {
            "may_record": records or request.user.may(Right.SCORE),
            "records": records,
            "found_late": found_late.rows(request.user),
            "in_force": [_line(one, request.user) for one in visible if one.ended_at is None],
            "ended": [_line(one, request.user) for one in visible if one.ended_at is not None],
        },
    )


def _line(one: Interest, reader: Person) -> dict[str, Any]:
    may_end = rules.may_assign(reader) and one.person_id != reader.pk and one.ended_at is None
    return {
        "interest": one,
        "with": one.with_whom,
        "by": "dinyatakan sendiri"
        if one.recorded_by_id == one.person_id
        else f"dicatat oleh {one.recorded_by.full_name}",
        "may_end": may_end,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_records
def record(request: HttpRequest) -> HttpResponse:
    """/penilaian/kepentingan/baru/: an assessor declares, the secretariat records for somebody."""
    records = rules.may_assign(request.user)
    people = [person.pk for person in rules.assessors(at=request.received_at)] if records else []
    form = InterestForm(
        request.POST if request.method == "POST" else None,
        assessors=Person.objects.filter(pk__in=people).order_by("name", "pk") if records else None,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        ikm = data["with_ikm"]
        try:
            made = domain.record(
                data.get("person") or request.user, data["kind"], ikm=ikm,
                regency=None if ikm else data["regency"], note=data["note"], by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request,
                "Kepentingan tercatat. Undian dan penugasan berikutnya memperhatikannya; penugasan yang terkena dan belum "
                "dikirim ditutup, dan Sekretariat mencari penggantinya.",
            )
            if against := domain.assignments_against(made):
                named = ", ".join(str(one.assessment.nomination) for one in against[:_NAMED_AT_MOST])
                told = f"{len(against)} penilaian sudah dikirim dan terkena: {named}. Berkas dan skornya tertutup."
                messages.warning(
                    request,
                    f"{told} Sekretariat atau Ketua mengeluarkan lembarnya dari nilai di halaman panel; sampai itu sidang "
                    "pleno tidak dapat memutusnya.",
                )
            if count := found_late.sheets_against(made).count():
                messages.warning(
                    request,
                    f"{count} lembar penilai ini sudah dihitung dalam keputusan sidang yang disegel. Tidak ada yang berubah "
                    "dengan sendirinya; Sekretariat dan auditor melihatnya di halaman ini dengan jalan yang ada.",
                )
            return redirect("interests")
    return render(
        request, "assessment/interest_form.html", {"breadcrumb": CRUMBS, "form": form, "records": records}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ASSIGN)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kepentingan/<id>/akhiri/: ends an interest, with a reason; it stays on record."""
    one = get_object_or_404(
        Interest.objects.visible_to(request.user).select_related(
            "person", "ikm__regency", "regency", "recorded_by"
        ),
        pk=pk,
    )
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            domain.end(one, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Kepentingan diakhiri dan tetap tersimpan.")
            return redirect("interests")
    return render(
        request,
        "assessment/interest_end.html",
        {"breadcrumb": CRUMBS, "form": form, "line": _line(one, request.user)},
    )


# --- The size of the panels ----------------------------------------------------------------------------------------
class SizeForm(forms.Form):
    size = forms.IntegerField(
        label="Jumlah penilai tiap usulan",
        min_value=AT_LEAST,
        max_value=AT_MOST,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label="Alasan", max_length=REASON_AT_MOST, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ASSIGN)
def size(request: HttpRequest) -> HttpResponse:
    """/panel/jumlah/: how many assess each nomination of the round, and what it was before."""
    round_ = round_asked(request)
    if round_ is None:
        return redirect("panels")
    now = rules.panel_size(round_)
    form = SizeForm(request.POST if request.method == "POST" else None, initial={"size": now})
    if request.method == "POST" and form.is_valid():
        try:
            sizes.set_size(round_, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request,
                f"Setiap usulan periode {round_.pk} dinilai oleh {form.cleaned_data['size']} penilai.",
            )
            return redirect(f"{reverse('panels')}?periode={round_.pk}")
    return render(
        request,
        "assessment/panel_size.html",
        {
            "is_settled": sizes.is_settled(round_),
            "breadcrumb": [{"label": "Panel", "url": f"{reverse('panels')}?periode={round_.pk}"}],
            "round": round_,
            "now": now,
            "form": form,
            "columns": [
                {"label": "Sejak"},
                {"label": "Penilai", "numeric": True},
                {"label": "Alasan"},
                {"label": "Oleh"},
            ],
            "rows": [
                [instant_for_reader(one.at), one.size, one.reason, one.by.full_name]
                for one in PanelSize.objects.filter(round=round_).select_related("by")
            ],
        },
    )
