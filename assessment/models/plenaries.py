"""The plenary and its decisions: sealed, they are never changed."""

from __future__ import annotations

from fractions import Fraction

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right
from nominations.models import Nomination, Round

from .instruments import Instrument

# The sheets that count in the value of one nomination although an interest of their assessor became known: as
# AssignmentQuerySet.tied(). What a sealed session has decided before is past that: its sheets are not opened any more.
_TIED_SHEETS = """
    SELECT 1 FROM assessment_assessment AS one
    JOIN assessment_assignment AS mine ON mine.assessment_id = one.id
    JOIN nominations_nomination AS nominated ON nominated.id = one.nomination_id
    JOIN nominations_product AS made ON made.id = nominated.product_id
    JOIN nominations_ikm AS maker ON maker.id = made.ikm_id
    WHERE {of_nomination} AND mine.submitted_at IS NOT NULL AND mine.removed_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM assessment_decision AS before JOIN assessment_plenary AS past ON past.id = before.plenary_id
        WHERE before.nomination_id = one.nomination_id AND past.sealed_at IS NOT NULL AND past.id <> {session})
    AND (
        EXISTS (SELECT 1 FROM assessment_interest AS held WHERE held.person_id = mine.assessor_id
                AND held.ended_at IS NULL AND (held.ikm_id = maker.id OR held.regency_id = maker.regency_id))
        OR EXISTS (SELECT 1 FROM assessment_assignment AS said
                   JOIN assessment_assessment AS other ON other.id = said.assessment_id
                   JOIN nominations_nomination AS of_it ON of_it.id = other.nomination_id
                   JOIN nominations_product AS same ON same.id = of_it.product_id
                   WHERE said.assessor_id = mine.assessor_id AND said.has_conflict AND same.ikm_id = maker.id)
        OR EXISTS (SELECT 1 FROM assessment_absence AS out
                   JOIN assessment_plenarymember AS seat ON seat.id = out.member_id
                   JOIN assessment_discusseditem AS item ON item.id = out.item_id
                   WHERE out.undone_at IS NULL AND seat.person_id = mine.assessor_id
                   AND item.nomination_id = one.nomination_id))
"""
_SEALED_WITHOUT_TIED_SHEETS = f"""
    IF EXISTS ({
    _TIED_SHEETS.format(
        of_nomination="one.nomination_id IN (SELECT nomination_id FROM assessment_decision WHERE plenary_id = NEW.id)",
        session="NEW.id",
    )
}) THEN
        RAISE EXCEPTION 'a value holds the sheet of an assessor with an interest' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_DECIDED_WITHOUT_TIED_SHEETS = f"""
    IF EXISTS ({
    _TIED_SHEETS.format(of_nomination="one.nomination_id = NEW.nomination_id", session="NEW.plenary_id")
}) THEN
        RAISE EXCEPTION 'a value holds the sheet of an assessor with an interest' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class PlenaryQuerySet(models.QuerySet["Plenary"]):
    def visible_to(self, person: Person) -> PlenaryQuerySet:
        """Chair, secretariat and auditor, and whoever sits in it; nobody else knows of a session."""
        if not person.is_authenticated:
            return self.none()
        if any(person.may(right) for right in (Right.LEAD_PLENARY, Right.ASSIGN, Right.READ_ALL)):
            return self
        return self.filter(seats__person=person) if person.may(Right.SCORE) else self.none()

    def open(self) -> PlenaryQuerySet:
        return self.filter(sealed_at=None)


@pghistory.track()
class Plenary(models.Model):
    """The session that decides. Sealed, its decisions are never changed: a correction is a new session."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plenaries")
    place = models.CharField("tempat", max_length=120)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # m: members with a vote; h: present. Quorum floor(m/2) + 1 (documents.md 6). Counted by the database from those
    # who sit in it by name (attendance.py); a session of before has only these numbers.
    members = models.PositiveSmallIntegerField("anggota yang mempunyai hak suara")
    present = models.PositiveSmallIntegerField("anggota yang hadir")
    minutes_number = models.CharField("nomor berita acara", max_length=60, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, blank=True)

    objects = PlenaryQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                name="plenary_one_open_per_round", fields=["round"], condition=Q(sealed_at=None)
            ),
            CheckConstraint(
                name="plenary_present_are_members", condition=Q(members__gte=1, present__lte=F("members"))
            ),
            CheckConstraint(
                name="plenary_sealed_with_minutes_and_fingerprint",
                condition=Q(sealed_at=None, sealed_by=None)
                | (
                    Q(sealed_at__isnull=False, sealed_by__isnull=False)
                    & ~Q(minutes_number="")
                    & ~Q(fingerprint="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sealed_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__sealed_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="sealed_without_tied_sheets",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__sealed_at__isnull=True, new__sealed_at__isnull=False),
                func=_SEALED_WITHOUT_TIED_SHEETS,
            ),
        ]

    def __str__(self) -> str:
        return f"Sidang pleno {self.round_id}"

    def get_absolute_url(self) -> str:
        return f"{reverse('plenary')}?sidang={self.pk}"

    @property
    def is_called(self) -> bool:
        """Whether it was called for some published nominations only (agenda.py), not for the whole round."""
        return self.agenda.exists()

    @property
    def quorum(self) -> int:
        return self.members // 2 + 1

    @property
    def has_quorum(self) -> bool:
        return self.present >= self.quorum


@pghistory.track()
class AgendaItem(models.Model):
    """
    One published result that a new session is called for: by an upheld sanggah, or because it is to be assessed again.
    It waits (`plenary` empty) until the chair opens that session; one call waits per nomination.
    """

    class Ground(models.TextChoices):
        OBJECTION = "sanggah", "Sanggah diterima"
        REASSESSMENT = "penilaian_ulang", "Penilaian ulang"

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="agenda")
    plenary = models.ForeignKey(
        Plenary, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda"
    )
    ground = models.CharField("dasar", max_length=16, choices=Ground.choices)
    reason = models.TextField("alasan")
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="agenda_waits_once_per_nomination", fields=["nomination"], condition=Q(plenary=None)
            ),
            models.UniqueConstraint(
                name="agenda_once_per_session_and_nomination", fields=["plenary", "nomination"]
            ),
            CheckConstraint(name="agenda_has_a_reason", condition=~Q(reason="")),
            CheckConstraint(
                name="agenda_ground_is_known", condition=Q(ground__in=["sanggah", "penilaian_ulang"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.get_ground_display()}"


# FOR SHARE: a decision that is being written and the seal take turns.
_PLENARY_IS_OPEN = """
    PERFORM 1 FROM assessment_plenary
    WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.plenary_id ELSE NEW.plenary_id END) FOR SHARE;
    IF EXISTS (SELECT 1 FROM assessment_plenary
               WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.plenary_id ELSE NEW.plenary_id END)
               AND sealed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a sealed plenary is never changed' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND EXISTS (
        SELECT 1 FROM assessment_plenary WHERE id = NEW.plenary_id AND present < members / 2 + 1) THEN
        RAISE EXCEPTION 'a plenary without quorum decides nothing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""

# A decision other than the computed star carries a reason of at least this many characters (documents.md 6).
REASON_AT_LEAST = 30


@pghistory.track()
class Decision(models.Model):
    """
    What the plenary decided for one nomination: the exact value, the computed star, and the star decided, for ever
    side by side. The value is numerator/denominator in lowest terms.
    """

    plenary = models.ForeignKey(Plenary, on_delete=models.PROTECT, related_name="decisions")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="decisions")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="decisions")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    computed_star = models.PositiveSmallIntegerField()
    star = models.PositiveSmallIntegerField("bintang")
    # How many stars the scheme of the instrument has: five, or three.
    maximum_star = models.PositiveSmallIntegerField()
    reason = models.TextField("alasan", blank=True)
    # A vote is recorded only where there was one; those who left for this item do not vote (documents.md 6).
    recused = models.PositiveSmallIntegerField("meninggalkan sidang karena benturan kepentingan", default=0)
    in_favour = models.PositiveSmallIntegerField("setuju", null=True, blank=True)
    against = models.PositiveSmallIntegerField("tidak setuju", null=True, blank=True)
    abstained = models.PositiveSmallIntegerField("abstain", null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["plenary", "pk"]
        constraints = [
            models.UniqueConstraint(name="decision_once_per_nomination", fields=["plenary", "nomination"]),
            CheckConstraint(
                name="decision_value_is_a_fraction_up_to_100",
                condition=Q(denominator__gt=0, numerator__gte=0, numerator__lte=100 * F("denominator")),
            ),
            CheckConstraint(
                name="decision_star_is_of_its_scheme",
                condition=Q(star__lte=F("maximum_star"), computed_star__lte=F("maximum_star")),
            ),
            CheckConstraint(
                name="decision_other_than_computed_has_a_reason",
                condition=Q(star=F("computed_star")) | Q(reason__regex=rf"\S.{{{REASON_AT_LEAST - 2},}}\S"),
            ),
            CheckConstraint(
                name="decision_vote_is_whole",
                condition=Q(in_favour=None, against=None, abstained=None)
                | Q(in_favour__isnull=False, against__isnull=False, abstained__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sealed_with_its_plenary",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_PLENARY_IS_OPEN,
            ),
            pgtrigger.Trigger(
                name="decides_without_tied_sheets",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_DECIDED_WITHOUT_TIED_SHEETS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: bintang {self.star}"

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    @property
    def differs(self) -> bool:
        return self.star != self.computed_star
