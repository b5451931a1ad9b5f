"""What public sources say of rounds before the portal (fixtures/history): with its source, never mixed with ours."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

SOURCE = Path(settings.BASE_DIR) / "fixtures" / "history" / "rounds.json"


@dataclass(frozen=True)
class EarlierRound:
    """total, proposed, passed: of IKM; None where no source gives it. notes: {"id": …, "en": …}."""

    year: int
    maximum_star: int
    sources: tuple[str, ...]
    unit: str = "ikm"
    total: int | None = None
    proposed: int | None = None
    passed: int | None = None
    by_star: dict[int, int] = field(default_factory=dict)
    by_group: dict[str, int] = field(default_factory=dict)
    # Names of parts that do not claim to be complete.
    partial: tuple[str, ...] = ()
    notes: tuple[dict[str, str], ...] = ()

    def does_not_add_up(self) -> list[str]:
        """The names of parts that should add up to the total and do not; a figure that claims too much is a fault."""
        parts = {"by_star": list(self.by_star.values()), "by_group": list(self.by_group.values())}
        return [
            name
            for name, part in parts.items()
            if part
            and (
                self.total is None
                or (sum(part) != self.total and name not in self.partial)
                or sum(part) > self.total
            )
        ]


@cache
def all_of_them() -> tuple[EarlierRound, ...]:
    """Newest first; read once in a process."""
    rounds = json.loads(SOURCE.read_text(encoding="utf-8"))["rounds"]
    return tuple(sorted((_read(one) for one in rounds), key=lambda one: -one.year))


def _read(given: dict[str, Any]) -> EarlierRound:
    lists = {name: tuple(given.get(name, ())) for name in ("sources", "partial", "notes")}
    stars = {int(star): count for star, count in given.get("by_star", {}).items()}
    return EarlierRound(**{**given, **lists, "by_star": stars})


def lines() -> Iterator[tuple[Any, ...]]:
    """The same as rows of a file: year, what is counted, which part of it, how many, unit, sources."""
    for one in all_of_them():
        sources = "; ".join(one.sources)
        for measure, count in (
            ("diusulkan", one.proposed),
            ("lolos_seleksi", one.passed),
            ("ditetapkan", one.total),
        ):
            if count is not None:
                yield one.year, measure, "", count, one.unit, sources
        for star, count in one.by_star.items():
            yield one.year, "ditetapkan", f"bintang {star}", count, one.unit, sources
        for group, count in one.by_group.items():
            yield one.year, "ditetapkan", group, count, one.unit, sources
