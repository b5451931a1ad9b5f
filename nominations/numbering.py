"""The number of a nomination: U-{tahun}-{kode_kabkota}-{nnn}, gapless in its round and region (documents.md 0)."""

from letters.numbering import NOMINATION, take

from .models import Nomination


def number_for(nomination: Nomination) -> str:
    """Take the next number of the region in this round; call it inside the submitting transaction."""
    code = nomination.regency.pk
    count = take(NOMINATION, nomination.round_id, code)
    return f"U-{nomination.round_id}-{code}-{count:03d}"
