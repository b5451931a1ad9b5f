"""Instruments and scores as the auditor's JSON writes them, by hand and by hypothesis."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st


def an_indicator(code: str, *levels: int) -> dict[str, Any]:
    return {"code": code, "max": levels[-1], "levels": list(levels)}


def a_short_form() -> dict[str, Any]:
    """The form of docs/scoring.md: one score is worth 5 points in A, 2.5 in B and 4.5 in C."""
    return {
        "code": "contoh",
        "version": 1,
        "parts": [
            {
                "code": "A",
                "weight": "30",
                "indicators": [an_indicator("A1", 0, 1, 2, 3), an_indicator("A2", 1, 2, 3)],
            },
            {
                "code": "B",
                "weight": "25",
                "indicators": [
                    an_indicator("B1", 1, 2, 3, 4),
                    an_indicator("B2", 0, 1, 2, 3),
                    an_indicator("B3", 1, 2, 3),
                ],
            },
            {
                "code": "C",
                "weight": "45",
                "indicators": [an_indicator("C1", 0, 2, 4, 6), an_indicator("C2", 1, 2, 3, 4)],
            },
        ],
        "bands": [{"star": star, "from": str(40 + 10 * star)} for star in (5, 4, 3, 2, 1)],
    }


def full_marks() -> dict[str, int]:
    return {"A1": 3, "A2": 3, "B1": 4, "B2": 3, "B3": 3, "C1": 6, "C2": 4}


def an_entry(**changed: Any) -> dict[str, Any]:
    """One entry of the calculator's file: the form above, two assessors who gave everything; `changed` replaces."""
    assessments = [{"assessor": "p1", "scores": full_marks()}, {"assessor": "p2", "scores": full_marks()}]
    return {"instrument": a_short_form(), "assessments": assessments, **changed}


def one_ladder_form(maximum: int, *bounds: str) -> dict[str, Any]:
    """One part, one indicator with every whole score from 0 to `maximum`; the bounds from the highest star down."""
    stars = range(len(bounds), 0, -1)
    return {
        "code": "tangga",
        "version": 1,
        "parts": [{"code": "A", "weight": "100", "indicators": [an_indicator("A1", *range(maximum + 1))]}],
        "bands": [{"star": star, "from": bound} for star, bound in zip(stars, bounds, strict=True)],
    }


def hundredths(number: int) -> str:
    """9050 -> "90.50": a decimal string."""
    return f"{number // 100}.{number % 100:02d}"


def millionths(number: int) -> str:
    """12500000 -> "12.500000"."""
    return f"{number // 10**6}.{number % 10**6:06d}"


# --- For hypothesis ---------------------------------------------------------------------------------------------
@st.composite
def short_forms(draw: st.DrawFn) -> dict[str, Any]:
    """Any instrument: one to four parts whose weights make 100, ladders of any steps, one to five stars."""
    cuts = sorted(draw(st.sets(st.integers(1, 9999), max_size=3)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    parts = []
    for name, weight in zip("ABCD", weights, strict=False):
        ladders = draw(st.lists(st.sets(st.integers(0, 12), min_size=1, max_size=5), min_size=1, max_size=5))
        rising = [sorted(ladder if max(ladder) else {0, 1}) for ladder in ladders]
        indicators = [an_indicator(f"{name}{number}", *levels) for number, levels in enumerate(rising, 1)]
        parts.append({"code": name, "weight": hundredths(weight), "indicators": indicators})
    bounds = sorted(draw(st.sets(st.integers(0, 10_000), min_size=1, max_size=5)), reverse=True)
    bands = [{"star": len(bounds) - place, "from": hundredths(bound)} for place, bound in enumerate(bounds)]
    return {"code": "sembarang", "version": 1, "parts": parts, "bands": bands}


def ladders_of(form: dict[str, Any]) -> dict[str, list[int]]:
    return {each["code"]: each["levels"] for part in form["parts"] for each in part["indicators"]}


def sheets_for(form: dict[str, Any]) -> st.SearchStrategy[dict[str, int]]:
    """One assessor's scores: a level of each ladder."""
    return st.fixed_dictionaries({code: st.sampled_from(levels) for code, levels in ladders_of(form).items()})


@st.composite
def scored_forms(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, dict[str, int]], dict[str, int]]:
    """A form, one to four assessors' scores, and what the field verification found (often nothing)."""
    form = draw(short_forms())
    sheets = draw(st.lists(sheets_for(form), min_size=1, max_size=4))
    found = draw(sheets_for(form))
    verified = draw(st.sets(st.sampled_from(sorted(found))))
    assessments = {f"p{number}": scores for number, scores in enumerate(sheets, 1)}
    return form, assessments, {code: found[code] for code in verified}


def computed_in_fractions(
    form: dict[str, Any], assessments: dict[str, dict[str, int]], verification: dict[str, int]
) -> tuple[Fraction, int, list[str]]:
    """
    Value, star and flags straight from the words of the rule, score by score in fractions and from the raw JSON:
    the slow second way that scoring.py is compared with.
    """
    totals = []
    for scores in assessments.values():
        total = Fraction(0)
        for part in form["parts"]:
            of = sum(each["max"] for each in part["indicators"])
            for each in part["indicators"]:
                score = verification.get(each["code"], scores[each["code"]])
                total += Fraction(part["weight"]) * Fraction(score, of)
        totals.append(total)
    value = sum(totals, Fraction(0)) / len(totals)
    star = max((band["star"] for band in form["bands"] if Fraction(band["from"]) <= value), default=0)
    flags = []
    for part in form["parts"]:
        for each in part["indicators"]:
            given = [scores[each["code"]] for scores in assessments.values()]
            if any(abs(one - other) > Fraction(each["max"], 2) for one in given for other in given):
                flags.append(each["code"])
    return value, star, flags
