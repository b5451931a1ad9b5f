"""
Numbers, dates, times and sums in the words of official Indonesian (documents.md 13). Imports no Django.

Whatever a letter, a mail, a certificate or a page says in words comes from here, so that they cannot differ.
Figures are exact: int, Decimal or Fraction, never float; rounding is half up, away from zero.
"""

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

# The clock that decides legal deadlines (house.md).
WIB = ZoneInfo("Asia/Jakarta")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_UNITS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))
_UNITS_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
# An instant at which the three zones had the names and offsets they have now.
_NOW_IN_TZDATA = datetime(2026, 1, 1, tzinfo=UTC)

Exact = int | Decimal | Fraction


# --- Numbers in words --------------------------------------------------------------------------------------
def in_words(n: int) -> str:
    """
    Return n in words: 1001 -> "seribu satu", 1001000 -> "satu juta seribu", -3 -> "minus tiga".

    Raises TypeError for what is not an int (True is none either) and ValueError from a thousand trillion on.
    """
    _only_int(n)
    if abs(n) >= 10**15:
        raise ValueError(f"{n} is beyond the words known here (below 10^15)")
    return f"minus {_words(-n)}" if n < 0 else _words(n)


def _words(n: int) -> str:
    if n < 12:
        return _UNITS[n]
    if n < 20:
        return f"{_UNITS[n - 10]} belas"
    if n < 100:
        return _joined(f"{_UNITS[n // 10]} puluh", n % 10)
    if n < 1000:
        return _joined("seratus" if n < 200 else f"{_UNITS[n // 100]} ratus", n % 100)
    scale, name = next((scale, name) for scale, name in _SCALES if n >= scale)
    count = n // scale
    # "seribu" stands for one thousand wherever it occurs: "satu juta seribu", never "satu juta satu ribu".
    return _joined("seribu" if (count, name) == (1, "ribu") else f"{_words(count)} {name}", n % scale)


def _joined(head: str, rest: int) -> str:
    return f"{head} {_words(rest)}" if rest else head


def counted(n: int) -> str:
    """Return a count as official texts write it, figure and words: "12 (dua belas)"."""
    return f"{number_id(n)} ({in_words(n)})"


def decimal_in_words(value: Exact, places: int = 2) -> str:
    """Return a value as it is read aloud, digits after the comma one by one: "delapan puluh dua koma tiga tiga"."""
    whole, _, decimals = number_id(value, places).partition(",")
    sign = "minus " if whole.startswith("-") else ""
    words = sign + _words(int(whole.lstrip("-").replace(".", "")))
    return f"{words} koma {' '.join(_UNITS[int(digit)] for digit in decimals)}" if decimals else words


def ordinal(n: int) -> str:
    """Return "ke-3"."""
    _positive(n)
    return f"ke-{n}"


def ordinal_in_words(n: int) -> str:
    """Return "pertama", "kedua", "ketiga" ... ; a diktum has words of its own (diktum)."""
    _positive(n)
    return "pertama" if n == 1 else f"ke{_words(n)}"


def diktum(n: int) -> str:
    """Return the word of the n-th diktum of a decree: KESATU, KEDUA, ... KESEPULUH, KESEBELAS, KEDUA BELAS."""
    _positive(n)
    return f"KE{_words(n)}".upper()


def roman(n: int) -> str:
    """Return n (1 to 3999), such as the month in a letter's number, in Roman figures: 3 -> "III"."""
    _positive(n)
    if n > 3999:
        raise ValueError(f"{n} has no Roman figure here (1 to 3999)")
    text = ""
    for value, sign in _ROMAN:
        text += sign * (n // value)
        n %= value
    return text


def letter_of(n: int) -> str:
    """Return the letter of the n-th item of a list: 1 -> "a", 26 -> "z", 27 -> "aa"."""
    _positive(n)
    text = ""
    while n:
        n, place = divmod(n - 1, 26)
        text = chr(ord("a") + place) + text
    return text


def stars_in_words(star: int, maximum: int) -> str:
    """Return "bintang empat dari lima"; the maximum is the scheme's."""
    _star_fits(star, maximum)
    return f"bintang {in_words(star)} dari {in_words(maximum)}"


def stars_in_english(star: int, maximum: int) -> str:
    """Return "four stars out of five", "one star out of five"."""
    _star_fits(star, maximum)
    return f"{_UNITS_EN[star]} {'star' if star == 1 else 'stars'} out of {_UNITS_EN[maximum]}"


def _star_fits(star: int, maximum: int) -> None:
    _positive(star)
    _only_int(maximum)
    if not star <= maximum <= 10:
        raise ValueError(f"{star} of {maximum} is no star of a scheme")


# --- Figures -----------------------------------------------------------------------------------------------
def number_id(value: Exact, places: int = 0) -> str:
    """
    Return the value with points between thousands and a comma: 1234 -> "1.234", Fraction(247, 3), 2 -> "82,33".

    Rounded half up on the exact value (82,345 -> "82,35"; -0,5 -> "-1"). Raises TypeError for a float.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise TypeError(f"an exact number is needed, not {type(value).__name__}")
    if isinstance(value, int) and not places:
        return f"{value:,}".replace(",", ".")
    exact = Fraction(value)
    scaled = (abs(exact) * 10**places * 2 + 1) // 2
    whole, decimals = divmod(scaled, 10**places)
    sign = "-" if exact < 0 and scaled else ""
    text = sign + f"{whole:,}".replace(",", ".")
    return f"{text},{decimals:0{places}d}" if places else text


def rupiah(amount: Exact) -> str:
    """Return "Rp1.250.000", with two decimals where there are any: "Rp1.250.000,50"; no space after Rp."""
    text = number_id(amount, 2).removesuffix(",00")
    return f"-Rp{text[1:]}" if text.startswith("-") else f"Rp{text}"


# --- Dates and times ---------------------------------------------------------------------------------------
def plain_date(day: date) -> str:
    """Return "13 Maret 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_date(day: date) -> str:
    """Return "Jumat, 13 Maret 2026"."""
    return f"{DAYS[day.weekday()]}, {plain_date(day)}"


def date_in_words(day: date) -> str:
    """Return "tanggal tiga belas, bulan Maret, tahun dua ribu dua puluh enam"."""
    return f"tanggal {in_words(day.day)}, bulan {MONTHS[day.month - 1]}, tahun {in_words(day.year)}"


def minutes_date(day: date) -> str:
    """Return the date as minutes open: "hari Jumat, tanggal tiga belas, bulan Maret, tahun … (13-03-2026)"."""
    return f"hari {DAYS[day.weekday()]}, {date_in_words(day)} ({day:%d-%m-%Y})"


def zone_name(zone: tzinfo, at: datetime | None = None) -> str:
    """Return WIB, WITA or WIT (for a zone elsewhere what tzdata calls it); `at` matters for times long past."""
    name = (at or _NOW_IN_TZDATA).astimezone(zone).tzname()
    if not name:
        raise ValueError("the zone has no name")
    return name


def clock(instant: datetime, zone: tzinfo) -> str:
    """Return the time of an aware instant as a clock in `zone` shows it: "pukul 09.00 WIB"."""
    local = _local(instant, zone)
    return f"pukul {local:%H.%M} {zone_name(zone, instant)}"


def long_instant(instant: datetime, zone: tzinfo) -> str:
    """Return "13 Maret 2026 pukul 23.59 WIB"."""
    return f"{plain_date(_local(instant, zone))} {clock(instant, zone)}"


def instant_for_reader(instant: datetime, zone: tzinfo = WIB, *, rules: tzinfo = WIB) -> str:
    """
    Return an instant in the zone whose clock decides (`rules`: WIB), and in brackets in the reader's `zone`.

    "13 Maret 2026 pukul 23.59 WIB (14 Maret 2026 pukul 01.59 WIT)"; once only where both show the same clock.
    """
    text = long_instant(instant, rules)
    if _local(instant, zone).utcoffset() == _local(instant, rules).utcoffset():
        return text
    return f"{text} ({long_instant(instant, zone)})"


def _local(instant: datetime, zone: tzinfo) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("an aware datetime is needed: a time without its zone says nothing")
    return instant.astimezone(zone)


def _only_int(n: int) -> None:
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError(f"a whole number is needed, not {type(n).__name__}")


def _positive(n: int) -> None:
    _only_int(n)
    if n < 1:
        raise ValueError(f"{n} is not 1 or more")
