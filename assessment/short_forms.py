"""
The shorter form for earlier recipients: some indicators of the version in force, with its weights and bands.

It is a version of its own, published at once and never changed: what was scored with it can be computed again. The
weight of a part stays, so what is left of a part weighs more; no part is left out (docs/decisions/0075).
"""

import copy
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from audit import history
from nominations.models import CommodityGroup, Nomination

from . import instrument_drafts as drafts
from . import instruments
from .instrument_edits import Form, without_line
from .instrument_shape import NAME_AT_MOST
from .models import Instrument, Reevaluation
from .refusals import Refused

NAME_ENDS = " (evaluasi ulang)"


def of(instrument: Instrument | None) -> Instrument | None:
    """The shorter form of a version; the last made where there are several, None where there is none."""
    if instrument is None:
        return None
    return Instrument.objects.published().filter(shortened_from=instrument).order_by("-version").first()


def form_for(nomination: Nomination, full: Instrument | None) -> Instrument | None:
    """The form with which a nomination is assessed: the shorter one where it was called in again and there is one."""
    if full is not None and Reevaluation.objects.filter(nomination=nomination).exists():
        return of(full) or full
    return full


def shortened(form: Form, kept: Collection[str]) -> Form:
    """The form with only these indicators; a section without any goes, a part stays and is then no whole form."""
    new = copy.deepcopy(form)
    for line in list(instruments.lines(form)):
        if line["code"] not in kept:
            new = without_line(new, line["code"])
    return new


@transaction.atomic
def publish(
    group: CommodityGroup, kept: Collection[str], *, seen: int, by: Person, at: datetime
) -> Instrument:
    """
    Publish a shorter form of the version in force. kept: codes of its indicators; seen: the version the page showed.

    The same choice twice gives the one that is there. Raises Refused: not your right, nothing in force, another
    version by now, a draft waits (its number would be taken), an unknown indicator, all of them, a part left empty.
    """
    instruments.may_draft(by)
    CommodityGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    full = instruments.latest_for(group)
    if full is None:
        raise Refused("nothing_in_force", "Kelompok ini belum mempunyai instrumen yang berlaku.")
    if full.version != seen:
        raise Refused(
            "overtaken", f"Versi {full.version} baru saja terbit. Pilihan Anda belum disimpan. Pilih kembali."
        )
    if drafts.of(group) is not None:
        raise Refused(
            "draft_waits", "Rancangan versi baru masih menunggu. Terbitkan atau buang dahulu rancangan itu."
        )
    codes = {line["code"] for line in instruments.lines(full.definition)}
    if strangers := set(kept) - codes:
        raise Refused(
            "unknown", f"Indikator {', '.join(sorted(strangers))} tidak ada dalam versi {full.version}."
        )
    if set(kept) == codes:
        raise Refused(
            "nothing_shorter", "Semua indikator dipilih. Kosongkan paling sedikit satu agar lebih ringkas."
        )
    definition = shortened(full.definition, kept)
    if empty := [part["code"] for part in definition["parts"] if not part["sections"]]:
        raise Refused("part_empty", f"Pilih paling sedikit satu indikator dari bagian {', '.join(empty)}.")
    there = of(full)
    if there is not None and {line["code"] for line in instruments.lines(there.definition)} == set(kept):
        return there
    newest = Instrument.objects.filter(group=group).order_by("-version").first()
    version = newest.version + 1 if newest else 1
    limit = NAME_AT_MOST - len(NAME_ENDS)
    definition = {**definition, "version": version, "name": f"{full.name[:limit]}{NAME_ENDS}"}
    if problems := instruments.problems_in(definition, group):
        raise Refused("invalid_instrument", " ".join(problems))
    one = Instrument.objects.create(
        group=group, version=version, name=definition["name"], definition=definition, shortened_from=full,
        published_at=at, published_by=by,
    )  # fmt: skip
    history.record(
        "publish_short_form", one, by=by, at=at, group=group.pk, version=version, of=full.version,
        indicators=len(kept), fingerprint=one.fingerprint,
    )  # fmt: skip
    return one
