"""The secretariat's pages of screening: /seleksi/."""

from django.http import Http404, HttpRequest, HttpResponse


def queue(request: HttpRequest) -> HttpResponse:
    raise Http404


def screening(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def sample(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
