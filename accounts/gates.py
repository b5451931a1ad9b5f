"""The gate before a page: which rights open it. Whether it is this person's record is asked by the room itself."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .roles import MAY, Right

Args = ParamSpec("Args")
Page = Callable[Concatenate[HttpRequest, Args], HttpResponseBase]


def needs(*rights: Right) -> Callable[[Page[Args]], Page[Args]]:
    """Open a page to whoever holds one of these rights now; everybody else reads whose page it is (403)."""
    holders = [role.label for role, held in MAY.items() if held & set(rights)]

    def gate(page: Page[Args]) -> Page[Args]:
        @wraps(page)
        def guarded(request: HttpRequest, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponseBase:
            if not any(request.user.may(right) for right in rights):
                raise PermissionDenied(f"Halaman ini untuk {in_a_row(holders)}.")
            return page(request, *args, **kwargs)

        return guarded

    return gate


def in_a_row(names: list[str]) -> str:
    """["A", "B", "C"] -> "A, B, dan C"; two are joined by "dan" alone."""
    if len(names) < 3:
        return " dan ".join(names)
    return f"{', '.join(names[:-1])}, dan {names[-1]}"
