"""What the tests of the dinas' pages share: an officer's client, the words of a page, a form sent as it was opened."""

import re
from typing import Any

from django.test import Client

from nominations.models import Nomination


def main_of(answer: Any) -> str:
    html = answer.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main_of(answer)))


def version_in(answer: Any) -> str:
    found = re.search(r'name="version" value="(\d+)"', answer.content.decode())
    assert found, "the page has no version"
    return found.group(1)


def save(client: Client, nomination: Nomination, part: str, **answers: str) -> Any:
    """Open a page of answers and send it with these, as an officer does."""
    address = f"/usulan/{nomination.pk}/isian/{part}/"
    return client.post(address, {"version": version_in(client.get(address)), **answers})
