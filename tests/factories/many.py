"""Thousands of nominations of one region, written in few statements: every state that was ever sent, with its history."""

import re
from typing import Any

import pgtrigger
from django.db import connection, models, transaction
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
    office, regency, round_ = a_dinas(), a_regency(), RoundFactory(year=2026)
    sentra = max(1, count // 50)
    given = {
        "mark": mark,
        "now": timezone.now(),
        "makers": [f"UD {word} {mark}" for word in _WORDS],
        "sorted": [sort_key(f"UD {word} {mark}") for word in _WORDS],
        "groups": [a_group(code).pk for code in ("anyaman", "kain_batik", "gerabah")],
        "states": [str(state) for state in _STATES],
        "nib": 7 if mark == "sedikit" else 8,
    }
    _insert(
        Sentra(regency=regency),
        f"generate_series(0, {sentra - 1}) AS n",
        given,
        name="'Sentra ' || %(mark)s || ' ' || n",
    )
    _insert(
        Ikm(regency=regency),
        f"""generate_series(0, {count - 1}) AS n
            JOIN nominations_sentra AS s ON s.name = 'Sentra ' || %(mark)s || ' ' || n %% {sentra}""",
        given,
        name="(%(makers)s)[1 + n %% 10] || ' ' || n",
        sort_name="(%(sorted)s)[1 + n %% 10] || ' ' || n",
        slug="%(mark)s || '-' || n",
        sentra_id="s.id",
        nib="%(nib)s || lpad(n::text, 12, '0')",
    )
    of_this_call = "substring({0} from '^' || %(mark)s || '-(\\d+)$')::int"
    _insert(
        Product(),
        f"(SELECT id, slug, {of_this_call.format('slug')} AS n FROM nominations_ikm) AS m WHERE n IS NOT NULL",
        given,
        ikm_id="m.id",
        name="'Tas ' || n",
        slug="m.slug",
        group_id="(%(groups)s)[1 + n %% 3]",
    )
    _insert(
        Nomination(round=round_, office=office, created_at=given["now"], created_by=by, submitted_by=by),
        f"(SELECT id, {of_this_call.format('slug')} AS n FROM nominations_product) AS p WHERE n IS NOT NULL",
        given,
        product_id="p.id",
        state="(%(states)s)[1 + n %% 4]",
        submitted_at="%(now)s - n * interval '1 minute'",
        number="'U-2026-' || %(mark)s || '-' || n",
    )
    _insert(
        Entry(actor=by, action="submit", subject_type=Nomination._meta.label_lower),
        "nominations_nomination AS u WHERE u.number LIKE 'U-2026-' || %(mark)s || '-%%'",
        given,
        at="u.submitted_at",
        subject_id="u.id::text",
        to_state="u.state",
    )


def _insert(like: models.Model, source: str, given: dict[str, Any], **expressions: str) -> None:
    """Write a row for each of `source`: these columns by SQL, the others as `like` has them."""
    columns, values, fixed = [], [], {}
    for field in like._meta.local_concrete_fields:
        if field.primary_key:
            continue
        columns.append(f'"{field.column}"')
        values.append(expressions.get(field.attname, f"%(as_{field.attname})s"))
        if field.attname not in expressions:
            value = getattr(like, field.attname)
            fixed[f"as_{field.attname}"] = field.get_db_prep_save(value, connection)
    statement = (
        f'INSERT INTO "{like._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM {source}'  # noqa: S608
    )
    known, named = {**given, **fixed}, r"%\((\w+)\)s"
    # By place, not by name: what ignores the triggers puts a value of its own before these.
    with connection.cursor() as cursor:
        cursor.execute(re.sub(named, "%s", statement), [known[name] for name in re.findall(named, statement)])
