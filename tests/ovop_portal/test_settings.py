"""The settings: read once from the environment, all explained, and unfit ones refused in production."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FIT = {
    "OVOP_ENV": "production",
    "OVOP_SECRET_KEY": "k" * 40,
    "OVOP_ALLOWED_HOSTS": "ovop.example",
    "OVOP_PORTAL_URL": "https://ovop.example",
}
SHOW = """
import django.conf
settings = django.conf.settings
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.DEBUG,
      settings.SECURE_HSTS_SECONDS, settings.SECOND_FACTOR_REQUIRED)
"""


def started_with(tmp_path, **environment):
    """A process of its own that reads the settings with this environment and nothing of the tests'."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=PROJECT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "ovop_portal.settings", "OVOP_DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )  # fmt: skip


def test_a_portal_on_one_machine_needs_none(tmp_path):
    done = started_with(tmp_path)
    assert done.stdout.split() == ["sesi", "csrf", "False", "False", "0", "False"], done.stderr


def test_in_production_cookies_are_bound_to_the_host_and_the_second_factor_is_asked(tmp_path):
    done = started_with(tmp_path, **FIT)
    assert done.stdout.split() == ["__Host-sesi", "__Host-csrf", "True", "False", "31536000", "True"], (
        done.stderr
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OVOP_SECRET_KEY", ""),
        ("OVOP_SECRET_KEY", "only-for-a-portal-on-this-machine"),
        ("OVOP_SECRET_KEY", "short"),
        ("OVOP_DEBUG", "1"),
        ("OVOP_ALLOWED_HOSTS", ""),
        ("OVOP_ALLOWED_HOSTS", "*"),
        ("OVOP_PORTAL_URL", "http://ovop.example"),
    ],
)
def test_in_production_it_does_not_start_with_an_unfit_one(tmp_path, name, value):
    done = started_with(tmp_path, **{**FIT, name: value})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert name in last
    assert "docs/settings.md" in last
    assert not value or value in ("1", "*") or value not in last


@pytest.mark.parametrize(
    "pattern", ["OVOP/{nnnn}", "OVOP/{tahun}", "{tahun}{nnnn}", "{nnnn}/{tahun}", "ovop {tahun}/{nnnn}"]
)
def test_a_pattern_of_numbers_without_its_count_last_is_not_taken(pattern):
    from ovop_portal.settings import number_pattern

    assert number_pattern("B-IKMA.{tahun}-{nnnn}") == "B-IKMA.{tahun}-{nnnn}"
    with pytest.raises(ValueError):
        number_pattern(pattern)


def test_one_that_cannot_be_read_is_named_without_its_value(tmp_path):
    done = started_with(tmp_path, OVOP_DEBUG="perhaps")
    last = done.stderr.strip().splitlines()[-1]
    assert "OVOP_DEBUG cannot be read" in last
    assert "perhaps" not in last


def test_each_one_that_is_read_is_explained_and_no_other():
    sources = [*PROJECT.glob("ovop_portal/**/*.py")]
    read = set()
    for path in sources:
        text = path.read_text(encoding="utf-8")
        read |= set(re.findall(r'\benv\(\s*"([A-Z_]+)"', text))
        read |= set(
            re.findall(r'environ(?:\.get)?[\[(]\s*"((?:OVOP_|DATABASE_|REDIS_|EMAIL_|PORT\b)[A-Z_]*)"', text)
        )
    explained = set(
        re.findall(r"^\| `([A-Z_]+)`", (PROJECT / "docs/settings.md").read_text(encoding="utf-8"), re.M)
    )
    assert read == explained
