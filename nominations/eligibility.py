"""
Whether it is worth beginning: a few questions before the form, made from the requirements in force for the group.

Nothing is stored and nothing is decided here: screening decides on the documents (screening.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from . import completeness
from .models import CommodityGroup, DocumentKind, Requirement


class Said(StrEnum):
    YES = "ada"
    NO = "belum"
    UNKNOWN = "tidak-tahu"


SAID = {Said.YES: "Ada", Said.NO: "Belum ada", Said.UNKNOWN: "Belum tahu"}


@dataclass(frozen=True)
class Question:
    """One requirement that a document of the IKM or its sentra has to prove, with what was said of it (None: nothing)."""

    code: str
    name: str
    basis: str
    holder: str
    said: Said | None = None


@dataclass(frozen=True)
class Outlook:
    """What the answers come to: what is not there, what has to be found out, what was not answered."""

    lacking: tuple[Question, ...]
    unknown: tuple[Question, ...]
    open: tuple[Question, ...]

    @property
    def is_complete(self) -> bool:
        return not self.open

    @property
    def is_ready(self) -> bool:
        return not (self.lacking or self.unknown or self.open)


@dataclass(frozen=True)
class Quiz:
    """What a group is asked: the questions, what the office makes on the way, and whether wood or rattan matters."""

    questions: tuple[Question, ...]
    made_on_the_way: tuple[str, ...]
    asks_for_wood: bool


def quiz(group: CommodityGroup, *, wood: bool, said: Mapping[str, str]) -> Quiz:
    """
    What is asked for a group, in order; `said`: code of a requirement -> what was answered.

    The requirements that the office itself makes while it fills the form (its letter, the photos) are named, not asked.
    """
    with_wood = completeness.requirements_of(group.pk, wood=True)
    asked = [requirement for requirement in with_wood if wood or not requirement.only_for_wood]
    return Quiz(
        tuple(
            Question(
                requirement.pk,
                requirement.name,
                requirement.basis,
                _holder(requirement),
                Said(said[requirement.pk]) if said.get(requirement.pk) in SAID else None,
            )
            for requirement in asked
            if _is_asked(requirement)
        ),
        tuple(requirement.name for requirement in asked if not _is_asked(requirement)),
        any(requirement.only_for_wood for requirement in with_wood),
    )


def outlook(asked: Sequence[Question]) -> Outlook:
    return Outlook(
        lacking=tuple(question for question in asked if question.said == Said.NO),
        unknown=tuple(question for question in asked if question.said == Said.UNKNOWN),
        open=tuple(question for question in asked if question.said is None),
    )


def _is_asked(requirement: Requirement) -> bool:
    kinds = list(requirement.accepts.all())
    return any(kind.holder != DocumentKind.Holder.OFFICE and not kind.is_photo for kind in kinds)


def _holder(requirement: Requirement) -> str:
    """Who has the document: "IKM", "sentra"."""
    first = next(iter(requirement.accepts.all()))
    return first.get_holder_display()
