"""
What the official letters of a round say, built from the records and nothing else (documents.md 1 to 3).

Each function gives a content of letters.kinds, with totals counted from the same rows that it lists, or raises
`guards.Refused` where the records hold nothing to write about. Called again later, it tells whether a draft is stale.
"""

from .objection import objection_answer
from .proposal import proposal
from .province import cover_letter, minutes
from .screening import examiners, refusal_notice, repair_request, screening_sheet, subject

__all__ = [
    "cover_letter",
    "examiners",
    "minutes",
    "objection_answer",
    "proposal",
    "refusal_notice",
    "repair_request",
    "screening_sheet",
    "subject",
]
