"""docker-compose.yml, as far as it can be proved without a container engine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import yaml

from ovop_portal import embedded, embedded_postgresql

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)


def test_every_service_of_one_server_is_there():
    always = {"postgres", "redis", "prepare", "web", "worker", "beat", "front"}
    assert set(COMPOSE["services"]) == {*always, "signer"}
    assert {name for name in COMPOSE["services"] if "profiles" not in COMPOSE["services"][name]} == always


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


def test_the_signer_has_no_privilege_no_disk_and_sees_no_other_server():
    signer = COMPOSE["services"]["signer"]
    assert (signer["cap_drop"], signer["read_only"]) == (["ALL"], True)
    assert signer["security_opt"] == ["no-new-privileges:true"]
    assert signer["memswap_limit"] == signer["mem_limit"], "nothing of its memory is ever swapped to a disk"
    assert signer["ulimits"] == {"core": 0}
    assert signer["volumes"] == ["sockets:/data/sockets"]
    assert signer["networks"] == ["signing"]
    assert not any(
        "signing" in service.get("networks", [])
        for name, service in COMPOSE["services"].items()
        if name != "signer"
    )
    for name in ("web", "worker"):
        assert "sockets:/data/sockets" in COMPOSE["services"][name]["volumes"]
    for name in ("DATABASE_URL", "REDIS_URL"):
        assert "nowhere" in signer["environment"][name]
    assert "OVOP_APP_PASSWORD" not in str(
        {**signer, "environment": {**signer["environment"], "DATABASE_URL": ""}}
    )


def test_the_signer_begins_with_what_compose_gives_it_and_its_health_is_seen(tmp_path):
    signer = COMPOSE["services"]["signer"]
    given = {
        "OVOP_SECRET_KEY": "x" * 50,
        "OVOP_HOST": "ovop.example",
        "OVOP_SIGNER": "bsre",
        "OVOP_BSRE_URL": "https://tte.example",
        "OVOP_BSRE_USER": "portal",
        "OVOP_BSRE_PASSWORD": "of the tests",
    }
    environment = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
    for name, text in signer["environment"].items():
        environment[name] = re.sub(
            r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda found: given.get(found[1], ""), str(text)
        )
    environment["OVOP_DATA_DIR"] = str(tmp_path)
    check = [sys.executable, *signer["healthcheck"]["test"][2:]]
    assert subprocess.run(check, env=environment, capture_output=True, timeout=30).returncode != 0
    command = [sys.executable, *signer["command"][1:]]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline().startswith("signing at")
        assert subprocess.run(check, env=environment, timeout=30).returncode == 0
        assert [path.name for path in tmp_path.rglob("*")] == ["sockets", "signer.sock"]
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


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
