"""People, the offices they act for, and the roles they hold there for a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from regions.models import Province, Regency

from .roles import MAY, Right, Role


class Office(models.Model):
    """A dinas of a kabupaten/kota, a province's dinas, the ministry, an association or a campus."""

    class Kind(models.TextChoices):
        DINAS = "dinas", "Dinas kabupaten/kota"
        PROVINCE = "province", "Dinas provinsi"
        MINISTRY = "ministry", "Kementerian"
        ASSOCIATION = "association", "Asosiasi"
        CAMPUS = "campus", "Perguruan tinggi"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    code = models.SlugField(
        max_length=40, unique=True, help_text="Kode wilayah untuk dinas; singkatan untuk yang lain"
    )
    name = models.CharField(max_length=160)
    regency = models.ForeignKey(
        Regency, null=True, blank=True, on_delete=models.PROTECT, related_name="offices"
    )
    province = models.ForeignKey(
        Province, null=True, blank=True, on_delete=models.PROTECT, related_name="offices"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            CheckConstraint(
                name="office_dinas_has_its_regency_and_province",
                condition=~Q(kind="dinas") | Q(regency__isnull=False, province__isnull=False),
            ),
            CheckConstraint(
                name="office_province_has_its_province_only",
                condition=~Q(kind="province") | Q(regency__isnull=True, province__isnull=False),
            ),
            CheckConstraint(
                name="office_kind_is_known",
                condition=Q(kind__in=["dinas", "province", "ministry", "association", "campus"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Make a person who can sign in; without a password only an invitation's link opens the account."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """
    Somebody who signs in. The name stands in three fields, because titles are not sorted or searched by, and a
    title's case is part of it: "dr." is a physician, "Dr." a doctorate (documents.md 13).
    """

    email = models.EmailField("email", unique=True)
    title_before = models.CharField("gelar depan", max_length=40, blank=True)
    name = models.CharField("nama", max_length=120)
    title_after = models.CharField("gelar belakang", max_length=60, blank=True)
    is_active = models.BooleanField("aktif", default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_is_unique_in_any_case")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its titles: "Dr. Ir. Hj. Siti Aminah, S.E., M.M."."""
        front = f"{self.title_before} {self.name}".strip()
        return f"{front}, {self.title_after}" if self.title_after else front

    def get_full_name(self) -> str:
        return self.full_name

    def active_memberships(self, *, at: datetime | None = None) -> list[Membership]:
        """Memberships in force at `at` (now), each with its office; read once per object when `at` is not given."""
        if at is not None:
            return list(self.memberships.in_force(at=at).select_related("office__province"))
        if not hasattr(self, "_memberships_now"):
            self._memberships_now = list(
                self.memberships.in_force(at=timezone.now()).select_related("office__province")
            )
        return self._memberships_now

    def roles(self, *, at: datetime | None = None) -> frozenset[Role]:
        if not self.is_active:
            return frozenset()
        return frozenset(Role(membership.role) for membership in self.active_memberships(at=at))

    def may(self, right: Right) -> bool:
        """Whether any role held now gives this right somewhere (roles.MAY)."""
        return any(right in MAY[role] for role in self.roles())

    def offices(self, role: Role) -> list[Office]:
        """The offices for which the person holds `role` now."""
        if not self.is_active:
            return []
        return [membership.office for membership in self.active_memberships() if membership.role == role]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, *, at: datetime) -> MembershipQuerySet:
        day = timezone.localdate(at)
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            Q(taken_away_at=None) | Q(taken_away_at__gt=at),
            starts_on__lte=day,
        )


class Membership(models.Model):
    """
    A role that a person holds in an office from a day to a day (both included; open where none is set), or until
    the instant at which it is taken away.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="memberships")
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    taken_away_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(name="membership_role_is_known", condition=Q(role__in=Role.values)),
            CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.UniqueConstraint(
                name="membership_is_held_once_at_a_time",
                fields=["person", "role", "office"],
                condition=Q(ends_on=None, taken_away_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.get_role_display()}, {self.office}"

    def is_in_force(self, *, at: datetime) -> bool:
        """What MembershipQuerySet.in_force asks, for one row at hand."""
        day = timezone.localdate(at)
        return (
            self.starts_on <= day
            and (self.ends_on is None or self.ends_on >= day)
            and (self.taken_away_at is None or self.taken_away_at > at)
        )


class Invitation(models.Model):
    """
    The way in: a link, good once and until a date, to set a password. Only the secret's hash is stored.

    The link is shown to whoever invites (and mailed); opening it needs the secret, using it sets accepted_at.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            CheckConstraint(name="invitation_expires_later", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return f"Undangan {self.person} sampai {self.expires_at:%Y-%m-%d}"
