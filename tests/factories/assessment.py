"""Panels, sheets and plenaries that could exist, made through the room's own functions."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Office, Person
from accounts.roles import Role
from assessment import assignment, declarations, instruments, plenary, sessions, sheets
from assessment.models import Assessment, Assignment, Instrument, Pact, Plenary, Score, Sheet
from audit import history
from nominations.models import Nomination, Round, State
from tests.factories.accounts import a_person
from tests.factories.nominations import NominationFactory, a_group, an_hour_ago

ASSOCIATION = ("himki", "HIMKI", Office.Kind.ASSOCIATION)
CAMPUS = ("its", "Institut Teknologi Sepuluh Nopember", Office.Kind.CAMPUS)
REASON = "Sidang menilai pasar ekspor belum berlanjut."


def an_outside_office(which: tuple[str, str, str] = ASSOCIATION) -> Office:
    code, name, kind = which
    return Office.objects.get_or_create(code=code, defaults={"name": name, "kind": kind})[0]


def an_assessor(*, outside: bool = False, **fields: Any) -> Person:
    """An assessor of the ministry, or of an association."""
    return a_person(Role.PENILAI, office=an_outside_office() if outside else None, **fields)


def three_assessors() -> list[Person]:
    """Two of the ministry, one of an association."""
    return [an_assessor(), an_assessor(), an_assessor(outside=True)]


def a_secretary() -> Person:
    there = Person.objects.filter(memberships__role=Role.SEKRETARIAT).order_by("pk").first()
    return there or a_person(Role.SEKRETARIAT)


def a_chair() -> Person:
    there = Person.objects.filter(memberships__role=Role.KETUA).order_by("pk").first()
    return there or a_person(Role.KETUA)


def an_instrument(group: str = "anyaman") -> Instrument:
    """Version 1 of a group's form, as shipped and published."""
    there = Instrument.objects.whole().filter(group=group).order_by("-version").first()
    if there is not None:
        return there
    a_group(group)
    definition = next(form for form in instruments.shipped() if form["commodity"] == group)
    return Instrument.objects.create(
        group_id=group,
        version=1,
        name=definition["name"],
        definition=definition,
        published_at=an_hour_ago() - timedelta(days=100),
    )


def a_panel(
    nomination: Nomination | None = None, people: Sequence[Person] = (), *, at: datetime | None = None
) -> Assessment:
    """The assessment of an eligible nomination with three assessors who have not said anything yet."""
    nomination = nomination or NominationFactory(in_state="eligible")
    an_instrument(nomination.product.group_id)
    return assignment.assign(
        nomination,
        people or three_assessors(),
        by=a_secretary(),
        at=at or an_hour_ago() + timedelta(minutes=5),
    )


def assignments_of(assessment: Assessment) -> list[Assignment]:
    return list(assessment.assignments.order_by("pk"))


def declare_free(one: Assignment, *, at: datetime | None = None) -> Assignment:
    """Sign the pact where that was not done, and declare no conflict."""
    at = at or an_hour_ago() + timedelta(minutes=10)
    declarations.sign_pact(one.assessor, one.assessment.nomination.round, at=at)
    return declarations.declare(one, has_conflict=False, by=one.assessor, at=at)


def declare_conflict(one: Assignment, *, at: datetime | None = None) -> Assignment:
    at = at or an_hour_ago() + timedelta(minutes=10)
    declarations.sign_pact(one.assessor, one.assessment.nomination.round, at=at)
    return declarations.declare(
        one, has_conflict=True, kind="family", text="Ipar pemiliknya.", by=one.assessor, at=at
    )


def a_declared_assignment(**fields: Any) -> Assignment:
    """The first of a panel of three, who has declared to be free."""
    return declare_free(assignments_of(a_panel(**fields))[0])


def level_of(instrument: Instrument, step: int) -> dict[str, int]:
    """The same step of every ladder: 0 the lowest, -1 the highest level."""
    return {
        code: ladder[max(-len(ladder), min(step, len(ladder) - 1))]
        for code, ladder in instrument.ladders.items()
    }


def full_marks_but(changed: Mapping[str, int] | None = None, *, group: str = "anyaman") -> dict[str, int]:
    """The highest level of every ladder, but for these; in the shipped form of plaiting each score is one point of 100."""
    return {**level_of(an_instrument(group), -1), **(changed or {})}


def fill(
    one: Assignment, scores: Mapping[str, int] | None = None, *, step: int = -1, at: datetime | None = None
) -> dict[str, int]:
    """Write these scores, or one step of every ladder, on a declared sheet; return them."""
    given = dict(scores or level_of(one.assessment.instrument, step))
    answers = {code: sheets.Answer(points) for code, points in given.items()}
    sheets.save(one, answers, by=one.assessor, at=at or an_hour_ago() + timedelta(minutes=15))
    return given


def send(one: Assignment, *, at: datetime | None = None) -> Assignment:
    return sheets.submit(one, by=one.assessor, at=at or an_hour_ago() + timedelta(minutes=20))


def assess(assessment: Assessment, *scores: Mapping[str, int], step: int = -1) -> Nomination:
    """
    Let the whole panel declare, fill and send, as `declare_free`, `fill` and `send` leave it but for the history of
    each sheet, in few statements; return the nomination as it stands then.
    """
    people = assignments_of(assessment)
    given = {
        one: dict(scores[place] if place < len(scores) else level_of(assessment.instrument, step))
        for place, one in enumerate(people)
    }
    _all_in(given)
    return Nomination.objects.get(pk=assessment.nomination_id)


def an_assessed_nomination(*scores: Mapping[str, int], step: int = -1, **fields: Any) -> Nomination:
    """A nomination that went through a real panel: full marks of all three, unless scores or a step are given."""
    return assess(a_panel(NominationFactory(in_state="eligible", **fields)), *scores, step=step)


def many_assessed(
    count: int, *, people: Sequence[Person] = (), scores: Mapping[str, int] | None = None, **fields: Any
) -> list[Nomination]:
    """Nominations that one panel has assessed, for lists. scores: of all three; full marks where none are given."""
    people = people or three_assessors()
    nominations = [NominationFactory(in_state="eligible", **fields) for _ in range(count)]
    an_instrument(nominations[0].product.group_id)
    assignment.assign_many(
        dict.fromkeys(nominations, people), by=a_secretary(), at=an_hour_ago() + timedelta(minutes=5)
    )
    given = dict(scores or full_marks_but(group=nominations[0].product.group_id))
    mine = Assignment.objects.filter(assessment__nomination__in=nominations).select_related("assessment")
    _all_in(dict.fromkeys(mine.order_by("pk"), given))
    return list(
        Nomination.objects.filter(pk__in=[nomination.pk for nomination in nominations]).order_by("pk")
    )


def _all_in(given: Mapping[Assignment, Mapping[str, int]]) -> None:
    """Everybody of these panels signed the pact, declared to be free, filled the sheet and sent it."""
    declared, written, sent = (an_hour_ago() + timedelta(minutes=minutes) for minutes in (10, 15, 20))
    mine = Assignment.objects.filter(pk__in=[one.pk for one in given]).order_by("pk")
    rounds = dict(mine.values_list("pk", "assessment__nomination__round_id"))
    Pact.objects.bulk_create(
        (
            Pact(person_id=person, round_id=round_, text_version=1, at=declared)
            for person, round_ in sorted({(one.assessor_id, rounds[one.pk]) for one in given})
        ),
        ignore_conflicts=True,
    )
    mine.update(has_conflict=False, declared_at=declared, statement_version=1)
    Score.objects.bulk_create(
        Score(assignment=one, indicator=code, points=points, at=written)
        for one, scores in given.items()
        for code, points in scores.items()
    )
    mine.update(submitted_at=sent)
    Sheet.objects.bulk_create(
        Sheet(assignment=one, sequence=1, submitted_at=sent, scores=dict(scores))
        for one, scores in given.items()
    )
    panels = {one.assessment_id for one in given}
    Assessment.objects.filter(pk__in=panels).update(completed_at=sent)
    done = Nomination.objects.filter(assessment__in=panels).order_by("pk")
    done.update(state=State.ASSESSED)
    history.record_all(
        "complete_assessment", ((one, {}) for one in done), by=None, at=sent, to_state=State.ASSESSED
    )


def members_of_a_session(count: int) -> list[Person]:
    """The chair, and beside them people of the team who sit on no panel: the same ones each time."""
    emails = [f"anggota{place}@contoh.example" for place in range(1, count)]
    there = {one.email: one for one in Person.objects.filter(email__in=emails).order_by("pk")}
    for place, email in enumerate(emails, 1):
        if email not in there:
            there[email] = a_person(Role.PENILAI, email=email, name=f"Anggota {place}")
    return [a_chair(), *(there[email] for email in emails)][:count]


def an_open_plenary(round_: Round, *, members: int = 9, present: int = 7) -> Plenary:
    people = members_of_a_session(members)
    return plenary.open_session(
        round_,
        members=people,
        present=people[:present],
        place="Jakarta",
        by=a_chair(),
        at=an_hour_ago() + timedelta(minutes=30),
    )


def a_sealed_plenary(round_: Round, *, minutes_number: str = "BA/12/IKMA/V/2026") -> Plenary:
    """A session that decided every assessed nomination of the round by its computed star."""
    session, at = an_open_plenary(round_), an_hour_ago() + timedelta(minutes=40)
    for nomination in sessions.assessed(round_).order_by("pk"):
        star = plenary.results.result_of(nomination.assessment).star
        plenary.record_decision(session, nomination, star=star, by=a_chair(), at=at)
    return plenary.seal(session, minutes_number=minutes_number, by=a_chair(), at=at + timedelta(minutes=5))
