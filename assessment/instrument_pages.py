"""The instruments: /instrumen/."""

from django.http import Http404, HttpRequest, HttpResponse


def instruments(request: HttpRequest) -> HttpResponse:
    raise Http404


def instrument(request: HttpRequest, group: str, version: int) -> HttpResponse:
    raise Http404
