"""The portal's own database role reads history and adds to it; it can change nothing, whatever it switches off."""

import pytest
from django.db import ProgrammingError, connection, transaction

from audit import append_only
from tests.factories.nominations import RoundFactory

pytestmark = pytest.mark.django_db


def as_the_app(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE ovop_app")
        # What pgtrigger.ignore() does: the triggers let everything through.
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{audit_entry:append_only}"])
        cursor.execute(statement)
        touched = cursor.rowcount
        transaction.set_rollback(True)
    return touched


def test_history_copies_and_sheets_are_among_them():
    assert {
        "audit_entry", "audit_link", "audit_reading", "nominations_submission", "nominations_repairremark",
        "assessment_sheet", "assessment_reopening", "assessment_comment", "nominations_nominationevent",
        "assessment_scoreevent", "awards_awardevent",
    } <= set(append_only.tables())  # fmt: skip


@pytest.mark.parametrize("table", append_only.tables())
def test_none_of_them_is_changed_emptied_or_truncated(table):
    as_the_app(f"SELECT count(*) FROM {table}")
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            as_the_app(statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_any_column_privilege('ovop_app', %s, 'UPDATE')", [table])
        assert cursor.fetchone() == (False,)


def test_what_does_change_can_be_changed():
    RoundFactory()
    assert as_the_app("UPDATE nominations_round SET objection_days = 7") == 1
