"""
The history: append-only, and chained when a transaction commits.

An Entry says who did what to what, when and why. At commit a deferred trigger gives it its place in one chain
(Link): position without gap, digest = sha256(digest before it + the entry's canonical text). Whoever changes or
takes away an entry breaks every digest after it; audit/chain.py finds where. See docs/decisions/0003.
"""

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q

from accounts.models import Person

CHAIN_LOCK = 7_206_118

_CHAIN = f"""
    PERFORM pg_advisory_xact_lock({CHAIN_LOCK});
    INSERT INTO audit_link (position, entry_id, digest)
    SELECT COALESCE(last.position, 0) + 1, NEW.id,
           encode(sha256(convert_to(COALESCE(last.digest, '') || audit_canonical(NEW), 'UTF8')), 'hex')
    FROM (SELECT 1) AS one
    LEFT JOIN LATERAL (SELECT position, digest FROM audit_link ORDER BY position DESC LIMIT 1) AS last ON true;
    RETURN NULL;
"""


class Entry(models.Model):
    """One act. Never holds NIK, NPWP, phone, mail or address: only references and the reason given."""

    at = models.DateTimeField()
    # No constraint to the person: an account may be taken away one day, the history stays.
    actor = models.ForeignKey(
        Person, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    append_only = True

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(name="entry_by_subject", fields=["subject_type", "subject_id"]),
            models.Index(name="entry_by_time", fields=["at"]),
        ]
        constraints = [
            CheckConstraint(
                name="entry_has_an_action_and_a_subject", condition=~Q(action="") & ~Q(subject_id="")
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="joins_the_chain",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                func=_CHAIN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class Link(models.Model):
    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    digest = models.CharField(max_length=64)

    append_only = True

    class Meta:
        ordering = ["position"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.position}: {self.digest[:12]}"


class Reading(models.Model):
    """A page that an auditor opened: who read what, when."""

    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    path = models.CharField(max_length=300)

    append_only = True

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(name="reading_by_person", fields=["person", "at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person_id} {self.path}"
