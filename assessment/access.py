"""Which nominations an assessor may open, with their files: said to the nominations room, which asks at every door."""

from django.db.models import Exists, Q
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right
from files.models import StoredFile
from nominations.models import Nomination, State

from . import explanations
from .models import (
    Assignment,
    Calibration,
    CalibrationFile,
    Finding,
    Paper,
    PaperStatement,
    Visit,
    VisitPhoto,
    VisitQuerySet,
)

# After the decision there is nothing left to assess: the files of others are not an archive for assessors.
WHILE = (State.ELIGIBLE, State.ASSESSED)


def assigned_nominations(person: Person) -> Q:
    """Assigned, declared free of conflict, not replaced; as long as the role is held and the nomination is on hand."""
    if not person.may(Right.SCORE):
        return Q(pk__in=[])
    return Q(
        pk__in=Assignment.objects.scoring().filter(assessor=person).untied().values("assessment__nomination"),
        state__in=WHILE,
    )


def may_follow(person: Person, pk: int) -> bool:
    """Whether a message about this assignment still leads this assessor to it (letters.inbox)."""
    return Assignment.objects.visible_to(person).filter(pk=pk).exists()


def may_open(person: Person, file: StoredFile) -> bool | None:
    """Whether this person may open a file of this room (scans, practice cases, photos); None where it is none."""
    papers, photos = Paper.objects.filter(scan=file), VisitPhoto.objects.filter(file=file)
    beside, said = CalibrationFile.objects.filter(file=file), PaperStatement.objects.filter(scan=file)
    held = StoredFile.objects.filter(pk=file.pk).values_list(
        Exists(papers), Exists(said), Exists(beside), Exists(photos)
    )
    is_scan, is_statement, is_practice, is_photo = held.get()
    if is_scan:
        return papers.readable_by(person).exists()
    if is_statement:
        return said.readable_by(person).exists()
    if is_practice:
        return beside.filter(case__in=Calibration.objects.visible_to(person)).exists()
    return photos.filter(visit__in=readable_visits(person)).exists() if is_photo else None


def readable_visits(person: Person) -> VisitQuerySet:
    """The visits of which this person may read what was found: the own ones, and those of Finding.visible_to."""
    found = Finding.objects.visible_to(person).order_by().values("visit")
    return Visit.objects.filter(Q(pk__in=found) | Q(pk__in=Visit.objects.own(person).values("pk")))


def explanation_link(nomination: Nomination, person: Person) -> dict[str, str] | None:
    """Where the released explanation of a nomination is read, for whom it is there (nominations.reading)."""
    if nomination.state not in (State.AWARDED, State.NOT_AWARDED):
        return None
    if explanations.released_for(nomination, person) is None:
        return None
    return {"label": "Penjelasan hasil", "url": reverse("nomination_explanation", args=[nomination.pk])}
