"""
The page of a certificate as WeasyPrint reads it, its computed styles kept for the next page of the same shape: most
certificates of a batch differ in their words only.
"""

from collections import OrderedDict
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

    def __init__(self, source: str) -> None:
        self.base_url = None
        self.url_fetcher = project_files()
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(
            ElementTree.fromstring(source), content_language=None
        )
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


class Shapes:
    """The pages of the last few shapes: most certificates of a batch differ in their words only."""

    def __init__(self, kept_at_most: int = 32) -> None:
        self._pages: OrderedDict[Any, Page] = OrderedDict()
        self._kept_at_most = kept_at_most

    def page(self, source: str) -> Page:
        fresh = Page(source)
        kept = self._pages.setdefault(fresh.shape, fresh)
        self._pages.move_to_end(fresh.shape)
        if len(self._pages) > self._kept_at_most:
            self._pages.popitem(last=False)
        if kept is not fresh:
            kept.say(fresh)
        return kept


@cache
def _elements() -> weasyprint.CSS:
    return weasyprint.CSS(
        string="""html, body, div, p, h1 { display: block } head, title, meta, style { display: none }
        h1 { bookmark-level: 1; bookmark-label: content(text) } br::before { content: "\\A"; white-space: pre-line }
        img { overflow: hidden }"""
    )
