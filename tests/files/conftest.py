"""Each test of this room has a folder of its own for files."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT
