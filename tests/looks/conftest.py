"""What is looked at as a whole, minutes long, by `make look`, `make html` and `make lighthouse`; not part of `make test`."""

import os
from pathlib import Path

import pytest

from tests.portal import LivePortal

_ASKED_FOR = os.environ.get("OVOP_LOOK", "")
collect_ignore_glob = [] if _ASKED_FOR else ["test_*.py"]


@pytest.fixture(scope="session")
def folder() -> Path:
    """Where pictures, pages and reports are put."""
    chosen = Path(_ASKED_FOR)
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


@pytest.fixture(scope="module")
def demo_portal(live_portal: LivePortal) -> LivePortal:
    """The running portal with the demo rounds in it."""
    live_portal.reset()
    live_portal.manage("load_reference")
    live_portal.manage("demo")
    return live_portal
