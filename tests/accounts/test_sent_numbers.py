"""What a form or an address sends as a number is one, or it is as if nothing had been sent."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.sent_numbers import LARGEST_KEY, number_in
from tests.factories.accounts import a_person


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("007", 7), (12, 12), (str(LARGEST_KEY), LARGEST_KEY)],
)
def test_digits_are_a_number(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " 1",
        "-1",
        "+1",
        "1.0",
        "1_0",
        "1e3",
        "٣",
        "²",
        "x",
        "1\x00",
        str(LARGEST_KEY + 1),
        "9" * 5000,
    ],
)
def test_anything_else_is_nothing(text):
    assert number_in(text) is None


def test_a_number_above_what_is_allowed_is_nothing():
    assert number_in("9999", at_most=9999) == 9999
    assert number_in("10000", at_most=9999) is None


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["9" * 5000, "9" * 19, "-1"])
def test_a_page_that_is_asked_for_such_a_number_answers(client, written):
    client.force_login(a_person(Role.SEKRETARIAT))
    assert client.get(reverse("plenary"), {"sidang": written}).status_code == 404
    assert client.get(reverse("panels"), {"periode": written}).status_code == 200
    assert client.get(reverse("letter_draft", args=["jawaban-sanggah", written])).status_code == 404
