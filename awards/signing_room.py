"""
The room of a signature behind a certificate, as pyHanko would write it, without reading the file.

certificate_file.py leaves its catalogue (object 1) and its page (object 3) as they are written, and ends with one
cross-reference stream: the update that holds a field, its signature and both objects once more is found by looking at
these three places. For any other file `behind` gives None, and pyHanko reads it (signing_local.py).

ISO 32000-1: 7.5.6 for the update, 12.7.4.5 and 12.8 for the field, the signature, and that it certifies the file.
"""

import hashlib
import io
import re
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import generic

_CATALOGUE, _PAGE = 1, 3
_TABLE = re.compile(
    rb"\n\d+ 0 obj\n<< /Type /XRef /W \[1 4 2\] /Size (\d+) (/Root 1 0 R /Info \d+ 0 R /ID \[[^\]]+\])"
    rb" /Filter /FlateDecode /Length \d+ >>\n"
)
_BEHIND_THE_TABLE = re.compile(rb"\nstartxref\n(\d+)\n%%EOF\n\Z")
_RANGE = b" /ByteRange [0 %010d %010d %010d] /Contents "
# The longest cross-reference stream of a certificate has some hundred objects.
_LAST = 4096


@dataclass(frozen=True)
class Room:
    """before, after: what is signed; between them stand `size` hexadecimal digits in angle brackets."""

    before: bytes
    after: bytes
    size: int

    @property
    def digest(self) -> bytes:
        """The SHA-256 that is signed."""
        hashed = hashlib.sha256(self.before)
        hashed.update(self.after)
        return hashed.digest()

    def filled(self, container: bytes) -> bytes:
        """The file with its signature. Raises ValueError where there is too little room."""
        digits = container.hex().upper().encode()
        if len(digits) > self.size:
            raise ValueError("the signature is longer than its room")
        return b"%b<%b>%b" % (self.before, digits.ljust(self.size, b"0"), self.after)


def behind(data: bytes, *, field: str, reason: str, at: datetime, size: int) -> Room | None:
    """Return the room behind a certificate, with so many digits; None for a file that is not written as one."""
    end = _BEHIND_THE_TABLE.search(data, max(0, len(data) - _LAST))
    table = end and _TABLE.match(data, int(end[1]) - 1)
    catalogue, page = _body(data, _CATALOGUE), _body(data, _PAGE)
    if end is None or table is None or catalogue is None or page is None:
        return None
    form = int(table[1])
    widget, signature, renewed = form + 1, form + 2, form + 3
    objects = {
        _CATALOGUE: b"<<%b /AcroForm %d 0 R /Perms << /DocMDP %d 0 R >> >>" % (catalogue, form, signature),
        _PAGE: b"<<%b /Annots [%d 0 R] >>" % (page, widget),
        form: b"<< /Fields [%d 0 R] /SigFlags 3 >>" % widget,
        # Printed and locked, and without a place on the page.
        widget: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (%b) /F 132 /Rect [-9999 -9999 -9999 -9999]"
        b" /P %d 0 R /V %d 0 R >>" % (field.encode("ascii"), _PAGE, signature),
    }
    places, written = {}, bytearray()
    for number, body in objects.items():
        places[number] = len(data) + len(written)
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    places[signature] = len(data) + len(written)
    written += (
        b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M %b /Reason %b"
        b" /Reference [<< /Type /SigRef /TransformMethod /DocMDP"
        b" /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]"
    ) % (signature, _string(generic.pdf_date(at)), _string(generic.pdf_string(reason)))
    first = len(data) + len(written) + len(_RANGE % (0, 0, 0))
    second = first + size + 2
    closing = b" >>\nendobj\n"
    places[renewed] = second + len(closing)
    after = closing + _table(places, renewed, trailer=table[2], previous=int(end[1]))
    return Room(data + written + _RANGE % (first, second, len(after)), after, size)


def _body(data: bytes, number: int) -> bytes | None:
    """What stands between the outermost brackets of a dictionary that is written in one line of its own."""
    found = re.search(rb"\n%d 0 obj\n<<([^\n]*) >>\nendobj\n" % number, data)
    return found and found[1]


def _table(places: dict[int, int], number: int, *, trailer: bytes, previous: int) -> bytes:
    """Where the renewed and the new objects stand, and where the older table does."""
    index = b" ".join(b"%d 1" % one for one in sorted(places))
    rows = b"".join(struct.pack(">BIH", 1, places[one], 0) for one in sorted(places))
    return (
        b"%d 0 obj\n<< /Type /XRef /W [1 4 2] /Size %d %b /Prev %d /Index [%b] /Length %d >>\nstream\n%b\nendstream\n"
        b"endobj\nstartxref\n%d\n%%%%EOF\n"
    ) % (number, number + 1, trailer, previous, index, len(rows), rows, places[number])


def _string(thing: Any) -> bytes:
    buffer = io.BytesIO()
    thing.write_to_stream(buffer)
    return buffer.getvalue()
