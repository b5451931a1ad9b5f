"""What every kind of official letter has: its head, its signatory, its checks, and its form as JSON."""

import dataclasses
import datetime as dt
import types
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from letters import wording

T = TypeVar("T")


class NotConsistent(ValueError):
    """The figures or dates of a letter contradict each other; `for_reader` names both, in Indonesian."""

    def __init__(self, for_reader: str) -> None:
        super().__init__(for_reader)
        self.for_reader = for_reader


def same(first: int, first_name: str, second: int, second_name: str) -> None:
    """Raise NotConsistent naming both numbers where they differ."""
    if first != second:
        raise NotConsistent(
            f"Jumlah tidak cocok: {first_name} {wording.number_id(first)}, {second_name} {wording.number_id(second)}. "
            "Naskah tidak dibuat."
        )


@dataclass(frozen=True)
class Signatory:
    """Who signs, as printed: the name with titles, without (for an electronic signature), office, NIP, capacity."""

    full_name: str
    plain_name: str
    position: str
    nip: str = ""
    capacity: str = "sendiri"
    superiors: tuple[str, ...] = ()
    """For "a.n." and "u.b.": on whose behalf, the highest first."""

    def __post_init__(self) -> None:
        needed = {"a.n.": 1, "u.b.": 2}.get(self.capacity, 0)
        if len(self.superiors) != needed:
            raise NotConsistent(f"Penanda tangan {self.capacity} menyebut {needed} pejabat yang diwakili.")

    def lines(self) -> tuple[str, ...]:
        """The lines above the signature: "a.n. MENTERI …" / "Kepala …,"; the last one ends with a comma."""
        if self.capacity == "a.n.":
            return (f"a.n. {self.superiors[0]}", f"{self.position},")
        if self.capacity == "u.b.":
            return (f"a.n. {self.superiors[0]}", f"{self.superiors[1]},", "u.b.", f"{self.position},")
        prefix = f"{self.capacity} " if self.capacity in ("Plt.", "Plh.") else ""
        return (f"{prefix}{self.position},",)


@dataclass(frozen=True)
class Head:
    """What stands around the content: letterhead, number, date and place, secrecy, signatory, where it goes."""

    letterhead: tuple[str, ...]
    place: str
    signatory: Signatory
    number: str = ""
    date: dt.date | None = None
    secrecy: str = "biasa"
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


class Content(Protocol):
    """The content of one kind of letter, from which its text is made."""

    TEMPLATE: ClassVar[str]
    VERSION: ClassVar[int]

    def subject(self) -> str:
        """The words behind "Hal", or the title of minutes."""

    def check(self, head: Head) -> None:
        """Raise NotConsistent where parts and totals differ or a date cannot be."""


# --- JSON: only what dataclasses of text, numbers, dates and tuples need -----------------------------------
def to_json(value: Any) -> Any:
    """Return a dataclass as JSON can hold it; dates in ISO 8601."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def from_json(kind: type[T], data: Any) -> T:
    """Return the dataclass that `to_json` made this of. Raises KeyError, TypeError or ValueError for anything else."""
    return _read(kind, data)


def _read(kind: Any, data: Any) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(
            **{
                field.name: _read(hints[field.name], data[field.name])
                for field in dataclasses.fields(kind)
                if field.name in data or field.default is dataclasses.MISSING
            }
        )
    if get_origin(kind) in (Union, types.UnionType):
        if data is None:
            return None
        kind = next(option for option in get_args(kind) if option is not type(None))
        return _read(kind, data)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in data)
    if kind in (dt.date, dt.datetime):
        return kind.fromisoformat(data)
    if not isinstance(data, kind) or (kind is int and isinstance(data, bool)):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data


# --- Small parts that several kinds share ------------------------------------------------------------------
@dataclass(frozen=True)
class Count:
    name: str
    n: int


_LEGAL_FORMS = {"pt", "cv", "ud", "koperasi", "kub", "kelompok"}


def sort_key(name: str) -> str:
    """Return what an IKM is sorted by: its name without PT, CV, UD, Koperasi, KUB and "Kelompok" in front."""
    words = name.casefold().replace(".", " ").split()
    while len(words) > 1 and words[0] in _LEGAL_FORMS:
        words = words[1:]
    return " ".join(words)
