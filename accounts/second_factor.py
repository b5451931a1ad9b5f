"""The ministry's roles sign in with a second factor wherever the portal is in production (contract.md)."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .models import Person
from .roles import MINISTRY

# What a person without a second factor can still reach: setting it up, and leaving.
OPEN_PATHS = ("/masuk/", "/keluar/", "/static/", "/healthz", "/readyz")


def needs_second_factor(person: Person) -> bool:
    """Whether this person must set one up before going on."""
    if not settings.SECOND_FACTOR_REQUIRED or not (person.is_superuser or person.roles() & MINISTRY):
        return False
    return not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


class RequireSecondFactor:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if (
            settings.SECOND_FACTOR_REQUIRED
            and person.is_authenticated
            and not request.path.startswith(OPEN_PATHS)
            and needs_second_factor(person)
        ):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)
