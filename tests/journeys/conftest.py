"""What every journey has: people who come in by their invitation, and pictures on the way where they are asked for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from accounts import invitations
from accounts.models import Office
from accounts.roles import Role
from tests.portal import LivePortal

PASSWORD = "tikar-pandan-di-beranda-7"  # noqa: S105
_FOLDER = os.environ.get("OVOP_SCREENSHOTS", "")
_WIDTHS = {"1280": (1280, 900), "360": (360, 740)}

ComeIn = Callable[..., Page]
Picture = Callable[[Page, str], None]


@pytest.fixture
def come_in(fresh_portal: LivePortal, open_page: Callable[..., Page]) -> ComeIn:
    """Give a function that invites somebody, opens the link, sets the password, and returns the page they then see."""
    fresh_portal.manage("load_reference")

    def enter(email: str, role: Role, office: str, name: str) -> Page:
        from django.utils import timezone

        with fresh_portal.orm():
            invited = invitations.invite(
                email, role=role, office=Office.objects.get(code=office), name=name, at=timezone.now()
            )
        link = invited.link.partition("/undangan/")[2]
        page = open_page(f"/undangan/{link}")
        page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
        page.get_by_label("Ulangi kata sandi baru").fill(PASSWORD)
        page.get_by_role("button", name="Simpan kata sandi").click()
        page.get_by_role("heading", name="Beranda").wait_for()
        return page

    return enter


@pytest.fixture
def picture() -> Picture:
    """Give a function that keeps a page as a picture at both widths, where `make screenshots` asks for it; else nothing."""
    number = 0

    def take(page: Page, name: str) -> None:
        nonlocal number
        number += 1
        if not _FOLDER:
            return
        folder = Path(_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        before = page.viewport_size
        for label, (width, height) in _WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=folder / f"{number:02d}-{name}-{label}.png", full_page=True, timeout=90_000)
        page.set_viewport_size(before)

    return take
