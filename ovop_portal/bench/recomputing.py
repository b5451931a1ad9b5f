"""Every star of a round computed again: from the stored scores, against the arithmetic alone."""

import tracemalloc
from dataclasses import dataclass, replace
from time import perf_counter

from assessment import results, scoring
from assessment.models import Assessment, Instrument
from assessment.recompute import Tally, findings

from . import material
from .measuring import Row, compare

SIZE = 300
AIM = 0.1


def measure(size: int) -> Row:
    """
    Ours: what `recompute --round` does, from the rows of the database to the comparison with what was sealed. Theirs:
    `scoring.evaluate` on the same sheets held in memory, read before the clock began.
    """
    round_ = material.decided(size)
    keys = list(Assessment.objects.order_by("pk").values_list("pk", flat=True))
    held = [(instrument, sheets) for _, instrument, sheets in results.sheets_for(keys)]
    forms = {one.pk: one.parsed() for one in Instrument.objects.filter(pk__in={key for key, _ in held})}

    def ours(_: int) -> int:
        tally = Tally()
        wrong = [finding.text for finding in findings(round_.pk, tally)]
        if wrong or tally.computed != size:
            raise RuntimeError(f"{tally.computed} of {size} computed: {wrong[:3]}")
        return tally.computed

    def theirs(_: int) -> int:
        for instrument, sheets in held:
            scoring.evaluate(forms[instrument], sheets)
        return len(held)

    row = compare(
        "recompute", ours=ours, theirs=theirs, unit="nominations/s", beside="the arithmetic alone", aim=AIM
    )
    tenth = keys[: max(1, len(keys) // 10)]
    few, many = (_read_and_computed(some, forms) for some in (tenth, keys))
    return replace(
        row,
        notes=(
            f"{len(keys)}: {len(keys) / row.ours:.2f} s for the whole; read and computed {many.seconds:.2f} s, "
            f"{1e6 * many.seconds / len(keys):.0f} us each, {many.megabytes:.1f} MB at most",
            f"{len(tenth)}: read and computed {few.seconds:.2f} s, {1e6 * few.seconds / len(tenth):.0f} us each, "
            f"{few.megabytes:.1f} MB at most",
        ),
    )


@dataclass(frozen=True)
class Effort:
    """How long it took, and the most that was held at once beyond what was there before."""

    seconds: float
    megabytes: float


def _read_and_computed(keys: list[int], forms: dict[int, scoring.Instrument]) -> Effort:
    def once() -> None:
        for _, instrument, sheets in results.sheets_for(keys):
            scoring.evaluate(forms[instrument], sheets)

    began = perf_counter()
    once()
    seconds = perf_counter() - began
    # Measured apart: watching memory slows it down.
    tracemalloc.start()
    once()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Effort(seconds, peak / 1e6)
