"""
Is a signed PDF as it was signed, byte for byte, and by whom? No framework, no database, nothing of the portal's.

Stricter than a PDF reader: the signature must cover the whole file, and what it cannot cover (the room that is kept
for it) must hold the signature in one way of writing, and zeros.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_HEX = re.compile(rb"[0-9A-F]+|[0-9a-f]+")
# The only thing that may stand beside the signature without being signed by it: it carries a signature of its own.
_TIME_STAMP = "signature_time_stamp_token"


class Altered(Exception):
    """The file is not as it was signed; `code` names the rule, `for_reader` says it in Indonesian."""

    def __init__(self, code: str, for_reader: str) -> None:
        super().__init__(code)
        self.code = code
        self.for_reader = for_reader


@dataclass(frozen=True)
class Signature:
    """
    A signature that holds. signer: the name in its certificate. is_trusted: its certificate leads to one of the given
    roots. at: when, by a time stamp where there is one (has_time_stamp), else by the signer's own clock.
    """

    signer: str
    is_trusted: bool
    at: datetime | None
    has_time_stamp: bool


def check(data: bytes, roots: list[x509.Certificate]) -> Signature | None:
    """Return what signed `data`, None where nothing does. Raises Altered."""
    found = _RANGE.findall(data)
    if not found:
        if b"/ByteRange" in data or b"ETSI.CAdES.detached" in data:
            raise Altered("range", "Petunjuk tanda tangan di dalam berkas rusak.")
        return None
    if len(found) > 1 or data.count(b"/ByteRange") > 1:
        raise Altered("more_signatures", "Berkas ditandatangani lebih dari sekali.")
    start, first, second, rest = map(int, found[0])
    if start != 0 or second + rest != len(data) or not first < second <= len(data):
        raise Altered("not_whole", "Tanda tangan tidak mencakup seluruh berkas.")
    container = _container(data[first:second])
    digest = hashlib.sha256(data[:first] + data[second:]).digest()
    # The plain question first: it answers nearly always, and parses nothing that somebody may have made up.
    if digest not in container or _signed_digest(signed := _signed_data(container)) != digest:
        raise Altered("digest", "Isi berkas tidak sama dengan yang ditandatangani.")
    _refuse_what_is_not_signed(signed)
    return _validated(data, roots, signed)


def _container(room: bytes) -> bytes:
    """The DER between the angle brackets; in one way of writing, and nothing but zeros behind it."""
    digits = room[1:-1]
    if room[:1] != b"<" or room[-1:] != b">" or len(digits) % 2 or not _HEX.fullmatch(digits):
        raise Altered("padding", "Ruang tanda tangan memuat tanda yang bukan bagian tanda tangan.")
    content = bytes.fromhex(digits.decode())
    # SEQUENCE with a length of two bytes, as every container of this size has.
    length = 4 + int.from_bytes(content[2:4], "big")
    if content[:2] != b"\x30\x82" or length > len(content):
        raise Altered("container", "Tanda tangan rusak.")
    if content[length:].strip(b"\0"):
        raise Altered("padding", "Ruang kosong di belakang tanda tangan memuat isi.")
    return content[:length]


def _signed_data(container: bytes) -> Any:
    """The CMS as parsed. What is not written as DER writes it is another file, even if it means the same."""
    try:
        info = cms.ContentInfo.load(container, strict=True)
        info.native  # noqa: B018 - parses all of it
        again = info.copy().dump(force=True)
        signed = info["content"]
        plain = (
            signed["version"].native == "v1"
            and [one["algorithm"].native for one in signed["digest_algorithms"]] == ["sha256"]
            and signed["encap_content_info"]["content_type"].native == "data"
            and signed["encap_content_info"]["content"].native is None
            and not signed["crls"].native
            and len(signed["signer_infos"]) == 1
            and signed["signer_infos"][0]["version"].native == "v1"
            and signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native == "sha256"
        )
    except Exception:
        raise Altered("container", "Tanda tangan rusak.") from None
    if again != container or not plain:
        raise Altered("container", "Tanda tangan tidak ditulis sebagaimana mestinya.")
    return signed


def _signed_digest(signed: Any) -> bytes:
    for attribute in signed["signer_infos"][0]["signed_attrs"]:
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native)
    raise Altered("container", "Tanda tangan tidak menyebut isi yang ditandatangani.")


def _refuse_what_is_not_signed(signed: Any) -> None:
    """Parameters that nobody reads could be changed unseen: they are as the standards write them, or refused."""
    signer = signed["signer_infos"][0]
    kept_empty = [
        *(one["parameters"].native for one in signed["digest_algorithms"]),
        signer["digest_algorithm"]["parameters"].native,
    ]
    beside = [one["type"].native for one in signer["unsigned_attrs"]] if signer["unsigned_attrs"] else []
    if any(one is not None for one in kept_empty) or beside not in ([], [_TIME_STAMP]):
        raise Altered("container", "Di samping tanda tangan berdiri isi yang tidak ditandatangani.")


def _validated(data: bytes, roots: list[x509.Certificate], signed: Any) -> Signature:
    """pyHanko's own verdict, at the time of the signature: a certificate may end later, the paper does not."""
    try:
        [embedded] = PdfFileReader(io.BytesIO(data)).embedded_signatures
        at = embedded.self_reported_timestamp
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)
        status = validate_pdf_signature(embedded, context, skip_diff=True)
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    except Exception:
        raise Altered("signature", "Tanda tangan tidak dapat diperiksa: isinya rusak.") from None
    if not (status.intact and status.valid and whole):
        raise Altered("signature", "Tanda tangan tidak cocok dengan isi berkas.")
    _refuse_certificates_beside_the_way(signed, status, roots)
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.intact and stamp.valid):
        raise Altered("time_stamp", "Stempel waktu tidak cocok dengan tanda tangan.")
    return Signature(
        signer=str(status.signing_cert.subject.native.get("common_name", "")),
        is_trusted=bool(status.trusted),
        at=stamp.timestamp if stamp else at,
        has_time_stamp=stamp is not None,
    )


def _refuse_certificates_beside_the_way(signed: Any, status: Any, roots: list[x509.Certificate]) -> None:
    """Each certificate in the container is the signer's or leads from it to the root: others could be changed unseen."""
    if not status.trusted:
        return
    used = {one.dump() for one in status.validation_path} | {one.dump() for one in roots}
    used.add(status.signing_cert.dump())
    if any(one.chosen.dump() not in used for one in signed["certificates"]):
        raise Altered("container", "Di samping tanda tangan berdiri sertifikat yang tidak dipakai.")
