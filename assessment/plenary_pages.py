"""The plenary: /pleno/."""

from django.http import Http404, HttpRequest, HttpResponse


def board(request: HttpRequest) -> HttpResponse:
    raise Http404


def open_session(request: HttpRequest) -> HttpResponse:
    raise Http404


def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def decide(request: HttpRequest, pk: int, nomination: int) -> HttpResponse:
    raise Http404


def seal(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
