"""The QR code of a certificate: a few hundred rectangles, as SVG and as what a PDF draws."""

import re
from functools import lru_cache

import segno

# A code of 58 characters fits version 5 at level Q; trying all eight masks costs eight times as much, and any mask
# can be read: 0040.
VERSION, LEVEL, MASK = 5, "q", 3
QUIET = 4
INK = "#1D1B20"

Rectangle = tuple[int, int, int, int]
_DARK = re.compile(rb"\x01+")


@lru_cache(maxsize=8)
def rectangles(text: str) -> tuple[int, tuple[Rectangle, ...]]:
    """
    Return the side in modules, quiet zone included, and the dark rectangles (x, y, width, height) in modules.

    Level Q: a quarter of the code may be lost. Version 5, or the smallest larger one where `text` is too long for it.
    """
    try:
        code = segno.make(text, error=LEVEL, version=VERSION, mask=MASK, boost_error=False)
    except segno.DataOverflowError:
        code = segno.make(text, error=LEVEL, mask=MASK, boost_error=False, micro=False)
    found: list[Rectangle] = []
    growing: dict[tuple[int, int], Rectangle] = {}
    for y, row in enumerate(code.matrix, start=QUIET):
        runs = dict.fromkeys(_runs(row))
        found += [rectangle for run, rectangle in growing.items() if run not in runs]
        growing = {
            run: (run[0], growing[run][1], run[1], growing[run][3] + 1)
            if run in growing
            else (run[0], y, run[1], 1)
            for run in runs
        }
    found += growing.values()
    return len(code.matrix) + 2 * QUIET, tuple(found)


def svg(text: str) -> str:
    """Return the code as an SVG picture on white, quiet zone included."""
    side, dark = rectangles(text)
    path = "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f'<path fill="#FFFFFF" d="M0 0h{side}v{side}h-{side}z"/><path fill="{INK}" d="{path}"/></svg>'
    )


def pdf_operators(text: str) -> tuple[int, bytes]:
    """Return the side in modules and the same drawing as operators of a PDF's page."""
    side, dark = rectangles(text)
    ink = " ".join(f"{int(INK[start : start + 2], 16) / 255:.5f}" for start in (1, 3, 5))
    shapes = "\n".join(f"{x} {y} {width} {height} re" for x, y, width, height in dark)
    return side, f"1 1 1 rg 0 0 {side} {side} re f\n{ink} rg\n{shapes}\nf".encode()


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """The dark runs (start, length) of one row, in modules of the whole picture."""
    return [(run.start() + QUIET, run.end() - run.start()) for run in _DARK.finditer(row)]
