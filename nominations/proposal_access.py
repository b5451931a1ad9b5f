"""How the pages of /usulan/ come to their nomination: seen by whoever may, changed by its own office alone."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from . import rules
from .drafts import refuse_edit
from .guards import Refused
from .models import Nomination

Args = ParamSpec("Args")
Page = Callable[Concatenate[HttpRequest, Nomination, Args], HttpResponse]
Address = Callable[Concatenate[HttpRequest, int, Args], HttpResponse]


def seen(request: HttpRequest, pk: int) -> Nomination:
    """The nomination with everything that a page prints; 404 for whoever may not see it."""
    rows = Nomination.objects.visible_to(request.user).with_names().select_related("product__ikm__sentra")
    return get_object_or_404(rows, pk=pk)


def by_its_office(page: Page[Args]) -> Address[Args]:
    """Give the page its nomination, for people of its own office; 403 for others who may see it."""

    @wraps(page)
    def guarded(request: HttpRequest, pk: int, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
        nomination = seen(request, pk)
        if not rules.holds_its_office(request.user, nomination):
            raise PermissionDenied(f"Usulan ini disusun oleh {nomination.office}.")
        return page(request, nomination, *args, **kwargs)

    return guarded


def while_editable(page: Page[Args]) -> Address[Args]:
    """
    As by_its_office; where it can be read only, a GET leads to the nomination and says why. What is sent then goes on
    to the function that refuses it, so that nothing typed is lost.
    """

    @wraps(page)
    def guarded(
        request: HttpRequest, nomination: Nomination, /, *args: Args.args, **kwargs: Args.kwargs
    ) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            try:
                refuse_edit(nomination, request.user)
            except Refused as refusal:
                messages.info(request, refusal.for_reader)
                return redirect(nomination)
        return page(request, nomination, *args, **kwargs)

    return by_its_office(guarded)
