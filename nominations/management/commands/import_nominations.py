"""`manage.py import_nominations FILE --round YEAR`: a table of nominations becomes drafts of their dinas."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Person
from nominations import import_template, importing
from nominations.guards import Refused
from nominations.import_plan import Outcome
from nominations.import_table import MAX_BYTES, Problem, Unreadable
from nominations.models import Round

# Problems that are written out; their number is always told.
SHOWN = 500


class Command(BaseCommand):
    help = "Import nominations as drafts, all or nothing; --template FILE writes the table to be filled in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="CSV or XLSX, with the columns of the template"
        )
        parser.add_argument("--round", type=int, help="the year of the round")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument(
            "--by", metavar="EMAIL", help="who of the secretariat imports (default: the portal)"
        )
        parser.add_argument(
            "--template", nargs="?", const="", metavar="FILE",
            help="write the empty table instead: CSV or XLSX by its name, CSV to standard output without one",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"] is not None:
            return self._write_template(options)
        if options["file"] is None or options["round"] is None:
            raise CommandError("say which file and which round: import_nominations FILE --round YEAR")
        outcome = self._import(options)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(outcome, dry=options["dry_run"]), ensure_ascii=False))
        else:
            self._tell(outcome)
        if outcome.problems:
            sys.exit(1)

    def _import(self, options: dict[str, Any]) -> Outcome:
        path, year = options["file"], options["round"]
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from None
        round_ = Round.objects.filter(pk=year).first()
        if round_ is None:
            return Outcome(year, problems=[Problem(0, "", f"Periode {year} belum dibuat.")])
        by, at = _person(options["by"]), timezone.now()
        try:
            table = importing.read(content, path.name)
            if options["dry_run"]:
                return importing.check(table, round_=round_, at=at)
            return importing.run(table, round_=round_, by=by, at=at)
        except Unreadable as unreadable:
            return Outcome(year, problems=unreadable.problems)
        except Refused as refusal:
            return Outcome(year, problems=[Problem(0, "", refusal.for_reader)])

    def _tell(self, outcome: Outcome) -> None:
        for kind, found in (("warning", outcome.warnings), ("error", outcome.problems)):
            for problem in found[:SHOWN]:
                self.stderr.write(f"{kind}: {_place(problem)}{problem.reason}")
            if len(found) > SHOWN:
                self.stderr.write(f"{kind}: {len(found)} in all, the first {SHOWN} shown")
        if outcome.problems:
            self.stdout.write(f"nothing imported: {len(outcome.problems)} errors in {outcome.rows} rows")
            return
        did = "imported" if outcome.imported else "dry run, nothing written: would import"
        self.stdout.write(
            f"{did} {outcome.nominations} nominations into round {outcome.year} as drafts of {outcome.offices} offices "
            f"(new: {outcome.new['sentra']} sentra, {outcome.new['ikm']} IKM, {outcome.new['products']} products)"
        )

    def _write_template(self, options: dict[str, Any]) -> None:
        named = options["template"] or options["file"]
        if not named:
            self.stdout.write(import_template.csv_template().decode(), ending="")
            return
        path = Path(named)
        write = import_template.TEMPLATES.get(path.suffix.lower().removeprefix("."))
        if write is None:
            raise CommandError(f"a template is a .csv or an .xlsx: {path}")
        try:
            path.write_bytes(write())
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from None
        self.stdout.write(json.dumps({"template": str(path)}) if options["json"] else f"template: {path}")


def _person(email: str | None) -> Person | None:
    if not email:
        return None
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise CommandError(f"no active account has the address {email}")
    return person


def _place(problem: Problem) -> str:
    place = [f"row {problem.row}"] if problem.row else []
    place += [f"column {problem.column}"] if problem.column else []
    return f"{', '.join(place)}: " if place else ""


def _as_json(outcome: Outcome, *, dry: bool) -> dict[str, Any]:
    return {
        "round": outcome.year,
        "dry_run": dry,
        "rows": outcome.rows,
        "imported": outcome.nominations if outcome.imported else 0,
        "new": outcome.new,
        "error_count": len(outcome.problems),
        "errors": [asdict(problem) for problem in outcome.problems[:SHOWN]],
        "warning_count": len(outcome.warnings),
        "warnings": [asdict(warning) for warning in outcome.warnings[:SHOWN]],
    }
