"""What the partials of templates/partials compute; pages include the partials and rarely need this library itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from letters import wording

from .ovop import angka, as_zone, hari_tanggal, in_english

register = template.Library()


# --- Forms -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FormError:
    """One message and the id of the control it is about ("" for the form as a whole)."""

    text: str
    target: str


@register.filter
def listed_errors(form: BaseForm | BaseFormSet) -> list[FormError]:
    """All errors of a form or formset in the order of its fields, those of the whole form first."""
    if isinstance(form, BaseFormSet):
        whole = [FormError(str(text), "") for text in form.non_form_errors()]
        return whole + [error for one in form.forms for error in listed_errors(one)]
    found = [FormError(str(text), "") for text in form.non_field_errors()]
    for bound in form:
        found += [
            FormError(_with_its_name(str(text), str(bound.label)), _target(bound)) for text in bound.errors
        ]
    return found


def _with_its_name(text: str, label: str) -> str:
    """In a list a message stands without its question: it names it, unless it does already."""
    if label.lower() in text.lower():
        return text
    return f"{label} {text}" if label.endswith("?") else f"{label}: {text}"


def _target(bound: BoundField) -> str:
    """The id of the first control of a field: groups of radio buttons have no control with the field's own id."""
    return bound.id_for_label or (f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else bound.auto_id)


@register.simple_tag
def error_title(errors: list[FormError]) -> str:
    """Return "Ada 2 isian yang perlu diperbaiki."; where no single answer is at fault, that it did not work."""
    count = sum(1 for error in errors if error.target)
    if not count:
        return _("Belum dapat dilanjutkan.")
    return ngettext(
        "Ada %(n)s isian yang perlu diperbaiki.", "Ada %(n)s isian yang perlu diperbaiki.", count
    ) % {"n": count}


# --- States ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Badge:
    text: str
    tone: str
    icon: str


ICONS = {"netral": "i-ring", "info": "i-clock", "hati": "i-warning", "baik": "i-check", "galat": "i-error"}
# The tone of each state of a nomination (nominations.models.State has the words): whose turn it is, not how good.
TONES = {
    "draft": "netral",
    "submitted": "info",
    "returned": "hati",
    "not_endorsed": "netral",
    "endorsed": "info",
    "eligible": "baik",
    "ineligible": "netral",
    "assessed": "info",
    "awarded": "baik",
    "not_awarded": "netral",
    "withdrawn": "netral",
    "lapsed": "netral",
}
TASK_STATES = {
    "done": ("", gettext_lazy("Lengkap")),
    "partial": ("info", gettext_lazy("Belum lengkap")),
    "empty": ("info", gettext_lazy("Belum diisi")),
    "returned": ("hati", gettext_lazy("Perlu perbaikan")),
    "locked": ("muted", gettext_lazy("Belum dapat dimulai")),
    "current": ("info", gettext_lazy("Sedang dikerjakan")),
}


@register.simple_tag
def badge(state: Any, tone: str = "", icon: str = "") -> Badge:
    """
    Return text, tone and icon of a state: a code of nominations.models.State, or the words to show themselves.

    Unknown words are shown as they are, in the neutral tone unless one is given.
    """
    from nominations.models import State

    code = str(getattr(state, "value", state))
    text = str(State(code).label) if code in State.values else str(state)
    chosen = tone or TONES.get(code, "netral")
    return Badge(text, chosen, icon or ICONS.get(chosen, "i-ring"))


@register.simple_tag
def task_state(state: str, text: str = "") -> Badge:
    """Return how a task's state is written; `text` says more ("Perlu perbaikan: 3 catatan") and takes its place."""
    tone, words = TASK_STATES[state]
    return Badge(text or str(words), tone, "i-warning" if tone == "hati" else "i-ring")


SAVE_STATES = {
    "idle": ("netral", "", ""),
    "saving": ("netral", "i-clock", gettext_lazy("Menyimpan…")),
    "saved": ("baik", "i-check", gettext_lazy("Tersimpan")),
    "device": ("hati", "i-device", gettext_lazy("Tersimpan di perangkat ini, belum terkirim")),
    "failed": ("galat", "i-error", gettext_lazy("Belum tersimpan. Isian Anda masih ada di halaman ini.")),
}
FILE_STATES = {
    "waiting": ("netral", gettext_lazy("Menunggu giliran")),
    "sending": ("info", gettext_lazy("Mengirim")),
    "stopped": ("hati", gettext_lazy("Unggahan berhenti")),
    "checking": ("info", gettext_lazy("Sedang diperiksa")),
    "accepted": ("baik", gettext_lazy("Diterima")),
    "refused": ("galat", gettext_lazy("Ditolak")),
}


@register.simple_tag
def save_words(state: str) -> Badge:
    tone, icon, text = SAVE_STATES[state]
    return Badge(str(text), tone, icon)


@register.simple_tag
def file_state(state: str) -> Badge:
    tone, text = FILE_STATES[state]
    return Badge(str(text), tone, ICONS[tone])


# --- Stars, exact numbers, deadlines ---------------------------------------------------------------------------
@register.simple_tag
def star_row(earned: int, maximum: int) -> list[bool]:
    """One entry for each star of the scheme, true where it is earned."""
    if not 0 <= int(earned) <= int(maximum):
        raise ValueError(f"{earned} of {maximum} is no star of a scheme")
    return [place < int(earned) for place in range(int(maximum))]


@register.simple_tag
def exact_words(fraction: Fraction | int, places: int | str = 2) -> dict[str, str]:
    """Return {rounded, exact}: exact is "" where the rounded figure is the whole truth; places "" stands for 2."""
    value, places = Fraction(fraction), 2 if places == "" else int(places)
    is_whole_truth = (value * 10**places).denominator == 1
    exact = "" if is_whole_truth else f"{value.numerator}/{value.denominator}"
    return {"rounded": angka(value, places), "exact": exact}


@dataclass(frozen=True)
class Deadline:
    day: str
    elsewhere: str
    remaining: str
    is_past: bool
    iso: str


@register.simple_tag
def deadline_words(
    instant: datetime, viewer_zone: str | tzinfo | None = None, at: datetime | None = None
) -> Deadline:
    """
    Return "Jumat, 13 Maret 2026 pukul 23.59 WIB", the reader's own clock beside it, and what is left at `at` (now).

    Whole units are counted, so that never more is promised than there is: "Sisa 4 hari", then hours, then minutes.
    """
    at = at or timezone.now()
    zone = as_zone(viewer_zone)
    local = instant.astimezone(zone)
    elsewhere = ""
    if local.utcoffset() != instant.astimezone(wording.WIB).utcoffset():
        weekday = f"{local:%A}" if in_english() else wording.DAYS[local.weekday()]
        elsewhere = f"{weekday} {_clock(instant, zone)}"
    day = f"{hari_tanggal(instant)} {_clock(instant, wording.WIB)}"
    return Deadline(day, elsewhere, _remaining(instant - at), at >= instant, instant.isoformat())


def _clock(instant: datetime, zone: tzinfo) -> str:
    if in_english():
        return f"at {instant.astimezone(zone):%H:%M} {wording.zone_name(zone, instant)}"
    return wording.clock(instant, zone)


def _remaining(left: timedelta) -> str:
    if left <= timedelta(0):
        return ""
    if left >= timedelta(days=2):
        return _("Sisa %(n)s hari") % {"n": left.days}
    if left >= timedelta(hours=1):
        return _("Sisa %(n)s jam") % {"n": left // timedelta(hours=1)}
    return _("Sisa %(n)s menit") % {"n": max(left // timedelta(minutes=1), 1)}


# --- Tables and pages ----------------------------------------------------------------------------------------
@register.simple_tag
def sort_link(query: Any, key: str, sort: Mapping[str, Any] | None) -> dict[str, str]:
    """
    Return {url, aria} of a column's heading: sorted by it, the other way round where it is sorted by it already.

    sort: {"key": "nama", "descending": False, "parameter": "urut"}; a descending key is written "-nama". The rest of
    the address stays; the page number goes, because another order has other pages.
    """
    now = sort or {}
    descending = bool(now.get("descending")) if now.get("key") == key else None
    parameter = str(now.get("parameter", "urut"))
    url = _with(query, {parameter: f"-{key}" if descending is False else key, "halaman": None})
    return {"url": url, "aria": {True: "descending", False: "ascending", None: ""}[descending]}


@register.simple_tag
def page_links(page: int, pages: int, query: Any = None, parameter: str = "halaman") -> list[dict[str, Any]]:
    """
    Return the links of a pager: first, last, and the neighbours of this page; None stands for a gap.

    Each {number, url, current}.
    """
    shown = sorted({1, pages} | {number for number in range(page - 1, page + 2) if 1 <= number <= pages})
    links: list[dict[str, Any]] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            links.append({"number": None})
        links.append({"number": number, "url": page_url(query, number, parameter), "current": number == page})
    return links


@register.simple_tag
def page_url(query: Any, number: int, parameter: str = "halaman") -> str:
    return _with(query, {parameter: number if number > 1 else None})


@register.simple_tag
def page_bounds(page: int, per_page: int, total: int) -> dict[str, str]:
    """Return {first, last} of the rows on a page, as figures."""
    first = (page - 1) * per_page + 1 if total else 0
    return {"first": angka(first), "last": angka(min(page * per_page, total)), "total": angka(total)}


def _with(query: Any, changes: Mapping[str, Any]) -> str:
    """Return "?…" with some parameters of a QueryDict set, or taken away where the value is None."""
    fresh = query.copy() if isinstance(query, QueryDict) else QueryDict(str(query or ""), mutable=True)
    for name, value in changes.items():
        fresh.pop(name, None)
        if value is not None:
            fresh[name] = str(value)
    return f"?{fresh.urlencode()}"


@register.filter
def as_cell(cell: Any, column: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """
    A cell of data_table as a dict: a plain value becomes {"text": value}; None is an empty cell.

    In a numeric column whole and exact numbers are written the Indonesian way (a year elsewhere stays as it is).
    """
    full = dict(cell) if isinstance(cell, Mapping) else {"text": cell}
    text = full.get("text")
    if column and column.get("numeric") and isinstance(text, int | Decimal | Fraction):
        text = angka(text, -int(text.as_tuple().exponent) if isinstance(text, Decimal) else 0)
    empty = text in (None, "") and not any(full.get(kind) for kind in ("template", "status", "stars"))
    return {"url": "", "template": "", **full, "text": "" if text is None else text, "is_empty": empty}


@register.simple_tag
def table_rows(rows: Iterable[Any], columns: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    Return rows as [{cells: [(column, cell), …]}], whatever way they were given.

    A row is a list of cells, or {"cells": […]}; it must have a cell for every column (ValueError else).
    """
    found = []
    for row in rows:
        given = row if isinstance(row, Mapping) else {"cells": row}
        found.append({"cells": _paired(given["cells"], columns)})
    return found


@register.simple_tag
def table_totals(totals: Iterable[Any], columns: list[Mapping[str, Any]]) -> list[tuple[Any, dict[str, Any]]]:
    """The foot of a table, a cell for every column (ValueError else)."""
    return _paired(totals, columns)


def _paired(cells: Iterable[Any], columns: list[Mapping[str, Any]]) -> list[tuple[Any, dict[str, Any]]]:
    return [(column, as_cell(cell, column)) for column, cell in zip(columns, cells, strict=True)]


# --- Map and bars --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shade:
    """One class of the map's legend: whole numbers from `first` to `last`, drawn in shade 1 to 5."""

    number: int
    first: int
    last: int

    @property
    def text(self) -> str:
        return angka(self.first) if self.first == self.last else f"{angka(self.first)}–{angka(self.last)}"


def shades(values: Iterable[int]) -> list[Shade]:
    """
    Return at most five classes over the values above zero, each holding about as many different values.

    The bounds are values that occur, so that the legend claims nothing that is not on the map.
    """
    different = sorted({value for value in values if value > 0})
    count = min(5, len(different))
    found = []
    for place in range(count):
        group = different[place * len(different) // count : (place + 1) * len(different) // count]
        found.append(Shade(-(-(place + 1) * 5 // count), group[0], group[-1]))
    return found


@register.simple_tag
def map_of(values: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """
    Return {areas, legend, source}: every province of the country with the shade of its value (0 where none is given).

    values: {code, label, value, url ("" for none)}.
    """
    from ovop_portal.map_paths import SOURCE_LINE, province_areas

    given = {str(item["code"]): item for item in values}
    legend = shades(int(item["value"]) for item in given.values())
    areas = []
    for area in province_areas():
        item = given.get(area.code, {"label": "", "value": 0, "url": ""})
        shade = next((s.number for s in legend if s.first <= item["value"] <= s.last), 0)
        areas.append({"area": area, "item": item, "shade": shade})
    return {"areas": areas, "legend": legend, "source": _(SOURCE_LINE)}


@register.simple_tag
def points_of(places: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    Return {place, x, y, radius} of kabupaten and kota on the drawing, the largest first, so that none hides a smaller
    one. places: {code, label, value, url, lat, lon}.
    """
    from ovop_portal.map_paths import point_of

    listed = sorted(places, key=lambda place: -int(place["value"]))
    top = largest(listed)
    drawn = []
    for place in listed:
        x, y = point_of(float(place["lat"]), float(place["lon"]))
        # Its area says how many; small enough for neighbours in Java to stay apart.
        radius = max(2, round(6 * (int(place["value"]) / max(top, 4)) ** 0.5))
        drawn.append({"place": place, "x": x, "y": y, "radius": radius})
    return drawn


@register.simple_tag
def place_of(code: str) -> dict[str, Any]:
    """Return {area, others}: the province of this code as drawn (None where it is none), and all the others."""
    from ovop_portal.map_paths import province_areas

    areas = province_areas()
    return {
        "area": next((area for area in areas if area.code == code), None),
        "others": [area for area in areas if area.code != code],
    }


@register.simple_tag
def largest(values: Iterable[Mapping[str, Any]]) -> int:
    """The longest bar; 1 where all are empty, so that a bar has a length to be nothing of."""
    return max((int(item["value"]) for item in values), default=0) or 1


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.simple_tag
def named(bound: BoundField, label: str, help_text: str = "") -> BoundField:
    """Give a field that a package brings along the portal's words, and take away its placeholder."""
    bound.label, bound.help_text = label, help_text
    bound.field.widget.attrs.pop("placeholder", None)
    return bound
