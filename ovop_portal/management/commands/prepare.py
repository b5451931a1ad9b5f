"""What stands between a new version and its first request: `make run` and docker-compose.yml both begin with it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands


class Command(BaseCommand):
    help = "Migrate, load the reference data (every command named load_…), in production gather the static files."
    requires_system_checks: list[str] = []

    def handle(self, *, verbosity: int, **_: Any) -> None:
        # Each of them may be repeated, and says nothing where nothing changes.
        call_command("migrate", verbosity=verbosity, interactive=False)
        for name in sorted(name for name in get_commands() if name.startswith("load_")):
            call_command(name, verbosity=verbosity)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if settings.IS_PRODUCTION:
            call_command("collectstatic", verbosity=verbosity, interactive=False)
