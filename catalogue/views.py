"""The public pages: home, the catalogue, one page per product. No sign-in, no cookie."""

import logging
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from awards.models import Award, AwardQuerySet, Decree

from . import figures, licences, search, shown, structured
from .kept import kept, not_this_one

logger = logging.getLogger(__name__)
OTHERS_AT_MOST = 4


@require_GET
@login_not_required
@kept
def home(request: HttpRequest) -> HttpResponse:
    """/: find an awarded product; know where the round stands. Without figures the search still leads on."""
    try:
        context = _figures_of_home(request)
    except DatabaseError:
        logger.exception("the first page has no figures")
        context = {"summary": None}
    if not (context["summary"] and context["summary"].products):
        # Then the page tells the phase that runs, until the hour at which it ends.
        not_this_one(request)
    return render(request, "catalogue/home.html", {"is_public": True, **context})


def _figures_of_home(request: HttpRequest) -> dict[str, Any]:
    latest = Decree.objects.published().establishing().select_related("round").order_by("-round_id").first()
    table = figures.round_table(latest) if latest else None
    summary = figures.summary()
    return {
        "summary": summary,
        "groups": figures.by_group() if summary.products else [],
        "provinces": [
            {"code": code, "label": name, "value": count, "url": _catalogue(provinsi=(code,))}
            for code, name, count in figures.by_province()
        ],
        "all_provinces": _catalogue(view=search.MAP),
        "latest": latest,
        "tally": list(zip(table.stars, table.column_totals, strict=True)) if table and table.holds else [],
        "total": table.total if table else 0,
        "round_tally": figures.tally(latest) if latest else None,
        "phase": figures.current_phase(at=request.received_at),
        "finest": list(
            shown.newest().with_names().order_by("-star_in_force", "-decree__round_id", "pk")[:OTHERS_AT_MOST]
        ),
    }


def _catalogue(**state: Any) -> str:
    return reverse("catalogue") + search.Query().address(**state)


@require_GET
@login_not_required
@kept
def catalogue(request: HttpRequest) -> HttpResponse:
    """/katalog/: the address holds the whole state; htmx swaps the results, without it the page reloads."""
    query = search.Query.read(request.GET)
    context: dict[str, Any] = {
        "is_public": True,
        "query": query,
        "tabs": [
            {
                "label": _("Daftar"),
                "url": query.address(view=search.LIST),
                "current": query.view == search.LIST,
            },
            {"label": _("Peta"), "url": query.address(view=search.MAP), "current": query.view == search.MAP},
        ],
        "sorts": [
            ("bintang", _("Bintang tertinggi")),
            ("nama", _("Nama produk")),
            ("terbaru", _("Penetapan terbaru")),
        ],
    }
    try:
        context["results"] = search.find(query, on=timezone.localdate(request.received_at))
    except DatabaseError:
        logger.exception("the catalogue cannot be searched")
        return render(request, "catalogue/list_failed.html", context, status=503)
    # What the browser asks for on the way back is the page, not the piece that was swapped in.
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "catalogue/list.html#swap", context)
        push_url(response, reverse("catalogue") + query.own_address)
    else:
        response = render(request, "catalogue/list.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


@require_GET
@login_not_required
@kept
def award(request: HttpRequest, slug: str) -> HttpResponse:
    """/katalog/<slug>/: why this product is awarded. A revoked award keeps its page, with a notice."""
    found = get_object_or_404(
        Award.objects.published().with_names().select_related("product__ikm__sentra"), slug=slug
    )
    today = timezone.localdate(request.received_at)
    return render(
        request,
        "catalogue/award.html",
        {
            "is_public": True,
            "award": found,
            "has_ended": _has_ended(found, on=today),
            "changes": found.published_changes(),
            "licences": licences.held_for(found, on=today),
            "history": Award.objects.published()
            .filter(product__ikm=found.product.ikm_id)
            .with_names()
            .order_by("-decree__round_id", "pk"),
            "others": _others_of_the_sentra(found),
            "of_province": _catalogue(provinsi=(found.regency.province_id,)),
            "of_group": _catalogue(komoditas=(found.group_id,)),
            "breadcrumb": [{"label": _("Katalog"), "url": reverse("catalogue")}],
            "structured": structured.as_script(structured.product(found)),
        },
    )


def _has_ended(found: Award, *, on: date) -> bool:
    return found.decree.valid_until is not None and found.decree.valid_until < on


def _others_of_the_sentra(found: Award) -> AwardQuerySet:
    if found.product.ikm.sentra_id is None:
        return Award.objects.none()
    return (
        shown.newest()
        .filter(product__ikm__sentra=found.product.ikm.sentra_id)
        .exclude(product=found.product_id)
        .with_names()
        .order_by("-star_in_force", "pk")[:OTHERS_AT_MOST]
    )
