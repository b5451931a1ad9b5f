"""
Explanations of results: drafted from the scores (explaining.py), edited and released by the secretariat, read by the
nominating office after the publication. No score of a single assessor and no name stands in them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from accounts.models import Person
from audit import history
from letters.mails import holds_personal_number
from letters.wording import number_id
from nominations import lifecycle, objections
from nominations.models import Nomination, Round

from . import explaining, instruments, results, rules
from .models import Assessment, Explanation
from .refusals import NOT_YOURS, Refused

TEXT_AT_MOST = 8000


@transaction.atomic
def draft(assessment: Assessment, *, by: Person, at: datetime) -> Explanation:
    """
    Draft the explanation of a decided nomination; the one that is there is returned as it is.

    Raises Refused: not your right, or no sealed plenary has decided on it.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    lifecycle.lock([assessment.nomination_id])
    there = Explanation.objects.filter(assessment=assessment).first()
    if there is not None:
        return there
    decision = (
        assessment.nomination.decisions.filter(plenary__sealed_at__isnull=False)
        .order_by("-plenary__sealed_at", "-pk")
        .first()
    )
    if decision is None:
        raise Refused(
            "not_decided", "Penjelasan disusun setelah sidang pleno yang memutus usulan ini disegel."
        )
    facts = facts_of(assessment) | {"star": decision.star}
    made = Explanation.objects.create(
        assessment=assessment, facts=facts, text=first_words(facts), drafted_at=at, drafted_by=by
    )
    history.record("draft_explanation", made, by=by, at=at, nomination=assessment.nomination_id)
    return made


@transaction.atomic
def save(explanation: Explanation, *, text: str, version: int, by: Person, at: datetime) -> Explanation:
    """Store a person's words. Raises Refused: not your right, released, saved by another meanwhile, empty, personal."""
    row = _locked(explanation, by)
    if row.version != version:
        raise Refused(
            "overtaken",
            "Rekan Anda baru saja mengubah penjelasan ini. Tulisan Anda belum disimpan; salin dari bawah.",
        )
    _refuse_words(text)
    if text.strip() == row.text:
        return row
    row.text, row.version = text.strip(), row.version + 1
    row.save(update_fields=["text", "version"])
    history.record("change_explanation", row, by=by, at=at, version=row.version)
    return row


@transaction.atomic
def release(explanation: Explanation, *, version: int, by: Person, at: datetime) -> Explanation:
    """
    Let the nominating office read it, for good.

    Raises Refused as `save`, and before the result is published: nothing leaks early.
    """
    row = _locked(explanation, by)
    if row.version != version:
        raise Refused("overtaken", "Penjelasan ini berubah sejak Anda membacanya. Baca lagi, lalu lepas.")
    if objections.announcement(row.assessment.nomination) is None:
        raise Refused(
            "not_published", "Hasil belum diumumkan. Penjelasan dapat dilepas sejak hasil diumumkan."
        )
    row.released_at, row.released_by = at, by
    row.save(update_fields=["released_at", "released_by"])
    history.record(
        "release_explanation", row, by=by, at=at, nomination=row.assessment.nomination_id, version=row.version
    )
    return row


def facts_of(assessment: Assessment) -> dict[str, Any]:
    """What explains the value, as plain JSON with exact fractions as text; the group is that of round and version."""
    instrument = assessment.instrument
    group = Assessment.objects.filter(
        nomination__round=assessment.nomination.round_id, instrument=instrument, completed_at__isnull=False
    )
    stored = {
        key: (sheets, verification)
        for key, _, sheets, verification in results.stored_for(
            group.order_by("pk").values_list("pk", flat=True)
        )
    }
    sheets, verification = stored[assessment.pk]
    found = explaining.explain(
        instrument.parsed(), sheets, [panel for panel, _ in stored.values()], verification
    )
    names = {line["code"]: line["name"] for line in instruments.lines(instrument.definition)}
    parts = {part["code"]: part["name"] for part in instrument.definition["parts"]}
    return {
        "instrument": f"{instrument.name}, versi {instrument.version}",
        "group": len(stored),
        "value": str(found.value),
        "computed_star": found.star,
        "maximum_star": instrument.parsed().top_star,
        "parts": [
            {
                "code": part.code,
                "name": parts.get(part.code, part.code),
                "points": str(part.points),
                "maximum": str(part.maximum),
                "median": str(part.median),
            }
            for part in found.parts
        ],
        "strong": _named(found.strong, names),
        "weak": _named(found.weak, names),
        "next_star": found.next_star,
        "gap": None if found.gap is None else str(found.gap),
        "lifts": [
            {"code": lift.code, "name": names.get(lift.code, lift.code), "points": str(lift.points)}
            for lift in found.lifts
        ],
    }


def first_words(facts: Mapping[str, Any]) -> str:
    """A first text in plain words, made from the facts; somebody reads and rewrites it before it is released."""
    lines = [
        f"Nilai {_figure(facts['value'])} dari 100 menurut {facts['instrument']}, "
        f"dibandingkan dengan {facts['group']} usulan pada kelompok yang sama."
    ]
    if facts["strong"]:
        lines.append(f"Yang kuat: {_list(facts['strong'])}.")
    if facts["weak"]:
        lines.append(f"Yang masih lemah: {_list(facts['weak'])}.")
    if facts["next_star"]:
        lines.append(
            f"Kurang {_figure(facts['gap'])} poin ke bintang {facts['next_star']}. Yang paling membantu: "
            f"{_list(facts['lifts'])}."
        )
    return "\n\n".join(lines)


def waiting_in(round_: Round) -> Any:
    """The assessments of a round that a sealed plenary decided, each with its explanation where there is one."""
    return (
        Assessment.objects.filter(
            nomination__round=round_, nomination__decisions__plenary__sealed_at__isnull=False
        )
        .select_related("explanation", "nomination__product__ikm__regency", "nomination__product__group")
        .order_by("nomination__product__group__position", "nomination__number")
        .distinct()
    )


def released_for(nomination: Nomination, person: Person) -> Explanation | None:
    """The released explanation of a nomination, where this person may read it."""
    return (
        Explanation.objects.visible_to(person)
        .filter(assessment__nomination=nomination, released_at__isnull=False)
        .select_related("assessment__nomination")
        .first()
    )


def _locked(explanation: Explanation, by: Person) -> Explanation:
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    row = (
        Explanation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("assessment__nomination__round")
        .get(pk=explanation.pk)
    )
    if row.released_at is not None:
        raise Refused("released", "Penjelasan ini sudah dilepas dan tidak berubah lagi.")
    return row


def _refuse_words(text: str) -> None:
    if not text.strip():
        raise Refused("empty", "Tuliskan penjelasannya.")
    if len(text.strip()) > TEXT_AT_MOST:
        raise Refused("too_long", f"Penjelasan paling panjang {TEXT_AT_MOST} huruf.")
    if holds_personal_number(text):
        raise Refused(
            "personal_number", "Penjelasan memuat deretan angka seperti NIK atau NPWP. Hapus nomor itu."
        )


def _named(shares: Sequence[explaining.Share], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "code": share.code,
            "name": names.get(share.code, share.code),
            "score": str(share.score),
            "maximum": share.maximum,
        }
        for share in shares
    ]


def _figure(exact: str) -> str:
    return number_id(Fraction(exact), 2)


def _list(items: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(str(item["name"]).lower() for item in items)
