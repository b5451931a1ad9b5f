"""The assessor's pages: /penilaian/."""

from django.http import Http404, HttpRequest, HttpResponse


def queue(request: HttpRequest) -> HttpResponse:
    raise Http404


def pact(request: HttpRequest, year: int) -> HttpResponse:
    raise Http404


def declaration(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def decline(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def save(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def check(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def submit(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
