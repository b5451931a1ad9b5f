"""
Verification codes: 16 characters of Crockford's base 32, 80 random bits, not derived from anything.

Printed in fours with hyphens, stored and put into addresses without them.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
BITS = 5 * LENGTH
_READ_AS = {"O": "0", "I": "1", "L": "1"}
# The hyphen and what word processors, PDF readers and telephones make of it.
_HYPHENS = str.maketrans("", "", "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2212")
_LONGEST_INPUT = 100


def new_code() -> str:
    """Return a fresh code of 80 bits from the system's random source, without hyphens."""
    number = secrets.randbits(BITS)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))


def normalise(text: str) -> str | None:
    """
    Return the code behind `text` as somebody typed it, or None where it is none.

    Lower case, spaces and hyphens are fine; O is read as 0, I and L as 1. U belongs to no code.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    letters = "".join(text.split()).translate(_HYPHENS)
    if len(letters) != LENGTH or not letters.isascii():
        return None
    code = "".join(_READ_AS.get(letter, letter) for letter in letters.upper())
    return code if set(code) <= set(ALPHABET) else None


def printed(code: str) -> str:
    """ "7K3MQ9XD2PTA8WHN" -> "7K3M-Q9XD-2PTA-8WHN"."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
