"""The certificates that an awarded product holds, by name and validity: no number, no file (interface.md 3)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy

from awards.models import Award
from files.models import StoredFile
from nominations.models import Document

# Codes of DocumentKind that say something about the product to whoever buys it, in words for both languages.
SHOWN = {
    "spp_irt": gettext_lazy("SPP-IRT"),
    "bpom_md": gettext_lazy("Izin edar BPOM MD"),
    "halal": gettext_lazy("Sertifikat halal"),
    "svlk": gettext_lazy("SVLK (legalitas kayu)"),
    "merek": gettext_lazy("Merek terdaftar"),
    "hak_cipta": gettext_lazy("Hak cipta, desain industri, atau paten"),
    "ig": gettext_lazy("Indikasi Geografis atau pencatatan komunal"),
    "sni": gettext_lazy("Sertifikat SNI"),
    "batikmark": gettext_lazy("Sertifikat Batikmark"),
    "sertifikat_mutu": gettext_lazy("HACCP, ISO 22000, organik, dan sejenisnya"),
}


@dataclass(frozen=True)
class Licence:
    name: str
    valid_until: date | None


def held_for(award: Award, *, on: date) -> list[Licence]:
    """
    What was handed in with the nomination of this award and is valid on a day; each kind once, by its last day.

    Empty for awards taken over from an earlier round, of which no documents are held.
    """
    if award.nomination_id is None:
        return []
    rows = (
        Document.objects.filter(
            Q(expires_on=None) | Q(expires_on__gte=on),
            links__nomination=award.nomination_id,
            kind__in=SHOWN,
            file__state=StoredFile.State.ACCEPTED,
        )
        .order_by("kind__position", "expires_on", "pk")
        .values_list("kind", "expires_on")
    )
    # The latest of a kind is written last; one without a last day comes after all others.
    return [Licence(str(SHOWN[kind]), expires_on) for kind, expires_on in dict(rows).items()]
