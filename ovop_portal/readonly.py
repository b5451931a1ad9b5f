"""Reading does not write: a GET or HEAD that tries to change the database is a fault, and fails as one."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

_READS = re.compile(
    r"\s*(SELECT|WITH|SHOW|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK|SET|DECLARE|FETCH|CLOSE)\b", re.I
)
_SESSION_TABLES = ("django_session", "account_", "mfa_")


class WroteWhileReading(RuntimeError):
    pass


def writes_on_get(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that must write on GET (a logged download, a session that is renewed)."""
    view.writes_on_get = True  # type: ignore[attr-defined]
    return view


class ReadingDoesNotWrite:
    """
    Last of the middlewares: wraps the view alone, so that sessions and recorded readings still write.

    Sign-in pages keep their rate limits and sessions on GET; their tables are let through.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with connection.execute_wrapper(_Guard(request)):
            return self.get_response(request)


class _Guard:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if _READS.match(sql) or any(table in sql for table in _SESSION_TABLES) or self._excused():
            return execute(sql, params, many, context)
        raise WroteWhileReading(f"{self.request.path}: {sql[:80]}")

    def _excused(self) -> bool:
        match = self.request.resolver_match
        view = getattr(match.func, "view_class", match.func) if match else None
        return getattr(view, "writes_on_get", False)
