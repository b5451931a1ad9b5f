"""What a nomination still lacks before it can be sent: the wizard's task list and the guard of `submit` both ask."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, BoolAnd
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Value

from files.models import StoredFile

from .answers import ANSWERS, COLUMNS
from .models import DocumentLink, Nomination, Requirement


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: in which part of the form, which answer (or "dokumen.<persyaratan>"), in words."""

    part: str
    field: str
    text: str


@dataclass(frozen=True)
class _Rule:
    """A requirement with the kinds it accepts and for whom (codes), read once for many nominations."""

    requirement: Requirement
    kinds: frozenset[str]
    groups: frozenset[str]
    only_photos: bool

    def holds_for(self, nomination: Nomination) -> bool:
        return self.asked_of(nomination.product.group_id, wood=nomination.wood_or_rattan)

    def asked_of(self, group: str, *, wood: bool) -> bool:
        in_its_groups = not self.groups or group in self.groups
        return in_its_groups and (wood or not self.requirement.only_for_wood)


def requirements_for(nomination: Nomination) -> list[Requirement]:
    """The requirements in force for this nomination, in order; each has its kinds prefetched as `accepts`."""
    return [rule.requirement for rule in _rules(with_kinds=True) if rule.holds_for(nomination)]


def requirements_in(nominations: Iterable[Nomination]) -> dict[int, list[Requirement]]:
    """requirements_for, for many nominations (with their product at hand) in a constant number of questions."""
    rules = _rules(with_kinds=True)
    return {
        nomination.pk: [rule.requirement for rule in rules if rule.holds_for(nomination)]
        for nomination in nominations
    }


def kinds_asked_in(nominations: Iterable[Nomination]) -> dict[int, list[frozenset[str]]]:
    """
    What each requirement in force for each nomination accepts (codes of kinds), of those that ask for a document; for
    many nominations (with their product at hand) in one question.
    """
    rules = [rule for rule in _rules() if rule.kinds]
    return {
        nomination.pk: [rule.kinds for rule in rules if rule.holds_for(nomination)]
        for nomination in nominations
    }


def requirements_of(group: str, *, wood: bool) -> list[Requirement]:
    """The requirements in force for a commodity group (its code), before there is a nomination; kinds prefetched."""
    return [rule.requirement for rule in _rules(with_kinds=True) if rule.asked_of(group, wood=wood)]


def missing(nomination: Nomination) -> list[Missing]:
    """Everything that keeps this nomination from being sent, in the order of the form; empty when complete."""
    return missing_in([nomination])[nomination.pk]


def missing_in(nominations: Iterable[Nomination]) -> dict[int, list[Missing]]:
    """The same for many nominations (with product, IKM and sentra at hand) in a constant number of questions."""
    asked = list(nominations)
    if not asked:
        return {}
    rules, linked = _rules(), _linked(asked)
    return {
        nomination.pk: [
            *_about_the_ikm(nomination),
            *_answers(nomination),
            *_documents(nomination, rules, linked[nomination.pk]),
        ]
        for nomination in asked
    }


def linked_kinds() -> ArraySubquery:
    """The codes of the kinds of the documents linked to a nomination: given as `linked_kinds`, they are not asked for."""
    return ArraySubquery(_links().filter(nomination=OuterRef("pk")).values("document__kind"))


def _linked(nominations: list[Nomination]) -> dict[int, set[str]]:
    """Which kinds of documents are linked to each."""
    if all(hasattr(nomination, "linked_kinds") for nomination in nominations):
        return {nomination.pk: set(nomination.linked_kinds) for nomination in nominations}  # type: ignore[attr-defined]
    linked = defaultdict(set)
    links = _links().filter(nomination__in=[nomination.pk for nomination in nominations])
    for nomination_id, kind_id in links.values_list("nomination_id", "document__kind_id"):
        linked[nomination_id].add(kind_id)
    return linked


def _links() -> QuerySet[DocumentLink]:
    return DocumentLink.objects.exclude(document__file__state=StoredFile.State.REFUSED).order_by("pk")


def _rules(*, with_kinds: bool = False) -> list[_Rule]:
    """All in force, in order, in one question; with_kinds: the kinds prefetched as `accepts`, in a second one."""
    in_force: QuerySet[Any] = Requirement.objects.filter(is_active=True).annotate(
        kind_codes=_codes("accepts"), group_codes=_codes("groups"), only_photos=BoolAnd("accepts__is_photo")
    )
    if with_kinds:
        in_force = in_force.prefetch_related("accepts")
    return [
        _Rule(
            requirement,
            frozenset(requirement.kind_codes),
            frozenset(requirement.group_codes),
            bool(requirement.only_photos),
        )
        for requirement in in_force.order_by("position", "code")
    ]


def _codes(relation: str) -> ArrayAgg:
    there = Q(**{f"{relation}__isnull": False})
    return ArrayAgg(relation, filter=there, distinct=True, default=Value([]))


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
        if not rule.kinds or not rule.holds_for(nomination) or linked & rule.kinds:
            continue
        part = "cerita" if rule.only_photos else "dokumen"
        name = rule.requirement.name
        found.append(Missing(part, f"dokumen.{rule.requirement.pk}", f"{name}: berkas belum diunggah."))
    return found
