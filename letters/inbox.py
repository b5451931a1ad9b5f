"""
The inbox of each person: what the portal wrote to them, read in the portal too, also where the mail never arrived.

A message is there from the event on, whether its mail went out or not; what is held back, was refused or cancelled is
never shown, nor what carries a private link (an invitation), nor a second sending of the same words.
A later room says which of the things that messages are about a person may still open: `let_through`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Person

from . import mails
from .mail_kinds import KINDS
from .models import Message, MessageQuerySet

State = Message.State
SHOWN = (State.WAITING, State.SENDING, State.SENT, State.UNSURE, State.FAILED)
_PRIVATE = tuple(kind.code for kind in KINDS.values() if kind.private_link)

# Kind of thing ("nominations.nomination") -> whether this person may open the one of this id.
_DOORS: dict[str, Callable[[Person, int], bool]] = {}


def let_through(label: str, door: Callable[[Person, int], bool]) -> None:
    """Let the room that holds a kind of thing answer for it; called once, from its AppConfig.ready."""
    _DOORS[label] = door


def of(person: Person) -> MessageQuerySet:
    """The messages in this person's inbox, the newest first."""
    return (
        Message.objects.filter(person=person, state__in=SHOWN, resend_of=None)
        .exclude(kind__in=_PRIVATE)
        .order_by("-queued_at", "-pk")
    )


def unread(person: Person) -> int:
    """How many messages this person has not read."""
    return of(person).filter(read_at=None).order_by().count()


def mark_read(message: Message, *, by: Person, at: datetime) -> None:
    """Note when a person read a message of their own; the first time counts, and nobody reads for somebody else."""
    of(by).filter(pk=message.pk, read_at=None).order_by().update(read_at=at)


def mark_all_read(person: Person, *, up_to: int, at: datetime) -> int:
    """
    Mark everything read that this person's page showed; return how many.

    up_to: the newest message (its id) that was there when the page was made: what came later stays new.
    """
    return of(person).filter(read_at=None, pk__lte=up_to).order_by().update(read_at=at)


def marked_at(person: Person, instant: datetime) -> MessageQuerySet:
    """What this person marked in one go at this instant."""
    return of(person).filter(read_at=instant)


def undo_mark_all(person: Person, *, marked: datetime) -> int:
    """Make new again what was marked in one go at this instant; return how many."""
    return marked_at(person, marked).order_by().update(read_at=None)


@dataclass(frozen=True)
class Words:
    """A message as its reader sees it: the paragraphs without the frame, and the page of the portal it leads to."""

    paragraphs: list[str]
    label: str
    address: str
    is_open: bool
    """Whether the reader may (still) open that page; False says nothing of whether it is there."""


def words_of(message: Message, reader: Person) -> Words:
    """Take a stored message apart for its reader."""
    parts = mails.taken_apart(message.body_text)
    address = _page_of(parts.link)
    return Words(parts.paragraphs, parts.label, address, bool(address) and _may_open(message, reader))


def _page_of(link: str) -> str:
    """The path of a link inside the portal, whatever host the portal had when it was written; "" for none."""
    if not link:
        return ""
    parts = urlsplit(link)
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def _may_open(message: Message, reader: Person) -> bool:
    label, _, pk = message.about.partition(":")
    door = _DOORS.get(label)
    return door is None or (pk.isdecimal() and door(reader, int(pk)))
