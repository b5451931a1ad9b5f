"""
The way out for every message: `queue` it in the transaction of the event it tells of.

One key per event and person, so that none goes twice. The words are written at the event and stored; sending
follows after commit (tasks.deliver), and what gets lost on the way is found by the sweeper (tasks.sweep).
What goes to many is put into a batch and waits until a person has read, counted and released it.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Model

from accounts.models import Person
from audit import history

from . import mails
from .mail_kinds import KINDS
from .models import Batch, MailTemplate, Message
from .tasks import deliver
from .wording import WIB, instant_for_reader, plain_date

logger = logging.getLogger(__name__)

# The sweeper leaves a new message to the task queued at commit for this long.
GRACE = timedelta(minutes=1)

State = Message.State


class Refused(Exception):
    """What was asked of the outbox cannot be done; `for_reader` says why, in Indonesian."""

    def __init__(self, for_reader: str) -> None:
        super().__init__(for_reader)
        self.for_reader = for_reader


def queue(
    kind: str,
    *,
    person: Person,
    key: str,
    context: Mapping[str, object],
    at: datetime,
    about: Model | None = None,
    batch: Batch | None = None,
) -> Message | None:
    """
    Promise a message of this kind (mail_kinds.KINDS) to a person, in the caller's transaction.

    key names the event ("received/12"); the person is added here. The second call with the same changes nothing
    and returns the message that is there. None where the person's account is closed. context: every field of the
    kind as text, whole number, date or instant (said on the reader's clock too), and "tautan": a path or address of
    the portal. about: what it tells of, so that `cancel` finds it. batch: holds it back until `release`.
    A value with a line break in the subject, or one that looks like a NIK or NPWP, makes a message that is stored
    as refused and never sent: the event itself must not fail for it.
    """
    if not person.is_active:
        return None
    if batch is not None and (batch.released_at or batch.cancelled_at):
        raise ValueError("a batch that was released or cancelled takes no more messages")
    link = _address(str(context["tautan"]))
    full_key = key_of(kind, person, key)
    there = Message.objects.filter(key=full_key).first()
    if there is not None:
        return there
    version, state, error, written = _write(kind, person, context, link=link, at=at)
    if state == State.WAITING and batch is not None:
        state = State.HELD
    message, is_new = Message.objects.get_or_create(
        key=full_key,
        defaults={
            "kind": kind,
            "template_version": version,
            "person": person,
            "about": reference(about),
            "to_address": person.email,
            "subject": written.subject,
            "body_text": written.text,
            "body_html": written.html,
            "private_link": link if KINDS[kind].private_link and state != State.REFUSED else "",
            "batch": batch,
            "state": state,
            "queued_at": at,
            "next_attempt_at": at + GRACE,
            "last_error": error,
        },
    )
    if is_new and state == State.WAITING:
        _send_after_commit(message)
    return message


def key_of(kind: str, person: Person, key: str) -> str:
    """Return the key under which the message of this kind about this event is stored for this person."""
    return f"{kind}/{key}/{person.pk}"


def queued_among(keys: Iterable[str]) -> set[str]:
    """Return those of these keys (key_of) whose message is there already, in one question for many."""
    return set(Message.objects.filter(key__in=list(keys)).order_by().values_list("key", flat=True))


def reference(thing: Model | None) -> str:
    """Return how messages and letters name what they are about: "nominations.nomination:12"."""
    return f"{thing._meta.label_lower}:{thing.pk}" if thing is not None else ""


def words_in_force(kind: str, *, at: datetime) -> tuple[int, str, str]:
    """Return version, subject and body of the template in force: the secretariat's newest, else the shipped one."""
    own = MailTemplate.objects.filter(kind=kind, in_force_from__lte=at).order_by("-version").first()
    return (own.version, own.subject, own.body) if own else (1, KINDS[kind].subject, KINDS[kind].body)


@transaction.atomic
def change_words(kind: str, *, subject: str, body: str, by: Person, at: datetime) -> MailTemplate:
    """Add a version of a kind's words, in force from `at`. Raises Refused where `mails.problems_in` finds any."""
    problems = mails.problems_in(KINDS[kind], subject=subject, body=body)
    if problems:
        raise Refused(" ".join(text for texts in problems.values() for text in texts))
    newest = MailTemplate.objects.filter(kind=kind).aggregate(newest=Max("version"))["newest"] or 1
    template = MailTemplate.objects.create(
        kind=kind, version=newest + 1, subject=subject.strip(), body=body.strip(), in_force_from=at, author=by
    )
    history.record("mail_words_changed", template, by=by, at=at, kind=kind, version=template.version)
    return template


@transaction.atomic
def cancel(about: Model, *, at: datetime) -> int:
    """Cancel whatever about this thing has not gone out yet; return how many. A withdrawn nomination sends no more."""
    return (
        Message.objects.filter(about=reference(about), state__in=[State.HELD, State.WAITING])
        .order_by()
        .update(state=State.CANCELLED, cancelled_at=at, private_link="")
    )


@transaction.atomic
def cancel_one(message: Message, *, by: Person, at: datetime) -> None:
    """Cancel one message that waits. Raises Refused where it is on its way already."""
    changed = (
        Message.objects.filter(pk=message.pk, state__in=[State.HELD, State.WAITING])
        .order_by()
        .update(state=State.CANCELLED, cancelled_at=at, private_link="")
    )
    if not changed:
        raise Refused("Pesan ini sudah tidak menunggu, jadi tidak dapat dibatalkan. Tidak ada yang berubah.")
    history.record("message_cancelled", message, by=by, at=at, kind=message.kind)


@transaction.atomic
def resend(message: Message, *, by: Person, at: datetime, times_before: int) -> Message:
    """
    Send the same words once more, to the person's address of today; return the new message.

    times_before: how often the page said it had been sent again, so that a double click sends once.
    Raises Refused where it never went out, was withheld, or the person's account is closed.
    """
    message = Message.objects.select_for_update(of=("self",)).select_related("person").get(pk=message.pk)
    if not message.can_be_resent:
        raise Refused(f"Pesan ini {message.get_state_display().lower()}, jadi tidak perlu dikirim ulang.")
    if KINDS[message.kind].private_link:
        raise Refused(
            "Tautan pribadi tidak disimpan setelah pesan dikirim. Buat undangan baru pada halaman akun."
        )
    if message.person is None or not message.person.is_active:
        raise Refused("Akun penerima sudah tidak aktif. Pesan tidak dikirim ulang.")
    again, is_new = Message.objects.get_or_create(
        key=f"{message.key[:180]}/ulang-{times_before + 1}",
        defaults={
            "kind": message.kind,
            "template_version": message.template_version,
            "person": message.person,
            "about": message.about,
            "to_address": message.person.email,
            "subject": message.subject,
            "body_text": message.body_text,
            "body_html": message.body_html,
            "resend_of": message,
            "queued_at": at,
            "next_attempt_at": at + GRACE,
        },
    )
    if is_new:
        history.record("message_resent", message, by=by, at=at, kind=message.kind, new=again.pk)
        _send_after_commit(again)
    return again


# --- What goes to many -------------------------------------------------------------------------------------
def open_batch(title: str, *, by: Person | None, at: datetime) -> Batch:
    """Begin a mailing to many: give the batch to `queue`; nothing goes out before `release`."""
    return Batch.objects.create(title=title, made_by=by, made_at=at)


@transaction.atomic
def release(batch: Batch, *, by: Person, at: datetime, counted: int) -> int:
    """
    Let a batch go out; return how many messages went.

    counted: how many the person says they are; another number than there are is Refused with both named.
    """
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.released_at or batch.cancelled_at:
        raise Refused("Kiriman ini sudah dilepas atau dibatalkan. Tidak ada yang berubah.")
    held = list(
        batch.messages.filter(state=State.HELD)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
    )
    if counted != len(held):
        raise Refused(
            f"Anda menulis {counted}, sedangkan pesan yang menunggu {len(held)}. Belum ada yang dikirim."
        )
    batch.released_at, batch.released_by = at, by
    batch.save(update_fields=["released_at", "released_by"])
    batch.messages.filter(pk__in=held).order_by().update(state=State.WAITING, next_attempt_at=at)
    history.record("batch_released", batch, by=by, at=at, messages=len(held))
    # The sweeper takes them from here, some hundreds a minute: no need for one task per message at once.
    return len(held)


@transaction.atomic
def cancel_batch(batch: Batch, *, by: Person, at: datetime) -> int:
    """Drop a batch that was not released; return how many messages it held."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.released_at or batch.cancelled_at:
        raise Refused("Kiriman ini sudah dilepas atau dibatalkan. Tidak ada yang berubah.")
    batch.cancelled_at = at
    batch.save(update_fields=["cancelled_at"])
    dropped = (
        batch.messages.filter(state=State.HELD)
        .order_by()
        .update(state=State.CANCELLED, cancelled_at=at, private_link="")
    )
    history.record("batch_cancelled", batch, by=by, at=at, messages=dropped)
    return dropped


# --- Writing -----------------------------------------------------------------------------------------------
def _write(
    kind: str, person: Person, context: Mapping[str, object], *, link: str, at: datetime
) -> tuple[int, str, str, mails.Rendered]:
    version, subject, body = words_in_force(kind, at=at)
    try:
        written = mails.render(
            KINDS[kind],
            subject=subject,
            body=body,
            recipient=person.full_name,
            context=_in_words(context, _zone_of(person, at=at)),
            link=mails.PRIVATE_LINK if KINDS[kind].private_link else link,
            contact=settings.CONTACT,
        )
    except (mails.LineBreakInHeader, mails.PersonalNumber) as problem:
        logger.error(
            "message refused", extra={"kind": kind, "person": person.pk, "code": type(problem).__name__}
        )
        return version, State.REFUSED, str(problem), mails.Rendered(KINDS[kind].name, "", "")
    return version, State.WAITING, "", written


def _address(link: str) -> str:
    """Return the whole address of a page of the portal. ValueError for anything outside it."""
    if link.startswith("/") and not link.startswith("//"):
        return settings.PORTAL_URL + link
    if link.startswith(f"{settings.PORTAL_URL}/"):
        return link
    raise ValueError("a message leads to a page of the portal")


def _in_words(context: Mapping[str, object], zone: tzinfo) -> dict[str, object]:
    return {
        name: instant_for_reader(value, zone)
        if isinstance(value, datetime)
        else plain_date(value)
        if isinstance(value, date)
        else value
        for name, value in context.items()
    }


def _zone_of(person: Person, *, at: datetime) -> tzinfo:
    """Return the zone of the person's first office that lies in a province; WIB for everybody else."""
    for membership in person.active_memberships(at=at):
        if membership.office.province:
            return ZoneInfo(membership.office.province.zone)
    return WIB


def _send_after_commit(message: Message) -> None:
    # A function, not a partial: with Redis away Django logs the failed call by its __qualname__, which a partial
    # lacks, and the page would fail after all.
    def queue_delivery() -> None:
        deliver.delay(message_id=message.pk)

    transaction.on_commit(queue_delivery, robust=True)
