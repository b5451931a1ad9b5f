"""A case on which the assessors practise before a round: no nomination, no result, nothing that is ever counted."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right
from files.models import StoredFile
from nominations.models import CommodityGroup, Round

from .instruments import Instrument


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    def visible_to(self, person: Person) -> CalibrationQuerySet:
        """The secretariat all; chair and auditor from the opening on; an assessor the opened ones with a part in it."""
        if not person.is_authenticated:
            return self.none()
        if person.may(Right.ASSIGN):
            return self
        opened = self.filter(opened_at__isnull=False)
        if person.may(Right.LEAD_PLENARY) or person.may(Right.READ_ALL):
            return opened
        if not person.may(Right.SCORE):
            return self.none()
        return opened.filter(pk__in=CalibrationSheet.objects.filter(person=person).values("case"))


@pghistory.track()
class Calibration(models.Model):
    """
    A made-up case of one commodity group, scored before the round on the published form. Opened, its text and form
    stay; closed, nobody scores it any more and its spread is shown.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="calibrations")
    group = models.ForeignKey(CommodityGroup, on_delete=models.PROTECT, related_name="+")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("nama produk latihan", max_length=160)
    text = models.TextField("uraian usulan latihan")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        ordering = ["-round", "group"]
        constraints = [
            models.UniqueConstraint(name="calibration_once_per_round_and_group", fields=["round", "group"]),
            CheckConstraint(name="calibration_says_something", condition=~Q(title="") & ~Q(text="")),
            CheckConstraint(
                name="calibration_closes_after_it_opened",
                condition=Q(closed_at=None) | Q(opened_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="closed_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="opened_keeps_its_case",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__opened_at__isnull=False)
                & (
                    pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                    | pgtrigger.Q(old__title__df=pgtrigger.F("new__title"))
                    | pgtrigger.Q(old__instrument__df=pgtrigger.F("new__instrument"))
                    | pgtrigger.Q(old__opened_at__df=pgtrigger.F("new__opened_at"))
                ),
            ),
            pgtrigger.Trigger(
                name="on_a_published_form_of_its_group",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM assessment_instrument WHERE id = NEW.instrument_id
                                   AND group_id = NEW.group_id AND published_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'practice is on a published form of its group'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Kalibrasi {self.group_id} {self.round_id}"

    def get_absolute_url(self) -> str:
        return reverse("calibration", args=[self.pk])


class CalibrationFile(models.Model):
    """A document or photo of a case."""

    case = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="calibrations")
    caption = models.CharField("keterangan", max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        ordering = ["case", "pk"]
        constraints = [
            models.UniqueConstraint(name="calibration_file_once", fields=["case", "file"]),
            CheckConstraint(name="calibration_file_has_a_caption", condition=~Q(caption="")),
        ]
        triggers = [pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.caption


_WHOLE_AND_ON_THE_LADDER = """
    PERFORM 1 FROM assessment_calibration WHERE id = NEW.case_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM assessment_calibration WHERE id = NEW.case_id AND closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a calibration that is closed is scored by nobody' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM assessment_calibration AS one JOIN assessment_instrument AS form ON form.id = one.instrument_id
        CROSS JOIN LATERAL jsonb_each(NEW.points) AS cell(code, given)
        WHERE one.id = NEW.case_id AND NOT COALESCE(form.ladders -> cell.code @> cell.given, FALSE)) THEN
        RAISE EXCEPTION 'no level of this version of the instrument' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sent_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM assessment_calibration AS one JOIN assessment_instrument AS form ON form.id = one.instrument_id
        CROSS JOIN LATERAL jsonb_object_keys(form.ladders) AS wanted(code)
        WHERE one.id = NEW.case_id AND NOT NEW.points ? wanted.code) THEN
        RAISE EXCEPTION 'a practice sheet with a missing score is not sent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class CalibrationSheet(models.Model):
    """What one assessor gave the case: indicator -> score. Made empty when the person is asked; sent, it stays."""

    case = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="sheets")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    points = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["case", "pk"]
        constraints = [
            models.UniqueConstraint(name="calibration_sheet_once_per_person", fields=["case", "person"])
        ]
        triggers = [
            pgtrigger.Protect(
                name="unchanged_once_sent",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__sent_at__isnull=False),
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="whole_and_on_the_ladder",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_WHOLE_AND_ON_THE_LADDER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.case}"
