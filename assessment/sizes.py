"""How many assess each nomination of a round: set before the draw, raised after it, the same for all of the round."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from audit import history
from nominations.models import Round

from . import rules
from .models import Assessment, PanelSize
from .models.sizes import AT_LEAST, AT_MOST
from .refusals import NOT_YOURS, Refused

REASON_AT_LEAST = 10


def is_settled(round_: Round) -> bool:
    """Whether one nomination of the round is assessed already: all of them are judged by as many."""
    return Assessment.objects.filter(nomination__round=round_, completed_at__isnull=False).exists()


@transaction.atomic
def set_size(round_: Round, size: int, *, reason: str, by: Person, at: datetime) -> PanelSize:
    """
    Set how many assess each nomination of a round; the panels that are there get as many seats.

    Raises Refused: not the secretariat, out of bounds, the same, no reason, smaller than a panel that is there, or one
    nomination is assessed already: all of a round are judged by as many.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    if not AT_LEAST <= size <= AT_MOST:
        raise Refused(
            "out_of_bounds",
            f"Jumlah penilai tiap usulan paling sedikit {AT_LEAST} dan paling banyak {AT_MOST}.",
        )
    if size == rules.panel_size(round_):
        raise Refused("same", f"Jumlah penilai tiap usulan sudah {size}. Tidak ada yang berubah.")
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    if is_settled(round_):
        raise Refused(
            "assessed",
            "Sebagian usulan periode ini sudah selesai dinilai. Jumlah penilai tidak dapat berubah lagi.",
        )
    there = Assessment.objects.filter(nomination__round=round_)
    if there.filter(size__gt=size).exists():
        raise Refused(
            "smaller",
            "Panel periode ini sudah dibentuk. Jumlah penilai hanya dapat ditambah, tidak dikurangi.",
        )
    made = PanelSize.objects.create(round=round_, size=size, reason=reason.strip(), at=at, by=by)
    raised = there.filter(size__lt=size).update(size=size)
    history.record(
        "set_panel_size", round_, by=by, at=at, reason=reason.strip(), size=size, panels_raised=raised
    )
    return made
