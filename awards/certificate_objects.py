"""
The objects of a certificate's file, and how they are written: packed together where they may be, and found by one
cross-reference stream at the end (ISO 32000-1, 7.5.7 and 7.5.8).

Thinner than pydyf's writer, which asks each object for its bytes three times.
"""

import hashlib
import struct
import zlib

_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


class Objects:
    """The objects of a file by their numbers; the first few are put, the others added behind them."""

    def __init__(self, *, free: int) -> None:
        """free: the first number that nobody puts by itself."""
        self._plain: dict[int, bytes] = {}
        self._open: dict[int, bytes] = {}
        self._apart: dict[int, bytes] = {}
        self._next = free

    def put(self, number: int, body: str | bytes) -> None:
        self._plain[number] = body.encode("latin-1") if isinstance(body, str) else body

    def put_open(self, number: int, body: str) -> None:
        """
        In one line and not packed: what signs the file writes it once more (signing_room.py), and looks for it from the
        beginning. So it stands before all that somebody sent in.
        """
        self._open[number] = body.encode("latin-1")

    def put_stream(self, number: int, head: str | bytes, packed: bytes) -> None:
        """A stream that is packed already; head: its dictionary but for the length, and how it is packed if by zlib."""
        head = head.encode("latin-1") if isinstance(head, str) else head
        if b"/Filter" not in head:
            head += b" /Filter /FlateDecode"
        self._apart[number] = b"<< %b /Length %d >>\nstream\n%b\nendstream" % (head, len(packed), packed)

    def taken(self, count: int = 1) -> int:
        """The first of so many numbers that nothing has yet."""
        self._next += count
        return self._next - count

    def add(self, body: str | bytes) -> int:
        self.put(number := self.taken(), body)
        return number

    def add_stream(self, head: str | bytes, packed: bytes) -> int:
        self.put_stream(number := self.taken(), head, packed)
        return number

    def written(self, identifier: str, *, root: int, info: int) -> bytes:
        """The file: what stands apart, all other objects in one stream, and where each of them stands (7.5.7, 7.5.8)."""
        parts = [_HEADER]
        at = len(_HEADER)
        places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        numbers, bodies, offset = [], [], 0
        holder = self.taken()
        for index, (number, body) in enumerate(self._plain.items()):
            numbers.append(f"{number} {offset}")
            bodies.append(body)
            offset += len(body) + 1
            places[number] = (2, holder, index)
        first = " ".join(numbers).encode() + b"\n"
        self.put_stream(
            holder,
            f"/Type /ObjStm /N {len(bodies)} /First {len(first)}",
            zlib.compress(first + b"\n".join(bodies)),
        )
        for number, body in {**self._open, **self._apart}.items():
            places[number] = (1, at, 0)
            parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
            at += len(parts[-1])
        table = self.taken()
        places[table] = (1, at, 0)
        rows = b"".join(struct.pack(">BIH", *places[number]) for number in range(table + 1))
        digest = hashlib.md5(b"".join(parts), usedforsecurity=False).hexdigest()
        self.put_stream(
            table,
            f"/Type /XRef /W [1 4 2] /Size {table + 1} /Root {root} 0 R /Info {info} 0 R"
            f" /ID [<{identifier}> <{digest}>]",
            zlib.compress(rows),
        )
        parts.append(b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, self._apart[table], at))
        return b"".join(parts)
