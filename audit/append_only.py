"""
Which tables only ever grow, and that the portal's own database role may not change their rows.

Triggers refuse as well, but a session can switch those off by a setting (pgtrigger.ignore); a right that the role
does not have, it cannot give itself.
"""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from pghistory.models import Event

APP_ROLE = "ovop_app"


def tables() -> list[str]:
    """The tables of models that say `append_only = True`, and of the versions that pghistory keeps."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "append_only", False) or issubclass(model, Event)
    )


def take_rights(connection: BaseDatabaseWrapper) -> int:
    """As the owner: leave the app reading and adding on these tables; return on how many. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            return 0  # a database with one role only
        there = set(connection.introspection.table_names(cursor))
        kept = [table for table in tables() if table in there]
        for table in kept:
            name = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {APP_ROLE}")
    return len(kept)
