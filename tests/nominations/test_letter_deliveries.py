"""A letter that is delivered: who is told and where that leads them; its signed scan lies on the disk once."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from files.models import StoredFile
from letters import inbox
from letters.models import Letter, Message
from nominations import letter_drafts
from nominations.guards import Refused
from nominations.models import DocumentKind
from tests.factories.accounts import TANAH_DATAR, a_dinas, a_ministry, a_person, a_province_office, a_regency
from tests.factories.files import pdf_bytes
from tests.factories.letterheads import ready_to_write
from tests.factories.nominations import NominationFactory
from tests.made_once import made_once
from tests.nominations.letter_writing import a_proposal, a_scan, pressed, taken_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(client, requirements, officer):
    a_province_office()
    a_ministry()
    signs = ready_to_write(a_dinas())
    NominationFactory(in_state="submitted")
    return a_proposal(client, signs)


@made_once
def readers():
    """One of each addressed office, and people who are not meant."""
    return {
        "the province": a_person(Role.PROVINSI, office=a_province_office()),
        "the secretariat": a_person(Role.SEKRETARIAT, office=a_ministry()),
        "an assessor of the ministry": a_person(Role.PENILAI, office=a_ministry()),
        "another province": a_person(Role.PROVINSI, around=a_regency(TANAH_DATAR)),
    }


def told():
    return set(Message.objects.filter(kind="letter_delivered").values_list("person", flat=True))


def test_the_people_of_the_offices_addressed_are_told_once_and_led_to_the_letter(
    client, letter, readers, officer
):
    taken_to("ditandatangani", letter, by=officer)
    assert told() == set(), "nobody is told before it is delivered"
    pressed(client, letter, "sampaikan")
    pressed(client, letter, "sampaikan")
    assert told() == {readers["the province"].pk, readers["the secretariat"].pk}
    assert Message.objects.filter(kind="letter_delivered").count() == 2
    message = inbox.of(readers["the province"]).get(kind="letter_delivered")
    letter.refresh_from_db()
    assert letter.number in message.body_text
    assert str(letter.office) in message.body_text
    words = inbox.words_of(message, readers["the province"])
    assert (words.address, words.is_open) == (reverse("letter", args=[letter.pk]), True)
    readers["the province"].memberships.all().delete()
    fresh = type(officer).objects.get(pk=readers["the province"].pk)
    assert not inbox.words_of(message, fresh).is_open


def test_who_does_not_handle_the_letter_delivers_nothing_and_tells_nobody(letter, readers, officer):
    taken_to("ditandatangani", letter, by=officer)
    with pytest.raises(Refused):
        letter_drafts.deliver(letter, by=readers["the province"], at=timezone.now())
    assert (Letter.objects.get(pk=letter.pk).state, told()) == ("ditandatangani", set())


def test_the_signed_scan_is_kept_with_the_letter_and_nowhere_else(
    client, letter, officer, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    # Else a letter of proposal becomes a document of its office, and the scan stays as that document.
    DocumentKind.objects.filter(pk="surat_usulan").update(is_active=False)
    taken_to("bernomor", letter, by=officer)
    scan = pdf_bytes(pages=3)
    with django_capture_on_commit_callbacks(execute=True):
        assert pressed(client, letter, "tanda-tangan", berkas=a_scan(content=scan)).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.pages) == ("ditandatangani", 3)
    assert not StoredFile.objects.filter(original_name="surat.pdf").exists()
    holding = [path for path in Path(tmp_path).rglob("*") if path.is_file() and path.read_bytes() == scan]
    assert holding == [Path(letter.file.path)]


def test_a_refused_signature_keeps_the_scan_for_the_next_press(client, letter, officer):
    taken_to("diparaf", letter, by=officer)
    pressed(client, letter, "tanda-tangan", berkas=a_scan())
    assert Letter.objects.get(pk=letter.pk).state == "diparaf"
    assert StoredFile.objects.filter(original_name="surat.pdf").count() == 1
