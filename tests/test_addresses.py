"""The list of public addresses is short and written here by hand; every other address asks for a sign-in first."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern, URLPattern, URLResolver

from ovop_portal.navigation import ENTRIES

pytestmark = pytest.mark.django_db

# A new page is private until its name stands here.
PUBLIC = {
    # what the public reads
    "home", "catalogue", "catalogue_award", "catalogue_maker", "photo", "all_results", "results", "results_file",
    "decree_copy", "statistics", "statistics_file",
    "verify", "verify_code", "verify_file", "root_certificate", "credential", "credential_keys",
    # an IKM's own line, for whoever holds its link
    "nomination_status", "entry_by_link",
    # open data
    "api-root", "openapi-json", "awards", "award", "published_rounds", "data", "data_file", "data_description", "api_page",
    "figures_file",
    # for search engines and feed readers
    "sitemap", "robots", "feed",
    # the way in and out
    "account_login", "account_logout", "account_signup", "account_inactive", "mfa_authenticate", "accept_invitation",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    # operations
    "healthz", "readyz",
    # the handbook
    "handbook", "handbook_guide", "public_guide",
}  # fmt: skip
# Those of the public's pages that are read in English too, under /en/.
IN_ENGLISH = {
    "home", "catalogue", "catalogue_award", "catalogue_maker", "all_results", "results", "results_file", "statistics",
    "statistics_file", "data", "data_file", "data_description", "api_page", "verify", "verify_code", "verify_file",
    "root_certificate", "credential", "public_guide",
}  # fmt: skip
SAMPLES: dict[str, Any] = {
    "int": 1,
    "slug": "contoh",
    "str": "contoh",
    "uuid": uuid.UUID(int=1),
    "path": "contoh",
}
_PART = re.compile(r"<(?:(\w+):)?\w+>")


def every_address(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = "/"
) -> Iterator[tuple[str, URLPattern]]:
    """Yield each route of the portal with its pattern, those inside includes too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            # The prefix of a language is none in Indonesian.
            own = "" if isinstance(pattern.pattern, LocalePrefixPattern) else str(pattern.pattern)
            yield from every_address(pattern.url_patterns, before + own)
        else:
            yield before + str(pattern.pattern), pattern


def needs_no_sign_in(pattern: URLPattern) -> bool:
    """What Django's LoginRequiredMiddleware asks of a view."""
    return not getattr(pattern.callback, "login_required", True)


def filled(route: str) -> str:
    """The route with a sample in the place of each part: "/usulan/<int:pk>/" -> "/usulan/1/"."""
    return _PART.sub(lambda part: str(SAMPLES[part[1] or "str"]), route)


PRIVATE = [(filled(route), pattern.name) for route, pattern in every_address() if pattern.name not in PUBLIC]


def test_the_public_addresses_are_these_and_no_others():
    assert {pattern.name for _, pattern in every_address() if needs_no_sign_in(pattern)} == PUBLIC


def test_every_address_has_a_name_of_its_own():
    names = [pattern.name for _, pattern in every_address()]
    assert None not in names
    assert len(names) == len(set(names))


def test_the_walk_sees_the_whole_portal():
    routes = {route for route, _ in every_address()}
    assert {"/", "/usulan/<int:pk>/", "/api/v1/awards/<slug>", "/verifikasi/<str:code>/"} <= routes
    assert len(PRIVATE) > 60


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_every_other_address_leads_a_stranger_to_the_way_in(client, method):
    answers = {}
    for address, name in PRIVATE:
        answer = getattr(client, method)(address)
        leads_in = answer.status_code == 302 and answer["Location"].startswith("/masuk/?next=/")
        if not leads_in:
            answers[name] = f"{address}: {answer.status_code} {answer.get('Location', '')}"
    assert not answers


def test_only_the_public_pages_are_read_in_english_too(client):
    for name in sorted(IN_ENGLISH):
        route = next(route for route, pattern in every_address() if pattern.name == name)
        answer = client.get(f"/en{filled(route)}")
        assert answer.status_code in (200, 302, 404), name
        assert answer["Content-Language"] == "en" or answer.status_code == 302, name
    for address in ("/en/masuk/", "/en/usulan/", "/en/api/v1/awards", "/en/beranda/"):
        assert client.get(address).status_code == 404, address


def test_an_address_that_is_none_tells_a_stranger_nothing(client):
    assert client.get("/usulan-yang-tidak-ada/").status_code == 404


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.label)
def test_every_entry_of_the_working_menu_is_an_address(entry):
    assert entry.url in {route for route, _ in every_address()}
