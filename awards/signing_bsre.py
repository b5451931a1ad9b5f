"""
Signing through the national electronic signature service (BSrE, "Esign Client Service"): decision 0072.

One request for each PDF: POST /api/sign/pdf, multipart with `file`, `nik`, `passphrase` (the signatory's own secret)
and `tampilan=invisible`, with the application's name and password (HTTP Basic); the answer is the signed PDF, or JSON
with `error` and a status. The secret is an argument here and is kept by nobody in this module.
"""

import base64
import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from .signing_refusals import CannotSign, SecretNeeded

SECONDS = 60
LARGEST_ANSWER = 30 * 1024 * 1024
# The service's own words for a passphrase that is wrong or no longer good.
_ABOUT_THE_SECRET = ("passphrase", "otp", "totp", "kedaluwarsa", "expired")


@dataclass(frozen=True)
class Secret:
    """What the signatory hands over for one batch; never printed, not even by mistake."""

    nik: str = field(repr=False)
    passphrase: str = field(repr=False)


@dataclass(frozen=True)
class Service:
    """Where the service answers, and as which application we ask."""

    url: str
    user: str
    password: str = field(repr=False)

    def sign(self, data: bytes, secret: Secret, *, reason: str) -> bytes:
        """
        Return the PDF as the service signed it.

        Raises SecretNeeded where it does not take the secret (any more), CannotSign for everything else. No message
        holds what was sent.
        """
        body, kind = _multipart(
            data, nik=secret.nik, passphrase=secret.passphrase, tampilan="invisible", reason=reason
        )
        basic = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - the address is a setting, read at start
            f"{self.url}/api/sign/pdf",
            data=body,
            headers={"Content-Type": kind, "Authorization": f"Basic {basic}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                signed: bytes = answer.read(LARGEST_ANSWER)
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error.code, error.read(10_000)) from None
        except OSError as error:
            raise CannotSign(
                "service_away",
                f"Layanan BSrE tidak menjawab ({type(error).__name__}). Belum ditandatangani; dicoba lagi.",
            ) from None
        if not signed.startswith(b"%PDF-") or b"/ByteRange" not in signed:
            raise CannotSign("not_signed", "Layanan BSrE mengembalikan berkas tanpa tanda tangan.")
        return signed


def _refusal(status: int, body: bytes) -> CannotSign:
    try:
        answer = json.loads(body)
        said = f"{answer.get('error', '')} {answer.get('message', '')}"
    except (ValueError, AttributeError):
        said = ""
    if status in (400, 401, 403) and any(word in said.lower() for word in _ABOUT_THE_SECRET):
        return SecretNeeded(
            "secret_refused",
            "Layanan BSrE tidak menerima kode rahasia penanda tangan, atau masanya habis. Serahkan kode yang baru.",
        )
    return CannotSign("service_refused", f"Layanan BSrE menolak permintaan (status {status}).")


def _multipart(data: bytes, **fields: str) -> tuple[bytes, str]:
    """Return the body and its media type. A value cannot break out of its part: the boundary is random."""
    boundary = secrets.token_hex(24)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="dokumen.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = b"".join([*parts, head.encode(), data, f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"
