"""`manage.py check_integrity`: does everything that must hold still hold? Exit 1 where anything does not."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

import assessment.integrity
import audit.chain
import awards.integrity
import catalogue.integrity
import files.integrity
import letters.integrity

CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "history": audit.chain.problems,
    "files": files.integrity.problems,
    "letters": letters.integrity.problems,
    "assessment": assessment.integrity.problems,
    "awards": awards.integrity.problems,
    "catalogue": catalogue.integrity.problems,
}


class Command(BaseCommand):
    help = "Totals, history chain, certificate files and hashes, letters, gapless numbers, orphans, the catalogue's counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        found = {name: list(check()) for name, check in CHECKS.items()}
        count = sum(len(lines) for lines in found.values())
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not count, "problems": found}, ensure_ascii=False))
        else:
            for name, lines in found.items():
                self.stdout.write(f"{name}: {'baik' if not lines else f'{len(lines)} masalah'}")
                for line in lines:
                    self.stdout.write(f"  {line}")
        if count:
            sys.exit(1)
