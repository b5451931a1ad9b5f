"""
The secretariat's own words of each kind of message: versions, what changed between them, and how they read.

Version 1 of every kind is shipped with the portal (mail_kinds.py); a change adds a version and takes none away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right

from . import mails, outbox
from .mail_kinds import KINDS
from .mails import Kind
from .models import MailTemplate

SHIPPED = 1
# Whoever a preview is written to; nobody of that name is in the portal's words.
READER = "Dr. Siti Aminah, S.E."
# A word with the space before it, so that joining the parts again gives the text.
_WORD = re.compile(r"\s*\S+|\s+")


class Refused(outbox.Refused):
    """The words were not changed; `code` names why."""

    def __init__(self, code: str, for_reader: str) -> None:
        super().__init__(for_reader)
        self.code = code


@dataclass(frozen=True)
class Version:
    """One version of a kind's words; the shipped one has neither a date nor an author."""

    number: int
    subject: str
    body: str
    since: datetime | None = None
    author: str = ""


@dataclass(frozen=True)
class Change:
    """A run of words that stayed ("same"), went ("gone") or came ("new")."""

    how: str
    text: str


def in_force(*, at: datetime) -> list[tuple[Kind, Version]]:
    """Every kind, by name, with the version whose words are sent at `at`; one question for all."""
    newest = {
        row.kind: _version(row)
        for row in MailTemplate.objects.filter(in_force_from__lte=at)
        .select_related("author")
        .order_by("kind", "-version")
        .distinct("kind")
    }
    kinds = sorted(KINDS.values(), key=lambda kind: kind.name)
    return [(kind, newest.get(kind.code) or _shipped(kind)) for kind in kinds]


def versions(kind: Kind) -> list[Version]:
    """All versions of a kind's words, the newest first; the last one is the shipped one."""
    rows = MailTemplate.objects.filter(kind=kind.code).select_related("author").order_by("-version")
    return [*(_version(row) for row in rows), _shipped(kind)]


def change(
    kind: Kind, *, subject: str, body: str, opened_with: int, by: Person, at: datetime
) -> MailTemplate:
    """
    Make a new version of a kind's words, in force from `at`.

    opened_with: the newest version when the page was opened. Raises Refused: "not_yours"; "changed_meanwhile" where
    somebody else was quicker; "unchanged" where the words are those of the newest; "problems" (mails.problems_in).
    """
    if not by.may(Right.KEEP_MESSAGES):
        raise Refused("not_yours", "Kata-kata pesan disusun oleh Sekretariat. Tidak ada yang berubah.")
    newest = versions(kind)[0]
    if newest.number != opened_with:
        raise Refused("changed_meanwhile", _was_quicker(newest))
    if (newest.subject, newest.body) == (subject.strip(), body.strip()):
        raise Refused(
            "unchanged", f"Kata-kata ini sama dengan versi {newest.number}. Tidak ada yang berubah."
        )
    try:
        with transaction.atomic():
            return outbox.change_words(kind.code, subject=subject, body=body, by=by, at=at)
    except IntegrityError:
        # Both opened the same version and saved at the same instant: the database took the first.
        raise Refused("changed_meanwhile", _was_quicker(versions(kind)[0])) from None
    except outbox.Refused as refusal:
        raise Refused("problems", refusal.for_reader) from None


def use_again(kind: Kind, number: int, *, opened_with: int, by: Person, at: datetime) -> MailTemplate:
    """Make a new version from the words of an old one. Raises Refused as `change`, and "unknown" for a number of none."""
    old = next((version for version in versions(kind) if version.number == number), None)
    if old is None:
        raise Refused("unknown", "Versi ini tidak ada. Tidak ada yang berubah.")
    return change(kind, subject=old.subject, body=old.body, opened_with=opened_with, by=by, at=at)


def preview(kind: Kind, *, subject: str, body: str) -> mails.Rendered | None:
    """The message as its reader would get it, with the kind's example; None where the words have a problem."""
    if mails.problems_in(kind, subject=subject, body=body):
        return None
    return mails.render(
        kind,
        subject=subject,
        body=body,
        recipient=READER,
        context=kind.example,
        link=mails.PRIVATE_LINK if kind.private_link else settings.PORTAL_URL + reverse("home_of_role"),
        contact=settings.CONTACT,
    )


def difference(before: str, after: str) -> list[Change]:
    """What one text says differently from another, word by word; joined, "same" and "new" give the second text."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    changes: list[Change] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            changes.append(Change("same", "".join(new[c:d])))
            continue
        changes += [Change("gone", _joined(old[a:b]))] if b > a else []
        changes += [Change("new", _joined(new[c:d]))] if d > c else []
    return changes


def _joined(words: Sequence[str]) -> str:
    return "".join(words)


def _was_quicker(newest: Version) -> str:
    who = newest.author or "Rekan Anda"
    return (
        f"{who} baru saja menyimpan versi {newest.number}. Kata-kata Anda belum disimpan dan masih ada di bawah. "
        "Bandingkan keduanya, lalu simpan lagi bila kata-kata Anda yang dipakai."
    )


def _shipped(kind: Kind) -> Version:
    return Version(SHIPPED, kind.subject, kind.body)


def _version(row: MailTemplate) -> Version:
    author = row.author.full_name if row.author else ""
    return Version(row.version, row.subject, row.body, row.in_force_from, author)
