"""Assessors drawn for a whole round and the draw taken over: three for each nomination, against the solver alone."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from assessment import balance, draws, rules

from . import material
from .measuring import Row, compare

SIZE = 300
AIM = 0.05


def measure(size: int) -> Row:
    """
    Ours: what the page of a draw does when it is taken, from the facts to assignments, messages and history, rolled
    back afterwards. Theirs: the flow of least cost on the same seats held in memory.
    """
    round_, by = material.waiting(size)
    at = timezone.now()
    shown = draws.draw(round_, seed=1, at=at)
    people = {person.pk: person for person in rules.assessors(at=at)}
    offices = rules.seats(list(people.values()), at=at)
    seats, _ = draws._seats(shown.nominations, people, offices, rules.panel_size(round_))
    outside = frozenset(pk for pk, office in offices.items() if office.kind in rules.OUTSIDE)
    alone = partial(balance.draw, seats, outside=outside, loads={}, seed=1)

    def ours(_: int) -> int:
        with transaction.atomic():
            taken = draws.take(round_, seed=1, fingerprint=shown.fingerprint, by=by, at=at)
            transaction.set_rollback(True)
        return taken

    def theirs(_: int) -> int:
        return alone().assigned

    return compare("draw", ours=ours, theirs=theirs, unit="seats/s", beside="the solver alone", aim=AIM)
