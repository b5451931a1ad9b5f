"""/instrumen/: the whole form to be read, by whoever works with it, with its sources and what changed."""

import copy
from html import unescape

import pytest
from django.urls import reverse

from accounts.roles import Role
from assessment import instruments
from nominations import reference
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary, an_assessor, an_instrument
from tests.factories.nominations import an_hour_ago
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db
READERS = {Role.SEKRETARIAT, Role.PENILAI, Role.KETUA, Role.PENETAP, Role.AUDITOR}


@made_once
def first():
    return an_instrument()


def source(client, address: str) -> str:
    """The HTML of a page, with its signs as they are read."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.get('Location', '')}"
    return unescape(answer.content.decode())


def words(client, address: str) -> str:
    return unescape(words_of(client.get(address)))


def a_new_version(first, *, published: bool = True):
    form = copy.deepcopy(first.definition)
    form["scheme"]["bands"][0]["from"] = "92.5"
    form["parts"][0]["sections"][0]["indicators"][0]["levels"][1]["text"] = (
        "Lebih dari separuh & <b>lokal</b>."
    )
    made = instruments.draft(first.group, form, by=a_secretary(), at=an_hour_ago())
    return instruments.publish(made, by=a_secretary(), at=an_hour_ago()) if published else made


def test_who_works_with_a_form_reads_it_and_others_are_told_whose_page_it_is(client, first):
    for role in Role:
        client.force_login(a_person(role))
        for address in (reverse("instruments"), first.get_absolute_url()):
            answer = client.get(address)
            assert answer.status_code == (200 if role in READERS else 403), role
            assert client.post(address).status_code in (403, 405)
    assert "Halaman ini untuk" in client.get(reverse("instruments")).content.decode()


def test_every_group_stands_with_its_versions_and_which_one_is_in_force(client):
    reference.load()
    instruments.load()
    first = an_instrument("anyaman")
    a_new_version(first)
    client.force_login(an_assessor())
    html, page = source(client, reverse("instruments")), words(client, reverse("instruments"))
    for group in ("Makanan dan minuman", "Kain tenun", "Kain batik", "Anyaman", "Gerabah"):
        assert group in page
    assert page.count("Berlaku") == 5
    assert page.count("Digantikan") == 1
    assert html.index("/instrumen/anyaman/2/") < html.index("/instrumen/anyaman/1/")


def test_a_draft_is_read_by_the_secretariat_and_is_not_there_for_an_assessor(client, first):
    waiting = a_new_version(first, published=False)
    client.force_login(an_assessor())
    assert client.get(waiting.get_absolute_url()).status_code == 404
    assert "/instrumen/anyaman/2/" not in source(client, reverse("instruments"))
    client.force_login(a_secretary())
    assert "Versi ini belum terbit" in source(client, waiting.get_absolute_url())
    assert "Rancangan" in words(client, reverse("instruments"))


def test_the_whole_form_can_be_read_with_its_bands_sources_and_fingerprint(client, first):
    client.force_login(an_assessor())
    html, page = source(client, first.get_absolute_url()), words(client, first.get_absolute_url())
    lines = list(instruments.lines(first.definition))
    assert f"{len(lines)} indikator dalam 3 bagian" in page
    assert "A 30, B 25, C 45 (jumlah 100)" in page
    for number, line in enumerate(lines, 1):
        assert f"{number}. {line['name']}" in page
        assert line["question"] in html
        assert all(level["text"] in html for level in line["levels"])
    for star, bound in ((5, 90), (4, 80), (3, 70), (2, 60), (1, 50)):
        assert f"{bound} ke atas Bintang {star} dari 5" in page
    published = sum(line["status"] == "published" for line in lines)
    assert page.count("Bunyi jenjang seperti pada formulir Kementerian yang terbit.") == published
    assert page.count("Bawaan portal") == len(lines) - published
    assert lines[0]["source"] in html
    assert first.fingerprint in page
    assert instruments.READING_RULE in page
    assert "Perubahan dari versi" not in page


def test_a_later_version_shows_what_is_different_from_the_one_before(client, first):
    second = a_new_version(first)
    client.force_login(an_assessor())
    page = words(client, second.get_absolute_url())
    assert "2 hal berbeda dari versi 1" in page
    assert "bintang 5: 92,5" in page
    assert "92,5 ke atas Bintang 5 dari 5" in page
    raw = client.get(second.get_absolute_url()).content.decode()
    assert "Lebih dari separuh &amp; &lt;b&gt;lokal&lt;/b&gt;." in raw


def test_a_form_with_a_score_above_nine_warns_its_editor_and_nobody_else(client, first):
    form = copy.deepcopy(first.definition)
    line = form["parts"][0]["sections"][0]["indicators"][0]
    line["levels"][-1]["score"] = line["max"] = 12
    made = instruments.draft(first.group, form, by=a_secretary(), at=an_hour_ago())
    instruments.publish(made, by=a_secretary(), at=an_hour_ago())
    client.force_login(a_secretary())
    assert "skor di atas 9: dipilih dengan tombol panah" in source(client, made.get_absolute_url())
    client.force_login(an_assessor())
    assert "skor di atas 9" not in source(client, made.get_absolute_url())


def test_what_is_not_there_is_not_found(client, first):
    client.force_login(an_assessor())
    for address in ("/instrumen/anyaman/9/", "/instrumen/emas/1/", "/instrumen/anyaman/0/"):
        assert client.get(address).status_code == 404
    assert client.get(first.get_absolute_url()).status_code == 200


def test_without_any_group_the_page_says_so(client):
    client.force_login(an_assessor())
    assert "Belum ada kelompok komoditas." in source(client, reverse("instruments"))


def test_the_list_asks_the_same_for_one_version_and_for_four(client, queries_of, first):
    client.force_login(a_secretary())
    client.get(reverse("instruments"))  # the first request of a sign-in is noted in its session
    few = queries_of(reverse("instruments"))
    for _ in range(3):
        a_new_version(first)
    assert len(queries_of(reverse("instruments"))) == len(few), few
