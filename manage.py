#!/usr/bin/env python
"""Django's command line, with the servers of this machine started where a command needs them."""

import os
import sys

# They look at files only, or look after the servers themselves (run).
WITHOUT_SERVERS = {
    "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "run", "startapp",
    "version", "--help", "-h", "--version",
}  # fmt: skip
# They change or copy whole tables; everything else runs with the app's rights, as the portal does.
AS_OWNER = {
    "backup", "bench", "dbshell", "flush", "lintmigrations", "loaddata", "makemigrations", "migrate", "pgtrigger", "prepare",
    "restore",
    "showmigrations", "sqlflush", "sqlmigrate", "sqlsequencereset", "squashmigrations",
}  # fmt: skip
# The same for one use of a command: what the demo leaves may be deleted by nobody else.
AS_OWNER_WITH = {"demo": "--remove"}


def prepare(words: list[str], environment: "os._Environ[str]") -> None:
    """Start what the command needs, and choose the database role it runs with."""
    from ovop_portal import embedded

    command = words[0] if words else "help"
    if command in WITHOUT_SERVERS or "--help" in words or "-h" in words:
        return
    if servers := embedded.needed_servers():
        embedded.ensure_running(embedded.data_dir_of_the_environment(), servers=servers)
    if command in AS_OWNER or AS_OWNER_WITH.get(command) in words:
        owner = environment.get("DATABASE_OWNER_URL", "").strip()
        if not owner and not environment.get("DATABASE_URL", "").strip():
            owner = embedded.postgres_url(embedded.data_dir_of_the_environment(), role=embedded.OWNER_ROLE)
        if owner:
            environment["DATABASE_URL"] = owner


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ovop_portal.settings")
    try:
        from django.core.management import execute_from_command_line

        from ovop_portal.embedded import ServersUnavailable
    except ImportError as error:
        sys.exit(f"{error.name or error} is not installed: run make setup, then .venv/bin/python manage.py …")
    try:
        prepare(sys.argv[1:], os.environ)
    except ServersUnavailable as problem:
        sys.exit(str(problem))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
