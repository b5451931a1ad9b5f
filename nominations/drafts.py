"""
Drafts: how one begins, and how answers are saved so that nobody's are overwritten in silence.

A form brings the version it was opened with. What was changed there and what was changed meanwhile is compared answer
by answer with that version (kept by pghistory): different answers are brought together, the same answer given twice
is a Conflict that shows both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Field, QuerySet

from accounts.models import Office, Person
from audit import history

from . import rules
from .answers import COLUMNS
from .guards import Refused, when
from .models import DocumentLink, Ikm, Nomination, Phase, Product, Round, Sentra, State

Kept = TypeVar("Kept", Nomination, Ikm, Sentra)
NIB_TAKEN = "NIB ini sudah dipakai IKM lain yang terdaftar. Cari IKM itu lebih dahulu."
SENTRA_EXISTS = "Sentra dengan nama ini sudah terdaftar di kabupaten/kota ini."


@dataclass(frozen=True)
class Difference:
    """One answer that two people changed: `column` of the record, both values, as they are stored."""

    column: str
    mine: Any
    theirs: Any


class Conflict(Exception):
    """Somebody saved the same answers meanwhile; nothing was stored. The page shows both and asks."""

    def __init__(
        self, differences: list[Difference], *, who: str, changed_at: datetime, version: int
    ) -> None:
        super().__init__(", ".join(difference.column for difference in differences))
        self.differences = differences
        self.who = who
        self.changed_at = changed_at
        self.version = version


@transaction.atomic
def begin(
    product: Product, *, round_: Round, by: Person, at: datetime, copy_of: Nomination | None = None
) -> Nomination:
    """
    Start the nomination of a product in a round; return the draft.

    copy_of: a nomination of the same IKM whose answers and documents are taken over as a start. Raises Refused where
    the person does not nominate from there, the round takes no nominations, or the product is proposed already.
    """
    office = rules.nominates_for(by, product.ikm.regency)
    if office is None:
        raise Refused("not_yours", f"Hanya dinas {product.ikm.regency} yang dapat mengusulkan produk ini.")
    return begin_for(office, product, round_=round_, by=by, at=at, copy_of=copy_of)


@transaction.atomic
def begin_for(
    office: Office,
    product: Product,
    *,
    round_: Round,
    by: Person,
    at: datetime,
    copy_of: Nomination | None = None,
) -> Nomination:
    """As `begin`, for an office in whose name somebody else begins it (the secretariat, awards/calling_in.py)."""
    refuse_when_closed(round_, at)
    there = Nomination.objects.filter(round=round_, product=product).exclude(state=State.WITHDRAWN).first()
    if there is not None:
        raise Refused("already_proposed", f"Produk ini sudah diusulkan pada periode {round_.year}: {there}.")
    nomination = Nomination(
        round=round_, product=product, office=office, created_at=at, created_by=by,
        **({column: getattr(copy_of, column) for column in COLUMNS} if copy_of else {}),
    )  # fmt: skip
    try:
        with transaction.atomic():
            nomination.save()
    except IntegrityError:
        raise Refused(
            "already_proposed", f"Produk ini baru saja diusulkan pada periode {round_.year}."
        ) from None
    if copy_of is not None:
        _take_over_documents(copy_of, nomination)
    history.record(
        "begin", nomination, by=by, at=at, to_state=State.DRAFT.value, copy_of=copy_of.pk if copy_of else None
    )
    return nomination


def save_answers(
    nomination: Nomination,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Person,
    at: datetime,
    settled: Mapping[str, int] | None = None,
) -> Nomination:
    """
    Store answers of the form (columns of COLUMNS) that was opened with `version`; return the row as it stands then.

    settled: column -> the version whose value its reader has seen beside the own one, and decided against. Raises
    Refused where it cannot be edited any more, Conflict where an answer was changed meanwhile.
    """
    if strangers := set(values) - set(COLUMNS):
        raise ValueError(f"no answers: {sorted(strangers)}")

    def check(row: Nomination) -> None:
        refuse_edit(row, by)

    return _save(nomination, values, version=version, settled=settled, by=by, at=at, check=check)


def save_ikm(
    ikm: Ikm,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Person,
    at: datetime,
    settled: Mapping[str, int] | None = None,
) -> Ikm:
    """
    Store what a form says about an IKM. Raises Refused for another region's and for a NIB that another IKM has,
    Conflict as `save_answers`.
    """

    def check(row: Ikm) -> None:
        refuse_region(row.regency, by)

    try:
        return _save(ikm, values, version=version, settled=settled, by=by, at=at, check=check)
    except IntegrityError:
        raise Refused("nib_taken", NIB_TAKEN) from None


def save_sentra(
    sentra: Sentra,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Person,
    at: datetime,
    settled: Mapping[str, int] | None = None,
) -> Sentra:
    """Store what a form says about a sentra. Raises Refused and Conflict as `save_ikm`."""

    def check(row: Sentra) -> None:
        refuse_region(row.regency, by)

    try:
        return _save(sentra, values, version=version, settled=settled, by=by, at=at, check=check)
    except IntegrityError:
        raise Refused("sentra_exists", SENTRA_EXISTS) from None


def refuse_edit(nomination: Nomination, person: Person) -> None:
    """Raise Refused where this person cannot change the answers now, saying who could."""
    if rules.may_edit(person, nomination):
        return
    if rules.holds_its_office(person, nomination):
        raise Refused(
            "not_editable",
            f"Usulan ini berstatus {nomination.get_state_display()} dan tidak dapat diubah. Usulan hanya dapat diubah "
            "sebagai draf atau bila dikembalikan.",
        )
    raise Refused("not_yours", f"Hanya {nomination.office} yang dapat mengubah usulan ini.")


def refuse_region(regency: Any, person: Person) -> None:
    if not rules.keeps_registry_of(person, regency):
        raise Refused("not_yours", f"Hanya dinas {regency} yang dapat mengubah data ini.")


@transaction.atomic
def _save(
    record: Kept,
    values: Mapping[str, Any],
    *,
    version: int,
    settled: Mapping[str, int] | None,
    by: Person,
    at: datetime,
    check: Callable[[Kept], None],
) -> Kept:
    row = type(record)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
    check(row)
    seen: Mapping[str, int] = settled or {}
    bases: dict[int, Any] = {number: _as_of(row, number) for number in {version, *seen.values()}}
    taken, differences = {}, []
    who, changed_at = "", at
    for column, mine in values.items():
        attribute = cast("Field[Any, Any]", row._meta.get_field(column)).attname
        mine = getattr(mine, "pk", mine)
        now, was = getattr(row, attribute), getattr(bases[seen.get(column, version)], attribute)
        if mine in (now, was):
            continue
        if now == was:
            taken[attribute] = mine
        else:
            differences.append(Difference(column, mine, now))
            who, changed_at = _who_wrote(row, attribute, now, default=at)
    if differences:
        raise Conflict(differences, who=who, changed_at=changed_at, version=row.version)
    if taken:
        for attribute, mine in taken.items():
            setattr(row, attribute, mine)
        row.version += 1
        with pghistory.context(user=by.pk):
            row.save()
    return row


def _as_of(row: Kept, version: int) -> Any:
    """The row as it stood with this version; as it stands now where that version is not known."""
    if version == row.version:
        return row
    return _events(row).filter(version=version).order_by("-pgh_id").first() or row


def _events(row: Kept) -> QuerySet[Any]:
    """The versions of a row, which pghistory's trigger writes."""
    events: QuerySet[Any] = row.events  # type: ignore[attr-defined]
    return events


def _who_wrote(row: Kept, attribute: str, value: Any, *, default: datetime) -> tuple[str, datetime]:
    """Who gave an answer the value that it has now, and when: not whoever saved the row last."""
    others = _events(row).exclude(**{attribute: value}).order_by("-pgh_id").values_list("pgh_id", flat=True)
    since = _events(row).filter(pgh_id__gt=others.first() or 0).select_related("pgh_context")
    event = since.order_by("pgh_id").first()
    if event is None:
        return "Rekan Anda", default
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    person = Person.objects.filter(pk=metadata.get("user") or 0).first()
    return (person.full_name if person else "Rekan Anda"), event.pgh_created_at


def refuse_when_closed(round_: Round, at: datetime) -> None:
    """Raise Refused where no nomination can be begun in this round: not dated yet, or over."""
    phase = round_.phase(Phase.Kind.NOMINATION)
    if phase is None:
        raise Refused(
            "phase_not_dated", f"Pengusulan periode {round_.year} belum dijadwalkan oleh Sekretariat."
        )
    if at >= phase.closes_at:
        raise Refused(
            "phase_closed",
            f"Pengusulan sudah ditutup {when(phase.closes_at)}. Usulan baru tidak dapat dibuat pada periode ini.",
        )


def _take_over_documents(source: Nomination, target: Nomination) -> None:
    holders = {
        "office": target.office_id,
        "sentra": target.product.ikm.sentra_id,
        "ikm": target.product.ikm_id,
    }
    DocumentLink.objects.bulk_create(
        DocumentLink(nomination=target, document=link.document)
        for link in source.document_links.select_related("document__kind").order_by("pk")
        # The letter of the dinas belongs to its round; the rest is its holder's still.
        if link.document.kind.holder != "office"
        and any(getattr(link.document, f"{name}_id") == pk for name, pk in holders.items() if pk)
    )
