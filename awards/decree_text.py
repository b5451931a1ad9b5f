"""
What a decree says (documents.md 7 and 9): its parts as data, for the draft, the original and the salinan alike.

Menimbang, Mengingat, Memperhatikan come from decree_wording.py, what it orders from decree_dicta.py.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from . import changing, decree_annex, decree_names, decree_wording, decrees
from .decree_dicta import dicta_of
from .decrees import Refused
from .models import Award, Certificate, Decree


@dataclass(frozen=True)
class Text:
    """
    Everything that is printed. heading, about: capitals; name: what the heading says, in a sentence; short: "Keputusan
    Menteri" ini. rows: Lampiran B as dicts; recap: Lampiran A, rows with their sum.
    """

    heading: str
    name: str
    short: str
    office: str
    signatory_lines: tuple[str, ...]
    signatory_name: str
    number: str
    about: str
    considering: list[str]
    recalling: list[str]
    noting: list[str]
    dicta: list[tuple[str, str]]
    place: str
    on: date | None
    copies_to: list[str]
    certifier: str
    certifier_name: str
    kind: str
    stars: list[int] = field(default_factory=list)
    recap: list[tuple[str, list[int], int]] = field(default_factory=list)
    recap_totals: list[int] = field(default_factory=list)
    total: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)


def text_of(decree: Decree) -> Text:
    """
    Return what this decree says. Raises Refused where parts and totals differ: the two numbers are named.
    """
    _check(decree)
    names, words = decree_names.of(decree.level), decree.wording or decree_wording.shipped(decree)
    values = decree_wording.values_of(decree)
    return Text(
        heading=names.heading,
        name=names.name,
        short=names.short,
        office=names.office,
        signatory_lines=names.lines,
        signatory_name=decree.signatory_name.upper(),
        number=decree_names.number(decree),
        about=decree_names.about(decree).upper(),
        considering=[decree_wording.filled(line, values) for line in words.considering],
        recalling=list(words.recalling),
        noting=[decree_wording.filled(line, values) for line in words.noting],
        dicta=dicta_of(decree),
        place=decree.place,
        on=decree.date,
        copies_to=list(words.copies_to),
        certifier=words.certifier,
        certifier_name=words.certifier_name,
        kind=decree.kind,
        **_annex(decree),
    )


def _annex(decree: Decree) -> dict[str, Any]:
    if decree.kind == Decree.Kind.REVOKING:
        return {}
    numbers = dict(
        Certificate.objects.resting_on(decree).values_list("award__nomination", "number").order_by("version")
    )
    if decree.issued_at is None:
        numbers = decrees.numbers_to_come(decree)
    rows = [{**row, "number": numbers.get(row["nomination"], "")} for row in decree.annex]
    if decree.kind == Decree.Kind.CHANGING:
        return {"rows": [{**row, "words": changing.WORDS[row["change"]]} for row in rows], "total": len(rows)}
    totals = decree_annex.totals_of(decree.annex)
    stars = list(totals.by_star)
    return {
        "rows": rows,
        "total": totals.awards,
        "stars": stars,
        "recap": [
            (name, [counts.get(star, 0) for star in stars], sum(counts.values()))
            for name, counts in totals.by_group_and_star.items()
        ],
        "recap_totals": list(totals.by_star.values()),
    }


def _check(decree: Decree) -> None:
    """n = rows of B = grand total of A = awards of the decree."""
    if decree.kind != Decree.Kind.ESTABLISHING:
        return
    if problem := decree_annex.totals_of(decree.annex).disagreement():
        raise Refused("totals_disagree", problem)
    made = Award.objects.filter(decree=decree).count()
    if decree.issued_at is not None and made != len(decree.annex):
        raise Refused(
            "totals_disagree", f"Lampiran memuat {len(decree.annex)} penerima, penghargaan yang ada {made}."
        )
