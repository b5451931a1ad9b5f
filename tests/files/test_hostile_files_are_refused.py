"""What comes in is judged by its content; nothing of what is refused stays."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from files import intake, sandbox
from files.models import StoredFile
from files.refusals import Refused
from tests.factories.files import NOON, an_upload
from tests.factories.letters import a_person
from tests.files import hostile

pytestmark = pytest.mark.django_db


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_there_are_more_than_forty_kinds():
    assert len(hostile.ALL) >= 80


@pytest.mark.parametrize("kind", hostile.ALL)
def test_refused(kind):
    make, code = hostile.ALL[kind]
    before = set(on_disk())
    with pytest.raises(Refused) as refusal:
        intake.accept(an_upload(make(), "dokumen penting.pdf"), by=a_person(), at=NOON)
    assert refusal.value.code == code
    assert '"dokumen penting.pdf"' in refusal.value.for_reader
    assert not StoredFile.objects.exists()
    assert set(on_disk()) == before


def test_a_parser_that_hangs_or_swells_ends_alone():
    before = os.getpid()
    content = hostile.objects_that_swell()
    assert len(content) < 20 * hostile.MEGABYTE
    with pytest.raises(Refused, match="terlalu rumit"):
        intake.accept(an_upload(content), by=a_person(), at=NOON)
    assert os.getpid() == before


def test_no_more_than_three_parsers_run_at_once(monkeypatch):
    running, most = Counter(), Counter()
    run = subprocess.run

    def counted(*words, **how):
        running["now"] += 1
        most["at once"] = max(most["at once"], running["now"])
        try:
            return run(*words, **how)
        finally:
            running["now"] -= 1

    monkeypatch.setattr(sandbox.subprocess, "run", counted)
    with ThreadPoolExecutor(8) as together:
        answers = list(together.map(lambda _: sandbox.ask("inspect", "/nowhere", "/nowhere"), range(8)))
    assert answers == [{"refused": "too_demanding"}] * 8
    assert 2 <= most["at once"] <= sandbox.TURNS == 3


def test_the_parser_is_given_no_secret_and_little_room(tmp_path, monkeypatch):
    monkeypatch.setenv("OVOP_SECRET_KEY", "must not be seen")
    seen = {}
    run = subprocess.run

    def look(words, **how):
        seen.update(how["env"])
        probe = (
            "import json, resource, sys; from files.checks import __main__ as checks; checks.limit_this_process(5);"
            "print(json.dumps([resource.getrlimit(what)[1] for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]"
            " + ['django' in sys.modules]))"
        )
        return run([sys.executable, "-s", "-E", "-c", probe], **how)

    monkeypatch.setattr(sandbox.subprocess, "run", look)
    monkeypatch.setattr(sandbox.json, "loads", lambda text: seen.update(limits=text.decode()) or {})
    sandbox.ask("inspect", tmp_path, tmp_path)
    assert "must not be seen" not in seen.values()
    assert seen["limits"].strip() == f"[{1024**3}, 5, false]"
