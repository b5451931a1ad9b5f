"""Django's migrate, one at a time: two machines, or two starts at once, would otherwise race for the same tables."""

from typing import Any
from unittest.mock import patch

from django.core.management.commands import migrate
from django.db import connections

from audit import append_only
from ovop_portal.empty_database import SparingExecutor

# Any number will do as long as everyone takes the same: "ovop" in ASCII.
LOCK = 0x6F766F70


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                if options["verbosity"]:
                    self.stderr.write("waiting for another migrate to finish")
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            with patch.object(migrate, "MigrationExecutor", SparingExecutor):
                super().handle(*args, **options)
            append_only.take_rights(connection)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
