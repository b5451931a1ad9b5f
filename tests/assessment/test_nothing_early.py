"""No page, file, export or API gives an assessor another's scores, notes or name before the whole panel has sent."""

import re
from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from assessment import sheets
from tests.factories.assessment import (
    a_panel,
    assignments_of,
    declare_free,
    full_marks_but,
    send,
)
from tests.factories.nominations import an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
NOTE = "Nota pembelian luar daerah terlihat"
NAME = "Sari Pertama Mengirim"
# 100 less 14: two for each of seven indicators, in the form in which each score is one point.
SUM = "86,00"
CHANGED = dict.fromkeys(("A.I.1", "A.I.2", "A.I.3", "A.I.4", "A.I.5", "A.II.1", "A.II.2"), 1)
# What holds no word of this portal: reference data of the framework, and pages that a visitor without a round sees.
ELSEWHERE = ("admin/", "static/", "_", "en/", "masuk/", "keluar/", "akun/")


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif isinstance(one, URLPattern):
            yield route


def addresses(numbers: set[int]) -> Iterator[str]:
    """Every address of the portal that can be made of these keys."""
    values = {
        "int": [str(each) for each in sorted(numbers)],
        "slug": ["anyaman"],
        "str": ["A.I.1"],
        "path": ["anyaman"],
        "uuid": ["00000000-0000-0000-0000-000000000000"],
    }
    for route in sorted(set(routes(get_resolver()))):
        if route.startswith(ELSEWHERE) or "^" in route or "\\" in route:
            continue
        places = re.findall(r"<(?:(\w+):)?\w+>", route)
        for chosen in product(*(values.get(kind or "str", ["x"]) for kind in places)):
            parts = iter(chosen)
            yield "/" + re.sub(r"<[^>]+>", lambda _, parts=parts: next(parts), route)


@made_once
def panel():
    assessment = a_panel()
    first, second, last = assignments_of(assessment)
    type(first.assessor).objects.filter(pk=first.assessor_id).update(name=NAME)
    for one in (first, second, last):
        declare_free(one)
    for one, given in ((first, full_marks_but(CHANGED)), (second, full_marks_but())):
        answers = {
            code: sheets.Answer(points, NOTE if one == first else "") for code, points in given.items()
        }
        sheets.save(one, answers, by=one.assessor, at=an_hour_ago())
    send(first)
    return assessment


def found(client, walked: Iterable[str]) -> dict[str, list[str]]:
    """Address -> which of the first one's words its answer holds."""
    leaks = {}
    for address in walked:
        answer = client.get(address, follow=False)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = content.decode("utf-8", errors="ignore")
        if held := [word for word in (NOTE, NAME, SUM) if word in text]:
            leaks[address] = held
    return leaks


def test_nothing_of_the_first_sheet_is_anywhere_until_all_are_in_and_then_it_is(client, panel):
    first, second, last = assignments_of(panel)
    numbers = {panel.nomination_id, first.pk, second.pk}
    client.force_login(second.assessor)
    assert found(client, addresses(numbers)) == {}
    for one in (second, last):
        answers = {code: sheets.Answer(points) for code, points in full_marks_but().items()}
        sheets.save(one, answers, by=one.assessor, at=an_hour_ago())
        send(one)
    # The words are looked for where they would be: there they are now.
    shown = found(client, [f"/penilaian/{second.pk}/"])
    assert {word for words in shown.values() for word in words} >= {NOTE, NAME}
