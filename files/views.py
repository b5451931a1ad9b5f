"""Opening a file. "Not there" reads the same as "not yours"."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from . import access, missing, pages, serving
from .models import StoredFile


def _openable(request: HttpRequest, pk: uuid.UUID) -> StoredFile:
    stored = StoredFile.objects.filter(pk=pk).first()
    if stored is None or not access.may_open(request.user, stored):
        raise Http404
    return stored


@require_safe
def file_download(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """A picture is shown, in a sandbox, unless ?unduh asks for it to be saved; a PDF is always saved."""
    stored = _openable(request, pk)
    try:
        return serving.answer(
            request,
            stored.path,
            media_type=stored.media_type,
            etag=f'"{stored.sha256}"',
            name=stored.original_name,
            inline=not stored.is_pdf and "unduh" not in request.GET,
        )
    except OSError as error:
        return _not_in_the_store(request, stored, error)


def _not_in_the_store(request: HttpRequest, stored: StoredFile, error: OSError) -> HttpResponse:
    return missing.answer(request, error, name=stored.original_name, code=str(stored.pk))


@require_safe
def file_page(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """One page of a PDF as a picture; 422 with a sentence where it cannot be drawn."""
    stored = _openable(request, pk)
    if stored.pages is None or not 1 <= number <= stored.pages:
        raise Http404
    if not stored.path.is_file():
        return _not_in_the_store(request, stored, FileNotFoundError())
    try:
        path = pages.picture_of(stored, number)
    except pages.NotDrawn:
        return HttpResponse(
            "Halaman ini tidak dapat digambar. Buka berkas aslinya.",
            status=422,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "private, no-store"},
        )
    return serving.answer(
        request,
        path,
        media_type="image/png",
        etag=f'"{stored.sha256}-{number}"',
        name=f"{stored.original_name}-{number}.png",
        inline=True,
    )
