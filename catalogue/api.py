"""Open data, read-only: /api/v1/. Only what the public pages show; never NIB, NIK, scores or persons."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query, Schema

from awards.models import Decree

from . import open_data
from .kept import kept

PER_PAGE_AT_MOST = 200

api = NinjaAPI(
    title="Data terbuka OVOP Indonesia",
    version="1",
    docs_url=None,
    description="Penerima penghargaan One Village One Product yang sudah diumumkan. "
    f"Lisensi: {open_data.LICENCE}, {open_data.LICENCE_URL}",
    openapi_extra={"info": {"license": {"name": open_data.LICENCE, "url": open_data.LICENCE_URL}}},
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


class RoundOut(Schema):
    """One published round: how many awards its decree fixed and how many stand today."""

    round: int
    decree_number: str
    decree_date: date | None
    decreed: int
    in_force: int
    example: bool
    url: str


@api.get(
    "/awards", response=AwardPage, summary=gettext_noop("Penghargaan yang sudah diumumkan"), url_name="awards"
)
def awards(
    request: HttpRequest,
    after: int = Query(0, description=gettext_noop("Kursor: nilai dari `next` halaman sebelumnya")),
    limit: int = Query(100, description=gettext_noop("Baris tiap halaman, 1 sampai 200")),
    province: str = Query("", description=gettext_noop("Kode provinsi, misalnya 52"), max_length=2),
    commodity: str = Query(
        "", description=gettext_noop("Kode kelompok komoditas, misalnya kain_tenun"), max_length=40
    ),
    round: int | None = Query(None, description=gettext_noop("Tahun periode, misalnya 2018"), ge=0, le=9999),
    star: int | None = Query(None, description=gettext_noop("Bintang yang berlaku"), ge=0, le=9),
) -> dict[str, Any]:
    """Pages by cursor: `after` is what `next` of the page before says. Revoked awards are listed and say so."""
    limit = max(1, min(limit, PER_PAGE_AT_MOST))
    after = max(0, min(after, 2**63 - 1))
    given = {"provinsi": province, "komoditas": commodity, "tahun": "", "bintang": ""}
    chosen = open_data.Selection.read(given)
    chosen = open_data.Selection(chosen.province, chosen.commodity, round, star)
    found = chosen.awards()
    rows = list(found.filter(pk__gt=after)[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    asked = request.GET.copy()
    if more:
        asked["after"], asked["limit"] = str(rows[-1].pk), str(limit)
    link = f"{settings.PORTAL_URL}{request.path}?{asked.urlencode()}" if more else None
    return {"count": chosen.count(), "next": link, "results": open_data.rows(rows)}


@api.get("/awards/{slug}", response=AwardOut, summary=gettext_noop("Satu penghargaan"), url_name="award")
def award(request: HttpRequest, slug: str) -> dict[str, Any]:
    found = get_object_or_404(open_data.Selection().awards(), slug=slug.replace("\x00", ""))
    return open_data.rows([found])[0]


@api.get(
    "/rounds",
    response=list[RoundOut],
    summary=gettext_noop("Periode yang sudah diumumkan"),
    url_name="published_rounds",
)
def rounds(request: HttpRequest) -> list[dict[str, Any]]:
    """Newest first."""
    published = Decree.objects.published()
    decrees = published.establishing().select_related("round").defer("annex").order_by("-round_id")
    counts = {
        row["round"]: row["count"]
        for row in published.order_by()
        .values("round")
        .annotate(count=Count("awards", filter=Q(awards__revoked_at=None)))
    }
    return [
        {
            "round": decree.round_id,
            "decree_number": decree.number,
            "decree_date": decree.date,
            "decreed": decree.decreed,
            "in_force": counts[decree.round_id],
            "example": decree.round.is_example,
            "url": f"{settings.PORTAL_URL}/hasil/{decree.round_id}/",
        }
        for decree in decrees.annotate(decreed=Count("awards"))
    ]


# --- For scripts of any site -------------------------------------------------------------------------------------
def for_any_site(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """
    Let pages of other sites read the answer (CORS). Nothing here depends on who asks, and no cookie is allowed along.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A form without scripts sends its empty fields too.
        if not all(request.GET.values()):
            request.GET = _without_empty(request.GET)  # type: ignore[assignment]
        response = HttpResponse(status=204) if request.method == "OPTIONS" else view(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
        # A file that names no licence inside (CSV, GeoJSON) says it beside (RFC 4946).
        response.headers["Link"] = f'<{open_data.LICENCE_URL}>; rel="license"'
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
            response.headers["Access-Control-Max-Age"] = "86400"
        return response

    return answered


def _without_empty(query: QueryDict) -> QueryDict:
    kept_ones = query.copy()
    for name in [name for name, value in query.items() if value == ""]:
        del kept_ones[name]
    return kept_ones


def _open_to_all(patterns: list[Any]) -> list[Any]:
    for pattern in patterns:
        pattern.callback = login_not_required(kept(for_any_site(pattern.callback)))
    return patterns


urlpatterns = [path("api/v1/", (_open_to_all(api.urls[0]), api.urls[1], api.urls[2]))]
