"""Thousands of nominations of one region, written in few statements: every state that was ever sent, with its history."""

from datetime import timedelta
from itertools import cycle

import pgtrigger
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from audit.models import Entry
from nominations.models import Ikm, Nomination, Product, Sentra, State
from nominations.models.registry import sort_key
from tests.factories.accounts import a_dinas, a_regency
from tests.factories.nominations import RoundFactory, a_group

_STATES = (State.SUBMITTED, State.ENDORSED, State.ELIGIBLE, State.AWARDED)
_WORDS = ("Pandan", "Mendong", "Bambu", "Rotan", "Lidi", "Purun", "Agel", "Ketak", "Daun lontar", "Enceng")


def many_nominations(count: int, *, by: Person, mark: str) -> None:
    """`count` nominations of Garut in the round of 2026; `mark` keeps names and numbers of two calls apart."""
    # Neither the versions of pghistory nor the chain of the history is what lists read.
    with pgtrigger.ignore(), transaction.atomic():
        _make(count, by, mark)


def _make(count: int, by: Person, mark: str) -> None:
    now, office, regency = timezone.now(), a_dinas(), a_regency()
    round_ = RoundFactory(year=2026)
    groups = [a_group(code) for code in ("anyaman", "kain_batik", "gerabah")]
    sentra = Sentra.objects.bulk_create(
        Sentra(name=f"Sentra {mark} {number}", regency=regency) for number in range(max(1, count // 50))
    )
    names = [f"UD {_WORDS[n % len(_WORDS)]} {mark} {n}" for n in range(count)]
    makers = Ikm.objects.bulk_create(
        (
            Ikm(
                name=name, sort_name=sort_key(name), slug=f"{mark}-{n}", regency=regency, sentra=sentra[n % len(sentra)],
                nib=f"{7 if mark == 'sedikit' else 8}{n:012d}",
            )
            for n, name in enumerate(names)
        ),
        batch_size=2000,
    )  # fmt: skip
    goods = Product.objects.bulk_create(
        (
            Product(ikm=maker, name=f"Tas {n}", slug=f"{mark}-{n}", group=groups[n % len(groups)])
            for n, maker in enumerate(makers)
        ),
        batch_size=2000,
    )
    states = cycle(_STATES)
    made = Nomination.objects.bulk_create(
        (
            Nomination(
                round=round_, product=product, office=office, state=next(states), created_at=now, created_by=by,
                submitted_at=now - timedelta(minutes=n), submitted_by=by, number=f"U-2026-{mark}-{n}",
            )
            for n, product in enumerate(goods)
        ),
        batch_size=2000,
    )  # fmt: skip
    Entry.objects.bulk_create(
        (
            Entry(
                at=one.submitted_at, actor=by, action="submit", subject_type=Nomination._meta.label_lower,
                subject_id=str(one.pk), to_state=one.state,
            )
            for one in made
        ),
        batch_size=2000,
    )  # fmt: skip
