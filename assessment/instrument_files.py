"""An instrument as a file: written in one order, and read with every doubt named before anything is stored."""

import json
from collections.abc import Mapping
from typing import Any

from nominations.models import CommodityGroup

from . import instruments
from .calculator import Unreadable, first_flaw, parse_json
from .models import Instrument
from .refusals import Refused

# The forms that the portal ships have some 35 KB.
BYTES_AT_MOST = 256 * 1024

# The order of the files that the portal ships (fixtures/instruments); the database keeps none.
_ORDER = (
    "code", "version", "name", "commodity", "scheme", "question", "evidence", "max", "weight", "maximum", "bands",
    "star", "from", "score", "text", "levels", "status", "source", "note", "parts", "sections", "indicators",
)  # fmt: skip
_PLACE = {key: place for place, key in enumerate(_ORDER)}


def written(instrument: Instrument) -> bytes:
    """Return an instrument as its file: JSON in UTF-8, keys in one order, so that two versions compare line by line."""
    return (json.dumps(_ordered(instrument.definition), ensure_ascii=False, indent=2) + "\n").encode()


def file_name(instrument: Instrument) -> str:
    return f"instrumen-{instrument.group_id}-versi-{instrument.version}.json"


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (_PLACE.get(key, len(_PLACE)), key))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [_ordered(each) for each in value]
    return value


def read(content: bytes, group: CommodityGroup) -> dict[str, Any]:
    """
    Return the form that a file holds, fit to be drafted for this group; nothing is stored.

    Raises Refused: too large, not UTF-8, no JSON (with the line), a key twice, no whole number, or what
    instruments.problems_in says of it.
    """
    if len(content) > BYTES_AT_MOST:
        raise too_large(len(content))
    try:
        found = parse_json(content)
    except Unreadable as problem:
        raise _refused(f"{_sentence(str(problem))} Simpan ulang berkas itu, lalu muat lagi.") from None
    flaw = first_flaw(found)
    if flaw is not None:
        raise _refused(f"{_sentence(flaw.problem)} Perbaiki berkas itu, lalu muat lagi.")
    if not isinstance(found, dict):
        raise _refused("Berkas ini bukan formulir instrumen portal.")
    # The number is the portal's; a form without one is a form as well.
    form = {**found, "version": 1}
    problems = instruments.problems_in(form, group)
    if problems:
        raise _refused(" ".join(problems))
    return form


def too_large(size: int) -> Refused:
    return _refused(
        f"Berkas berukuran {-(-size // 1024)} KB; paling besar {BYTES_AT_MOST // 1024} KB. Pilih berkas instrumen."
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _refused(text: str) -> Refused:
    # A quoted half of a character ("\\ud800") could not be sent to anybody.
    readable = text.encode("utf-8", "backslashreplace").decode()
    return Refused("unusable_file", f"{readable} Tidak ada yang disimpan.")
