"""The edge of the open figures: the signatory's decision on a decree's page, and the file for everyone."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import needs
from accounts.roles import Right

from . import open_figures, rules
from .decrees import Refused


@require_POST
@needs(Right.SIGN_DECREE)
def open_to_everyone(request: HttpRequest, pk: int) -> HttpResponse:
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    try:
        open_figures.open_to_everyone(decree, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, "Angka penilaian terbuka untuk masyarakat.")
    return redirect(decree)


@require_safe
@login_not_required
def figures_file(request: HttpRequest, year: int) -> HttpResponse:
    """/data/<tahun>/penilaian.json: not there where the round's figures are not open."""
    found = open_figures.entries(year)
    if found is None:
        raise Http404
    return HttpResponse(
        json.dumps(found, ensure_ascii=False, indent=1),
        content_type="application/json",
        headers={
            "Content-Disposition": content_disposition_header(True, f"ovop-penilaian-{year}.json"),
            "Cache-Control": "no-cache",
            "Access-Control-Allow-Origin": "*",
        },
    )
