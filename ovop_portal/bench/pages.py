"""The catalogue and its search, through Django's test client: every middleware, no socket."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from . import material
from .measuring import Row, compare

SIZE = 1000
REQUESTS = 20
CATALOGUE_AIM = 0.02
SEARCH_AIM = 0.5


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>OVOP</title><p>Katalog</p>")


# The address of the catalogue, answered by a view that does nothing.
urlpatterns = [path("katalog/", bare)]


def measure_catalogue(size: int) -> Row:
    """
    Ours: `/katalog/` over so many published products, the first page with its facets. Theirs: a view that returns one
    constant line, at the same address, by the same client through the same middlewares.
    """
    material.awards(size, published=True)
    visitor = _visitor()

    def theirs(_: int) -> int:
        with override_settings(ROOT_URLCONF=__name__):
            return _ask(visitor, "/katalog/")

    return compare(
        "catalogue",
        ours=lambda _: _ask(visitor, "/katalog/"),
        theirs=theirs,
        unit="pages/s",
        beside="a bare Django view",
        aim=CATALOGUE_AIM,
    )


def measure_search(size: int) -> Row:
    """Ours: the catalogue searched for two words, over so many products. Theirs: the same page without any words."""
    material.awards(size, published=True)
    visitor = _visitor()
    return compare(
        "search",
        ours=lambda _: _ask(visitor, "/katalog/?q=tenun+lombok"),
        theirs=lambda _: _ask(visitor, "/katalog/"),
        unit="pages/s",
        beside="the catalogue without words",
        aim=SEARCH_AIM,
    )


def _visitor() -> Client:
    return Client(HTTP_HOST=next(host for host in settings.ALLOWED_HOSTS if not host.startswith(("*", "."))))


def _ask(visitor: Client, address: str) -> int:
    for _ in range(REQUESTS):
        answer = visitor.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return REQUESTS
