"""
Whether the scores of a round's awarded are open to everyone, and the file from which anyone computes the stars again:
/data/<tahun>/penilaian.json, read by `python -m assessment.scoring`.

Only of the awarded, assessors as p1 … pk shuffled for each, after the time for objections, where the signatory decided it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from assessment import calculation
from assessment.models import Assessment
from audit import history
from letters import workdays

from .change_models import OpenedFigures
from .decrees import Refused
from .models import Award, Decree


def may_open_from(decree: Decree) -> datetime | None:
    """When the time for objections to this published decree is over; None before its publication."""
    if decree.published_at is None:
        return None
    return workdays.end_of_workday(decree.published_at, decree.round.objection_days)


@dataclass(frozen=True)
class Figures:
    """What the page of a decree says of its figures: whether they are open, and whether this reader may open them now."""

    are_open: bool
    may_open: bool


def figures_of(decree: Decree, *, reader: Person, at: datetime) -> Figures:
    if decree.kind != Decree.Kind.ESTABLISHING or decree.plenary_id is None:
        return Figures(are_open=False, may_open=False)
    opens, are_open = may_open_from(decree), is_open(decree.round_id)
    may = not are_open and opens is not None and at > opens and reader.may(Right.SIGN_DECREE)
    return Figures(are_open=are_open, may_open=may)


def is_open(year: int) -> bool:
    return OpenedFigures.objects.filter(round=year).exists()


@transaction.atomic
def open_to_everyone(decree: Decree, *, by: Person, at: datetime) -> OpenedFigures:
    """
    Decide that the scores of the round's awarded are published. Raises Refused: not the signatory, not an establishing
    decree, before the end of the time for objections, decided already.
    """
    decree = Decree.objects.select_for_update(of=("self",)).select_related("round").get(pk=decree.pk)
    if not by.may(Right.SIGN_DECREE):
        raise Refused("not_yours", "Hanya pejabat penetap yang membuka angka penilaian.")
    is_assessed_here = decree.kind == Decree.Kind.ESTABLISHING and decree.plenary_id is not None
    opens = may_open_from(decree) if is_assessed_here else None
    if opens is None or at <= opens:
        raise Refused(
            "too_early", "Angka penilaian dapat dibuka setelah hasil diumumkan dan masa sanggah berakhir."
        )
    if is_open(decree.round_id):
        raise Refused("opened_already", "Angka penilaian periode ini sudah dibuka.")
    opened = OpenedFigures.objects.create(round=decree.round, by=by, at=at)
    history.record("open_figures", decree, by=by, at=at)
    return opened


def entries(year: int) -> list[dict[str, Any]] | None:
    """One entry for each award of the round that stands, named by its slug; None where they are not open."""
    if not is_open(year):
        return None
    awards = (
        Award.objects.published().filter(decree__round=year, star_in_force__gt=0).order_by("position", "pk")
    )
    slugs = {award.nomination_id: award.slug for award in awards if award.nomination_id}
    assessments = list(
        Assessment.objects.filter(nomination__in=slugs, completed_at__isnull=False)
        .select_related("instrument")
        .order_by("pk")
    )
    return calculation.entries_of(
        assessments, named={one.pk: slugs[one.nomination_id] for one in assessments}
    )
