"""How a person gets in: by an invitation, and in no other way."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from .models import Invitation, Membership, Office, Person
from .roles import HELD_IN, Role

GOOD_FOR = timedelta(days=14)


class ByInvitationOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home_of_role")


class CannotInvite(Exception):
    """The invitation makes no sense; `for_reader` says why in Indonesian."""

    def __init__(self, for_reader: str) -> None:
        super().__init__(for_reader)
        self.for_reader = for_reader


@dataclass(frozen=True)
class Invited:
    person: Person
    membership: Membership
    link: str
    expires_at: datetime


@transaction.atomic
def invite(
    email: str,
    *,
    role: Role,
    office: Office,
    name: str = "",
    by: Person | None = None,
    at: datetime | None = None,
) -> Invited:
    """
    Make (or take) the account of `email`, give it `role` in `office`, and return a link to set the password.

    Repeating it gives a new link; links sent before stop working. Raises CannotInvite where the role is not held
    in that kind of office (roles.HELD_IN).
    """
    at = at or timezone.now()
    if office.kind not in HELD_IN[role]:
        raise CannotInvite(f"Peran {role.label} tidak dapat dipegang di {office.name}.")
    email = email.strip().lower()
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(
        email, name=name.strip() or email.partition("@")[0]
    )
    membership, _ = Membership.objects.get_or_create(
        person=person,
        role=role,
        office=office,
        ends_on=None,
        taken_away_at=None,
        defaults={"starts_on": timezone.localdate(at)},
    )
    person.invitations.filter(accepted_at=None, expires_at__gt=at).update(expires_at=at)
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        person=person, secret_hash=_hash(secret), created_at=at, created_by=by, expires_at=at + GOOD_FOR
    )
    link = settings.PORTAL_URL + reverse("accept_invitation", args=[secret])
    return Invited(person, membership, link, invitation.expires_at)


def open_invitation(secret: str, *, at: datetime) -> Invitation | None:
    """Return the invitation that this secret opens at this instant, or None (unknown, used and late look alike)."""
    return (
        Invitation.objects.select_related("person")
        .filter(secret_hash=_hash(secret), accepted_at=None, expires_at__gt=at, person__is_active=True)
        .first()
    )


@transaction.atomic
def accept(invitation: Invitation, *, password: str, at: datetime) -> bool:
    """Set the password and close the invitation; False where it was used meanwhile."""
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=at):
        return False
    invitation.person.set_password(password)
    invitation.person.save(update_fields=["password"])
    return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
