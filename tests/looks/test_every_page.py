"""
Every page that the demo links to, as every role, at 1280 and 360 px: nothing that axe-core finds against WCAG 2.2 AA,
no sideways scroll, no small print, one heading, one primary button, no word from the browser's console, no other host.

Pictures and pages stay in the folder of OVOP_LOOK, to be looked at (docs/looked-at.md).
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import Person
from ovop_portal.demo.people import DOMAIN
from tests.looks.walk import Walk
from tests.portal import LivePortal, sign_in

WHO = [
    "", "dinas.3205", "dinas.5203", "provinsi.52", "sekretariat", "ketua", "penetap", "auditor", "admin",
    "penilai1", "penilai5",
]  # fmt: skip
WIDTHS = {1280: 900, 360: 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL = """() => [...document.querySelectorAll("body *")].filter(one => !one.children.length
    && one.textContent.trim() && one.getClientRects().length && !one.closest("svg, .visually-hidden")
    && parseFloat(getComputedStyle(one).fontSize) < 13.99).map(one => one.textContent.trim().slice(0, 40))"""
SHOWN = "all => all.filter(one => one.getClientRects().length).length"


@pytest.fixture
def context(browser: Browser, demo_portal: LivePortal) -> BrowserContext:
    # The checker is put into the page, which the portal's own policy would refuse.
    made = browser.new_context(
        locale="id-ID", timezone_id="Asia/Jakarta", reduced_motion="reduce", bypass_csp=True
    )
    made.set_default_timeout(60_000)
    yield made
    made.close()


@pytest.mark.parametrize("who", WHO, ids=lambda who: who or "visitor")
def test_every_page_is_fit_for(who: str, context: BrowserContext, demo_portal: LivePortal, folder: Path):
    page = context.new_page()
    if who:
        with demo_portal.orm():
            person = Person.objects.get(email=f"{who}@{DOMAIN}")
        sign_in(page, demo_portal, person)
    complaints = _listen(page, demo_portal.url)
    walk = Walk(page, demo_portal.url, "/beranda/" if who else "/")
    for number, (path, answer) in enumerate(walk):
        if answer.status >= 400:
            complaints.append(f"answered {answer.status}")
        name = (
            f"{who or 'pengunjung'}-{number:02d}-{re.sub(r'[^a-z0-9]+', '-', path.lower()).strip('-')[:60]}"
        )
        (folder / f"{name}.html").write_text(answer.text(), encoding="utf-8")
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            complaints += [f"{width} px: {said}" for said in _look(page, width)]
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        _told[who or "visitor", path] = list(complaints)
        complaints.clear()
    wrong = {path: said for (of, path), said in _told.items() if said and of == (who or "visitor")}
    assert len(walk.seen) > 10
    assert not wrong, "\n".join(f"{path}: {line}" for path, said in wrong.items() for line in said)


_told: dict[tuple[str, str], list[str]] = {}


def _listen(page: Page, root: str) -> list[str]:
    complaints: list[str] = []
    note: Callable[[str], None] = complaints.append
    page.on("console", lambda said: note(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: note(f"script: {error}"))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((root, "data:", "blob:")) else note(f"another host: {asked.url}")
        ),
    )
    return complaints


def _look(page: Page, width: int) -> list[str]:
    found = []
    if (across := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"scrolls sideways: {across} px")
    if small := page.evaluate(SMALL):
        found.append(f"smaller than 14 px: {small[:3]}")
    if (headings := page.eval_on_selector_all("h1", SHOWN)) != 1:
        found.append(f"{headings} main headings")
    if (buttons := page.eval_on_selector_all(".btn-primary", SHOWN)) > 1:
        found.append(f"{buttons} primary buttons")
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return found + [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
