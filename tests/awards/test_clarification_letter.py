"""The letter that asks for a clarification: numbered, signed, sent; each step once, and read by whom it concerns."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.utils import timezone

from accounts.roles import Role
from audit import history
from awards import clarification_letter
from awards.decrees import Refused
from awards.models import Clarification
from files import intake
from tests.awards.test_revocation import asked, award, the_dinas
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_signatory
from tests.factories.files import an_upload, pdf_bytes, picture_bytes
from tests.pages import main_of, words_of

__all__ = ["award"]
pytestmark = pytest.mark.django_db
GIVEN = {"letter_number": "B/12/IKMA/XI/2026", "signatory_office": "Direktur", "signatory_name": "SRI RAHAYU"}


def address(one: Clarification) -> str:
    return f"{one.get_absolute_url()}surat/"


def signed_by(person, content: bytes | None = None):
    upload = an_upload(content or pdf_bytes(), "surat.pdf")
    return intake.accept(upload, by=person, at=timezone.now())


def write(one: Clarification, **changes) -> Clarification:
    given = {"number": "B/12", "signatory_office": "Direktur", "signatory_name": "SRI RAHAYU"}
    return clarification_letter.write(one, **{**given, "by": a_secretary(), "at": timezone.now(), **changes})


def test_it_is_numbered_then_sent_and_the_dinas_reads_the_signed_one(award, client):
    one = asked(award)
    client.force_login(a_secretary())
    page = client.get(one.get_absolute_url())
    assert "Surat: Belum bernomor." in words_of(page)
    assert address(one) in main_of(page)
    assert "js/upload" in client.get(address(one)).content.decode()
    assert client.post(address(one), GIVEN).url == one.get_absolute_url()
    assert "Surat: Bernomor, menunggu tanda tangan." in words_of(client.get(one.get_absolute_url()))
    content = pdf_bytes()
    sent = SimpleUploadedFile("surat.pdf", content, content_type="application/pdf")
    assert client.post(address(one), {**GIVEN, "signed": sent}).url == one.get_absolute_url()
    one.refresh_from_db()
    client.force_login(the_dinas(award))
    page = client.get(one.get_absolute_url())
    assert "Surat: Bertanda tangan, disampaikan" in words_of(page)
    assert address(one) not in main_of(page)
    assert one.signed_letter.get_absolute_url() in main_of(page)
    assert b"".join(client.get(one.signed_letter.get_absolute_url()).streaming_content) == content
    assert [entry.action for entry in history.of(award).order_by("pk")][-2:] == [
        "number_clarification_letter", "send_clarification_letter",
    ]  # fmt: skip


def test_another_dinas_reads_neither_the_page_nor_the_letter(award, client):
    one = write(asked(award), signed=signed_by(a_secretary()))
    client.force_login(a_person(Role.DINAS, around=a_regency(TASIKMALAYA)))
    assert client.get(one.signed_letter.get_absolute_url()).status_code == 404
    assert client.get(one.get_absolute_url()).status_code == 404
    assert client.get(address(one)).status_code == 403


def test_who_may_write_it(award, client):
    one = asked(award)
    for person in (the_dinas(award), a_signatory(), a_person(Role.AUDITOR)):
        with pytest.raises(Refused, match="not_yours"):
            write(one, by=person)
        client.force_login(person)
        assert client.post(address(one), GIVEN).status_code == 403
    one.refresh_from_db()
    assert one.letter_number == ""


def test_once_sent_it_stays(award, client):
    one = write(asked(award), signed=signed_by(a_secretary()))
    with pytest.raises(Refused, match="already_sent"):
        write(one, number="B/13")
    client.force_login(a_secretary())
    assert client.post(address(one), {**GIVEN, "letter_number": "B/13"}).url == one.get_absolute_url()
    one.refresh_from_db()
    assert one.letter_number == "B/12"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"number": "  "}, "number_missing"), ({"signatory_name": ""}, "signatory_missing")],
)
def test_what_is_missing_is_said_and_nothing_is_sent(award, changes, code):
    one = asked(award)
    with pytest.raises(Refused, match=code):
        write(one, signed=signed_by(a_secretary()), **changes)
    one.refresh_from_db()
    assert (one.letter_number, one.letter_sent_at) == ("", None)


def test_only_an_own_pdf_is_sent(award, client):
    one = asked(award)
    for file in (signed_by(a_signatory()), signed_by(a_secretary(), picture_bytes())):
        with pytest.raises(Refused, match="not_pdf"):
            write(one, signed=file)
    client.force_login(a_secretary())
    bad = SimpleUploadedFile("surat.pdf", b"not a PDF at all", content_type="application/pdf")
    answer = client.post(address(one), {**GIVEN, "signed": bad})
    assert answer.status_code == 422
    one.refresh_from_db()
    assert one.letter_sent_at is None


@pytest.mark.parametrize(
    "spoil", [{"letter_number": "B/99"}, {"letter_sent_at": None}, {"signed_letter": None}]
)
def test_the_database_holds_it(award, spoil):
    one = write(asked(award), signed=signed_by(a_secretary()))
    with pytest.raises(Error), transaction.atomic():
        Clarification.objects.filter(pk=one.pk).update(**spoil)
