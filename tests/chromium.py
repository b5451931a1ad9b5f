"""The browser of the browser tests: Debian's Chromium, found and never downloaded."""

import os
import shutil
from pathlib import Path

BROWSER_FIXTURES = {"browser", "open_page", "live_portal", "fresh_portal"}
NOT_RUN = "no Chromium on this machine (make setup as root installs Debian's)"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]  # fmt: skip


def chromium() -> Path | None:
    """
    Return the path of Chromium, or None where there is none; OVOP_CHROMIUM names another.

    Debian's shell without windows comes first: the same engine, a third of the work for each page.
    """
    for name in (
        os.environ.get("OVOP_CHROMIUM", ""),
        "chromium-headless-shell",
        "/usr/bin/chromium",
        "chromium",
        "chromium-browser",
    ):
        found = shutil.which(name) if name else None
        if found:
            return Path(found)
    return None
