"""The signed letter of proposal goes up once: it becomes the document that the nominations it names ask for."""

import pytest
from django.test import Client

from accounts.roles import Role
from letters.models import Letter
from nominations import completeness, copies
from nominations.models import Document, DocumentLink
from tests.factories.accounts import TASIKMALAYA, a_dinas, a_ministry, a_person, a_province_office, a_regency
from tests.factories.letterheads import ready_to_write
from tests.factories.nominations import NominationFactory
from tests.made_once import made_once
from tests.nominations.letter_writing import a_proposal, a_scan, pressed, taken_to

pytestmark = pytest.mark.django_db


@made_once
def who_signs(requirements, of_garut):
    a_province_office()
    a_ministry()
    return ready_to_write(a_dinas())


@pytest.fixture
def signs(who_signs, officer):
    return who_signs


def without_the_letter(**how):
    nomination = NominationFactory(**how)
    nomination.document_links.filter(document__kind="surat_usulan").delete()
    return nomination


def signed(client, letter, officer):
    taken_to("bernomor", letter, by=officer)
    answer = pressed(client, letter, "tanda-tangan", berkas=a_scan())
    assert answer.status_code == 302
    return Letter.objects.get(pk=letter.pk)


def letters_of(nomination):
    return Document.objects.filter(links__nomination=nomination, kind="surat_usulan")


def test_the_signed_scan_is_the_document_of_the_drafts_it_names_without_a_second_upload(
    client, signs, officer
):
    one = without_the_letter()
    two = without_the_letter(round=one.round)
    elsewhere = without_the_letter(round=one.round, product__ikm__regency=a_regency(TASIKMALAYA))
    letter = signed(client, a_proposal(client, signs), officer)
    (document,) = Document.objects.filter(kind="surat_usulan", number=letter.number)
    assert (document.office, document.issued_on) == (letter.office, letter.date)
    assert document.file.sha256 == letter.file_sha256
    assert list(letters_of(one)) == list(letters_of(two)) == [document]
    assert not letters_of(elsewhere).exists()
    # Now nothing is missing that the letter stood for.
    assert completeness.missing(one) == []
    assert any(item["kind"] == "surat_usulan" for item in copies.content_of(one)["documents"])
    reader = Client()
    reader.force_login(a_person(Role.DINAS, around=one))
    assert document.number in reader.get(f"/usulan/{one.pk}/dokumen/").content.decode()


def test_a_letter_that_was_linked_before_stays_and_the_new_one_is_offered(client, signs, officer):
    there = NominationFactory(in_state="returned")
    before = letters_of(there).get()
    letter = signed(client, a_proposal(client, signs), officer)
    assert letters_of(there).get() == before
    offered = Document.objects.get(kind="surat_usulan", number=letter.number)
    assert not DocumentLink.objects.filter(document=offered).exists()


def test_what_was_sent_is_not_touched(client, signs, officer):
    sent = NominationFactory(in_state="submitted")
    links = set(sent.document_links.values_list("document", flat=True))
    signed(client, a_proposal(client, signs), officer)
    assert set(sent.document_links.values_list("document", flat=True)) == links


def test_a_scan_that_is_refused_makes_no_document(client, signs, officer):
    without_the_letter()
    letter = a_proposal(client, signs)
    taken_to("bernomor", letter, by=officer)
    before = Document.objects.count()
    assert pressed(client, letter, "tanda-tangan", berkas=a_scan(content=b"bukan PDF")).status_code == 422
    assert Document.objects.count() == before
