"""Is the history whole? Recomputes the chain from the entries as they stand."""

import hashlib
from collections.abc import Iterator

from django.db import connection

_ROWS = """
    SELECT link.position, link.entry_id, link.digest, audit_canonical(entry)
    FROM audit_link AS link JOIN audit_entry AS entry ON entry.id = link.entry_id
    ORDER BY link.position
"""
_UNCHAINED = """
    SELECT entry.id FROM audit_entry AS entry LEFT JOIN audit_link AS link ON link.entry_id = entry.id
    WHERE link.position IS NULL ORDER BY entry.id LIMIT 20
"""


def problems() -> Iterator[str]:
    """Yield one line per break: a position that is missing, an entry that was changed, an entry without a link."""
    before, expected = "", 1
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        while rows := cursor.fetchmany(2000):
            for position, entry_id, digest, canonical in rows:
                if position != expected:
                    yield f"riwayat: posisi {expected} hilang (berikutnya {position})"
                if hashlib.sha256((before + canonical).encode()).hexdigest() != digest:
                    yield f"riwayat: catatan {entry_id} pada posisi {position} tidak sesuai dengan rantainya"
                before, expected = digest, position + 1
        cursor.execute(_UNCHAINED)
        for (entry_id,) in cursor.fetchall():
            yield f"riwayat: catatan {entry_id} tidak berada dalam rantai"
