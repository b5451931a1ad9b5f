"""/panduan/: a guide for each role, open to all; its pictures are those of the journeys, its words those of the pages."""

import html
import re
from pathlib import Path

import pytest
from PIL import Image

from accounts.roles import Role
from ovop_portal import handbook
from tests.factories.accounts import a_person
from tests.pages import main_of, needs_english, words_of

PROJECT = Path(__file__).resolve().parents[2]
WORDS = PROJECT / "templates" / "panduan"


def guides() -> list[str]:
    return [(WORDS / f"{guide.slug}.html").read_text(encoding="utf-8") for guide in handbook.GUIDES]


@pytest.mark.django_db
@pytest.mark.parametrize("guide", handbook.GUIDES, ids=lambda guide: guide.slug)
def test_anyone_may_read_each_guide(client, guide):
    answer = client.get(f"/panduan/{guide.slug}/")
    assert str(guide.title) in words_of(answer)
    assert main_of(answer).count("<h1") == 1


@needs_english
@pytest.mark.django_db
def test_the_guide_of_the_public_is_in_english_too_and_help_on_english_pages_leads_there(client):
    html = client.get("/en/").content.decode()
    assert 'href="/en/panduan/masyarakat/">Help' in html
    answer = client.get("/en/panduan/masyarakat/")
    assert "Buyers and the public" in words_of(answer)
    assert 'hreflang="id" href="http://localhost:8000/panduan/masyarakat/"' in answer.content.decode()
    assert 'href="/panduan/">' in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_guide_that_is_not_there_is_not_found(client):
    assert client.get("/panduan/menteri/").status_code == 404


@pytest.mark.django_db
def test_ones_own_guide_comes_first(client):
    client.force_login(a_person(Role.PENILAI))
    words = words_of(client.get("/panduan/"))
    assert (
        words.index("Tugas Anda")
        < words.index("Penilai")
        < words.index("Tugas lain")
        < words.index("Auditor")
    )


def test_every_role_has_a_guide():
    assert {guide.role for guide in handbook.GUIDES if guide.role} == set(Role)


def test_each_picture_is_taken_by_the_journeys_and_shown_by_a_guide():
    taken = "".join(
        path.read_text(encoding="utf-8") for path in (PROJECT / "tests" / "journeys").glob("*.py")
    )
    shown = set(re.findall(r'picture.html" with name="([^"]+)"', "".join(guides())))
    assert shown == handbook.PICTURES
    for name in handbook.PICTURES:
        with Image.open(PROJECT / "static" / "img" / "panduan" / f"{name}-360.webp") as picture:
            assert picture.size == (360, 680)
        assert re.search(rf'picture\(\w+, "{name}"\)', taken)
        with Image.open(PROJECT / "static" / "img" / "panduan" / f"{name}.webp") as picture:
            assert picture.size == (960, 640)


def test_the_words_of_buttons_and_pages_are_those_that_the_portal_has():
    said = {html.unescape(words) for text in guides() for words in re.findall(r"<b>([^<]+)</b>", text)}
    portal = [
        path.read_text(encoding="utf-8")
        for folder in (
            "templates",
            "ovop_portal",
            "accounts",
            "nominations",
            "assessment",
            "awards",
            "catalogue",
        )
        for suffix in ("*.html", "*.py")
        for path in (PROJECT / folder).rglob(suffix)
        if "panduan" not in path.parts and path.name != "handbook.py"
    ]
    assert said
    assert not {words for words in said if not any(words in text for text in portal)}
