"""
The plenary: opened by the chair, decides star by star, and is sealed with a fingerprint over everything it decided.

Value and computed star are taken from the stored scores at the moment of the decision, and once more at the seal.
"""

from collections.abc import Collection
from datetime import datetime
from fractions import Fraction

from django.db import IntegrityError, transaction

from accounts.models import Person
from audit import history
from nominations import lifecycle
from nominations.models import Nomination, Round

from . import agenda, attendance, decision_rules, items, results, scoring, sealed_record, tied_sheets
from .decision_rules import Vote
from .models import Assessment, Attendee, Decision, Instrument, Plenary
from .refusals import Refused
from .sessions import before, chair_only, open_and_locked, undecided

REASON_TOO_LONG = 4000


@transaction.atomic
def open_session(
    round_: Round,
    *,
    members: Collection[Person],
    present: Collection[Person],
    place: str,
    secretary: Person | None = None,
    by: Person,
    at: datetime,
) -> Plenary:
    """
    Open the plenary of a round. members: who has a vote; present: who came, of the members or beside them. secretary:
    who writes down, without a vote; can be named later.

    Below the quorum (floor(m/2) + 1) it opens, waits for those who are late, and decides nothing. Once results are
    published it is a session for what was called (agenda.py) and for nothing else.
    Raises Refused: not the chair, another session open, nobody, somebody who has no vote.
    """
    chair_only(by)
    if not place.strip():
        raise Refused("place_missing", "Isi tempat sidang.")
    try:
        with transaction.atomic():
            # The numbers follow from the names below, in the database itself.
            plenary = Plenary.objects.create(
                round=round_, place=place.strip(), opened_at=at, opened_by=by, members=1, present=0
            )
    except IntegrityError as error:
        raise Refused(
            "already_open", f"Sidang pleno periode {round_.pk} sudah dibuka dan belum disegel."
        ) from error
    attendance.seat(plenary, members, present, at=at)
    if secretary is not None:
        attendance.seat_without_vote(plenary, Attendee.Seat.SECRETARY, person=secretary, by=by, at=at)
    plenary.refresh_from_db()
    called = agenda.take(plenary)
    history.record(
        "open_plenary", plenary, by=by, at=at, round=round_.pk, members=plenary.members, present=plenary.present,
        people=sorted(attendance.present_now(plenary)), called=called,
    )  # fmt: skip
    return plenary


@transaction.atomic
def record_decision(
    plenary: Plenary,
    nomination: Nomination,
    *,
    star: int,
    reason: str = "",
    recused: Collection[Person] = (),
    vote: Vote | None = None,
    seen: datetime | None = None,
    by: Person,
    at: datetime,
) -> Decision:
    """
    Record what the plenary decides for one nomination; while the session is open it can be recorded anew. What is
    decided lies on the table (items.py), and stays there until the chair opens the next.

    star: 0 (none) to the most of the instrument's scheme. reason: needed, 30 characters, where it is not the computed
    star, where a vote has no majority, and where an earlier plenary had decided. seen: when the decision that the page
    showed was recorded (None for none), so that a second recorder overwrites nothing unseen. recused: who left for it
    beside those whose interest is on record.
    Raises Refused: not the chair, an interest of the chair in it, sealed, no quorum, not assessed, no star of the
    scheme, no reason, a vote that does not add up, recorded meanwhile, scores that cannot be computed, a sheet that counts
    although an interest of its assessor is known (tied_sheets.py).
    """
    chair_only(by)
    lifecycle.lock([nomination.pk])
    nomination = Nomination.objects.select_related("round").get(pk=nomination.pk)
    plenary = open_and_locked(plenary)
    decision_rules.refuse_what_is_not_to_be_decided(plenary, nomination)
    there = plenary.decisions.select_related("recorded_by").filter(nomination=nomination).first()
    decision_rules.refuse_what_was_recorded_meanwhile(there, seen)
    assessment = Assessment.objects.select_related("instrument").get(nomination=nomination)
    result = _computed(assessment, nomination)
    decision_rules.refuse_what_is_no_star(star, assessment.instrument.parsed())
    left = _left_for_it(plenary, nomination, recused, by=by, at=at)
    tied_sheets.refuse_where_any(nomination)
    decision_rules.refuse_a_vote_that_does_not_add_up(plenary, left, vote)
    reason = reason.strip()
    decision_rules.refuse_without_the_reason_it_needs(result, star, reason, vote, nomination)
    decision = there or Decision(plenary=plenary, nomination=nomination)
    _write(decision, assessment.instrument, result, star, vote, reason=reason, recused=left, by=by, at=at)
    history.record(
        "record_decision", decision, by=by, at=at, reason=reason, nomination=nomination.pk, plenary=plenary.pk,
        value=str(result.value), computed_star=result.star, star=star,
    )  # fmt: skip
    return decision


@transaction.atomic
def seal(plenary: Plenary, *, minutes_number: str, by: Person, at: datetime) -> Plenary:
    """
    Close the session for good: every assessed nomination of the round is decided, and nothing changes any more.

    minutes_number: of the signing office's register, typed in. Raises Refused: not the chair, sealed, no quorum, no
    number, something undecided, a decision whose value is no longer that of the stored scores, or holds a tied sheet.
    """
    chair_only(by)
    lifecycle.lock(before(plenary).values_list("pk", flat=True))
    plenary = open_and_locked(plenary)
    minutes_number = " ".join(minutes_number.split())
    if not minutes_number or len(minutes_number) > 60:
        raise Refused(
            "number_missing", "Isi nomor berita acara dari buku agenda kantor, paling panjang 60 karakter."
        )
    if not plenary.has_quorum:
        raise Refused(
            "no_quorum",
            f"Sidang tidak memenuhi kuorum ({plenary.present} dari paling sedikit {plenary.quorum}).",
        )
    if not plenary.decisions.exists():
        raise Refused("nothing_decided", "Belum ada keputusan yang dicatat, jadi belum ada yang disegel.")
    _refuse_what_is_undecided(plenary, by=by)
    _refuse_decisions_on_other_scores(plenary)
    _refuse_decisions_on_tied_sheets(plenary, by=by)
    items.clear(plenary, at=at)
    plenary.minutes_number, plenary.sealed_at, plenary.sealed_by = minutes_number, at, by
    plenary.fingerprint = sealed_record.fingerprint(sealed_record.canonical_record(plenary))
    plenary.save()
    history.record(
        "seal_plenary", plenary, by=by, at=at, round=plenary.round_id, decisions=plenary.decisions.count(),
        fingerprint=plenary.fingerprint, minutes_number=minutes_number,
    )  # fmt: skip
    agenda.tell_what_stays(plenary, at=at)
    return plenary


# --- The steps of a decision -----------------------------------------------------------------------------------
def _computed(assessment: Assessment, nomination: Nomination) -> scoring.Result:
    """Value and star from the stored scores, at this moment."""
    try:
        return results.result_of(assessment)
    except scoring.ScoringError as problem:
        raise Refused(
            "not_computable", f"Nilai usulan {nomination} tidak dapat dihitung: {problem}. Hubungi admin."
        ) from problem


def _write(
    decision: Decision,
    instrument: Instrument,
    result: scoring.Result,
    star: int,
    vote: Vote | None,
    *,
    reason: str,
    recused: int,
    by: Person,
    at: datetime,
) -> None:
    decision.instrument, decision.maximum_star = instrument, instrument.parsed().top_star
    decision.numerator, decision.denominator = result.value.numerator, result.value.denominator
    decision.computed_star, decision.star = result.star, star
    decision.reason, decision.recused = reason[:REASON_TOO_LONG], recused
    decision.in_favour = vote.in_favour if vote else None
    decision.against = vote.against if vote else None
    decision.abstained = vote.abstained if vote else None
    decision.recorded_at, decision.recorded_by = at, by
    decision.save()


# --- What stands in the way ------------------------------------------------------------------------------------
def _left_for_it(
    plenary: Plenary, nomination: Nomination, recused: Collection[Person], *, by: Person, at: datetime
) -> int:
    """How many of those present left for this item; 0 in a session that has only its numbers."""
    item = items.put(plenary, nomination, by=by, at=at)
    items.send_out(item, recused, by=by, at=at)
    return len(items.out_of(item))


def _refuse_what_is_undecided(plenary: Plenary, *, by: Person) -> None:
    """Of what the chair has an interest in, only how many there are."""
    waiting = list(undecided(plenary).with_names().order_by("number"))
    if not waiting:
        return
    hidden = items.kept_from(by, waiting, plenary)
    named = [str(one.number) for one in waiting if one.pk not in hidden][:3]
    more = ", dan lainnya" if named and len(waiting) > len(named) else ""
    which = f": {', '.join(named)}{more}" if named else ""
    raise Refused("undecided", f"{len(waiting)} usulan belum diputus{which}. Putuskan dahulu semuanya.")


def _refuse_decisions_on_other_scores(plenary: Plenary) -> None:
    """Under the lock of every nomination: what was decided must be what the scores say now."""
    stored = {
        decision.nomination.assessment.pk: decision
        for decision in plenary.decisions.select_related("nomination__assessment")
    }
    fresh = dict(results.results_for(stored))
    for assessment, decision in stored.items():
        result = fresh.get(assessment)
        now: tuple[Fraction, int] | None = (
            (result.value, result.star) if isinstance(result, scoring.Result) else None
        )
        if now != (decision.value, decision.computed_star):
            raise Refused(
                "scores_changed",
                f"Skor usulan {decision.nomination} berubah sejak diputus. Catat kembali keputusannya sebelum menyegel.",
            )


def _refuse_decisions_on_tied_sheets(plenary: Plenary, *, by: Person) -> None:
    """An interest that became known after the decision; of what the chair has an interest in, only that there is one."""
    tied = list(
        tied_sheets.nominations()
        .filter(pk__in=plenary.decisions.values("nomination"))
        .with_names()
        .order_by("number")
    )
    if not tied:
        return
    hidden = items.kept_from(by, tied, plenary)
    named = ", ".join(str(one.number) for one in tied if one.pk not in hidden)
    raise Refused(
        "tied_sheet",
        f"{tied_sheets.TIED} pada {len(tied)} usulan yang diputus{f': {named}' if named else ''}. Keluarkan lembar itu dari "
        "nilai pada halaman panel sebelum menyegel.",
    )
