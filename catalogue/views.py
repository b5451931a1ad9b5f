"""The public pages: home, the catalogue, one page per product. No sign-in, no cookie."""

import logging
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from accounts.roles import Right
from awards.models import Award, AwardQuerySet, Decree

from . import cards, entries, entry_rules, figures, licences, photos, search, shown, structured
from .cards import Card
from .kept import kept, not_this_one
from .models import ShownPhoto

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
    latest = (
        Decree.objects.published()
        .establishing()
        .select_related("round")
        .defer("annex")
        .order_by("-round_id")
        .first()
    )
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
        "finest": _cards(
            shown.newest().order_by("-star_in_force", "-decree__round_id", "pk")[:OTHERS_AT_MOST]
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
        Award.objects.published().with_names().select_related("product__ikm__sentra").defer("decree__annex"),
        slug=slug,
    )
    today = timezone.localdate(request.received_at)
    pictures = [photos.picture(one) for one in found.shown_photos.all()]
    entry = entries.shown(found)
    return render(
        request,
        "catalogue/award.html",
        {
            "is_public": True,
            "award": found,
            "pictures": pictures,
            "story": entries.told(entry, "story"),
            "raw_material": entries.told(entry, "raw_material"),
            "raw_origin": entries.told(entry, "raw_origin"),
            "has_ended": _has_ended(found, on=today),
            "changes": found.published_changes(),
            "licences": licences.held_for(found, on=today),
            "places": found.product.ikm.selling_places.all(),
            "history": history_of(found.product.ikm_id),
            "others": _others_of_the_sentra(found),
            "of_province": _catalogue(provinsi=(found.regency.province_id,)),
            "of_group": _catalogue(komoditas=(found.group_id,)),
            "breadcrumb": [{"label": _("Katalog"), "url": reverse("catalogue")}],
            "structured": structured.as_script(structured.product(found, pictures, entry)),
            "may_show": request.user.is_authenticated and request.user.may(Right.DRAFT_DECREE),
            "may_write": request.user.is_authenticated
            and entry_rules.writable_by(request.user).filter(pk=found.pk).exists(),
        },
    )


@require_GET
@login_not_required
@kept
def maker(request: HttpRequest, slug: str) -> HttpResponse:
    """/katalog/ikm/<slug>/: one producer with all that it was awarded; nothing where nothing of it is public."""
    awards = list(history_of_slug(slug))
    if not awards:
        raise Http404(slug)
    ikm = awards[0].product.ikm
    return render(
        request,
        "catalogue/maker.html",
        {
            "is_public": True,
            "ikm": ikm,
            "cards": cards.of(one.pk for one in awards),
            "latest": awards[0],
            "places": ikm.selling_places.all(),
            "breadcrumb": [{"label": _("Katalog"), "url": reverse("catalogue")}],
            "structured": structured.as_script(structured.maker(awards)),
        },
    )


def history_of(ikm: int) -> AwardQuerySet:
    """What an IKM was awarded, the newest first; revoked awards stay in it."""
    found = Award.objects.published().filter(product__ikm=ikm).select_related("decree")
    # A decree carries its whole annex.
    return found.defer("decree__annex").order_by("-decree__round_id", "pk")


def history_of_slug(slug: str) -> AwardQuerySet:
    found = Award.objects.published().filter(product__ikm__slug=slug)
    found = found.select_related("decree__round", "group", "regency__province", "product__ikm__sentra")
    return found.defer("decree__annex").order_by("-decree__round_id", "pk")


def _cards(awards: AwardQuerySet) -> list[Card]:
    return cards.of(awards.values_list("pk", flat=True))


def _has_ended(found: Award, *, on: date) -> bool:
    return found.decree.valid_until is not None and found.decree.valid_until < on


def _others_of_the_sentra(found: Award) -> list[Card]:
    if found.product.ikm.sentra_id is None:
        return []
    others = shown.newest().filter(product__ikm__sentra=found.product.ikm.sentra_id)
    return _cards(others.exclude(product=found.product_id).order_by("-star_in_force", "pk")[:OTHERS_AT_MOST])


@require_GET
@login_not_required
def photo(request: HttpRequest, pk: UUID, width: int, kind: str) -> HttpResponseBase:
    """/foto/<id>/<lebar>.<jenis>: one width of a photo that is shown with a published award."""
    found = get_object_or_404(ShownPhoto.objects.filter(award__in=Award.objects.published()), pk=pk)
    if kind not in photos.KINDS or width not in found.widths:
        raise Http404(kind)
    try:
        file = found.path(width, kind).open("rb")
    except FileNotFoundError:
        raise Http404(kind) from None
    # Its address never means another photo; a day, so that one that is taken down does not stay for long.
    headers = {
        "Cache-Control": "public, max-age=86400",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return FileResponse(file, content_type=photos.KINDS[kind], headers=headers)
