"""Open data, read-only: /api/v1/. Only what the public pages show; never NIB, NIK, scores or persons."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path
from ninja import NinjaAPI, Schema

from awards.models import Award

from . import figures

PER_PAGE_AT_MOST = 200

api = NinjaAPI(
    title="Data terbuka OVOP Indonesia",
    version="1",
    docs_url=None,
    description="Penerima penghargaan One Village One Product yang sudah diumumkan.",
)


class AwardOut(Schema):
    """One published award as decreed. `example` is true for data contoh: not an official award."""

    id: str
    product: str
    ikm: str
    commodity: str
    regency_code: str
    regency: str
    province_code: str
    province: str
    round: int
    star: int
    maximum_star: int
    # As first decreed; `star` is the one in force, `changed_by` the number of the decree that changed it last, or "".
    star_as_decreed: int
    changed_by: str
    decree_number: str
    decree_date: date | None
    revoked: bool
    example: bool
    note: str
    url: str


class AwardPage(Schema):
    count: int
    next: str | None
    results: list[AwardOut]


def _out(award: Award, changed_by: dict[int, str]) -> dict[str, Any]:
    return {
        "id": award.slug,
        "product": award.product_name,
        "ikm": award.ikm_name,
        "commodity": award.group_id,
        "regency_code": award.regency_id,
        "regency": award.regency_name,
        "province_code": award.regency.province_id,
        "province": award.province_name,
        "round": award.decree.round_id,
        "star": award.star_in_force,
        "star_as_decreed": award.star,
        "changed_by": changed_by.get(award.pk, ""),
        "maximum_star": award.maximum_star,
        "decree_number": award.decree.number,
        "decree_date": award.decree.date,
        "revoked": award.revoked_at is not None,
        "example": award.is_example,
        "note": "data contoh" if award.is_example else "",
        "url": settings.PORTAL_URL + award.get_absolute_url(),
    }


@api.get("/awards", response=AwardPage, summary="Penghargaan yang sudah diumumkan", url_name="awards")
def awards(request: HttpRequest, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """Pages by cursor: `after` is what `next` of the page before says."""
    limit = max(1, min(limit, PER_PAGE_AT_MOST))
    published = Award.objects.published()
    rows = list(published.with_names().filter(pk__gt=max(after, 0)).order_by("pk")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    link = f"{settings.PORTAL_URL}{request.path}?after={rows[-1].pk}&limit={limit}" if more else None
    return {"count": published.count(), "next": link, "results": _all_out(rows)}


@api.get("/awards/{slug}", response=AwardOut, summary="Satu penghargaan", url_name="award")
def award(request: HttpRequest, slug: str) -> dict[str, Any]:
    found = get_object_or_404(Award.objects.published().with_names(), slug=slug)
    return _all_out([found])[0]


def _all_out(found: list[Award]) -> list[dict[str, Any]]:
    changed_by = figures.last_changes(found)
    return [_out(award, changed_by) for award in found]


def _open_to_all(patterns: list[Any]) -> list[Any]:
    for pattern in patterns:
        login_not_required(pattern.callback)
    return patterns


urlpatterns = [path("api/v1/", (_open_to_all(api.urls[0]), api.urls[1], api.urls[2]))]
