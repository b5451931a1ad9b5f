"""
`python -m letters.drawing TARGET`: a page from standard input -> PDF at TARGET. Without Django and without a database.

Standard input is one JSON object: {"html", "css", "files", "identifier"}; of the disk, only `files` may be loaded.
The process limits itself before it imports what lays out pages. Exit status 0 only where the PDF is whole.
"""

import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

MEMORY = 2 * 1024 * 1024 * 1024
SECONDS = 60
_WRITTEN = 60 * 1024 * 1024
# What a photo is printed with: enough for paper, a tenth of what a camera gives.
_DOTS_PER_INCH = 150


def limit_this_process() -> None:
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, _WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def draw(order: dict[str, Any], target: Path) -> None:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), only_these(order["files"])
    style = CSS(string=order["css"], url_fetcher=fetcher, font_config=fonts)
    HTML(string=order["html"], url_fetcher=fetcher).write_pdf(
        target,
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=bytes.fromhex(order["identifier"]),
        optimize_images=True,
        jpeg_quality=80,
        dpi=_DOTS_PER_INCH,
    )


def only_these(files: list[str]) -> Any:
    """Return a URL fetcher that serves these files of the disk and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OnlyThese(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme != "file" or unquote(parts.path) not in files:
                raise FatalURLFetchingError(f"only the files that were named are loaded, not {url[:200]}")
            return super().fetch(url, headers)

    return OnlyThese(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)


if __name__ == "__main__":
    limit_this_process()
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    draw(json.load(sys.stdin), Path(sys.argv[1]))
