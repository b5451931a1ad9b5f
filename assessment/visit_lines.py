"""The lines of a visit as pages show them: to be filled in on the spot, to be read, and as its minutes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.sent_numbers import number_in
from letters import wording

from . import instruments
from .models import Finding, Visit, VisitPhoto
from .visit_forms import VisitForm


@dataclass(frozen=True)
class Line:
    """One indicator as the visit found it; `finding` None where nothing was noted (or the reader may not see it)."""

    number: int
    code: str
    name: str
    finding: Finding | None
    level: str
    # The numbers of its photos, from 1, as the annex counts them.
    photos: tuple[int, ...]


@dataclass(frozen=True)
class Tally:
    """confirmed + differs + unseen = total: what the minutes say in one sentence."""

    confirmed: int
    differs: int
    unseen: int

    @property
    def total(self) -> int:
        return self.confirmed + self.differs + self.unseen


def tally_of(lines: Sequence[Line]) -> Tally:
    verdicts = [line.finding.verdict for line in lines if line.finding]
    return Tally(*(verdicts.count(one) for one in Finding.Verdict.values))


def to_read(visit: Visit, findings: Mapping[str, Finding], photos: Sequence[VisitPhoto]) -> list[Line]:
    """Every indicator in the order of the form, with what was found and the numbers of its photos."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, photo in enumerate(photos, 1):
        numbers[photo.indicator].append(number)
    lines = []
    for number, line in enumerate(instruments.lines(visit.assessment.instrument.definition), 1):
        finding = findings.get(line["code"])
        texts = {level["score"]: level["text"] for level in line["levels"]}
        level = texts.get(finding.points, "") if finding else ""
        lines.append(Line(number, line["code"], line["name"], finding, level, tuple(numbers[line["code"]])))
    return lines


def to_fill(
    definition: Mapping[str, Any],
    form: VisitForm,
    evidence: Mapping[str, Any],
    problems: Mapping[str, str],
    conflicts: Mapping[str, Finding],
) -> list[dict[str, Any]]:
    """The parts of the form with their sections and rows; problems and conflicts: of what was just sent, by indicator."""
    number, parts = 0, []
    for part in definition["parts"]:
        sections = []
        for section in part["sections"]:
            rows = []
            for line in section["indicators"]:
                number += 1
                rows.append(_row(number, line, form, evidence.get(line["code"]), problems, conflicts))
            sections.append({"code": section["code"], "name": section["name"], "rows": rows})
        parts.append({"code": part["code"], "name": part["name"], "sections": sections})
    return parts


def _row(
    number: int,
    line: Mapping[str, Any],
    form: VisitForm,
    evidence: Any,
    problems: Mapping[str, str],
    conflicts: Mapping[str, Finding],
) -> dict[str, Any]:
    code = line["code"]
    conflict = conflicts.get(code)
    points = form[f"jenjang-{code}"].value()
    return {
        "code": code,
        "number": number,
        "name": line["name"],
        "levels": line["levels"],
        "verdicts": Finding.Verdict.choices,
        "verdict": form[f"hasil-{code}"].value() or "",
        "points": number_in(points),
        "text": form[f"dilihat-{code}"],
        "version": conflict.version if conflict else form[f"versi-{code}"].value() or 0,
        "digest": form.data.get(f"awal-{code}", "") if form.is_bound else form.digest(code),
        "problem": problems.get(code, ""),
        "conflict": words_of(conflict) if conflict else "",
        "evidence": evidence,
    }


def words_of(finding: Finding) -> str:
    """What stands on the server, in words: who wrote what, and when."""
    what = str(finding.get_verdict_display())
    if finding.points is not None:
        what += f", skor {finding.points}"
    if finding.text:
        what += f": {finding.text}"
    at = wording.instant_for_reader(finding.received_at)
    return f"{finding.by.full_name} menulis {at}: {what}"
