"""
The faces of a certificate as they stand in its file: cut to the letters that are used, with what each glyph means.

WeasyPrint's `Font` cuts them (HarfBuzz). Widths are those of the face's own table, so that a paragraph draws the same
whatever was drawn before it. Imported with certificate_pdf only, lazily.
"""

import copy
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fontTools.ttLib import TTFont

from .certificate_kept import LeastRecent

# Faces cut to a set of letters: those of some dozens of papers.
_CUTS_AT_MOST = 256


@dataclass(frozen=True)
class Cut:
    """A face with some of its glyphs: the file, the way back to letters, widths; both streams packed."""

    file: bytes
    file_length: int
    to_letters: bytes
    widths: str


@dataclass(frozen=True)
class Description:
    """What a file says of a face, in thousandths of its size."""

    name: str
    family: str
    flags: int
    box: tuple[int, int, int, int]
    italic_angle: float
    ascent: int
    descent: int
    cap_height: int


class Faces(dict[int, Any]):
    """WeasyPrint's fonts by its key for them, made once; what is asked of a face by its name in the file's resources."""

    def __init__(self) -> None:
        super().__init__()
        self._by_name: dict[str, Any] = {}
        self._described: dict[str, Description] = {}
        self._cuts = LeastRecent(_CUTS_AT_MOST)

    def __setitem__(self, key: int, font: Any) -> None:
        super().__setitem__(key, font)
        same = self._by_name.setdefault(font.hash, font)
        if same is not font:
            font.widths, font.to_unicode = same.widths, same.to_unicode
            return
        with TTFont(io.BytesIO(font.file_content), fontNumber=font.index, lazy=True) as face:
            scale = 1000 / face["head"].unitsPerEm
            metrics, order = face["hmtx"].metrics, face.getGlyphOrder()
            font.widths = {number: round(metrics[glyph][0] * scale) for number, glyph in enumerate(order)}
            head, line, os2 = face["head"], face["hhea"], face["OS/2"]
            edges = (head.xMin, head.yMin, head.xMax, head.yMax)
            left, bottom, right, top = (round(edge * scale) for edge in edges)
            self._described[font.hash] = Description(
                font.name.decode(), font.family, font.flags, (left, bottom, right, top), face["post"].italicAngle,
                round(line.ascent * scale), round(line.descent * scale), round(os2.sCapHeight * scale),
            )  # fmt: skip

    def forget_letters(self) -> None:
        """Before a paragraph is drawn: what it shows is noted anew."""
        for font in self.values():
            font.to_unicode = {}

    def letters(self) -> dict[str, dict[int, str]]:
        """What was drawn since: for each face the letters that its glyphs stand for. Raises LookupError."""
        found: dict[str, dict[int, str]] = {}
        for font in self.values():
            if font.missing:
                font.missing = {}
                raise LookupError(f"letters that {font.family} does not have were drawn")
            if font.to_unicode:
                found[font.hash] = {**font.to_unicode, **found.get(font.hash, {})}
        return found

    def described(self, name: str) -> Description:
        return self._described[name]

    def cut(self, name: str, letters: Mapping[int, str]) -> Cut:
        """The face with these glyphs and no others."""
        key = (name, frozenset(letters.items()))
        found: Cut | None = self._cuts.known(key)
        if found is None:
            found = _cut(self._by_name[name], dict(sorted(letters.items())))
            self._cuts.keep(key, found)
        return found


def _cut(font: Any, letters: dict[int, str]) -> Cut:
    copied = copy.copy(font)
    copied.subset(letters, False)
    return Cut(
        zlib.compress(copied.file_content),
        len(copied.file_content),
        zlib.compress(_to_letters(letters)),
        " ".join(f"{glyph} [{font.widths[glyph]}]" for glyph in letters),
    )


def _to_letters(letters: dict[int, str]) -> bytes:
    """The table from glyphs to the text that is copied or read aloud (PDF 32000-1, 9.10.3), a hundred to a block."""
    lines = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in letters.items()]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    mapped = "\n".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{mapped}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
