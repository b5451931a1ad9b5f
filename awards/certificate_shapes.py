"""
The page of a certificate as WeasyPrint reads it, and what is kept of one certificate for the next: the computed styles
of a page of the same shape, and each paragraph that says the same, laid out. Every paragraph stands at its own place
(certificate.css: absolute, none depends on another), so of a batch only what differs is laid out.
"""

from collections import OrderedDict
from collections.abc import Hashable
from copy import deepcopy
from functools import cache, partial
from typing import Any
from xml.etree import ElementTree

import cssselect2
import weasyprint
from weasyprint.css.targets import TargetCollector
from weasyprint.images import get_image_from_uri
from weasyprint.layout import LayoutContext

from .certificate_pictures import project_files


class Page(weasyprint.HTML):
    """Well-formed HTML, read with the parser of XML: the same elements, in a tenth of the time."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.base_url = None
        self.url_fetcher = project_files()
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
        # The computed styles of the elements, once they are known.
        self.styles: Any = None

    @property
    def shape(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """What the style sheet sees of the page: tags, classes and sizes, in order."""
        return tuple((one.tag, one.get("class"), one.get("style")) for one in self.etree_element.iter())

    def say(self, other: "Page") -> None:
        """Take over the words and pictures of a page of the same shape."""
        for mine, theirs in zip(self.etree_element.iter(), other.etree_element.iter(), strict=True):
            mine.text, mine.tail = theirs.text, theirs.tail
            mine.attrib.update(theirs.attrib)

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        """Only what browsers say of the elements that a certificate has; the whole sheet styles every pseudo-element."""
        return [_elements()]


class Sheet(weasyprint.Document):
    """A document whose styles are computed for the first page of a shape, and kept for the others."""

    @classmethod
    def _build_layout_context(
        cls, html: Page, font_config: Any, counter_style: Any, color_profiles: Any, options: dict[str, Any]
    ) -> LayoutContext:
        if html.styles is None:
            context = super()._build_layout_context(html, font_config, counter_style, color_profiles, options)
            html.styles = context.style_for
            return context
        pictures = partial(
            get_image_from_uri, cache=options["cache"], url_fetcher=html.url_fetcher, options=options
        )
        return LayoutContext(html.styles, pictures, font_config, counter_style, TargetCollector())


class LeastRecent(OrderedDict[Hashable, Any]):
    """The last few things by their key; the one that was not asked for longest goes first."""

    def __init__(self, at_most: int) -> None:
        super().__init__()
        self._at_most = at_most

    def known(self, key: Hashable) -> Any:
        if key in self:
            self.move_to_end(key)
        return self.get(key)

    def keep(self, key: Hashable, thing: Any) -> None:
        self[key] = thing
        if len(self) > self._at_most:
            self.popitem(last=False)


class Sheets:
    """Lays out certificates, one after the other, and keeps what the next ones say again."""

    def __init__(self, pages_at_most: int = 32, paragraphs_at_most: int = 256) -> None:
        self._pages = LeastRecent(pages_at_most)
        self._paragraphs = LeastRecent(paragraphs_at_most)

    def laid_out(
        self, source: str, fonts: Any, profiles: dict[str, Any], options: dict[str, Any], *, look: Hashable
    ) -> Sheet:
        """
        Return the document of `source` (well-formed HTML). look: what paragraphs depend on beside their own words.

        The same source gives the same document, whatever was laid out before.
        """
        root = ElementTree.fromstring(source)
        head, body = root
        children = list(body)
        keys = [(look, body.get("class"), _said(child)) for child in children]
        boxes = [self._paragraphs.known(key) for key in keys]
        new = [child for child, box in zip(children, boxes, strict=True) if box is None]
        part = ElementTree.Element(root.tag, root.attrib)
        shortened = ElementTree.Element(body.tag, body.attrib)
        shortened.extend(new)
        part.extend([head, shortened])
        read = self._page(part)
        document: Sheet = Sheet._render(read, fonts, None, profiles, options)
        if len(document.pages) != 1:
            return document
        page = document.pages[0]._page_box
        (below,) = page.children[0].children
        laid_out = zip(below.children, read.etree_element[1], new, strict=True)
        for place, key in enumerate(keys):
            if boxes[place] is None:
                boxes[place] = _of_its_own(*next(laid_out))
                self._paragraphs.keep(key, boxes[place])
        below.children = boxes
        document.pages[:] = [weasyprint.Page(page)]
        return document

    def _page(self, root: ElementTree.Element) -> Page:
        fresh = Page(root)
        kept: Page | None = self._pages.known(fresh.shape)
        if kept is None:
            self._pages.keep(fresh.shape, fresh)
            return fresh
        kept.say(fresh)
        return kept


def _of_its_own(box: Any, element: ElementTree.Element, words: ElementTree.Element) -> Any:
    """The box, holding a copy of its words: the element that it was laid out from says something else next time."""
    twins = dict(zip(element.iter(), deepcopy(words).iter(), strict=True))
    boxes = [box]
    while boxes:
        one = boxes.pop()
        if one.element is not None:
            one.element = twins[one.element]
        boxes.extend(getattr(one, "children", ()))
    return box


def _said(element: ElementTree.Element) -> tuple[Any, ...]:
    """All that an element says, as a key: tag, attributes, words, and what stands in it."""
    return (
        element.tag,
        tuple(element.attrib.items()),
        element.text,
        element.tail,
        tuple(_said(child) for child in element),
    )


@cache
def _elements() -> weasyprint.CSS:
    return weasyprint.CSS(
        string="""html, body, div, p, h1 { display: block } head, title, meta, style { display: none }
        h1 { bookmark-level: 1; bookmark-label: content(text) } br::before { content: "\\A"; white-space: pre-line }
        img { overflow: hidden }"""
    )
