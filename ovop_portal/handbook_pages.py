"""/panduan/: open to everyone, so that whoever is asked for help can be sent the address."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import handbook


@require_safe
@login_not_required
def handbook_index(request: HttpRequest) -> HttpResponse:
    roles = request.user.roles() if request.user.is_authenticated else frozenset()
    own, others = handbook.guides_for(roles)
    return render(request, "panduan/index.html", {"own": own, "others": others})


@require_safe
@login_not_required
def handbook_guide(request: HttpRequest, slug: str) -> HttpResponse:
    guide = handbook.BY_SLUG.get(slug)
    if guide is None:
        raise Http404
    return render(request, guide.template, {"guide": guide})


@require_safe
@login_not_required
def public_guide(request: HttpRequest) -> HttpResponse:
    """/panduan/masyarakat/, and /en/panduan/masyarakat/: the guide of whoever has no account."""
    return render(request, "panduan/masyarakat.html", {"guide": handbook.BY_SLUG["masyarakat"]})
