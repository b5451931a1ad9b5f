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
