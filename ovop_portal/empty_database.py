"""
The first migrate of an empty database, in seconds where Django's own way takes a minute.

Django renders, for each operation, every model that hangs together with the changed one: here that is all of them,
some hundred and fifty classes for each of five hundred operations, nine tenths of the time that `migrate` took.
Operations that only add, or touch nothing but their own table, need no other model than that one. So on an empty
database such migrations render that one alone; the state is marked as delayed, Django's own word for "render
everything before somebody looks further" (RunPython, the signals after migrating). Every other migration, and every
database that holds anything already, goes Django's way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.contrib.postgres.operations import CreateExtension
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

_WITHIN_ONE_TABLE = (
    operations.AddField, operations.AddIndex, operations.AddConstraint, operations.RemoveConstraint,
    operations.AlterModelOptions, AddTrigger, RemoveTrigger,
    operations.RunSQL, operations.RunPython, CreateExtension,
)  # fmt: skip


class SparingExecutor(MigrationExecutor):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begins_empty = not self.loader.applied_migrations

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if self.begins_empty and all(keeps_to_its_model(operation) for operation in migration.operations):
            with _only_the_changed_model_is_rendered():
                return super().apply_migration(state, migration, fake, fake_initial)
        state.clear_delayed_apps_cache()
        return super().apply_migration(state, migration, fake, fake_initial)


def keeps_to_its_model(operation: Operation) -> bool:
    """Tell whether this operation writes the same SQL if all other models look as they did when they were made."""
    match operation:
        case operations.SeparateDatabaseAndState():
            return all(
                keeps_to_its_model(part)
                for part in [*operation.database_operations, *operation.state_operations]
            )
        case operations.CreateModel():
            # A model that inherits from another migrated one hangs on that one's class.
            return not any(isinstance(base, str) for base in operation.bases or ())
        case operations.AlterField():
            return not (operation.field.is_relation or operation.field.unique)
        case operations.AddField():
            return not isinstance(operation.field, models.ManyToManyField)
    return isinstance(operation, _WITHIN_ONE_TABLE)


@contextmanager
def _only_the_changed_model_is_rendered() -> Iterator[None]:
    def itself(
        self: ProjectState, app_label: str, model_name: str, delay: bool = False
    ) -> set[tuple[str, str]]:
        self.is_delayed = True
        between = _many_to_many_tables(self, app_label, model_name)
        return {(app_label, model_name), *((table.app_label, table.model_name) for table in between)}

    with patch.object(ProjectState, "_find_reload_model", itself):
        yield


def _many_to_many_tables(state: ProjectState, app_label: str, model_name: str) -> list[Any]:
    """The tables between, which are rendered along with the model that has the relation."""
    try:
        model = state.apps.get_model(app_label, model_name)
    except LookupError:
        return []
    # A swapped model, auth.User here, has no such tables.
    between = [field.remote_field.through for field in model._meta.local_many_to_many]
    return [through._meta for through in between if through is not None and through._meta.auto_created]
