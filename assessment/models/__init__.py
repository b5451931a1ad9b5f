"""The tables of this room, split by the field: instruments, panels, scores, the plenary. The arithmetic: scoring.py."""

from .attendance import Absence, Attendee, DiscussedItem, PlenaryMember, Presence
from .calibration import Calibration, CalibrationFile, CalibrationQuerySet, CalibrationSheet
from .explanations import Explanation, ExplanationQuerySet
from .instruments import MAY_SEE_INSTRUMENTS, Instrument
from .panels import Assessment, Assignment, AssignmentQuerySet, Interest, InterestQuerySet, Pact
from .paper_statements import PaperStatement, PaperStatementQuerySet
from .papers import Paper, PaperChoice, PaperEntry, PaperQuerySet
from .plenaries import REASON_AT_LEAST, AgendaItem, Decision, Plenary, PlenaryQuerySet
from .reevaluations import Reevaluation
from .scores import Comment, Reopening, Score, ScoreQuerySet, Sheet, SheetQuerySet
from .sizes import PanelSize
from .visits import Finding, FindingQuerySet, Visit, VisitMember, VisitPhoto, VisitQuerySet

__all__ = [
    "MAY_SEE_INSTRUMENTS",
    "REASON_AT_LEAST",
    "Absence",
    "AgendaItem",
    "Assessment",
    "Assignment",
    "AssignmentQuerySet",
    "Attendee",
    "Calibration",
    "CalibrationFile",
    "CalibrationQuerySet",
    "CalibrationSheet",
    "Comment",
    "Decision",
    "DiscussedItem",
    "Explanation",
    "ExplanationQuerySet",
    "Finding",
    "FindingQuerySet",
    "Instrument",
    "Interest",
    "InterestQuerySet",
    "Pact",
    "PanelSize",
    "Paper",
    "PaperChoice",
    "PaperEntry",
    "PaperQuerySet",
    "PaperStatement",
    "PaperStatementQuerySet",
    "Plenary",
    "PlenaryMember",
    "PlenaryQuerySet",
    "Presence",
    "Reevaluation",
    "Reopening",
    "Score",
    "ScoreQuerySet",
    "Sheet",
    "SheetQuerySet",
    "Visit",
    "VisitMember",
    "VisitPhoto",
    "VisitQuerySet",
]
