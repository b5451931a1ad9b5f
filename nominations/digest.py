"""
The week of each province, told to its people on Monday at 07.00 WIB while its round is between the opening of
nominating and the end of the province's verification; once for each round, province and week (ISO).

A Monday that an outage took is made up for until the end of Wednesday; later the next one is near.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from letters.wording import WIB
from regions.models import Province, Regency

from . import endorsing
from .models import Nomination, Phase, Round, State
from .reminders import HOUR, Reminder, people_of_provinces, send

MONDAY, WEDNESDAY = 0, 2
# Kabupaten and kota that one mail names.
NAMED = 10
# What is counted: the words, and the states that make the number.
_LINES: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("draf belum dikirim", (State.DRAFT,)),
    ("menunggu verifikasi provinsi", (State.SUBMITTED,)),
    ("dikembalikan untuk perbaikan", (State.RETURNED,)),
    (
        "diteruskan ke Kementerian",
        (State.ENDORSED, State.ELIGIBLE, State.INELIGIBLE, State.ASSESSED, State.AWARDED, State.NOT_AWARDED),
    ),
)


def tell_provinces(*, at: datetime) -> int:
    """Queue this week's digests that are not there yet; return how many. Safe to repeat."""
    now = timezone.localtime(at, WIB)
    if not MONDAY <= now.weekday() <= WEDNESDAY or (now.weekday() == MONDAY and now.time() < HOUR):
        return 0
    return send([digest for round_ in _between(at) for digest in _of_round(round_, at)], at=at)


def _between(at: datetime) -> list[Round]:
    """The rounds in which provinces have something to see to at `at`."""
    rounds = Round.objects.filter(phases__kind=Phase.Kind.NOMINATION, phases__opens_at__lte=at)
    found = []
    for round_ in rounds.order_by("year").prefetch_related("phases"):
        opening = round_.phase(Phase.Kind.NOMINATION)
        last = round_.phase(Phase.Kind.ENDORSEMENT) or opening
        if last is not None and at < last.closes_at:
            found.append(round_)
    return found


def _of_round(round_: Round, at: datetime) -> list[Reminder]:
    provinces = {province.pk: province for province in Province.objects.order_by("pk")}
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    counted = Nomination.objects.filter(round=round_).order_by("office__province", "state")
    for province, state, count in counted.values_list("office__province", "state").annotate(Count("pk")):
        counts[province][state] = count
    silent: dict[str, list[Regency]] = defaultdict(list)
    for regency in endorsing.silent_regencies(list(provinces), round_):
        silent[regency.province_id].append(regency)
    year, week, _ = timezone.localdate(at, WIB).isocalendar()
    found = []
    for person, code in people_of_provinces(provinces, at=at):
        lines = _lines(counts[code], silent[code])
        if not lines:
            continue
        context = {
            "wilayah": f"Provinsi {provinces[code].name}",
            "tanggal": timezone.localdate(at, WIB),
            "waktu": at,
            "daftar": "\n".join(lines),
            "tautan": reverse("endorsements"),
        }
        found.append(Reminder("province_digest", person, f"{round_.pk}/{code}/{year}-W{week:02}", context))
    return found


def _lines(counts: dict[str, int], silent: Sequence[Regency]) -> list[str]:
    """What stands in the mail, a line each; none where nothing happened and nobody is silent."""
    if not counts and not silent:
        return []
    lines = [f"- {sum(counts.get(state, 0) for state in states)} {words}" for words, states in _LINES]
    if silent:
        names = [regency.full_name for regency in silent[:NAMED]]
        more = len(silent) - len(names)
        named = ", ".join(names) + (f", dan {more} lainnya" if more else "")
        lines.append(f"- {len(silent)} kabupaten/kota belum mengirim usulan: {named}")
    return lines
