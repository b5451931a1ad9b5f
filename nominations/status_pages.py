"""The status line of an IKM: the page behind the link (/status/<token>/), and where its dinas makes the link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from . import status_link
from .guards import Refused
from .models import Nomination
from .proposal_access import by_its_office


@never_cache
@require_safe
@login_not_required
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where the nomination stands; the same 404 for a forged link and for one that was replaced."""
    nomination = status_link.find(token)
    if nomination is None:
        return unlisted(render(request, "nominations/status_gone.html", status=404))
    line, meaning = status_link.words(nomination)
    return unlisted(
        render(
            request,
            "nominations/status.html",
            {
                "nomination": nomination,
                "line": line,
                "meaning": meaning,
                "steps": status_link.steps(nomination),
                "zone": nomination.regency.province.zone,
            },
        )
    )


def unlisted(response: HttpResponse) -> HttpResponse:
    """
    A page behind a signed link: no search engine lists it, and no page that is opened from it learns the link. Its forms
    still say which site they come from: under "no-referrer" browsers send "Origin: null", which the check against forged
    forms refuses, be it the IKM's words or an officer's signing out.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "strict-origin"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@by_its_office
def make(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """The link to give to the IKM; making a new one stops the old."""
    if request.method == "POST":
        try:
            status_link.make(nomination, by=request.user, at=request.received_at)
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
        else:
            messages.success(
                request,
                "Tautan status dibuat. Tautan sebelumnya, bila ada, tidak berlaku lagi.",
            )
        return redirect("nomination_status_link", nomination.pk)
    path = status_link.address_of(nomination)
    return render(
        request,
        "nominations/status_link.html",
        {
            "nomination": nomination,
            "link": f"{settings.PORTAL_URL}{path}" if path else "",
            "breadcrumb": [
                {"label": "Usulan", "url": "/usulan/"},
                {"label": nomination.product.name, "url": nomination.get_absolute_url()},
            ],
        },
    )
