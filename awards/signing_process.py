"""
The process that holds the signatory's one-time secret (decision 0072): `manage.py signer`, beside the worker.

It listens at a unix socket that only its own user may open. The signatory's page hands a secret over for one batch
(a decree's papers); workers hand papers over and get them back signed. The secret lives in this process's memory, until
the batch is done, its time is over, or the service takes it no longer; never in a message, a log or the database.

A message is a line of lengths, a JSON object and, for a paper, its bytes: see `write` and `read`.
"""

import contextlib
import ctypes
import json
import logging
import os
import resource
import socket
import socketserver
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .signing_bsre import LARGEST_ANSWER, Secret, Service
from .signing_bsre import SECONDS as SERVICE_SECONDS
from .signing_refusals import CannotSign, SecretNeeded

logger = logging.getLogger(__name__)
_LARGEST_HEAD = 10_000
_LENGTHS = struct.Struct(">II")
_PR_SET_DUMPABLE = 4


class BrokenMessage(Exception):
    """What came is no message: cut off, or larger than any is."""


class _Line(Protocol):
    """Both ends of a conversation: a socket's file."""

    def read(self, size: int, /) -> bytes: ...
    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...


def write(line: _Line, head: dict[str, Any], content: bytes = b"") -> None:
    words = json.dumps(head).encode()
    line.write(_LENGTHS.pack(len(words), len(content)) + words + content)
    line.flush()


def read(line: _Line) -> tuple[dict[str, Any], bytes]:
    """Return (head, content). Raises BrokenMessage."""
    lengths = line.read(_LENGTHS.size)
    if len(lengths) != _LENGTHS.size:
        raise BrokenMessage
    head_length, length = _LENGTHS.unpack(lengths)
    if head_length > _LARGEST_HEAD or length > LARGEST_ANSWER:
        raise BrokenMessage
    words, content = line.read(head_length), line.read(length)
    if len(words) != head_length or len(content) != length:
        raise BrokenMessage
    try:
        head = json.loads(words)
    except ValueError:
        raise BrokenMessage from None
    if not isinstance(head, dict):
        raise BrokenMessage
    return head, content


@dataclass(frozen=True)
class _Held:
    secret: Secret
    until: float


class Signer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """
    The server at `path`. minutes: how long a secret is held at most.

    Raises OSError where another signer answers there already.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: Path, service: Service, *, minutes: float) -> None:
        self.service, self.seconds = service, minutes * 60
        self._held: dict[int, _Held] = {}
        self._lock = threading.Lock()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear(path)
        before = os.umask(0o177)
        try:
            super().__init__(str(path), _Conversation)
        finally:
            os.umask(before)

    def answer(self, head: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        """Do what one message asks. Raises CannotSign, SecretNeeded, KeyError and TypeError for what is no message."""
        match head["do"]:
            case "ping":
                return {}, b""
            case "give":
                secret = Secret(nik=str(head["nik"]), passphrase=str(head["passphrase"]))
                with self._lock:
                    self._held[int(head["batch"])] = _Held(secret, time.monotonic() + self.seconds)
                logger.info("a secret is held", extra={"batch": int(head["batch"])})
                return {}, b""
            case "held":
                return {"seconds": self._seconds_left(int(head["batch"]))}, b""
            case "drop":
                self._drop(int(head["batch"]))
                return {}, b""
            case "sign":
                return {}, self._sign(int(head["batch"]), content, reason=str(head["reason"]))
        raise KeyError(head["do"])

    def _sign(self, batch: int, content: bytes, *, reason: str) -> bytes:
        with self._lock:
            held = self._held.get(batch)
        if held is None or held.until < time.monotonic():
            self._drop(batch, held)
            raise SecretNeeded(
                "secret_absent",
                "Penanda tangan belum menyerahkan kode rahasia, atau waktunya habis. Serahkan kode yang baru.",
            )
        try:
            return self.service.sign(content, held.secret, reason=reason)
        except SecretNeeded:
            self._drop(batch, held)
            raise

    def _seconds_left(self, batch: int) -> int:
        with self._lock:
            held = self._held.get(batch)
        return max(0, int(held.until - time.monotonic())) if held else 0

    def _drop(self, batch: int, only: _Held | None = None) -> None:
        """Forget the secret of a batch; with `only`, unless a newer one has come meanwhile."""
        with self._lock:
            if batch in self._held and (only is None or self._held[batch] is only):
                del self._held[batch]
                logger.info("a secret is no longer held", extra={"batch": batch})

    def handle_error(self, request: Any, client_address: Any) -> None:
        # The standard one prints the traceback, and with it what was asked.
        logger.error("a conversation failed")


class _Conversation(socketserver.StreamRequestHandler):
    server: Signer
    timeout = 2 * SERVICE_SECONDS

    def handle(self) -> None:
        if not _is_ours(self.request):
            return
        try:
            head, content = read(self.rfile)
        except (BrokenMessage, OSError):
            return
        try:
            said, back = self.server.answer(head, content)
        except SecretNeeded as needed:
            said, back = {"refused": needed.code, "for_reader": needed.for_reader, "secret": True}, b""
        except CannotSign as refusal:
            said, back = {"refused": refusal.code, "for_reader": refusal.for_reader}, b""
        except (KeyError, TypeError, ValueError):
            said, back = (
                {"refused": "not_understood", "for_reader": "Permintaan tanda tangan tidak dikenal."},
                b"",
            )
        with contextlib.suppress(OSError):
            write(self.wfile, said, back)


def guard_memory() -> None:
    """No core dump and no other process of this user reads what is held here."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _is_ours(line: socket.socket) -> bool:
    """Whether the other end runs as this user: the socket's mode says so already, this asks the kernel."""
    _, user, _ = struct.unpack(
        "3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    )
    return bool(user == os.getuid())


def _clear(path: Path) -> None:
    """Take away what a killed signer left; OSError where one still answers."""
    if not path.exists():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            line.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise OSError(f"another signer answers at {path}")
