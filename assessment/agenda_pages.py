"""The secretariat calls a new session on published results: /pleno/panggil/<tahun>/."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from nominations.models import Nomination, Objection, Round

from . import agenda
from .refusals import Refused


class CallForm(forms.Form):
    """The upheld objections that wait, each ticked at first; further nominations by their numbers."""

    objected = forms.ModelMultipleChoiceField(
        label="Sanggah yang diterima",
        queryset=Objection.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    further = forms.CharField(
        label="Usulan lain yang dinilai ulang",
        required=False,
        max_length=400,
        help_text="Nomor usulan, dipisahkan koma. Kosongkan bila tidak ada.",
    )
    reason = forms.CharField(
        label="Alasan", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Tuliskan alasan memanggil sidang pleno baru."},
    )  # fmt: skip

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round_
        waiting = [objection.pk for objection in agenda.to_be_called(round_)]
        field = self.fields["objected"]
        field.queryset = Objection.objects.with_names().filter(pk__in=waiting).order_by("answered_at", "pk")
        field.initial = waiting
        field.label_from_instance = lambda one: (
            f"{one.nomination}: {one.nomination.product.name}, {one.nomination.product.ikm.name}"
        )

    def clean_further(self) -> list[Nomination]:
        numbers = [part.strip() for part in self.cleaned_data["further"].split(",") if part.strip()]
        found = {one.number: one for one in Nomination.objects.filter(round=self.round, number__in=numbers)}
        if missing := [number for number in numbers if number not in found]:
            raise forms.ValidationError(f"Tidak ada usulan periode {self.round.pk} bernomor {missing[0]}.")
        return [found[number] for number in dict.fromkeys(numbers)]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ASSIGN)
def call_session(request: HttpRequest, year: int) -> HttpResponse:
    """Choose what the new session decides again, with the reason; the chair opens it."""
    round_ = get_object_or_404(Round, pk=year)
    form = CallForm(request.POST if request.method == "POST" else None, round_=round_)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            items = agenda.call_session(
                round_, objected=data["objected"], reassessed=data["further"], reason=data["reason"],
                by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request, f"Sidang pleno baru dipanggil untuk {len(items)} usulan. Ketua dapat membukanya."
            )
            return redirect("plenary")
    called = agenda.waiting(round_).select_related("nomination__product__ikm").order_by("pk")
    return render(
        request,
        "assessment/agenda_call.html",
        {
            "round": round_,
            "form": form,
            "called": called,
            "has_objections": bool(form.fields["objected"].initial),
            "breadcrumb": [{"label": "Sidang pleno", "url": reverse("plenary")}],
        },
    )
