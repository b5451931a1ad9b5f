"""`manage.py bench`: rows with both figures from the same run, and nothing left behind."""

import json
import os
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from nominations.models import Round
from ovop_portal.bench import measuring, nominating, pages, scratch
from ovop_portal.celery import app
from ovop_portal.management.commands import bench
from tests import databases
from tests.factories.nominations import NominationFactory
from tests.ovop_portal.conftest import everything_stored

pytestmark = pytest.mark.xdist_group("bench")

KEYS = {"row", "ours", "unit", "beside", "theirs", "ratio", "aim", "met", "spread"}
SMALL = {
    "certificates": 1,
    "certificates-signed": 1,
    "certificates-naive": 1,
    "certificates-typst": 1,
    "recompute": 3,
    "draw": 12,
    "catalogue": 12,
    "catalogue-made": 12,
    "product": 12,
    "product-made": 12,
    "search": 12,
    "search-many": 60,
    "submit": 20,
}
# Its bars are milliseconds too, not the ratio alone.
WITH_MORE_BARS = "search-many"


@pytest.fixture(scope="module")
def prepared(django_db_setup, template_database, django_db_blocker):
    """The name of an empty portal with its reference data, made once: what a benchmark would migrate and load anew."""
    from django.conf import settings

    name = f"ovop_test_prepared_{settings.RUN}"
    with django_db_blocker.unblock():
        databases.copy_of(template_database, name)
        with databases.pointed_at(name):
            call_command("load_reference", verbosity=0)
    yield name
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture
def portal(prepared, django_db_blocker, monkeypatch, settings, tmp_path):
    """A portal with data to measure beside, outside any transaction."""
    settings.DATA_DIR = tmp_path
    name = f"ovop_test_bench_{settings.RUN}"
    monkeypatch.setattr(scratch, "_make", lambda made: databases.copy_of(prepared, made))
    monkeypatch.setattr(scratch, "call_command", lambda *_, **__: None)
    monkeypatch.setattr(measuring, "REPEATS", 1)
    monkeypatch.setattr(pages, "REQUESTS", 2)
    with django_db_blocker.unblock():
        databases.copy_of(prepared, name)
        with databases.pointed_at(name):
            Round.objects.create(year=2024)
            yield name
        databases.drop(name)


def run(*words: str, **options: object) -> str:
    answer = StringIO()
    call_command("bench", *words, stdout=answer, stderr=StringIO(), **options)
    return answer.getvalue()


def databases_of_benchmarks() -> list[str]:
    """Those of this process, and those that a killed one left: another worker of this run has its own."""
    there = [
        name.removeprefix("ovop_bench_") for name in databases._databases() if name.startswith("ovop_bench_")
    ]
    pids = {name: int(name.partition("_")[0]) for name in there}
    return [
        f"ovop_bench_{name}" for name, pid in pids.items() if pid == os.getpid() or not psutil.pid_exists(pid)
    ]


# --- The arithmetic of a row -------------------------------------------------------------------------------------
def compared(monkeypatch, mine: list[float], other: list[float], *, aim: float = 1.5) -> measuring.Row:
    """A comparison whose repeats take these seconds; the uncounted first turns take none."""
    now, plan = 0.0, {"mine": [0.0, *mine], "other": [0.0, *other]}
    asked: dict[str, list[int]] = {"mine": [], "other": []}

    def work(whose: str):
        def turn(number: int) -> int:
            nonlocal now
            asked[whose].append(number)
            now += plan[whose][number]
            return 10

        return turn

    monkeypatch.setattr(measuring, "perf_counter", lambda: now)
    monkeypatch.setattr(measuring, "REPEATS", len(mine))
    row = measuring.compare("x", ours=work("mine"), theirs=work("other"), unit="x/s", beside="y", aim=aim)
    assert asked == {"mine": [0, 1, 2, 3], "other": [0, 1, 2, 3]}
    return row


def test_a_row_holds_medians_their_ratio_and_the_spread_of_the_repeats(monkeypatch):
    row = compared(monkeypatch, mine=[1.0, 2.0, 10.0], other=[4.0, 5.0, 5.0])
    assert (row.ours, row.theirs) == (5.0, 2.0)
    assert row.ratio == 2.5
    assert row.spread == (0.5, 4.0)
    assert row.met
    assert set(row.as_json()) == KEYS


def test_an_aim_that_is_not_reached_is_said(monkeypatch):
    row = compared(monkeypatch, mine=[2.0, 2.0, 2.0], other=[2.0, 2.0, 2.0], aim=1.01)
    assert not row.met
    assert "NOT MET" in bench._table([row])


# --- In earnest, small -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", bench.BENCHMARKS)
def test_each_benchmark_measures_both_in_one_run_and_leaves_nothing_behind(name, portal, settings):
    before, files = everything_stored(), Path(settings.MEDIA_ROOT)
    there = sorted(files.rglob("*")) if files.exists() else []
    broker = app.conf.broker_url
    answer = json.loads(run(name, size=SMALL[name], json=True))
    (row,) = answer["rows"]
    assert set(row) == KEYS
    assert row["row"] == name
    assert row["ours"] > 0
    assert row["theirs"] > 0
    assert row["ratio"] == pytest.approx(row["ours"] / row["theirs"])
    within = row["ratio"] >= row["aim"]
    assert row["met"] == within or (name == WITH_MORE_BARS and not row["met"])
    assert connection.settings_dict["NAME"] == portal
    assert everything_stored() == before
    assert (sorted(files.rglob("*")) if files.exists() else []) == there
    assert databases_of_benchmarks() == []
    assert app.conf.broker_url == broker
    assert not (settings.DATA_DIR / "bench.json").exists(), "one benchmark is not the table"


def test_all_of_them_make_a_table_and_bench_json(portal, settings, monkeypatch):
    rows = {
        name: measuring.Row(name, 3.0, "x/s", "y", 2.0, 1.5, 1.0, True, (1.4, 1.6))
        for name in bench.BENCHMARKS
    }
    given: dict[str, int] = {}

    def instead(name: str):
        def measure(size: int) -> measuring.Row:
            given[name] = size
            return rows[name]

        return measure

    usual = {name: size for name, (_, size) in bench.BENCHMARKS.items()}
    monkeypatch.setattr(bench, "BENCHMARKS", {name: (instead(name), size) for name, size in usual.items()})
    table = run("--all")
    assert given == usual
    assert [line.split()[0] for line in table.splitlines()] == ["row", *rows]
    written = json.loads((settings.DATA_DIR / "bench.json").read_text())
    assert [row["row"] for row in written] == list(rows)
    assert all(set(row) == KEYS for row in written)
    assert {"certificates", "recompute", "catalogue", "search", "submit"} <= set(bench.BENCHMARKS)


def test_a_promise_that_is_broken_ends_the_command_with_one(portal, monkeypatch, capsys):
    row = measuring.Row("submit", 3.0, "x/s", "y", 2.0, 1.5, 1.0, True, (1.4, 1.6), ("counted: 8",), "lost 1")
    monkeypatch.setattr(bench, "BENCHMARKS", {"submit": (lambda _: row, 1)})
    told = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("bench", "submit", stdout=told, stderr=StringIO())
    assert ended.value.code == 1
    assert told.getvalue().splitlines()[-1] == "counted: 8"


def test_what_was_told_and_what_is_stored_are_compared(db):
    end, second = timezone.now(), timedelta(seconds=1)

    def press(nomination, *, received, where="tanda-terima"):
        return nominating.Press(
            nomination.pk, received - second, received + second, 302, f"/usulan/1/{where}/", received
        )

    sent, draft = NominationFactory(in_state="submitted"), NominationFactory()
    whole = [press(sent, received=end - second), press(draft, received=end, where="periksa")]
    tally = nominating._count(whole, end)
    assert (tally.in_time, tally.too_late, tally.accepted, tally.broken()) == (1, 1, 1, "")
    for presses, words in (
        ([press(sent, received=end)], "accepted_late 1"),
        ([press(draft, received=end - second, where="periksa")], "refused_in_time 1"),
        ([press(draft, received=end - second)], "lost 1"),
        ([nominating.Press(sent.pk, end)], "unanswered 1"),
        ([replace(whole[0], sent=end)], "stamped_wrongly 1"),
    ):
        assert words in nominating._count(presses, end).broken()
    copy = sent.latest_submission()
    copy.pk, copy.sequence = None, 2
    copy.save()
    assert "twice 1" in nominating._count(whole, end).broken()


def test_a_benchmark_that_fails_leaves_nothing_behind_either(portal, settings, monkeypatch):
    def measure(_: int) -> measuring.Row:
        Round.objects.create(year=2077)
        (Path(settings.MEDIA_ROOT) / "left").write_text("x")
        raise RuntimeError("2 of 3 were not made")

    monkeypatch.setattr(bench, "BENCHMARKS", {"certificates": (measure, 1)})
    before, media = everything_stored(), settings.MEDIA_ROOT
    with pytest.raises(RuntimeError, match="2 of 3"):
        run("certificates")
    assert everything_stored() == before
    assert media == settings.MEDIA_ROOT
    assert databases_of_benchmarks() == []


def test_what_a_killed_benchmark_left_is_dropped_by_the_next(portal, monkeypatch):
    databases.copy_of("template1", "ovop_bench_999999999_work")
    monkeypatch.setattr(bench, "BENCHMARKS", {"search": (lambda _: pytest.fail("not measured"), 1)})
    with scratch.server():
        assert "ovop_bench_999999999_work" not in databases_of_benchmarks()


@pytest.mark.parametrize(
    "words", [["unknown"], [], ["certificates", "--all"], ["certificates", "--size", "0"]]
)
def test_what_cannot_be_measured_is_refused(words):
    with pytest.raises(CommandError):
        run(*words)
