"""
The electronic signature of certificates and decrees: one function, and behind it whoever signs (OVOP_SIGNER).

`local`: with a key and a certificate of the institution, from files (signing_local.py). `bsre`: by the national service
with the signatory's own secret, through the process that holds it (signing_remote.py, 0081). `none`: nobody, and the
papers do not claim to be signed.
"""

from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings

from .signing_refusals import CannotSign

__all__ = ["CannotSign", "is_signing", "make_ready", "note", "sign_pdf"]


class Backend(Protocol):
    """Who signs. `note`: the sentence on the paper that names who certified it, empty where there is none to name."""

    note: str

    def sign(self, data: bytes, *, reason: str, at: datetime, batch: int) -> bytes:
        """Return the PDF with a PAdES signature over all of it. batch: the decree it belongs to. Raises CannotSign."""

    def make_ready(self, *, at: datetime) -> None:
        """Raise CannotSign where `sign` could not succeed now; loads what is kept for the life of the process."""


class Nobody:
    note = ""

    def sign(self, data: bytes, *, reason: str, at: datetime, batch: int) -> bytes:
        return data

    def make_ready(self, *, at: datetime) -> None:
        return None


def sign_pdf(data: bytes, *, reason: str, at: datetime, batch: int = 0) -> bytes:
    """
    Return `data`, a PDF, with the institution's PAdES signature; what it says and how it looks stay as they are.

    reason: why it is signed, in Indonesian, kept in the signature. batch: the decree whose paper it is. Raises
    CannotSign; SecretNeeded (a kind of it) where the signatory must first hand over a new secret.
    """
    return _backend(settings.SIGNER).sign(data, reason=reason, at=at, batch=batch)


def make_ready(*, at: datetime) -> None:
    """
    Raise CannotSign where nothing could be signed now: no key, a certificate that is expired or not yet valid.

    Asked before anything is numbered (decrees.issue).
    """
    _backend(settings.SIGNER).make_ready(at=at)


def is_signing() -> bool:
    """Whether the papers carry a signature, and may say so."""
    return bool(settings.SIGNER != "none")


def note() -> str:
    """The further sentence of a signed paper, "" for none."""
    return _backend(settings.SIGNER).note


@cache
def _backend(name: str) -> Backend:
    if name == "local":
        from .signing_local import Local

        return Local()
    if name == "bsre":
        from .signing_remote import Bsre

        return Bsre()
    return Nobody()
