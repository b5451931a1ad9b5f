"""A form with one thing changed. Each function takes a form and returns a new one; whether it is still right is asked
where it is stored (instruments.problems_in)."""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .instruments import lines

Form = dict[str, Any]
Line = dict[str, Any]


# --- Finding ---------------------------------------------------------------------------------------------------
def line_of(form: Form, code: str) -> Line | None:
    return next((line for line in lines(form) if line["code"] == code), None)


def sections_of(form: Form) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each section with the part in which it stands."""
    for part in form["parts"]:
        for section in part["sections"]:
            yield part, section


def section_of(form: Form, code: str) -> dict[str, Any] | None:
    return next((section for _, section in sections_of(form) if section["code"] == code), None)


def home_of(form: Form, code: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The part and the section in which a line stands."""
    for part, section in sections_of(form):
        if any(line["code"] == code for line in section["indicators"]):
            return part, section
    return None


def order_in(form: Form, code: str) -> list[str]:
    """The codes of the section in which a line stands, in their order; what a move is compared with."""
    home = home_of(form, code)
    return [line["code"] for line in home[1]["indicators"]] if home else []


def next_code(section: str, taken: Sequence[str]) -> str:
    """A code for a new line of a section ("A.I.6"), after every one that any version has used there."""
    numbers = [
        int(found.group(1))
        for code in taken
        if (found := re.fullmatch(rf"{re.escape(section)}\.([1-9][0-9]{{0,3}})", code, re.ASCII))
    ]
    return f"{section}.{max(numbers, default=0) + 1}"


# --- The form as a whole -----------------------------------------------------------------------------------------
def header_of(form: Form) -> dict[str, Any]:
    """What is edited together: the name, and of each part and section the name and the weight."""
    return {
        "name": form["name"],
        "parts": {part["code"]: [part["name"], part["weight"]] for part in form["parts"]},
        "sections": {section["code"]: section["name"] for _, section in sections_of(form)},
    }


def with_header(form: Form, header: Mapping[str, Any]) -> Form:
    """header: as header_of gives it; parts and sections that it does not name stay as they are."""
    new = copy.deepcopy(form)
    new["name"] = header["name"]
    for part in new["parts"]:
        part["name"], part["weight"] = header["parts"].get(part["code"], (part["name"], part["weight"]))
        for section in part["sections"]:
            section["name"] = header["sections"].get(section["code"], section["name"])
    return new


def with_bands(form: Form, bounds: Mapping[int, str]) -> Form:
    """bounds: star -> the value from which it is reached; the highest star makes the scheme."""
    bands = [{"star": star, "from": bounds[star]} for star in sorted(bounds, reverse=True)]
    return {**copy.deepcopy(form), "scheme": {"maximum": max(bounds, default=0), "bands": bands}}


# --- A line ------------------------------------------------------------------------------------------------------
def with_line(form: Form, line: Line) -> Form:
    """The line of this code replaced, in its place."""
    new = copy.deepcopy(form)
    for _, section in sections_of(new):
        section["indicators"] = [
            copy.deepcopy(line) if each["code"] == line["code"] else each for each in section["indicators"]
        ]
    return new


def with_new_line(form: Form, section: str, line: Line) -> Form:
    new = copy.deepcopy(form)
    found = section_of(new, section)
    if found is not None:
        found["indicators"].append(copy.deepcopy(line))
    return new


def without_line(form: Form, code: str) -> Form:
    """The line gone, and with the last line of a section the section."""
    new = copy.deepcopy(form)
    for part in new["parts"]:
        for section in part["sections"]:
            section["indicators"] = [line for line in section["indicators"] if line["code"] != code]
        part["sections"] = [section for section in part["sections"] if section["indicators"]]
    return new


def moved(form: Form, code: str, step: int) -> Form:
    """The line moved up (-1) or down (1) within its section; at the end of it nothing moves."""
    new = copy.deepcopy(form)
    home = home_of(new, code)
    if home is None:
        return new
    there = home[1]["indicators"]
    place = next(place for place, line in enumerate(there) if line["code"] == code)
    if 0 <= place + step < len(there):
        there.insert(place + step, there.pop(place))
    return new


# --- A part and a section ------------------------------------------------------------------------------------------
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def part_of(form: Form, code: str) -> dict[str, Any] | None:
    return next((part for part in form["parts"] if part["code"] == code), None)


def parts_in_order(form: Form) -> list[list[str]]:
    """The parts with their weights, in their order: what adding, removing and moving one are compared with."""
    return [[part["code"], part["weight"]] for part in form["parts"]]


def next_part(taken: Sequence[str]) -> str:
    """The first letter that no version has used for a part."""
    return next((letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in taken), "")


def next_section(part: dict[str, Any]) -> str:
    """A code for a new section of a part ("A.IV"), after those that are there."""
    taken = {section["code"] for section in part["sections"]}
    return next(
        (f"{part['code']}.{number}" for number in _ROMAN if f"{part['code']}.{number}" not in taken), ""
    )


def with_new_part(form: Form, part: Mapping[str, Any], weights: Mapping[str, str]) -> Form:
    """The part at the end, and the weights of the others as given: together they make 100 again."""
    new = _weighed(form, weights)
    new["parts"].append(copy.deepcopy(dict(part)))
    return new


def without_part(form: Form, code: str, weights: Mapping[str, str]) -> Form:
    """The part gone with everything in it, and the weights of the others as given."""
    new = _weighed(form, weights)
    new["parts"] = [part for part in new["parts"] if part["code"] != code]
    return new


def moved_part(form: Form, code: str, step: int) -> Form:
    """The part moved up (-1) or down (1); at the end nothing moves."""
    new = copy.deepcopy(form)
    place = next((place for place, part in enumerate(new["parts"]) if part["code"] == code), None)
    if place is not None and 0 <= place + step < len(new["parts"]):
        new["parts"].insert(place + step, new["parts"].pop(place))
    return new


def with_new_section(form: Form, part: str, section: Mapping[str, Any]) -> Form:
    new = copy.deepcopy(form)
    found = part_of(new, part)
    if found is not None:
        found["sections"].append(copy.deepcopy(dict(section)))
    return new


def _weighed(form: Form, weights: Mapping[str, str]) -> Form:
    new = copy.deepcopy(form)
    for part in new["parts"]:
        part["weight"] = weights.get(part["code"], part["weight"])
    return new
