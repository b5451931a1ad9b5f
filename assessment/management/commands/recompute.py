"""`manage.py recompute --round YEAR`: does every published star still follow from the stored scores?"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.recompute import Finding, Tally, findings
from nominations.models import Round


class Command(BaseCommand):
    help = "Values and stars computed again from the stored scores; exit 1 for a difference no decision explains."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--round", type=int, required=True, metavar="YEAR")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["round"]
        if not Round.objects.filter(pk=year).exists():
            raise CommandError(f"periode {year} tidak ada")
        tally = Tally()
        write = self._json if options["json"] else self._text
        write(year, tally)
        if not tally.ok:
            sys.exit(1)

    def _text(self, year: int, tally: Tally) -> None:
        names = {
            "difference": "BERBEDA",
            "decided_otherwise": "diputus lain",
            "not_computable": "tidak dapat dihitung",
            "undecided": "belum diputus",
            "found_late": "kepentingan diketahui kemudian",
        }
        for finding in findings(year, tally):
            self.stdout.write(f"{names[finding.kind]}: {finding.nomination}: {finding.text}")
        self.stdout.write(
            f"periode {year}: {tally.computed} keputusan dihitung kembali, {tally.matching} sesuai, "
            f"{tally.decided_otherwise} diputus lain dengan alasan, {tally.not_computable} tidak dapat dihitung, "
            f"{tally.undecided} belum diputus, {tally.differences} berbeda"
        )

    def _json(self, year: int, tally: Tally) -> None:
        """One object, written piece by piece, so that it never stands in memory as a whole."""
        out = self.stdout
        out.write(f'{{"round": {year}, "findings": [', ending="")
        for place, finding in enumerate(findings(year, tally)):
            out.write(("," if place else "") + self._object(finding), ending="")
        totals = {
            "computed": tally.computed,
            "matching": tally.matching,
            "decided_otherwise": tally.decided_otherwise,
            "not_computable": tally.not_computable,
            "undecided": tally.undecided,
            "differences": tally.differences,
            "ok": tally.ok,
        }
        out.write(f"], {json.dumps(totals)[1:]}")

    @staticmethod
    def _object(finding: Finding) -> str:
        row = {"kind": finding.kind, "nomination": finding.nomination, "text": finding.text, **finding.facts}
        return json.dumps(row, ensure_ascii=False)
