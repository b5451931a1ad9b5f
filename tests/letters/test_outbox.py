"""Promising, holding, releasing and cancelling messages."""

from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from accounts.models import Office
from accounts.roles import Role
from audit.models import Entry
from letters import outbox, tasks
from letters.mail_kinds import KINDS
from letters.models import MailTemplate, Message
from regions.models import Province
from tests.factories.letters import NOON, BatchFactory, MessageFactory, a_person

pytestmark = pytest.mark.django_db
CONTEXT = {
    "no": "U-2026-3205-001",
    "produk": "Dodol",
    "waktu": "13 Maret 2026 pukul 23.59 WIB",
    "berikutnya": "verifikasi provinsi",
    "tautan": "/usulan/12/",
}


def promise(person, **changed):
    return outbox.queue(
        **{
            "kind": "received",
            "person": person,
            "key": "12",
            "context": CONTEXT,
            "at": NOON,
            **changed,
        }
    )


def test_a_message_is_written_when_it_is_promised():
    message = promise(a_person(name="Siti Aminah", title_after="S.E."))
    assert message.state == "waiting"
    assert message.subject == "Usulan U-2026-3205-001 diterima"
    assert message.body_text.startswith("Yth. Siti Aminah, S.E.,")
    assert "/usulan/12/" in message.body_text
    assert message.template_version == 1


def test_the_second_promise_of_one_event_to_one_person_changes_nothing():
    person = a_person()
    first = promise(person)
    second = promise(person, context={**CONTEXT, "produk": "Lain"}, at=NOON + timedelta(days=1))
    assert second == first
    assert Message.objects.count() == 1
    assert "Lain" not in Message.objects.get().body_text


def test_two_people_each_get_their_message_of_one_event():
    assert promise(a_person()) != promise(a_person())
    assert Message.objects.count() == 2


def test_only_the_first_promise_is_sent_after_commit(django_capture_on_commit_callbacks):
    person = a_person()
    with mock.patch.object(tasks.deliver, "delay") as delay, django_capture_on_commit_callbacks(execute=True):
        message = promise(person)
        promise(person)
    delay.assert_called_once_with(message_id=message.pk)


def test_an_event_that_fails_promises_nothing():
    with transaction.atomic():
        promise(a_person())
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_with_redis_away_the_event_and_its_message_stand(caplog):
    with (
        mock.patch.object(tasks.deliver, "delay", side_effect=OperationalError("no redis")),
        transaction.atomic(),
    ):
        message = promise(a_person())
    message.refresh_from_db()
    assert message.state == "waiting"
    assert "no redis" in caplog.text


def test_a_closed_account_is_not_written_to():
    assert promise(a_person(is_active=False)) is None
    assert not Message.objects.exists()


@pytest.mark.parametrize("trick", ["Dodol\r\nBcc: semua@contoh.example", "3205010101800001"])
def test_a_value_that_may_not_go_out_is_kept_for_a_person_and_does_not_stop_the_event(
    trick, django_capture_on_commit_callbacks
):
    with mock.patch.object(tasks.deliver, "delay") as delay, django_capture_on_commit_callbacks(execute=True):
        message = promise(a_person(), context={**CONTEXT, "no": trick})
    assert message.state == "refused"
    assert "{no}" in message.last_error
    assert trick not in message.subject + message.body_text
    delay.assert_not_called()


@pytest.mark.parametrize(
    "link", ["https://contoh.example/", "//contoh.example/", "usulan/", "javascript:alert(1)"]
)
def test_a_message_leads_to_a_page_of_the_portal_only(link):
    with pytest.raises(ValueError, match="page of the portal"):
        promise(a_person(), context={**CONTEXT, "tautan": link})


def test_an_address_of_the_portal_is_as_good_as_a_path(settings):
    settings.PORTAL_URL = "https://ovop.example"
    link = "https://ovop.example/usulan/12/"
    assert f": {link}\n" in promise(a_person(), context={**CONTEXT, "tautan": link}).body_text
    with pytest.raises(ValueError):
        promise(a_person(), context={**CONTEXT, "tautan": "https://ovop.example.org/"})


def test_an_instant_is_said_on_the_readers_clock_too():
    papua = Province.objects.get_or_create(code="94", defaults={"name": "Papua Tengah", "island": "Papua"})[0]
    office = Office.objects.create(kind="province", code="prov-94", name="Dinas Papua Tengah", province=papua)
    closes = datetime(2026, 3, 13, 23, 59, tzinfo=ZoneInfo("Asia/Jakarta"))
    east = promise(a_person(Role.PROVINSI, office=office), context={**CONTEXT, "waktu": closes})
    jakarta = promise(a_person(), context={**CONTEXT, "waktu": closes})
    assert "13 Maret 2026 pukul 23.59 WIB (14 Maret 2026 pukul 01.59 WIT)" in east.body_text
    assert "13 Maret 2026 pukul 23.59 WIB." in jakarta.body_text


def an_invitation(person):
    context = {"peran": "Penilai", "kantor": "Kampus", "waktu": "besok", "tautan": "/undangan/rahasia-123/"}
    return outbox.queue("account_invited", person=person, key="1", context=context, at=NOON)


def test_the_link_of_an_invitation_stands_in_no_stored_words():
    message = an_invitation(a_person())
    assert "rahasia" not in message.subject + message.body_text + message.body_html
    assert message.private_link.endswith("/undangan/rahasia-123/")


def test_the_link_of_an_invitation_is_forgotten_when_it_is_cancelled():
    message = an_invitation(a_person())
    outbox.cancel_one(message, by=a_person(), at=NOON)
    message.refresh_from_db()
    assert message.private_link == ""


def test_an_invitation_is_not_sent_again_but_made_anew():
    message = an_invitation(a_person())
    Message.objects.filter(pk=message.pk).update(state="failed", private_link="")
    with pytest.raises(outbox.Refused, match="undangan baru"):
        outbox.resend(message, by=a_person(), at=NOON, times_before=0)


def test_headers_of_more_than_one_line_are_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageFactory(subject="Satu\nDua")


@pytest.mark.parametrize("state", Message.State.values)
def test_every_state_can_be_made_and_stands(state):
    assert MessageFactory(state=state).state == state


@pytest.mark.parametrize("fields", [{"state": "sent", "sent_at": None}, {"state": "held", "batch": None}])
def test_a_state_without_what_belongs_to_it_is_refused_by_the_database(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageFactory(**fields)


# --- Cancelling --------------------------------------------------------------------------------------------
def test_what_is_about_a_withdrawn_thing_does_not_go_out():
    thing, other = BatchFactory(), BatchFactory()
    waiting = promise(a_person(), about=thing)
    unrelated = promise(a_person(), about=other)
    gone = MessageFactory(state="sent", about=outbox.reference(thing))
    assert outbox.cancel(thing, at=NOON) == 1
    states = dict(Message.objects.order_by().values_list("pk", "state"))
    assert states == {waiting.pk: "cancelled", unrelated.pk: "waiting", gone.pk: "sent"}


def test_one_message_is_cancelled_once_and_that_is_written_down():
    message, person = MessageFactory(), a_person(Role.SEKRETARIAT)
    outbox.cancel_one(message, by=person, at=NOON)
    with pytest.raises(outbox.Refused):
        outbox.cancel_one(message, by=person, at=NOON)
    assert Entry.objects.filter(action="message_cancelled", actor=person).count() == 1


# --- What goes to many -------------------------------------------------------------------------------------
def a_batch_of(count):
    batch = outbox.open_batch("Undangan sosialisasi", by=a_person(), at=NOON)
    for _ in range(count):
        promise(a_person(), batch=batch)
    return batch


def test_a_batch_waits_until_a_person_has_counted_it(django_capture_on_commit_callbacks):
    with mock.patch.object(tasks.deliver, "delay") as delay, django_capture_on_commit_callbacks(execute=True):
        batch = a_batch_of(3)
    delay.assert_not_called()
    with pytest.raises(outbox.Refused, match=r"4.*3"):
        outbox.release(batch, by=a_person(Role.SEKRETARIAT), at=NOON, counted=4)
    assert set(batch.messages.values_list("state", flat=True)) == {"held"}
    assert outbox.release(batch, by=a_person(Role.SEKRETARIAT), at=NOON, counted=3) == 3
    assert set(batch.messages.values_list("state", flat=True)) == {"waiting"}
    assert Message.objects.due(at=NOON).count() == 3


def test_a_batch_is_released_once():
    batch, person = a_batch_of(1), a_person(Role.SEKRETARIAT)
    outbox.release(batch, by=person, at=NOON, counted=1)
    with pytest.raises(outbox.Refused):
        outbox.release(batch, by=person, at=NOON, counted=0)
    with pytest.raises(outbox.Refused):
        outbox.cancel_batch(batch, by=person, at=NOON)
    batch.refresh_from_db()
    with pytest.raises(ValueError, match="batch"):
        promise(a_person(), key="late", batch=batch)


def test_a_dropped_batch_sends_nothing():
    batch = a_batch_of(2)
    assert outbox.cancel_batch(batch, by=a_person(Role.SEKRETARIAT), at=NOON) == 2
    assert set(batch.messages.values_list("state", flat=True)) == {"cancelled"}


# --- Again -------------------------------------------------------------------------------------------------
def test_a_message_is_sent_again_to_the_address_of_today():
    message, by = MessageFactory(state="failed"), a_person(Role.SEKRETARIAT)
    message.person.email = "baru@contoh.example"
    message.person.save()
    again = outbox.resend(message, by=by, at=NOON, times_before=0)
    assert (again.to_address, again.state, again.resend_of) == ("baru@contoh.example", "waiting", message)
    assert again.body_text == message.body_text
    message.refresh_from_db()
    assert message.state == "failed"


def test_a_double_click_sends_again_once_and_a_later_one_once_more():
    message, by = MessageFactory(state="sent"), a_person(Role.SEKRETARIAT)
    first = outbox.resend(message, by=by, at=NOON, times_before=0)
    assert outbox.resend(message, by=by, at=NOON, times_before=0) == first
    assert outbox.resend(message, by=by, at=NOON, times_before=1) != first
    assert Entry.objects.filter(action="message_resent").count() == 2


@pytest.mark.parametrize("state", ["held", "waiting", "sending", "refused", "cancelled"])
def test_what_never_went_out_is_not_sent_again(state):
    with pytest.raises(outbox.Refused):
        outbox.resend(MessageFactory(state=state), by=a_person(), at=NOON, times_before=0)


def test_a_closed_account_is_not_sent_to_again():
    message = MessageFactory(state="sent", person=a_person(is_active=False))
    with pytest.raises(outbox.Refused):
        outbox.resend(message, by=a_person(), at=NOON, times_before=0)


# --- The secretariat's words -------------------------------------------------------------------------------
def test_new_words_hold_from_their_instant_and_the_old_ones_stay_readable():
    author = a_person(Role.SEKRETARIAT)
    outbox.change_words("received", subject="Sudah diterima: {no}", body="Terima kasih.", by=author, at=NOON)
    assert outbox.words_in_force("received", at=NOON - timedelta(seconds=1)) == (
        1,
        KINDS["received"].subject,
        KINDS["received"].body,
    )
    assert promise(a_person()).subject == "Sudah diterima: U-2026-3205-001"
    newer = outbox.change_words(
        "received", subject="Diterima: {no}", body="Baik.", by=author, at=NOON + timedelta(days=1)
    )
    assert newer.version == 3
    assert promise(a_person(), at=NOON).template_version == 2


def test_words_that_could_fail_are_refused_and_not_kept():
    with pytest.raises(outbox.Refused, match="nomer"):
        outbox.change_words("received", subject="{nomer}", body="Isi", by=a_person(), at=NOON)
    assert not MailTemplate.objects.exists()


def test_a_version_of_the_words_never_changes():
    template = outbox.change_words("received", subject="A", body="B", by=a_person(), at=NOON)
    for change in (lambda: MailTemplate.objects.filter(pk=template.pk).update(body="C"), template.delete):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            change()
    assert MailTemplate.objects.get().body == "B"
