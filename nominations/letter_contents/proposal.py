"""Surat usulan dinas: the nominations of one office from one kabupaten/kota in a round (documents.md 1)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from accounts.models import Office
from letters import kinds
from regions.models import Regency

from .. import completeness, copies
from ..guards import Refused
from ..models import CommodityGroup, Nomination, Round, State, Submission

# The letter itself is one of the documents that a nomination is sent with: it is written before that.
_THIS_LETTER = "dokumen.surat_usulan"
_OUT = (State.WITHDRAWN, State.LAPSED)


def proposal(
    office: Office, round_: Round, regency: Regency, *, invitation: kinds.Invitation | None
) -> kinds.Proposal:
    """
    The proposal of an office: what it sent, and drafts that lack nothing but this letter; withdrawn and lapsed ones
    are out. Sorted by commodity, then name. Raises Refused where there is none.
    """
    nominations = _proposed(office, round_, regency)
    if not nominations:
        raise Refused(
            "nothing_to_propose",
            f"Belum ada usulan {regency.full_name} periode {round_.pk} yang sudah dikirim atau siap dikirim.",
        )
    contents = _contents(nominations)
    rows = tuple(_row(nomination, contents[nomination.pk]) for nomination in nominations)
    counted = Counter(row.commodity for row in rows)
    groups = CommodityGroup.objects.filter(is_active=True) | CommodityGroup.objects.filter(
        name__in=list(counted)
    )
    content = kinds.Proposal(
        year=round_.pk,
        regency=regency.full_name,
        regional_head=regional_head(regency),
        province_office=_province_office(regency),
        nominations=len(nominations),
        sentra_count=len({row.sentra for row in rows}),
        per_commodity=tuple(
            kinds.Count(name, counted[name])
            for name in groups.distinct().order_by("position", "code").values_list("name", flat=True)
        ),
        rows=rows,
        invitation=invitation,
    )
    return kinds.in_order(content)


def regional_head(regency: Regency) -> str:
    """ "Bupati Garut", "Wali Kota Bandung"."""
    return f"{'Bupati' if regency.kind == Regency.Kind.KABUPATEN else 'Wali Kota'} {regency.name}"


def province_office_of(regency: Regency) -> Office | None:
    return (
        Office.objects.filter(kind=Office.Kind.PROVINCE, province=regency.province_id)
        .order_by("code")
        .first()
    )


def _province_office(regency: Regency) -> str:
    found = province_office_of(regency)
    return found.name if found else f"dinas yang membidangi perindustrian Provinsi {regency.province.name}"


def _proposed(office: Office, round_: Round, regency: Regency) -> list[Nomination]:
    of_the_office = (
        Nomination.objects.filter(office=office, round=round_, product__ikm__regency=regency)
        .exclude(state__in=_OUT)
        .with_names()
        .select_related("product__ikm__sentra")
        .order_by("pk")
    )
    found = list(of_the_office)
    missing = completeness.missing_in([one for one in found if one.state == State.DRAFT])
    return [
        one
        for one in found
        if one.state != State.DRAFT or all(item.field == _THIS_LETTER for item in missing[one.pk])
    ]


def _contents(nominations: Iterable[Nomination]) -> dict[int, dict[str, Any]]:
    """The copy as last submitted of each; of a draft what it says now."""
    found = {
        submission.nomination_id: submission.content
        for submission in Submission.objects.filter(nomination__in=[one.pk for one in nominations])
        .order_by("nomination_id", "-sequence")
        .distinct("nomination_id")
    }
    return {one.pk: found.get(one.pk) or copies.content_of(one) for one in nominations}


def _row(nomination: Nomination, content: dict[str, Any]) -> kinds.ProposalRow:
    ikm, sentra = content["ikm"], content["sentra"] or {}
    return kinds.ProposalRow(
        number=nomination.number or "",
        ikm=ikm["name"],
        product=content["product"]["name"],
        commodity=nomination.product.group.name,
        sentra=sentra.get("name") or "",
        sentra_decree=sentra.get("decree_number") or "",
        village=ikm["village"],
        district=ikm["district"],
        regency=ikm["regency_name"],
        nib=ikm["nib"] or "",
    )
