"""Field verification: a visit, what was found on each indicator, and the photos. Finished, it is never changed."""

from __future__ import annotations

import uuid

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right
from files.models import StoredFile

from .panels import Assessment, Assignment

# FOR SHARE waits for a plenary that is deciding at the moment: it and the visit take turns.
_DECIDED = """
    PERFORM 1 FROM nominations_nomination AS nomination
    JOIN assessment_assessment AS one ON one.nomination_id = nomination.id
    WHERE one.id = {assessment} FOR SHARE OF nomination;
    IF EXISTS (
        SELECT 1 FROM assessment_decision AS decided
        JOIN assessment_assessment AS one ON one.nomination_id = decided.nomination_id
        WHERE one.id = {assessment}) THEN
        RAISE EXCEPTION 'nothing is verified once the plenary has decided' USING ERRCODE = 'check_violation';
    END IF;
"""

_NOT_ONCE_DECIDED = f"""
    IF NEW.state <> 'cancelled' THEN
        {_DECIDED.format(assessment="NEW.assessment_id")}
    END IF;
    RETURN NEW;
"""

_VISIT_IS_OPEN = f"""
    PERFORM 1 FROM assessment_visit WHERE id = NEW.visit_id FOR SHARE;
    IF NOT EXISTS (SELECT 1 FROM assessment_visit WHERE id = NEW.visit_id AND state = 'planned') THEN
        RAISE EXCEPTION 'a visit that is over is never changed' USING ERRCODE = 'check_violation';
    END IF;
    {_DECIDED.format(assessment="(SELECT assessment_id FROM assessment_visit WHERE id = NEW.visit_id)")}
"""

_MEMBER_IS_FREE = f"""
    {_VISIT_IS_OPEN}
    IF NEW.left_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM assessment_assignment AS mine
        JOIN assessment_visit AS visit ON visit.assessment_id = mine.assessment_id
        WHERE visit.id = NEW.visit_id AND mine.id = NEW.assignment_id
        AND mine.has_conflict IS FALSE AND mine.removed_at IS NULL) THEN
        RAISE EXCEPTION 'a visit is made by those of its panel who declared to be free' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_ON_THE_LADDER = f"""
    {_VISIT_IS_OPEN}
    IF NOT EXISTS (
        SELECT 1 FROM assessment_visit AS visit
        JOIN assessment_assessment AS one ON one.id = visit.assessment_id
        JOIN assessment_instrument AS form ON form.id = one.instrument_id
        WHERE visit.id = NEW.visit_id AND form.ladders ? NEW.indicator
        AND (NEW.points IS NULL OR form.ladders -> NEW.indicator @> to_jsonb(NEW.points))) THEN
        RAISE EXCEPTION 'no level of this version of the instrument: % for %', NEW.points, NEW.indicator
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.visit_id, OLD.indicator) IS DISTINCT FROM (NEW.visit_id, NEW.indicator) THEN
        RAISE EXCEPTION 'a finding stays with its indicator' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class VisitQuerySet(models.QuerySet["Visit"]):
    def own(self, person: Person) -> VisitQuerySet:
        """The visits on whose team this person is, free of conflict and not replaced."""
        if not person.is_authenticated or not person.may(Right.VISIT):
            return self.none()
        mine = Assignment.objects.scoring().filter(assessor=person)
        team = VisitMember.objects.filter(assignment__in=mine, left_at=None)
        return self.filter(pk__in=team.values("visit"))

    def visible_to(self, person: Person) -> VisitQuerySet:
        """Who may know of a visit: its team, secretariat, chair and auditor. What was found: Finding.visible_to."""
        if person.is_authenticated and any(
            person.may(right) for right in (Right.ASSIGN, Right.LEAD_PLENARY, Right.READ_ALL)
        ):
            return self
        return self.own(person)

    def with_names(self) -> VisitQuerySet:
        """With everything a list row prints, in few statements."""
        return self.select_related(
            "assessment__nomination__round",
            "assessment__nomination__product__group",
            "assessment__nomination__product__ikm__regency__province",
        ).prefetch_related(
            models.Prefetch(
                "members",
                VisitMember.objects.filter(left_at=None)
                .select_related("assignment__assessor")
                .order_by("pk"),
            )
        )


@pghistory.track()
class Visit(models.Model):
    """
    One visit to the place of production of a nomination. `started_at` and `finished_at` are instants of the device,
    of its first and last entry; `received_at` is when the server took the finished visit in.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Direncanakan"
        DONE = "done", "Selesai"
        CANCELLED = "cancelled", "Dibatalkan"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="visits")
    planned_on = models.DateField("tanggal kunjungan")
    # The place on the route of that day.
    position = models.PositiveSmallIntegerField("urutan pada hari itu", default=1)
    place = models.CharField("tempat produksi", max_length=200)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    met_name = models.CharField("nama yang ditemui", max_length=120, blank=True)
    met_position = models.CharField("kedudukan yang ditemui", max_length=120, blank=True)
    officer = models.CharField("petugas dinas yang hadir", max_length=120, blank=True)
    samples = models.CharField("contoh produk yang diterima", max_length=300, blank=True)
    note = models.TextField("catatan pihak IKM", blank=True)
    # Internal: never printed, never exported.
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    # Raised with each change of the fields above: two devices never overwrite each other unseen.
    version = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancel_reason = models.TextField("alasan pembatalan", blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["planned_on", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="visit_one_that_stands_per_assessment",
                fields=["assessment"],
                # Planned or done: what is cancelled says when (visit_cancelled_with_a_reason_and_only_then).
                condition=Q(cancelled_at=None),
            ),
            CheckConstraint(name="visit_has_a_place", condition=~Q(place="")),
            CheckConstraint(
                name="visit_done_is_whole_and_only_then_received",
                condition=Q(
                    state="done",
                    started_at__isnull=False,
                    finished_at__isnull=False,
                    received_at__isnull=False,
                    finished_by__isnull=False,
                )
                & ~Q(met_name="")
                & ~Q(met_position="")
                | Q(state__in=["planned", "cancelled"], received_at=None, finished_at=None, finished_by=None)
                # Set aside after it was done: what it found and when stays.
                | Q(state="cancelled", received_at__isnull=False, finished_at__isnull=False, finished_by__isnull=False),
            ),
            CheckConstraint(
                name="visit_cancelled_with_a_reason_and_only_then",
                condition=(Q(state="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False)
                & ~Q(cancel_reason=""))
                | Q(state__in=["planned", "done"], cancelled_at=None, cancelled_by=None, cancel_reason=""),
            ),
            CheckConstraint(
                name="visit_position_on_earth_is_whole",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="unchanged_once_over",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="cancelled")
                | pgtrigger.Q(old__state="done")
                & (
                    ~pgtrigger.Q(new__state="cancelled")
                    | pgtrigger.Q(old__finished_at__df=pgtrigger.F("new__finished_at"))
                    | pgtrigger.Q(old__received_at__df=pgtrigger.F("new__received_at"))
                    | pgtrigger.Q(old__finished_by__df=pgtrigger.F("new__finished_by"))
                    | pgtrigger.Q(old__met_name__df=pgtrigger.F("new__met_name"))
                    | pgtrigger.Q(old__met_position__df=pgtrigger.F("new__met_position"))
                    | pgtrigger.Q(old__note__df=pgtrigger.F("new__note"))
                    | pgtrigger.Q(old__place__df=pgtrigger.F("new__place"))
                    | pgtrigger.Q(old__planned_on__df=pgtrigger.F("new__planned_on"))
                ),
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="stays_with_its_assessment",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__assessment__df=pgtrigger.F("new__assessment")),
            ),
            pgtrigger.Trigger(
                name="not_once_decided",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_NOT_ONCE_DECIDED,
            ),
        ]

    def __str__(self) -> str:
        return f"Kunjungan {self.assessment.nomination}"

    def get_absolute_url(self) -> str:
        return reverse("visit", args=[self.pk])


class VisitMember(models.Model):
    """
    Somebody of the team, by the assignment that lets them visit: recused or replaced, they are off it at once.
    `left_at`: taken off the team before the visit began.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="members")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="visits")
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["visit", "pk"]
        constraints = [models.UniqueConstraint(name="visit_member_once", fields=["visit", "assignment"])]
        triggers = [
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="stays_with_its_visit",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__visit__df=pgtrigger.F("new__visit"))
                | pgtrigger.Q(old__assignment__df=pgtrigger.F("new__assignment")),
            ),
            pgtrigger.Trigger(
                name="is_free",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_MEMBER_IS_FREE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment.assessor}: {self.visit}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def corrections(self) -> FindingQuerySet:
        """What finished visits found otherwise and what counts: not what somebody wrote who declared a conflict since."""
        recused = Assignment.objects.filter(
            assessment=OuterRef("visit__assessment"), assessor=OuterRef("by"), has_conflict=True
        )
        return self.filter(~Exists(recused), visit__state=Visit.State.DONE, verdict=Finding.Verdict.DIFFERS)

    def visible_to(self, person: Person) -> FindingQuerySet:
        """
        Whose findings this person may read: the team its own; once the visit is done, whoever may see all scores of
        that panel (AssignmentQuerySet.scores_visible_to), since a correction says what a score should have been.
        """
        if not person.is_authenticated:
            return self.none()
        counted = Assignment.objects.counted().filter(assessment__completed_at__isnull=False)
        whole = Assignment.objects.scores_visible_to(person).filter(pk__in=counted.values("pk"))
        return self.filter(
            Q(visit__in=Visit.objects.own(person))
            | Q(visit__state=Visit.State.DONE, visit__assessment__in=whole.order_by().values("assessment"))
        )


@pghistory.track()
class Finding(models.Model):
    """
    What the visit found on one indicator. `write` is the device's own name for its last change, so that the same
    change arriving twice is one; `version` counts the changes.
    """

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", "Sesuai"
        DIFFERS = "differs", "Berbeda"
        UNSEEN = "unseen", "Tidak dapat dilihat"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    indicator = models.CharField(max_length=20)
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    points = models.PositiveSmallIntegerField("skor menurut kunjungan", null=True, blank=True)
    text = models.TextField("yang dilihat", blank=True)
    write = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    noted_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["visit", "indicator"]
        constraints = [
            models.UniqueConstraint(name="finding_once_per_indicator", fields=["visit", "indicator"]),
            models.UniqueConstraint(name="finding_write_is_unique", fields=["write"]),
            CheckConstraint(
                name="finding_corrects_where_it_differs_and_only_there",
                condition=(Q(verdict="differs", points__isnull=False) & ~Q(text=""))
                | Q(verdict__in=["confirmed", "unseen"], points=None),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="while_the_visit_is_open",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_ON_THE_LADDER,
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.get_verdict_display()}"


class VisitPhoto(models.Model):
    """A photo of a visit, of one indicator or of the place as a whole (""). `write`: as for Finding."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    indicator = models.CharField(max_length=20, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="visit_photos")
    caption = models.CharField("keterangan", max_length=200)
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    write = models.UUIDField(default=uuid.uuid4, unique=True)

    append_only = True

    class Meta:
        ordering = ["visit", "taken_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="visit_photo_once_per_file", fields=["visit", "file"]),
            CheckConstraint(name="visit_photo_has_a_caption", condition=~Q(caption="")),
        ]
        triggers = [
            pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="while_the_visit_is_open",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"{_VISIT_IS_OPEN}\n    RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.caption
