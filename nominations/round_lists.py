"""The rounds as a list: where each stands, how the list is narrowed and sorted, and what of it is taken along."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Value, When

from files.exporting import Column

from .guards import when
from .lists import ListFilter, a_choice
from .models import Phase, Round

STANDS = {
    "berjalan": "Ada tahap yang berjalan",
    "mendatang": "Tahap berikut belum dibuka",
    "selesai": "Semua tahap selesai",
    "belum": "Belum dijadwalkan",
}


class RoundFilter(ListFilter):
    """Of the rounds of `listed`."""

    SORTS = {"periode": ("year",), "usulan": ("number",)}

    keadaan = a_choice("Keadaan", "stands", list(STANDS.items()))


def listed(*, at: datetime) -> QuerySet[Round]:
    """Every round with its phases, `number` (of nominations) and `stands` (one of STANDS, at this instant)."""
    phases = Phase.objects.filter(round=OuterRef("pk"))
    stands = Case(
        When(Exists(phases.filter(opens_at__lte=at, closes_at__gt=at)), then=Value("berjalan")),
        When(Exists(phases.filter(opens_at__gt=at)), then=Value("mendatang")),
        When(Exists(phases), then=Value("selesai")),
        default=Value("belum"),
    )
    counted = Round.objects.annotate(number=Count("nominations"), stands=stands)
    return counted.prefetch_related("phases")


def where_it_stands(phases: list[Phase], at: datetime) -> list[str]:
    """What runs and until when, a line for each phase; else what comes next, else since when all is over."""
    if not phases:
        return ["Belum dijadwalkan"]
    running_now = [phase for phase in phases if phase.holds(at)]
    if running_now:
        return [f"{phase.get_kind_display()} sampai {when(phase.closes_at)}" for phase in running_now]
    coming = [phase for phase in phases if phase.opens_at > at]
    if coming:
        return [f"{coming[0].get_kind_display()} dibuka {when(coming[0].opens_at)}"]
    return [f"Semua tahap selesai sejak {when(max(phase.closes_at for phase in phases))}"]


def columns(*, at: datetime) -> Sequence[Column]:
    """What is taken along of each round of `listed`."""
    return (
        ("Periode", lambda row: row.year),
        ("Tahap", lambda row: ", ".join(where_it_stands(list(row.phases.all()), at))),
        ("Usulan", lambda row: row.number),
        ("Data contoh", lambda row: "ya" if row.is_example else ""),
    )
