"""The way of a letter, and that what was signed stays what it was."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.base import ContentFile
from django.db import IntegrityError, InternalError, transaction

from accounts.models import Office
from accounts.roles import Role
from audit.models import Entry
from letters import integrity, kinds, official, tasks
from letters.models import Letter, NumberPattern
from letters.outbox import Refused
from tests.factories.letter_contents import FRIDAY, a_head, a_proposal, a_row, province_minutes
from tests.factories.letters import MINISTRY, BatchFactory, a_person
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
# The day that the letters bear.
NOON = datetime(2026, 3, 13, 5, tzinfo=UTC)
SIGNED_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
NUMBER = "B/214/Disperindag/500.9/III/2026"


@made_once
def dinas():
    return Office.objects.create(kind=Office.Kind.ASSOCIATION, code="dinas-garut", name="Dinas Garut")


@made_once
def officer(dinas):
    return a_person(Role.DINAS, office=dinas)


def drafted(office, by, **fields):
    head = a_head(number="", date=None)
    return official.draft(a_proposal(), head=head, office=office, by=by, at=NOON, **fields)


def numbered(office, by, number=NUMBER, day=FRIDAY):
    letter = official.initial(drafted(office, by), by=by, at=NOON)
    official.assign_number(letter, number=number, date=day, by=by, at=NOON)
    letter.refresh_from_db()
    return letter


def signed(office, by, number=NUMBER):
    return official.sign(numbered(office, by, number), file=SIGNED_PDF, by=by, at=NOON)


def test_a_letter_goes_its_way_and_each_step_is_written_down(dinas, officer):
    letter = official.deliver(signed(dinas, officer), by=officer, at=NOON + timedelta(hours=1))
    assert letter.state == "disampaikan"
    assert letter.delivered_at == NOON + timedelta(hours=1)
    steps = Entry.objects.filter(subject_id=str(letter.pk), subject_type="letters.letter").order_by("pk")
    assert [(step.from_state, step.to_state) for step in steps] == [
        ("", "konsep"),
        ("konsep", "diparaf"),
        ("diparaf", "bernomor"),
        ("bernomor", "ditandatangani"),
        ("ditandatangani", "disampaikan"),
    ]


def test_the_record_holds_what_was_printed(dinas, officer):
    letter = numbered(dinas, officer)
    assert official.content_of(letter) == a_proposal()
    assert official.head_of(letter) == a_head()
    assert letter.snapshot_sha256 == official.fingerprint(a_head(), a_proposal())


STEPS = {
    "initial": lambda letter, by: official.initial(letter, by=by, at=NOON),
    "assign_number": lambda letter, by: official.assign_number(
        letter, number="9", date=FRIDAY, by=by, at=NOON
    ),
    "sign": lambda letter, by: official.sign(letter, file=SIGNED_PDF, by=by, at=NOON),
    "deliver": lambda letter, by: official.deliver(letter, by=by, at=NOON),
    "revoke": lambda letter, by: official.revoke(letter, by=by, at=NOON, reason="keliru"),
    "back_to_draft": lambda letter, by: official.back_to_draft(letter, by=by, at=NOON, reason="keliru"),
    "redraft": lambda letter, by: official.redraft(
        letter, a_proposal(3), head=a_head(number="", date=None), by=by, at=NOON
    ),
}
ALLOWED = {
    ("konsep", "initial"),
    ("konsep", "redraft"),
    ("diparaf", "assign_number"),
    ("diparaf", "back_to_draft"),
    ("bernomor", "sign"),
    ("bernomor", "back_to_draft"),
    ("ditandatangani", "deliver"),
    ("ditandatangani", "revoke"),
    ("disampaikan", "revoke"),
}


def a_letter_in(state, office, by):
    letter = drafted(office, by)
    way = ["initial", "assign_number", "sign", "deliver"]
    goal = {"konsep": 0, "diparaf": 1, "bernomor": 2, "ditandatangani": 3, "disampaikan": 4, "dicabut": 4}[
        state
    ]
    for step in way[:goal]:
        STEPS[step](letter, by)
    if state == "dicabut":
        STEPS["revoke"](letter, by)
    letter.refresh_from_db()
    assert letter.state == state
    return letter


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "state", ["konsep", "diparaf", "bernomor", "ditandatangani", "disampaikan", "dicabut"]
)
def test_the_written_list_of_steps_is_the_whole_truth(state, step, dinas, officer):
    letter = a_letter_in(state, dinas, officer)
    if (state, step) in ALLOWED:
        STEPS[step](letter, officer)
        assert Letter.objects.get().state != state or step == "redraft"
    else:
        with pytest.raises(Refused):
            STEPS[step](letter, officer)
        assert Letter.objects.get().state == state


def test_a_letter_that_contradicts_itself_is_not_even_drafted(dinas, officer):
    with pytest.raises(kinds.NotConsistent):
        official.draft(a_proposal(12, nominations=13), head=a_head(), office=dinas, by=officer, at=NOON)
    assert not Letter.objects.exists()


def test_a_nomination_added_after_the_draft_makes_it_stale(dinas, officer):
    letter = drafted(dinas, officer)
    assert not official.is_stale(letter, a_proposal(12))
    assert official.is_stale(letter, a_proposal(13))


@pytest.mark.parametrize("number", ["3205010101800001", "32.05.01.010180.0001"])
def test_what_looks_like_a_nik_is_not_let_into_a_letter(number, dinas, officer):
    content = a_proposal(rows=(a_row(1, product=f"Batik {number}"),))
    with pytest.raises(kinds.NotConsistent, match="NIK"):
        official.draft(content, head=a_head(), office=dinas, by=officer, at=NOON)
    assert not Letter.objects.exists()


# --- Numbers -----------------------------------------------------------------------------------------------
def test_a_number_is_the_offices_own_and_taken_once_a_year(dinas, officer):
    numbered(dinas, officer)
    second = official.initial(drafted(dinas, officer), by=officer, at=NOON)
    with pytest.raises(Refused, match="sudah dipakai"):
        official.assign_number(second, number=f" {NUMBER.lower()} ", date=FRIDAY, by=officer, at=NOON)
    second.refresh_from_db()
    assert (second.state, second.number) == ("diparaf", "")
    official.assign_number(second, number=NUMBER, date=date(2027, 3, 12), by=officer, at=NOON)


def test_two_offices_may_have_the_same_number(dinas, officer):
    other = Office.objects.create(kind=Office.Kind.ASSOCIATION, code="dinas-lain", name="Dinas lain")
    numbered(dinas, officer)
    assert numbered(other, officer).number == NUMBER


@pytest.mark.parametrize("number", ["", "   ", "B/" + "1" * 60])
def test_an_empty_or_endless_number_is_refused(number, dinas, officer):
    letter = official.initial(drafted(dinas, officer), by=officer, at=NOON)
    with pytest.raises(Refused):
        official.assign_number(letter, number=number, date=FRIDAY, by=officer, at=NOON)


def test_a_number_in_another_shape_is_taken_with_a_warning(dinas, officer):
    letter = official.initial(drafted(dinas, officer), by=officer, at=NOON)
    assert "pola" in official.assign_number(letter, number="98/IKM/2026", date=FRIDAY, by=officer, at=NOON)
    assert Letter.objects.get().number == "98/IKM/2026"


def test_an_office_with_a_pattern_of_its_own_is_not_warned(dinas, officer):
    NumberPattern.objects.create(office=dinas, family="surat", pattern="{urut}/IKM/{tahun}")
    letter = official.initial(drafted(dinas, officer), by=officer, at=NOON)
    assert official.assign_number(letter, number="98/IKM/2026", date=FRIDAY, by=officer, at=NOON) == ""


def test_a_date_that_cannot_be_is_refused_at_numbering(dinas, officer):
    letter = official.draft(
        province_minutes(), head=a_head(number="", date=None), office=dinas, by=officer, at=NOON
    )
    official.initial(letter, by=officer, at=NOON)
    with pytest.raises(kinds.NotConsistent):
        official.assign_number(letter, number="BA/1", date=date(2026, 3, 9), by=officer, at=NOON)


def test_a_number_becomes_free_when_the_letter_goes_back(dinas, officer):
    letter = official.back_to_draft(numbered(dinas, officer), by=officer, at=NOON, reason="salah ketik")
    assert (letter.state, letter.number, letter.date) == ("konsep", "", None)
    assert numbered(dinas, officer).number == NUMBER


# --- Signed is signed --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        {"number": "9"},
        {"snapshot": {}},
        {"signatory_full_name": "Lain"},
        {"file_sha256": "0" * 64},
        {"recipients": []},
        {"state": "konsep"},
        {"state": "bernomor"},
        {"place": "Bandung"},
    ],
)
def test_the_database_refuses_every_change_of_a_signed_letter(change, dinas, officer):
    letter = signed(dinas, officer)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        letter.addressees.clear()
        letter.delete()
    assert Letter.objects.get() == letter


def test_a_revoked_letter_does_not_come_back(dinas, officer):
    letter = official.revoke(signed(dinas, officer), by=officer, at=NOON, reason="keliru")
    with pytest.raises(InternalError, match="forward only"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(state="ditandatangani", closed_at=None, close_reason="")
    assert Letter.objects.get().state == "dicabut"


def test_a_later_change_of_names_changes_no_old_letter(dinas, officer):
    letter = signed(dinas, officer)
    dinas.name = "Nama baru"
    dinas.save()
    assert (
        official.fingerprint(official.head_of(letter), official.content_of(letter)) == letter.snapshot_sha256
    )


def test_the_signed_file_is_kept_and_never_made_again(dinas, officer):
    letter = signed(dinas, officer)
    assert official.file_of(letter) == SIGNED_PDF
    assert letter.file_sha256 == hashlib.sha256(SIGNED_PDF).hexdigest()
    assert not official.make_preview(letter.pk)
    assert list(integrity.problems()) == []
    with letter.file.storage.open(letter.file.name, "wb") as stored:
        stored.write(b"%PDF-1.7 other %%EOF")
    assert list(integrity.problems()) == [f"surat {letter.pk}: berkasnya bukan berkas yang ditandatangani"]
    letter.file.storage.delete(letter.file.name)
    assert list(integrity.problems()) == [
        f"surat {letter.pk}: berkasnya tidak dapat dibaca (FileNotFoundError)"
    ]


def test_a_preview_that_the_letter_shows_and_the_store_does_not_have_is_named(dinas, officer):
    letter = drafted(dinas, officer)
    letter.preview.save("konsep.pdf", ContentFile(SIGNED_PDF), save=False)
    Letter.objects.filter(pk=letter.pk).update(
        preview=letter.preview.name, preview_of=letter.snapshot_sha256, pages=1
    )
    assert list(integrity.problems()) == []
    letter.preview.storage.delete(letter.preview.name)
    assert list(integrity.problems()) == [f"surat {letter.pk}: pratinjaunya tidak ada di penyimpanan"]
    # Out of date it is not shown: the worker makes another.
    Letter.objects.filter(pk=letter.pk).update(preview_of="")
    assert list(integrity.problems()) == []


@pytest.mark.parametrize("file", [b"", b"PK\x03\x04", b"%PDF-1.7 cut off", b"<html>%%EOF"])
def test_what_is_no_whole_pdf_is_not_kept(file, dinas, officer):
    with pytest.raises(Refused, match="PDF"):
        official.sign(numbered(dinas, officer), file=file, by=officer, at=NOON)
    assert Letter.objects.get().state == "bernomor"


def test_a_replaced_letter_leads_to_the_one_that_holds(dinas, officer):
    old, new = signed(dinas, officer), signed(dinas, officer, number="B/215/Disperindag/500.9/III/2026")
    official.replace(old, new, by=officer, at=NOON, reason="nama keliru")
    old.refresh_from_db()
    assert (old.state, old.replaced_by) == ("diganti", new)


def test_a_letter_is_not_replaced_by_a_draft_or_itself(dinas, officer):
    old = signed(dinas, officer)
    for new in (old, drafted(dinas, officer)):
        with pytest.raises(Refused):
            official.replace(old, new, by=officer, at=NOON, reason="keliru")


def test_an_end_needs_its_reason(dinas, officer):
    with pytest.raises(Refused, match="alasan"):
        official.revoke(signed(dinas, officer), by=officer, at=NOON, reason=" ")


def test_a_letter_is_delivered_within_five_working_days(dinas, officer):
    assert official.delivery_due(numbered(dinas, officer)) == date(2026, 3, 27)


# --- Previews ----------------------------------------------------------------------------------------------
def test_the_preview_follows_what_the_letter_says(dinas, officer):
    letter = drafted(dinas, officer)
    assert official.file_of(letter) is None
    assert official.make_preview(letter.pk)
    assert not official.make_preview(letter.pk), "it is there already"
    letter.refresh_from_db()
    first = official.file_of(letter)
    assert first.startswith(b"%PDF-")
    official.redraft(letter, a_proposal(3), head=a_head(number="", date=None), by=officer, at=NOON)
    letter.refresh_from_db()
    assert official.file_of(letter) is None, "an old preview is not shown as the new one"
    assert official.make_preview(letter.pk)
    letter.refresh_from_db()
    assert official.file_of(letter) != first


def test_a_preview_that_got_lost_is_found(dinas, officer):
    letter = drafted(dinas, officer)
    with mock.patch.object(tasks.render_letter, "delay") as delay:
        tasks.sweep_letters()
    delay.assert_called_once_with(letter_id=letter.pk)


def test_the_preview_is_made_by_the_worker_after_commit(dinas, officer, django_capture_on_commit_callbacks):
    with (
        mock.patch.object(tasks.render_letter, "delay") as delay,
        django_capture_on_commit_callbacks(execute=True),
    ):
        letter = drafted(dinas, officer)
    delay.assert_called_once_with(letter_id=letter.pk)


# --- Who sees it -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reader", "state", "sees"),
    [
        ("own office", "konsep", True),
        ("addressee", "konsep", False),
        ("addressee", "ditandatangani", False),
        ("addressee", "disampaikan", True),
        ("addressee", "dicabut", True),
        ("another office", "disampaikan", False),
        ("secretariat", "konsep", True),
        ("auditor", "konsep", True),
        ("assessor", "disampaikan", False),
        ("closed account", "disampaikan", False),
    ],
)
def test_a_letter_is_seen_by_whom_it_concerns(reader, state, sees, dinas, officer):
    receiving = Office.objects.create(kind=Office.Kind.CAMPUS, code="penerima", name="Penerima")
    letter = a_letter_in("konsep", dinas, officer)
    letter.addressees.add(receiving)
    for step in ["initial", "assign_number", "sign", "deliver", "revoke"]:
        letter.refresh_from_db()
        if letter.state == state:
            break
        STEPS[step](letter, officer)
    other = Office.objects.create(kind=Office.Kind.CAMPUS, code="lain", name="Lain")
    ministry = Office.objects.get_or_create(
        code=MINISTRY, defaults={"kind": Office.Kind.MINISTRY, "name": "Kementerian"}
    )[0]
    people = {
        "own office": lambda: officer,
        "addressee": lambda: a_person(Role.DINAS, office=receiving),
        "another office": lambda: a_person(Role.DINAS, office=other),
        "secretariat": lambda: a_person(Role.SEKRETARIAT, office=ministry),
        "auditor": lambda: a_person(Role.AUDITOR, office=ministry),
        "assessor": lambda: a_person(Role.PENILAI, office=other),
        "closed account": lambda: a_person(Role.DINAS, office=receiving, is_active=False),
    }
    assert Letter.objects.visible_to(people[reader]()).filter(pk=letter.pk).exists() is sees


def test_letters_are_found_by_what_they_are_about(dinas, officer):
    thing = BatchFactory()
    letter = drafted(dinas, officer, about=thing)
    drafted(dinas, officer)
    assert Letter.objects.about(official.reference(thing)).get() == letter
    with pytest.raises(ObjectDoesNotExist):
        Letter.objects.about("letters.batch:0").get()
