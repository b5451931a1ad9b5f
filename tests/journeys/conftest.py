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
# What the handbook shows: the window, the size of its picture, and how its file's name ends.
_HANDBOOK_SEES: list[tuple[ViewportSize, tuple[int, int], str]] = [
    ({"width": 1200, "height": 800}, (960, 640), ""),
    ({"width": 360, "height": 680}, (360, 680), "-360"),
]
# From wherever the last press left it: no line is cut at the upper edge, the picture says what it is about, and on a
# phone the frame, which is the same everywhere, does not fill it. What is over in eight seconds is no part of a page.
_BEGIN_AT_A_HEADING = """(wanted) => {
    document.querySelectorAll("[data-toast]").forEach((one) => one.remove());
    const bar = document.querySelector(".sticky-bar")?.offsetHeight ?? 0;
    const [title, ...more] = document.querySelectorAll("main h1, main h2");
    const above = more.find((one) => one.textContent.trim() === wanted)
        ?? [title, ...more].filter((one) => one.getBoundingClientRect().top < 80).at(-1) ?? title;
    const isPhone = innerWidth < 500;
    const top = above.getBoundingClientRect().top + scrollY - bar - (isPhone ? 4 : 24);
    scrollTo({ top: above === title && !isPhone ? 0 : top, behavior: "instant" });
}"""
# What these pictures are about stands further down.
_BEGINS_AT = {"panel": "Tugaskan penilai", "piagam-selesai": "Piagam"}

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
            for seen, size, ending in _HANDBOOK_SEES:
                page.set_viewport_size(seen)
                page.evaluate(_BEGIN_AT_A_HEADING, _BEGINS_AT.get(name))
                _keep_for_the_handbook(page.screenshot(timeout=90_000), size, f"{name}{ending}")
        page.set_viewport_size(before)

    return take


def _keep_for_the_handbook(png: bytes, size: tuple[int, int], name: str) -> None:
    path = Path(settings.BASE_DIR) / "static" / "img" / "panduan" / f"{name}.webp"
    with Image.open(io.BytesIO(png)) as shot:
        shot.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(path, quality=70, method=6)
