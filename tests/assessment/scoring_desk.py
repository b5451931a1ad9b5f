"""What the tests of an assessor's pages share: addresses, pages read as they are read, answers."""

import re
from datetime import timedelta
from html import unescape

from django.urls import reverse
from django.utils import timezone

from nominations.models import Phase
from tests.factories.assessment import (
    level_of,
)
from tests.factories.nominations import (
    a_phase,
)
from tests.pages import words_of

ADDRESSES = (
    "assessment",
    "declaration",
    "assignment_decline",
    "assessment_save",
    "assessment_check",
    "assessment_submit",
)


def sheet_of(one) -> str:
    return reverse("assessment", args=[one.pk])


def at(one, name: str) -> str:
    return reverse(name, args=[one.pk])


def source(client, address: str) -> str:
    """The HTML of a page, with its signs as they are read."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.get('Location', '')}"
    return unescape(answer.content.decode())


def words(client, address: str) -> str:
    return unescape(words_of(client.get(address)))


def close(one, *, since: timedelta = timedelta(minutes=1)) -> None:
    now = timezone.now()
    a_phase(
        one.assessment.nomination.round,
        Phase.Kind.ASSESSMENT,
        opens_at=now - timedelta(days=9),
        closes_at=now - since,
    )


def answers(step: int, one, *, without: tuple[str, ...] = ()) -> dict[str, int]:
    levels = level_of(one.assessment.instrument, step)
    return {f"skor-{code}": level for code, level in levels.items() if code not in without}


def can_open(client, document) -> bool:
    answer = client.get(reverse("file_download", args=[document.file_id]))
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code == 200


def rows_of(html: str) -> list[str]:
    body = html[html.index("<tbody") : html.index("</tbody>")]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row)) for row in body.split("<tr>")[1:]]
