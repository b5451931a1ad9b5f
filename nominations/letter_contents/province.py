"""Verifikasi provinsi: what became of a province's nominations up to an instant (documents.md 2)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.models import Office
from audit.models import Entry
from letters import kinds, official
from letters.models import Letter
from letters.wording import WIB, instant_for_reader

from .. import completeness, reading
from ..guards import Refused
from ..models import Nomination, RepairRemark, Round, State, Submission

_FORWARDED, _RETURNED, _WITHDRAWN, _UNFINISHED, _REFUSED = (
    "forwarded", "returned", "withdrawn", "unfinished", "refused",
)  # fmt: skip
# Minutes that hold: with a number, and not replaced or revoked since.
_IN_FORCE = (Letter.State.NUMBERED, Letter.State.SIGNED, Letter.State.DELIVERED)


def minutes(
    office: Office, round_: Round, *, venue: str, cut_off: datetime, verifiers: Sequence[kinds.Verifier]
) -> kinds.ProvinceMinutes:
    """
    What this province's office did with the nominations that its dinas had sent by `cut_off`, told from the history.

    Forwarded are those that the province endorsed, whatever followed at the ministry. Raises Refused where none came.
    """
    fates = _fates(office, round_, cut_off)
    if not fates:
        raise Refused(
            "nothing_came_in",
            f"Belum ada usulan periode {round_.pk} dari kabupaten/kota Anda yang dikirim sampai "
            f"{instant_for_reader(cut_off)}.",
        )
    by_what: dict[str, list[_Fate]] = defaultdict(list)
    for fate in fates:
        by_what[fate.what].append(fate)
    endorsed = [fate.endorsed_on for fate in by_what[_FORWARDED] if fate.endorsed_on]
    remarks = _remarks([*by_what[_RETURNED], *by_what[_REFUSED]], cut_off)
    province = office.province
    assert province is not None, "the office of a province has one"
    return kinds.ProvinceMinutes(
        year=round_.pk,
        province=province.name,
        venue=venue,
        cut_off=cut_off,
        last_endorsed_on=max(endorsed, default=None),
        incoming=len(fates),
        forwarded=len(by_what[_FORWARDED]),
        returned=len(by_what[_RETURNED]),
        withdrawn=len(by_what[_WITHDRAWN]),
        unfinished=len(by_what[_UNFINISHED]),
        refused=len(by_what[_REFUSED]),
        regency_count=len({fate.nomination.regency.pk for fate in fates}),
        verifiers=tuple(verifiers),
        regencies=_by_regency(fates),
        forwarded_rows=tuple(_forwarded_row(fate.nomination) for fate in by_what[_FORWARDED]),
        returned_rows=tuple(_held_row(fate, remarks) for fate in by_what[_RETURNED]),
        refused_rows=tuple(_held_row(fate, remarks) for fate in by_what[_REFUSED]),
    )


def cover_letter(office: Office, round_: Round) -> kinds.CoverLetter:
    """
    The letter that takes the minutes up to the ministry: its figures are those of the minutes with a number.

    Raises Refused where there are none yet.
    """
    letter = minutes_in_force(office, round_)
    if letter is None:
        raise Refused(
            "no_minutes",
            f"Surat pengantar menyebut nomor berita acara. Beri nomor dahulu pada berita acara verifikasi periode "
            f"{round_.pk}.",
        )
    content = official.content_of(letter)
    assert isinstance(content, kinds.ProvinceMinutes), "letters of this kind hold minutes"
    assert letter.date is not None, "a letter with a number has a date"
    return kinds.CoverLetter(
        year=round_.pk,
        province=content.province,
        forwarded=content.forwarded,
        regency_count=sum(regency.forwarded > 0 for regency in content.regencies),
        minutes_number=letter.number,
        minutes_date=letter.date,
        last_endorsed_on=content.last_endorsed_on,
    )


def minutes_in_force(office: Office, round_: Round) -> Letter | None:
    """The latest minutes of this office for the round that have a number and hold."""
    return (
        Letter.objects.filter(office=office, kind="berita_acara_provinsi", state__in=_IN_FORCE)
        .about(official.reference(round_))
        .order_by("-date", "-pk")
        .first()
    )


# --- What became of each -----------------------------------------------------------------------------------------
@dataclass
class _Fate:
    nomination: Nomination
    what: str = _UNFINISHED
    endorsed_on: date | None = None
    reasons: list[str] = field(default_factory=list)


def _fates(office: Office, round_: Round, cut_off: datetime) -> list[_Fate]:
    """Every nomination that a dinas of the province had sent by then, in the order of place and number."""
    nominations = list(
        Nomination.objects.filter(
            round=round_,
            office__kind=Office.Kind.DINAS,
            office__province=office.province_id,
            submitted_at__lte=cut_off,
        )
        .with_names()
        .order_by("product__ikm__regency", "number")
    )
    ways = _ways(nominations, cut_off)
    return [_fate(nomination, ways[str(nomination.pk)]) for nomination in nominations]


def _ways(nominations: Iterable[Nomination], cut_off: datetime) -> dict[str, list[Entry]]:
    """The changes of state of each up to the instant, oldest first."""
    ways: dict[str, list[Entry]] = defaultdict(list)
    entries = Entry.objects.filter(
        subject_type=Nomination._meta.label_lower,
        subject_id__in=[str(nomination.pk) for nomination in nominations],
        at__lte=cut_off,
    ).exclude(to_state="")
    for entry in entries.order_by("pk"):
        ways[entry.subject_id].append(entry)
    return ways


def _fate(nomination: Nomination, way: list[Entry]) -> _Fate:
    fate = _Fate(nomination)
    for entry in way:
        match entry.to_state:
            case State.WITHDRAWN:
                fate.what = _WITHDRAWN
            case State.SUBMITTED:
                fate.what = _UNFINISHED
            case State.NOT_ENDORSED:
                fate.what, fate.reasons = _REFUSED, [entry.reason]
            case State.RETURNED if entry.action == "return_to_dinas":
                fate.what, fate.reasons = _RETURNED, [entry.reason]
            case State.ENDORSED if entry.action == "endorse":
                fate.what, fate.endorsed_on = _FORWARDED, entry.at.astimezone(WIB).date()
    return fate


def _remarks(fates: Sequence[_Fate], cut_off: datetime) -> dict[int, list[str]]:
    """What was remarked on the copy that each stopped at: nomination -> lines."""
    nominations = [fate.nomination for fate in fates]
    copies = (
        Submission.objects.filter(nomination__in=[one.pk for one in nominations], at__lte=cut_off)
        .order_by("nomination_id", "-sequence")
        .distinct("nomination_id")
        .values_list("pk", "nomination_id")
    )
    of_copy = dict(copies)
    requirements = completeness.requirements_in(nominations)
    found: dict[int, list[str]] = defaultdict(list)
    written = RepairRemark.objects.filter(submission__in=list(of_copy), at__lte=cut_off)
    for copy, code, text in written.order_by("pk").values_list("submission", "field", "text"):
        names = reading.remark_names(requirements[of_copy[copy]])
        found[of_copy[copy]].append(f"{names.get(code, code)}: {text}")
    return found


def _by_regency(fates: Iterable[_Fate]) -> tuple[kinds.RegencyResult, ...]:
    counts: dict[str, dict[str, int]] = {}
    for fate in fates:
        row = counts.setdefault(
            fate.nomination.regency.full_name,
            dict.fromkeys((_FORWARDED, _RETURNED, _WITHDRAWN, _UNFINISHED, _REFUSED), 0),
        )
        row[fate.what] += 1
    return tuple(kinds.RegencyResult(regency=name, **row) for name, row in counts.items())


def _forwarded_row(nomination: Nomination) -> kinds.ForwardedRow:
    product = nomination.product
    return kinds.ForwardedRow(
        str(nomination), product.ikm.name, product.name, product.group.name, nomination.regency.full_name
    )


def _held_row(fate: _Fate, remarks: dict[int, list[str]]) -> kinds.HeldRow:
    nomination = fate.nomination
    return kinds.HeldRow(
        str(nomination),
        nomination.product.ikm.name,
        nomination.product.name,
        nomination.regency.full_name,
        tuple(fate.reasons + remarks.get(nomination.pk, [])),
    )
