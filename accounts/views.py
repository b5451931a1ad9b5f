"""The edge of the accounts: accepting an invitation. /akun/ spans rooms and lives in ovop_portal/people_pages.py."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from . import invitations
from .forms import FirstPasswordForm


@never_cache
@sensitive_post_parameters()
@login_not_required
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Set the first password by the link of an invitation, and be signed in."""
    at = request.received_at
    invitation = invitations.open_invitation(secret, at=at)
    if invitation is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    form = FirstPasswordForm(invitation.person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not invitations.accept(invitation, password=form.cleaned_data["new_password1"], at=at):
            return render(request, "accounts/invitation_closed.html", status=404)
        invitation.person.refresh_from_db()
        login(request, invitation.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        messages.success(request, "Kata sandi Anda tersimpan. Anda sudah masuk.")
        return redirect("home_of_role")
    return render(request, "accounts/accept_invitation.html", {"form": form, "person": invitation.person})


@require_safe
@login_not_required
def who_gets_an_account(request: HttpRequest) -> HttpResponse:
    """Where other portals let people sign up, this one says who makes accounts."""
    return render(request, "accounts/who_gets_an_account.html")
