"""
Answers of the public's pages, kept in the process and given again until something published changes.

The version (when anything published last changed, how many decrees are public, which day it is) is asked of the
database on each request, so a publication or a revocation is on the next answer, whichever process gives it. It is
looked at before session and sign-in: whoever carries a session goes past it and gets a page of their own.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import timezone
from django.utils.cache import patch_vary_headers

logger = logging.getLogger(__name__)
# What no trigger tells of (a document that is renewed) is on the page after this many seconds.
SECONDS_AT_MOST = 600
BYTES_AT_MOST, BYTES_OF_ONE = 32 * 1024 * 1024, 2 * 1024 * 1024
_WORTH_COMPRESSING = 500
_COMPRESSES = ("text/", "application/", "image/svg+xml")
_NEVER_KEPT = frozenset({"set-cookie", "content-length"})
# Answers to these differ at the same address.
_ASKED_BY = ("HTTP_HX_REQUEST", "HTTP_HX_HISTORY_RESTORE_REQUEST")

Version = tuple[datetime | None, int, date]
Key = tuple[str, ...]


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view whose answer to a visitor depends on nothing but its address, its language and what is published."""
    view.is_kept = True  # type: ignore[attr-defined]
    return view


def not_this_one(request: HttpRequest) -> None:
    """For a view whose answer, this time, depends on the hour too."""
    request.kept_version = None  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Page:
    version: Version
    made_at: float
    headers: tuple[tuple[str, str], ...]
    body: bytes
    compressed: bytes | None
    etag: str


class Store:
    """Pages by key, the one used longest ago going first; safe for threads."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Key) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Key, page: Page) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._size += _size(page)
            while self._size > BYTES_AT_MOST:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0

    def _drop(self, key: Key) -> None:
        gone = self._pages.pop(key, None)
        if gone is not None:
            self._size -= _size(gone)


def _size(page: Page) -> int:
    return len(page.body) + len(page.compressed or b"")


store = Store()


class PublicPages:
    """Before the session is looked at. `OVOP_KEEP_PAGES=0` switches it off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not settings.KEEP_PAGES or _is_somebody(request):
            return self._for_its_reader(request)
        key = _key(request)
        page = store.get(key)
        if page is not None and _still_holds(page):
            return _answer(request, page)
        response = self.get_response(request)
        version = getattr(request, "kept_version", None)
        if version is None or not _may_be_kept(response):
            return response
        page = _page(response, version)
        store.put(key, page)
        return _answer(request, page)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        """Ask for the version before anything is read: what is published in between makes it old, never wrong."""
        if getattr(view, "is_kept", False):
            request.is_for_everybody = True  # type: ignore[attr-defined]
            if request.method == "GET" and settings.KEEP_PAGES and not _is_somebody(request):
                request.kept_version = _version()  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A public page for which the database does not answer, or not in time, says so and is asked for again later."""
        if not getattr(request, "is_for_everybody", False) or not isinstance(exception, OperationalError):
            return None
        logger.error("a public page could not be made", exc_info=exception)
        headers = {"Retry-After": "60", "Cache-Control": "no-store"}
        return HttpResponse(loader.get_template("503.html").render({}), status=503, headers=headers)

    def _for_its_reader(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_for_everybody", False) and _is_somebody(request):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def _is_somebody(request: HttpRequest) -> bool:
    """Whether the page may hold something of one person's: a sign-in, or a message that waits in a cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def _key(request: HttpRequest) -> Key:
    meta = request.META
    return (
        meta.get("HTTP_HOST", ""),
        request.path,
        meta.get("QUERY_STRING", ""),
        *(meta.get(name, "") for name in _ASKED_BY),
    )


def _version() -> Version | None:
    """None where the database cannot say; then nothing is kept."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT at FROM catalogue_lastchange WHERE id = 1), "
                "count(*) + (SELECT count(*) FROM awards_openedfigures) "
                "FROM awards_decree WHERE published_at <= now()"
            )
            at, decrees = cursor.fetchone()
    except DatabaseError:
        return None
    return at, decrees, timezone.localdate()


def _still_holds(page: Page) -> bool:
    return time.monotonic() - page.made_at < SECONDS_AT_MOST and page.version == _version()


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and len(response.content) <= BYTES_OF_ONE
    )


def _page(response: HttpResponse, version: Version) -> Page:
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    body = response.content
    compresses = len(body) >= _WORTH_COMPRESSING and response.headers.get("Content-Type", "").startswith(
        _COMPRESSES
    )
    headers = [(name, value) for name, value in response.items() if name.lower() not in _NEVER_KEPT]
    # Kept by browsers and on the way, but asked about each time: what is revoked must not be shown from a copy.
    headers.append(("Cache-Control", "public, no-cache"))
    return Page(
        version=version,
        made_at=time.monotonic(),
        headers=tuple(headers),
        body=body,
        compressed=gzip.compress(body, 6, mtime=0) if compresses else None,
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
    )


def _answer(request: HttpRequest, page: Page) -> HttpResponse:
    if page.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponse(status=304)
        wanted = ("cache-control", "vary", "content-location", "access-control-allow-origin")
        headers = [(name, value) for name, value in page.headers if name.lower() in wanted]
        del response.headers["Content-Type"]
    else:
        packed = page.compressed is not None and "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        response = HttpResponse(page.compressed if packed else page.body)
        headers = list(page.headers)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
    for name, value in headers:
        response.headers[name] = value
    response.headers["ETag"] = page.etag
    return response
