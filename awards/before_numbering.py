"""What would stand in the way of a decree's certificates, asked before the first of them is numbered."""

from datetime import date, datetime
from typing import Any

from letters import numbering
from nominations.models import CommodityGroup

from . import certificate_page, certificates, signing
from .certificate_text import Unprintable
from .models import Award, Certificate, Decree

_NAMED_AT_MOST = 5


def obstacle(
    decree: Decree, *, number: str, on: date, signatory_name: str, at: datetime
) -> tuple[str, str] | None:
    """
    Return (code, sentence for the reader) where a certificate could not be made or signed, else None.

    Nothing could be signed now; a row of the annex that cannot be printed, each named with its place and reason.
    """
    if found := unsigned(at=at):
        return found
    unprintable = list(_unprintable(decree, number=number, on=on, signatory_name=signatory_name))
    if not unprintable:
        return None
    named = " ".join(unprintable[:_NAMED_AT_MOST])
    more = f" Dan {rest} lagi." if (rest := len(unprintable) - _NAMED_AT_MOST) > 0 else ""
    return (
        "unprintable",
        f"{len(unprintable)} piagam tidak dapat dicetak, jadi belum ada yang dinomori. {named}{more}",
    )


def unsigned(*, at: datetime) -> tuple[str, str] | None:
    """Return (code, sentence) where nothing could be signed now, else None."""
    try:
        signing.make_ready(at=at)
    except signing.CannotSign as problem:
        return problem.code, problem.for_reader
    return None


def obstacle_to_reissue(paper: Certificate, *, at: datetime) -> tuple[str, str] | None:
    """Return (code, sentence) where this paper, not saved yet, could not be signed or printed, else None."""
    if found := unsigned(at=at):
        return found
    try:
        certificate_page.check(certificates.facts(paper))
    except Unprintable as problem:
        return (
            "unprintable",
            f"Piagam baru tidak dapat dicetak, jadi piagam lama tetap berlaku. {problem.for_reader}",
        )
    return None


def _unprintable(decree: Decree, *, number: str, on: date, signatory_name: str) -> Any:
    groups = CommodityGroup.objects.in_bulk({row["group"] for row in decree.annex})
    as_issued = Decree(
        round=decree.round,
        level=decree.level,
        place=decree.place,
        signatory_office=decree.signatory_office,
        number=number.strip(),
        date=on,
        signatory_name=signatory_name.strip(),
    )
    for row in decree.annex:
        if not row["star"]:
            continue  # the end of an award: no paper comes of it
        award = Award(
            decree=as_issued,
            star=row["star"],
            maximum_star=row["maximum_star"],
            ikm_name=row["ikm_name"],
            product_name=row["product_name"],
            group=groups[row["group"]],
            group_name=row["group_name"],
            regency_id=row["regency"],
            regency_name=row["regency_name"],
            province_name=row["province_name"],
        )
        drawn = Certificate(
            award=award,
            number=numbering.certificate_number(decree.round_id, row["position"]),
            code="0" * 16,
        )
        try:
            certificate_page.check(certificates.facts(drawn))
        except Unprintable as problem:
            yield f"Nomor urut {row['position']}, {row['ikm_name']}: {problem.for_reader}"
