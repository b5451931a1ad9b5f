"""
The plenary: opened by the chair, decides star by star, and is sealed with a fingerprint over everything it decided.

Value and computed star are taken from the stored scores at the moment of the decision, and once more at the seal.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Person
from audit import history
from letters.wording import instant_for_reader
from nominations import lifecycle
from nominations.models import Nomination, NominationQuerySet, Round, State

from . import agenda, results, rules, scoring
from .models import REASON_AT_LEAST, Assessment, Decision, Plenary
from .models.instruments import canonical
from .refusals import NOT_YOURS, Refused

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
    round_: Round, *, members: int, present: int, place: str, by: Person, at: datetime
) -> Plenary:
    """
    Open the plenary of a round. members: how many have a vote; present: how many of them came.

    Below the quorum (floor(m/2) + 1) it opens, waits for those who are late, and decides nothing. Once results are
    published it is a session for what was called (agenda.py) and for nothing else.
    Raises Refused: not the chair, another session open, numbers that cannot be.
    """
    _chair_only(by)
    if not place.strip():
        raise Refused("place_missing", "Isi tempat sidang.")
    if not 1 <= members <= 999 or not 0 <= present <= members:
        raise Refused(
            "numbers",
            f"Anggota yang hadir ({present}) harus 0 sampai {members}, jumlah anggota yang berhak suara.",
        )
    try:
        with transaction.atomic():
            plenary = Plenary.objects.create(
                round=round_,
                place=place.strip(),
                opened_at=at,
                opened_by=by,
                members=members,
                present=present,
            )
    except IntegrityError as error:
        raise Refused(
            "already_open", f"Sidang pleno periode {round_.pk} sudah dibuka dan belum disegel."
        ) from error
    called = agenda.take(plenary)
    history.record(
        "open_plenary", plenary, by=by, at=at, round=round_.pk, members=members, present=present, called=called
    )  # fmt: skip
    return plenary


@transaction.atomic
def record_attendance(plenary: Plenary, *, present: int, by: Person, at: datetime) -> Plenary:
    """Write down that somebody came later or left. Raises Refused: not the chair, sealed, more than there are members."""
    _chair_only(by)
    plenary = _open_and_locked(plenary)
    if not 0 <= present <= plenary.members:
        raise Refused("numbers", f"Anggota yang hadir harus 0 sampai {plenary.members}.")
    plenary.present = present
    plenary.save(update_fields=["present"])
    history.record("plenary_attendance", plenary, by=by, at=at, present=present)
    return plenary


@transaction.atomic
def record_decision(
    plenary: Plenary,
    nomination: Nomination,
    *,
    star: int,
    reason: str = "",
    recused: int = 0,
    vote: Vote | None = None,
    seen: datetime | None = None,
    by: Person,
    at: datetime,
) -> Decision:
    """
    Record what the plenary decides for one nomination; while the session is open it can be recorded anew.

    star: 0 (none) to the most of the instrument's scheme. reason: needed, 30 characters, where it is not the computed
    star, where a vote has no majority, and where an earlier plenary had decided. seen: when the decision that the page
    showed was recorded (None for none), so that a second recorder overwrites nothing unseen.
    Raises Refused: not the chair, sealed, no quorum, not assessed, no star of the scheme, no reason, a vote that does
    not add up, recorded meanwhile, scores that cannot be computed.
    """
    _chair_only(by)
    lifecycle.lock([nomination.pk])
    nomination = Nomination.objects.select_related("round").get(pk=nomination.pk)
    plenary = _open_and_locked(plenary)
    if not plenary.has_quorum:
        raise Refused(
            "no_quorum",
            f"Sidang belum memenuhi kuorum: {plenary.present} dari {plenary.members} hadir, perlu {plenary.quorum}.",
        )
    if nomination.round_id != plenary.round_id:
        raise Refused("other_round", f"Usulan {nomination} bukan usulan periode {plenary.round_id}.")
    if not before(plenary).filter(pk=nomination.pk).exists():
        raise Refused("not_assessed", _not_before(plenary, nomination))
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
    _refuse_a_vote_that_does_not_add_up(plenary, recused, vote)
    if (why := _why_a_reason_is_needed(result, star, vote, nomination)) and len(reason) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"{why} Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    decision = there or Decision(plenary=plenary, nomination=nomination)
    decision.instrument = assessment.instrument
    decision.numerator, decision.denominator = result.value.numerator, result.value.denominator
    decision.computed_star, decision.star, decision.maximum_star = result.star, star, form.top_star
    decision.reason, decision.recused = reason[:REASON_TOO_LONG], recused
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
    _chair_only(by)
    lifecycle.lock(before(plenary).values_list("pk", flat=True))
    plenary = _open_and_locked(plenary)
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
    if waiting := list(undecided(plenary).order_by("number").values_list("number", flat=True)[:4]):
        count = undecided(plenary).count()
        more = ", dan lainnya" if count > 3 else ""
        raise Refused(
            "undecided",
            f"{count} usulan belum diputus: {', '.join(map(str, waiting[:3]))}{more}. Putuskan dahulu semuanya.",
        )
    _refuse_decisions_on_other_scores(plenary)
    plenary.minutes_number, plenary.sealed_at, plenary.sealed_by = minutes_number, at, by
    plenary.fingerprint = fingerprint(canonical_record(plenary))
    plenary.save()
    history.record(
        "seal_plenary", plenary, by=by, at=at, round=plenary.round_id, decisions=plenary.decisions.count(),
        fingerprint=plenary.fingerprint, minutes_number=minutes_number,
    )  # fmt: skip
    agenda.tell_what_stays(plenary, at=at)
    return plenary


# --- What is decided, and what is not --------------------------------------------------------------------------
def assessed(round_: Round | int) -> NominationQuerySet:
    """The nominations of a round that wait for the plenary."""
    return Nomination.objects.filter(round=round_, state=State.ASSESSED)


def before(plenary: Plenary) -> NominationQuerySet:
    """What an open session decides on: its agenda where it was called for one, else all of the round that is assessed."""
    return agenda.nominations_of(plenary) if plenary.is_called else assessed(plenary.round_id)


def undecided(plenary: Plenary) -> NominationQuerySet:
    """Those before it that neither this session nor (but for a called one) a sealed one has decided."""
    if plenary.is_called:
        return before(plenary).exclude(pk__in=plenary.decisions.values("nomination"))
    decided = Decision.objects.filter(plenary=plenary) | Decision.objects.filter(
        plenary__round=plenary.round_id, plenary__sealed_at__isnull=False
    )
    return assessed(plenary.round_id).exclude(pk__in=decided.values("nomination"))


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
    }


def fingerprint(record: dict[str, Any]) -> str:
    """SHA-256 of a record's canonical JSON: sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


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
def _chair_only(by: Person) -> None:
    if not rules.may_decide(by):
        raise Refused("not_yours", NOT_YOURS)


def _open_and_locked(plenary: Plenary) -> Plenary:
    plenary = Plenary.objects.select_for_update(of=("self",), no_key=True).get(pk=plenary.pk)
    if plenary.sealed_at is not None:
        raise Refused(
            "sealed",
            f"Sidang ini disegel {instant_for_reader(plenary.sealed_at)}. Koreksi hanya melalui sidang pleno baru.",
        )
    return plenary


def _not_before(plenary: Plenary, nomination: Nomination) -> str:
    if plenary.is_called:
        return f"Usulan {nomination} bukan acara sidang ini. Sidang ini hanya memutus usulan yang dipanggil Sekretariat."
    return f"Usulan {nomination} belum selesai dinilai, sehingga belum dapat diputus."


def _recorded_meanwhile(there: Decision | None) -> str:
    if there is None:
        return "Keputusan yang tampil pada halaman Anda sudah tidak ada. Tidak ada yang berubah. Muat ulang halaman."
    return (
        f"{there.recorded_by.full_name} baru saja mencatat bintang {there.star} untuk usulan ini "
        f"({instant_for_reader(there.recorded_at)}). Keputusan Anda belum disimpan. Periksa lalu catat kembali bila perlu."
    )


def _refuse_a_vote_that_does_not_add_up(plenary: Plenary, recused: int, vote: Vote | None) -> None:
    if not 0 <= recused <= plenary.present:
        raise Refused(
            "numbers", f"Yang meninggalkan sidang harus 0 sampai {plenary.present}, jumlah yang hadir."
        )
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
