"""The copy as submitted: what a nomination says at the moment it is sent, word for word, with its fingerprint."""

import hashlib
import json
from datetime import datetime
from typing import Any

from accounts.models import Person

from .models import Nomination, Submission

# The free answers of the form, in its order; assessors see them as evidence (`isian:…`).
ANSWERS = (
    "raw_material",
    "local_content",
    "value_added",
    "capacity",
    "workers",
    "environment",
    "design",
    "marketing",
    "story",
)


def content_of(nomination: Nomination) -> dict[str, Any]:
    """Everything a submission says, as plain JSON: what is copied word for word when it is sent."""
    product, ikm = nomination.product, nomination.product.ikm
    sentra = ikm.sentra
    return {
        "round": nomination.round_id,
        "product": {"id": product.pk, "name": product.name, "group": product.group_id},
        "ikm": {
            "id": ikm.pk,
            "name": ikm.name,
            "nib": ikm.nib,
            "regency": ikm.regency_id,
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
        "answers": {field: getattr(nomination, field) for field in ANSWERS},
        "documents": [
            {
                "id": link.document_id,
                "kind": link.document.kind_id,
                "number": link.document.number,
                "issuer": link.document.issuer,
                "expires_on": link.document.expires_on and link.document.expires_on.isoformat(),
                "file": link.document.file.original_name,
                "sha256": link.document.file.sha256,
            }
            for link in nomination.document_links.select_related("document__file").order_by("pk")
        ],
    }


def keep(nomination: Nomination, *, by: Person, at: datetime) -> Submission:
    """Store the next copy of a nomination (its row is locked by the caller); return it."""
    content = content_of(nomination)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Submission.objects.create(
        nomination=nomination,
        sequence=nomination.submissions.count() + 1,
        at=at,
        by=by,
        content=content,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
