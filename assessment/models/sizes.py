"""How many assess each nomination of a round: data of the round, with a history."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q

from accounts.models import Person
from nominations.models import Round

AT_LEAST = 2
AT_MOST = 9

_NOT_UNDER_A_RUNNING_ROUND = """
    PERFORM 1 FROM nominations_round WHERE year = NEW.round_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM assessment_assessment AS one
        JOIN nominations_nomination AS nomination ON nomination.id = one.nomination_id
        WHERE nomination.round_id = NEW.round_id AND (one.size > NEW.size OR one.completed_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'a panel is never made smaller once it was drawn, nor changed once one is assessed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class PanelSize(models.Model):
    """The size of the panels of a round from `at` on; the last one stands, without any it is rules.PANEL_SIZE."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="panel_sizes")
    size = models.PositiveSmallIntegerField("jumlah penilai tiap usulan")
    reason = models.TextField("alasan")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        ordering = ["round", "-pk"]
        constraints = [
            CheckConstraint(
                name="panel_size_is_sensible", condition=Q(size__gte=AT_LEAST, size__lte=AT_MOST)
            ),
            CheckConstraint(name="panel_size_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="not_under_a_running_round",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_NOT_UNDER_A_RUNNING_ROUND,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.size} penilai"
