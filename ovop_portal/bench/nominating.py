"""The last hour of a round: many officers send at once, and each commit joins the chain of the history."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Person
from nominations import lifecycle
from nominations.models import Nomination, State

from . import material, measuring
from .measuring import Row, compare

SIZE = 80
AT_ONCE = 8
AIM = 0.02

Draft = tuple[Nomination, Person]


def measure(size: int) -> Row:
    """
    Ours: complete drafts sent by `lifecycle.perform`, so many officers at a time, each with a connection of its own:
    lock, guards, copy, number, history, message, commit. Theirs: the same rows, by as many connections, each changed by
    one bare UPDATE with its commit.
    """
    made = material.drafts(size * (measuring.REPEATS + 1))

    def batch(number: int) -> list[Draft]:
        return made[number * size : (number + 1) * size]

    def ours(number: int) -> int:
        return _together(_send, batch(number))

    def theirs(number: int) -> int:
        return _together(_touch, batch(number))

    row = compare(
        "submit", ours=ours, theirs=theirs, unit="nominations/s", beside="a bare UPDATE each", aim=AIM
    )
    if waiting := Nomination.objects.filter(state=State.DRAFT).count():
        raise RuntimeError(f"{waiting} of {len(made)} were not sent")
    return row


def _send(draft: Draft) -> None:
    nomination, officer = draft
    lifecycle.perform("submit", nomination, by=officer, at=timezone.now())


def _touch(draft: Draft) -> None:
    nomination, _ = draft
    with transaction.atomic():
        Nomination.objects.filter(pk=nomination.pk).update(design="Desain diperbarui")


def _together(work: object, drafts: Iterable[Draft]) -> int:
    """Let AT_ONCE threads take the drafts in turns; each ends its own connection."""
    shares: list[list[Draft]] = [[] for _ in range(AT_ONCE)]
    for place, draft in enumerate(drafts):
        shares[place % AT_ONCE].append(draft)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(partial(_share, work), shares))


def _share(work: object, drafts: list[Draft]) -> int:
    try:
        for draft in drafts:
            work(draft)  # type: ignore[operator]
        return len(drafts)
    finally:
        connection.close()
