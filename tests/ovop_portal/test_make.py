"""`make` explains itself, sets up what is missing and nothing else, and checks the lock files."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")


def load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(path).stem, PROJECT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


setup_machine = load("ovop_portal/setup_machine.py")
locks = load(".ci/locks.py")
audit = load(".ci/audit.py")


# --- make ------------------------------------------------------------------------------------------------------
def test_bare_make_lists_every_target_of_the_contract_with_a_sentence():
    listed = subprocess.run(
        ["make"], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=30
    ).stdout
    told = dict(line.removeprefix("make ").split(maxsplit=1) for line in listed.splitlines())
    assert {"run", "test", "check", "bench", "screenshots", "setup", "help", "stop"} <= set(told)


def test_every_target_is_either_explained_or_part_of_one_that_is():
    targets = set(re.findall(r"^\.PHONY: ([a-z-]+)$", MAKEFILE, re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    unexplained = {
        target for target in targets if not re.search(rf"^{target}:.*## \S", MAKEFILE, re.MULTILINE)
    }
    assert {target for target in unexplained if not target.startswith("check-")} == set()


def test_ci_calls_check_and_test_and_nothing_else():
    calls = [line for line in (PROJECT / ".ci" / "run").read_text().splitlines() if line.startswith("make")]
    assert calls == ["make check < /dev/null", "make test < /dev/null"]


# --- set-up ----------------------------------------------------------------------------------------------------
@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A checkout with locks and a made .venv, and a record of the programs that the set-up would call."""
    called: list[list[str]] = []

    def record(command, **_):
        called.append([str(word) for word in command])
        return subprocess.CompletedProcess(command, 0, "", "")

    for lock in setup_machine.LOCKS.values():
        (tmp_path / lock).write_text(f"django==5.2.19 # {lock}\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    monkeypatch.setattr(setup_machine, "PROJECT", tmp_path)
    monkeypatch.setattr(setup_machine, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup_machine.subprocess, "run", record)
    return called


def test_requirements_are_installed_by_hash_and_only_when_the_lock_changes(machine, tmp_path):
    setup_machine.install_environment("runtime")
    assert len(machine) == 1
    assert "--require-hashes" in machine[0]
    setup_machine.install_environment("runtime")
    assert len(machine) == 1
    (tmp_path / "requirements.txt").write_text("django==5.2.20\n")
    setup_machine.install_environment("runtime")
    assert len(machine) == 2


def test_a_failed_installation_is_one_line_and_is_tried_again(machine, tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess(
        [], 1, "", "WARNING: x\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES\nmore"
    )
    monkeypatch.setattr(setup_machine.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(
        setup_machine.CannotSetUp, match=r"^pip could not install requirements\.txt: ERROR: THESE"
    ):
        setup_machine.install_environment("runtime")
    assert not list((tmp_path / ".venv").glob(".*-is-installed"))


def test_without_root_the_one_line_to_run_is_printed_and_the_rest_goes_on(machine, monkeypatch, capsys):
    monkeypatch.setattr(setup_machine, "missing_packages", lambda names: [n for n in names if n == "gettext"])
    monkeypatch.setattr(setup_machine, "_become_root", lambda: None)
    setup_machine.install_packages("runtime")
    assert machine == []
    assert capsys.readouterr().out.splitlines() == [
        "not installed: gettext, for the English pages",
        "to install what is missing, run: "
        "sudo apt-get update && sudo apt-get install --no-install-recommends gettext",
    ]


def test_chromium_is_for_tests_and_not_asked_of_ubuntu(monkeypatch):
    monkeypatch.setattr(setup_machine.shutil, "which", lambda _: None)
    monkeypatch.setattr(setup_machine, "_distribution", lambda: "debian")
    browsers = {"chromium", "chromium-headless-shell"}
    assert browsers <= setup_machine.wanted_packages("dev").keys()
    assert not browsers & setup_machine.wanted_packages("runtime").keys()
    monkeypatch.setattr(setup_machine, "_distribution", lambda: "ubuntu")
    assert not browsers & setup_machine.wanted_packages("dev").keys()


def test_set_up_needs_nothing_but_the_standard_library():
    done = subprocess.run(
        [sys.executable, "-I", "-S", "ovop_portal/setup_machine.py", "nothing"],
        cwd=PROJECT, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "say runtime or dev\n")


# --- lock files ------------------------------------------------------------------------------------------------
GOOD = "django==5.2.19 \\\n    --hash=sha256:aa\n    # via ovop\npsycopg2-binary==2.9.13 \\\n    --hash=sha256:bb\n"


def test_the_locks_of_this_project_are_in_step_and_hold_no_address(capsys):
    assert locks.main() == 0, capsys.readouterr().out
    assert locks.problems(GOOD, ["django~=5.2.0", "psycopg2_binary"], name="lock") == []


@pytest.mark.parametrize(
    ("lock", "asked", "told"),
    [
        (GOOD, ["celery"], "lock: celery of pyproject.toml is not locked"),
        (GOOD, ["django>=6"], "lock: django 5.2.19 is not >=6"),
        ("--index-url x\n" + GOOD, [], "lock, line 1: holds an address"),
        (GOOD + "# from ftp://somewhere\n", [], "lock, line 6: holds an address"),
        ("django==5.2.19\n", [], "lock: django has no hash"),
    ],
)
def test_what_is_wrong_with_a_lock_is_named(lock, asked, told):
    assert locks.problems(lock, asked, name="lock") == [told]


# --- known holes -----------------------------------------------------------------------------------------------
def packages(*each: dict) -> str:
    return json.dumps(
        {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []} | one for one in each]}
    )


def test_a_known_hole_fails_the_audit_and_is_named():
    hole = {"id": "PYSEC-1", "fix_versions": ["5.2.20"], "aliases": []}
    assert audit.verdict(packages({"vulns": [hole]}, {}), "") == (
        1,
        ["django 5.2.19: PYSEC-1, mended in 5.2.20"],
    )


@pytest.mark.parametrize(
    ("written", "complaint", "told"),
    [
        (
            "",
            "Traceback\nServiceError: HTTPSConnectionPool(host='a.example') https://a.example refused",
            "ServiceError",
        ),
        (packages({"skip_reason": "not found"}), "", "knows none of the packages"),
    ],
)
def test_an_audit_that_cannot_be_made_says_so_in_one_line_and_fails_nothing(written, complaint, told):
    status, lines = audit.verdict(written, complaint)
    assert status == 0
    assert len(lines) == 1
    assert lines[0].startswith("not run: dependency audit")
    assert told in lines[0]
    assert "a.example" not in lines[0]


def test_a_clean_audit_says_how_many_were_looked_at():
    assert audit.verdict(packages({}, {"name": "celery"}), "") == (
        0,
        ["dependency audit: no known holes in 2 packages"],
    )
