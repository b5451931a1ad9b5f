"""
The award as a credential that machines check: Open Badges 3.0, a W3C verifiable credential, signed as a JSON Web Token
(section 8.2 of the specification: RS256, the claims of the credential at the top).

Made when it is fetched, from the record as it stands, and signed with the institution's key; nothing is kept. Only of a
paper that is valid now: what is revoked, replaced or over answers as the page does (credential_pages.py). pyHanko comes
with the key and is loaded with the first credential, not with every process.
"""

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from . import certificate_text, certificates, signing_root
from .models import Certificate

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
MEDIA_TYPE = "application/vc+jwt"


def are_signed() -> bool:
    """Whether this portal has a key of its own to sign credentials with."""
    return signing_root.root() is not None


def claims_of(certificate: Certificate) -> dict[str, Any]:
    """What the credential says: nothing that the paper does not print. No score, NIB, NIK or owner's name."""
    facts = certificates.facts(certificate)
    decree, page = certificate.basis, facts.verify_url
    since = decree.published_at or decree.issued_at
    until = _end_of(certificate)
    last = {"validUntil": until.isoformat()} if until else {}
    place = f"{facts.place_name}, {facts.province_name}"
    mark = f" ({certificate_text.EXAMPLE_MARK})" if facts.is_example else ""
    return {
        "@context": CONTEXTS,
        "id": page,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"Penghargaan OVOP {facts.round_year}{mark}",
        "issuer": {
            "id": f"{settings.PORTAL_URL}{reverse('verify')}",
            "type": ["Profile"],
            "name": certificate_text.MINISTRY,
        },
        "validFrom": since.isoformat() if since else None,
        **last,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityType": "name",
                    "identityHash": facts.ikm_name,
                }
            ],
            "achievement": {
                "id": f"{settings.PORTAL_URL}{certificate.award.get_absolute_url()}",
                "type": ["Achievement"],
                "achievementType": "Award",
                "name": f"One Village One Product (OVOP) {facts.round_year}: {facts.product_name}{mark}",
                "description": f"{certificate_text.stars_en(facts).capitalize()}. {place}.",
                "criteria": {
                    "narrative": f"{certificate_text.decree_en(facts)}. Certificate {facts.number}."
                },
            },
        },
    }


def signed(certificate: Certificate, *, at: datetime) -> str:
    """
    Return the credential as a compact JWS. Raises CannotSign: the certificate of the key is over.
    """
    claims = claims_of(certificate)
    key = public_key(at=at)
    # The key itself, as section 8.2 has it: a `kid` would have to be an address that gives this one key.
    held = {name: key[name] for name in ("kty", "n", "e")}
    head = {"alg": "RS256", "typ": "JWT", "jwk": held, "x5c": key["x5c"]}
    since, until = certificate.basis.published_at, _end_of(certificate)
    body = {
        **claims,
        "iss": claims["issuer"]["id"],
        "jti": claims["id"],
        "nbf": int(since.timestamp()) if since else int(at.timestamp()),
        "iat": int(at.timestamp()),
        **({"exp": int(until.timestamp())} if until else {}),
    }
    from . import signing_local

    signing_input = f"{_packed(_json(head))}.{_packed(_json(body))}"
    return f"{signing_input}.{_packed(signing_local.sign_bytes(signing_input.encode(), at=at))}"


def public_key(*, at: datetime) -> dict[str, Any]:
    """The key as JWK (RFC 7517), named by its thumbprint (RFC 7638), with the institution's certificate."""
    from . import signing_local

    certificate = signing_local.certificate(at=at)
    public = certificate.public_key()
    if not isinstance(public, RSAPublicKey):
        raise TypeError("the institution's key is RSA")
    numbers = public.public_numbers()
    needed = {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}
    return {
        **needed,
        "alg": "RS256",
        "use": "sig",
        "kid": _packed(hashlib.sha256(_json(needed)).digest()),
        "x5c": [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()],
    }


def _end_of(certificate: Certificate) -> datetime | None:
    """The last instant of validity: the end of the last day in WIB."""
    last_day = certificate.basis.valid_until
    if last_day is None:
        return None
    return timezone.make_aware(datetime.combine(last_day, datetime.max.time().replace(microsecond=0)))


def _json(thing: dict[str, Any]) -> bytes:
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _packed(value.to_bytes((value.bit_length() + 7) // 8, "big"))
