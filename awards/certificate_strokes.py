"""
One paragraph of a certificate as it stands in the file: the operators that draw it, the letters they show, what else
they need, and what it is to a reader (its tags). WeasyPrint draws it, once; after that it is put into each page as it is.

Leans on what WeasyPrint keeps to itself: `draw_stacking_context` onto a `pdf.stream.Stream`, and its resources.
Imported with certificate_pdf only, lazily.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pydyf
from weasyprint.draw import draw_page, draw_stacking_context
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.stream import Stream

from letters import archival

from .certificate_faces import Faces

# The objects of the file that a paragraph may refer to: certificate_file.py writes them under these numbers.
PROFILE, FONTS = b"4 0 R", b"5 0 R"
POINTS_PER_PIXEL = 0.75
_MARK = b"<the number of a mark>"
_TAGS = {"p": "P", "h1": "H1", "i": "Span"}


@dataclass(frozen=True)
class Element:
    """What a part of the page is: its kids are numbers of marks, or elements. frame: of a figure, in pixels."""

    tag: str
    kids: tuple["int | Element", ...]
    language: str = ""
    words: str = ""
    frame: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Thing:
    """A stream of its own that a paragraph refers to: a pattern, a group, a picture. head: as `_kept` makes it."""

    head: dict[str, Any]
    body: bytes


@dataclass(frozen=True)
class Paragraph:
    """
    operators: with %d for the number of each mark. letters: what each face's glyphs stand for, by the face's name.
    resources: kind -> name -> dictionary or Thing.
    """

    operators: bytes
    marks: int = 0
    elements: tuple[Element, ...] = ()
    letters: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def numbered_from(self, first: int) -> bytes:
        """The operators, their marks numbered from `first`."""
        return self.operators % tuple(range(first, first + self.marks))


class _Profile(archival.Profile):
    """The declared colours, for what names them: under the number that they have in every certificate."""

    pdf_reference = PROFILE


class _Aside(Stream):
    """
    A page's stream on which one paragraph is drawn. name: what its own resources are called by, no other paragraph's
    are.
    """

    def __init__(self, faces: Faces, name: str, size: tuple[float, float]) -> None:
        resources = pydyf.Dictionary(
            {kind: pydyf.Dictionary() for kind in ("ExtGState", "XObject", "Pattern", "Shading")}
        )
        resources["ColorSpace"] = pydyf.Dictionary()
        profiles = {archival.PROFILE: _Profile(b"")}
        super().__init__(faces, (0, 0, *size), resources, {}, {}, profiles, archival.PROFILE, compress=False)
        self._name = name
        # As the page's own stream is turned: WeasyPrint counts pixels from the top, and places a pattern by it.
        self.transform(POINTS_PER_PIXEL, 0, 0, -POINTS_PER_PIXEL, 0, size[1] * POINTS_PER_PIXEL)
        self.stream.clear()

    @contextmanager
    def marked(self, box: Any, _tag: str) -> Iterator[None]:
        self._tags[box] = len(self._tags)
        self.stream.append(_MARK)
        yield
        self.end_marked_content()

    def add_group(self, x: float, y: float, width: float, height: float) -> Any:
        return self._named("XObject", super().add_group(x, y, width, height))

    def add_pattern(self, *args: Any) -> Any:
        return self._named("Pattern", super().add_pattern(*args))

    def add_shading(self, *args: Any, **kwargs: Any) -> Any:
        return self._named("Shading", super().add_shading(*args, **kwargs))

    def set_state(self, state: Any) -> None:
        key = f"{self._name}-s{len(self._resources['ExtGState'])}"
        self._resources["ExtGState"][key] = state
        pydyf.Stream.set_state(self, key)

    def _named(self, kind: str, thing: Any) -> Any:
        del self._resources[kind][thing.id]
        thing.id = f"{self._name}-{thing.id}"
        self._resources[kind][thing.id] = thing
        return thing

    def kept(self) -> dict[str, Any]:
        """The resources, without what is not used; pictures packed."""
        for name, picture in self._images.items():
            made = picture["image"].get_x_object(picture["interpolate"], max(picture["dpi_ratios"]))
            self._resources["XObject"][name] = made
        found: dict[str, Any] = _kept(self._resources, {})
        return found


def ground(page: Any, faces: Faces) -> Paragraph:
    """What a page is painted with before any paragraph."""
    stream = _Aside(faces, "ground", (page.margin_width(), page.margin_height()))
    draw_page(page.copy_with_children([]), stream)
    return Paragraph(_joined(stream), resources=stream.kept())


def drawn(
    box: Any, contexts: list[Any], size: tuple[float, float], faces: Faces, *, name: str, words: list[str]
) -> Paragraph:
    """
    Draw one paragraph. contexts: its box as WeasyPrint stacks it. size: of the page, in pixels. words: what its
    pictures show, in order. Raises LookupError for a letter that no face has.
    """
    stream = _Aside(faces, name, size)
    faces.forget_letters()
    for context in contexts:
        draw_stacking_context(stream, context)
    marks: dict[Any, int] = stream._tags
    return Paragraph(
        _joined(stream),
        len(marks),
        tuple(one for one in _told(box, marks, iter(words)) if isinstance(one, Element)),
        faces.letters(),
        stream.kept(),
    )


def _joined(stream: _Aside) -> bytes:
    whole = b"\n".join(pydyf._to_bytes(one) for one in stream.stream)
    return whole.replace(b"%", b"%%").replace(_MARK, b"/Span <</MCID %d>> BDC")


def _told(box: Any, marks: dict[Any, int], words: Iterator[str]) -> Iterator[int | Element]:
    """The box's marks and elements, from the top to the bottom; boxes that mean nothing give way to their children."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.TextBox):
        yield marks[box]
    elif isinstance(box, boxes.ReplacedBox):
        frame = (box.content_box_x(), box.content_box_y(), box.width, box.height)
        yield Element("Figure", (marks[box],), words=next(words), frame=frame)
    else:
        kids = tuple(chain.from_iterable(_told(child, marks, words) for child in box.children))
        tag = None if isinstance(box, boxes.LineBox) else _TAGS.get(box.element_tag)
        if tag and kids:
            yield Element(tag, kids, box.element.get("lang", ""))
        else:
            yield from kids


def _kept(thing: Any, known: dict[int, Thing]) -> Any:
    """A structure of pydyf's as bytes, dictionaries, lists and Things; `known`: Things already made, by their stream."""
    if isinstance(thing, pydyf.Stream):
        if id(thing) not in known:
            body = b"\n".join(pydyf._to_bytes(one) for one in thing.stream)
            known[id(thing)] = Thing(_kept(thing.extra, known), body)
        return known[id(thing)]
    if isinstance(thing, dict):
        kept = {key: FONTS if one is None else _kept(one, known) for key, one in thing.items()}
        return {key: one for key, one in kept.items() if one != {}}
    if isinstance(thing, list | tuple):
        return [_kept(one, known) for one in thing]
    return pydyf._to_bytes(thing)
