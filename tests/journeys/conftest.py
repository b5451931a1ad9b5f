"""What every journey has: people who come in by their invitation, and pictures on the way where they are asked for."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page, ViewportSize

from accounts import invitations
from accounts.models import Office
from accounts.roles import Role
from ovop_portal import handbook
from tests.portal import LivePortal

PASSWORD = "tikar-pandan-di-beranda-7"  # noqa: S105
_FOLDER = os.environ.get("OVOP_SCREENSHOTS", "")
_WIDTHS = {"1280": (1280, 900), "360": (360, 740)}
_HANDBOOK_SEES: ViewportSize = {"width": 1200, "height": 800}

ComeIn = Callable[..., Page]
Picture = Callable[[Page, str], None]


@pytest.fixture
def come_in(fresh_portal: LivePortal, open_page: Callable[..., Page]) -> ComeIn:
    """Give a function that invites somebody, opens the link, sets the password, and returns the page they then see."""
    with fresh_portal.orm():
        call_command("load_reference", verbosity=0)

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
    """
    Give a function that keeps a page as a picture at both widths, where `make screenshots` asks for it; else nothing.
    Those that the handbook shows go there too.
    """
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
        if name in handbook.PICTURES:
            page.set_viewport_size(_HANDBOOK_SEES)
            _keep_for_the_handbook(page.screenshot(timeout=90_000), name)
        page.set_viewport_size(before)

    return take


def _keep_for_the_handbook(png: bytes, name: str) -> None:
    path = Path(settings.BASE_DIR) / "static" / "img" / "panduan" / f"{name}.webp"
    with Image.open(io.BytesIO(png)) as shot:
        shot.convert("RGB").resize((960, 640), Image.Resampling.LANCZOS).save(path, quality=70, method=6)
