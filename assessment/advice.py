"""
What the chair is told of a group's panels: agreement on each indicator, leniency of each assessor, and whose star
would be another one if it were allowed for. It changes nothing (docs/decisions/0060).
"""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from accounts.models import Person
from nominations.models import Nomination, Round

from . import agreement, instruments, items, results, scoring
from .models import Assessment, Assignment, Instrument

_MILLION = 10**6


@dataclass(frozen=True)
class IndicatorAgreement:
    """alpha over the nominations that two or more assessors scored with this version; None where nothing can be told."""

    code: str
    name: str
    maximum: int
    nominations: int
    alpha: Fraction | None

    @property
    def reading(self) -> str:
        return agreement.reading(self.alpha)


@dataclass(frozen=True)
class AssessorLeniency:
    person: Person
    estimate: agreement.Leniency


@dataclass(frozen=True)
class OtherStar:
    """A nomination whose star would be another one without the leniency of its panel."""

    nomination: Nomination
    value: Fraction
    star: int
    # To a millionth: an estimate must not lose a star by the last bit of a float.
    adjusted: Fraction
    adjusted_star: int
    maximum_star: int


@dataclass(frozen=True)
class Advice:
    """Of one version of an instrument; `assessments`: how many complete ones it rests on."""

    instrument: Instrument
    assessments: int
    indicators: tuple[IndicatorAgreement, ...]
    assessors: tuple[AssessorLeniency, ...]
    other_stars: tuple[OtherStar, ...]


def advice_for(round_: Round, group: str, *, reader: Person) -> list[Advice]:
    """
    One piece of advice for each version of the instrument that the group was scored with, in a fixed number of
    statements; from whole panels alone, and only from scores that this reader may see.
    """
    seen = (
        Assignment.objects.scores_visible_to(reader)
        .counted()
        .filter(
            assessment__nomination__round=round_,
            assessment__nomination__product__group=group,
            assessment__completed_at__isnull=False,
        )
    )
    assessor_of = {str(pk): person for pk, person in seen.order_by("pk").values_list("pk", "assessor")}
    wanted = set(seen.order_by("assessment").values_list("assessment", flat=True))
    by_form: dict[int, dict[int, results.Sheets]] = defaultdict(dict)
    verified: dict[int, results.Verification] = {}
    for assessment, form, sheets, verification in results.stored_for(wanted):
        by_form[form][assessment] = {key: sheet for key, sheet in sheets.items() if key in assessor_of}
        verified[assessment] = verification
    forms = Instrument.objects.select_related("group").in_bulk(by_form)
    people = Person.objects.in_bulk(set(assessor_of.values()))
    nominations = {
        row.pk: row.nomination
        for row in Assessment.objects.filter(pk__in=wanted).select_related(
            "nomination__product__ikm__regency__province"
        )
    }
    for kept in items.kept_from_undecided(reader, nominations.values()):
        nominations = {pk: one for pk, one in nominations.items() if one.pk != kept}
    return [
        _advice(forms[form], sheets, verified, assessor_of, people, nominations)
        for form, sheets in sorted(by_form.items(), key=lambda item: -forms[item[0]].version)
    ]


def _advice(
    instrument: Instrument,
    sheets: dict[int, results.Sheets],
    verified: dict[int, results.Verification],
    assessor_of: dict[str, int],
    people: dict[int, Person],
    nominations: dict[int, Nomination],
) -> Advice:
    form = instrument.parsed()
    totals = {
        assessment: {assessor_of[key]: scoring.total(sheet, form) for key, sheet in panel.items()}
        for assessment, panel in sheets.items()
    }
    estimates = agreement.leniencies(totals)
    # How lenient somebody is shows in the scores as given; which star it makes, in those that count.
    counting = {
        assessment: {
            assessor_of[key]: scoring.total({**sheet, **verified[assessment]}, form)
            for key, sheet in panel.items()
        }
        for assessment, panel in sheets.items()
    }
    return Advice(
        instrument,
        len(sheets),
        tuple(_indicators(instrument, form, sheets)),
        tuple(AssessorLeniency(people[one.assessor], one) for one in estimates),
        tuple(_other_stars(form, counting, {one.assessor: one for one in estimates}, nominations)),
    )


def _indicators(
    instrument: Instrument, form: scoring.Instrument, sheets: dict[int, results.Sheets]
) -> list[IndicatorAgreement]:
    """The least agreed first; what cannot be told last."""
    names = {line["code"]: line["name"] for line in instruments.lines(instrument.definition)}
    found = []
    for indicator in form.indicators:
        units = [[sheet[indicator.code] for sheet in panel.values()] for panel in sheets.values()]
        found.append(
            IndicatorAgreement(
                indicator.code,
                names.get(indicator.code) or indicator.code,
                indicator.maximum,
                sum(len(unit) > 1 for unit in units),
                agreement.alpha(units),
            )
        )
    return sorted(found, key=lambda one: (one.alpha is None, one.alpha or 0))


def _other_stars(
    form: scoring.Instrument,
    totals: dict[int, dict[int, Fraction]],
    estimates: dict[int, agreement.Leniency],
    nominations: dict[int, Nomination],
) -> list[OtherStar]:
    found = []
    for assessment, scores in totals.items():
        value = sum(scores.values(), Fraction(0)) / len(scores)
        adjusted = Fraction(round(agreement.adjusted(scores, estimates) * _MILLION), _MILLION)
        star, adjusted_star = scoring.star_for(value, form), scoring.star_for(adjusted, form)
        # Of what this reader has an interest in nothing is listed; its scores belong to the agreement of all.
        if star != adjusted_star and assessment in nominations:
            found.append(
                OtherStar(nominations[assessment], value, star, adjusted, adjusted_star, form.top_star)
            )
    return sorted(found, key=lambda one: (-one.value, one.nomination.pk))
