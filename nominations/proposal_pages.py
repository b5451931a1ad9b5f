"""The dinas' pages: /usulan/, from the empty list to the receipt."""

from django.http import Http404, HttpRequest, HttpResponse


def proposals(request: HttpRequest) -> HttpResponse:
    raise Http404


def begin(request: HttpRequest) -> HttpResponse:
    raise Http404


def nomination(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    raise Http404


def documents(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def document_add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    raise Http404


def document_use(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    raise Http404


def document_remove(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    raise Http404


def check(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def submit(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
