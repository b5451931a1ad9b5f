"""The edge of publication set for later: /penghargaan/<id>/jadwal/."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import needs
from accounts.roles import Right
from letters.wording import instant_for_reader

from . import breadcrumbs, publication, rules, schedule
from .decrees import Refused
from .forms import ScheduleForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SIGN_DECREE)
def decree_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or change the instant at which the portal publishes by itself."""
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk, issued_at__isnull=False)
    form = ScheduleForm(request.POST or None, initial={"instant": decree.scheduled_at})
    if request.method == "POST" and form.is_valid():
        try:
            decree = schedule.set_instant(
                decree, form.cleaned_data["instant"], by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request, f"Pengumuman dijadwalkan {instant_for_reader(form.cleaned_data['instant'])}."
            )
            return redirect(decree)
    return render(
        request,
        "awards/schedule.html",
        {
            "decree": decree,
            "form": form,
            "missing": publication.missing_certificates(decree),
            "breadcrumb": breadcrumbs.to_decree(decree),
        },
    )


@require_POST
@needs(Right.SIGN_DECREE)
def decree_unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    try:
        schedule.cancel(decree, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, "Jadwal pengumuman dibatalkan. Belum ada yang terlihat masyarakat.")
    return redirect(decree)
