"""A thousand nominations that a panel has assessed, written in few statements: for what lists and boards cost."""

from datetime import timedelta

import pgtrigger
from django.db import connection, transaction

from accounts.models import Person
from accounts.roles import Role
from assessment.models import Assessment, Assignment, Instrument
from nominations import copies
from nominations.models import Ikm, Nomination, Product, Round, Sentra, State, Submission
from nominations.models.registry import sort_key
from tests.factories.accounts import a_dinas, a_person, a_regency
from tests.factories.assessment import a_secretary, an_instrument, three_assessors
from tests.factories.nominations import RoundFactory, an_hour_ago

# Each line on one of its two highest levels, another mixture for each sheet.
_SCORES = """
    INSERT INTO assessment_score (assignment_id, indicator, points, note, at)
    SELECT mine.id, ladder.code, (ladder.levels ->> (-1 - (mine.id + ladder.place) %% 2)::int)::int, '', now()
    FROM assessment_assignment AS mine
    JOIN assessment_assessment AS one ON one.id = mine.assessment_id
    JOIN assessment_instrument AS form ON form.id = one.instrument_id
    CROSS JOIN LATERAL jsonb_each(form.ladders) WITH ORDINALITY AS ladder(code, levels, place)
    WHERE one.id = ANY(%s)
"""


def many_candidates(count: int, *, start: int = 0) -> Round:
    """`count` assessed nominations of one group in the round of 2026, three sheets each; numbered from `start`."""
    round_, form, officer = (
        RoundFactory(year=2026),
        an_instrument("anyaman"),
        a_person(Role.DINAS, around=a_regency()),
    )
    people, secretary = three_assessors(), a_secretary()
    offices = {person.pk: person.memberships.get().office for person in people}
    # Neither the versions of pghistory nor the guards of a sheet being written are what the board reads.
    with pgtrigger.ignore(), transaction.atomic():
        made = _assessments(_nominations(range(start, start + count), round_, officer), form, secretary)
        seats = Assignment.objects.bulk_create(
            Assignment(
                assessment=one, assessor=person, office=offices[person.pk], assigned_at=one.created_at,
                assigned_by=secretary, has_conflict=False, declared_at=one.created_at, statement_version=1,
            )
            for one in made
            for person in people
        )  # fmt: skip
        _score([one.pk for one in made])
        Assignment.objects.filter(pk__in=[one.pk for one in seats]).update(submitted_at=an_hour_ago())
    return round_


def _score(assessments: list[int]) -> None:
    """75 rows for each: a guard that is asked for every one of them would take a minute to say yes."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE assessment_score DISABLE TRIGGER USER")
        cursor.execute(_SCORES, [assessments])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE assessment_score ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _nominations(numbers: range, round_: Round, officer: Person) -> list[Nomination]:
    regency, office, sent = a_regency(), a_dinas(), an_hour_ago() - timedelta(days=9)
    sentra = Sentra.objects.create(name=f"Sentra calon {numbers.start}", regency=regency)
    makers = Ikm.objects.bulk_create(
        Ikm(
            name=f"UD Calon {n}",
            sort_name=sort_key(f"UD Calon {n}"),
            slug=f"calon-{n}",
            regency=regency,
            sentra=sentra,
            nib=f"9{n:012d}",
        )
        for n in numbers
    )
    goods = Product.objects.bulk_create(
        Product(ikm=maker, name="Tas anyaman", slug=f"calon-{n}", group_id="anyaman")
        for n, maker in zip(numbers, makers, strict=True)
    )
    return Nomination.objects.bulk_create(
        Nomination(
            round=round_, product=product, office=office, state=State.ASSESSED, created_at=sent, created_by=officer,
            submitted_at=sent, submitted_by=officer, number=f"U-2026-9999-{n:04d}",
        )
        for n, product in zip(numbers, goods, strict=True)
    )  # fmt: skip


def _assessments(nominations: list[Nomination], form: Instrument, by: Person) -> list[Assessment]:
    at, content = an_hour_ago(), {"round": 2026}
    copied = Submission.objects.bulk_create(
        Submission(
            nomination=one, sequence=1, at=at, by=by, content=content, sha256=copies.fingerprint(content)
        )
        for one in nominations
    )
    return Assessment.objects.bulk_create(
        Assessment(
            nomination=one,
            submission=copy,
            instrument=form,
            created_at=at - timedelta(minutes=1),
            created_by=by,
            completed_at=at,
        )
        for one, copy in zip(nominations, copied, strict=True)
    )
