"""The explanation of a result: drafted from the scores, released by a person after the publication, read by its office."""

from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.roles import Role
from assessment import explanations
from assessment.models import Explanation
from assessment.refusals import Refused
from awards.models import Decree
from nominations.models import Nomination, Round, State
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.assessment import (
    a_chair,
    a_sealed_plenary,
    a_secretary,
    an_assessed_nomination,
    an_instrument,
    full_marks_but,
)
from tests.factories.awards import DecreeFactory
from tests.made_once import made_once
from tests.nominations.proposing import main_of, text_of

pytestmark = pytest.mark.django_db


@made_once
def decided():
    """A nomination that a sealed plenary decided, and that lacks something."""
    ladders = an_instrument().ladders
    low = {code: ladder[0] for code, ladder in list(ladders.items())[:8]}
    nomination = an_assessed_nomination(*[full_marks_but(low)] * 3)
    a_sealed_plenary(Round.objects.get())
    return Nomination.objects.get(pk=nomination.pk)


def drafted(nomination, by=None):
    return explanations.draft(nomination.assessment, by=by or a_secretary(), at=timezone.now())


def announced(nomination):
    """The round's decree is published."""
    if not Decree.objects.filter(published_at__isnull=False).exists():
        DecreeFactory(round=nomination.round, published=True)
    Nomination.objects.filter(pk=nomination.pk).update(state=State.AWARDED)


def released(nomination):
    announced(nomination)
    found = drafted(nomination)
    return explanations.release(found, version=found.version, by=a_secretary(), at=timezone.now())


def test_its_facts_add_up_and_name_no_assessor(decided):
    found = drafted(decided)
    facts = found.facts
    assert sum(Fraction(part["points"]) for part in facts["parts"]) == Fraction(facts["value"])
    assert facts["weak"]
    assert facts["next_star"]
    names = set(decided.assessment.assignments.values_list("assessor__name", flat=True))
    assert not any(name in found.text or name in str(facts) for name in names)


def test_drafting_twice_keeps_what_was_written(decided):
    found = drafted(decided)
    explanations.save(found, text="Tulisan orang.", version=1, by=a_secretary(), at=timezone.now())
    assert drafted(decided).text == "Tulisan orang."


def test_before_the_seal_there_is_nothing_to_explain():
    nomination = an_assessed_nomination()
    with pytest.raises(Refused) as refusal:
        drafted(nomination)
    assert refusal.value.code == "not_decided"


def test_it_is_not_released_before_the_result_is_published(decided):
    found = drafted(decided)
    with pytest.raises(Refused) as refusal:
        explanations.release(found, version=1, by=a_secretary(), at=timezone.now())
    assert refusal.value.code == "not_published"


def test_released_it_never_changes_not_even_in_the_database(decided):
    found = released(decided)
    with pytest.raises(Refused):
        explanations.save(found, text="Lain.", version=found.version, by=a_secretary(), at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Explanation.objects.filter(pk=found.pk).update(text="Lain.")


def test_the_second_to_save_is_told(decided):
    found = drafted(decided)
    explanations.save(found, text="Yang pertama.", version=1, by=a_secretary(), at=timezone.now())
    with pytest.raises(Refused) as refusal:
        explanations.save(found, text="Yang kedua.", version=1, by=a_secretary(), at=timezone.now())
    assert refusal.value.code == "overtaken"
    assert Explanation.objects.get().text == "Yang pertama."


@pytest.mark.parametrize(
    ("text", "code"), [("  ", "empty"), ("x" * 8001, "too_long"), ("3205010101800001", "personal_number")]
)
def test_words_that_cannot_stand_are_refused(decided, text, code):
    found = drafted(decided)
    with pytest.raises(Refused) as refusal:
        explanations.save(found, text=text, version=1, by=a_secretary(), at=timezone.now())
    assert refusal.value.code == code


def test_only_the_secretariat_writes(decided):
    for role in (Role.KETUA, Role.AUDITOR, Role.PENILAI, Role.DINAS):
        with pytest.raises(Refused):
            drafted(decided, by=a_person(role, around=decided))


# --- Who reads it ----------------------------------------------------------------------------------------------------
def test_its_office_and_province_read_it_once_it_is_released_and_nobody_else(client, decided):
    readers = {
        "its dinas": (a_person(Role.DINAS, around=decided), 200),
        "its province": (a_person(Role.PROVINSI, around=decided), 200),
        "another dinas": (a_person(Role.DINAS, around=a_regency(TASIKMALAYA)), 404),
        "an assessor": (a_person(Role.PENILAI), 403),
        "the auditor": (a_person(Role.AUDITOR), 200),
    }
    address = f"/usulan/{decided.pk}/penjelasan/"
    announced(decided)
    found = drafted(decided)
    for person, _ in readers.values():
        client.force_login(person)
        assert client.get(address).status_code in (403, 404)
        assert "Penjelasan hasil" not in client.get(f"/usulan/{decided.pk}/").content.decode()
    explanations.release(found, version=1, by=a_secretary(), at=timezone.now())
    for name, (person, status) in readers.items():
        client.force_login(person)
        assert client.get(address).status_code == status, name
    client.force_login(readers["its dinas"][0])
    assert f'href="{address}"' in client.get(f"/usulan/{decided.pk}/").content.decode()
    text = text_of(client.get(address))
    assert "Median kelompok" in text
    assert "Yang masih lemah" in text


def test_the_desk_drafts_edits_and_releases(client, decided):
    client.force_login(a_secretary())
    address = f"/penilaian/penjelasan/{decided.assessment.pk}/"
    assert "Susun konsep" in text_of(client.get(address))
    assert not Explanation.objects.exists()
    client.post(address)
    sent = {"text": "Kemasan sudah baik; pasokan bahan baku perlu dijamin.", "version": "1"}
    assert client.post(address, sent).status_code == 302
    assert "pasokan bahan baku perlu dijamin" in main_of(client.get(address))
    stale = client.post(address, {"text": "Terlambat.", "version": "1"})
    assert stale.status_code == 409
    assert "Terlambat." in main_of(stale)
    early = client.post(address, {"lepas": "ya", "version": "2"}, follow=True)
    assert "Hasil belum diumumkan" in early.content.decode()
    announced(decided)
    client.post(address, {"lepas": "ya", "version": "2"})
    assert "Sudah dilepas" in text_of(client.get(address))


def test_the_list_shows_where_each_stands(client, decided):
    client.force_login(a_secretary())
    address = f"/penilaian/penjelasan/?periode={decided.round_id}"
    assert "Belum disusun" in text_of(client.get(address))
    drafted(decided)
    assert "Konsep" in text_of(client.get(address))


def test_the_auditor_reads_the_desk_and_writes_nothing(client, decided):
    drafted(decided)
    client.force_login(a_person(Role.AUDITOR))
    address = f"/penilaian/penjelasan/{decided.assessment.pk}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "Simpan penjelasan" not in text_of(page)
    assert client.post(address, {"text": "Auditor.", "version": "1"}).status_code == 403


def test_the_chair_has_no_such_page(client, decided):
    client.force_login(a_chair())
    assert client.get("/penilaian/penjelasan/").status_code in (403, 404)
