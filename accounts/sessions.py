"""How long a sign-in lasts: prolonged by use, written down at most once a minute, ended for good after a working day."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

WRITTEN_EVERY = 60
_BEGAN, _TOUCHED = "began", "touched"


class ProlongByUse:
    """
    Move the end of a sign-in SESSION_COOKIE_AGE ahead of its last request; after SESSION_AT_MOST it ends in any case.

    Stands behind the authentication and before the guard that keeps reading from writing: this is its one exception.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = _seconds(request.received_at)
            began = request.session.setdefault(_BEGAN, now)
            if now - began >= settings.SESSION_AT_MOST:
                logout(request)
            elif now - request.session.get(_TOUCHED, 0) >= WRITTEN_EVERY:
                request.session[_TOUCHED] = now
        return self.get_response(request)


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
