"""/statistik/: the programme counted, each chart with its table and its file; what sources say of earlier rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from awards.templatetags.award_words import name_of_group, star_figure
from nominations.models import CommodityGroup

from . import csv_files, earlier_rounds, search, statistics
from .kept import kept
from .models import Listing
from .statistics import Choice, Line

# The width of the longest bar, in units of its drawing.
_FULL = 1000


@require_GET
@login_not_required
@kept
def statistics_page(request: HttpRequest) -> HttpResponse:
    """The choice of round and commodity stands in the address; all charts but that of the rounds follow it."""
    choice, years, groups = _choice(request)
    counted, rounds = statistics.count(choice), statistics.by_round(choice.group)
    stars = counted.stars
    by_star = [Line(str(star), star_figure(star), {star: number}) for star, number in counted.by_star]
    return render(
        request,
        "catalogue/statistics.html",
        {
            "is_public": True,
            "choice": choice,
            "years": years,
            "groups": groups.items(),
            "counted": counted,
            "provinces": [
                {
                    "code": line.code,
                    "label": line.label,
                    "value": line.total,
                    "url": _catalogue(choice, provinsi=(line.code,)),
                }
                for line in counted.provinces
            ],
            "province_file": _file("provinsi", choice),
            "charts": [
                _chart("bintang", _("Menurut bintang"), _("Bintang"), by_star, [], choice),
                _chart(
                    "komoditas",
                    _("Menurut komoditas"),
                    _("Kelompok komoditas"),
                    counted.groups,
                    stars,
                    choice,
                ),
                _chart(
                    "kandungan-lokal",
                    _("Menurut kandungan lokal"),
                    _("Kandungan lokal"),
                    counted.local_content,
                    stars,
                    choice,
                ),
            ],
            "by_round": _chart(
                "periode", _("Menurut periode"), _("Periode"), rounds, _stars_of(rounds), choice
            ),
            "ways": _ways(),
            "earlier": _earlier({int(line.code) for line in rounds}),
        },
    )


@require_GET
@login_not_required
@kept
def statistics_file(request: HttpRequest, name: str) -> HttpResponse:
    """The table of one chart as CSV, for the same choice."""
    if name == "sejarah":
        columns = ("tahun", "yang_dihitung", "bagian", "jumlah", "satuan", "sumber")
        return csv_files.answer("ovop-sejarah", columns, earlier_rounds.lines())
    if name == "rantai":
        chain = ((way.year, way.proposed, way.passed, way.awarded) for way in statistics.ways())
        return csv_files.answer("ovop-rantai", ("tahun", "diusulkan", "lolos_seleksi", "ditetapkan"), chain)
    choice, *_rest = _choice(request)
    if name == "periode":
        lines = statistics.by_round(choice.group)
    else:
        counted = statistics.count(choice)
        tables = {
            "bintang": [
                Line(str(star), star_figure(star), {star: number}) for star, number in counted.by_star
            ],
            "komoditas": counted.groups,
            "provinsi": counted.provinces,
            "kandungan-lokal": counted.local_content,
        }
        if name not in tables:
            raise Http404(name)
        lines = tables[name]
    stars = _stars_of(lines)
    rows = (
        [line.code, line.label, *(line.by_star.get(star, 0) for star in stars), line.total] for line in lines
    )
    words = [str(part) for part in (choice.year, choice.group) if part]
    return csv_files.answer(
        "-".join(["ovop", name, *words]),
        ("kode", "nama", *(f"bintang_{star}" for star in stars), "jumlah_produk"),
        rows,
    )


def _choice(request: HttpRequest) -> tuple[Choice, list[int], dict[str, str]]:
    years = list(Listing.objects.published().order_by("-year").values_list("year", flat=True).distinct())
    groups = {group.pk: name_of_group(group) for group in CommodityGroup.objects.order_by("position", "pk")}
    return Choice.read(request.GET, years=years, groups=groups), years, groups


def _stars_of(lines: Iterable[Line]) -> list[int]:
    return sorted({star for line in lines for star in line.by_star}, reverse=True)


def _query(choice: Choice) -> str:
    chosen = [("tahun", choice.year), ("komoditas", choice.group)]
    query = urlencode([(name, value) for name, value in chosen if value])
    return f"?{query}" if query else ""


def _file(name: str, choice: Choice) -> str:
    return reverse("statistics_file", args=[name]) + _query(choice)


def _catalogue(choice: Choice, **state: Any) -> str:
    chosen = {
        "komoditas": (choice.group,) if choice.group else (),
        "tahun": (str(choice.year),) if choice.year else (),
    }
    return reverse("catalogue") + search.Query(**{**chosen, **state}).address()


def _chart(
    name: str, title: str, heading: str, lines: Sequence[Line], stars: Sequence[int], choice: Choice
) -> dict[str, Any]:
    """What catalogue/chart.html draws: bars in parts by star (of one part where `stars` is empty), and the table."""
    top = max((line.total for line in lines), default=0) or 1
    totals = [sum(line.by_star.get(star, 0) for line in lines) for star in stars]
    whole = sum(line.total for line in lines)
    return {
        "id": name,
        "title": title,
        "bars": [
            {"label": line.label, "total": line.total, "parts": _parts(line, stars, top)} for line in lines
        ],
        "stars": [{"shade": _shade(star), "label": star_figure(star)} for star in stars],
        "columns": [
            {"label": heading},
            *({"label": star_figure(star), "numeric": True} for star in stars),
            {"label": _("Jumlah produk"), "numeric": True},
        ],
        "rows": [[line.label, *(line.by_star.get(star, 0) for star in stars), line.total] for line in lines],
        # The rounds are not added up: a product that was awarded again would count twice.
        "totals": None if name == "periode" else [_("Jumlah produk"), *totals, whole],
        "file": _file(name, choice),
    }


def _parts(line: Line, stars: Sequence[int], top: int) -> list[dict[str, int]]:
    if not stars:
        return [{"x": 0, "width": line.total * _FULL // top, "shade": 4}]
    parts, before = [], 0
    for star in stars:
        here = line.by_star.get(star, 0)
        start, end = before * _FULL // top, (before + here) * _FULL // top
        if end > start:
            parts.append({"x": start, "width": end - start, "shade": _shade(star)})
        before += here
    return parts


def _shade(star: int) -> int:
    return max(1, min(5, star))


def _ways() -> dict[str, Any] | None:
    """The chain of each round as rows of data_table; None where the portal knows none."""
    found = statistics.ways()
    if not found:
        return None
    return {
        "file": reverse("statistics_file", args=["rantai"]),
        "columns": [
            {"label": _("Periode")},
            *(
                {"label": label, "numeric": True}
                for label in (_("Diusulkan"), _("Lolos seleksi"), _("Ditetapkan"))
            ),
        ],
        "rows": [
            [
                {"text": str(way.year), "url": reverse("results", args=[way.year])},
                way.proposed,
                way.passed,
                way.awarded,
            ]
            for way in found
        ],
    }


def _earlier(ours: set[int]) -> dict[str, Any]:
    """What sources say, as rows of data_table; `note` says where the portal counts a round itself."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    rounds = earlier_rounds.all_of_them()
    return {
        "columns": [
            {"label": _("Periode")},
            {"label": _("Diusulkan"), "numeric": True},
            {"label": _("Lolos seleksi"), "numeric": True},
            {"label": _("Ditetapkan"), "numeric": True},
            {"label": _("Menurut bintang")},
            {"label": _("Sumber")},
        ],
        "rows": [
            [
                {
                    "text": str(one.year),
                    "note": _("Portal juga menghitung periode ini sendiri.") if one.year in ours else "",
                },
                one.proposed,
                one.passed,
                one.total,
                ", ".join(
                    f"{star_figure(star)}: {number}"
                    for star, number in sorted(one.by_star.items(), reverse=True)
                ),
                "; ".join(one.sources),
            ]
            for one in rounds
        ],
        # Each note says of which round it is.
        "notes": [
            words if (words := note[language]).startswith(str(one.year)) else f"{one.year}: {words}"
            for one in rounds
            for note in one.notes
        ],
        "file": reverse("statistics_file", args=["sejarah"]),
    }
