"""What a nomination still lacks before it can be sent: the wizard's task list and the guard of `submit` both ask."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from files.models import StoredFile

from .answers import ANSWERS, COLUMNS
from .models import DocumentKind, DocumentLink, Nomination, Requirement


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: in which part of the form, which answer (or "dokumen.<persyaratan>"), in words."""

    part: str
    field: str
    text: str


@dataclass(frozen=True)
class _Rule:
    """A requirement with what it accepts and for whom, read once for many nominations."""

    requirement: Requirement
    kinds: tuple[DocumentKind, ...]
    groups: frozenset[str]

    def holds_for(self, nomination: Nomination) -> bool:
        return self.asked_of(nomination.product.group_id, wood=nomination.wood_or_rattan)

    def asked_of(self, group: str, *, wood: bool) -> bool:
        in_its_groups = not self.groups or group in self.groups
        return in_its_groups and (wood or not self.requirement.only_for_wood)


def requirements_for(nomination: Nomination) -> list[Requirement]:
    """The requirements in force for this nomination, in order; each has its kinds prefetched as `accepts`."""
    return [rule.requirement for rule in _rules() if rule.holds_for(nomination)]


def requirements_in(nominations: Iterable[Nomination]) -> dict[int, list[Requirement]]:
    """The same for many nominations (with their product at hand) in a constant number of questions."""
    rules = _rules()
    return {
        nomination.pk: [rule.requirement for rule in rules if rule.holds_for(nomination)]
        for nomination in nominations
    }


def requirements_of(group: str, *, wood: bool) -> list[Requirement]:
    """The requirements in force for a commodity group (its code), before there is a nomination; kinds prefetched."""
    return [rule.requirement for rule in _rules() if rule.asked_of(group, wood=wood)]


def missing(nomination: Nomination) -> list[Missing]:
    """Everything that keeps this nomination from being sent, in the order of the form; empty when complete."""
    return missing_in([nomination])[nomination.pk]


def missing_in(nominations: Iterable[Nomination]) -> dict[int, list[Missing]]:
    """The same for many nominations (with product, IKM and sentra at hand) in a constant number of questions."""
    asked = list(nominations)
    rules = _rules()
    linked = defaultdict(set)
    for nomination_id, kind_id in (
        DocumentLink.objects.filter(nomination__in=[nomination.pk for nomination in asked])
        .exclude(document__file__state=StoredFile.State.REFUSED)
        .order_by("pk")
        .values_list("nomination_id", "document__kind_id")
    ):
        linked[nomination_id].add(kind_id)
    return {
        nomination.pk: [
            *_about_the_ikm(nomination),
            *_answers(nomination),
            *_documents(nomination, rules, linked[nomination.pk]),
        ]
        for nomination in asked
    }


def _rules() -> list[_Rule]:
    return [
        _Rule(
            requirement,
            tuple(requirement.accepts.all()),
            frozenset(group.pk for group in requirement.groups.all()),
        )
        for requirement in Requirement.objects.filter(is_active=True).prefetch_related("accepts", "groups")
    ]


def _about_the_ikm(nomination: Nomination) -> list[Missing]:
    ikm = nomination.product.ikm
    lacks = {
        "ikm.nib": not ikm.nib,
        "ikm.started_year": ikm.started_year is None,
        "sentra.name": ikm.sentra is None,
        "sentra.decree_number": ikm.sentra is not None
        and not (ikm.sentra.decree_number and ikm.sentra.decree_date),
    }
    return [Missing(answer.part, answer.code, answer.lacking) for answer in ANSWERS if lacks.get(answer.code)]


def _answers(nomination: Nomination) -> list[Missing]:
    return [
        Missing(answer.part, answer.code, answer.lacking)
        for answer in ANSWERS
        if answer.code in COLUMNS and answer.lacking and getattr(nomination, answer.code) in (None, "")
    ]


def _documents(nomination: Nomination, rules: list[_Rule], linked: set[str]) -> list[Missing]:
    found = []
    for rule in rules:
        if not rule.kinds or not rule.holds_for(nomination) or linked & {kind.pk for kind in rule.kinds}:
            continue
        part = "cerita" if all(kind.is_photo for kind in rule.kinds) else "dokumen"
        name = rule.requirement.name
        found.append(Missing(part, f"dokumen.{rule.requirement.pk}", f"{name}: berkas belum diunggah."))
    return found
