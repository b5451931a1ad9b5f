"""One walk through the portal: from the first page along every link, one address for each route, as one person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Error, Page, Response

# Leaving ends the walk; the rest answers with files that the browser keeps instead of showing.
_NOT_WALKED = re.compile(r"^/(keluar|static|media)/")


@dataclass
class Walk:
    page: Page
    root: str
    begin: str
    seen: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[str, Response]]:
        """Yield (path, answer) with the page open, once for each route that some page of the walk links to."""
        waiting, met = [self.begin], {self.begin}
        while waiting:
            path = waiting.pop(0)
            route = route_of(path)
            if route in self.seen:
                continue
            self.seen[route] = path
            answer = self._open(path)
            if answer is None or "html" not in answer.headers.get("content-type", ""):
                continue
            links = self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
            yield path, answer
            for link in links:
                parts = urlsplit(link)
                if link.startswith(self.root) and parts.path not in met and not _NOT_WALKED.match(parts.path):
                    met.add(parts.path)
                    waiting.append(parts.path)

    def _open(self, path: str) -> Response | None:
        try:
            return self.page.goto(self.root + path, wait_until="load")
        except Error as problem:
            if "Download is starting" in problem.message:
                return None
            raise


def route_of(path: str) -> str:
    """The pattern behind an address, with its language; an address that nothing answers is its own."""
    language = "en" if path.startswith("/en/") else "id"
    with translation.override(language):
        try:
            return f"{language} {resolve(path).route}"
        except Resolver404:
            return path
