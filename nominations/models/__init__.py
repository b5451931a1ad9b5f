"""The tables of this room, split by the field: rounds, registry, nominations with their documents, screening."""

from .nomination import (
    Document,
    DocumentLink,
    Nomination,
    NominationQuerySet,
    RepairRemark,
    State,
    Submission,
)
from .registry import Ikm, Product, Sentra
from .rounds import CommodityGroup, DocumentKind, Phase, Requirement, Round
from .screening import Check, Objection, ProvinceAnswer, RefusalProposal, Sample, Verdict

__all__ = [
    "Check",
    "CommodityGroup",
    "Document",
    "DocumentKind",
    "DocumentLink",
    "Ikm",
    "Nomination",
    "NominationQuerySet",
    "Objection",
    "Phase",
    "Product",
    "ProvinceAnswer",
    "RefusalProposal",
    "RepairRemark",
    "Requirement",
    "Round",
    "Sample",
    "Sentra",
    "State",
    "Submission",
    "Verdict",
]
