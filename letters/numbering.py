"""
Two kinds of numbers (documents.md 0).

Portal numbers (usulan, lembar seleksi, piagam …) are ours and gapless: `take`. A register number belongs to the
office that signs: it is typed in, never invented here, and only compared with the office's pattern.
"""

import re

from django.conf import settings
from django.db import connection

from accounts.models import Office

from .models import Counter, NumberPattern

NOMINATION = "usulan"
SCREENING_SHEET = "lembar"
CERTIFICATE = "piagam"

# What a register number of each family usually looks like; an office may have its own (NumberPattern).
PATTERNS = {
    "surat": "B/{urut}/{unit}/{klas}/{bulan_romawi}/{tahun}",
    "surat_terbatas": "T/{urut}/{unit}/{klas}/{bulan_romawi}/{tahun}",
    "surat_tugas": "ST/{urut}/{unit}/{klas}/{bulan_romawi}/{tahun}",
    "berita_acara": "BA/{urut}/{unit}/{klas}/{bulan_romawi}/{tahun}",
    "undangan": "UND/{urut}/{unit}/{klas}/{bulan_romawi}/{tahun}",
    "keputusan": "{urut} TAHUN {tahun}",
}
_FIELDS = {
    "urut": r"\d{1,6}[A-Za-z]?",
    "unit": r"[\w.\-]+(?:/[\w.\-]+)?",
    "klas": r"[\w.\-]+",
    "bulan": r"(?:0?[1-9]|1[0-2])",
    "bulan_romawi": r"(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2})",
    "tahun": r"(?P<year>\d{4})",
}
_FIELD = re.compile(r"\{(\w+)\}")


class OutsideTransaction(RuntimeError):
    """A number was asked for outside the transaction that uses it: a failure would leave a gap."""


def take(series: str, year: int, key: str = "") -> int:
    """
    Return the next number of the series for this year and key: 1, 2, 3, … without a gap.

    Call it inside the transaction that stores the number. The counter's row stays locked until that ends: a
    rollback gives the number back, and whoever asks for the same series meanwhile waits. Take it as late as you can.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"take a number of {series!r} inside the transaction that stores it")
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counter (series, year, key, value) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (series, year, key) DO UPDATE SET value = counter.value + 1 RETURNING value",
            [series, year, key],
        )
        (value,) = cursor.fetchone()
    return int(value)


def last(series: str, year: int, key: str = "") -> int:
    """Return the last number given in the series (0 before the first): for checks that nothing is missing."""
    counter = Counter.objects.filter(series=series, year=year, key=key).first()
    return counter.value if counter else 0


def screening_sheet_number(year: int) -> str:
    """Take the next LS-{tahun}-{nnnn}."""
    return f"LS-{year}-{take(SCREENING_SHEET, year):04d}"


def certificate_number(year: int, n: int, *, replacement: int = 0) -> str:
    """
    Return the number of the round's series (OVOP_CERTIFICATE_NUMBER; OVOP/{tahun}/{nnnn} where nobody set another),
    with /P1, /P2 … for a replacement; n is the place in Lampiran B of the decree.
    """
    if n < 1 or replacement < 0:
        raise ValueError("a certificate's number and its replacements count from 1")
    number = settings.CERTIFICATE_NUMBER.replace("{tahun}", str(year)).replace("{nnnn}", f"{n:04d}")
    return f"{number}/P{replacement}" if replacement else number


def pattern_for(office: Office, family: str) -> str:
    """Return the office's pattern for this family of letters, or the general one."""
    own = NumberPattern.objects.filter(office=office, family=family).first()
    return own.pattern if own else PATTERNS[family]


def differs_from_pattern(number: str, pattern: str, *, year: int) -> str:
    """
    Return a warning in Indonesian where the number does not look like the pattern, else "".

    Only a warning: the number is the office's own. ValueError for a pattern with an unknown field.
    """
    match = re.fullmatch(_as_expression(pattern), number.strip(), re.IGNORECASE)
    if match is None:
        return f"Nomor ini berbeda dari pola yang biasa dipakai ({pattern}). Periksa kembali sebelum melanjutkan."
    written = match.groupdict().get("year")
    if written and int(written) != year:
        return f"Nomor ini memuat tahun {written}, sedangkan tanggal surat jatuh pada tahun {year}."
    return ""


def _as_expression(pattern: str) -> str:
    unknown = set(_FIELD.findall(pattern)) - _FIELDS.keys()
    if unknown:
        raise ValueError(f"unknown fields in the pattern: {', '.join(sorted(unknown))}")
    parts = re.split(r"(\{\w+\})", pattern)
    return "".join(_FIELDS[part[1:-1]] if _FIELD.fullmatch(part) else re.escape(part) for part in parts)
