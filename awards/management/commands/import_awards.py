"""`manage.py import_awards FILE --round YEAR --decree NUMBER --date DATE`: the awards of an earlier round, taken over."""

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Person
from awards import taking_over
from awards.decrees import Refused
from awards.taking_over import Source, Taken
from nominations.import_plan import Outcome
from nominations.import_table import MAX_BYTES, Problem, Unreadable

# Problems and rows that are written out; their number is always told.
SHOWN = 500


class Command(BaseCommand):
    help = "Take over the awards of an earlier round from a table, all or nothing: published, without scores."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="CSV or XLSX: the columns of import_nominations --template, and star"
        )
        parser.add_argument("--round", type=int, required=True, help="the year of the round")
        parser.add_argument("--decree", required=True, metavar="NUMBER", help="the number of its decree")
        parser.add_argument(
            "--date", type=_day, required=True, help="the date of its decree, as in 2018-12-05"
        )
        parser.add_argument(
            "--maximum-star", type=int, default=taking_over.HIGHEST_STAR, choices=(3, 5),
            help="the highest star of the scheme (default: 5)",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="say what each row does, write nothing")
        parser.add_argument(
            "--by", metavar="EMAIL", help="who of the secretariat takes them over (default: the portal)"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        taken = self._taken(options)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(taken, options), ensure_ascii=False))
        else:
            self._tell(taken, dry=options["dry_run"])
        if taken.outcome.problems:
            sys.exit(1)

    def _taken(self, options: dict[str, Any]) -> Taken:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from None
        source = Source(options["round"], options["decree"], options["date"], options["maximum_star"])
        by, at = _person(options["by"]), timezone.now()
        try:
            table = taking_over.read(content, path.name)
            if options["dry_run"]:
                return taking_over.check(table, source, at=at)
            return taking_over.run(table, source, by=by, at=at)
        except Unreadable as unreadable:
            return Taken(Outcome(source.year, problems=unreadable.problems))
        except Refused as refusal:
            return Taken(Outcome(source.year, problems=[Problem(0, "", refusal.for_reader)]))

    def _tell(self, taken: Taken, *, dry: bool) -> None:
        outcome = taken.outcome
        for kind, found in (("warning", outcome.warnings), ("error", outcome.problems)):
            for problem in found[:SHOWN]:
                self.stderr.write(f"{kind}: {_place(problem)}{problem.reason}")
            if len(found) > SHOWN:
                self.stderr.write(f"{kind}: {len(found)} in all, the first {SHOWN} shown")
        if outcome.problems:
            self.stdout.write(f"nothing taken over: {len(outcome.problems)} errors in {outcome.rows} rows")
            return
        if dry:
            for row, words in taken.lines[:SHOWN]:
                self.stdout.write(f"row {row}: {words}")
        did = "took over" if outcome.imported else "dry run, nothing written: would take over"
        self.stdout.write(
            f"{did} {outcome.nominations} awards of round {outcome.year} "
            f"(new: {outcome.new['sentra']} sentra, {outcome.new['ikm']} IKM, {outcome.new['products']} products)"
        )


def _day(text: str) -> date:
    return date.fromisoformat(text)


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


def _as_json(taken: Taken, options: dict[str, Any]) -> dict[str, Any]:
    outcome = taken.outcome
    return {
        "round": outcome.year,
        "decree": options["decree"],
        "date": options["date"].isoformat(),
        "dry_run": options["dry_run"],
        "rows": outcome.rows,
        "imported": outcome.nominations if outcome.imported else 0,
        "new": outcome.new,
        "plan": [{"row": row, "does": words} for row, words in taken.lines[:SHOWN]],
        "error_count": len(outcome.problems),
        "errors": [asdict(problem) for problem in outcome.problems[:SHOWN]],
        "warning_count": len(outcome.warnings),
        "warnings": [asdict(warning) for warning in outcome.warnings[:SHOWN]],
    }
