"""Verification codes: 16 characters of Crockford's base 32, 80 random bits, not derived from anything."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_READ_AS = {"O": "0", "I": "1", "L": "1"}


def new_code() -> str:
    """Return a fresh code, without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str | None:
    """
    Return the code behind `text` as somebody typed it, or None where it is none.

    Lower case, spaces and hyphens are fine; O is read as 0, I and L as 1.
    """
    letters = "".join(text.split()).replace("-", "").upper()
    code = "".join(_READ_AS.get(letter, letter) for letter in letters)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def printed(code: str) -> str:
    """ "7K3MQ9XD2PTA8WHN" -> "7K3M-Q9XD-2PTA-8WHN"."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
