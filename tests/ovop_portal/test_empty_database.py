"""An empty database is migrated with fewer models rendered, and comes out as Django would have made it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState, StateApps
from psycopg2 import sql

from ovop_portal.empty_database import SparingExecutor, keeps_to_its_model
from tests import databases

# Tables, columns added and altered, relations, constraints, indexes, triggers, SQL and views over them.
TARGETS = [("files", "0002_checked_files_and_uploads"), ("audit", "0001_initial")]
SCHEMA = (
    """SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
              pg_get_expr(d.adbin, d.adrelid)
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, condeferred
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    """SELECT proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'""",
    "SELECT app, name FROM django_migrations",
)


@contextmanager
def an_empty_database() -> Iterator[None]:
    name = f"ovop_test_empty_{settings.RUN}"
    databases._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        with databases.pointed_at(name):
            yield
    finally:
        databases.drop(name)


def schema() -> list[list[str]]:
    with connection.cursor() as cursor:
        found = []
        for query in SCHEMA:
            cursor.execute(query)
            found.append(sorted(map(repr, cursor.fetchall())))
        return found


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models rendered since, each time."""
    names: list[str] = []
    render = StateApps.render_multiple

    def counted(self: StateApps, states: list) -> None:
        names.extend(state.name_lower for state in states)
        render(self, states)

    monkeypatch.setattr(StateApps, "render_multiple", counted)
    return names


@pytest.mark.django_db(transaction=True)
def test_the_schema_is_the_one_that_djangos_own_way_makes(rendered):
    with an_empty_database():
        MigrationExecutor(connection).migrate(TARGETS)
        expected, by_django = schema(), len(rendered)
    rendered.clear()
    with an_empty_database():
        SparingExecutor(connection).migrate(TARGETS)
        assert schema() == expected
    assert all(expected)
    assert len(rendered) < by_django / 2


@pytest.mark.django_db
def test_a_database_that_holds_something_is_migrated_in_djangos_own_way():
    assert not SparingExecutor(connection).begins_empty


PLAIN = models.CharField(max_length=5)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Award", fields=[("name", PLAIN)]),
        migrations.AddField("award", "round", models.ForeignKey("nominations.Round", models.PROTECT)),
        migrations.AlterField("award", "name", PLAIN),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AddField("award", "name", PLAIN)]
        ),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_only_adds_to_its_own_table_needs_no_other_model(operation):
    assert keeps_to_its_model(operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RenameModel("Award", "Prize"),
        migrations.RenameField("award", "name", "title"),
        migrations.RemoveField("award", "name"),
        migrations.DeleteModel("Award"),
        migrations.AddField("award", "people", models.ManyToManyField("accounts.Person")),
        # Other tables may refer to it, and their columns change along with it.
        migrations.AlterField("award", "code", models.CharField(max_length=5, unique=True)),
        migrations.AlterField("award", "code", models.CharField(max_length=5, primary_key=True)),
        migrations.AlterField("award", "round", models.OneToOneField("nominations.Round", models.PROTECT)),
        migrations.CreateModel("Gold", fields=[], bases=("awards.award",)),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Award")]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_touches_other_tables_goes_djangos_way(operation):
    assert not keeps_to_its_model(operation)


def test_what_is_rendered_sparingly_is_rendered_whole_before_somebody_looks_further():
    from ovop_portal.empty_database import _only_the_changed_model_is_rendered

    state = ProjectState()
    add = migrations.CreateModel("Award", fields=[("id", models.BigAutoField(primary_key=True))])
    refer = migrations.CreateModel(
        "Seal",
        fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("award", models.ForeignKey("awards.Award", models.PROTECT)),
        ],
    )
    add.state_forwards("awards", state)
    refer.state_forwards("awards", state)
    assert state.apps
    with _only_the_changed_model_is_rendered():
        migrations.AddField("award", "name", PLAIN).state_forwards("awards", state)
    state.clear_delayed_apps_cache()
    seal = state.apps.get_model("awards", "Seal")
    assert {field.name for field in seal._meta.get_field("award").related_model._meta.fields} == {
        "id",
        "name",
    }
