"""
What lies on the table of a plenary, and who is kept out of it.

The chair opens an item; every member's screen shows the same one. Whoever has an interest in it has left the room: the
facts held say so by themselves (rules.Facts), and the chair writes down who says so in the session. They see nothing
of it: not its name, not a figure, on no page and in no file while the session is open.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from audit import history
from nominations import lifecycle
from nominations.models import Nomination

from . import rules
from .models import Absence, Decision, DiscussedItem, Plenary
from .models.attendance import AbsenceQuerySet
from .refusals import NOT_YOURS, Refused
from .sessions import before, chair_only, is_secretary, no_quorum, not_before, open_and_locked, present_now

KEPT_OUT = "Anda tidak ikut pada butir ini."


def current(plenary: Plenary) -> DiscussedItem | None:
    """What lies on the table now."""
    return plenary.items.filter(closed_at=None).first()


@transaction.atomic
def open_item(plenary: Plenary, nomination: Nomination, *, by: Person, at: datetime) -> DiscussedItem:
    """
    Put a nomination on the table; what lay there is closed. Asked twice, the second changes nothing.

    Raises Refused: not the chair, an interest of the chair in it, sealed, not before this session, no quorum.
    """
    chair_only(by)
    lifecycle.lock([nomination.pk])
    plenary = open_and_locked(plenary)
    if not plenary.has_quorum:
        raise Refused("no_quorum", no_quorum(plenary))
    if not before(plenary).filter(pk=nomination.pk).exists():
        raise Refused("not_assessed", not_before(plenary, nomination))
    return put(plenary, nomination, by=by, at=at)


def put(plenary: Plenary, nomination: Nomination, *, by: Person, at: datetime) -> DiscussedItem:
    """Inside the transaction of whoever holds the session's lock: the item on the table, those with an interest out."""
    if nomination.pk in kept_from(by, [nomination], plenary):
        raise Refused(
            "interest",
            f"{KEPT_OUT} Sidang untuk butir ini dipimpin Ketua lain yang tidak mempunyai kepentingan.",
        )
    there = current(plenary)
    if there is not None and there.nomination_id == nomination.pk:
        return there
    _close(there, at=at)
    item = DiscussedItem.objects.create(plenary=plenary, nomination=nomination, opened_at=at, opened_by=by)
    keep_out(item, at=at)
    history.record(
        "open_item", plenary, by=by, at=at, nomination=nomination.pk, item=item.pk, left=item.absences.count()
    )
    return item


@transaction.atomic
def close_item(plenary: Plenary, *, by: Person, at: datetime) -> None:
    """
    Take from the table what lies there, decided or put off; those who left come back.

    Raises Refused: not the chair, sealed.
    """
    chair_only(by)
    plenary = open_and_locked(plenary)
    item = current(plenary)
    if item is None:
        return
    _close(item, at=at)
    history.record("close_item", plenary, by=by, at=at, nomination=item.nomination_id, item=item.pk)


@transaction.atomic
def leave_for_item(plenary: Plenary, people: Collection[Person], *, by: Person, at: datetime) -> None:
    """
    Write down who leaves for what lies on the table: the chair or the secretary of the session for anybody who is
    there, and each for themselves.

    Raises Refused: none of these, sealed, nothing there, decided already, not present.
    """
    if not may_write_down(by, plenary) and [one.pk for one in people] != [by.pk]:
        raise Refused("not_yours", NOT_YOURS)
    plenary = open_and_locked(plenary)
    item = _undecided_item(plenary)
    if rules.may_decide(by):
        _refuse_whoever_is_kept_out(by, item)
    send_out(item, people, by=by, at=at)


@transaction.atomic
def come_back(plenary: Plenary, person: Person, *, by: Person, at: datetime) -> None:
    """
    Take back that somebody left for what lies on the table, until it is decided: written down by mistake. The chair and
    the secretary of the session take back anybody's, each their own word. What the facts held say stays.

    Raises Refused: none of these, sealed, nothing there, decided already, not out, an interest on record.
    """
    plenary = open_and_locked(plenary)
    item = _undecided_item(plenary)
    first = _left_before(item, person)
    if first is None:
        raise Refused(
            "not_out", "Yang bersangkutan tidak tercatat meninggalkan butir ini. Tidak ada yang berubah."
        )
    own_word = by.pk == person.pk and first.recorded_by_id == by.pk
    if not own_word and (by.pk == person.pk or not may_write_down(by, plenary)):
        raise Refused("not_yours", NOT_YOURS)
    if rules.may_decide(by) and not own_word:
        _refuse_whoever_is_kept_out(by, item)
    nomination = Nomination.objects.with_names().get(pk=item.nomination_id)
    if rules.Facts.about([person]).ground_against(person, nomination):
        raise Refused(
            "interest",
            "Kepentingan yang bersangkutan tercatat, sehingga tetap tidak ikut pada butir ini. Tidak ada yang berubah.",
        )
    _left_for(item).filter(member__person=person).update(undone_at=at, undone_by=by)
    history.record("undo_leave_item", plenary, by=by, at=at, nomination=nomination.pk, people=[person.pk])


def may_come_back(plenary: Plenary, person: Person) -> bool:
    """Whether this person said so themselves and could take it back now: what lies there is not decided yet."""
    item = current(plenary)
    if item is None or is_decided(item):
        return False
    first = _left_before(item, person)
    return first is not None and first.recorded_by_id == person.pk


def was_said(absence: Absence) -> bool:
    """Whether somebody said so in the session, and it can be taken back; not where the facts held say it."""
    first = _left_before(absence.item, absence.member.person)
    return first is not None and first.recorded_by_id is not None


def _left_before(item: DiscussedItem, person: Person) -> Absence | None:
    """When this person first left for the nomination of an item in its session, if that stands."""
    return _left_for(item).filter(member__person=person).order_by("pk").first()


def _left_for(item: DiscussedItem) -> AbsenceQuerySet:
    """Who left for the nomination of an item in its session, each time that stands."""
    return Absence.objects.standing().filter(
        item__plenary=item.plenary_id, item__nomination=item.nomination_id
    )


def is_decided(item: DiscussedItem) -> bool:
    return item.plenary.decisions.filter(nomination=item.nomination_id).exists()


def may_write_down(by: Person, plenary: Plenary) -> bool:
    """Whether this person records for others who leaves: the chair, and the secretary of the session."""
    return rules.may_decide(by) or is_secretary(by, plenary)


def _undecided_item(plenary: Plenary) -> DiscussedItem:
    item = current(plenary)
    if item is None:
        raise Refused("nothing_on_the_table", "Belum ada butir yang dibahas. Tidak ada yang berubah.")
    if is_decided(item):
        raise Refused(
            "decided",
            "Butir ini sudah diputus. Tidak ada yang berubah. Ketua dapat mencatat ulang keputusannya bersama yang keluar.",
        )
    return item


def _refuse_whoever_is_kept_out(by: Person, item: DiscussedItem) -> None:
    nomination = Nomination.objects.with_names().get(pk=item.nomination_id)
    if kept_from(by, [nomination], item.plenary) and not is_secretary(by, item.plenary):
        raise Refused("interest", f"{KEPT_OUT} Sekretaris sidang atau Ketua lain mencatatnya.")


def send_out(item: DiscussedItem, people: Collection[Person], *, by: Person, at: datetime) -> None:
    """As leave_for_item, inside the transaction of whoever holds the session's lock."""
    there = present_now(item.plenary)
    for person in people:
        if person.pk not in there:
            raise Refused("not_present", f"{person.full_name} tidak tercatat hadir dalam sidang ini.")
    left = [person.pk for person in people if _absent(item, there[person.pk].pk, at=at, by=by)]
    if left:
        history.record(
            "leave_item", item.plenary, by=by, at=at, nomination=item.nomination_id, people=sorted(left)
        )


def keep_out(item: DiscussedItem, *, at: datetime) -> None:
    """Whoever is there and has an interest on record, or left for this nomination before, is out of the item."""
    there = present_now(item.plenary)
    people = [one.person for one in there.values()]
    nomination = Nomination.objects.with_names().get(pk=item.nomination_id)
    facts = rules.Facts.about(people)
    earlier = set(_left_for(item).values_list("member_id", flat=True))
    for member in there.values():
        if member.pk in earlier or facts.ground_against(member.person, nomination):
            _absent(item, member.pk, at=at)


def out_of(item: DiscussedItem) -> list[Absence]:
    """Who of those present left for it, by name."""
    return list(
        item.absences.standing()
        .filter(member__in=[one.pk for one in present_now(item.plenary).values()])
        .select_related("member__person", "item")
        .order_by("member__person__name", "pk")
    )


def clear(plenary: Plenary, *, at: datetime) -> None:
    """At the seal nothing lies on the table."""
    _close(current(plenary), at=at)


def kept_from(person: Person, nominations: Iterable[Nomination], plenary: Plenary) -> set[int]:
    """
    Of these nominations (with_names) those of which this person sees nothing: an interest by the facts held, or left
    for it in this session. None once it is sealed. A fixed number of statements.
    """
    if plenary.sealed_at is not None:
        return set()
    facts = rules.Facts.about([person])
    left = set(
        Absence.objects.standing()
        .filter(item__plenary=plenary.pk, member__person=person.pk)
        .values_list("item__nomination", flat=True)
    )
    return {one.pk for one in nominations if one.pk in left or facts.ground_against(person, one)}


def kept_from_undecided(person: Person, nominations: Iterable[Nomination]) -> set[int]:
    """
    As kept_from outside a session: of these nominations (with_names) those that no sealed session has decided yet and
    in which this person has an interest. A fixed number of statements.
    """
    found = list(nominations)
    keys = [one.pk for one in found]
    sealed = Decision.objects.filter(nomination__in=keys, plenary__sealed_at__isnull=False)
    decided = set(sealed.order_by().values_list("nomination", flat=True))
    left = set(
        Absence.objects.standing()
        .filter(item__nomination__in=keys, member__person=person.pk)
        .order_by()
        .values_list("item__nomination", flat=True)
    )
    facts = rules.Facts.about([person])
    return {
        one.pk
        for one in found
        if one.pk not in decided and (one.pk in left or facts.ground_against(person, one))
    }


def is_kept_from(person: Person, nomination: Nomination) -> bool:
    """kept_from_undecided for one nomination."""
    one = Nomination.objects.with_names().get(pk=nomination.pk)
    return bool(kept_from_undecided(person, [one]))


def _absent(item: DiscussedItem, member: int, *, at: datetime, by: Person | None = None) -> bool:
    """by: who said so; None where the facts held say it. Whoever had come back leaves in the same row."""
    left_at = max(at, item.opened_at)
    one, is_new = Absence.objects.get_or_create(
        item=item, member_id=member, defaults={"left_at": left_at, "recorded_by": by}
    )
    if is_new or one.undone_at is None:
        return is_new
    one.left_at, one.returned_at, one.recorded_by, one.undone_at, one.undone_by = (
        left_at,
        None,
        by,
        None,
        None,
    )
    one.save()
    return True


def _close(item: DiscussedItem | None, *, at: datetime) -> None:
    if item is None:
        return
    for one in item.absences.filter(returned_at=None):
        one.returned_at = max(at, one.left_at)
        one.save(update_fields=["returned_at"])
    item.closed_at = max(at, item.opened_at)
    item.save(update_fields=["closed_at"])
