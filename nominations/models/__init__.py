"""The tables of this room, split by the field: rounds, registry, nominations with their documents, screening."""

from .nomination import Document, DocumentLink, Nomination, NominationQuerySet, State, Submission
from .registry import Ikm, Product, Sentra
from .rounds import CommodityGroup, DocumentKind, Phase, Requirement, Round
from .screening import Check, RefusalProposal

__all__ = [
    "Check",
    "CommodityGroup",
    "Document",
    "DocumentKind",
    "DocumentLink",
    "Ikm",
    "Nomination",
    "NominationQuerySet",
    "Phase",
    "Product",
    "RefusalProposal",
    "Requirement",
    "Round",
    "Sentra",
    "State",
    "Submission",
]
