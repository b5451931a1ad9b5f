"""
Taking a whole plan of panels over in a fixed number of statements, and what is refused for one panel or a thousand:
assignment.py asks the same for a single nomination.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from accounts.models import Office, Person
from audit import history
from nominations import lifecycle
from nominations.models import Nomination, State, Submission

from . import rules
from .models import Assessment, Assignment, Instrument, Reevaluation
from .refusals import NOT_YOURS, Refused

_AT_ONCE = 1000
Copy = TypeVar("Copy", Submission, int)


def take_over(plan: Mapping[Nomination, Sequence[Person]], *, by: Person, at: datetime) -> list[Assignment]:
    """Assign these people to these nominations, inside the caller's transaction. Raises Refused as assignment.assign."""
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    wanted = {nomination.pk: list(people) for nomination, people in plan.items()}
    if not all(wanted.values()):
        raise Refused("nobody", "Pilih paling sedikit satu penilai.")
    lifecycle.lock(wanted)
    nominations = {
        one.pk: one for one in Nomination.objects.with_names().filter(pk__in=wanted).order_by("pk")
    }
    for nomination in nominations.values():
        refuse_what_is_not_eligible(nomination)
    assessments = {
        one.nomination_id: one for one in Assessment.objects.filter(nomination__in=wanted).order_by("pk")
    }
    active = _active(assessments)
    new = _unsaved(nominations, assessments, by=by, at=at)
    assessments |= {one.nomination_id: one for one in new}
    people = list({person.pk: person for panel in wanted.values() for person in panel}.values())
    facts, offices = rules.Facts.about(people), rules.seats(people, at=at)
    for pk, nomination in nominations.items():
        refuse_whom_the_rules_forbid(
            nomination, wanted[pk], size=assessments[pk].size, active=active[pk], facts=facts, offices=offices
        )
    _open(new, nominations, by=by, at=at)
    made = Assignment.objects.bulk_create(
        (
            Assignment(
                assessment=assessments[pk], assessor=person, office=offices[person.pk], assigned_at=at, assigned_by=by
            )
            for pk in nominations
            for person in wanted[pk]
        ),
        batch_size=_AT_ONCE,
    )  # fmt: skip
    seats = ((one, {"nomination": one.assessment.nomination_id, "assessor": one.assessor_id}) for one in made)
    history.record_all("assign", seats, by=by, at=at)
    return made


def _active(assessments: Mapping[int, Assessment]) -> dict[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = defaultdict(list)
    there = Assignment.objects.active().filter(assessment__in=[one.pk for one in assessments.values()])
    for one in there.select_related("office", "assessment").order_by("pk"):
        found[one.assessment.nomination_id].append(one)
    return found


def _unsaved(
    nominations: Mapping[int, Nomination], there: Mapping[int, Assessment], *, by: Person, at: datetime
) -> list[Assessment]:
    """The assessments that do not exist yet, each pinned to the last copy and the form in force."""
    lacking = [nomination for pk, nomination in nominations.items() if pk not in there]
    forms: dict[str, Instrument] = {}
    shorter: dict[int, Instrument] = {}
    for published in Instrument.objects.published().order_by("version"):
        if published.shortened_from_id is None:
            forms[published.group_id] = published
        else:
            shorter[published.shortened_from_id] = published
    again = set(
        Reevaluation.objects.filter(nomination__in=[one.pk for one in lacking])
        .order_by()
        .values_list("nomination", flat=True)
    )
    copies = dict(
        Submission.objects.filter(nomination__in=[nomination.pk for nomination in lacking])
        .order_by("nomination", "sequence")
        .values_list("nomination", "pk")
    )
    sizes = {round_: rules.panel_size(round_) for round_ in {one.round_id for one in lacking}}
    made = []
    for nomination in lacking:
        full = forms.get(nomination.product.group_id)
        form, copy = pinned(
            nomination,
            shorter.get(full.pk, full) if full and nomination.pk in again else full,
            copies.get(nomination.pk),
        )
        made.append(
            Assessment(
                nomination=nomination, submission_id=copy, instrument=form, size=sizes[nomination.round_id],
                created_at=at, created_by=by,
            )
        )  # fmt: skip
    return made


def _open(new: list[Assessment], nominations: Mapping[int, Nomination], *, by: Person, at: datetime) -> None:
    Assessment.objects.bulk_create(new, batch_size=_AT_ONCE)
    opened = (
        (
            one,
            {
                "nomination": one.nomination_id,
                "size": one.size,
                "instrument": f"{nominations[one.nomination_id].product.group_id} v{one.instrument.version}",
            },
        )
        for one in new
    )
    history.record_all("open_assessment", opened, by=by, at=at)


# --- What is refused -----------------------------------------------------------------------------------------------
def refuse_what_is_not_eligible(nomination: Nomination) -> None:
    if nomination.state != State.ELIGIBLE:
        raise Refused(
            "not_eligible",
            f"Usulan {nomination} berstatus {nomination.get_state_display().lower()}: panel hanya dibentuk untuk usulan "
            "yang lolos seleksi dan belum selesai dinilai.",
        )


def pinned(
    nomination: Nomination, instrument: Instrument | None, submission: Copy | None
) -> tuple[Instrument, Copy]:
    """The form and the copy that an assessment is pinned to; refused where either is not there."""
    if instrument is None:
        raise Refused(
            "no_instrument",
            f"Instrumen {nomination.product.group.name} belum terbit. Terbitkan dahulu di halaman Instrumen.",
        )
    if submission is None:
        raise Refused("no_copy", f"Usulan {nomination} tidak mempunyai salinan yang dikirim.")
    return instrument, submission


def refuse_whom_the_rules_forbid(
    nomination: Nomination,
    people: Sequence[Person],
    *,
    size: int,
    active: Sequence[Assignment],
    facts: rules.Facts,
    offices: Mapping[int, Office],
) -> None:
    """Refuse a panel that the rules forbid. facts, offices: of these people, read before."""
    there = {assignment.assessor_id for assignment in active}
    if len({person.pk for person in people}) != len(people):
        raise Refused("twice", "Penilai yang sama dipilih dua kali. Pilih orang yang berbeda.")
    for person in people:
        if person.pk not in offices:
            raise Refused("no_assessor", f"{person.full_name} bukan penilai pada saat ini.")
        if ground := facts.ground_against(person, nomination):
            raise Refused(ground.code, f"{person.full_name} tidak dapat ditugaskan: {ground.text}.")
        if person.pk in there:
            raise Refused("already", f"{person.full_name} sudah ditugaskan pada usulan ini.")
    count = len(active) + len(people)
    if count > size:
        raise Refused("too_many", f"Panel ini untuk {size} penilai; dengan pilihan Anda menjadi {count}.")
    outside = any(one.is_from_outside for one in active) or any(
        offices[person.pk].kind in rules.OUTSIDE for person in people
    )
    if count == size and not outside:
        raise Refused(
            "nobody_from_outside",
            "Panel harus berisi paling sedikit satu penilai dari asosiasi atau perguruan tinggi. Ganti salah satu pilihan.",
        )
