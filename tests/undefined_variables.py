"""A template of the project that prints a variable nobody gave it fails its test."""

import sys
from pathlib import Path
from types import FrameType
from typing import TypeVar

from django.template.base import FilterExpression, Node

OURS = str(Path(__file__).resolve().parent.parent / "templates")
Kind = TypeVar("Kind")
_WITH_A_DEFAULT = {"default", "default_if_none", "yesno", "firstof"}


class UndefinedVariablesFail(str):
    """
    Django's `string_if_invalid`: a mistake in our own templates, the usual nothing in those of packages.

    `{{ x|default:"" }}` says that x may be missing, and is left alone.
    """

    def __bool__(self) -> bool:
        """Asked by Django before it uses this string: only where it must fail is it "there"."""
        expression = _caller(FilterExpression)
        if expression is None or any(
            getattr(function, "_filter_name", "") in _WITH_A_DEFAULT for function, _ in expression.filters
        ):
            return False
        node = _caller(Node)
        origin = getattr(getattr(node, "origin", None), "name", None)
        return isinstance(origin, str) and origin.startswith(OURS)

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        node = _caller(Node)
        where = getattr(getattr(node, "origin", None), "name", "a template")
        line = getattr(getattr(node, "token", None), "lineno", "?")
        raise AssertionError(f"undefined template variable «{variable}» in {where}, line {line}")


def _caller(kind: type[Kind]) -> Kind | None:
    """Return the nearest `self` on the stack that is a `kind`."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        found = frame.f_locals.get("self")
        if isinstance(found, kind):
            return found
        frame = frame.f_back
    return None
