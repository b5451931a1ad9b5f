"""
The signed letter of proposal as the document that its nominations ask for: it goes up once, with the signature, and the
office has it from then on.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from files.models import StoredFile
from letters import kinds, official
from letters.models import Letter

from . import documents
from .guards import Refused
from .models import Document, DocumentKind, Nomination, State

# The kind of the letter, and of the document that it becomes.
PROPOSAL = "surat_usulan"
_CHANGEABLE = (State.DRAFT, State.RETURNED)


@transaction.atomic
def sign(letter: Letter, *, stored: StoredFile, by: Person, at: datetime, **signing: Any) -> Letter:
    """
    official.sign; a letter of proposal becomes a document of its office besides, linked to
    the nominations that it names and that can still be changed, where none was linked before.
    """
    signed = official.sign(letter, by=by, at=at, **signing)
    kind = DocumentKind.objects.filter(pk=PROPOSAL, is_active=True).first()
    if signed.kind == PROPOSAL and kind is not None and kind.holder == DocumentKind.Holder.OFFICE:
        document = Document.objects.create(
            kind=kind, office=signed.office, file=stored, number=signed.number, issuer=signed.office.name,
            issued_on=signed.date, added_at=at, added_by=by,
        )  # fmt: skip
        _link(document, signed, by=by, at=at)
    return signed


def _link(document: Document, letter: Letter, *, by: Person, at: datetime) -> None:
    for nomination in _named(letter):
        if nomination.document_links.filter(document__kind=PROPOSAL).exists():
            continue
        try:
            documents.use(nomination, document, by=by, at=at)
        except Refused:
            # What can no longer be changed (its phase is over) stays as it was sent.
            continue


def _named(letter: Letter) -> list[Nomination]:
    """The nominations in the letter's annex that can still be changed: by number, a draft by its IKM and product."""
    content = official.content_of(letter)
    assert isinstance(content, kinds.Proposal), "asked for a letter of proposal alone"
    numbers = {row.number for row in content.rows if row.number}
    drafts = {(row.ikm, row.product) for row in content.rows if not row.number}
    of_the_office = Nomination.objects.filter(
        office=letter.office_id, round=content.year, state__in=_CHANGEABLE
    ).select_related("product__ikm")
    return [
        one
        for one in of_the_office.order_by("pk")
        if one.number in numbers or (not one.number and (one.product.ikm.name, one.product.name) in drafts)
    ]
