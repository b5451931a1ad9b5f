"""The way out: a stored content as an answer that no browser can mistake for a page of the portal."""

import re
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def answer(
    request: HttpRequest, path: Path, *, media_type: str, etag: str, name: str, inline: bool
) -> HttpResponseBase:
    """
    Return the content at `path`, or the one part of it that a Range asks for (206; 416 where there is no such part).

    What is shown inline stands in a sandbox without scripts; nothing is kept by the browser or on the way.
    """
    size = path.stat().st_size
    part = _part_asked_for(request, size, etag)
    if _is_known(request, etag):
        response: HttpResponseBase = HttpResponse(status=304)
    elif part == (0, 0):
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        response = _content(path, part, size)
    kind = content_disposition_header(not inline, name) or ("inline" if inline else "attachment")
    for header, value in {
        "Content-Type": media_type,
        "Content-Disposition": kind,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }.items():
        response.headers[header] = value
    return response


def _is_known(request: HttpRequest, etag: str) -> bool:
    return get_conditional_response(request, etag=etag) is not None


def _content(path: Path, part: tuple[int, int] | None, size: int) -> HttpResponseBase:
    file = path.open("rb")
    if part is None:
        return FileResponse(file)
    start, end = part
    file.seek(start)
    response = FileResponse(_Section(file, end - start), status=206)
    response.headers["Content-Length"] = str(end - start)
    response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _part_asked_for(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Return [start, end) of a single range, None for the whole, (0, 0) for a range that is not there."""
    wanted = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not wanted or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = wanted.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else (0, 0)


class _Section:
    """A file that ends `length` bytes after where it stands."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self.file = file
        self.left = length

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        content = self.file.read(wanted)
        self.left -= len(content)
        return content

    def close(self) -> None:
        self.file.close()
