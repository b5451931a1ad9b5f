from typing import Any

from django.core.management.base import BaseCommand

from letters import workdays


class Command(BaseCommand):
    help = (
        "Load the holidays and cuti bersama of fixtures/holidays; safe to repeat, years already there stay."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for year, days in workdays.load().items():
            self.stdout.write(f"{year}: {days} days off")
