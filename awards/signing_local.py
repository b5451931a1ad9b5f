"""
Signing with the institution's own key, held in memory by the process that signs.

The key is read and checked once. The signature's container differs from paper to paper in two places only (the
paper's hash, and the signature proper), so pyHanko builds it once and those are put in: a fifth of the time. Where a
time stamp is taken it differs everywhere and is built each time. The room for it is written behind a certificate by
signing_room.py, behind any other file by pyHanko, which must read that file first.
"""

import asyncio
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from . import signing_authority as authority
from . import signing_room
from .signing_refusals import CannotSign

HASH = "sha256"
FIELD = "TandaTangan"
# Hexadecimal digits kept for the container; one with a time stamp holds the other server's certificates too.
RESERVED, RESERVED_WITH_TIME_STAMP = 12_288, 32_768
_DIGEST_PLACE = hashlib.sha256(b"the digest of a paper stands here").digest()


class Local:
    """The backend of OVOP_SIGNER=local: key.pem and certificate.pem of OVOP_SIGNING_DIR."""

    note = ""

    def sign(self, data: bytes, *, reason: str, at: datetime, batch: int) -> bytes:
        key = _held(at=at)
        _refuse_outside_its_time(key.certificate, at)
        room = signing_room.behind(data, field=FIELD, reason=reason, at=at, size=_reserved())
        if room is not None:
            return room.filled(key.container(room.digest))
        with _placed(data, reason=reason, at=at) as (digest, fill):
            return fill(key.container(digest))

    def make_ready(self, *, at: datetime) -> None:
        key = _held(at=at)
        _refuse_outside_its_time(key.certificate, at)
        # With a server of time stamps this asks it too.
        key.container(hashlib.sha256(b"").digest())


def sign_bytes(data: bytes, *, at: datetime) -> bytes:
    """The bare signature over these bytes (RSA, PKCS #1 v1.5, SHA-256), as RS256 wants it. Raises CannotSign."""
    key = _held(at=at)
    _refuse_outside_its_time(key.certificate, at)
    return key.raw(data)


def certificate(*, at: datetime) -> x509.Certificate:
    """The institution's certificate. Raises CannotSign where there is none, or its key does not fit."""
    return _held(at=at).certificate


class _Signer(Signer):
    """pyHanko's signer around a key in memory; remembers what it was asked to sign."""

    def __init__(self, key: rsa.RSAPrivateKey, certificate: asn1_x509.Certificate, chain: list[Any]) -> None:
        super().__init__(signing_cert=certificate, cert_registry=SimpleCertificateStore.from_certs(chain))
        self._key = key
        self.asked = b""

    def raw(self, data: bytes) -> bytes:
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        self.asked = data
        return bytes(self._key.key_size // 8) if dry_run else self.raw(data)


@dataclass(frozen=True)
class Mould:
    """The container of a signature, with the hash and the signature of nothing in their places."""

    attributes: bytes
    whole: bytes
    signature: bytes

    def cast(self, digest: bytes, signer: _Signer) -> bytes:
        attributes = self.attributes.replace(_DIGEST_PLACE, digest)
        filled = self.whole.replace(_DIGEST_PLACE, digest)
        return filled.replace(self.signature, signer.raw(attributes))


class Held:
    """One key with its certificate, read and checked; `container` makes the CMS of a paper's hash."""

    def __init__(self, key: rsa.RSAPrivateKey, chain: list[x509.Certificate]) -> None:
        self.certificate = chain[0]
        first, *others = (
            asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in chain
        )
        self._signer = _Signer(key, first, others)
        self._mould = self._made()

    def raw(self, data: bytes) -> bytes:
        return self._signer.raw(data)

    def container(self, digest: bytes) -> bytes:
        if settings.TSA_URL:
            return self._built(digest)
        return self._mould.cast(digest, self._signer)

    def _made(self) -> Mould:
        whole = self._built(_DIGEST_PLACE, with_time_stamp=False)
        mould = Mould(self._signer.asked, whole, self._signer.raw(self._signer.asked))
        once = mould.attributes.count(_DIGEST_PLACE), whole.count(_DIGEST_PLACE), whole.count(mould.signature)
        if once != (1, 1, 1):
            raise RuntimeError("the container of the signature has not the shape that is relied on")
        if 2 * len(whole) > RESERVED:
            raise CannotSign(
                "chain_too_long",
                "Rantai sertifikat tanda tangan terlalu panjang untuk piagam. Hubungi administrator.",
            )
        return mould

    def _built(self, digest: bytes, *, with_time_stamp: bool = True) -> bytes:
        made = self._signer.async_sign(
            digest, HASH, use_pades=True, timestamper=_time_stamper() if with_time_stamp else None
        )
        try:
            return bytes(asyncio.run(made).dump())
        except OSError as error:
            raise CannotSign(
                "no_time_stamp",
                f"Peladen stempel waktu tidak menjawab ({type(error).__name__}). Belum ada yang ditandatangani; "
                "coba lagi.",
            ) from error


def _time_stamper() -> Any:
    if not settings.TSA_URL:
        return None
    from .signing_time_stamp import TimeStampServer

    return TimeStampServer(settings.TSA_URL)


def _reserved() -> int:
    return RESERVED_WITH_TIME_STAMP if settings.TSA_URL else RESERVED


@contextmanager
def _placed(data: bytes, *, reason: str, at: datetime) -> Iterator[tuple[bytes, Any]]:
    """
    Write the field of the signature behind `data`; give the hash to sign, and the function that puts a container in.

    The field has no place on the page (PDF/A and PDF/UA together want it outside), and certifies that nothing may be
    changed afterwards.
    """
    spec = fields.SigFieldSpec(
        FIELD, invis_sig_settings=fields.InvisSigSettings(set_print_flag=True, box_out_of_bounds=True)
    )
    embedding = PdfCMSEmbedder(new_field_spec=spec).write_cms(
        FIELD, IncrementalPdfFileWriter(io.BytesIO(data))
    )
    next(embedding)
    signature = SignatureObject(
        timestamp=at,
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        bytes_reserved=_reserved(),
    )
    certified = SigMDPSetup(md_algorithm=HASH, certify=True, docmdp_perms=fields.MDPPerm.NO_CHANGES)
    embedding.send(SigObjSetup(sig_placeholder=signature, mdp_setup=certified))
    prepared, output = embedding.send(SigIOSetup(md_algorithm=HASH, in_place=True))

    def fill(container: bytes) -> bytes:
        embedding.send(container)
        return bytes(output.getbuffer())

    yield prepared.document_digest, fill
    embedding.close()


# --- The key ---------------------------------------------------------------------------------------------------
def _held(*, at: datetime) -> Held:
    folder = Path(settings.SIGNING_DIR)
    if not folder.exists() and not settings.IS_PRODUCTION:
        authority.make(folder, at=at)
    try:
        stamp = tuple(
            (found.st_ino, found.st_mtime_ns)
            for found in map(os.stat, (folder / authority.KEY, folder / authority.CERTIFICATE))
        )
    except OSError:
        raise CannotSign(
            "no_key",
            "Kunci atau sertifikat tanda tangan Kementerian tidak ditemukan pada server. Belum ada yang dinomori. "
            "Hubungi administrator.",
        ) from None
    return _read(folder, stamp)


@lru_cache(maxsize=4)
def _read(folder: Path, _stamp: object) -> Held:
    """Read and check once; a new file has another stamp and is read anew."""
    try:
        key = serialization.load_pem_private_key((folder / authority.KEY).read_bytes(), password=None)
        chain = x509.load_pem_x509_certificates((folder / authority.CERTIFICATE).read_bytes())
        if isinstance(key, rsa.RSAPrivateKey) and key.public_key() == chain[0].public_key():
            return Held(key, chain)
    except (OSError, ValueError, TypeError, IndexError):
        pass  # said below, without what the library said: it may quote the file
    raise CannotSign(
        "key_does_not_fit",
        "Kunci tanda tangan tidak terbaca atau tidak cocok dengan sertifikatnya. Belum ada yang dinomori. "
        "Hubungi administrator.",
    )


def _refuse_outside_its_time(certificate: x509.Certificate, at: datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at > ends:
        raise CannotSign(
            "certificate_expired",
            f"Sertifikat tanda tangan Kementerian berakhir {_day(ends)}. Belum ada yang dinomori. "
            "Pasang sertifikat yang baru, lalu coba lagi.",
        )
    if at < begins:
        raise CannotSign(
            "certificate_not_yet_valid",
            f"Sertifikat tanda tangan Kementerian baru berlaku {_day(begins)}. Belum ada yang dinomori. "
            "Coba lagi setelah tanggal itu.",
        )


def _day(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y")
