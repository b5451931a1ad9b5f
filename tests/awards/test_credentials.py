"""The award as a verifiable credential: signed JSON that anybody checks with the key at its well-known address."""

import base64
import json
import re
from datetime import date, timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from django.utils import timezone

from awards import signing_authority
from awards.models import Certificate
from tests.factories.awards import AwardFactory, DecreeFactory, a_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.SIGNER, settings.SIGNING_DIR = "local", tmp_path / "signing"
    signing_authority.make(settings.SIGNING_DIR, at=timezone.now())
    return settings.SIGNING_DIR


def a_paper(year: int = 2018, **fields) -> Certificate:
    decree = DecreeFactory(published=True, round__year=year, **fields)
    return a_certificate(AwardFactory(decree=decree, star=4))


def address(paper: Certificate) -> str:
    return f"/verifikasi/{paper.code}/kredensial.jwt"


def unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def checked(token: str, key: dict) -> dict:
    """The claims, where the signature holds under this key; written without the portal's own code."""
    head, body, signature = token.split(".")
    held = json.loads(unpacked(head))["jwk"]
    assert held == {name: key[name] for name in ("kty", "n", "e")}
    n, e = (int.from_bytes(unpacked(key[name]), "big") for name in ("n", "e"))
    public = RSAPublicNumbers(e, n).public_key()
    public.verify(unpacked(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    return json.loads(unpacked(body))


def test_anybody_checks_it_with_the_published_key(client):
    paper = a_paper()
    [key] = client.get("/.well-known/jwks.json").json()["keys"]
    answer = client.get(address(paper))
    assert answer["Content-Type"] == "application/vc+jwt"
    claims = checked(answer.content.decode(), key)
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert claims["issuer"]["name"] == "Kementerian Perindustrian Republik Indonesia"
    subject = claims["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == paper.award.ikm_name
    assert subject["achievement"]["description"].startswith("Four stars out of five.")
    assert paper.number in subject["achievement"]["criteria"]["narrative"]
    assert claims["jti"] == claims["id"]
    assert claims["id"].endswith(f"/verifikasi/{paper.code}/")
    assert "exp" not in claims
    # The subject has a name and no address of its own: a token may then name no `sub` (section 8.2).
    assert "id" not in subject
    assert "sub" not in claims


def test_one_changed_letter_breaks_it(client):
    [key] = client.get("/.well-known/jwks.json").json()["keys"]
    head, body, signature = client.get(address(a_paper())).content.decode().split(".")
    other = unpacked(body).replace(b"Four stars", b"Five stars")
    assert other != unpacked(body)
    changed = base64.urlsafe_b64encode(other).rstrip(b"=").decode()
    with pytest.raises(InvalidSignature):
        checked(f"{head}.{changed}.{signature}", key)


def test_the_key_is_that_of_the_institutions_certificate_under_the_published_root(client, folder):
    [key] = client.get("/.well-known/jwks.json").json()["keys"]
    certificate = x509.load_der_x509_certificate(base64.b64decode(key["x5c"][0]))
    root = x509.load_der_x509_certificate(client.get("/verifikasi/sertifikat-akar.cer").content)
    certificate.verify_directly_issued_by(root)
    assert certificate.public_key().public_numbers().n == int.from_bytes(unpacked(key["n"]), "big")
    assert set(key) == {"kty", "n", "e", "alg", "use", "kid", "x5c"}


def test_its_term_is_the_last_day_of_the_decree(client):
    last = timezone.localdate() + timedelta(days=30)
    [key] = client.get("/.well-known/jwks.json").json()["keys"]
    claims = checked(client.get(address(a_paper(valid_until=last))).content.decode(), key)
    assert claims["validUntil"].startswith(f"{last.isoformat()}T23:59:59+07:00")
    assert (
        timezone.localdate(timezone.datetime.fromtimestamp(claims["exp"], timezone.get_current_timezone()))
        == last
    )


def test_nothing_personal_stands_in_it(client):
    text = client.get(address(a_paper())).content.decode().split(".")[1]
    assert not re.search(r"\b\d{15,16}\b|NIK|NIB|skor", unpacked(text).decode())


def test_what_is_no_longer_valid_is_gone_and_what_is_not_public_is_not_there(client):
    over = a_paper(valid_until=date(2020, 1, 1))
    answer = client.get(address(over))
    assert answer.status_code == 410
    assert "pernah berlaku sampai" in answer.content.decode()
    hidden = a_certificate(AwardFactory(decree=DecreeFactory(round__year=2022)))
    for code in (hidden.code, "0" * 16, "x"):
        assert client.get(f"/verifikasi/{code}/kredensial.jwt").status_code == 404


def test_the_page_of_a_valid_paper_leads_to_it_and_others_do_not(client, settings):
    paper, over = a_paper(), a_paper(2015, valid_until=date(2020, 1, 1))
    assert address(paper) in client.get(f"/verifikasi/{paper.code}/").content.decode()
    assert address(over) not in client.get(f"/verifikasi/{over.code}/").content.decode()
    settings.SIGNER = "none"
    assert address(paper) not in client.get(f"/verifikasi/{paper.code}/").content.decode()
    assert client.get(address(paper)).status_code == 404
    assert client.get("/.well-known/jwks.json").status_code == 404


def test_asking_too_often_is_told(client, monkeypatch):
    paper = a_paper()
    monkeypatch.setattr("awards.throttle.too_many", lambda request: True)
    assert client.get(address(paper)).status_code == 429
