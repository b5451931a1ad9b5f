"""Whose product page a person may write, read, review; and who may open a photo that waits there."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Person
from accounts.offices import WITHOUT_DINAS
from accounts.roles import Right, Role
from awards import rules
from awards.models import Award, AwardQuerySet
from files.models import StoredFile

from .entry_models import EntryPhoto


def may_review(person: Person) -> bool:
    return person.may(Right.DRAFT_DECREE)


def writable_by(person: Person) -> AwardQuerySet:
    """
    The published awards whose page this person writes: the dinas those of its region, the province's office those that
    it nominated itself and those of DKI Jakarta (no dinas there), the secretariat all. A revoked one is nobody's.
    """
    awards = Award.objects.published().with_names().filter(revoked_at=None).defer("decree__annex")
    if may_review(person):
        return awards
    own = Q(pk__in=[])
    for office in person.offices(Role.DINAS):
        own |= Q(regency=office.regency_id)
    for office in person.offices(Role.PROVINSI):
        own |= Q(nomination__office=office.pk)
        if office.province_id == WITHOUT_DINAS:
            own |= Q(regency__province=WITHOUT_DINAS)
    return awards.filter(own)


def visible_to(person: Person) -> AwardQuerySet:
    """Whose page in the making a person reads: its writers, its province, and the ministry's side."""
    readable = Q(pk__in=writable_by(person).order_by().values("pk"))
    if rules.may_see_decrees(person):
        readable |= Q(pk__isnull=False)
    else:
        readable |= Q(pk__in=rules.awards_of_region(person).order_by().values("pk"))
    return Award.objects.published().with_names().filter(readable).defer("decree__annex")


def may_open(person: Person, file: StoredFile) -> bool | None:
    """The door of this room (files.access): a photo of a page in the making; None where it is none."""
    awards = EntryPhoto.objects.filter(file=file).order_by().values("entry__award")
    if not awards.exists():
        return None
    return visible_to(person).filter(pk__in=awards).exists()
