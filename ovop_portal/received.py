"""The instant at which the application received the complete request: stamped once, and it decides on deadlines."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class StampReceipt:
    """First of all middlewares. Views hand `request.received_at` down as `at=`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received_at = timezone.now()
        return self.get_response(request)
