"""What the last-minute benchmark looks through: a header with the instant at which a request was received."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "X-Received-At"


class TellReceipt:
    """Right behind the stamp itself; only in bench/watched_settings.py."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response[HEADER] = request.received_at.isoformat()
        return response
