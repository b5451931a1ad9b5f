"""The demo, made once for all files that look at it: in a database of its own, by a third run after two that were killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests import databases

PROJECT = Path(__file__).resolve().parents[2]
PASSWORD = "kata sandi peragaan dalam pengujian"  # noqa: S105
# Each with what is half done then: a file taken in without its document; two certificates of four.
KILLED_AT = (
    ("nominations.documents", "attach", 9),
    ("files.disk", "keep", 3),
)


@dataclass
class MadeDemo:
    """What the finishing run printed, and how the runs before it ended."""

    database: str
    # Its files alone: the folder of the run holds those of other tests too.
    media: Path
    printed: dict[str, Any] = field(default_factory=dict)
    # everything_stored() of the portal before there was a demo.
    before: dict[str, str] = field(default_factory=dict)
    ended: list[int] = field(default_factory=list)
    half_done: list[tuple[int, int, int]] = field(default_factory=list)


@pytest.fixture(scope="session")
def made_demo(django_db_setup: None, template_database: str, django_db_blocker: Any) -> Iterator[MadeDemo]:
    from django.conf import settings

    media = Path(settings.DATA_DIR) / "runs" / settings.RUN / "demo-files"
    made = MadeDemo(f"ovop_test_demo_{settings.RUN}", media)
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(MEDIA_ROOT=media),
        django_db_blocker.unblock(),
    ):
        patch.setenv("OVOP_DEMO_PASSWORD", PASSWORD)
        databases.copy_of(template_database, made.database)
        with databases.pointed_at(made.database):
            call_command("load_reference", verbosity=0)
            call_command("load_holidays", stdout=StringIO())
            made.before = everything_stored()
            for place in KILLED_AT:
                made.ended.append(_killed(made.database, *place))
                made.half_done.append(_counts())
            answer = StringIO()
            call_command("demo", json=True, stdout=answer, stderr=StringIO())
            made.printed = json.loads(answer.getvalue())
    yield made
    with django_db_blocker.unblock():
        databases.drop(made.database)


@pytest.fixture(scope="module")
def demo(made_demo: MadeDemo, django_db_blocker: Any) -> Iterator[MadeDemo]:
    """Let the tests of a module look at the demo's database; each in a transaction that is rolled back."""
    with (
        django_db_blocker.unblock(),
        databases.pointed_at(made_demo.database),
        override_settings(MEDIA_ROOT=made_demo.media),
    ):
        yield made_demo


def everything_stored() -> dict[str, str]:
    """A fingerprint of every table, history and versions included."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" AS t')
            found[table] = cursor.fetchone()[0]
    return found


def _killed(database: str, module: str, function: str, count: int) -> int:
    from django.conf import settings
    from django.db import connection

    connection.close()
    words = [database, str(settings.MEDIA_ROOT), module, function, str(count)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.ovop_portal.demo_killed", *words],
        cwd=PROJECT, capture_output=True, text=True, timeout=240,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr[-3000:]
    return done.returncode


def _counts() -> tuple[int, int, int]:
    """Files, documents, certificates with their file."""
    from awards.models import Certificate
    from files.models import StoredFile
    from nominations.models import Document

    made = Certificate.objects.filter(rendered_at__isnull=False)
    return StoredFile.objects.count(), Document.objects.count(), made.count()
