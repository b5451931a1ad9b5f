"""
The root certificate that the institution's signatures lead to, for PDF readers and for `python -m awards.verify`.

Published at a stable address with its fingerprint; it is what OVOP_SIGNING_DIR holds as root.pem, never a key.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings

from .signing_authority import ROOT


@dataclass(frozen=True)
class Root:
    """fingerprint: SHA-256 over the certificate (DER), as readers show it, in pairs with colons."""

    pem: bytes
    der: bytes
    name: str
    until: date
    fingerprint: str


def root() -> Root | None:
    """Return the root certificate; None where the portal does not sign by itself, or has no certificate yet."""
    if settings.SIGNER != "local":
        return None
    path = Path(settings.SIGNING_DIR) / ROOT
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> Root:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    der = certificate.public_bytes(Encoding.DER)
    pairs = hashlib.sha256(der).hexdigest().upper()
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Root(
        pem=certificate.public_bytes(Encoding.PEM),
        der=der,
        name=str(names[0].value) if names else "",
        until=certificate.not_valid_after_utc.date(),
        fingerprint=":".join(pairs[at : at + 2] for at in range(0, len(pairs), 2)),
    )
