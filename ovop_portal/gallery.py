"""The page /_komponen/: every partial of templates/partials in all its states. Only where DEBUG is on."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from .specimens import Specimen, SpecimenForm, specimens, wrong_form


@login_not_required
def component_gallery(request: HttpRequest) -> HttpResponse:
    """Show every partial in all its states; 404 where DEBUG is off."""
    if not settings.DEBUG:
        raise Http404
    shown: dict[str, list[Specimen]] = {}
    for specimen in specimens():
        shown.setdefault(specimen.partial, []).append(specimen)
    return render(
        request,
        "_komponen.html",
        {
            "shown": list(shown.items()),
            "is_public": False,
            "plain_form": SpecimenForm(),
            "wrong_form": wrong_form(),
        },
    )
