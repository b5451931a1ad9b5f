"""The last minute of a round: many officers press "Kirim usulan" at once, and the end comes while they do."""

import http.client
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from importlib import import_module
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from audit.models import Entry
from nominations.models import Nomination, Phase, State, Submission

from . import gunicorn, material, measuring
from .measuring import Row, compare
from .watched import HEADER

SIZE = 200
AIM = 0.01
# Every tenth officer presses twice, in the same moment; as many more press only after the end.
_EVERY = 10
_PATIENCE = 120
_TOKEN = "a" * 32


@dataclass(frozen=True)
class Press:
    """One request as its sender saw it: when it left, when it was answered (None: never), and how."""

    nomination: int
    sent: datetime
    answered: datetime | None = None
    status: int = 0
    location: str = ""
    received: datetime | None = None


@dataclass(frozen=True)
class Tally:
    """What became of so many presses; everything from `unanswered` on must be none."""

    presses: int = 0
    nominations: int = 0
    in_time: int = 0
    too_late: int = 0
    accepted: int = 0
    unanswered: int = 0
    lost: int = 0
    twice: int = 0
    accepted_late: int = 0
    refused_in_time: int = 0
    stamped_wrongly: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        names = (one.name for one in fields(self))
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def in_words(self, before: int, after: int) -> str:
        return (
            f"submit: {self.presses} presses for {self.nominations} nominations, {self.presses - self.unanswered} "
            f"answered; received in time {self.in_time}, after the end {self.too_late}; accepted {self.accepted}; "
            f"lost {self.lost}, twice {self.twice}, accepted late {self.accepted_late}, refused in time "
            f"{self.refused_in_time}; submitted before {before}, after {after}"
        )

    def broken(self) -> str:
        names = ("unanswered", "lost", "twice", "accepted_late", "refused_in_time", "stamped_wrongly")
        found = [f"{name} {getattr(self, name)}" for name in names if getattr(self, name)]
        return f"the promise is broken: {', '.join(found)}" if found else ""


def measure(size: int) -> Row:
    """
    Ours: so many complete drafts sent at once to the web process as `make run` starts it (two workers of four threads),
    each by its own officer with session and CSRF token: from the first byte to the last answer. Theirs: as many
    requests at once for a page that does nothing, by the same process.

    Then the end itself: once more so many at once, timed so that it comes while they are being answered, every tenth
    pressed twice, and some that leave only after it. What was received when is the stamp that the portal decides by;
    it must lie between sending and answer. The row says whether all were answered, none lost, none twice, none accepted
    that was received after the end, none refused that was received in time.
    """
    rushes = measuring.REPEATS + 2
    made = material.drafts(size * rushes + max(2, size // _EVERY))
    people = _sessions({person for _, person in made})
    drafts = [(nomination.pk, people[person.pk]) for nomination, person in made]
    took: list[float] = []
    rush: list[tuple[list[Press], datetime]] = []
    before = _submitted()
    with gunicorn.web() as port:

        def ours(number: int) -> int:
            end = _end_at(timezone.now() + timedelta(seconds=60 + _PATIENCE))
            began = time.monotonic()
            presses = _together(port, drafts[number * size : (number + 1) * size])
            took.append(time.monotonic() - began)
            rush.append((presses, end))
            return size

        row = compare(
            "submit",
            ours=ours,
            theirs=lambda _: _nothing(port, size),
            unit="nominations/s",
            beside="a page that does nothing, same gunicorn",
            aim=AIM,
        )
        rest = drafts[(rushes - 1) * size :]
        rush.append(_over_the_end(port, rest[:size], rest[size:], half=sorted(took)[len(took) // 2] / 2))
    after = _submitted()
    tally = sum((_count(presses, end) for presses, end in rush), Tally())
    broken = tally.broken() or ("" if after - before == tally.accepted else "the totals differ")
    return replace(row, notes=(tally.in_words(before, after),), broken=broken)


def _over_the_end(
    port: int, at_once: Sequence[Any], late: Sequence[Any], *, half: float
) -> tuple[list[Press], datetime]:
    """The end comes when about half of them are received; `late` leave after it."""
    end = _end_at(timezone.now() + timedelta(seconds=1 + half))
    twice = at_once[::_EVERY]
    _sleep_until(end - timedelta(seconds=half))
    presses = _together(port, [*at_once, *twice])
    _sleep_until(end)
    presses += _together(port, late)
    return presses, end


def _sleep_until(instant: datetime) -> None:
    time.sleep(max(0.0, (instant - timezone.now()).total_seconds()))


def _end_at(instant: datetime) -> datetime:
    Phase.objects.filter(round=material.YEAR, kind=Phase.Kind.NOMINATION).update(closes_at=instant)
    return instant


def _submitted() -> int:
    return Nomination.objects.filter(round=material.YEAR, state=State.SUBMITTED).count()


# --- Officers ------------------------------------------------------------------------------------------------------
def _sessions(people: set[Person]) -> dict[int, str]:
    """A signed-in session for each, made without the form: hashing passwords is not what is measured."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = {}
    for person in sorted(people, key=lambda one: one.pk):
        session = store()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        keys[person.pk] = session.session_key
    return keys


def _together(port: int, drafts: Sequence[tuple[int, str]]) -> list[Press]:
    """Press for all of these at once; each waits for its answer."""
    return _at_once([lambda one=one: _press(port, *one) for one in drafts])  # type: ignore[misc]


def _nothing(port: int, count: int) -> int:
    answers = _at_once([lambda: _ask(port, "GET", "/healthz")] * count)
    if wrong := Counter(status for status, _ in answers if status != 200):
        raise RuntimeError(f"/healthz answered {dict(wrong)}")
    return count


def _at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    if not acts:
        return []
    barrier = Barrier(len(acts))

    def act(work: Callable[[], Any]) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def _press(port: int, nomination: int, session: str) -> Press:
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_TOKEN}"
    press = Press(nomination, timezone.now())
    try:
        status, headers = _ask(
            port, "POST", reverse("nomination_submit", args=[nomination]), cookies,
            urlencode({"csrfmiddlewaretoken": _TOKEN}),
        )  # fmt: skip
    except (OSError, http.client.HTTPException):
        return press
    stamp = headers.get(HEADER)
    return replace(
        press,
        answered=timezone.now(),
        status=status,
        location=headers.get("Location", ""),
        received=datetime.fromisoformat(stamp) if stamp else None,
    )


def _ask(
    port: int, method: str, address: str, cookies: str = "", body: str = ""
) -> tuple[int, dict[str, str]]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"} if cookies else {}
        line.request(method, address, body or None, headers)
        answer = line.getresponse()
        answer.read()
        return answer.status, dict(answer.headers)
    finally:
        line.close()


# --- Counting ------------------------------------------------------------------------------------------------------
def _count(presses: Sequence[Press], end: datetime) -> Tally:
    """Compare what was told with what is stored: state, copies and history of every nomination, and each number."""
    keys = {press.nomination for press in presses}
    stored = Nomination.objects.in_bulk(list(keys))
    accepted = {key for key, one in stored.items() if one.state == State.SUBMITTED}
    copies = Counter(
        Submission.objects.filter(nomination__in=keys).order_by().values_list("nomination", flat=True)
    )
    acts = Entry.objects.filter(
        subject_type=Nomination._meta.label_lower, subject_id__in=[str(key) for key in keys], action="submit"
    )
    told_of = Counter(int(key) for key in acts.order_by().values_list("subject_id", flat=True))
    numbers = Counter(one.number for one in stored.values() if one.number)
    answered = [press for press in presses if press.answered and press.received and press.status == 302]
    told = {press.nomination for press in answered if press.location.endswith("/tanda-terima/")}
    in_time = {press.nomination for press in answered if press.received and press.received < end}
    late = {press.nomination for press in answered} - in_time
    return Tally(
        presses=len(presses),
        nominations=len(keys),
        in_time=len(in_time),
        too_late=len(late),
        accepted=len(accepted),
        unanswered=len(presses) - len(answered),
        lost=len(told ^ accepted) + sum(copies[key] < 1 or told_of[key] < 1 for key in accepted),
        twice=sum(copies[key] > 1 or told_of[key] > 1 for key in keys)
        + sum(count > 1 for count in numbers.values()),
        accepted_late=len(accepted & late),
        refused_in_time=len(in_time - accepted),
        stamped_wrongly=sum(not _is_between(press) for press in answered),
    )


def _is_between(press: Press) -> bool:
    return bool(press.received and press.answered and press.sent <= press.received <= press.answered)
