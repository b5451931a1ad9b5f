"""
Test databases, copied from one template that was migrated once.

The template's name holds a fingerprint of everything that its migrations are made of, so a change of any of it
makes a new one, and a run without changes begins within a second. Each run and each of its workers has a copy.
"""

import ast
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
import psycopg2.errors
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg2 import sql

from ovop_portal.embedded_processes import Patience

PROJECT = Path(__file__).resolve().parent.parent
_OF_A_RUN = re.compile(r"ovop_(?:test|live)_\w+_(\d+)")


def migrated_template() -> str:
    """Return the name of an empty, migrated database; makes it, for all workers, if it is not there."""
    name = f"ovop_template_{fingerprint()}"
    with _one_at_a_time():
        existing = _databases()
        if name not in existing:
            for left in existing:
                if left.startswith("ovop_template_"):
                    drop(left)
            making = f"{name}_making"
            _execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
            with pointed_at(making):
                call_command("migrate", verbosity=0, interactive=False)
            _execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
            )
        for left in existing:
            match = _OF_A_RUN.fullmatch(left)
            if match and not psutil.pid_exists(int(match[1])):
                drop(left)
    return name


def copy_of(template: str, name: str) -> None:
    """Make the database `name` as a copy of `template`, in place of what had that name."""
    drop(name)
    with _one_at_a_time():  # two copies of one template at once would refuse each other
        _execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


def drop(name: str) -> None:
    patience = Patience(30)
    while True:
        try:
            return _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg2.errors.InsufficientPrivilege:
            # A vacuum of the server's own is in there, which nobody but a superuser may end; it ends by itself.
            if not patience.wait():
                raise


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Let Django's default connection speak to the database `name` for a while."""
    before = connection.settings_dict["NAME"]
    point_at(name)
    try:
        yield
    finally:
        point_at(before)


def point_at(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def fingerprint() -> str:
    """Return a short hash of the migrations, the modules they import, the fixtures and the locked requirements."""
    digest = hashlib.sha256()
    for path in sorted(_ingredients()):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _ingredients() -> Iterator[Path]:
    migrations = [path for path in PROJECT.glob("*/migrations/*.py") if not path.parts[-3].startswith(".")]
    yield from migrations
    yield from {module for migration in migrations for module in _imported_by(migration)}
    yield from (path for path in (PROJECT / "fixtures").rglob("*") if path.is_file())
    # Rights that are taken away after migrating, and the models that say of which tables.
    yield from (PROJECT / "audit" / "append_only.py", PROJECT / "ovop_portal" / "empty_database.py")
    yield from (PROJECT / "ovop_portal" / "management" / "commands" / "migrate.py",)
    yield from (path for models in ("models.py", "models/*.py") for path in PROJECT.glob(f"[a-z]*/{models}"))
    yield from (PROJECT / "requirements.txt", PROJECT / "ovop_portal" / "roles.sql")


def _imported_by(migration: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(migration.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            yield from (
                path
                for path in [
                    PROJECT.joinpath(*parts).with_suffix(".py"),
                    *(PROJECT.joinpath(*parts, f"{alias.name}.py") for alias in node.names),
                ]
                if path.is_file() and "migrations" not in path.parts
            )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _databases() -> list[str]:
    with _maintenance() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'ovop\\_%'")
        return [row[0] for row in cursor.fetchall()]


def _execute(statement: sql.Composable) -> None:
    with _maintenance() as cursor:
        cursor.execute(statement)


@contextmanager
def _maintenance() -> Iterator["psycopg2.extensions.cursor"]:
    known = settings.DATABASES["default"]
    line = psycopg2.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"] or None,
        dbname=os.environ.get("OVOP_TEST_MAINTENANCE_DATABASE", "postgres"), connect_timeout=10,
    )  # fmt: skip
    line.autocommit = True
    try:
        with line.cursor() as cursor:
            yield cursor
    finally:
        line.close()
