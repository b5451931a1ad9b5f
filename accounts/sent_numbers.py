"""Whole numbers as forms and addresses send them: text that anybody may have written."""

# The largest key of a table: a longer one is nobody's, and PostgreSQL refuses to compare with it.
LARGEST_KEY = 2**63 - 1
_DIGITS_AT_MOST = len(str(LARGEST_KEY))


def number_in(text: object, *, at_most: int = LARGEST_KEY) -> int | None:
    """
    Return the number that `text` is: ASCII digits and nothing else, not more than `at_most`. None for anything else, so
    that thousands of digits (which int refuses with a ValueError) or a sign are as if nothing had been sent.
    """
    written = "" if text is None else str(text)
    if not (written.isascii() and written.isdecimal() and len(written) <= _DIGITS_AT_MOST):
        return None
    number = int(written)
    return number if number <= at_most else None
