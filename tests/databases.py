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
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
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
# The tests' own server, where a power cut costs nothing: it waits for no disk (docs/decisions/0123). Nor does it clean
# up by itself, which would be in the way of dropping a database.
NOTHING_TO_LOSE = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    "checkpoint_timeout": "1h", "max_wal_size": "2GB",
}  # fmt: skip
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


def renew(template: str, name: str) -> None:
    """
    Bring the database `name` back to what `template` holds: what was written since is taken out where it lies, at a
    tenth of the cost of a new copy; a new copy is made where more than rows were changed.
    """
    known = _what_stays(template)
    try:
        with _line_to(name) as cursor:
            if _fingerprints(cursor, known.tables) == known.fingerprints:
                return _take_out_the_rest(cursor, known)
    except psycopg2.OperationalError:
        pass  # it is not there, or somebody holds a lock and does not let go
    copy_of(template, name)


# One row that triggers write the instant of the last change into; renewed too.
_STAMP = "catalogue_lastchange"


@dataclass(frozen=True)
class Lasting:
    """
    What a test leaves alone: the schema and the reference data, each as a hash; where the sequences stand, and what
    the stamp says.
    """

    tables: tuple[str, ...]
    fingerprints: tuple[str, ...]
    sequences: dict[str, int | None]
    stamp: datetime


@cache
def _what_stays(template: str) -> Lasting:
    with _line_to(template) as cursor:
        tables = _tables_with_rows(cursor)
        cursor.execute(sql.SQL("SELECT at FROM {}").format(sql.Identifier(_STAMP)))
        (stamp,) = cursor.fetchone()
        return Lasting(tables, _fingerprints(cursor, tables), _sequences(cursor), stamp)


def _fingerprints(cursor: "psycopg2.extensions.cursor", tables: tuple[str, ...]) -> tuple[str, ...]:
    cursor.execute("""
        SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
            SELECT concat(relname, relkind, relnatts, relacl) AS line
              FROM pg_class WHERE relnamespace = 'public'::regnamespace
             UNION ALL
            SELECT concat(tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        ) AS lines""")
    found = [cursor.fetchone()[0]]
    for table in tables:
        rows = sql.SQL("SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {} AS t")
        cursor.execute(rows.format(sql.Identifier(table)))
        found.append(cursor.fetchone()[0])
    return tuple(found)


def _tables_with_rows(cursor: "psycopg2.extensions.cursor") -> tuple[str, ...]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s", [_STAMP]
    )
    each = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    lines = [each.format(sql.Literal(name), sql.Identifier(name)) for (name,) in cursor.fetchall()]
    cursor.execute(sql.SQL(" UNION ALL ").join(lines))
    return tuple(sorted(row[0] for row in cursor.fetchall()))


def _sequences(cursor: "psycopg2.extensions.cursor") -> dict[str, int | None]:
    cursor.execute("SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public'")
    return dict(cursor.fetchall())


def _take_out_the_rest(cursor: "psycopg2.extensions.cursor", known: Lasting) -> None:
    written = [sql.Identifier(table) for table in _tables_with_rows(cursor) if table not in known.tables]
    steps = [sql.SQL("SET LOCAL lock_timeout = '3s'")]
    # History refuses to be deleted, and deleting would write history.
    steps += [sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table) for table in written]
    steps += [sql.SQL("DELETE FROM {}").format(table) for table in written]
    steps += [sql.SQL("SET CONSTRAINTS ALL IMMEDIATE")]
    steps += [
        sql.SQL("UPDATE {} SET at = {}").format(sql.Identifier(_STAMP), sql.Literal(known.stamp.isoformat()))
    ]
    steps += [sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table) for table in written]
    for name, value in _sequences(cursor).items():
        if value != known.sequences[name]:
            steps.append(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(name)))
            if known.sequences[name] is not None:
                steps.append(
                    sql.SQL("SELECT setval({}, {})").format(
                        sql.Literal(name), sql.Literal(known.sequences[name])
                    )
                )
    cursor.execute(sql.SQL("BEGIN; {}; COMMIT").format(sql.SQL("; ").join(steps)))


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


def _maintenance() -> AbstractContextManager["psycopg2.extensions.cursor"]:
    return _line_to(os.environ.get("OVOP_TEST_MAINTENANCE_DATABASE", "postgres"))


@contextmanager
def _line_to(name: str) -> Iterator["psycopg2.extensions.cursor"]:
    known = settings.DATABASES["default"]
    line = psycopg2.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"] or None,
        dbname=name, connect_timeout=10,
    )  # fmt: skip
    line.autocommit = True
    try:
        with line.cursor() as cursor:
            yield cursor
    finally:
        line.close()
