"""The log of messages as a list: how it is narrowed and sorted, and what of it is taken along."""

from collections.abc import Sequence

from files.exporting import Column
from files.lists import ListFilter, a_choice, a_search

from .mail_kinds import KINDS
from .models import Message

GONE = "Akun sudah dihapus"
NEWEST_FIRST = ("-queued_at", "-pk")
# The order by time, ascending and descending, in words.
BY_TIME = ("yang terlama lebih dahulu", "yang terbaru lebih dahulu")


class MessageFilter(ListFilter):
    SEARCHED = ("subject", "to_address", "person__name")
    SORTS = {
        "perihal": ("subject",),
        "penerima": ("person__name", "to_address"),
        "jenis": ("kind",),
        "keadaan": ("state",),
        "waktu": ("queued_at",),
    }

    q = a_search("Cari penerima atau perihal")
    keadaan = a_choice("Keadaan", "state", Message.State.choices)
    jenis = a_choice("Jenis", "kind")


def kinds() -> list[tuple[str, str]]:
    return sorted(((kind.code, kind.name) for kind in KINDS.values()), key=lambda pair: pair[1])


def kind_name(message: Message) -> str:
    return KINDS[message.kind].name if message.kind in KINDS else message.kind


def recipient(message: Message) -> str:
    return message.person.full_name if message.person else GONE


# What the page shows of each message, no more: neither its words nor the link in it.
COLUMNS: Sequence[Column] = (
    ("Perihal", lambda row: row.subject),
    ("Penerima", recipient),
    ("Alamat", lambda row: row.to_address),
    ("Jenis", kind_name),
    ("Keadaan", lambda row: row.get_state_display()),
    ("Kendala", lambda row: row.last_error),
    ("Diantrekan (WIB)", lambda row: row.queued_at),
)
