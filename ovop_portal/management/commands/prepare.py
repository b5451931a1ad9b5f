"""What stands between a new version and its first request: `make run` and docker-compose.yml both begin with it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands
from django.utils import timezone

from awards import signing


class Command(BaseCommand):
    help = "Migrate, load the reference data (every command named load_…), in production gather the static files."
    requires_system_checks: list[str] = []

    def handle(self, *, verbosity: int, **_: Any) -> None:
        # Each of them may be repeated, and says nothing where nothing changes.
        call_command("migrate", verbosity=verbosity, interactive=False)
        for name in sorted(name for name in get_commands() if name.startswith("load_")):
            call_command(name, verbosity=verbosity)
        self._make_ready_to_sign()
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if settings.IS_PRODUCTION:
            call_command("collectstatic", verbosity=verbosity, interactive=False)

    def _make_ready_to_sign(self) -> None:
        """The certificate for trying is made here; in production one line says what is missing, and nothing stops."""
        try:
            signing.make_ready(at=timezone.now())
        except signing.CannotSign as problem:
            self.stderr.write(f"nothing can be signed yet ({problem.code}): docs/settings.md, OVOP_SIGNER")
