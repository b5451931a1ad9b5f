"""Who may do what to a decree, an award, a certificate."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right, Role

from .models import Award, Certificate, Clarification, Decree

MAY_SEE_DECREES = (Right.DRAFT_DECREE, Right.SIGN_DECREE, Right.READ_ALL)


def may_see_decrees(person: Person) -> bool:
    """The ministry's side before publication; the public sees published results on the public pages."""
    return any(person.may(right) for right in MAY_SEE_DECREES)


def decrees_visible_to(person: Person) -> QuerySet[Decree]:
    decrees = Decree.objects.select_related("round", "plenary", "changes")
    return decrees if may_see_decrees(person) else decrees.none()


def clarifications_visible_to(person: Person) -> QuerySet[Clarification]:
    """The ministry's side all; the dinas those of its region, the office that nominated its own."""
    found = Clarification.objects.select_related(
        "award__decree__round", "award__nomination__office", "award__group", "answered_by", "signed_letter"
    )
    if may_see_decrees(person):
        return found
    regencies = [office.regency_id for office in person.offices(Role.DINAS) if office.regency_id]
    own = [office.pk for office in person.offices(Role.PROVINSI)]
    return found.filter(Q(award__regency__in=regencies) | Q(award__nomination__office__in=own))


def certificates_visible_to(person: Person) -> QuerySet[Certificate]:
    """
    Whose PDF a person may fetch: the ministry's side all; the dinas and the province those of their region, and only
    once published.
    """
    certificates = Certificate.objects.select_related("award__decree__round", "award__regency", "decree")
    if may_see_decrees(person):
        return certificates
    return certificates.public(at=timezone.now()).filter(award__in=awards_of_region(person))


def awards_of_region(person: Person) -> QuerySet[Award]:
    """The published awards of the region that a person's dinas or province looks after."""
    own = Q(pk__in=[])
    for office in person.offices(Role.DINAS):
        own |= Q(regency=office.regency_id)
    for office in person.offices(Role.PROVINSI):
        own |= Q(regency__province=office.province_id)
    return Award.objects.published().with_names().filter(own)


def awards_visible_to(person: Person) -> QuerySet[Award]:
    """Whose label a person may fetch: as the certificates, and never before publication."""
    if may_see_decrees(person):
        return Award.objects.published().with_names()
    return awards_of_region(person)
