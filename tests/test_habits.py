"""The habits of tests/conftest.py, each seen to bite."""

import datetime as dt
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count, DateField
from django.template import Context, Engine, Origin, Template, engines

from audit.models import Entry
from regions.models import Province
from tests import databases
from tests.factories.nominations import NominationFactory

PROJECT = Path(__file__).resolve().parents[1]


def rendered(source: str, *, inside: Path, **given: object) -> str:
    engine: Engine = engines["django"].engine
    template = Template(source, origin=Origin(str(inside / "page.html")), name="page.html", engine=engine)
    return template.render(Context(given))


def test_an_undefined_variable_in_our_templates_fails():
    with pytest.raises(
        AssertionError, match=r"undefined template variable «sentra\.nama» in .*page\.html, line 2"
    ):
        rendered("<p>\n{{ sentra.nama }}</p>", inside=PROJECT / "templates", sentra=None)


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        ('{{ label|default:"–" }}', "–"),
        ('{{ label|default:"" }}', ""),
        ("{% if label %}a{% else %}b{% endif %}", "b"),
        ("{{ given }}", "ada"),
    ],
)
def test_a_variable_that_says_it_may_be_missing_is_left_alone(source, becomes):
    assert rendered(source, inside=PROJECT / "templates", given="ada") == becomes


def test_templates_of_packages_are_left_alone():
    assert rendered("[{{ nobody }}]", inside=Path("/usr/lib/package/templates")) == "[]"


@pytest.mark.django_db
def test_rows_without_an_order_come_in_another_one_each_time():
    orders = {tuple(ContentType.objects.order_by().values_list("pk", flat=True)) for _ in range(5)}
    assert len(orders) > 1


@pytest.mark.django_db
def test_rows_with_an_order_and_sums_are_left_alone():
    ordered = ContentType.objects.order_by("pk").values_list("pk", flat=True)
    assert [list(ordered) for _ in range(3)] == [sorted(ordered)] * 3
    each = ContentType.objects.order_by().values("app_label").annotate(number=Count("pk"))
    assert sum(row["number"] for row in each) == ContentType.objects.count()
    assert ContentType.objects.order_by().values("app_label").distinct().count() == each.count()


def test_an_instant_in_a_date_field_fails():
    with pytest.raises(TypeError, match="an instant was put into the date field"):
        DateField(name="on").get_prep_value(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_only_this_machine_can_be_reached():
    with pytest.raises(AssertionError, match="must not look up"):
        socket.getaddrinfo("ovop.example", 443)
    with socket.socket() as line, pytest.raises(AssertionError, match="must not reach"):
        line.connect(("192.0.2.1", 80))


@pytest.mark.django_db(transaction=True)
def test_what_a_transactional_test_commits_is_seen():
    Province.objects.all().delete()
    cache.set("left", "behind")
    assert not Province.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_and_is_gone_for_the_next_one_with_the_reference_data_back():
    template = databases.migrated_template()
    here = Province.objects.count()
    with databases.pointed_at(template):
        assert Province.objects.count() == here
    assert cache.get("left") is None


@pytest.fixture(scope="module")
def copied(template_database, django_db_setup, django_db_blocker):
    """The name of a copy of the template that a test may spoil if it renews it."""
    name = f"ovop_test_spoilt_{settings.RUN}"
    with django_db_blocker.unblock():
        databases.copy_of(template_database, name)
        yield name
        databases.drop(name)


@pytest.fixture
def another(copied, django_db_blocker):
    with django_db_blocker.unblock():
        yield copied


def everything_in(name):
    """The tables with rows, the schema and these rows as hashes, where the sequences stand."""
    with databases._line_to(name) as cursor:
        tables = databases._tables_with_rows(cursor)
        return tables, databases._fingerprints(cursor, tables), databases._sequences(cursor)


def test_a_database_is_renewed_where_it_lies_with_its_history_and_its_numbers(
    another, template_database, monkeypatch
):
    monkeypatch.setattr(databases, "copy_of", None)
    for _ in range(2):
        with databases.pointed_at(another), transaction.atomic():
            NominationFactory(in_state="endorsed")
            assert Entry.objects.exists()
        assert everything_in(another) != everything_in(template_database)
        databases.renew(template_database, another)
        assert everything_in(another) == everything_in(template_database)


def test_a_database_whose_reference_data_was_changed_is_made_anew(another, template_database):
    with databases.pointed_at(another), connection.cursor() as cursor:
        cursor.execute("DELETE FROM letters_holiday")
    databases.renew(template_database, another)
    assert everything_in(another) == everything_in(template_database)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE letters_holidayyear SET decree = 'lain'",
        "CREATE TABLE left_behind (number int)",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "ALTER TABLE regions_province ADD COLUMN left_behind int",
        "GRANT UPDATE ON audit_entry TO ovop_app",
    ],
)
@pytest.mark.django_db
def test_more_than_rows_changed_is_noticed(spoil):
    with connection.cursor() as cursor:
        tables = databases._tables_with_rows(cursor)
        before = databases._fingerprints(cursor, tables)
        cursor.execute(spoil)
        assert databases._fingerprints(cursor, tables) != before


@pytest.mark.django_db
def test_tests_connect_as_the_owner_who_can_look_through_the_apps_eyes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("ovop_owner",)
        cursor.execute("SET LOCAL ROLE ovop_app")
        cursor.execute("SELECT current_user, has_table_privilege('regions_province', 'TRUNCATE')")
        assert cursor.fetchone() == ("ovop_app", False)
        cursor.execute("RESET ROLE")


def test_the_fingerprint_of_the_migrations_follows_what_they_are_made_of(tmp_path, monkeypatch):
    for path in (
        "regions/migrations/0001_first.py",
        "regions/loading.py",
        "requirements.txt",
        "ovop_portal/roles.sql",
        "ovop_portal/empty_database.py",
        "ovop_portal/management/commands/migrate.py",
        "audit/append_only.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("from regions import loading\n" if "0001" in path else "one")
    (tmp_path / "fixtures").mkdir()
    monkeypatch.setattr(databases, "PROJECT", tmp_path)
    before = databases.fingerprint()
    assert before == databases.fingerprint()
    (tmp_path / "regions" / "views.py").write_text("unrelated")
    assert before == databases.fingerprint()
    (tmp_path / "regions" / "loading.py").write_text("two")
    assert before != databases.fingerprint()
