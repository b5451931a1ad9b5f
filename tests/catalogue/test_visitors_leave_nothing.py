"""A visitor of the public's pages gets no cookie, and no page asks another host for anything."""

import re

import pytest
from django.test import Client

from tests.factories.awards import AwardFactory, DecreeFactory, a_certificate
from tests.factories.nominations import RoundFactory
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def addresses():
    RoundFactory(year=2030)
    award = AwardFactory(decree=DecreeFactory(published=True, round__year=2018))
    certificate = a_certificate(award)
    paths = [
        "/", "/katalog/", "/katalog/?q=dodol&bintang=5", "/katalog/?tampilan=peta", f"/katalog/{award.slug}/",
        "/katalog/tidak-ada/", "/hasil/", "/hasil/2018/", "/hasil/2030/", "/hasil/2018/penghargaan.csv",
        f"/katalog/ikm/{award.product.ikm.slug}/", "/statistik/", "/statistik/provinsi.csv", "/data/", "/data/api/",
        "/data/penghargaan.csv", "/data/katalog.jsonld",
        "/verifikasi/", "/verifikasi/?kode=abc", f"/verifikasi/{certificate.code}/", "/verifikasi/0000000000000000/",
        "/verifikasi/berkas/?sidik=abc", "/panduan/masyarakat/",
    ]  # fmt: skip
    return [
        *paths,
        *(f"/en{path}" for path in paths),
        "/api/v1/awards",
        "/api/v1/rounds",
        "/sitemap.xml",
        "/robots.txt",
        "/hasil/umpan.atom",
        "/api/v1/openapi.json",
        "/tidak/ada/",
    ]


def test_no_public_page_sets_a_cookie(client, addresses):
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in (200, 404), address
        assert not answer.cookies, address


def test_a_search_by_script_sets_none_either(client, addresses):
    answer = client.get("/katalog/", {"q": "dodol"}, headers={"HX-Request": "true"})
    assert not answer.cookies


def test_no_public_page_asks_another_host_for_anything(client, addresses):
    """What a page loads by itself: pictures, scripts, styles, frames, and what a form sends to."""
    loads = re.compile(
        r"<(?:script|img|iframe|source|video|audio|embed|object|form|use)\b[^>]*?(?:src|srcset|data|action|href)=\"([^\"]*)\""
        r"|<link\b(?=[^>]*rel=\"(?:stylesheet|preload|icon|modulepreload)\")[^>]*href=\"([^\"]*)\""
    )
    seen = set()
    for address in addresses:
        html = client.get(address).content.decode()
        for one, other in loads.findall(html):
            seen.add(one or other)
    assert len(seen) >= 8
    assert all(re.match(r"/(?!/)|#|\?", address) for address in seen if address), seen


def test_the_policy_that_browsers_hold_them_to_says_the_same(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:|unsafe|\*", policy)


def test_a_visitor_with_a_cookie_of_elsewhere_sees_the_same_page(addresses):
    with_cookie = Client()
    with_cookie.cookies["lain"] = "1"
    assert with_cookie.get("/katalog/").content == Client().get("/katalog/").content
