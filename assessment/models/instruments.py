"""One version of the form of a commodity group."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right
from nominations.models import CommodityGroup

from .. import scoring

# Whoever works with the form: it holds nothing about a nomination.
MAY_SEE_INSTRUMENTS = (
    Right.ASSIGN,
    Right.SCORE,
    Right.LEAD_PLENARY,
    Right.READ_ALL,
    Right.SIGN_DECREE,
)


def canonical(data: object) -> str:
    """Return data as the one JSON text that fingerprints are taken of: sorted keys, no spaces, letters as they are."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def published(self) -> InstrumentQuerySet:
        return self.filter(published_at__isnull=False)

    def whole(self) -> InstrumentQuerySet:
        """Without the shorter forms for earlier recipients."""
        return self.filter(shortened_from=None)

    def visible_to(self, person: Person) -> InstrumentQuerySet:
        """Published versions for whoever works with the form; drafts for secretariat and auditor alone."""
        if not person.is_authenticated or not any(person.may(right) for right in MAY_SEE_INSTRUMENTS):
            return self.none()
        if person.may(Right.ASSIGN) or person.may(Right.READ_ALL):
            return self
        return self.published()

    def with_names(self) -> InstrumentQuerySet:
        return self.select_related("group", "published_by")


class Instrument(models.Model):
    """
    Published, it is never changed: a change makes a new version, and every result names the version it was computed
    with. `ladders` is its short form, indicator code -> levels, by which the database itself judges a score.
    """

    group = models.ForeignKey(CommodityGroup, on_delete=models.PROTECT, related_name="instruments")
    version = models.PositiveSmallIntegerField("versi")
    name = models.CharField("nama", max_length=160)
    definition = models.JSONField()
    ladders = models.JSONField(editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    # Of which version it is the shorter form for earlier recipients (short_forms.py). Few rows: no index.
    shortened_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="shorter",
        db_index=False,
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = ["group", "-version"]
        constraints = [
            models.UniqueConstraint(
                name="instrument_version_is_unique_in_its_group", fields=["group", "version"]
            ),
            CheckConstraint(name="instrument_version_is_positive", condition=Q(version__gte=1)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (versi {self.version})"

    def save(self, **kwargs: Any) -> None:
        """Raises scoring.InvalidInstrument where the definition is no instrument: none such is ever stored."""
        self._parsed = scoring.parse_instrument(self.definition)
        self.ladders = {each.code: list(each.levels) for each in self._parsed.indicators}
        self.fingerprint = hashlib.sha256(canonical(self.definition).encode()).hexdigest()
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("instrument", args=[self.group_id, self.version])

    def parsed(self) -> scoring.Instrument:
        """The form as scoring.py computes with it; parsed once per object."""
        if not hasattr(self, "_parsed"):
            self._parsed = scoring.parse_instrument(self.definition)
        return self._parsed
