"""What the portal has promised to write to people, and what became of each message."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q

from accounts.models import Person

SUBJECT_LENGTH = 78


class Batch(models.Model):
    """Messages to many, held until a person has read one, counted them, and released all (outbox.release)."""

    title = models.CharField("judul", max_length=160)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            CheckConstraint(
                name="batch_is_released_or_cancelled_not_both",
                condition=Q(released_at=None) | Q(cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, *, at: datetime) -> MessageQuerySet:
        """Promised, not sent, and time to try (again)."""
        return self.filter(state=Message.State.WAITING, next_attempt_at__lte=at)

    def unread_first(self) -> MessageQuerySet:
        """What its reader has not opened first, each group the newest first."""
        return self.alias(was_read=Q(read_at__isnull=False)).order_by("was_read", "-queued_at", "-pk")

    def stuck(self, *, since: datetime) -> MessageQuerySet:
        """Handed to the mail server before `since`, and nobody noted what became of it."""
        return self.filter(state=Message.State.SENDING, handed_over_at__lt=since)


class Message(models.Model):
    """One e-mail to one person about one event, as it was written at that event. Its words never change."""

    class State(models.TextChoices):
        HELD = "held", "Menunggu dilepas"
        WAITING = "waiting", "Menunggu dikirim"
        SENDING = "sending", "Sedang dikirim"
        SENT = "sent", "Terkirim"
        UNSURE = "unsure", "Tidak pasti terkirim"
        FAILED = "failed", "Gagal"
        REFUSED = "refused", "Ditolak"
        CANCELLED = "cancelled", "Dibatalkan"

    key = models.CharField("kunci", max_length=200, unique=True)
    kind = models.CharField("jenis", max_length=40)
    template_version = models.PositiveSmallIntegerField("versi templat", default=1)
    person = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
        verbose_name="penerima",
    )
    about = models.CharField("tentang", max_length=100, blank=True)
    to_address = models.EmailField("alamat")
    subject = models.CharField("perihal", max_length=SUBJECT_LENGTH)
    body_text = models.TextField("isi")
    body_html = models.TextField("isi HTML")
    # What an invitation's link opens is known to nobody but its reader: kept until it is sent, shown on no page.
    private_link = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    resend_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resends",
        verbose_name="kirim ulang dari",
    )
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.WAITING)
    queued_at = models.DateTimeField("diantrekan")
    next_attempt_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("terkirim", null=True, blank=True)
    cancelled_at = models.DateTimeField("dibatalkan", null=True, blank=True)
    # When its reader opened it in the portal (inbox.py).
    read_at = models.DateTimeField("dibaca", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    last_error = models.CharField("kendala", max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(name="message_due", fields=["next_attempt_at"], condition=Q(state="waiting")),
            models.Index(name="message_sending", fields=["handed_over_at"], condition=Q(state="sending")),
            models.Index(name="message_inbox", fields=["person", "-queued_at"], condition=Q(read_at=None)),
            models.Index(name="message_by_time", fields=["-queued_at", "-id"]),
            models.Index(name="message_about", fields=["about"], condition=~Q(about="")),
        ]
        constraints = [
            CheckConstraint(
                name="message_state_is_known",
                condition=Q(
                    state__in=[
                        "held",
                        "waiting",
                        "sending",
                        "sent",
                        "unsure",
                        "failed",
                        "refused",
                        "cancelled",
                    ]
                ),
            ),
            CheckConstraint(
                name="message_is_sent_with_its_instant",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
            ),
            CheckConstraint(
                name="message_is_cancelled_with_its_instant",
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at=None)),
            ),
            CheckConstraint(
                name="message_is_handed_over_before_it_is_sent",
                condition=Q(sent_at=None) | Q(handed_over_at__lte=F("sent_at")),
            ),
            CheckConstraint(
                name="message_headers_are_single_lines",
                condition=~Q(subject__regex=r"[\r\n]") & ~Q(to_address__regex=r"[\r\n]"),
            ),
            CheckConstraint(
                name="message_private_link_is_kept_until_it_is_sent",
                condition=Q(private_link="") | Q(state__in=["held", "waiting", "sending"]),
            ),
            CheckConstraint(
                name="message_held_belongs_to_a_batch", condition=~Q(state="held") | Q(batch__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def can_be_cancelled(self) -> bool:
        return self.state in (self.State.HELD, self.State.WAITING)

    @property
    def can_be_resent(self) -> bool:
        return self.state in (self.State.SENT, self.State.UNSURE, self.State.FAILED)


class MailTemplate(models.Model):
    """
    The secretariat's own words for a kind of message, from an instant on. Versions are added, never changed.

    Version 1 of each kind is shipped with the portal (mails.KINDS) and has no row here.
    """

    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField("versi")
    subject = models.CharField("perihal", max_length=120)
    body = models.TextField("isi")
    in_force_from = models.DateTimeField("berlaku sejak")
    author = models.ForeignKey(
        Person, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(name="mail_template_version_is_one", fields=["kind", "version"]),
            CheckConstraint(name="mail_template_follows_the_shipped_one", condition=Q(version__gte=2)),
            CheckConstraint(
                name="mail_template_has_a_subject_and_a_body", condition=~Q(subject="") & ~Q(body="")
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} versi {self.version}"
