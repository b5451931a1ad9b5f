"""
What a sealed session is held by: everything it decided as plain JSON, and the fingerprint over it. Only what never
changes: numbers and keys, no names. The same rows give the same record for ever.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from . import results
from .models import Absence, Plenary
from .models.instruments import canonical


def canonical_record(plenary: Plenary) -> dict[str, Any]:
    """
    Return everything the session decided, and a digest of the scores it decided on, as plain JSON.

    Instants in UTC.
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
    out = Absence.objects.standing().filter(item__plenary=plenary).order_by("item", "member__person")
    others = plenary.attendees.order_by("pk")
    return {
        "attendance": [
            [one.person_id, [[_instant(each.came_at), _end(each.left_at)] for each in one.presences.all()]]
            for one in members
        ],
        "absences": [
            [one.member.person_id, one.item.nomination.number, _instant(one.left_at), _end(one.returned_at)]
            for one in out.select_related("member", "item__nomination")
        ],
        # Only where there are any: a session of before keeps its fingerprint.
        **(
            {
                "others": [
                    [one.pk, one.seat, one.person_id, _instant(one.came_at), _end(one.left_at)]
                    for one in others
                ]
            }
            if others
            else {}
        ),
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
