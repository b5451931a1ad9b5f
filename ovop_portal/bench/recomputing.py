"""Every star of a round computed again: from the stored scores, against the arithmetic alone."""

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

    return compare(
        "recompute", ours=ours, theirs=theirs, unit="nominations/s", beside="the arithmetic alone", aim=AIM
    )
