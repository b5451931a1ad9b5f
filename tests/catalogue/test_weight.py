"""What a first visit takes over the wire, without photos: the page and every file it names, compressed as they are sent."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from tests.factories.awards import AwardFactory, DecreeFactory

pytestmark = pytest.mark.django_db
ALL_AT_MOST, SCRIPTS_AT_MOST = 100_000, 25_000


@pytest.fixture(scope="module")
def addresses():
    return [
        "/", "/katalog/", "/katalog/?tampilan=peta", "/hasil/2018/", "/statistik/", "/data/", "/data/api/", "/verifikasi/",
    ]  # fmt: skip


def weight_of(address: str, content: bytes) -> int:
    return len(content) if address.endswith(".woff2") else len(gzip.compress(content, 6))


def static(address: str) -> bytes:
    found = finders.find(address.removeprefix("/static/"))
    assert found, address
    with open(found, "rb") as file:
        return file.read()


def weights(client, address: str) -> dict[str, int]:
    """The page and its files, with those that the stylesheets name (fonts, drawings)."""
    html = client.get(address).content
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode()))
    for sheet in [one for one in named if one.endswith(".css")]:
        for relative in re.findall(r'url\("?\.\./([^")]+\.woff2)"?\)', static(sheet).decode()):
            named.add(f"/static/{relative}")
    return {address: weight_of(address, html)} | {one: weight_of(one, static(one)) for one in named}


def test_no_public_page_weighs_more_than_a_hundred_kilobytes_nor_its_scripts_more_than_25(client, addresses):
    decree = DecreeFactory(published=True, round__year=2018)
    awards = [AwardFactory(decree=decree, star=1 + number % 5) for number in range(60)]
    for address in [*addresses, awards[0].get_absolute_url()]:
        found = weights(client, address)
        assert sum(one.endswith(".woff2") for one in found) == 2, found
        assert sum(found.values()) <= ALL_AT_MOST, found
        assert sum(size for one, size in found.items() if one.endswith(".js")) <= SCRIPTS_AT_MOST, found
