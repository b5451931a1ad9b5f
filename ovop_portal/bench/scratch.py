"""
Where benchmarks work: a database, a folder of files and a queue of their own, gone when they end.

The database is made on the same server and migrated; a commit costs there what it costs in earnest. What is queued goes
into the memory of this process: a worker of the real portal never hears of it.
"""

import io
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg2 import sql

from ovop_portal.celery import app

_PREFIX = "ovop_bench_"


class CannotMeasure(Exception):
    """There is no place to measure in; says what to do."""


@contextmanager
def server() -> Iterator[str]:
    """Make an empty portal with its reference data, and give its name: what `scratch` copies. Raises CannotMeasure."""
    _drop_what_was_left()
    name = f"{_PREFIX}{os.getpid()}"
    _make(name)
    try:
        # What it says belongs to nobody's standard output here.
        with _pointed_at(name), redirect_stdout(io.StringIO()):
            call_command("prepare", verbosity=0)
        yield name
    finally:
        _drop(name)


@contextmanager
def scratch(template: str) -> Iterator[None]:
    """Work in a copy of that portal; afterwards everything is as it was before."""
    name, folder = f"{template}_work", Path(tempfile.mkdtemp(prefix="ovop-bench-"))
    kept = settings.MEDIA_ROOT, app.conf.broker_url, logging.root.manager.disable
    _execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    settings.MEDIA_ROOT = folder
    app.conf.update(broker_url="memory://")
    logging.disable(logging.WARNING)
    try:
        with _pointed_at(name):
            yield
    finally:
        settings.MEDIA_ROOT = kept[0]
        app.conf.update(broker_url=kept[1])
        logging.disable(kept[2])
        _drop(name)
        shutil.rmtree(folder, ignore_errors=True)


def _make(name: str) -> None:
    try:
        _execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg2.errors.InsufficientPrivilege:
        raise CannotMeasure(
            "a benchmark makes a database of its own: give the owner's address in DATABASE_OWNER_URL"
        ) from None


def _drop_what_was_left() -> None:
    """Databases of benchmarks whose process is gone."""
    for name in _execute("SELECT datname FROM pg_database WHERE datname LIKE 'ovop\\_bench\\_%'"):
        number = name.removeprefix(_PREFIX).removesuffix("_work")
        if number.isdigit() and not psutil.pid_exists(int(number)):
            _drop(name)


def _drop(name: str) -> None:
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    """Let Django's connection speak to this database for a while."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _execute(statement: str | sql.Composable) -> list[Any]:
    """Run one statement outside any transaction, beside Django's connection; return its first column."""
    known = connection.settings_dict
    line = psycopg2.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"] or None,
        dbname=known["NAME"], connect_timeout=10,
    )  # fmt: skip
    line.autocommit = True
    try:
        with line.cursor() as cursor:
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()] if cursor.description else []
    finally:
        line.close()
