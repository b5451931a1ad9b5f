"""
What every test has: real PostgreSQL and Redis, and habits that leave nothing to luck.

Rows without an order come shuffled, a template variable nobody gave fails, a naive instant and an instant in a
date field fail, warnings are errors (pyproject.toml), and nothing but this machine can be reached.
The portal in a browser is in tests/portal.py.
"""

import asyncio
import datetime as dt
import fcntl
import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import hypothesis
import pytest

from ovop_portal import embedded, embedded_postgresql
from tests import chromium
from tests.made_once import (  # noqa: F401 - hooks of its own
    pytest_fixture_post_finalizer,
    pytest_fixture_setup,
    pytest_runtest_teardown,
)
from tests.portal import (  # noqa: F401 - fixtures for everyone
    browser,
    fresh_portal,
    live_portal,
    open_page,
    portal_of_this_worker,
)

hypothesis.settings.register_profile("ovop", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "ovop")

_NEEDS_THE_DATABASE = {"db", "transactional_db", "django_db_setup", "live_portal", "queries_of", "client"}


# --- Servers: started once by the run itself, shared by its workers --------------------------------------------
class Servers:
    """Plugin of the process that leads the run; it stops what it started, unless another run uses it by now."""

    def __init__(self, data_dir: Path) -> None:
        from tests import databases

        self.data_dir = data_dir
        data_dir.mkdir(parents=True, exist_ok=True)
        self.in_use = (data_dir / "in-use.lock").open("w")
        fcntl.flock(self.in_use, fcntl.LOCK_SH)
        try:
            with mock.patch.dict(embedded_postgresql.SETTINGS, databases.NOTHING_TO_LOSE):
                self.started = embedded.ensure_running(data_dir, say=lambda _: None)
        except embedded.ServersUnavailable as problem:
            pytest.exit(str(problem), returncode=3)

    def pytest_unconfigure(self) -> None:
        try:
            fcntl.flock(self.in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            shutil.rmtree(self.data_dir / "runs" / f"alone_{os.getpid()}", ignore_errors=True)
        if self.started:
            embedded.stop(self.data_dir)
        self.in_use.close()


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    config.addinivalue_line("markers", "browser: needs Chromium (given by the fixtures of tests/portal.py)")
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.pluginmanager.register(Servers(Path(settings.DATA_DIR)), "ovop_servers")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: looking through it for garbage again and again took 7 % of a run's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(scope="session")
def template_database(django_test_environment: None, django_db_blocker: Any) -> str:
    """The name of the migrated, empty database that every test database is a copy of."""
    from tests import databases

    with django_db_blocker.unblock():
        return databases.migrated_template()


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: Any) -> Iterator[None]:
    """Give this worker its own copy of the migrated database; a transactional test leaves a fresh copy behind."""
    from django.conf import settings
    from django.db import connection
    from django.test import TransactionTestCase

    from tests import databases

    name = f"ovop_test_{settings.RUN}"
    before = connection.settings_dict["NAME"]

    def start_afresh(_: TransactionTestCase) -> None:
        # Django would empty all tables, those with reference data too, and could not empty the history.
        connection.close()
        databases.renew(template_database, name)

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        databases.copy_of(template_database, name)
        databases.point_at(name)
        patch.setattr(TransactionTestCase, "_fixture_teardown", start_afresh)
        yield
        databases.point_at(before)
        databases.drop(name)


@pytest.fixture(autouse=True, scope="session")
def _files_of_this_run_go() -> Iterator[None]:
    from django.conf import settings

    yield
    shutil.rmtree(Path(settings.DATA_DIR) / "runs" / settings.RUN, ignore_errors=True)


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that has the database or a client begins with an empty cache."""
    yield
    if _NEEDS_THE_DATABASE & set(request.fixturenames):
        from django.core.cache import cache

        cache.clear()


@pytest.fixture(autouse=True)
def _no_language_is_left_behind() -> Iterator[None]:
    """A page under /en/ leaves English on in its thread; in the portal the next request sets its own."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Run Celery tasks where they are queued, their errors raised; without it they are queued and nobody comes."""
    from ovop_portal.celery import app

    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = before


@pytest.fixture
def queries_of(client: Any, db: None) -> Callable[..., list[str]]:
    """Give a function that opens an address and returns the SQL it took: `queries_of("/usulan/", by=client)`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def open_and_count(address: str, *, by: Any = client, **headers: Any) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            answer = by.get(address, **headers)
            if hasattr(answer, "streaming_content"):
                b"".join(answer.streaming_content)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        return [query["sql"] for query in captured.captured_queries]

    return open_and_count


# --- Nothing by luck -------------------------------------------------------------------------------------------
class _ByChance:
    """What `OrderBy(Random())` becomes, made once: half a million queries of a run have it."""

    def resolve_expression(self, *_: Any, **__: Any) -> "_ByChance":
        return self

    def as_sql(self, *_: Any) -> tuple[str, tuple[()]]:
        return "RANDOM() ASC", ()

    def get_group_by_cols(self) -> list[Any]:
        return []


@pytest.fixture(autouse=True, scope="session")
def _rows_without_an_order_come_shuffled() -> Iterator[None]:
    from django.db.models.sql.compiler import SQLCompiler

    in_order, by_chance = SQLCompiler._order_by_pairs, _ByChance()

    def shuffled(self: Any) -> Iterator[Any]:
        ordered = False
        for pair in in_order(self):
            ordered = True
            yield pair
        query = self.query
        grouped = query.group_by is not None or any(
            annotation.contains_aggregate for annotation in query.annotation_select.values()
        )
        if not ordered and not query.distinct and not query.combinator and not grouped:
            yield by_chance, False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "_order_by_pairs", shuffled)
        yield


@pytest.fixture(autouse=True, scope="session")
def _an_instant_is_no_date() -> Iterator[None]:
    from django.db.models import DateField, DateTimeField

    prepare = DateField.get_prep_value

    def refuse_instants(self: Any, value: Any) -> Any:
        if isinstance(value, dt.datetime) and not isinstance(self, DateTimeField):
            raise TypeError(f"an instant was put into the date field {self}: say which zone's date is meant")
        return prepare(self, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DateField, "get_prep_value", refuse_instants)
        yield


class TheNetworkIsClosed(AssertionError):
    """A test tried to reach something that is not on this machine."""


def _is_this_machine(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost", socket.gethostname()}:
        return True
    try:
        return ipaddress.ip_address(str(name).split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine_is_reached() -> Iterator[None]:
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def reach(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_this_machine(address[0]):
                raise TheNetworkIsClosed(f"a test must not reach {address}")
            return original(self, address)

        return reach

    def look_up_here(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_this_machine(host):
            raise TheNetworkIsClosed(f"a test must not look up {host}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        patch.setattr(socket, "getaddrinfo", look_up_here)
        yield


# --- Browser tests are run, or named ---------------------------------------------------------------------------
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = chromium.chromium() is None
    for item in items:
        if not chromium.BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            continue
        item.add_marker(pytest.mark.browser)
        # A file's browser tests stay on one worker, so that few portals are started.
        item.add_marker(pytest.mark.xdist_group(f"browser: {item.path.name}"))
        if absent and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason=chromium.NOT_RUN))


@contextmanager
def _without_the_loop_of_the_browser(item: pytest.Item) -> Iterator[None]:
    """Playwright's loop counts as running in this thread for the rest of the run; what signs a PDF runs one of its own."""
    if {"browser", "open_page"} & set(getattr(item, "fixturenames", ())):
        yield
        return
    of_the_browser = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(of_the_browser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with _without_the_loop_of_the_browser(item):
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with _without_the_loop_of_the_browser(item):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Put what the live portal wrote under a failed browser test."""
    report: Any = yield
    live = getattr(item, "funcargs", {}).get("live_portal")
    if report.failed and live is not None:
        item.failed_in_call = True  # type: ignore[attr-defined]
        report.sections.append(("the live portal", live.log()))
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    named = sorted({report.nodeid for report in skipped if chromium.NOT_RUN in str(report.longrepr)})
    if named:
        terminalreporter.write_line(
            f"not run: {len(named)} browser tests, {chromium.NOT_RUN}: {', '.join(named)}", yellow=True
        )
