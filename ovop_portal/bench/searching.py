"""The search over a hundred thousand awards and over ten times as many: what each kind of question costs the database."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import QueryDict

from catalogue import search
from catalogue.models import Lexeme, Listing

from . import many
from .measuring import Row

SIZE, TIMES = 100_000, 10
# Milliseconds in the database of 95 of a hundred questions, for one size and for ten times as much; and how much slower.
AIMS = (10.0, 20.0)
AIM = 0.5
# Of so many the quickest: what else the machine does can make one half as slow again, never quicker.
_REPEATS = 7
_DAY = date(2031, 6, 1)

# Kind -> milliseconds of each question in the database: while it worked, and as long as one waited for it.
Times = dict[str, list[tuple[float, float]]]


def measure(size: int) -> Row:
    """
    Ours: questions per second of the search (words, filters, facets, a page) over ten times `size` awards. Theirs: the
    same over `size`. Both at the 95th of a hundred, in the database alone. The notes tell it for each kind of question.
    """
    few = _times_with(size)
    many.empty()
    lots = _times_with(size * TIMES)
    ratios = {kind: _p95(few[kind]) / _p95(lots[kind]) for kind in few}
    fast, slow = _p95(_all(few)), _p95(_all(lots))
    return Row(
        row="search-many",
        ours=1000 / slow,
        unit="searches/s at p95",
        beside="a tenth as many awards",
        theirs=1000 / fast,
        ratio=fast / slow,
        aim=AIM,
        met=fast / slow >= AIM and fast <= AIMS[0] and slow <= AIMS[1],
        spread=(min(ratios.values()), max(ratios.values())),
        notes=tuple(_told(size, few, lots)),
    )


def _times_with(count: int) -> Times:
    many.fill(count)
    many.settle()
    watch = _Watch()
    found: Times = {}
    for kind, questions in _questions().items():
        asked = [search.Query.read(QueryDict(text)) for text in questions]
        for query in asked:
            search.find(query, on=_DAY)
        found[kind] = [min(watch.time(query) for _ in range(_REPEATS)) for query in asked]
    return found


class _Watch:
    """What the statements of this connection cost, without what Python does between them."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._file = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        self._worked = self._waited = 0.0

    def time(self, query: search.Query) -> tuple[float, float]:
        """Milliseconds that the database's process ran, where it is of this machine, and that one waited for it."""
        self._worked = self._waited = 0.0
        with connection.execute_wrapper(self._statement):
            search.find(query, on=_DAY)
        return (self._worked or self._waited) * 1000, self._waited * 1000

    def _statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        began, ran = perf_counter(), self._ran()
        try:
            return execute(*args)
        finally:
            self._waited += perf_counter() - began
            self._worked += self._ran() - ran

    def _ran(self) -> float:
        with suppress(OSError):
            return int(self._file.read_text().split()[0]) / 1e9
        return 0.0


# --- What is asked ------------------------------------------------------------------------------------------------
def _questions() -> dict[str, list[str]]:
    chance = random.Random(11)
    rare = list(
        Lexeme.objects.filter(lexeme__regex="^[a-z]{6,}$")
        .order_by("count", "lexeme")
        .values_list("lexeme", flat=True)
    )
    rare = chance.sample(rare[len(rare) // 4 : len(rare) // 2], 20)
    common = [
        "tenun",
        "kain",
        "batik",
        "dodol",
        "kopi",
        "anyaman",
        "gerabah",
        "songket",
        "keripik",
        "jawa",
        "koperasi",
        "motif",
    ]
    places = [
        "lombok",
        "garut",
        "bandung",
        "bali",
        "palembang",
        "toraja",
        "aceh",
        "ambon",
        "kupang",
        "madura",
    ]
    keys = list(
        Listing.objects.filter(is_newest=True)
        .order_by("pk")
        .values_list("pk", flat=True)[:: max(1, _listed() // 20)]
    )
    filters = [
        "", "bintang=5", "komoditas=kain_tenun", "provinsi=52", "provinsi=33&bintang=4", "provinsi=35&provinsi=33",
        "tahun=2020", "tahun=2020&tahun=2024&tahun=2030", "komoditas=gerabah&provinsi=73", "komoditas=anyaman&urut=nama",
        "urut=nama", "urut=terbaru", "provinsi=32&urut=nama", "provinsi=32&daerah=3205", "tahun=2025&komoditas=kain_batik",
        "status=pernah", "status=berlaku&provinsi=12", "komoditas=gerabah&komoditas=anyaman&urut=nama",
        "bintang=1&urut=terbaru", "provinsi=91&komoditas=makanan_minuman",
    ]  # fmt: skip
    return {
        "no word": filters,
        "common word": [f"q={word}" for word in common],
        "rare word": [f"q={word}" for word in rare],
        "misspelt": [f"q={_misspelt(word)}" for word in [*common, *rare]],
        "word and place": [f"q={word}+{place}" for word, place in zip(common, _around(places), strict=False)],
        "word and filter": [
            f"q={word}&{one}" for word, one in zip(_around(common), filters[1:], strict=False)
        ],
        "deep page": [
            f"urut={sort}&setelah={key}" for key, sort in zip(keys, _around(search.SORTS), strict=False)
        ],
    }


def _listed() -> int:
    return Listing.objects.filter(is_newest=True).count()


def _around(values: Iterable[str]) -> Iterator[str]:
    listed = list(values)
    while True:
        yield from listed


def _misspelt(word: str) -> str:
    """Two letters in the middle change places."""
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


# --- What is told ---------------------------------------------------------------------------------------------------
def _all(times: Times) -> list[tuple[float, float]]:
    return [one for of_kind in times.values() for one in of_kind]


def _p95(times: list[tuple[float, float]], which: int = 0) -> float:
    return quantiles([one[which] for one in times], n=20, method="inclusive")[-1]


def _told(size: int, few: Times, lots: Times) -> Iterator[str]:
    yield (
        f"milliseconds in the database: p50 and p95 with {size} awards, with {size * TIMES}, the ratio of the p95 "
        "(in brackets: waited for, with what else the machine does)"
    )
    for kind in [*few, "all"]:
        one, ten = (_all(few), _all(lots)) if kind == "all" else (few[kind], lots[kind])
        yield (
            f"  {kind:16} {median(t[0] for t in one):6.1f} {_p95(one):6.1f} ({_p95(one, 1):6.1f})"
            f"   {median(t[0] for t in ten):6.1f} {_p95(ten):6.1f} ({_p95(ten, 1):6.1f})   {_p95(ten) / _p95(one):5.2f}"
        )
    yield f"  aim: p95 at most {AIMS[0]:g} and {AIMS[1]:g}, ratio at most {1 / AIM:g}"
