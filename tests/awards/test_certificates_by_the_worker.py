"""The worker makes each certificate once: delivered twice, killed half way, two at once, and in earnest with Redis."""

import hashlib
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from awards import certificate_page, certificates, tasks
from awards.models import Certificate, Decree
from files import disk
from ovop_portal.embedded_processes import Patience
from tests.factories.awards import (
    AwardFactory,
    a_certificate,
    a_drafted_decree,
    a_sealed_session,
    a_signatory,
    an_issued_decree,
)


@pytest.fixture
def waiting(db: None) -> Certificate:
    """A numbered certificate without its file, of an issued decree."""
    return an_issued_decree().awards.get(position=1).certificates.get()


def path_of(certificate: Certificate) -> Path:
    return Path(settings.MEDIA_ROOT) / f"piagam/{certificate.award.decree.round_id}/{certificate.pk}.pdf"


def facts_of(path: Path) -> dict[str, object]:
    with pikepdf.open(path) as pdf:
        return json.loads(pdf.attachments["facts.json"].get_file().read_bytes())


def stamp(path: Path) -> tuple[int, int]:
    """What changes when a file is written anew, be it with the same bytes."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


# --- Once --------------------------------------------------------------------------------------------------------
def test_the_file_is_recorded_with_hash_and_size_and_says_the_awards_facts(waiting):
    tasks.render_certificate(certificate_id=waiting.pk)
    waiting.refresh_from_db()
    content = path_of(waiting).read_bytes()
    assert certificates.file_of(waiting) == path_of(waiting)
    assert hashlib.sha256(content).hexdigest() == waiting.sha256
    assert (len(content), waiting.last_error) == (waiting.size, "")
    facts = facts_of(path_of(waiting))
    assert (facts["number"], facts["code"], facts["ikm"]) == (
        waiting.number,
        waiting.code,
        waiting.award.ikm_name,
    )


def test_a_paper_costs_no_more_because_there_are_many(waiting):
    """The decree's annex names each award: read for each paper, it would make a batch take its square."""
    with CaptureQueriesContext(connection) as asked:
        certificates.render(waiting.pk)
    read = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
    assert [sql for sql in read if '"awards_decree"' in sql]
    assert not [sql for sql in read if '"annex"' in sql]


def test_a_task_delivered_twice_makes_the_file_once(waiting):
    tasks.render_certificate(certificate_id=waiting.pk)
    waiting.refresh_from_db()
    first, there = (waiting.rendered_at, waiting.sha256), stamp(path_of(waiting))
    tasks.render_certificate(certificate_id=waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.rendered_at, waiting.sha256) == first
    assert stamp(path_of(waiting)) == there


def test_a_task_says_nothing_of_what_a_newer_version_adds(waiting):
    tasks.render_certificate(certificate_id=waiting.pk, priority="a newer version sends more")
    waiting.refresh_from_db()
    assert waiting.rendered_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_it_once(monkeypatch):
    with transaction.atomic():
        certificate = an_issued_decree().awards.get(position=1).certificates.get()
    written: list[Path] = []
    write = disk.keep
    monkeypatch.setattr(disk, "keep", lambda path, data: (written.append(path), write(path, data)))

    def work(_: int) -> bool:
        try:
            return certificates.render(certificate.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [False, True]
    assert written == [path_of(certificate)]


# --- Killed ------------------------------------------------------------------------------------------------------
class Killed(BaseException):
    """As SIGKILL does it, nothing of the program goes on; tests/ovop_portal kills the demo's own process for real."""


def kill(*_: object, **__: object) -> None:
    raise Killed


@pytest.mark.parametrize("place", ["drawing", "writing", "renaming", "recording"])
def test_a_killed_render_leaves_nothing_recorded_and_the_next_one_draws_the_same_page(
    place, waiting, monkeypatch
):
    expected = certificate_page.pdf(certificates.facts(Certificate.objects.get(pk=waiting.pk)))
    with monkeypatch.context() as patch:
        match place:
            case "drawing":
                patch.setattr(certificates.certificate_page, "pdf", kill)
            case "writing":
                patch.setattr(os, "fsync", kill)
            case "renaming":
                patch.setattr(os, "replace", kill)
            case "recording":
                patch.setattr(Certificate, "save", kill)
        with pytest.raises(Killed), transaction.atomic():
            certificates.render(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.rendered_at, waiting.sha256, waiting.path, waiting.size) == (None, "", "", None)
    if place != "recording":
        assert not path_of(waiting).exists()
    assert certificates.render(waiting.pk)
    # The signature stands behind the page as it was drawn.
    assert path_of(waiting).read_bytes().startswith(expected)


def test_a_failure_is_kept_for_the_page_and_does_not_stop_the_others(waiting, monkeypatch):
    def no_paper(_: object) -> bytes:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(certificates.certificate_page, "pdf", no_paper)
        with pytest.raises(OSError):
            tasks.render_certificate(certificate_id=waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.last_error) == (1, "OSError: no space left on device")
    assert waiting.rendered_at is None
    tasks.render_certificate(certificate_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.last_error == ""
    assert waiting.rendered_at is not None


# --- Who is asked ------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """The certificates for which a task was queued."""
    found: list[int] = []
    monkeypatch.setattr(
        tasks.render_certificate, "delay", lambda *, certificate_id: found.append(certificate_id)
    )
    return found


def test_of_a_decree_only_what_has_no_file_is_asked_for(waiting, asked):
    decree = waiting.award.decree
    certificates.render(waiting.pk)
    tasks.render_decree(decree_id=decree.pk)
    other = decree.awards.get(position=2).certificates.get()
    assert asked == [other.pk]


@pytest.mark.django_db
def test_the_sweeper_asks_for_what_was_promised_a_minute_ago_and_is_not_given_up(asked):
    now = timezone.now()
    late = a_certificate(AwardFactory(decree__published=False), last_error="OSError: x", attempts=19)
    given_up = a_certificate(AwardFactory(decree__published=False), attempts=certificates.ATTEMPTS_AT_MOST)
    fresh = a_certificate(AwardFactory(decree__published=False))
    long_ago = now - certificates.OVERDUE - timedelta(seconds=1)
    Certificate.objects.filter(pk__in=[late.pk, given_up.pk]).update(created_at=long_ago)
    tasks.sweep_certificates()
    assert asked == [late.pk]
    assert fresh.pk not in asked


# --- In earnest --------------------------------------------------------------------------------------------------
ISSUE = """
from django.utils import timezone
from accounts.models import Person
from awards import decrees
from awards.models import Decree
decrees.issue(Decree.objects.get(pk={decree}), number="1214 TAHUN 2026", on=timezone.localdate(),
              signatory_name="AGUS GUMIWANG", by=Person.objects.get(pk={by}), at=timezone.now())
"""
AGAIN = """
from awards.tasks import render_certificate, render_decree
render_decree.delay(decree_id={decree})
for _ in range(2):
    render_certificate.delay(certificate_id={certificate})
"""


def test_with_redis_and_a_real_worker_issuing_makes_every_file_once(fresh_portal):
    with fresh_portal.orm(), transaction.atomic():
        session = a_sealed_session(
            ("UD Satu", "anyaman", 5), ("UD Dua", "anyaman", 4), ("UD Tiga", "kain_batik", 3)
        )
        decree, signatory = a_drafted_decree(session), a_signatory()
    fresh_portal.manage("shell", "-v0", "-c", ISSUE.format(decree=decree.pk, by=signatory.pk))
    made = wait_until_all_are_made(fresh_portal, decree, count=3)
    folder = fresh_portal.data_dir / "files"
    stamps = {}
    for certificate in made:
        content = (folder / certificate.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == certificate.sha256
        assert facts_of(folder / certificate.path)["number"] == certificate.number
        assert certificate.attempts == 0
        stamps[certificate.pk] = stamp(folder / certificate.path)
    assert [certificate.number for certificate in made] == [f"OVOP/2026/{n:04d}" for n in (1, 2, 3)]

    fresh_portal.manage("shell", "-v0", "-c", AGAIN.format(decree=decree.pk, certificate=made[0].pk))
    patience = Patience(60)
    done = r"render_certificate\[\S+\] succeeded"
    while len(re.findall(done, fresh_portal.log(2000))) < len(made) + 2:
        assert patience.wait(), fresh_portal.log()
    with fresh_portal.orm():
        again = list(Certificate.objects.order_by("number"))
    assert [one.rendered_at for one in again] == [one.rendered_at for one in made]
    assert {one.pk: stamp(folder / one.path) for one in again} == stamps


def wait_until_all_are_made(portal, decree: Decree, *, count: int) -> list[Certificate]:
    patience = Patience(60)
    while True:
        with portal.orm():
            made = list(
                Certificate.objects.filter(award__decree=decree, rendered_at__isnull=False).order_by("number")
            )
        if len(made) == count:
            return made
        assert patience.wait(), f"{len(made)} of {count} were made\n{portal.log()}"
