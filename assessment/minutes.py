"""
The minutes of the plenary (documents.md 6) as plain values: counts in figures and words, the decisions that differ
from the computed star, and the annexes. Counted from the decisions alone, so that the parts add up to the totals.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from accounts.models import Person
from letters import wording

from . import attendance, items, minutes_people, scoring
from .instrument_format import as_decimal
from .models import Attendee, Decision, Instrument, Plenary


@dataclass(frozen=True)
class GroupRow:
    """One row of Annex I: a commodity group, how many of each star (highest first), without a star, and in all."""

    name: str
    by_star: tuple[int, ...]
    none: int
    total: int


@dataclass(frozen=True)
class InstrumentUsed:
    name: str
    version: int
    bands: str
    fingerprint: str


@dataclass(frozen=True)
class Minutes:
    plenary: Plenary
    decisions: tuple[Decision, ...]
    stars: tuple[int, ...]
    groups: tuple[GroupRow, ...]
    totals: GroupRow
    instruments: tuple[InstrumentUsed, ...]
    team: tuple[minutes_people.Member, ...]
    recusals: tuple[minutes_people.Recusal, ...]
    # By name, in a session that has them: who sat in it with their hours, and who left for which item.
    seats: tuple[attendance.Seat, ...] = ()
    left: tuple[minutes_people.Left, ...] = ()
    # Who was there without a vote: the secretary first.
    others: tuple[attendance.Other, ...] = ()
    # How many decisions a draft leaves out because its reader has an interest in them.
    kept_from: int = 0

    # --- what the sentences say --------------------------------------------------------------------------------
    @property
    def is_sealed(self) -> bool:
        return self.plenary.sealed_at is not None

    @property
    def opening(self) -> str:
        """ "hari Jumat, tanggal … (13-03-2026), pukul 09.00 sampai dengan pukul 16.00 WIB"; the end once sealed."""
        return f"{minutes_people.day_of(self.plenary.opened_at)}, {self._hours()}"

    @property
    def led_by(self) -> str:
        """The chair's name at the end of a sentence, whose full stop a title may have brought already."""
        return self.plenary.opened_by.full_name.removesuffix(".")

    @property
    def end(self) -> str:
        """ "pukul 16.00 WIB" of the seal; "" before it."""
        return wording.clock(self.plenary.sealed_at, wording.WIB) if self.plenary.sealed_at else ""

    @property
    def sealed(self) -> str:
        """ "13 Maret 2026 pukul 16.00 WIB"; "" before the seal."""
        return wording.instant_for_reader(self.plenary.sealed_at) if self.plenary.sealed_at else ""

    @property
    def secretary(self) -> str:
        """Who signs beside the chair: the last one who was the secretary of the session; "" where nobody was named."""
        named = [one.name for one in self.others if one.seat == Attendee.Seat.SECRETARY]
        return named[-1] if named else ""

    @property
    def written_by(self) -> str:
        """The secretary's name at the end of a sentence, as led_by."""
        return self.secretary.removesuffix(".")

    @property
    def without_vote(self) -> str:
        """ "2 (dua)": how many were there without a vote, but for the secretary; "" where nobody."""
        count = sum(one.seat != Attendee.Seat.SECRETARY for one in self.others)
        return wording.counted(count) if count else ""

    @property
    def attendance_list(self) -> list[tuple[str, str, str, str]]:
        """Annex III, (name, office, seat, hours): the members with a vote, then those without; empty without names."""
        if not self.seats:
            return []
        chair = self.plenary.opened_by_id
        members = [
            (
                one.person.full_name,
                one.office,
                "Ketua sidang" if one.person.pk == chair else "Anggota",
                one.hours or "tidak hadir",
            )
            for one in self.seats
        ]
        return members + [(one.name, one.institution, one.seat_name, one.hours) for one in self.others]

    @property
    def present(self) -> str:
        return wording.counted(self.plenary.present)

    @property
    def members(self) -> str:
        return wording.counted(self.plenary.members)

    @property
    def quorum(self) -> str:
        return wording.counted(self.plenary.quorum)

    @property
    def count(self) -> str:
        return wording.counted(len(self.decisions))

    @property
    def recommended(self) -> str:
        return wording.counted(len(self.decisions) - self.totals.none)

    @property
    def not_recommended(self) -> str:
        return wording.counted(self.totals.none)

    @property
    def recused(self) -> list[tuple[str, str]]:
        """(nomination's number, how many left the room for it), where anybody did and no name was written down."""
        named = {one.nomination for one in self.left}
        return [
            (str(one.nomination.number), wording.counted(one.recused))
            for one in self.decisions
            if one.recused and str(one.nomination.number) not in named
        ]

    @property
    def nobody_recused(self) -> bool:
        return not self.recused and not self.recusals and not self.left

    @property
    def different(self) -> list[str]:
        """One sentence for each decision other than the computed star: both stars, the reason, the vote if any."""
        return [
            f"Usulan Nomor {one.nomination.number}: {_computed(one)}; sidang memutuskan {star_in_words(one.star)} karena: "
            f"{_open_end(one.reason)}{_vote(one)}."
            for one in self.decisions
            if one.differs
        ]

    @property
    def remarkable(self) -> list[str]:
        """The decisions by the computed star that carry a reason or a vote all the same."""
        return [
            f"Usulan Nomor {one.nomination.number}: {star_in_words(one.star)} sesuai hitungan"
            f"{f'; alasan: {_open_end(one.reason)}' if one.reason else ''}{_vote(one)}."
            for one in self.decisions
            if not one.differs and (one.reason or one.in_favour is not None)
        ]

    def _hours(self) -> str:
        start, end = self.plenary.opened_at, self.plenary.sealed_at
        return wording.clock(start, wording.WIB) if end is None else minutes_people.from_to(start, end)


def star_in_words(star: int) -> str:
    """Return "bintang empat", and "tanpa bintang" for 0."""
    return f"bintang {wording.in_words(star)}" if star else "tanpa bintang"


def value_in_words(value: Fraction) -> str:
    """Return "82,33 (247/3)"; the exact value is left out where two decimals are the whole truth."""
    shown = scoring.display(value)
    return shown if (value * 100).denominator == 1 else f"{shown} ({scoring.exact_text(value)})"


def _computed(decision: Decision) -> str:
    form = f"{decision.instrument.name} versi {decision.instrument.version}"
    return f"nilai {value_in_words(decision.value)}, {star_in_words(decision.computed_star)} menurut instrumen {form}"


def _open_end(reason: str) -> str:
    """A reason as a part of a longer sentence: on one line, without its full stop."""
    return " ".join(reason.split()).removesuffix(".")


def _vote(decision: Decision) -> str:
    if decision.in_favour is None:
        return ""
    return f"; setuju {decision.in_favour}, tidak setuju {decision.against}, abstain {decision.abstained}"


def of(plenary: Plenary, *, reader: Person | None = None) -> Minutes:
    """
    Return the minutes of a session as far as it has decided; frozen with it once it is sealed.

    reader: whose interests a draft leaves out (items.kept_from); the sealed one is the same for everybody.
    """
    recorded = tuple(
        plenary.decisions.select_related(
            "nomination__product__group", "nomination__product__ikm__regency"
        ).order_by("nomination__product__group__position", "nomination__product__group", "nomination__number")
    )
    hidden = items.kept_from(reader, [one.nomination for one in recorded], plenary) if reader else set()
    decisions = tuple(one for one in recorded if one.nomination_id not in hidden)
    # Once each: the form would come again with every decision.
    forms = Instrument.objects.in_bulk({one.instrument_id for one in decisions})
    for one in decisions:
        one.instrument = forms[one.instrument_id]
    stars = tuple(range(max((one.maximum_star for one in decisions), default=5), 0, -1))
    names = dict.fromkeys(one.nomination.product.group.name for one in decisions)
    groups = tuple(
        _counted(name, [one for one in decisions if one.nomination.product.group.name == name], stars)
        for name in names
    )
    totals = GroupRow(
        "Jumlah",
        tuple(sum(row.by_star[place] for row in groups) for place in range(len(stars))),
        sum(row.none for row in groups),
        sum(row.total for row in groups),
    )
    used = sorted(forms.values(), key=_place)
    return Minutes(
        plenary,
        decisions,
        stars,
        groups,
        totals,
        tuple(_used(one) for one in used),
        minutes_people.team(plenary),
        minutes_people.recusals(plenary),
        tuple(attendance.seats(plenary)),
        minutes_people.left(plenary, hidden),
        tuple(attendance.others(plenary)),
        len(hidden),
    )


def _counted(name: str, decisions: Sequence[Decision], stars: Sequence[int]) -> GroupRow:
    count = Counter(one.star for one in decisions)
    return GroupRow(name, tuple(count[star] for star in stars), count[0], len(decisions))


def _used(instrument: Instrument) -> InstrumentUsed:
    bands = "; ".join(
        f"bintang {band.star}: {as_decimal(band.bound).replace('.', ',')} atau lebih"
        for band in instrument.parsed().bands
    )
    return InstrumentUsed(instrument.name, instrument.version, bands, instrument.fingerprint)


def _place(instrument: Instrument) -> tuple[str, int]:
    return instrument.group_id, instrument.version
