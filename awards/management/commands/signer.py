"""`manage.py signer`: the process that holds the signatory's secret and has papers signed (awards/signing_process.py)."""

import signal
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from awards import signing_process
from awards.signing_bsre import Service


class Command(BaseCommand):
    help = (
        "Hold the signatory's one-time secret in memory and sign through the national service, until SIGTERM."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SIGNER != "bsre":
            raise CommandError("OVOP_SIGNER is not bsre: there is nothing to hold")
        if settings.IS_PRODUCTION and not settings.BSRE_URL.startswith("https://"):
            raise CommandError("OVOP_BSRE_URL must begin with https:// in production")
        signing_process.guard_memory()
        service = Service(settings.BSRE_URL, settings.BSRE_USER, settings.BSRE_PASSWORD)
        try:
            signer = signing_process.Signer(settings.SIGNER_SOCKET, service, minutes=settings.SECRET_MINUTES)
        except OSError as problem:
            raise CommandError(str(problem)) from None
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=signer.shutdown).start())
        self.stdout.write(f"signing at {settings.SIGNER_SOCKET}")
        sys.stdout.flush()
        try:
            signer.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            signer.server_close()
            settings.SIGNER_SOCKET.unlink(missing_ok=True)
