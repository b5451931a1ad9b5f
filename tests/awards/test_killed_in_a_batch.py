"""
The worker is killed at random moments of a batch of signed certificates, and Redis is emptied in it: in the end every
award has one file, every hash is right, every signature holds, and the numbers run 1..n. `make torture`: 50 times.
"""

import hashlib
import os
import random
import time
from datetime import timedelta

import redis
from celery import Celery
from django.db import transaction
from django.utils import timezone

from awards import verify
from awards.models import Certificate, Decree
from ovop_portal import embedded
from ovop_portal.embedded_processes import Patience
from tests.factories.awards import a_drafted_decree, a_sealed_session, an_issued_decree

KILLS = 50 if os.environ.get("OVOP_TORTURE") else 5
PER_KILL = 4
SEED = 20261130


def test_a_batch_is_whole_after_kills_and_an_emptied_redis(fresh_portal):
    count = (KILLS + 1) * PER_KILL
    with fresh_portal.orm(), transaction.atomic():
        decree = an_issued_decree(
            a_drafted_decree(
                a_sealed_session(*((f"UD Nomor {n}", "anyaman", 1 + n % 5) for n in range(count)))
            )
        )
        # The sweeper takes what was promised a minute ago.
        Certificate.objects.update(created_at=timezone.now() - timedelta(hours=1))
    luck, killed_while_working = random.Random(SEED), 0
    ask(fresh_portal, "render_decree", decree_id=decree.pk)
    for kill in range(KILLS):
        wait_until_made(fresh_portal, decree, kill * PER_KILL + luck.randrange(PER_KILL))
        # A moment that nothing in the program chooses.
        time.sleep(luck.uniform(0, 0.3))
        killed_while_working += made(fresh_portal, decree) < count
        fresh_portal.kill_worker()
        if kill % 2:
            with redis.Redis.from_url(embedded.redis_cache_url(fresh_portal.data_dir)) as line:
                line.flushall()
        # What beat does each minute; a second delivery of the rest, too.
        ask(fresh_portal, "sweep_certificates")
        ask(fresh_portal, "sweep_certificates")
    wait_until_made(fresh_portal, decree, count)
    assert killed_while_working > 0
    every_award_has_one_whole_file(fresh_portal, decree, count)


def ask(portal, task: str, **given: object) -> None:
    with Celery(broker=embedded.redis_url(portal.data_dir)) as app:
        app.send_task(f"awards.tasks.{task}", kwargs=given, ignore_result=True)


def made(portal, decree: Decree) -> int:
    with portal.orm():
        return Certificate.objects.filter(award__decree=decree, rendered_at__isnull=False).count()


def wait_until_made(portal, decree: Decree, count: int) -> None:
    patience, before = Patience(120), -1
    while (now := made(portal, decree)) < count:
        if now > before:
            patience, before = Patience(120), now
        assert patience.wait(), f"{now} of {count} were made\n{portal.log()}"


def every_award_has_one_whole_file(portal, decree: Decree, count: int) -> None:
    folder = portal.data_dir / "files"
    with portal.orm():
        certificates = list(
            Certificate.objects.filter(award__decree=decree)
            .select_related("award")
            .order_by("award__position")
        )
    assert [one.award.position for one in certificates] == list(range(1, count + 1))
    year = decree.round_id
    assert [one.number for one in certificates] == [f"OVOP/{year}/{n:04d}" for n in range(1, count + 1)]
    roots = verify.read_roots(portal.data_dir / "signing" / "root.pem")
    for one in certificates:
        data = (folder / one.path).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one.size, one.sha256)
        report = verify.verify(data, roots)
        assert (report.verdict, report.facts["number"]) == ("genuine", one.number)
        assert one.last_error == ""
    files = {str(path.relative_to(folder)) for path in (folder / "piagam").rglob("*.pdf")}
    written_and_never_renamed = {name for name in files if "/." in name}
    assert files - written_and_never_renamed == {one.path for one in certificates}
