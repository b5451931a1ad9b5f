"""Which nominations an assessor may open, with their files: said to the nominations room, which asks at every door."""

from django.db.models import Q

from accounts.models import Person
from accounts.roles import Right
from nominations.models import State

from .models import Assignment

# After the decision there is nothing left to assess: the files of others are not an archive for assessors.
WHILE = (State.ELIGIBLE, State.ASSESSED)


def assigned_nominations(person: Person) -> Q:
    """Assigned, declared free of conflict, not replaced; as long as the role is held and the nomination is on hand."""
    if not person.may(Right.SCORE):
        return Q(pk__in=[])
    return Q(
        pk__in=Assignment.objects.scoring().filter(assessor=person).values("assessment__nomination"),
        state__in=WHILE,
    )


def may_follow(person: Person, pk: int) -> bool:
    """Whether a message about this assignment still leads this assessor to it (letters.inbox)."""
    return Assignment.objects.visible_to(person).filter(pk=pk).exists()
