"""No page runs a foreign script, sits in a frame, or changes anything while it is only read."""

import pytest
from django.http import HttpResponse
from django.urls import resolve

from accounts.roles import Role
from ovop_portal.readonly import ReadingDoesNotWrite, WroteWhileReading, writes_on_get
from regions.models import Province
from tests.factories.accounts import a_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/", "/katalog/", "/verifikasi/", "/masuk/", "/beranda/", "/bukan-halaman/"]
)
def test_every_page_forbids_inline_scripts_frames_and_guessed_types(client, address):
    client.force_login(a_person(Role.AUDITOR))
    answer = client.get(address)
    policy = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if part.strip()
    )
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'self'"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer


def change(request):
    Province.objects.update(name="X")
    return HttpResponse("done")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_that_writes_while_it_is_read_fails(rf, method):
    request = getattr(rf, method)("/beranda/")
    request.resolver_match = resolve("/beranda/")
    with pytest.raises(WroteWhileReading):
        ReadingDoesNotWrite(change)(request)


def test_one_that_says_so_and_one_that_is_sent_may_write(rf):
    said = rf.get("/beranda/")
    said.resolver_match = resolve("/beranda/")
    said.resolver_match.func = writes_on_get(lambda request: change(request))
    sent = rf.post("/beranda/")
    sent.resolver_match = resolve("/beranda/")
    for request in (said, sent):
        assert ReadingDoesNotWrite(change)(request).content == b"done"
