"""Verification codes: made, read back however they were typed, printed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards import codes

CODES = st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=16, max_size=16)


def test_new_codes_are_codes_and_all_different():
    made = [codes.new_code() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert all(codes.normalise(code) == code for code in made)


def test_every_place_of_a_code_takes_every_character():
    made = [codes.new_code() for _ in range(2000)]
    for place in range(16):
        seen = Counter(code[place] for code in made)
        assert set(seen) == set(codes.ALPHABET)
        assert max(seen.values()) < 2000 / 32 * 2


@given(CODES)
def test_what_is_printed_is_read_back(code):
    printed = codes.printed(code)
    assert [len(part) for part in printed.split("-")] == [4, 4, 4, 4]
    assert codes.normalise(printed) == code


@given(CODES, st.data())
def test_a_code_survives_the_hands_it_goes_through(code, data):
    typed = ""
    for letter in code:
        written = data.draw(st.sampled_from({"0": "0Oo", "1": "1IiLl"}.get(letter, letter + letter.lower())))
        typed += written + data.draw(st.sampled_from(["", "", " ", "-", "\u2011", "–", "\u00a0", "\n"]))
    assert codes.normalise(f"  {typed}\t") == code


@given(st.text(max_size=120))
def test_what_is_no_code_is_none_and_never_an_error(text):
    code = codes.normalise(text)
    assert code is None or (len(code) == 16 and set(code) <= set(codes.ALPHABET))
    assert code is None or codes.normalise(code) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7K3M-Q9XD-2PTA-8WH",
        "7K3M-Q9XD-2PTA-8WHNN",
        "UK3M-Q9XD-2PTA-8WHN",
        "７K3M-Q9XD-2PTA-8WHN",
        "ß" * 8,
        "7" * 400,
    ],
)
def test_too_short_too_long_and_foreign_letters_are_no_codes(text):
    assert codes.normalise(text) is None
