"""A row is there and its content is not, or cannot be read: what a reader is told of it, and who is told besides."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)


def answer(request: HttpRequest, error: OSError, *, name: str, code: str) -> HttpResponse:
    """
    Return a page that says so, 404 because a backup may bring the content back, and log it as an error.

    name: what the reader knows the file by. code: the row's, without anything personal; it stands on the page, in the
    log, and `manage.py check_integrity` names the same row.
    """
    logger.error("stored file cannot be read", extra={"file": code, "error": type(error).__name__})
    page = render(request, "files/missing.html", {"name": name, "code": code}, status=404)
    page.headers["Cache-Control"] = "private, no-store"
    return page
