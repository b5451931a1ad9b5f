"""
The paragraphs of certificates, laid out by WeasyPrint once for each shape and then set again with other words.

Every paragraph stands at its own place (certificate.css: absolute, none depends on another), in lines that do not
break: with other words only where a line begins changes. What says the same is not even drawn again.

Leans on what WeasyPrint keeps to itself: the boxes of a laid-out page, and a text box's `pango_layout`.
"""

import re
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any
from xml.etree import ElementTree

import cssselect2
import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.stacking import StackingContext
from weasyprint.text.line_break import Layout, line_size

from . import certificate_strokes as strokes
from .certificate_faces import Faces
from .certificate_kept import LeastRecent
from .certificate_pictures import project_files
from .certificate_strokes import Paragraph

Pictures = dict[str, Any]
# Pixels that are none.
_NOTHING = 0.01


class Page(weasyprint.HTML):
    """Well-formed HTML, read with the parser of XML: the same elements, in a tenth of the time."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.base_url = None
        self.url_fetcher = project_files()
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        """Only what browsers say of the elements that a certificate has; the whole sheet styles every pseudo-element."""
        return [_elements()]


class NotOnePage(Exception):
    """The paragraphs take so many pages."""


class _Set(Layout):
    """A line of text as Pango sets it, kept ready until it is drawn: WeasyPrint would set it twice."""

    def deactivate(self) -> None:
        return None

    def reactivate(self, _style: Any) -> None:
        return None


class Mould:
    """A paragraph as WeasyPrint laid it out, to be set with other words of the same shape."""

    def __init__(self, box: Any, element: ElementTree.Element, page: Any) -> None:
        self._box = box._box if isinstance(box, AbsolutePlaceholder) else box
        self._page_size = (page.margin_width(), page.margin_height())
        self._contexts = _stacked(box, page)
        inside = _within(self._box)
        self._pictures = [one for one in inside if isinstance(one, boxes.ReplacedBox)]
        self._lines = [
            (
                line.style["text_align_all"],
                [text for text in _within(line) if isinstance(text, boxes.TextBox)],
            )
            for line in inside
            if isinstance(line, boxes.LineBox)
        ]
        # Classes together are no other paragraph's: what it draws with resources of its own is named by them.
        self._name = "-".join((element.get("class") or element.tag).split())
        self.takes_other_words = self._is_plain() and is_plain(element)
        if self.takes_other_words:
            self._compare(element)

    def drawn(self, element: ElementTree.Element, pictures: Pictures, faces: Faces) -> Paragraph:
        """Draw it with the words and pictures of `element`: any of its shape where `takes_other_words`, else its own."""
        if self.takes_other_words:
            self._set(_words(element))
            for picture, image in zip(self._pictures, element.iter("img"), strict=True):
                picture.replacement = pictures[image.get("src", "")]
        shown = [one.get("alt", "") for one in element.iter("img")]
        return strokes.drawn(self._box, self._contexts, self._page_size, faces, name=self._name, words=shown)

    def _is_plain(self) -> bool:
        """Whether nothing but the beginning of a line depends on the words."""
        return (
            (not self._lines or self._box.style["width"] != "auto")
            and all(align in ("center", "left", "start") for align, _ in self._lines)
            and all(
                text.style["white_space"] in ("nowrap", "pre") and text.style["text_transform"] == "none"
                for _, texts in self._lines
                for text in texts
            )
            and all("auto" not in (one.style["width"], one.style["height"]) for one in self._pictures)
        )

    def _set(self, words: list[str]) -> None:
        """Set each piece of the words and place it in its line, as WeasyPrint's layout would."""
        pieces = iter(words)
        for align, texts in self._lines:
            for text in texts:
                text.text = next(pieces)
                text.pango_layout = _Set(text.style)
                text.pango_layout.set_text(text.text)
                text.width, _ = line_size(text.pango_layout.get_first_line()[0], text.style)
            free = max(0, self._box.width - sum(text.width for text in texts))
            left = self._box.content_box_x() + (free / 2 if align == "center" else 0)
            for text in texts:
                text.position_x = left
                left += text.width

    def _compare(self, element: ElementTree.Element) -> None:
        """Raise RuntimeError where WeasyPrint itself sets the words otherwise than `_set` would."""
        texts = [text for _, line in self._lines for text in line]
        words, theirs = _words(element), [(one.text, one.position_x, one.width) for one in texts]
        is_same = [said for said, _, _ in theirs] == words
        if is_same:
            self._set(words)
            is_same = all(
                abs(text.position_x - left) < _NOTHING and abs(text.width - width) < _NOTHING
                for text, (_, left, width) in zip(texts, theirs, strict=True)
            )
        if not is_same:
            raise RuntimeError(f"WeasyPrint sets {self._name} otherwise than is relied on: {theirs}")


class Paragraphs:
    """Draws the paragraphs of certificates, one after the other, and keeps what the next ones say again."""

    def __init__(self, faces: Faces, moulds_at_most: int = 512, drawn_at_most: int = 256) -> None:
        self.faces = faces
        self._moulds = LeastRecent(moulds_at_most)
        self._drawn = LeastRecent(drawn_at_most)
        self._ground: Paragraph | None = None

    def drawn(
        self,
        root: ElementTree.Element,
        pictures: Pictures,
        *,
        look: Hashable,
        lay_out: Callable[[Page], weasyprint.Document],
    ) -> list[Paragraph]:
        """
        Return the ground and the paragraphs of the page, in order. look: what paragraphs depend on beside their words.
        lay_out: WeasyPrint's, with the style of certificates. Raises NotOnePage.

        The same page gives the same paragraphs, whatever was drawn before.
        """
        body = root[1]
        keys = [(look, body.get("class"), _said(child)) for child in body]
        found = {key: self._drawn.known(key) for key in keys}
        shapes = {
            key: (look, body.get("class"), _shape(child)) for key, child in zip(keys, body, strict=True)
        }
        moulds = {key: self._moulds.known(shapes[key]) for key in keys if found[key] is None}
        children = dict(zip(keys, body, strict=True))
        new = [key for key, mould in moulds.items() if mould is None or not is_plain(children[key])]
        if new:
            laid_out = self._laid_out(root, [children[key] for key in new], lay_out)
            for key, mould in zip(new, laid_out, strict=True):
                moulds[key] = mould
                if mould.takes_other_words:
                    self._moulds.keep(shapes[key], mould)
        for key, mould in moulds.items():
            found[key] = mould.drawn(children[key], pictures, self.faces)
            self._drawn.keep(key, found[key])
        return [self._ground, *(found[key] for key in keys)]

    def forget(self) -> None:
        self._moulds.clear()
        self._drawn.clear()

    def _laid_out(
        self,
        root: ElementTree.Element,
        children: list[ElementTree.Element],
        lay_out: Callable[[Page], weasyprint.Document],
    ) -> list[Mould]:
        head, body = root
        part = ElementTree.Element(root.tag, root.attrib)
        shortened = ElementTree.Element(body.tag, body.attrib)
        shortened.extend(children)
        part.extend([head, shortened])
        pages = lay_out(Page(part)).pages
        if len(pages) != 1:
            raise NotOnePage(len(pages))
        page = pages[0]._page_box
        if self._ground is None:
            self._ground = strokes.ground(page, self.faces)
        (below,) = page.children[0].children
        return [Mould(box, child, page) for box, child in zip(below.children, children, strict=True)]


def _stacked(box: Any, page: Any) -> list[Any]:
    """The box as WeasyPrint paints it: itself, and above it what stands in it and is stacked by itself."""
    (html,) = page.children
    (body,) = html.children
    alone = page.copy_with_children([html.copy_with_children([body.copy_with_children([box])])])
    (whole,) = StackingContext.from_page(alone).zero_z_contexts
    contexts: list[Any] = whole.zero_z_contexts
    return contexts


def _within(box: Any) -> list[Any]:
    """The box and all that stand in it, in order."""
    found = [box]
    for child in getattr(box, "children", ()):
        found += _within(child)
    return found


def _said(element: ElementTree.Element) -> tuple[Any, ...]:
    """All that an element says, as a key: tag, attributes, words, and what stands in it."""
    return (
        element.tag,
        tuple(element.attrib.items()),
        element.text,
        element.tail,
        tuple(_said(child) for child in element),
    )


def _shape(element: ElementTree.Element) -> tuple[Any, ...]:
    """What the style sheet and the layout see of an element: not its words, and not what its picture shows."""
    given = tuple((name, value) for name, value in element.attrib.items() if name not in ("src", "alt"))
    return (
        element.tag,
        given,
        bool(element.text),
        bool(element.tail),
        tuple(_shape(child) for child in element),
    )


def _words(element: ElementTree.Element) -> list[str]:
    """The pieces of text of a paragraph, in order; what follows it is no part of it."""
    found = [element.text or ""]
    for child in element:
        found += [*_words(child), child.tail or ""]
    return [piece for piece in found if piece]


def is_plain(element: ElementTree.Element) -> bool:
    """Whether its white space stands as it is written: a browser's rules would take none of it away."""
    whole = "".join(_words(element))
    return not re.search(r"\s{2}|[\t\n\r\f]", whole) and whole == whole.strip()


@cache
def _elements() -> weasyprint.CSS:
    return weasyprint.CSS(
        string="""html, body, div, p, h1 { display: block } head, title, meta, style { display: none }
        br::before { content: "\\A"; white-space: pre-line } img { overflow: hidden }"""
    )
