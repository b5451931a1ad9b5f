"""
The core of the tus protocol 1.0.0 (tus.io) with creation, expiration, termination and checksum.

A page's script proves itself with the CSRF token in the header X-CSRFToken, as any other request does. Where the
last byte has arrived, the file is checked; its id comes back in the header Ovop-File, beside Ovop-File-State
(accepted, or waiting for the scanner). A refusal is 422 with
{"code", "message"}: the message is for the reader.
"""

import base64
import binascii
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.http import http_date

from . import uploads
from .limits import MAX_BYTES
from .models import Upload
from .refusals import Refused, sentence

VERSION = "1.0.0"
_PART = "application/offset+octet-stream"
_CHECKSUM_MISMATCH = 460
_STATUS = {"too_large": 413, "empty": 400, "too_many_uploads": 429, "unfinished_upload": 409}
# So long may a line be silent in the middle of a part; then what has arrived is kept and the worker set free.
_SILENCE_SECONDS = 30.0

View = Callable[..., HttpResponseBase]


def _speaks_tus(view: View) -> View:
    """Answer OPTIONS and other versions, and turn what the room refuses into what the protocol says."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204, headers=_ABILITIES)
        elif request.headers.get("Tus-Resumable") != VERSION:
            response = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        else:
            try:
                response = view(request, *args, **kwargs)
            except (uploads.NotThere, uploads.Ended, uploads.WrongOffset, uploads.ChecksumDiffers) as no:
                response = _no(no)
            except Refused as refusal:
                response = _told(_STATUS.get(refusal.code, 422), refusal.code, refusal.for_reader)
            except _Unreadable as problem:
                response = HttpResponse(str(problem), status=400, content_type="text/plain")
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


_ABILITIES = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,expiration,termination,checksum",
    "Tus-Max-Size": str(MAX_BYTES),
    "Tus-Checksum-Algorithm": ",".join(uploads.CHECKSUMS),
}


class _Unreadable(ValueError):
    """A header is missing or cannot be read; the text is for whoever writes a client."""


def _no(no: Exception) -> HttpResponse:
    if isinstance(no, uploads.WrongOffset):
        return HttpResponse(status=409, headers={"Upload-Offset": str(no.received)})
    if isinstance(no, uploads.ChecksumDiffers):
        return HttpResponse(status=_CHECKSUM_MISMATCH, reason="Checksum Mismatch")
    if isinstance(no, uploads.Ended):
        name = no.upload.original_name
        return _told(410, "ended", no.upload.refusal or sentence("expired_upload", name))
    return _told(404, "unknown_upload", sentence("unknown_upload", ""))


def _told(status: int, code: str, words: str) -> HttpResponse:
    return JsonResponse(
        {"code": code, "message": words}, status=status, json_dumps_params={"ensure_ascii": False}
    )


@_speaks_tus
def upload_begin(request: HttpRequest) -> HttpResponseBase:
    """POST: begin an upload. Its address is in Location."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST, OPTIONS"})
    upload = uploads.begin(
        owner=request.user,
        name=_metadata(request).get("filename", ""),
        size=_number(request, "Upload-Length"),
        at=request.received_at,
    )
    response = HttpResponse(status=201, headers=_standing(upload))
    response.headers["Location"] = reverse("upload", args=[upload.pk])
    return response


@_speaks_tus
def upload(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """HEAD: how far it is. PATCH: the next part. DELETE: give it up."""
    known = {"HEAD": _how_far, "PATCH": _next_part, "DELETE": _give_up}
    if request.method not in known:
        return HttpResponse(status=405, headers={"Allow": "HEAD, PATCH, DELETE, OPTIONS"})
    return known[request.method](request, pk)


def _how_far(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = uploads.find(pk, owner=request.user, at=request.received_at)
    return HttpResponse(headers=_standing(found) | {"Upload-Length": str(found.size)})


def _next_part(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    if request.content_type != _PART:
        return HttpResponse(f"Content-Type must be {_PART}", status=415, content_type="text/plain")
    person, at = request.user, request.received_at
    with _no_endless_silence(request):
        found = uploads.receive(
            pk,
            owner=person,
            offset=_number(request, "Upload-Offset"),
            read=request.read,
            length=_number(request, "Content-Length"),
            at=at,
            checksum=_checksum(request),
        )
    if found.is_complete:
        found.file = uploads.finish(pk, owner=person, at=at)
    return HttpResponse(status=204, headers=_standing(found))


def _give_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    uploads.drop(pk, owner=request.user)
    return HttpResponse(status=204)


def _standing(found: Upload) -> dict[str, str]:
    headers = {
        "Upload-Offset": str(found.received),
        "Upload-Expires": http_date(found.expires_at.timestamp()),
    }
    if found.file is not None:
        headers |= {"Ovop-File": str(found.file.pk), "Ovop-File-State": found.file.state}
    return headers


@contextmanager
def _no_endless_silence(request: HttpRequest) -> Iterator[None]:
    """gunicorn waits for a line that went dead without saying so; its socket is given an end for that."""
    line = request.META.get("gunicorn.socket")
    if line is None:
        yield
        return
    before = line.gettimeout()
    line.settimeout(_SILENCE_SECONDS)
    try:
        yield
    finally:
        line.settimeout(before)


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise _Unreadable(f"{name} must be a whole number")
    return int(text)


def _metadata(request: HttpRequest) -> dict[str, str]:
    """Upload-Metadata: "filename c2suLi4=,filetype YX..." -> {"filename": "sk…", …}."""
    found = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise _Unreadable(f"Upload-Metadata: {key[:40]} is not base64 of UTF-8") from None
    return found


def _checksum(request: HttpRequest) -> tuple[str, bytes] | None:
    text = request.headers.get("Upload-Checksum", "")
    if not text:
        return None
    name, _, value = text.partition(" ")
    if name not in uploads.CHECKSUMS:
        raise _Unreadable("Upload-Checksum: sha1 or sha256")
    try:
        return name, base64.b64decode(value, validate=True)
    except binascii.Error:
        raise _Unreadable("Upload-Checksum is not base64") from None
