"""Statements of the search that any visitor can make: they end in time, whatever was typed."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

# A hundred times what it takes with a million awards. Then the page says that the list cannot be had at the moment.
MILLISECONDS_AT_MOST = 2000
_LIMIT = "SELECT set_config('statement_timeout', '{}', true);"


def rows(statement: str, params: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run it and return its rows; OperationalError where it takes too long. The limit holds for this statement alone."""
    with connection.cursor() as cursor:
        # Sent together: two statements sent at once are one transaction, to which the setting is local. It begins with
        # SELECT, as what does not may be about to write, and gets a context for the history along.
        cursor.execute(f"{_LIMIT.format(MILLISECONDS_AT_MOST)} {statement}", params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
