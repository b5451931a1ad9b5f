"""The panels of a round as a list: how it is narrowed and sorted, and what of it is taken along. No scores here."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django_filters import ChoiceFilter

from accounts.models import Person
from files.exporting import Column
from nominations.lists import ListFilter, a_choice, a_search
from nominations.models import Nomination, NominationQuerySet, Round, State

from . import panels, rules, tied_sheets
from .models import Assignment, PanelSize

# What waits for the secretariat first, then by group and number.
USUAL = ("standing_place", "product__group__position", "number", "pk")
_IKM = "product__ikm"


class PanelFilter(ListFilter):
    """Of the nominations of `listed`. The period chooses the list itself: it narrows nothing, and is always chosen."""

    SEARCHED = (f"{_IKM}__name", "product__name", "number")
    SORTS = {
        "usulan": (f"{_IKM}__sort_name",),
        "komoditas": ("product__group__position",),
        "daerah": (f"{_IKM}__regency__province", f"{_IKM}__regency"),
        "panel": ("standing_place", "seated"),
    }

    q = a_search("IKM, produk, atau nomor usulan")
    komoditas = a_choice("Komoditas", "product__group")
    keadaan = a_choice("Keadaan panel", "standing_name", list(panels.STATES.items()))
    periode = ChoiceFilter(label="Periode", method="is_the_list", empty_label=None)

    def is_the_list(self, queryset: Any, name: str, value: str) -> Any:
        return queryset

    def in_use(self) -> dict[str, Any]:
        return {name: value for name, value in super().in_use().items() if name != "periode"}


def listed(person: Person, round_: Round) -> NominationQuerySet:
    """
    What of this round passed screening and this person may see, each with `seated` (how many sit on its panel),
    `panel_size`, `standing_name` (one of panels.STATES) and `standing_place` (its place among them).
    """
    seats = (
        Assignment.objects.active()
        .filter(assessment__nomination=OuterRef("pk"))
        .order_by()
        .values("assessment__nomination")
        .annotate(count=Count("pk"))
        .values("count")
    )
    chosen = PanelSize.objects.filter(round=OuterRef("round")).order_by("-pk")
    passed = Nomination.objects.visible_to(person).filter(pk__in=panels.passed(round_).values("pk"))
    counted = passed.annotate(
        seated=Coalesce(Subquery(seats), 0),
        panel_size=Coalesce("assessment__size", Subquery(chosen.values("size")[:1]), Value(rules.PANEL_SIZE)),
    )
    return counted.annotate(
        standing_name=_standing({state: state for state in panels.STATES}),
        standing_place=_standing({state: place for place, state in enumerate(panels.STATES)}),
    )


def summary(person: Person, round_: Round) -> panels.Summary:
    """How many of `listed` stand in each state, in one question."""
    found: Any = listed(person, round_)
    counts = found.order_by().values_list("standing_name").annotate(count=Count("pk"))
    return panels.Summary(dict.fromkeys(panels.STATES, 0) | dict(counts))


def _standing(values: dict[str, Any]) -> Case:
    """In which of panels.STATES it is, told by these values."""
    return Case(
        When(~Q(state=State.ELIGIBLE), then=Value(values["selesai"])),
        When(seated=0, then=Value(values["tanpa"])),
        When(seated__lt=F("panel_size"), then=Value(values["kurang"])),
        default=Value(values["berjalan"]),
    )


def open_seats(nomination: Any) -> int:
    """Seats that can still be given; none once the nomination is assessed. Of a nomination of `listed`."""
    seats: int = nomination.panel_size - nomination.seated
    return 0 if nomination.standing_name == "selesai" else max(seats, 0)


def with_members(nominations: NominationQuerySet) -> NominationQuerySet:
    """Each with its assessment and who was assigned and not replaced as `assessment.members`, for `members`."""
    assigned = (
        tied_sheets.marked(Assignment.objects.filter(removed_at=None))
        .select_related("assessor", "office", "assessment")
        .order_by("pk")
    )
    return nominations.with_names().prefetch_related(
        Prefetch("assessment__assignments", queryset=assigned, to_attr="members")
    )


def members(nomination: Nomination) -> Iterable[Assignment]:
    """Who sits on the panel of a nomination of `with_members`, in the order of assignment."""
    assessment: Any = getattr(nomination, "assessment", None)
    return assessment.members if assessment else []


COLUMNS: Sequence[Column] = (
    ("Nomor usulan", lambda row: row.number),
    ("IKM", lambda row: row.product.ikm.name),
    ("Produk", lambda row: row.product.name),
    ("Kelompok komoditas", lambda row: row.product.group.name),
    ("Kabupaten/kota", lambda row: row.regency.full_name),
    ("Panel", lambda row: panels.STATES[row.standing_name]),
    ("Kursi kosong", open_seats),
    (
        "Penilai",
        lambda row: "; ".join(
            f"{one.assessor.full_name} ({panels.step_of(one).text})" for one in members(row)
        ),
    ),
)
