"""Who is in the room of a session without a vote: its secretary, members without an account, guests."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right

from . import attendance
from .models import Attendee
from .refusals import Refused
from .session_pages import about, breadcrumb, posted, visible_session

_the_chair = needs(Right.LEAD_PLENARY)


class AttendeeForm(forms.Form):
    """A secretary is chosen, everybody else is written: name and institution."""

    seat = forms.ChoiceField(
        label="Kedudukan", choices=Attendee.Seat.choices, widget=forms.RadioSelect,
        error_messages={"required": "Pilih kedudukannya."},
    )  # fmt: skip
    person = forms.ModelChoiceField(
        label="Sekretaris sidang",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Pilih dari Sekretariat",
        help_text="Hanya untuk kedudukan sekretaris sidang. Ia mencatat yang meninggalkan butir dan namanya tercantum dalam "
        "berita acara.",
    )
    name = forms.CharField(
        label="Nama",
        required=False,
        max_length=attendance.NAME_AT_MOST,
        help_text="Untuk anggota tanpa hak suara dan undangan, yang tidak mempunyai akun.",
    )
    institution = forms.CharField(label="Instansi", required=False, max_length=attendance.NAME_AT_MOST)

    def __init__(self, *args: Any, secretaries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = secretaries
        self.fields["person"].label_from_instance = lambda person: person.full_name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("seat") == Attendee.Seat.SECRETARY:
            if not data.get("person") and "person" not in self.errors:
                self.add_error("person", ValidationError("Pilih sekretaris sidang dari Sekretariat."))
        elif data.get("seat"):
            for name, label in (("name", "nama"), ("institution", "instansi")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(f"Isi {label}nya."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@_the_chair
def attendees(request: HttpRequest, pk: int) -> HttpResponse:
    """/pleno/<sidang>/kehadiran/lain/: who they are, with their hours; the chair adds one."""
    session = visible_session(request, pk)
    form = AttendeeForm(
        posted(request), secretaries=secretaries_of(request), initial={"seat": Attendee.Seat.SECRETARY}
    )
    if request.method == "POST" and form.is_valid():
        try:
            one = attendance.seat_without_vote(
                session, **form.cleaned_data, by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"{one.name} dicatat sebagai {one.get_seat_display().lower()}.")
            return redirect("plenary_attendees", session.pk)
    return render(
        request,
        "assessment/plenary_attendees.html",
        {
            **about(session, request.user),
            "breadcrumb": [
                *breadcrumb(session),
                {"label": "Kehadiran", "url": reverse("plenary_attendance", args=[session.pk])},
            ],
            "form": form,
            "others": attendance.others(session),
        },
    )


@require_POST
@_the_chair
def left(request: HttpRequest, pk: int, attendee: int) -> HttpResponse:
    """One of them leaves the session."""
    session = visible_session(request, pk)
    try:
        attendance.leave_without_vote(session, attendee, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, "Dicatat meninggalkan sidang.")
    return redirect("plenary_attendees", session.pk)


def secretaries_of(request: HttpRequest) -> QuerySet[Person]:
    """As choices: who can be the secretary of a session now."""
    found = [one.pk for one in attendance.secretaries(at=request.received_at)]
    return Person.objects.filter(pk__in=found).order_by("name", "pk")
