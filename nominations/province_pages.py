"""The province's pages: /verifikasi-provinsi/."""

from django.http import Http404, HttpRequest, HttpResponse


def queue(request: HttpRequest) -> HttpResponse:
    raise Http404


def endorsement(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
