"""Part of `make check`: every template of the project compiles, and keeps out what the CSP would refuse."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.template import TemplateSyntaxError, engines

# The Content-Security-Policy has no unsafe-inline; see docs/architecture.md.
REFUSED = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc\s*=)(?![^>]*type=\"application/(?:ld\+)?json\")", re.IGNORECASE
    ),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
}
# Printed on paper or read in a mail program, not in a browser: no policy applies, and style belongs inside.
NOT_FOR_A_BROWSER = ("pdf", "mail", "letters", "certificate")


class Command(BaseCommand):
    help = "Compile every template of the project and look for inline script and style."
    requires_system_checks: list[str] = []

    def handle(self, **_: Any) -> None:
        folder = Path(settings.BASE_DIR) / "templates"
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        wrong = [line for name in names for line in self._wrong_in(folder, name)]
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write(f"{len(names)} templates compile")

    def _wrong_in(self, folder: Path, name: str) -> Iterator[str]:
        try:
            engines["django"].get_template(name)
        except TemplateSyntaxError as error:
            yield f"templates/{name}: {str(error).splitlines()[0]}"
        if not name.endswith(".html") or any(
            word in part for part in Path(name).parts for word in NOT_FOR_A_BROWSER
        ):
            return
        text = re.sub(
            r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", (folder / name).read_text("utf-8"), flags=re.S
        )
        yield from (f"templates/{name}: {what}" for what, pattern in REFUSED.items() if pattern.search(text))
