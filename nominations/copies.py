"""The copy as submitted: what a nomination says at the moment it is sent, word for word, with its fingerprint."""

import hashlib
import json
from datetime import datetime
from typing import Any

from accounts.models import Person

from .answers import COLUMNS
from .models import DocumentLink, Nomination, Submission


def content_of(nomination: Nomination) -> dict[str, Any]:
    """Everything a submission says, as plain JSON: what is copied word for word when it is sent."""
    product, ikm = nomination.product, nomination.product.ikm
    sentra = ikm.sentra
    return {
        "round": nomination.round_id,
        "product": {
            "id": product.pk,
            "name": product.name,
            "group": product.group_id,
            "group_name": product.group.name,
        },
        "ikm": {
            "id": ikm.pk,
            "name": ikm.name,
            "nib": ikm.nib,
            "regency": ikm.regency_id,
            "regency_name": ikm.regency.full_name,
            "village": ikm.village,
            "district": ikm.district,
            "started_year": ikm.started_year,
        },
        "sentra": sentra
        and {
            "id": sentra.pk,
            "name": sentra.name,
            "decree_number": sentra.decree_number,
            "decree_date": sentra.decree_date and sentra.decree_date.isoformat(),
        },
        "answers": {column: getattr(nomination, column) for column in COLUMNS},
        "documents": [_document(link) for link in _links(nomination)],
    }


def content_to_read(nomination: Nomination) -> dict[str, Any]:
    """What a later stage reads: the copy as last submitted; a draft's own state where it was never sent."""
    submission = nomination.latest_submission()
    return submission.content if submission else content_of(nomination)


def keep(nomination: Nomination, *, by: Person, at: datetime) -> Submission:
    """Store the next copy of a nomination (its row is locked by the caller); return it."""
    content = content_of(nomination)
    return Submission.objects.create(
        nomination=nomination,
        sequence=nomination.submissions.count() + 1,
        at=at,
        by=by,
        content=content,
        sha256=fingerprint(content),
    )


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 of a content in canonical JSON: the same content gives the same 64 characters anywhere."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _links(nomination: Nomination) -> list[DocumentLink]:
    links = nomination.document_links.select_related("document__kind", "document__file")
    return list(links.order_by("document__kind__position", "pk"))


def _document(link: DocumentLink) -> dict[str, Any]:
    document, file = link.document, link.document.file
    return {
        "id": document.pk,
        "kind": document.kind_id,
        "kind_name": document.kind.name,
        "is_photo": document.kind.is_photo,
        "number": document.number,
        "issuer": document.issuer,
        "issued_on": document.issued_on and document.issued_on.isoformat(),
        "expires_on": document.expires_on and document.expires_on.isoformat(),
        "caption": document.caption,
        "file_id": str(file.pk),
        "file": file.original_name,
        "media_type": file.media_type,
        "size": file.size,
        "pages": file.pages,
        "sha256": file.sha256,
    }
