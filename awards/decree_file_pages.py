"""The decree's PDF: the draft and the papers for the ministry, the salinan for everybody once it is published."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.gates import needs
from files import missing

from . import decree_pdf, rules
from .decrees import Refused
from .models import Decree, DecreeFile


@require_safe
@needs(*rules.MAY_SEE_DECREES)
def decree_draft_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """How the decree would read now, marked RANCANGAN."""
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk, issued_at=None)
    try:
        data = decree_pdf.draft(decree)
    except Refused as refusal:
        return HttpResponse(refusal.for_reader, status=409, content_type="text/plain; charset=utf-8")
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="rancangan-sk-{decree.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@needs(*rules.MAY_SEE_DECREES)
def decree_paper(request: HttpRequest, pk: int, variant: str) -> HttpResponse:
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    response: HttpResponse = _file(
        request, get_object_or_404(DecreeFile, decree=decree, variant=variant, stored=None)
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_not_required
def decree_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The salinan of a published decree; before that it is as if it were not there."""
    decree = get_object_or_404(Decree.objects.published(), pk=pk)
    response: HttpResponse = _file(
        request, get_object_or_404(DecreeFile, decree=decree, variant=DecreeFile.Variant.COPY)
    )
    return response


def _file(request: HttpRequest, paper: DecreeFile) -> Any:
    name = f"{paper.get_variant_display()} SK {paper.decree.number.replace('/', '-')}.pdf"
    try:
        file = decree_pdf.file_of(paper).open("rb")
    except OSError as error:
        return missing.answer(request, error, name=name, code=f"sk-{paper.decree_id}-{paper.variant}")
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response
