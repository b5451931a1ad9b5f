from typing import Any

from django.core.management import BaseCommand
from django.db import transaction

import accounts.offices
import regions.loading
from assessment import instruments
from nominations import reference


class Command(BaseCommand):
    help = "Load regions, offices, commodity groups, documents, requirements and instruments; safe to repeat."

    def handle(self, *, verbosity: int, **_: Any) -> None:
        with transaction.atomic():
            provinces, regencies = regions.loading.load()
            offices = accounts.offices.load()
            counts = reference.load()
            made = instruments.load()
        if verbosity > 1:
            self.stdout.write(
                f"{provinces} provinces, {regencies} kabupaten and kota, {offices} offices, "
                + ", ".join(f"{n} {name}" for name, n in counts.items())
                + f", {made} instruments published"
            )
