"""Jawaban sanggah: what was decided about an objection, by whom who had not decided before (documents.md 3)."""

from audit import history
from letters import kinds
from letters.wording import WIB

from ..guards import Refused
from ..models import Objection
from .screening import subject


def objection_answer(objection: Objection) -> kinds.ObjectionAnswer:
    """
    The answer to an objection against the result of screening. Raises Refused before it was answered, and for an
    objection against the announced result (another letter, which the portal does not write yet).
    """
    if objection.stage != Objection.Stage.SCREENING:
        raise Refused("another_stage", "Jawaban atas sanggah hasil penetapan belum disusun oleh portal.")
    if objection.answered_at is None or objection.answered_by_id is None:
        raise Refused("not_answered", "Sanggah ini belum dijawab; suratnya disusun sesudah ada putusannya.")
    nomination = objection.nomination
    deciders = list(
        history.of(nomination)
        .filter(action__in=("propose_ineligible", "declare_ineligible"))
        .values_list("actor_id", flat=True)
    )
    return kinds.ObjectionAnswer(
        year=nomination.round_id,
        nomination=subject(nomination),
        objection_number=number_of(objection),
        objection_date=objection.at.astimezone(WIB).date(),
        verdict=objection.outcome,
        considerations=(kinds.Consideration(_one_line(objection.reason), _one_line(objection.answer)),),
        becomes_eligible=history.of(nomination).filter(action="uphold_objection").exists(),
        # Either of the two who refused it: the content is refused where one of them answered.
        refused_by=next(
            (pk for pk in deciders if pk == objection.answered_by_id), next(reversed(deciders), 0) or 0
        ),
        answered_by=objection.answered_by_id,
    )


def number_of(objection: Objection) -> str:
    """S-2026-3205-001: an objection has the number of its nomination, which can bear one at each stage."""
    return f"S{str(objection.nomination)[1:]}"


def _one_line(text: str) -> str:
    """A text as an item of a list prints it: its lines run on, and the list sets the full stop."""
    return " ".join(text.split()).rstrip(".")
