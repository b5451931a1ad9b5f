"""The number of a nomination: U-{tahun}-{kode_kabkota}-{nnn}, gapless per office and round (documents.md 0)."""

from letters.numbering import take

from .models import Nomination


def number_for(nomination: Nomination) -> str:
    """Take the next number of the nominating office in this round; call it inside the submitting transaction."""
    count = take("usulan", nomination.round_id, nomination.office.code)
    return f"U-{nomination.round_id}-{nomination.office.code}-{count:03d}"
