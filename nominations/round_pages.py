"""Rounds and their phases: /periode/."""

from django.http import Http404, HttpRequest, HttpResponse


def rounds(request: HttpRequest) -> HttpResponse:
    raise Http404


def round_begin(request: HttpRequest) -> HttpResponse:
    raise Http404


def round_page(request: HttpRequest, year: int) -> HttpResponse:
    raise Http404


def phase_extend(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    raise Http404
