"""Handing over to a real mail server: once each, whatever dies or refuses on the way."""

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings as portal
from django.db import connection

from letters import delivery, outbox, tasks
from letters.models import Message
from tests.factories.letters import NOON, MessageFactory, a_person

LATER = NOON + timedelta(minutes=2)

pytestmark = pytest.mark.django_db


def state_of(message):
    message.refresh_from_db()
    return message.state


def test_a_message_arrives_as_text_first_and_simple_html(sink):
    person = a_person(name="Siti Aminah", title_before="Hj.")
    message = outbox.queue(
        "received",
        person=person,
        key="12",
        context={
            "no": "U-2026-3205-001",
            "produk": "Dodol <b>",
            "waktu": "hari ini",
            "berikutnya": "verifikasi provinsi",
            "tautan": "/usulan/12/",
        },
        at=NOON,
    )
    assert delivery.deliver(message.pk, at=LATER)
    (mail,) = sink.received
    assert mail["Subject"] == "Usulan U-2026-3205-001 diterima"
    assert mail["To"] == person.email
    assert mail["Message-ID"] == delivery.message_id_of(message)
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().startswith("Yth. Hj. Siti Aminah,")
    assert "Dodol &lt;b&gt;" in html.get_content()
    assert not list(mail.iter_attachments())
    assert state_of(message) == "sent"
    assert message.sent_at == LATER


def test_an_invitation_brings_its_link_and_the_portal_forgets_it(sink):
    context = {"peran": "Penilai", "kantor": "Kampus", "waktu": "besok", "tautan": "/undangan/rahasia-123/"}
    message = outbox.queue("account_invited", person=a_person(), key="1", context=context, at=NOON)
    assert delivery.deliver(message.pk, at=LATER)
    text, html = sink.received[0].iter_parts()
    assert "Atur kata sandi: http" in text.get_content()
    assert "/undangan/rahasia-123/" in text.get_content()
    assert '/undangan/rahasia-123/">Atur kata sandi</a>' in html.get_content()
    message.refresh_from_db()
    assert message.private_link == ""


def test_delivering_again_sends_nothing(sink):
    message = MessageFactory()
    assert delivery.deliver(message.pk, at=LATER)
    assert not delivery.deliver(message.pk, at=LATER)
    assert len(sink.received) == 1
    assert Message.objects.get().attempts == 1


@pytest.mark.parametrize("state", sorted(set(Message.State.values) - {"waiting"}))
def test_only_what_waits_is_sent(state, sink):
    assert not delivery.deliver(MessageFactory(state=state).pk, at=LATER)
    assert sink.received == []


def test_a_message_that_is_gone_is_no_trouble(sink):
    assert not delivery.deliver(987654, at=LATER)


def test_an_address_the_server_knows_nothing_of_fails_at_once(sink):
    sink.replies["RCPT"] = "550 no such user"
    message = MessageFactory()
    assert not delivery.deliver(message.pk, at=LATER)
    assert state_of(message) == "failed"
    assert "no such user" in message.last_error


@pytest.mark.parametrize(("step", "reply"), [("RCPT", "451 later"), ("MAIL", "421 busy"), (".", "452 full")])
def test_a_server_that_says_later_is_asked_later(step, reply, sink):
    sink.replies[step] = reply
    message = MessageFactory()
    assert not delivery.deliver(message.pk, at=LATER)
    assert state_of(message) == "waiting"
    assert message.next_attempt_at == LATER + timedelta(minutes=1)
    sink.replies.clear()
    assert delivery.deliver(message.pk, at=LATER + timedelta(minutes=1))
    assert len(sink.received) == 1


def test_a_server_that_is_down_is_tried_again_with_growing_pauses(settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", nobody.getsockname()[1]
        message, pauses = MessageFactory(), []
        for _ in range(9):
            assert not delivery.deliver(message.pk, at=LATER)
            message.refresh_from_db()
            pauses.append((message.next_attempt_at - LATER).total_seconds() / 60)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    assert (message.state, message.attempts) == ("waiting", 9)


def test_after_three_days_a_person_has_to_look(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = MessageFactory(attempts=delivery.ATTEMPTS - 1)
    assert not delivery.deliver(message.pk, at=LATER)
    assert state_of(message) == "failed"


def test_a_line_that_breaks_on_the_content_leaves_the_message_to_a_person(sink):
    sink.hang_up_after = "."
    message = MessageFactory()
    assert not delivery.deliver(message.pk, at=LATER)
    assert state_of(message) == "unsure"
    assert not delivery.deliver(message.pk, at=LATER)
    assert len(sink.received) == 1


# --- The sweeper -------------------------------------------------------------------------------------------
def swept(at):
    with (
        mock.patch.object(tasks.deliver, "delay") as delay,
        mock.patch("django.utils.timezone.now", return_value=at),
    ):
        tasks.sweep()
    return [call.kwargs["message_id"] for call in delay.call_args_list]


def test_the_sweeper_finds_what_was_promised_and_never_sent():
    lost = MessageFactory()
    for state in set(Message.State.values) - {"waiting"}:
        MessageFactory(state=state, queued_at=LATER)
    assert swept(NOON) == [], "the task queued at commit comes first"
    assert swept(LATER) == [lost.pk]
    assert swept(LATER) == [], "it is left to the task that was just queued"
    assert swept(LATER + delivery.LEASE) == [lost.pk]


def test_the_sweeper_sends_what_redis_lost(sink, eager_tasks):
    message = MessageFactory(queued_at=NOON)
    tasks.sweep()
    assert state_of(message) == "sent"
    assert len(sink.received) == 1


def test_what_a_dead_worker_took_is_left_to_a_person():
    fresh = MessageFactory(state="sending", handed_over_at=LATER)
    old = MessageFactory(state="sending", handed_over_at=LATER - delivery.GONE_AFTER - timedelta(seconds=1))
    assert delivery.mark_stuck(at=LATER) == 1
    assert (state_of(fresh), state_of(old)) == ("sending", "unsure")


def test_beat_calls_a_task_that_exists():
    assert {entry["task"] for entry in tasks.BEAT.values()} == {tasks.sweep.name, tasks.sweep_letters.name}


# --- Real processes ----------------------------------------------------------------------------------------
_WORKER = """
import sys, django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
from letters import delivery
delivery.deliver(int(sys.argv[3]))
"""


def a_worker_delivers(message, sink):
    name = connection.settings_dict["NAME"]
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER, name, str(sink.port), str(message.pk)],
        cwd=Path(portal.BASE_DIR),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_between_sending_and_noting_does_not_send_twice(sink):
    sink.may_answer.clear()
    message = MessageFactory()
    worker = a_worker_delivers(message, sink)
    assert sink.content_arrived.wait(60), "the worker handed the message over"
    worker.kill()
    worker.wait(10)
    sink.may_answer.set()
    assert state_of(message) == "sending"
    again = a_worker_delivers(message, sink)
    assert again.wait(60) == 0
    assert delivery.mark_stuck(at=message.handed_over_at + delivery.GONE_AFTER + timedelta(seconds=1)) == 1
    assert delivery.due(at=message.handed_over_at + timedelta(days=1)) == []
    assert len(sink.received) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_that_take_one_message_at_once_send_it_once(sink):
    message = MessageFactory()
    workers = [a_worker_delivers(message, sink) for _ in range(3)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    assert state_of(message) == "sent"
    assert len(sink.received) == 1
