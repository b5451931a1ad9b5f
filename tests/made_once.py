"""
Rows that many tests of a file begin with, written once: `@made_once` in place of `@pytest.fixture`.

What such a fixture writes lies below the transaction of the test, in one that is kept open while the next test asks
for the same; so a test finds exactly what its own fixtures wrote, and its own changes go as ever. What it is given is
a copy, so that a test which changes an object changes nobody else's. A transactional test makes its own.

Such a fixture writes to the database only: no client, no settings, nothing of the test's. It takes others of its kind.
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

_MARK = "rows_are_made_once"
_OPENS_THE_TEST = "_django_db_helper"  # pytest-django's: begins the transaction of a test

Build = Callable[..., Any]


@dataclass
class _Level:
    build: Build
    atomic: transaction.Atomic
    made: Any = None


@dataclass
class _Rows:
    """What lies in the database of this process below the next test."""

    levels: list[_Level] = field(default_factory=list)
    # Shared by all copies of one test: an object that two fixtures lead to is one object for the test too.
    memo: dict[int, Any] = field(default_factory=dict)
    next: pytest.Item | None = None

    def level_of(self, build: Build) -> _Level | None:
        return next((level for level in self.levels if level.build is build), None)

    def add(self, build: Build, below: dict[str, Build]) -> None:
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]
        atomic.__enter__()
        self.levels.append(level := _Level(build, atomic))
        try:
            given = {name: self._made(below[name]) for name in _asked(build)}
            level.made = build(**given)
            transaction.get_connection().check_constraints()
        except BaseException:
            self.take_off(len(self.levels) - 1)
            raise

    def _made(self, build: Build) -> Any:
        level = self.level_of(build)
        assert level is not None
        return level.made

    def take_off(self, keep: int) -> None:
        while len(self.levels) > keep:
            level = self.levels.pop()
            transaction.set_rollback(True)
            level.atomic.__exit__(None, None, None)


_rows = _Rows()


def made_once(build: Build) -> Any:
    """Make a fixture of a function that writes rows and returns what the tests are given of them."""
    assert "db" not in _asked(build), f"{build.__name__} has the database anyway"

    def own_copy(db: None, **below: Any) -> Any:
        level = _rows.level_of(build)
        return build(**below) if level is None else copy.deepcopy(level.made, _rows.memo)

    own_copy.__name__, own_copy.__doc__, own_copy.__module__ = build.__name__, build.__doc__, build.__module__
    asked = ["db", *_asked(build)]
    own_copy.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in asked]
    )
    setattr(own_copy, _MARK, build)
    return pytest.fixture(own_copy)


def _asked(build: Build) -> list[str]:
    return list(inspect.signature(build).parameters)


def _wanted(item: pytest.Item) -> dict[str, Build]:
    """The fixtures of this kind that a test asks for, by name, each after those that it takes itself."""
    known: dict[str, Any] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009
    marker = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", ())
    if (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & set(names):
        return {}
    found: dict[str, Build] = {}

    def follow(name: str) -> None:
        build = getattr(known[name][-1].func, _MARK, None) if name in known else None
        if build is not None and name not in found:
            for below in _asked(build):
                follow(below)
            found[name] = build

    for name in names:
        follow(name)
    return found


def _common(wanted: dict[str, Build]) -> int:
    """How many of the levels that lie there the next test wants, in the order in which they lie."""
    same = 0
    for level, build in zip(_rows.levels, wanted.values(), strict=False):
        if level.build is not build:
            break
        same += 1
    return same


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Any:
    """Before the transaction of a test begins, what it begins with lies there, and nothing else."""
    if fixturedef.argname == _OPENS_THE_TEST:
        wanted = _wanted(request.node)
        _rows.memo = {}
        try:
            with request.getfixturevalue("django_db_blocker").unblock():
                _rows.take_off(_common(wanted))
                for build in list(wanted.values())[len(_rows.levels) :]:
                    _rows.add(build, wanted)
        except Exception as error:
            # As pytest notes what a fixture raised: else it would not let go of it for the next test.
            fixturedef.cached_result = (None, fixturedef.cache_key(request), (error, error.__traceback__))  # type: ignore[arg-type]
            raise
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Any:
    _rows.next = nextitem
    return (yield)


def pytest_fixture_post_finalizer(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """After the transaction of a test, what the next one does not begin with goes: that one may use no transaction."""
    if fixturedef.argname == _OPENS_THE_TEST and _rows.levels:
        with request.getfixturevalue("django_db_blocker").unblock():
            _rows.take_off(_common(_wanted(_rows.next)) if _rows.next is not None else 0)
