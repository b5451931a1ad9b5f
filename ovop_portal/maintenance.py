"""
While the file `perawatan` lies in OVOP_DATA_DIR, every page answers 503 with the page that says so; the text in the
file is told to the reader (until when, whom to call). The health addresses and static files go on answering.
"""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

_GO_ON = frozenset({"/healthz", "/readyz", "/metrics"})
_RETRY_AFTER = "300"
_LETTERS_AT_MOST = 300


class Maintenance:
    """Before everything that asks a server: it is meant for the time in which they are away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.sign = Path(settings.DATA_DIR) / "perawatan"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in _GO_ON or not self.sign.exists():
            return self.get_response(request)
        words = self.sign.read_text(encoding="utf-8", errors="replace").strip()[:_LETTERS_AT_MOST]
        page = loader.get_template("503.html").render({"words": words})
        headers = {"Retry-After": _RETRY_AFTER, "Cache-Control": "no-store"}
        return HttpResponse(page, status=503, headers=headers)
