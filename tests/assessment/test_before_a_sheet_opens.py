"""Pact and statement come before a sheet, and a task can be given back."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from assessment.models import Assignment, Pact
from nominations import reference
from nominations.models import DocumentKind, State
from tests.assessment.scoring_desk import at, can_open, sheet_of, source, words
from tests.factories.accounts import LONGEST_NAME, a_regency
from tests.factories.assessment import (
    a_declared_assignment,
    a_panel,
    assignments_of,
    declare_conflict,
    fill,
    send,
)
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
    an_hour_ago,
    bring_to,
    link_document,
)
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@made_once
def declared() -> Assignment:
    return a_declared_assignment()


@pytest.fixture
def one(client, declared) -> Assignment:
    """A declared assignment whose assessor is signed in."""
    client.force_login(declared.assessor)
    return declared


@pytest.fixture
def codes(one) -> list[str]:
    return [each.code for each in one.assessment.instrument.parsed().indicators]


def test_the_way_to_a_sheet_leads_over_the_pact_and_the_statement(client):
    one = assignments_of(a_panel())[0]
    client.force_login(one.assessor)
    year = one.assessment.nomination.round_id
    pact = f"{reverse('pact', args=[year])}?tugas={one.pk}"
    for address in (sheet_of(one), at(one, "assessment_check"), at(one, "declaration")):
        assert client.get(address)["Location"] == pact
    text = words(client, pact)
    assert f"Saya, {one.assessor.full_name}, {one.office.name}, penilai Penghargaan OVOP Tahun {year}" in text
    assert "menerima akibat hukum apabila melanggar pernyataan ini." in text
    assert not Pact.objects.exists()
    assert client.post(pact)["Location"] == at(one, "declaration")
    for address in (sheet_of(one), at(one, "assessment_check"), at(one, "assessment_submit")):
        assert client.get(address)["Location"] == at(one, "declaration")
    assert client.post(at(one, "declaration"), {"answer": "tidak"})["Location"] == sheet_of(one)
    assert "Cara memilih jenjang" in words(client, sheet_of(one))


def test_the_pact_is_asked_once_a_round_and_can_be_read_again(client, one):
    year = one.assessment.nomination.round_id
    page = source(client, reverse("pact", args=[year]))
    assert "naskah versi 1" in page
    assert "Tanda tangani pakta" not in page
    client.post(reverse("pact", args=[year]))
    assert Pact.objects.count() == 1


def test_a_round_without_an_assignment_has_no_pact_for_this_person(client, one):
    assert client.get(reverse("pact", args=[2024])).status_code == 404
    assert client.post(reverse("pact", args=[2024])).status_code == 404


@pytest.mark.parametrize("wanted", ["x", "9" * 40, "-1", "²", ""])
def test_the_pact_goes_on_only_to_an_own_assignment(client, wanted):
    mine, other = assignments_of(a_panel())[:2]
    client.force_login(mine.assessor)
    address = reverse("pact", args=[mine.assessment.nomination.round_id])
    assert client.post(f"{address}?tugas={wanted or other.pk}")["Location"] == reverse("assessments")


def test_before_the_statement_only_ikm_product_place_and_proposer_are_shown(client):
    reference.load()
    nomination = NominationFactory(
        in_state="draft",
        product=ProductFactory(ikm=IkmFactory(regency=a_regency(LONGEST_NAME), sentra=None)),
        story="Kisah yang belum boleh dibaca.",
        documented=False,
    )
    document = link_document(nomination, DocumentKind.objects.get(pk="nib"))
    bring_to(nomination, State.ELIGIBLE)
    one = assignments_of(a_panel(nomination))[0]
    client.force_login(one.assessor)
    client.post(reverse("pact", args=[nomination.round_id]))
    pages = [source(client, at(one, "declaration")), source(client, at(one, "assignment_decline"))]
    shown = words(client, at(one, "declaration"))
    for told in (nomination.product.name, nomination.product.ikm.name, nomination.office.name,
                 "Kabupaten Kepulauan Siau Tagulandang Biaro"):  # fmt: skip
        assert told in shown
    for page in (*pages, source(client, reverse("assessments"))):
        assert "Kisah yang belum boleh dibaca." not in page
        assert nomination.product.ikm.nib not in page
        assert str(document.file_id) not in page
    assert not can_open(client, document)
    client.post(at(one, "declaration"), {"answer": "tidak"})
    assert can_open(client, document)
    assert "Kisah yang belum boleh dibaca." in source(client, sheet_of(one))
    client.post(at(one, "declaration"), {"kind": "family", "text": "Ipar pemiliknya."})
    assert not can_open(client, document)
    assert client.get(sheet_of(one))["Location"] == at(one, "declaration")


def test_a_conflict_is_declared_with_its_kind_and_what_was_typed_stays_on_an_error(client):
    one = assignments_of(a_panel())[0]
    client.force_login(one.assessor)
    client.post(reverse("pact", args=[one.assessment.nomination.round_id]))
    page = client.post(at(one, "declaration"), {"answer": "ya", "kind": "", "text": "Ipar pemiliknya."})
    assert page.status_code == 200
    assert "Pilih jenis hubungannya." in page.content.decode()
    assert "Ipar pemiliknya." in page.content.decode()
    one.refresh_from_db()
    assert one.has_conflict is None
    empty = client.post(at(one, "declaration"), {})
    assert "Pilih salah satu." in empty.content.decode()
    other = client.post(at(one, "declaration"), {"answer": "ya", "kind": "other"})
    assert "Tuliskan hubungan apa yang dimaksud." in other.content.decode()
    done = client.post(
        at(one, "declaration"), {"answer": "ya", "kind": "family", "text": "Ipar pemiliknya."}, follow=True
    )
    assert "Tidak menilai: benturan kepentingan" in unescape(words_of(done))
    one.refresh_from_db()
    assert (one.conflict_kind, one.conflict_text) == ("family", "Ipar pemiliknya.")


def test_a_conflict_that_shows_later_closes_the_sheet_at_once(client, one, codes):
    fill(one, {codes[0]: 2})
    assert "Nyatakan hubungan" in source(client, at(one, "declaration"))
    assert client.post(at(one, "declaration"), {}).status_code == 200
    answer = client.post(at(one, "declaration"), {"kind": "work", "text": ""})
    assert answer["Location"] == reverse("assessments")
    saved = client.post(at(one, "assessment_save"), {f"skor-{codes[0]}": "3"})
    assert (saved.status_code, saved.json()["code"]) == (409, "conflict")
    assert client.post(at(one, "assessment_submit"))["Location"] == at(one, "declaration")
    page = source(client, at(one, "declaration"))
    assert "hubungan kerja atau penghasilan" in page
    assert "Nyatakan hubungan" not in page
    assert one.scores.get().points == 2


def test_the_statement_is_not_said_twice(client, one):
    answer = client.post(at(one, "declaration"), {"answer": "tidak"})
    assert "Pilih jenis hubungannya." in answer.content.decode() or answer.status_code == 200
    one.refresh_from_db()
    assert one.has_conflict is False


def test_a_task_is_given_back_for_one_of_two_reasons_and_a_conflict_is_named_first(client, one):
    page = source(client, at(one, "assignment_decline"))
    assert page.index("nyatakan benturan kepentingan") < page.index("Di luar keahlian saya")
    assert "Diganti oleh Sekretariat" not in page
    for wrong in ({}, {"reason": "replaced"}):
        assert client.post(at(one, "assignment_decline"), wrong).status_code == 200
    one.refresh_from_db()
    assert one.removed_at is None
    done = client.post(at(one, "assignment_decline"), {"reason": "expertise"}, follow=True)
    assert "Anda kembalikan. Sekretariat menunjuk penilai lain." in unescape(done.content.decode())
    assert client.get(sheet_of(one)).status_code == 404
    assert client.post(at(one, "assignment_decline"), {"reason": "time"}).status_code == 404


def test_who_has_sent_gives_nothing_back(client, one):
    fill(one)
    send(one)
    answer = client.post(at(one, "assignment_decline"), {"reason": "time"})
    assert "sudah dikirim dan terkunci" in answer.content.decode()
    one.refresh_from_db()
    assert one.removed_at is None


def test_after_a_conflict_there_is_nothing_to_give_back(client, one):
    declare_conflict(one, at=an_hour_ago() + timedelta(minutes=12))
    for answer in (
        client.get(at(one, "assignment_decline")),
        client.post(at(one, "assignment_decline"), {"reason": "time"}),
    ):
        assert answer["Location"] == at(one, "declaration")
    one.refresh_from_db()
    assert one.removed_at is None
