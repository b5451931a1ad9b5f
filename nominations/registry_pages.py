"""The registry of a region: /potensi/, with its sentra, IKM and products."""

from django.http import Http404, HttpRequest, HttpResponse


def registry(request: HttpRequest) -> HttpResponse:
    raise Http404


def sentra_add(request: HttpRequest) -> HttpResponse:
    raise Http404


def sentra_edit(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def ikm_add(request: HttpRequest) -> HttpResponse:
    raise Http404


def ikm_edit(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def product_add(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404
