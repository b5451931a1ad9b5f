"""
Does a certificate print what its embedded record says? Read from the PDF alone; no framework, no database.
"""

import hashlib
import io
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pikepdf
import pypdfium2

from . import certificate_text as text
from . import codes

_ATTACHMENT = "facts.json"


class NotWhole(Exception):
    """The record cannot be read; the message says why, in Indonesian."""


def record_of(data: bytes) -> dict[str, Any] | None:
    """The embedded record, None where the PDF has none. Raises NotWhole."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if _ATTACHMENT not in pdf.attachments:
                return None
            written = pdf.attachments[_ATTACHMENT].get_file().read_bytes()
        record = json.loads(written)
    except (pikepdf.PdfError, ValueError, KeyError) as error:
        raise NotWhole(f"Data di dalam berkas tidak terbaca ({type(error).__name__}).") from None
    if not isinstance(record, dict) or text.canonical_json(record) != written:
        raise NotWhole("Data di dalam berkas tidak ditulis sebagaimana mestinya.")
    return record


def differences(data: bytes, record: dict[str, Any]) -> list[str]:
    """Names of what the record says and the page does not print, or prints without its saying; empty where all agree."""
    try:
        document = pypdfium2.PdfDocument(data)
        pages = [_plain(page.get_textpage().get_text_bounded()) for page in document]
        wanted = dict(_printed(record))
    except (pypdfium2.PdfiumError, KeyError, TypeError, ValueError, IndexError):
        return ["berkas"]
    if len(pages) != 1:
        return ["halaman"]
    missing = [name for name, words in wanted.items() if _plain(words) not in pages[0]]
    if bool(record["is_example"]) != (_plain(text.EXAMPLE_MARK) in pages[0]):
        missing.append("is_example")
    return missing


def _printed(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the page must say, by the name of the fact."""
    scheme: Any = SimpleNamespace(star=record["star"], maximum_star=record["maximum_star"])
    decided = date.fromisoformat(record["decree_date"])
    number, year = text.decree_number(record["decree_number"], decided.year)
    yield "number", f"Nomor {record['number']} / Number {record['number']}"
    yield "code", codes.printed(record["code"])
    yield "ikm", record["ikm"]
    yield "product", f"atas produk {record['product']}"
    yield "product (en)", f"for the product {record['product']},"
    yield "regency", f"{record['regency']}, {record['province']}"
    yield "round", f"(OVOP) Tahun {record['round']}"
    yield "star", f"klasifikasi {text.stars(scheme)}"
    yield "star (en)", f"rated {text.stars_en(scheme)}"
    yield (
        "decree_number, decree_date",
        f"Nomor {number}{f' Tahun {year}' if year else ''} tanggal {text.day(decided)}",
    )
    yield (
        "decree_number, decree_date (en)",
        f"Number {number}{f' of {year}' if year else ''}, dated {text.day_en(decided)}",
    )
    yield "fingerprint", hashlib.sha256(text.canonical_json(record)).hexdigest()


def _plain(words: str) -> str:
    """Letters as the faces hold them, any white space as nothing: lines break where the paper is full."""
    return "".join(unicodedata.normalize("NFC", words).replace("\ufffe", "-").split())
