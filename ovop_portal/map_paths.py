"""
The 38 provinces as paths of whole numbers for the small map of public pages.

Made from fixtures/regions/provinces.geojson (source and licence: the README there): longitude and latitude drawn
as they are, islands and corners that fall together at this size left out. The whole map takes about 20 KB.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_noop

SOURCE = Path(__file__).resolve().parent.parent / "fixtures" / "regions" / "provinces.geojson"
SOURCE_LINE = gettext_noop(
    "Sumber batas: Badan Informasi Geospasial (BIG), melalui cahyadsn/wilayah_boundaries (MIT), disederhanakan. "
    "Batas indikatif, bukan acuan resmi."
)
WIDTH, HEIGHT = 1000, 362
# Too small to be seen as an area even at the full width: DKI Jakarta, DI Yogyakarta, Banten, Bali, NTB, Gorontalo.
WITH_A_DOT = frozenset({"31", "34", "36", "51", "52", "75"})
# Under three corners nothing can be filled.
_CORNERS = 3
# Twice the area of one unit of the drawing: a smaller island is a speck that nobody sees, and a fifth of the weight.
_SPECK = 2

Point = tuple[int, int]


@dataclass(frozen=True)
class Area:
    """A province as drawn: `path` for the attribute d, and the middle of its largest island."""

    code: str
    path: str
    x: int
    y: int
    has_dot: bool


@cache
def _shapes() -> dict[str, list[Sequence[Sequence[float]]]]:
    features = json.loads(SOURCE.read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["code"]: list(_rings(feature["geometry"])) for feature in features}


@cache
def _frame() -> tuple[float, float, float, float]:
    """West, north, and how many units of the drawing a degree takes across and down."""
    corners = [corner for rings in _shapes().values() for ring in rings for corner in ring]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    return west, north, WIDTH / (east - west), HEIGHT / (north - south)


def point_of(lat: float, lon: float) -> Point:
    """Where a place lies on the drawing."""
    west, north, across, down = _frame()
    return round((lon - west) * across), round((north - lat) * down)


@cache
def province_areas() -> tuple[Area, ...]:
    """Return the provinces in the order of their codes; read once in a process."""
    shapes = _shapes()

    def drawn(ring: Sequence[Sequence[float]]) -> list[Point]:
        points = [point_of(y, x) for x, y in ring]
        return [point for point, before in zip(points, [None, *points], strict=False) if point != before]

    return tuple(_area(code, [drawn(ring) for ring in rings]) for code, rings in sorted(shapes.items()))


def _rings(geometry: dict) -> Iterable[Sequence[Sequence[float]]]:
    """Yield the outer ring of every island; the source has no lake worth drawing."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return (polygon[0] for polygon in polygons)


def _area(code: str, rings: list[list[Point]]) -> Area:
    largest = max(rings, key=_size)
    kept = [
        ring for ring in rings if len(set(ring)) >= _CORNERS and (_size(ring) > _SPECK or ring is largest)
    ]
    xs, ys = [x for x, _ in largest], [y for _, y in largest]
    middle = (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2
    return Area(code, "".join(_path(ring) for ring in kept or [largest]), *middle, has_dot=code in WITH_A_DOT)


def _size(ring: Sequence[Point]) -> int:
    """Twice the area that the ring encloses."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)))


def _path(ring: Sequence[Point]) -> str:
    """Steps from corner to corner: shorter than the corners themselves."""
    (x, y), steps = ring[0], []
    for next_x, next_y in ring[1:]:
        steps.append(f"{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps).replace(' -', '-')}z"
