"""The catalogue and its search, through Django's test client: every middleware, no socket."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from awards.models import Award
from ovop_portal import urls as portal_urls

from . import material
from .measuring import Row, compare

SIZE = 1000
REQUESTS = 20
# Kept in the process, the version asked of the database: tried here, with the page in Redis it is 0.52.
KEPT_AIM = 0.6
MADE_AIM = 0.02
SEARCH_AIM = 0.5
_BARE = "/polos/"


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>OVOP</title><p>Katalog</p>")


# The portal's addresses, and one that is answered by a view that does nothing.
urlpatterns = [path(_BARE.removeprefix("/"), bare), *portal_urls.urlpatterns]


def measure_catalogue(size: int) -> Row:
    """
    Ours: `/katalog/` over so many published products, as a second visitor gets it: kept in the process. Theirs: a view
    that returns one constant line, by the same client through the same middlewares.
    """
    return _beside_a_bare_view("catalogue", size, lambda: "/katalog/", kept=True)


def measure_catalogue_made(size: int) -> Row:
    """The same page made anew for each visitor: facets, counts, 24 cards."""
    return _beside_a_bare_view("catalogue-made", size, lambda: "/katalog/", kept=False)


def measure_product(size: int) -> Row:
    """The page of one product, kept in the process."""
    return _beside_a_bare_view("product", size, _a_product, kept=True)


def measure_product_made(size: int) -> Row:
    """The page of one product, made anew for each visitor."""
    return _beside_a_bare_view("product-made", size, _a_product, kept=False)


def _a_product() -> str:
    return Award.objects.published().order_by("pk")[0].get_absolute_url()


def _beside_a_bare_view(row: str, size: int, address: Callable[[], str], *, kept: bool) -> Row:
    material.awards(size, published=True)
    visitor = _visitor()
    with override_settings(ROOT_URLCONF=__name__, KEEP_PAGES=kept):
        page = address()
        return compare(
            row,
            ours=lambda _: _ask(visitor, page, REQUESTS * 5 if kept else REQUESTS),
            theirs=lambda _: _ask(visitor, _BARE, REQUESTS * 5),
            unit="pages/s",
            beside="a bare Django view",
            aim=KEPT_AIM if kept else MADE_AIM,
        )


def measure_search(size: int) -> Row:
    """Ours: the catalogue searched for two words, over so many products. Theirs: the same page without any words."""
    material.awards(size, published=True)
    visitor = _visitor()
    with override_settings(KEEP_PAGES=False):
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


def _ask(visitor: Client, address: str, times: int = REQUESTS) -> int:
    for _ in range(times):
        answer = visitor.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return times
