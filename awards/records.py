"""The canonical record of an award: the facts that its certificate prints, and their fingerprint."""

import hashlib
import json
from typing import Any

from .models import Award, Certificate


def canonical_record(certificate: Certificate) -> dict[str, Any]:
    """
    The facts of one certificate as plain JSON, in fixed order; what is printed and what the fingerprint covers.

    Names and region are those of the decree. No score, NIB, NIK or owner's name stands in it.
    """
    award: Award = certificate.award
    decree = certificate.basis
    return {
        "number": certificate.number,
        "code": certificate.code,
        "ikm": certificate.printed_name,
        "product": award.product_name,
        "commodity": award.group_id,
        "regency_code": award.regency_id,
        "regency": award.regency_name,
        "province": award.province_name,
        "round": decree.round_id,
        "star": certificate.printed_star,
        "maximum_star": award.maximum_star,
        "decree_number": decree.number,
        "decree_date": decree.date.isoformat() if decree.date else None,
        "is_example": award.is_example,
        # Only where there is one: a first paper keeps its fingerprint.
        **({"replaces": before} if (before := replaced_by(certificate)) else {}),
    }


def replaced_by(certificate: Certificate) -> str:
    """The number of the paper that this one replaces; "" for a first one."""
    if certificate.version == 1:
        return ""
    before = Certificate.objects.filter(award=certificate.award_id, version__lt=certificate.version)
    return before.order_by("-version").values_list("number", flat=True).first() or ""


def fingerprint(certificate: Certificate) -> str:
    """SHA-256 over the canonical record: sorted keys, no spaces, UTF-8; 64 hexadecimal digits."""
    text = json.dumps(
        canonical_record(certificate), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
