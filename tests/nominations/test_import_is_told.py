"""A dinas is told, once for each import, how many drafts the secretariat has imported into its office."""

from collections import Counter

import pytest
from django.utils import timezone

from accounts.roles import Role
from letters import inbox
from letters.models import Batch, Message
from nominations import importing, notices
from tests.factories.accounts import GARUT, TANAH_DATAR, a_dinas, a_person
from tests.factories.nominations import RoundFactory
from tests.nominations.importing import GOOD, a_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]


def imported(*rows):
    round_ = RoundFactory(year=2026)
    return importing.run(
        importing.read(a_csv(*rows), "usulan.csv"),
        round_=round_,
        by=a_person(Role.SEKRETARIAT),
        at=timezone.now(),
    )


def test_each_office_hears_once_how_many_drafts_are_its_own():
    garut, elsewhere = a_dinas(GARUT), a_dinas(TANAH_DATAR)
    siti, budi = (a_person(Role.DINAS, office=garut) for _ in range(2))
    other = a_person(Role.DINAS, office=elsewhere)
    bystander = a_person(Role.PROVINSI, around=garut.regency)
    imported(GOOD, (*GOOD[:3], "Tas bambu", *GOOD[4:]), (TANAH_DATAR, "anyaman", "UD Lain", "Topi", "", ""))
    told = Message.objects.filter(kind="drafts_imported")
    assert Counter(told.values_list("person", flat=True)) == {siti.pk: 1, budi.pk: 1, other.pk: 1}
    assert not told.filter(person=bystander).exists()
    mine, theirs = inbox.of(siti).get(), inbox.of(other).get()
    assert "2 draf usulan OVOP 2026 diimpor ke kantor Anda" in mine.subject
    assert "1 draf usulan" in theirs.subject
    assert garut.name in mine.body_text
    assert "WIB" in mine.body_text
    assert inbox.words_of(mine, siti).address == "/usulan/?status=draft"


def test_an_import_with_an_error_and_a_check_tell_nobody():
    a_person(Role.DINAS, office=a_dinas(GARUT))
    assert imported(GOOD, ("9999", *GOOD[1:])).problems
    importing.check(
        importing.read(a_csv(GOOD), "usulan.csv"), round_=RoundFactory(year=2026), at=timezone.now()
    )
    assert not Message.objects.filter(kind="drafts_imported").exists()


def test_an_import_for_many_offices_waits_to_be_counted_and_released(monkeypatch):
    monkeypatch.setattr(notices, "_OFFICES_AT_ONCE", 1)
    for code in (GARUT, TANAH_DATAR):
        a_person(Role.DINAS, office=a_dinas(code))
    imported(GOOD, (TANAH_DATAR, "anyaman", "UD Lain", "Topi", "", ""))
    batch = Batch.objects.get()
    assert batch.title == "Draf diimpor periode 2026"
    assert set(batch.messages.values_list("state", flat=True)) == {"held"}
