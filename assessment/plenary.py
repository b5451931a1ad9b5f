"""
The plenary: opened by the chair, decides star by star, and is sealed with a fingerprint over everything it decided.

Value and computed star are taken from the stored scores at the moment of the decision, and once more at the seal.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Person
from audit import history
from letters.wording import instant_for_reader
from nominations import lifecycle
from nominations.models import Nomination, Round

from . import agenda, attendance, items, results, scoring
from .models import REASON_AT_LEAST, Absence, Assessment, Decision, Plenary
from .models.instruments import canonical
from .refusals import Refused
from .sessions import before, chair_only, no_quorum, not_before, open_and_locked, undecided

REASON_TOO_LONG = 4000


@dataclass(frozen=True)
class Vote:
    """How those who stayed for the item voted."""

    in_favour: int
    against: int
    abstained: int = 0

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained


@transaction.atomic
def open_session(
    round_: Round,
    *,
    members: Collection[Person],
    present: Collection[Person],
    place: str,
    by: Person,
    at: datetime,
) -> Plenary:
    """
    Open the plenary of a round. members: who has a vote; present: who came, of the members or beside them.

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
    scheme, no reason, a vote that does not add up, recorded meanwhile, scores that cannot be computed.
    """
    chair_only(by)
    lifecycle.lock([nomination.pk])
    nomination = Nomination.objects.select_related("round").get(pk=nomination.pk)
    plenary = open_and_locked(plenary)
    if not plenary.has_quorum:
        raise Refused("no_quorum", no_quorum(plenary))
    if nomination.round_id != plenary.round_id:
        raise Refused("other_round", f"Usulan {nomination} bukan usulan periode {plenary.round_id}.")
    if not before(plenary).filter(pk=nomination.pk).exists():
        raise Refused("not_assessed", not_before(plenary, nomination))
    there = plenary.decisions.select_related("recorded_by").filter(nomination=nomination).first()
    if (there.recorded_at if there else None) != seen:
        raise Refused("recorded_meanwhile", _recorded_meanwhile(there))
    assessment = Assessment.objects.select_related("instrument").get(nomination=nomination)
    form = assessment.instrument.parsed()
    try:
        result = results.result_of(assessment)
    except scoring.ScoringError as problem:
        raise Refused(
            "not_computable", f"Nilai usulan {nomination} tidak dapat dihitung: {problem}. Hubungi admin."
        ) from problem
    reason = reason.strip()
    if type(star) is not int or not 0 <= star <= form.top_star:
        raise Refused("no_star", f"Bintang yang diputuskan harus 0 sampai {form.top_star}.")
    left = _left_for_it(plenary, nomination, recused, by=by, at=at)
    _refuse_a_vote_that_does_not_add_up(plenary, left, vote)
    if (why := _why_a_reason_is_needed(result, star, vote, nomination)) and len(reason) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"{why} Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    decision = there or Decision(plenary=plenary, nomination=nomination)
    decision.instrument = assessment.instrument
    decision.numerator, decision.denominator = result.value.numerator, result.value.denominator
    decision.computed_star, decision.star, decision.maximum_star = result.star, star, form.top_star
    decision.reason, decision.recused = reason[:REASON_TOO_LONG], left
    decision.in_favour = vote.in_favour if vote else None
    decision.against = vote.against if vote else None
    decision.abstained = vote.abstained if vote else None
    decision.recorded_at, decision.recorded_by = at, by
    decision.save()
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
    number, something undecided, a decision whose value is no longer that of the stored scores.
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
    items.clear(plenary, at=at)
    plenary.minutes_number, plenary.sealed_at, plenary.sealed_by = minutes_number, at, by
    plenary.fingerprint = fingerprint(canonical_record(plenary))
    plenary.save()
    history.record(
        "seal_plenary", plenary, by=by, at=at, round=plenary.round_id, decisions=plenary.decisions.count(),
        fingerprint=plenary.fingerprint, minutes_number=minutes_number,
    )  # fmt: skip
    agenda.tell_what_stays(plenary, at=at)
    return plenary


# --- The record that is sealed ---------------------------------------------------------------------------------
def canonical_record(plenary: Plenary) -> dict[str, Any]:
    """
    Return everything the session decided, and a digest of the scores it decided on, as plain JSON.

    Only what never changes: numbers and keys, no names. Instants in UTC. The same rows give the same record for ever.
    """
    return {
        "round": plenary.round_id,
        "place": plenary.place,
        "opened_at": _instant(plenary.opened_at),
        "opened_by": plenary.opened_by_id,
        "members": plenary.members,
        "present": plenary.present,
        "minutes_number": plenary.minutes_number,
        "sealed_at": plenary.sealed_at and _instant(plenary.sealed_at),
        "sealed_by": plenary.sealed_by_id,
        "decisions": list(_decision_records(plenary)),
        # Only where there are names: a session sealed with numbers alone keeps its fingerprint.
        **_attendance_record(plenary),
    }


def fingerprint(record: dict[str, Any]) -> str:
    """SHA-256 of a record's canonical JSON: sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def _attendance_record(plenary: Plenary) -> dict[str, Any]:
    """Who sat in it from when to when, and who was out for which item, by key."""
    members = plenary.seats.prefetch_related("presences").order_by("person")
    if not members:
        return {}
    out = Absence.objects.filter(item__plenary=plenary).order_by("item", "member__person")
    return {
        "attendance": [
            [one.person_id, [[_instant(each.came_at), _end(each.left_at)] for each in one.presences.all()]]
            for one in members
        ],
        "absences": [
            [one.member.person_id, one.item.nomination.number, _instant(one.left_at), _end(one.returned_at)]
            for one in out.select_related("member", "item__nomination")
        ],
    }


def _end(instant: datetime | None) -> str | None:
    return _instant(instant) if instant else None


def _decision_records(plenary: Plenary) -> Iterator[dict[str, Any]]:
    rows = list(
        plenary.decisions.select_related("instrument", "nomination__assessment")
        .defer("instrument__definition")
        .order_by("nomination__number")
    )
    ids = [row.nomination.assessment.pk for row in rows if hasattr(row.nomination, "assessment")]
    scores, verified = {}, {}
    for one, _, sheets, verification in results.stored_for(ids):
        scores[one], verified[one] = fingerprint(sheets), verification
    for row in rows:
        assessment = getattr(row.nomination, "assessment", None)
        yield {
            "nomination": row.nomination.number,
            "instrument": f"{row.instrument.group_id} v{row.instrument.version}",
            "instrument_sha256": row.instrument.fingerprint,
            "scores_sha256": scores.get(assessment.pk, "") if assessment else "",
            "value": str(row.value),
            "computed_star": row.computed_star,
            "star": row.star,
            "maximum_star": row.maximum_star,
            "reason": row.reason,
            "recused": row.recused,
            "vote": None if row.in_favour is None else [row.in_favour, row.against, row.abstained],
            "recorded_at": _instant(row.recorded_at),
            "recorded_by": row.recorded_by_id,
            # Only where there is one: a session sealed without visits keeps its fingerprint.
            **(
                {"verification": verified[assessment.pk]}
                if assessment and verified.get(assessment.pk)
                else {}
            ),
        }


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


# --- What stands in the way ------------------------------------------------------------------------------------
def _recorded_meanwhile(there: Decision | None) -> str:
    if there is None:
        return "Keputusan yang tampil pada halaman Anda sudah tidak ada. Tidak ada yang berubah. Muat ulang halaman."
    return (
        f"{there.recorded_by.full_name} baru saja mencatat bintang {there.star} untuk usulan ini "
        f"({instant_for_reader(there.recorded_at)}). Keputusan Anda belum disimpan. Periksa lalu catat kembali bila perlu."
    )


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


def _refuse_a_vote_that_does_not_add_up(plenary: Plenary, recused: int, vote: Vote | None) -> None:
    voters = plenary.present - recused
    if voters < 1:
        raise Refused("nobody_votes", "Tidak ada anggota yang tinggal untuk memutus usulan ini.")
    if vote is not None and (min(vote.in_favour, vote.against, vote.abstained) < 0 or vote.cast != voters):
        raise Refused(
            "votes",
            f"Jumlah suara tidak cocok: setuju {vote.in_favour}, tidak setuju {vote.against}, abstain {vote.abstained} "
            f"berjumlah {vote.cast}, sedangkan yang memutus {voters}.",
        )
    if vote is not None and vote.against * 2 > voters:
        raise Refused(
            "outvoted",
            "Lebih dari setengah yang memutus tidak setuju, sehingga keputusan ini tidak dapat dicatat.",
        )


def _why_a_reason_is_needed(
    result: scoring.Result, star: int, vote: Vote | None, nomination: Nomination
) -> str:
    if star != result.star:
        return f"Keputusan (bintang {star}) berbeda dari hitungan (bintang {result.star}); alasan masuk berita acara."
    if vote is not None and vote.in_favour * 2 <= vote.cast:
        return "Suara setuju tidak lebih dari setengah; alasan ketua masuk berita acara."
    if Decision.objects.filter(nomination=nomination, plenary__sealed_at__isnull=False).exists():
        return "Usulan ini sudah diputus sidang sebelumnya; alasan koreksi masuk berita acara."
    return ""


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
