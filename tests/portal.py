"""
The portal as it runs in earnest, for tests with a browser: gunicorn, a Celery worker with its clock, an own Redis,
and an own database whose tables belong to the owner while the portal connects as the app.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from ovop_portal import embedded
from ovop_portal.embedded_processes import Patience
from tests import chromium

PROJECT = Path(__file__).resolve().parent.parent
DEMO_PASSWORD = "a-password-for-the-tests-only"  # noqa: S105
# Milliseconds that a page may take to come or to change, on a machine that is busy with other things.
PATIENCE = 30_000
_NOT_HANDED_ON = {"DJANGO_ALLOW_ASYNC_UNSAFE", "REDIS_URL", "EMAIL_URL", "OVOP_ENV"}


class LivePortal:
    """A running portal of this worker: `url`, `manage(…)`, `orm()`, `reset()`."""

    def __init__(self, data_dir: Path, database: str, template: str, unblock: Callable[[], Any]) -> None:
        self.data_dir = data_dir
        self.database = database
        self._template = template
        self._unblock = unblock
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        tests_dir = embedded.data_dir_of_the_environment()
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in _NOT_HANDED_ON and not name.startswith("PYTEST")
        }
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "ovop_portal.settings",
            "OVOP_DATA_DIR": str(data_dir),
            "DATABASE_URL": embedded.postgres_url(tests_dir, database=database),
            "DATABASE_OWNER_URL": embedded.postgres_url(
                tests_dir, database=database, role=embedded.OWNER_ROLE
            ),
            "OVOP_PORTAL_URL": self.url,
            "OVOP_DEMO_PASSWORD": DEMO_PASSWORD,
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }

    # --- for tests ---------------------------------------------------------------------------------------------
    def manage(self, *words: str, expect: int = 0) -> str:
        """Run a manage.py command on this portal and return its standard output; fails on another exit status."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == expect, (
            f"manage.py {' '.join(words)}: {done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return done.stdout

    @contextmanager
    def orm(self) -> Iterator[None]:
        """Let the test's own models read and write this portal's database, each statement committed at once."""
        from tests import databases

        with self._unblock(), databases.pointed_at(self.database):
            yield

    def reset(self) -> None:
        """Empty the portal: a database as at the start, no messages, no files; the processes go on."""
        import redis

        from tests import databases

        with self._unblock():
            databases.renew(self._template, self.database)
        with redis.Redis.from_url(embedded.redis_cache_url(self.data_dir)) as line:
            line.flushall()
        for folder in ("files", "mail"):
            shutil.rmtree(self.data_dir / folder, ignore_errors=True)

    def log(self, lines: int = 60) -> str:
        """Return the last lines that the processes wrote."""
        parts = []
        for path in sorted(self.data_dir.glob("*.out")):
            parts += [f"[{path.stem}]", *path.read_text(errors="replace").splitlines()[-lines:]]
        return "\n".join(parts)

    # --- starting and stopping ---------------------------------------------------------------------------------
    def start(self) -> None:
        from tests import databases

        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self._unblock():
            databases.copy_of(self._template, self.database)
        embedded.ensure_running(self.data_dir, servers=["redis"], say=lambda _: None)
        python = [sys.executable, "-m"]
        web = [
            "gunicorn",
            "ovop_portal.wsgi",
            "--bind",
            f"fd://{self._socket.fileno()}",
            "--workers=1",
            "--threads=4",
        ]
        self._launch("web", [*python, *web])
        self._start_worker()
        self._wait("/readyz", self._is_ready)

    def _start_worker(self) -> None:
        worker = ["celery", "-A", "ovop_portal", "worker", "--concurrency=1", "--loglevel=INFO", "--without-gossip",
                  "--without-mingle", "-B", "-s", str(self.data_dir / "beat")]  # fmt: skip
        self._launch("worker", [sys.executable, "-m", *worker])
        self._wait("the worker", lambda: re.search(r"celery@\S+ ready", self.log(500)) is not None)

    def kill_worker(self) -> None:
        """SIGKILL for the worker and all its children, in the midst of whatever they do; then a new one."""
        process = self._processes["worker"]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        self._start_worker()

    def allow_files_of(self, size: int) -> None:
        """From now on the worker and its children can write no file beyond `size` bytes: as on a disk that is full."""
        import psutil

        worker = psutil.Process(self._processes["worker"].pid)
        for process in [worker, *worker.children(recursive=True)]:
            _, hard = process.rlimit(psutil.RLIMIT_FSIZE)
            process.rlimit(psutil.RLIMIT_FSIZE, (size, hard))

    def _launch(self, name: str, command: list[str]) -> None:
        with (self.data_dir / f"{name}.out").open("wb") as output:
            self._processes[name] = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, pass_fds=[self._socket.fileno()], start_new_session=True,
            )  # fmt: skip

    def _wait(self, what: str, done: Callable[[], bool]) -> None:
        patience = Patience(90)
        while not done():
            ended = [name for name, process in self._processes.items() if process.poll() is not None]
            if ended or not patience.wait():
                pytest.fail(f"the portal is not up: {what}; ended: {ended}\n{self.log()}", pytrace=False)

    def _is_ready(self) -> bool:
        address = f"{self.url}/readyz"
        with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self) -> None:
        from tests import databases

        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)
        self._socket.close()
        embedded.stop(self.data_dir, servers=["redis"])
        with self._unblock():
            databases.drop(self.database)


@pytest.fixture(scope="session")
def portal_of_this_worker(
    template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[LivePortal]:
    from django.conf import settings

    portal = LivePortal(
        Path(settings.DATA_DIR) / "runs" / settings.RUN / "portal",
        f"ovop_live_{settings.RUN}", template_database, django_db_blocker.unblock,
    )  # fmt: skip
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()


@pytest.fixture(scope="module")
def live_portal(portal_of_this_worker: LivePortal) -> LivePortal:
    """The running portal, emptied for this file; what a test commits in it stays for the next one of the file."""
    portal_of_this_worker.reset()
    return portal_of_this_worker


@pytest.fixture
def fresh_portal(live_portal: LivePortal) -> LivePortal:
    """The running portal, emptied before this test."""
    live_portal.reset()
    return live_portal


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """
    Debian's Chromium, driven by Playwright.

    Playwright's synchronous interface keeps an event loop in this thread for as long as it lives, though no
    coroutine of ours runs in it; Django is told that using the database beside it is meant. Only this process is:
    the live portal's processes do not inherit it.
    """
    program = chromium.chromium()
    assert program is not None, chromium.NOT_RUN
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        playwright.selectors.register("ovop-loading", _STILL_LOADING, content_script=True)
        started = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        yield started
        started.close()


OpenPage = Callable[..., Page]

# A page that a click led to can be read before its scripts listen: keys and clicks would be lost, or go the way of a
# page without a script. With this selector as a "locator handler" Playwright waits for such a page as it does after
# goto(): before each action and each expectation.
_STILL_LOADING = """({
    query(root) { return this.queryAll(root)[0]; },
    // A page of which nothing has arrived yet has no element that it could be known by, nor any to act on.
    queryAll: () => [document.documentElement].filter((one) => one && document.readyState !== "complete"),
})"""


@pytest.fixture
def open_page(
    browser: Browser, live_portal: LivePortal, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """
    Give a function that opens a page as a new visitor, with cookies of its own: `open_page("/", width=360)`.

    Whatever the browser complains about on the way (a script's error, something the CSP refused, a file that is
    not there) fails the test, unless the page was opened with `complain=False`.
    """
    contexts = []
    complaints: list[str] = []

    def open_new(
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 900,
        javascript: bool = True,
        complain: bool = True,
        url: str = live_portal.url,
    ) -> Page:
        context = browser.new_context(
            base_url=url, locale="id-ID", timezone_id="Asia/Jakarta", java_script_enabled=javascript,
            viewport={"width": width, "height": height}, reduced_motion="reduce", accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.add_locator_handler(page.locator("ovop-loading=page"), lambda: None)
        if complain:
            context.on("console", lambda message: complaints.extend(_complaint(message)))
            context.on("weberror", lambda error: complaints.append(str(error.error)))
        page.goto(path)
        return page

    yield open_new
    if getattr(request.node, "failed_in_call", False):
        _keep_pictures(contexts, live_portal.data_dir.parent.parent.parent / "failures", request.node.name)
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _complaint(message: ConsoleMessage) -> list[str]:
    """An answer that says no (403, 404, 422) is an answer; everything else in red is a mistake."""
    refused = re.search(r"the server responded with a status of 4(0[0-9]|22)", message.text)
    if message.type not in {"error", "warning"} or (refused and "/static/" not in str(message.location)):
        return []
    return [f"{message.type}: {message.text} ({message.location.get('url', '')})"]


def _keep_pictures(contexts: list[Any], folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        with suppress(Exception):
            page.screenshot(
                path=folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', name)}-{number}.png", full_page=True
            )


def sign_in(page: Page, portal: LivePortal, person: Any) -> Page:
    """Let the page's browser be signed in as this person, as if they had come through /masuk/; return the page."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    with portal.orm():
        client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": portal.url}])
    return page
