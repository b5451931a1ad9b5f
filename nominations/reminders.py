"""
Reminders 7, 3 and 1 days before an end, to those who have something open then (documents.md 12, "draft_due 7, 3, 1").

Days are days of the calendar in WIB; a reminder's hour is 07.00. It tells of what was open at its hour and is open
still, with the end that held at its hour: so an end that was moved has reminders of its own, and what began after the
hour waits for the next. A run that comes late (an outage) still sends, saying how many days really are left, until
the next reminder takes over; on the day of the end none comes any more. The key of each message in the outbox holds
kind, end, days and person: two runs, or a run that died halfway, send each once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Office, Person
from accounts.roles import Role
from audit.models import Entry
from letters import outbox
from letters.wording import WIB

from . import completeness, notices, queues
from .answers import PARTS
from .completeness import Missing
from .models import Nomination, Phase, State

logger = logging.getLogger(__name__)
DAYS = (7, 3, 1)
HOUR = time(7)
# Drafts that one mail names; the page behind its link lists them all.
NAMED = 20


@dataclass(frozen=True)
class Due:
    """Which of the reminders is due (`days`), how many days are left in truth, and when the reminder's hour came."""

    days: int
    left: int
    since: datetime


@dataclass(frozen=True)
class Reminder:
    """One message that a run wants to be there (outbox.queue)."""

    kind: str
    person: Person
    key: str
    context: Mapping[str, object]
    about: Nomination | None = None


def remind(*, at: datetime) -> int:
    """Queue every reminder of this room that is due at `at` and not there yet; return how many. Safe to repeat."""
    return send([*_drafts(at), *_returned(at), *_awaiting_endorsement(at)], at=at)


# --- When ------------------------------------------------------------------------------------------------------
def due(end: datetime, *, at: datetime) -> Due | None:
    """Which reminder of this end is due at `at`; None before the first one's hour, between two, and on the last day."""
    last_day = timezone.localdate(end, WIB)
    left = (last_day - timezone.localdate(at, WIB)).days
    for days, next_days in zip(DAYS, (*DAYS[1:], 0), strict=True):
        if next_days < left <= days:
            since = datetime.combine(last_day - timedelta(days=days), HOUR, tzinfo=WIB)
            return Due(days, left, since) if at >= since else None
    return None


def phases_due(kind: Phase.Kind, *, at: datetime) -> list[tuple[Phase, Due]]:
    """The running phases of this kind whose end has a reminder due, each with it."""
    running = Phase.objects.filter(kind=kind, opens_at__lte=at, closes_at__gt=at).order_by("pk")
    found = [(phase, reminder) for phase in running if (reminder := due(phase.closes_at, at=at))]
    set_at = _when_the_ends_were_set([phase for phase, _ in found])
    return [
        (phase, reminder)
        for phase, reminder in found
        if max(phase.opens_at, set_at.get(phase.pk, phase.opens_at)) <= reminder.since
    ]


def key_of_phase(phase: Phase, reminder: Due) -> str:
    """What names this reminder for everybody: the phase, its end (an instant in UTC), which of the three."""
    return f"{phase.pk}/{_stamp(phase.closes_at)}/{reminder.days}"


def _stamp(end: datetime) -> str:
    return f"{end.timestamp():.0f}"


def _when_the_ends_were_set(phases: Sequence[Phase]) -> dict[int, datetime]:
    """Phase -> when it was dated or extended last."""
    if not phases:
        return {}
    entries = (
        Entry.objects.filter(
            subject_type=Phase._meta.label_lower,
            subject_id__in=[str(phase.pk) for phase in phases],
            action__in=["phase_dated", "phase_extended"],
        )
        .order_by()
        .values_list("subject_id")
        .annotate(Max("at"))
    )
    return {int(pk): set_at for pk, set_at in entries}


# --- Who and of what -------------------------------------------------------------------------------------------
def _drafts(at: datetime) -> list[Reminder]:
    found = []
    for phase, reminder in phases_due(Phase.Kind.NOMINATION, at=at):
        drafts = list(
            Nomination.objects.filter(round=phase.round_id, state=State.DRAFT)
            .with_names()
            .select_related("product__ikm__sentra")
            .order_by("created_at", "pk")
        )
        lacking = completeness.missing_in(drafts)
        for person, own in _by_person(drafts, at=at):
            if any(draft.created_at <= reminder.since for draft in own):
                found.append(_of_drafts(person, own, lacking, phase, reminder))
    return found


def _of_drafts(
    person: Person,
    drafts: Sequence[Nomination],
    lacking: Mapping[int, Sequence[Missing]],
    phase: Phase,
    reminder: Due,
) -> Reminder:
    lines = [
        f"- {draft.product.name}, {draft.product.ikm.name}: {_parts(lacking[draft.pk])}" for draft in drafts
    ]
    if len(lines) > NAMED:
        lines = [*lines[:NAMED], f"- dan {len(lines) - NAMED} draf lainnya"]
    context: dict[str, object] = {
        "n": len(drafts),
        "waktu": phase.closes_at,
        "daftar": "\n".join(lines),
        "tautan": drafts[0].get_absolute_url() if len(drafts) == 1 else reverse("nominations"),
    }
    about = drafts[0] if len(drafts) == 1 else None
    if reminder.days == 1:
        return Reminder("draft_due_tomorrow", person, key_of_phase(phase, reminder), context, about)
    context["h"] = reminder.left
    return Reminder("draft_due", person, key_of_phase(phase, reminder), context, about)


def _parts(lacking: Sequence[Missing]) -> str:
    """Which parts of the form lack something: "dokumen legalitas, cerita dan foto"."""
    lacking_parts = {missing.part for missing in lacking}
    named = [title[0].lower() + title[1:] for part, title in PARTS.items() if part in lacking_parts]
    return ", ".join(named) or "lengkap, tinggal dikirim"


def _returned(at: datetime) -> list[Reminder]:
    """Each returned nomination by its own due instant, which replaces the phase's end."""
    soon = at + timedelta(days=DAYS[0] + 1)
    returned = list(
        queues.with_way(
            Nomination.objects.filter(
                state=State.RETURNED, repair_due_at__gt=at, repair_due_at__lte=soon
            ).with_names()
        ).order_by("repair_due_at", "pk")
    )
    found = []
    for person, own in _by_person(returned, at=at):
        for nomination in own:
            end: datetime = nomination.repair_due_at  # type: ignore[assignment]
            reminder = due(end, at=at)
            if reminder is None or nomination.since > reminder.since:  # type: ignore[attr-defined]
                continue
            context = {
                "h": reminder.left,
                "no": str(nomination),
                "produk": nomination.product.name,
                "waktu": end,
                "tautan": nomination.get_absolute_url(),
            }
            key = f"{nomination.pk}/{_stamp(end)}/{reminder.days}"
            found.append(Reminder("return_due", person, key, context, nomination))
    return found


def _awaiting_endorsement(at: datetime) -> list[Reminder]:
    """To each province whose dinas' nominations wait; what a province itself nominates waits for the secretariat."""
    found = []
    for phase, reminder in phases_due(Phase.Kind.ENDORSEMENT, at=at):
        waiting = queues.with_way(
            Nomination.objects.filter(
                round=phase.round_id, state=State.SUBMITTED, office__kind=Office.Kind.DINAS
            )
        )
        since: dict[str, list[datetime]] = defaultdict(list)
        pairs = waiting.order_by("pk").values_list("office__province", "since")  # type: ignore[misc]
        for province, instant in pairs:
            since[province].append(instant)
        for person, province in people_of_provinces(since, at=at):
            if min(since[province]) <= reminder.since:
                context = {
                    "h": reminder.left,
                    "n": len(since[province]),
                    "waktu": phase.closes_at,
                    "tautan": reverse("endorsements"),
                }
                key = f"{province}/{key_of_phase(phase, reminder)}"
                found.append(Reminder("endorsement_due", person, key, context))
    return found


def people_of_provinces(provinces: Iterable[str], *, at: datetime) -> list[tuple[Person, str]]:
    """Everybody who verifies for one of these provinces at `at`, with the province's code; each pair once."""
    memberships = (
        Membership.objects.in_force(at=at)
        .filter(
            role=Role.PROVINSI,
            office__kind=Office.Kind.PROVINCE,
            office__province__in=list(provinces),
            person__is_active=True,
        )
        .select_related("person", "office")
        .order_by("office__province", "person_id", "pk")
    )
    return list(dict.fromkeys((one.person, str(one.office.province_id)) for one in memberships))


def _by_person(nominations: Sequence[Nomination], *, at: datetime) -> list[tuple[Person, list[Nomination]]]:
    """
    Who is reminded of which: whoever looks after a nomination, if still of its office; else who began it, if still
    there; else everybody of the office.
    """
    people = notices.people_of_all({nomination.office_id for nomination in nominations}, at=at)
    found: dict[Person, list[Nomination]] = defaultdict(list)
    for nomination in nominations:
        there = {person.pk: person for person in people[nomination.office_id]}
        first = there.get(nomination.responsible_id or 0) or there.get(nomination.created_by_id)
        for person in [first] if first else there.values():
            found[person].append(nomination)
    return sorted(found.items(), key=lambda pair: pair[0].pk)


# --- Sending ---------------------------------------------------------------------------------------------------
def send(reminders: Sequence[Reminder], *, at: datetime) -> int:
    """Queue those that are not there yet, each in a transaction of its own; return how many."""
    keys = {outbox.key_of(reminder.kind, reminder.person, reminder.key): reminder for reminder in reminders}
    there = outbox.queued_among(keys)
    new = [reminder for key, reminder in keys.items() if key not in there]
    for reminder in new:
        outbox.queue(
            reminder.kind,
            person=reminder.person,
            key=reminder.key,
            context=reminder.context,
            about=reminder.about,
            at=at,
        )
    if new:
        logger.info("reminders queued", extra={"messages": len(new)})
    return len(new)
