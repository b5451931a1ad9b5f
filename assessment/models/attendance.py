"""Who sits in a plenary, from when to when; what lies on its table; and who left the room for that item."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q

from accounts.models import Office, Person
from nominations.models import Nomination

from .plenaries import Plenary

# A session with members by name counts them itself: nobody types a number beside the list. A sealed session refuses
# the count, and with it whatever made it differ.
_COUNT_THE_SESSION = """
    UPDATE assessment_plenary SET
        members = (SELECT count(*) FROM assessment_plenarymember WHERE plenary_id = {plenary}),
        present = (SELECT count(*) FROM assessment_presence AS one
                   JOIN assessment_plenarymember AS seat ON seat.id = one.member_id
                   WHERE seat.plenary_id = {plenary} AND one.left_at IS NULL)
    WHERE id = {plenary};
    RETURN NULL;
"""
_SEAT_OF_ROW = "(SELECT plenary_id FROM assessment_plenarymember WHERE id = NEW.member_id)"

# FOR SHARE: whoever writes and the seal take turns.
_SESSION_IS_OPEN = """
    PERFORM 1 FROM assessment_plenary WHERE id = {plenary} FOR SHARE;
    IF EXISTS (SELECT 1 FROM assessment_plenary WHERE id = {plenary} AND sealed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a sealed plenary is never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class PlenaryMember(models.Model):
    """One who has a vote in a session, for the office held then. A session of before has only its numbers."""

    plenary = models.ForeignKey(Plenary, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["plenary", "pk"]
        constraints = [models.UniqueConstraint(name="member_sits_once", fields=["plenary", "person"])]
        triggers = [
            pgtrigger.Trigger(
                name="counts_the_members",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                func=_COUNT_THE_SESSION.format(plenary="NEW.plenary_id"),
            ),
            pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.person} dalam {self.plenary}"


class Presence(models.Model):
    """From when to when a member was there; whoever comes back has a second one."""

    member = models.ForeignKey(PlenaryMember, on_delete=models.PROTECT, related_name="presences")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["member", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="presence_one_at_a_time", fields=["member"], condition=Q(left_at=None)
            ),
            CheckConstraint(
                name="presence_ends_after_it_began",
                condition=Q(left_at=None) | Q(left_at__gte=F("came_at")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="counts_the_present",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                func=_COUNT_THE_SESSION.format(plenary=_SEAT_OF_ROW),
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.member} sejak {self.came_at}"


class DiscussedItem(models.Model):
    """A nomination while it lay on the table: by whom it was called, from when to when. One at a time in a session."""

    plenary = models.ForeignKey(Plenary, on_delete=models.PROTECT, related_name="items")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["plenary", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="item_one_on_the_table", fields=["plenary"], condition=Q(closed_at=None)
            ),
            CheckConstraint(
                name="item_closes_after_it_opened",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_an_open_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_SESSION_IS_OPEN.format(plenary="NEW.plenary_id"),
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.nomination} sejak {self.opened_at}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def standing(self) -> AbsenceQuerySet:
        """Without those that were taken back before the item was decided: written down by mistake."""
        return self.filter(undone_at=None)


class Absence(models.Model):
    """A member who left the room for one item because of an interest: never which interest (documents.md 4)."""

    item = models.ForeignKey(DiscussedItem, on_delete=models.PROTECT, related_name="absences")
    member = models.ForeignKey(PlenaryMember, on_delete=models.PROTECT, related_name="absences")
    left_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    # Who said so in the session; empty where the facts held had said it. Read with the row: no index of their own.
    recorded_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Taken back: it stays, and counts for nothing. Whoever leaves after all stands in the same row.
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(name="absence_once_per_item", fields=["item", "member"]),
            CheckConstraint(
                name="absence_is_taken_back_by_somebody",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            CheckConstraint(
                name="absence_ends_after_it_began",
                condition=Q(returned_at=None) | Q(returned_at__gte=F("left_at")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_an_open_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_SESSION_IS_OPEN.format(plenary=_SEAT_OF_ROW),
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.member} meninggalkan {self.item}"


class Attendee(models.Model):
    """
    One who is in the room without a vote: the secretary of the session, a member of the team without an account, a
    guest. Never counted: who votes has an account, by whose facts an interest is found (decision 0103).
    """

    class Seat(models.TextChoices):
        SECRETARY = "sekretaris", "Sekretaris sidang"
        MEMBER = "anggota", "Anggota tanpa hak suara"
        GUEST = "undangan", "Undangan"

    plenary = models.ForeignKey(Plenary, on_delete=models.PROTECT, related_name="attendees")
    seat = models.CharField("kedudukan", max_length=10, choices=Seat.choices)
    # The secretary's account; the others have none.
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # As they were when written down: what the minutes print does not change later.
    name = models.CharField("nama", max_length=160)
    institution = models.CharField("instansi", max_length=160)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["plenary", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="attendee_one_secretary_at_a_time",
                fields=["plenary", "left_at"],
                nulls_distinct=False,
                condition=Q(seat="sekretaris"),
            ),
            CheckConstraint(
                name="attendee_seat_is_known", condition=Q(seat__in=["sekretaris", "anggota", "undangan"])
            ),
            CheckConstraint(
                name="attendee_has_a_name_and_the_secretary_an_account",
                condition=~Q(name="")
                & ~Q(institution="")
                & (
                    Q(seat="sekretaris", person__isnull=False)
                    | (~Q(seat="sekretaris") & Q(person__isnull=True))
                ),
            ),
            CheckConstraint(
                name="attendee_leaves_after_coming",
                condition=Q(left_at=None) | Q(left_at__gte=F("came_at")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_an_open_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_SESSION_IS_OPEN.format(plenary="NEW.plenary_id"),
            ),
            pgtrigger.Protect(
                name="is_who_it_was",
                operation=pgtrigger.Update,
                condition=(
                    pgtrigger.Q(old__plenary__df=pgtrigger.F("new__plenary"))
                    | pgtrigger.Q(old__seat__df=pgtrigger.F("new__seat"))
                    | pgtrigger.Q(old__person__df=pgtrigger.F("new__person"))
                    | pgtrigger.Q(old__name__df=pgtrigger.F("new__name"))
                    | pgtrigger.Q(old__institution__df=pgtrigger.F("new__institution"))
                ),
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_seat_display()} dalam {self.plenary}"
