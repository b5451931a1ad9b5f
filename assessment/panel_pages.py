"""Panels and their people: /panel/."""

from django.http import Http404, HttpRequest, HttpResponse


def panels(request: HttpRequest) -> HttpResponse:
    raise Http404


def panel(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def replace(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
