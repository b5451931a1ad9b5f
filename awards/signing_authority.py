"""
A certificate authority for trying things out: a root, and under it a certificate of the institution.

Made where a portal that is not in production has none. The root's own key signs once and is thrown away; the
institution's key is written for its owner's eyes only (0600). Every name in them says that they are for trying.
"""

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

KEY, CERTIFICATE, ROOT = "key.pem", "certificate.pem", "root.pem"
ORGANISATION = "Portal OVOP, hanya untuk uji dan peragaan"
_BITS = 2048
_YEARS = 3
# Demonstrations play rounds of earlier years: their decrees must find a certificate valid on their day.
SINCE = datetime(2013, 1, 1, tzinfo=UTC)


def make(folder: Path, *, at: datetime, since: datetime = SINCE) -> None:
    """
    Make `folder` (0700) with key.pem, certificate.pem and root.pem, valid from `since` until three years after `at`,
    unless it is there.

    All at once: made beside its place and renamed, so that no process sees half of it; the first of two wins.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".signing-", dir=folder.parent))
    try:
        _fill(beside, since=since, until=at + timedelta(days=365 * _YEARS))
        try:
            os.rename(beside, folder)
        except OSError:
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _fill(folder: Path, *, since: datetime, until: datetime) -> None:
    root_key, key = _key(), _key()
    root_name = _name("CA uji Portal OVOP")
    root = (
        _certificate(root_name, root_name, root_key.public_key(), root_key.public_key(), since, until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_papers=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    own = (
        _certificate(
            _name("Kementerian Perindustrian (sertifikat uji)"),
            root_name,
            key.public_key(),
            root_key.public_key(),
            since,
            until,
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_papers=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    _write(
        folder / KEY,
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    _write(folder / CERTIFICATE, own.public_bytes(serialization.Encoding.PEM))
    _write(folder / ROOT, root.public_bytes(serialization.Encoding.PEM))


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPublicKey,
    issuer_key: rsa.RSAPublicKey,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _usage(*, signs_papers: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_papers,
        content_commitment=signs_papers,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_papers,
        crl_sign=not signs_papers,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
