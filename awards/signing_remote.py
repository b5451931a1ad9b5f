"""Asking the process that signs (signing_process.py), from pages and workers; the backend of OVOP_SIGNER=bsre."""

import socket
from datetime import datetime
from typing import Any

from django.conf import settings

from .signing_process import BrokenMessage, read, write
from .signing_refusals import CannotSign, SecretNeeded

# Longer than the service is waited for.
_SECONDS = 90


class Bsre:
    """Papers signed by the national service with the signatory's own secret, held by the signer for one batch."""

    note = "Tanda tangan elektronik memakai sertifikat BSrE."

    def sign(self, data: bytes, *, reason: str, at: datetime, batch: int) -> bytes:
        _, signed = ask({"do": "sign", "batch": batch, "reason": reason}, data)
        return signed

    def make_ready(self, *, at: datetime) -> None:
        """The signer answers; a secret is asked for when the first paper is signed, not before."""
        ask({"do": "ping"})


def give(batch: int, *, nik: str, passphrase: str) -> None:
    """Hand the secret over for one batch. Raises CannotSign where the signer is away."""
    ask({"do": "give", "batch": batch, "nik": nik, "passphrase": passphrase})


def seconds_held(batch: int) -> int:
    """For how long a secret is still held for this batch; 0: none is. Raises CannotSign where the signer is away."""
    return int(ask({"do": "held", "batch": batch})[0]["seconds"])


def drop(batch: int) -> None:
    """Have the secret of this batch forgotten. Raises CannotSign where the signer is away."""
    ask({"do": "drop", "batch": batch})


def ask(head: dict[str, Any], content: bytes = b"") -> tuple[dict[str, Any], bytes]:
    """Return what the signer answers. Raises CannotSign, SecretNeeded; no message holds what was sent."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(_SECONDS)
            line.connect(str(settings.SIGNER_SOCKET))
            with line.makefile("rwb") as both:
                write(both, head, content)
                said, back = read(both)
    except (OSError, BrokenMessage):
        raise CannotSign(
            "signer_away",
            "Proses penanda tangan tidak menjawab. Belum ada yang ditandatangani; hubungi pengelola sistem.",
        ) from None
    if "refused" in said:
        kind = SecretNeeded if said.get("secret") else CannotSign
        raise kind(str(said["refused"]), str(said["for_reader"]))
    return said, back
