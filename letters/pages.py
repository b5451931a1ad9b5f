"""The outbox and its log: /pesan/."""

from django.http import Http404, HttpRequest, HttpResponse


def messages(request: HttpRequest) -> HttpResponse:
    raise Http404
