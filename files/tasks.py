"""What the worker does for this room: a few lines each, ids in, a function called."""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {}
