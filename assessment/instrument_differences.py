"""What is different between two versions of an instrument: bands, weights, lines, their order, words, sources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import instruments


@dataclass(frozen=True)
class Change:
    """One difference between two versions: which line, what about it, before and after ("" for not there)."""

    code: str
    what: str
    before: str
    after: str


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return what is different in `new`: bands, weights, lines that came or went, their order, words, scores, sources."""
    found = []
    for what, before, after in (
        ("Nama", old.get("name", ""), new.get("name", "")),
        ("Batas bintang", _bands(old), _bands(new)),
    ):
        if before != after:
            found.append(Change("", what, before, after))
    weights = [{part["code"]: part["weight"] for part in form["parts"]} for form in (old, new)]
    for code in sorted(weights[0].keys() | weights[1].keys()):
        before, after = (instruments.comma(one.get(code, "")) for one in weights)
        if before != after:
            found.append(Change(code, "Bobot bagian", before, after))
    orders = [[part["code"] for part in form["parts"]] for form in (old, new)]
    kept = [[code for code in one if code in other] for one, other in (orders, orders[::-1])]
    if kept[0] != kept[1]:
        found.append(Change("", "Urutan bagian", ", ".join(kept[0]), ", ".join(kept[1])))
    found += _differences_of_headings(old, new)
    was, now = ({line["code"]: line for line in instruments.lines(form)} for form in (old, new))
    order = [*now, *(code for code in was if code not in now)]
    for code in order:
        if code not in was or code not in now:
            what = "Indikator baru" if code in now else "Indikator dihapus"
            found.append(
                Change(code, what, was.get(code, {}).get("name", ""), now.get(code, {}).get("name", ""))
            )
            continue
        for what, read in _ASPECTS.items():
            before, after = read(was[code]), read(now[code])
            if before != after:
                found.append(Change(code, what, before, after))
    return found


def _differences_of_headings(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    """Names of parts and sections that stand in both, and the order of the lines that both have in a section."""
    was, now = (_headings(form) for form in (old, new))
    for code, (name, held) in now.items():
        before, held_before = was.get(code, (name, held))
        if before != name:
            yield Change(code, "Nama bagian", before, name)
        kept = [
            [line for line in one if line in other]
            for one, other in ((held_before, held), (held, held_before))
        ]
        if kept[0] != kept[1]:
            yield Change(code, "Urutan indikator", ", ".join(kept[0]), ", ".join(kept[1]))


def _headings(form: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """Code of a part or section -> its name and the codes of the lines right under it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for part in form["parts"]:
        found[part["code"]] = (str(part.get("name", "")), [])
        for section in part["sections"]:
            codes = [line["code"] for line in section["indicators"]]
            found[str(section.get("code", ""))] = (str(section.get("name", "")), codes)
    return found


def _bands(form: dict[str, Any]) -> str:
    return "; ".join(
        f"bintang {band['star']}: {instruments.comma(band['from'])}" for band in form["scheme"]["bands"]
    )


_ASPECTS = {
    "Nama": lambda line: str(line.get("name", "")),
    "Pertanyaan": lambda line: str(line.get("question") or ""),
    "Jenjang": lambda line: "\n".join(f"{level['score']}: {level['text']}" for level in line["levels"]),
    "Bukti": lambda line: "; ".join(instruments.evidence_name(key) for key in line.get("evidence") or ()),
    "Asal bunyi": lambda line: instruments.STATUS_WORDS.get(line.get("status") or "", ""),
    "Sumber": lambda line: str(line.get("source") or ""),
    "Catatan": lambda line: str(line.get("note") or ""),
}


def in_words(line: Mapping[str, Any]) -> list[tuple[str, str]]:
    """An indicator as (what, words), as differences are told."""
    return [(what, read(line)) for what, read in _ASPECTS.items()]
