"""How long a page waits for one statement: shorter than gunicorn waits for a page, so that the reader gets an answer."""

from typing import Any

from django.db.backends.signals import connection_created

# `--timeout` of management/commands/run.py, less what it takes to say so.
SECONDS_AT_MOST = 50


def keep_statements_short() -> None:
    """For the web process alone: what the worker does may take as long as it takes."""
    connection_created.connect(_set, dispatch_uid="patience")


def _set(*, connection: Any, **_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = %s", [f"{SECONDS_AT_MOST}s"])
