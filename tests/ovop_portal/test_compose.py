"""docker-compose.yml, as far as it can be proved without a container engine."""

import os
import re
import subprocess
from pathlib import Path

import psycopg2
import pytest
import yaml

from ovop_portal import embedded, embedded_postgresql

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)


def test_every_service_of_one_server_is_there():
    assert set(COMPOSE["services"]) == {"postgres", "redis", "prepare", "web", "worker", "beat", "front"}


def test_the_portals_services_are_one_image_with_the_same_settings():
    ours = [COMPOSE["services"][name] for name in ("prepare", "web", "worker", "beat")]
    assert {service["image"] for service in ours} == {"ovop-portal"}
    shared = COMPOSE["x-portal"]["environment"]
    for service in ours:
        assert {name: service["environment"][name] for name in shared} == shared
        assert service["environment"]["OVOP_ENV"] == "production"


def test_only_the_migration_has_the_owners_password():
    with_it = {name for name, service in COMPOSE["services"].items() if "OVOP_OWNER_PASSWORD" in str(service)}
    assert with_it == {"postgres", "prepare"}


def test_only_the_front_server_is_open_to_the_outside():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["front"]


def test_no_secret_is_written_down():
    for name in ("OVOP_SECRET_KEY", "OVOP_OWNER_PASSWORD", "OVOP_APP_PASSWORD"):
        assert re.search(rf"\$\{{{name}:\?", TEXT), f"{name} is demanded from the environment"
        assert not re.search(rf"\$\{{{name}:-", TEXT), f"{name} has no default"


def test_every_setting_it_gives_is_one_the_portal_reads():
    known = set(re.findall(r"`([A-Z_]+)`", (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert set(COMPOSE["x-portal"]["environment"]) - known == set()


@pytest.fixture
def empty_server(tmp_path):
    embedded.ensure_running(tmp_path, servers=["postgres"], say=lambda _: None)
    superuser = psycopg2.connect(embedded.postgres_url(tmp_path, role="postgres", database="postgres"))
    superuser.autocommit = True
    with superuser.cursor() as cursor:  # as a fresh image has it: no roles, no database
        cursor.execute("DROP DATABASE ovop")
        cursor.execute("CREATE DATABASE fresh TEMPLATE template0")
    superuser.close()
    yield tmp_path
    embedded.stop(tmp_path)


def test_the_first_start_of_the_database_makes_roles_and_database(empty_server, tmp_path):
    script = tmp_path / "10-database.sh"
    script.write_text(COMPOSE["configs"]["database"]["content"].replace("$$", "$"))
    done = subprocess.run(
        ["bash", "-eu", str(script)], capture_output=True, text=True, timeout=60,
        env={
            **os.environ, "PGHOST": str(empty_server / "sockets"), "ROLES_SQL": str(embedded_postgresql.ROLES_SQL),
            "PATH": f"{embedded_postgresql.programs()}:{os.environ['PATH']}",
            "OVOP_OWNER_PASSWORD": "fromTheEnvironment1", "OVOP_APP_PASSWORD": "fromTheEnvironment2",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    owner = psycopg2.connect(embedded.postgres_url(empty_server, role=embedded.OWNER_ROLE))
    with owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE sentra (id int)")
        cursor.execute(
            "SELECT has_table_privilege('ovop_app', 'sentra', 'UPDATE'), pg_catalog.current_database()"
        )
        assert cursor.fetchone() == (True, "ovop")
        cursor.execute("SELECT has_table_privilege('ovop_app', 'sentra', 'TRUNCATE')")
        assert cursor.fetchone() == (False,)
    owner.close()
