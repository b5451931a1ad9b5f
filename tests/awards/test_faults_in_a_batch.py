"""
PostgreSQL restarted in the midst of a batch, and a disk that is full: the batch says why, nothing half written is taken
for a certificate, and afterwards it goes on. The same worker as in test_killed_in_a_batch.py.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from awards.models import Certificate, Decree
from ovop_portal import embedded, embedded_postgresql
from ovop_portal.embedded_processes import Patience
from tests.awards.test_killed_in_a_batch import ask, every_award_has_one_whole_file, made, wait_until_made
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_sealed_session, an_issued_decree

PROJECT = Path(__file__).resolve().parents[2]


def a_batch(count: int) -> Decree:
    """Issued, and so long ago that the sweeper takes what is not made."""
    with transaction.atomic():
        decree = an_issued_decree(
            a_drafted_decree(
                a_sealed_session(*((f"UD Nomor {n}", "anyaman", 1 + n % 5) for n in range(count)))
            )
        )
        Certificate.objects.update(created_at=timezone.now() - timedelta(hours=1))
    return decree


# --- The disk is full -----------------------------------------------------------------------------------------------
def test_on_a_full_disk_the_batch_says_why_keeps_nothing_half_and_goes_on(fresh_portal):
    with fresh_portal.orm():
        decree, secretary = a_batch(3), a_secretary()
    # A certificate is larger, the worker's own lines are not.
    fresh_portal.allow_files_of(20_000)
    try:
        ask(fresh_portal, "render_decree", decree_id=decree.pk)
        patience = Patience(90)
        while failed(fresh_portal, decree) < 3:
            assert patience.wait(), fresh_portal.log()
        assert made(fresh_portal, decree) == 0
        assert [path for path in (fresh_portal.data_dir / "files").rglob("*") if path.is_file()] == []
        with fresh_portal.orm():
            client = Client()
            client.force_login(secretary)
            page = client.get(decree.get_absolute_url()).content.decode()
        assert "Ruang simpan server penuh" in page
        assert "UD Nomor 2" in page
        assert "Unduh PDF" not in page
    finally:
        fresh_portal.allow_files_of(psutil.RLIM_INFINITY)
    ask(fresh_portal, "sweep_certificates")
    wait_until_made(fresh_portal, decree, 3)
    every_award_has_one_whole_file(fresh_portal, decree, 3)


def failed(portal, decree: Decree) -> int:
    with portal.orm():
        return Certificate.objects.filter(award__decree=decree).exclude(last_error="").count()


# --- PostgreSQL is restarted ----------------------------------------------------------------------------------------
class OwnServers:
    """A worker with a PostgreSQL and a Redis of its own: those of the other tests must not be restarted."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.worker: subprocess.Popen[bytes] | None = None

    @contextmanager
    def worker_held(self) -> Iterator[None]:
        """The worker and its children stand still, wherever they are, and go on from there."""
        assert self.worker is not None
        os.killpg(self.worker.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.worker.pid, signal.SIGCONT)

    @contextmanager
    def orm(self) -> Iterator[None]:
        known = connection.settings_dict
        before = known["HOST"], known["NAME"]
        connection.close()
        known["HOST"], known["NAME"] = str(embedded.places_in(self.data_dir).sockets), "ovop"
        try:
            yield
        finally:
            connection.close()
            known["HOST"], known["NAME"] = before

    def log(self, lines: int = 80) -> str:
        return "\n".join((self.data_dir / "worker.out").read_text(errors="replace").splitlines()[-lines:])


@pytest.fixture
def own(template_database, django_db_blocker) -> Iterator[OwnServers]:
    folder = Path(settings.DATA_DIR) / "runs" / settings.RUN / "own"
    folder.mkdir(parents=True)
    portal = OwnServers(folder)
    try:
        embedded.ensure_running(folder, say=lambda _: None)
        taken_over(template_database, folder)
        environment = {
            name: text
            for name, text in os.environ.items()
            if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
            and not name.startswith("PYTEST")
        }
        command = ["-m", "celery", "-A", "ovop_portal", "worker", "--concurrency=1", "--loglevel=INFO",
                   "--without-gossip", "--without-mingle"]  # fmt: skip
        with (folder / "worker.out").open("wb") as output:
            portal.worker = subprocess.Popen(
                [sys.executable, *command], cwd=PROJECT, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**environment, "DJANGO_SETTINGS_MODULE": "ovop_portal.settings", "OVOP_DATA_DIR": str(folder)},
            )  # fmt: skip
        with django_db_blocker.unblock():
            yield portal
    finally:
        if portal.worker is not None:
            portal.worker.terminate()
            portal.worker.wait(30)
        embedded.stop(folder)


def taken_over(template: str, folder: Path) -> None:
    """The migrated template as the database of this server."""
    programs = embedded_postgresql.programs()
    tests = embedded.postgres_url(embedded.data_dir_of_the_environment(), role="postgres", database=template)
    there = embedded.postgres_url(folder, role="postgres")
    dump = subprocess.run(
        [programs / "pg_dump", "--clean", "--if-exists", tests], check=True, capture_output=True
    )
    subprocess.run(
        [programs / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", there],
        input=dump.stdout, check=True, capture_output=True,
    )  # fmt: skip


def test_a_batch_goes_on_after_postgresql_was_restarted_in_its_midst(own):
    count = 8
    with own.orm():
        decree = a_batch(count)
    ask(own, "render_decree", decree_id=decree.pk)
    wait_until_made(own, decree, 3)
    # Held meanwhile: a fast worker must not be done with the batch before PostgreSQL is down.
    with own.worker_held():
        before = made(own, decree)
        embedded.stop(own.data_dir, servers=["postgres"])
    patience = Patience(60)
    while "OperationalError" not in own.log(400):
        assert patience.wait(), own.log()
    embedded.ensure_running(own.data_dir, servers=["postgres"], say=lambda _: None)
    assert before < count
    ask(own, "sweep_certificates")
    wait_until_made(own, decree, count)
    every_award_has_one_whole_file(own, decree, count)
