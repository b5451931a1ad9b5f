"""What would stand in the way of a decree's certificates, asked before the first of them is numbered."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from letters import numbering
from nominations.models import CommodityGroup

from . import certificate_drawing, certificate_page, certificates, designs, signing
from .certificate_text import Unprintable
from .models import Award, Certificate, Decree, LateCertificates

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
    return not_to_be_made(papers_of(decree, number=number, on=on, signatory_name=signatory_name))


def not_to_be_made(
    papers: Iterable[tuple[dict[str, Any], Certificate]], *, late: LateCertificates | None = None
) -> tuple[str, str] | None:
    """Return (code, sentence) where one of these papers cannot be printed, or the round's own design does not draw."""
    papers = list(papers)
    return _refusal_of(_unprintable(papers, late=late)) or _undrawn(papers, late=late)


def _undrawn(
    papers: list[tuple[dict[str, Any], Certificate]], *, late: LateCertificates | None
) -> tuple[str, str] | None:
    """
    Return (code, sentence) where the round's own design does not draw; the one with the longest name is tried.

    The look that the portal ships needs no trial here.
    """
    drawn = [certificates.facts(paper, late=late) for _, paper in papers if paper.design is not None]
    if not drawn:
        return None
    try:
        certificate_drawing.drawn(max(drawn, key=lambda one: len(one.ikm_name)))
    except Unprintable as problem:
        return (
            "design_not_drawn",
            f"Piagam dengan rupa periode ini tidak dapat digambar, jadi belum ada yang dinomori. {problem.for_reader}",
        )
    return None


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


def papers_to_look_at(decree: Decree, *, at: datetime) -> list[Certificate]:
    """
    The papers that this decree brings about, not saved, with what is not known yet in its place: for a preview.

    None of a decree that only revokes.
    """
    if decree.kind == Decree.Kind.REVOKING:
        return []
    drawn = papers_of(
        decree,
        number=decree.number or f"000 TAHUN {decree.round_id}",
        on=decree.date or timezone.localdate(at),
        # What the archive does not say is said by the decision that issues the papers (late_certificates.py).
        signatory_name=("" if decree.is_taken_over else decree.signatory_name) or "NAMA PEJABAT",
    )
    return [paper for _, paper in drawn]


def papers_of(
    decree: Decree, *, number: str, on: date, signatory_name: str
) -> Iterator[tuple[dict[str, Any], Certificate]]:
    """Each row of the annex that a paper comes of, with the paper as it would be; nothing is saved."""
    groups = CommodityGroup.objects.in_bulk({row["group"] for row in decree.annex})
    design = designs.current(decree.round_id)
    as_issued = Decree(
        round=decree.round,
        level=decree.level,
        place=decree.place,
        signatory_office=decree.signatory_office or "Jabatan penanda tangan",
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
        number_to_come = numbering.certificate_number(decree.round_id, row["position"])
        yield row, Certificate(award=award, number=number_to_come, code="0" * 16, design=design)


def _unprintable(
    papers: list[tuple[dict[str, Any], Certificate]], *, late: LateCertificates | None
) -> list[str]:
    """Which of these papers could not be printed, each with its place, its name and why."""
    found = []
    for row, paper in papers:
        try:
            certificate_page.check(certificates.facts(paper, late=late))
        except Unprintable as problem:
            found.append(f"Nomor urut {row['position']}, {row['ikm_name']}: {problem.for_reader}")
    return found


def _refusal_of(found: list[str]) -> tuple[str, str] | None:
    """(code, sentence for the reader) of what `_unprintable` found, else None."""
    if not found:
        return None
    named = " ".join(found[:_NAMED_AT_MOST])
    more = f" Dan {rest} lagi." if (rest := len(found) - _NAMED_AT_MOST) > 0 else ""
    return (
        "unprintable",
        f"{len(found)} piagam tidak dapat dicetak, jadi belum ada yang dinomori. {named}{more}",
    )
