"""
Handing messages to the mail server: each once, also when a worker dies on the way (docs/decisions/0051).

A message is claimed in a committed transaction just before it is handed over, with the connection already open.
A worker that dies before the claim leaves it to the sweeper; one that dies after it leaves a message of which
nobody knows: that is never sent again by itself, a person decides (state "unsure").
"""

import logging
import smtplib
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from . import mails
from .models import Message

logger = logging.getLogger(__name__)

# 1, 2, 4 … 64, then every 120 minutes: about three days of trying.
ATTEMPTS = 40
LONGEST_PAUSE = timedelta(minutes=120)
# A claim this old belongs to a worker that is gone (EMAIL_TIMEOUT is 20 seconds).
GONE_AFTER = timedelta(minutes=10)
# How long the sweeper leaves a message to the task that it queued for it.
LEASE = timedelta(minutes=5)
AT_A_TIME = 500

State = Message.State


def deliver(message_id: int, *, at: datetime | None = None) -> bool:
    """
    Send the message if it is still waiting; return whether this call sent it. Safe to call any number of times.

    Trouble with the server is noted and tried again later (ATTEMPTS); a refused address fails at once.
    """
    if not Message.objects.filter(pk=message_id, state=State.WAITING).exists():
        return False
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as problem:
        _put_off(message_id, problem, at=at or timezone.now())
        return False
    try:
        message = _claim(message_id, at=at or timezone.now())
        return message is not None and _hand_over(message, connection, at=at)
    finally:
        _close(connection)


def mark_stuck(*, at: datetime) -> int:
    """Mark what a worker took and never reported on; return how many. They wait for a person."""
    return (
        Message.objects.stuck(since=at - GONE_AFTER)
        .order_by()
        .update(
            state=State.UNSURE, last_error="Pengirim berhenti sebelum mencatat hasilnya.", private_link=""
        )
    )


def due(*, at: datetime) -> list[int]:
    """Return what was promised and not sent, and leave it alone for LEASE: the next sweep finds what stays."""
    with transaction.atomic():
        waiting = list(
            Message.objects.due(at=at)
            .order_by("next_attempt_at", "pk")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[:AT_A_TIME]
        )
        Message.objects.filter(pk__in=waiting).order_by().update(next_attempt_at=at + LEASE)
    return waiting


def message_id_of(message: Message) -> str:
    """The same for every attempt at one message, so that whoever gets it twice can tell."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return f"<{sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"


@transaction.atomic(durable=True)
def _claim(message_id: int, *, at: datetime) -> Message | None:
    message = (
        Message.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=message_id, state=State.WAITING)
        .first()
    )
    if message is not None:
        message.state, message.handed_over_at = State.SENDING, at
        message.attempts += 1
        message.save(update_fields=["state", "handed_over_at", "attempts"])
    return message


def _hand_over(message: Message, connection: BaseEmailBackend, *, at: datetime | None) -> bool:
    text, html = (_with_link(words, message) for words in (message.body_text, message.body_html))
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text,
        to=[message.to_address],
        headers={"Message-ID": message_id_of(message), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    mail.attach_alternative(mails.as_page(html), "text/html")
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as problem:
        code = next(iter(problem.recipients.values()))[0]
        _not_sent(message, problem, for_good=code >= 500, at=at or timezone.now())
    except smtplib.SMTPResponseException as problem:
        _not_sent(message, problem, for_good=problem.smtp_code >= 500, at=at or timezone.now())
    except ValueError as problem:
        _not_sent(message, problem, for_good=True, at=at or timezone.now())
    except (OSError, smtplib.SMTPException) as problem:
        # The line broke while the message was on it: nobody here can know whether it arrived.
        _note(message, State.UNSURE, last_error=_in_short(problem))
    else:
        now = at or timezone.now()
        _note(message, State.SENT, sent_at=max(now, message.handed_over_at or now), last_error="")
        logger.info("message sent", extra={"mail": message.pk, "kind": message.kind})
        return True
    return False


def _with_link(words: str, message: Message) -> str:
    return words.replace(mails.PRIVATE_LINK, escape(message.private_link)) if message.private_link else words


def _not_sent(message: Message, problem: Exception, *, for_good: bool, at: datetime) -> None:
    state = State.FAILED if for_good or message.attempts >= ATTEMPTS else State.WAITING
    _note(
        message,
        state,
        last_error=_in_short(problem),
        handed_over_at=None,
        next_attempt_at=at + _pause(message.attempts),
    )


def _note(message: Message, state: str, **fields: object) -> None:
    if state != State.WAITING:
        fields["private_link"] = ""
    Message.objects.filter(pk=message.pk, state=State.SENDING).order_by().update(state=state, **fields)
    if state != State.SENT:
        logger.warning("message not sent", extra={"mail": message.pk, "kind": message.kind, "state": state})


@transaction.atomic
def _put_off(message_id: int, problem: Exception, *, at: datetime) -> None:
    message = (
        Message.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=message_id, state=State.WAITING)
        .first()
    )
    if message is None:
        return
    message.attempts += 1
    message.state = State.FAILED if message.attempts >= ATTEMPTS else State.WAITING
    if message.state == State.FAILED:
        message.private_link = ""
    message.last_error = _in_short(problem)
    message.next_attempt_at = at + _pause(message.attempts)
    message.save(update_fields=["attempts", "state", "private_link", "last_error", "next_attempt_at"])
    logger.warning("mail server not reached", extra={"mail": message.pk, "kind": message.kind})


def _pause(attempts: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_PAUSE)


def _in_short(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:300]


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.debug("mail server did not say goodbye")
