"""Every star of a round computed again: from the stored scores, against the arithmetic alone."""

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from time import perf_counter, process_time

import django
import psutil
from django.db import connection

if __name__ == "__main__":
    django.setup()

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
    few, many = _in_a_process(tenth), _in_a_process(keys)
    return replace(row, notes=(few.told(len(tenth)), many.told(len(keys)), _whole(round_.pk, size)))


@dataclass(frozen=True)
class Effort:
    """
    wall: seconds by the clock; own, server: seconds of a core spent by our process and by the database for it;
    megabytes: the most memory our process ever held, and `before`: what it held before it began.
    """

    wall: float
    own: float
    server: float
    before: float
    megabytes: float

    def told(self, count: int) -> str:
        each = 1e6 * (self.own + self.server) / count
        return (
            f"{count}: read and computed in {self.wall:.2f} s, {self.own:.2f} s of a core here and {self.server:.2f} s in "
            f"the database ({each:.0f} us each), {self.megabytes:.0f} MB at most, {self.before:.0f} MB before"
        )


def _whole(year: int, size: int) -> str:
    """`recompute --round` itself, from the decisions to the comparison."""
    began, own, server = perf_counter(), process_time(), _server_seconds()
    for _ in findings(year, Tally()):
        pass
    wall, own, server = perf_counter() - began, process_time() - own, _server_seconds() - server
    return (
        f"{size}: the whole recompute in {wall:.2f} s, {own:.2f} s of a core here and {server:.2f} s in the database "
        f"(aim for 10000: 2 s on two cores)"
    )


def _in_a_process(keys: list[int]) -> Effort:
    """In a process of its own, whose memory was never fuller: the most that it held is what this needed."""
    given = json.dumps({"database": connection.settings_dict["NAME"], "keys": keys})
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "ovop_portal.bench.recomputing"], input=given, capture_output=True, text=True, check=False,
        env=os.environ,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return Effort(**json.loads(done.stdout))


def _measured(keys: list[int]) -> Effort:
    connection.ensure_connection()
    forms = {one.pk: one.parsed() for one in Instrument.objects.all()}
    before = _most_memory()
    began, own, server = perf_counter(), process_time(), _server_seconds()
    for _, instrument, sheets in results.sheets_for(keys):
        scoring.evaluate(forms[instrument], sheets)
    wall, own, server = perf_counter() - began, process_time() - own, _server_seconds() - server
    return Effort(wall, own, server, before, _most_memory())


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _server_seconds() -> float:
    """What the database's process for our connection has spent of a core; 0 where it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        spent = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(spent.user + spent.system)


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    connection.settings_dict["NAME"] = given["database"]
    sys.stdout.write(json.dumps(asdict(_measured(given["keys"]))))
