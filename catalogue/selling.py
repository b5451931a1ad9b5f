"""Where an awarded product can be bought: kept by the secretariat, shown because the IKM agreed in writing."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history
from awards.decrees import Refused
from awards.models import Award

from . import entry_rules
from .shown_models import SellingPlace

PLACES_AT_MOST = 6


@transaction.atomic
def add(
    award: Award, *, kind: str, name: str, url: str, agreed_on: date, by: Person, at: datetime, today: date
) -> SellingPlace:
    """
    Name a shop, a market place or the government's e-catalogue of the award's IKM.

    Raises Refused: not the secretariat, agreed in the future, an address that is not https, named already, six named.
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Tempat membeli hanya dapat diatur oleh Sekretariat.")
    refuse_what_may_not_stand(url, agreed_on, today=today)
    ikm = award.product.ikm
    type(ikm).objects.select_for_update(of=("self",)).get(pk=ikm.pk)
    if ikm.selling_places.count() >= PLACES_AT_MOST:
        raise Refused("enough", f"Paling banyak {PLACES_AT_MOST} tempat membeli. Hapus satu lebih dahulu.")
    try:
        with transaction.atomic():
            place = SellingPlace.objects.create(
                ikm=ikm, kind=kind, name=name.strip(), url=url, agreed_on=agreed_on, at=at, by=by
            )
    except IntegrityError:
        raise Refused(
            "already_named", "Alamat ini sudah tercatat untuk IKM ini. Tidak ada yang berubah."
        ) from None
    history.record("add_selling_place", award, by=by, at=at, place=place.pk, kind=kind)
    return place


def refuse_what_may_not_stand(url: str, agreed_on: date, *, today: date) -> None:
    """Raises Refused: agreed_later, not_https."""
    if agreed_on > today:
        raise Refused("agreed_later", "Tanggal persetujuan belum tiba. Isi tanggal surat persetujuan IKM.")
    if not url.startswith("https://"):
        raise Refused("not_https", "Alamat harus diawali https://. Salin alamat toko dari peramban.")


@transaction.atomic
def remove(place: SellingPlace, award: Award, *, by: Person, at: datetime) -> None:
    """The IKM may take its agreement back at any time: it is gone with the next answer."""
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Tempat membeli hanya dapat diatur oleh Sekretariat.")
    key = place.pk
    place.delete()
    history.record("remove_selling_place", award, by=by, at=at, place=key)


@transaction.atomic
def end(award: Award, place: int, *, by: Person, at: datetime) -> None:
    """
    As `remove`, by whoever writes the award's page: an agreement that is taken back ends at once, without a review.

    Raises Refused: not_yours, gone.
    """
    if not entry_rules.writable_by(by).filter(pk=award.pk).exists():
        raise Refused("not_yours", "Tempat membeli ini diatur dinas di wilayahnya.")
    removed, _ = SellingPlace.objects.filter(pk=place, ikm=award.product.ikm_id).delete()
    if not removed:
        raise Refused("gone", "Tempat membeli ini tidak ada lagi. Tidak ada yang berubah.")
    history.record("remove_selling_place", award, by=by, at=at, place=place)
