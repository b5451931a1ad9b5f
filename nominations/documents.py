"""
Documents of a nomination. A document belongs to its holder (dinas, sentra, IKM), goes up once and is linked; the link
pins the version, because a document's file is never replaced: a new file is a new document.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Person
from audit import history
from files.models import StoredFile

from .drafts import refuse_edit
from .guards import Refused
from .models import Document, DocumentKind, DocumentLink, Nomination, Objection


@dataclass(frozen=True)
class Details:
    """What is written beside a file."""

    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    caption: str = ""


@transaction.atomic
def attach(
    nomination: Nomination,
    *,
    kind: DocumentKind,
    file: StoredFile,
    details: Details,
    by: Person,
    at: datetime,
) -> Document:
    """
    Make a document of the kind's holder and link it; a second press with the same file and details changes nothing.

    Raises Refused where the nomination cannot be edited, or it has no sentra that could hold the document.
    """
    nomination = _editable(nomination, by)
    there = Document.objects.filter(
        links__nomination=nomination, kind=kind, file__sha256=file.sha256, number=details.number,
        issuer=details.issuer, issued_on=details.issued_on, expires_on=details.expires_on, caption=details.caption,
    ).first()  # fmt: skip
    if there is not None:
        return there
    document = Document.objects.create(
        kind=kind,
        **holder_of(kind, nomination),
        file=file,
        number=details.number,
        issuer=details.issuer,
        issued_on=details.issued_on,
        expires_on=details.expires_on,
        caption=details.caption,
        added_at=at,
        added_by=by,
    )
    DocumentLink.objects.create(nomination=nomination, document=document)
    history.record("document_added", nomination, by=by, at=at, document=document.pk, kind=kind.pk)
    return document


@transaction.atomic
def use(nomination: Nomination, document: Document, *, by: Person, at: datetime) -> None:
    """Link a document that its holder has already; the second time changes nothing."""
    nomination = _editable(nomination, by)
    if not of_its_holders(nomination).filter(pk=document.pk).exists():
        raise Refused(
            "not_its_document", "Dokumen ini milik pihak lain dan tidak dapat dipakai pada usulan ini."
        )
    _, is_new = DocumentLink.objects.get_or_create(nomination=nomination, document=document)
    if is_new:
        history.record("document_used", nomination, by=by, at=at, document=document.pk, kind=document.kind_id)


@transaction.atomic
def detach(nomination: Nomination, document: Document, *, by: Person, at: datetime) -> None:
    """Take a document out of a nomination; it stays with its holder, and in the copies that name it."""
    nomination = _editable(nomination, by)
    removed, _ = DocumentLink.objects.filter(nomination=nomination, document=document).delete()
    if removed:
        history.record(
            "document_removed", nomination, by=by, at=at, document=document.pk, kind=document.kind_id
        )


def of_its_holders(nomination: Nomination) -> Any:
    """Documents of this nomination's office, sentra and IKM, newest first; not those whose file was refused."""
    ikm = nomination.product.ikm
    holders = Q(office=nomination.office_id) | Q(ikm=ikm.pk)
    if ikm.sentra_id:
        holders |= Q(sentra=ikm.sentra_id)
    return (
        Document.objects.filter(holders)
        .exclude(file__state=StoredFile.State.REFUSED)
        .select_related("kind", "file")
        .order_by("-added_at", "-pk")
    )


def holder_of(kind: DocumentKind, nomination: Nomination) -> dict[str, Any]:
    """The holder of a document of this kind, as a field of Document. Raises Refused where there is no sentra yet."""
    ikm = nomination.product.ikm
    if kind.holder == DocumentKind.Holder.OFFICE:
        return {"office": nomination.office}
    if kind.holder == DocumentKind.Holder.SENTRA:
        if ikm.sentra is None:
            raise Refused("no_sentra", "Pilih dahulu sentra IKM pada bagian Sentra dan IKM.")
        return {"sentra": ikm.sentra}
    return {"ikm": ikm}


def may_open(person: Person, file: StoredFile) -> bool | None:
    """
    The door of this room (files.access): who may see a nomination may open its files, who may read an objection its
    evidence, who keeps the holder's region the holder's; None where nothing here has this file.
    """
    documents = Document.objects.filter(file=file)
    objections = Objection.objects.filter(file=file)
    if not documents.exists() and not objections.exists():
        return None
    mine = Nomination.objects.visible_to(person)
    if mine.filter(document_links__document__in=documents).exists() or objections.visible_to(person).exists():
        return True
    # A file that was in a copy as submitted stays readable for whoever may read that copy.
    if mine.filter(submissions__content__documents__contains=[{"file_id": str(file.pk)}]).exists():
        return True
    return any(_keeps_holder(person, document) for document in documents.select_related("ikm", "sentra"))


def _keeps_holder(person: Person, document: Document) -> bool:
    from .models import Ikm, Sentra

    if document.ikm_id:
        return Ikm.objects.visible_to(person).filter(pk=document.ikm_id).exists()
    if document.sentra_id:
        return Sentra.objects.visible_to(person).filter(pk=document.sentra_id).exists()
    return any(membership.office_id == document.office_id for membership in person.active_memberships())


def _editable(nomination: Nomination, by: Person) -> Nomination:
    row = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "product__ikm__sentra")
        .get(pk=nomination.pk)
    )
    refuse_edit(row, by)
    return row
