"""/data/: the published as files, described for people and for machines; a page to try the API; feed and sitemap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from awards.models import Award, Decree
from awards.templatetags.award_words import name_of_group
from nominations.models import CommodityGroup
from regions.models import Province

from . import csv_files, open_data, structured
from .api import api, for_any_site
from .kept import kept
from .models import Listing

_KINDS = {
    "csv": "text/csv",
    "json": "application/json",
    "geojson": "application/geo+json",
}
# The most that one sitemap may name (sitemaps.org); beyond it an index of sitemaps is due.
_URLS_AT_MOST = 50_000
_ENTRIES_OF_THE_FEED = 50


@require_GET
@login_not_required
@kept
def data_page(request: HttpRequest) -> HttpResponse:
    """What there is, under which licence, and each field explained; the files of one province or commodity too."""
    files = {kind: reverse("data_file", args=[kind]) for kind in _KINDS}
    provinces = Province.objects.filter(pk__in=Listing.objects.published().values("province")).order_by(
        "name"
    )
    return render(
        request,
        "catalogue/data.html",
        {
            "is_public": True,
            "licence": open_data.LICENCE,
            "licence_url": open_data.LICENCE_URL,
            "publisher": open_data.PUBLISHER,
            "rows": open_data.Selection().count(),
            "changed_at": open_data.changed_at(),
            "files": [
                {"kind": kind.upper() if kind != "geojson" else "GeoJSON", "url": url}
                for kind, url in files.items()
            ],
            "provinces": provinces,
            "groups": [
                (group.pk, name_of_group(group))
                for group in CommodityGroup.objects.order_by("position", "pk")
            ],
            "file": files["csv"],
            "columns": [{"label": _("Kolom")}, {"label": _("Isi")}],
            "fields": [[name, str(words)] for name, words in open_data.FIELDS.items()],
            "description": structured.as_script(_description()),
        },
    )


@require_http_methods(["GET", "HEAD", "OPTIONS"])
@login_not_required
@kept
@for_any_site
def data_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The awards as CSV, JSON or GeoJSON; `format` in the address takes the place of the ending (a form without scripts)."""
    kind = request.GET.get("format", kind)
    if kind not in _KINDS:
        raise Http404(kind)
    selection = open_data.Selection.read(request.GET)
    awards = selection.awards()
    name = "-".join(
        [
            "ovop-penghargaan",
            *(str(part) for part in (selection.province, selection.commodity, selection.round) if part),
        ]
    )
    if kind == "csv":
        return csv_files.answer(name, tuple(open_data.FIELDS), open_data.as_lines(awards))
    if kind == "json":
        content: dict[str, Any] = {
            "licence": open_data.LICENCE_URL,
            "publisher": open_data.PUBLISHER,
            "modified": open_data.changed_at().isoformat(),
            "awards": open_data.rows(awards),
        }
    else:
        content = open_data.as_features(awards)
    return _machine(content, _KINDS[kind], {"Content-Disposition": f'attachment; filename="{name}.{kind}"'})


@require_http_methods(["GET", "HEAD", "OPTIONS"])
@login_not_required
@kept
@for_any_site
def data_description(request: HttpRequest) -> HttpResponse:
    """The data set described as DCAT, in JSON-LD."""
    return _machine(_description(), "application/ld+json", {})


def _description() -> dict[str, Any]:
    # A data set has one address, whatever language it is described in.
    with override("id"):
        files = {media: reverse("data_file", args=[kind]) for kind, media in _KINDS.items()}
        first = Decree.objects.published().order_by("date").values_list("date", flat=True).first()
        return open_data.description(
            at=open_data.changed_at(),
            files=files,
            page=reverse("data"),
            api=reverse("api-1:api-root"),
            first=first,
        )


def _machine(content: Any, media_type: str, headers: dict[str, str]) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, default=str, indent=1)
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8", headers=headers)


# --- A page to try the API ----------------------------------------------------------------------------------------
@require_GET
@login_not_required
@kept
def api_page(request: HttpRequest) -> HttpResponse:
    """Each address of the API as a form, made of its own OpenAPI: it is sent without scripts too."""
    schema = api.get_openapi_schema(path_prefix=reverse("api-1:api-root"))
    return render(
        request,
        "catalogue/api.html",
        {
            "is_public": True,
            "version": schema["info"]["version"],
            "schema_url": reverse("api-1:openapi-json"),
            "paths": [
                {
                    "path": address,
                    "name": operation["operationId"],
                    "summary": _(operation["summary"]),
                    "parameters": [_parameter(one) for one in operation.get("parameters", ())],
                }
                for address, operations in schema["paths"].items()
                for operation in (operations["get"],)
            ],
            "breadcrumb": [{"label": _("Data terbuka"), "url": reverse("data")}],
        },
    )


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    schema = given["schema"]
    kinds = {one.get("type") for one in schema.get("anyOf", [schema])}
    return {
        "name": given["name"],
        "in_path": given["in"] == "path",
        "is_number": "integer" in kinds,
        "help": _(schema["description"]) if schema.get("description") else "",
        "default": schema.get("default") or "",
    }


# --- For feed readers and search engines ----------------------------------------------------------------------------
_ATOM = "http://www.w3.org/2005/Atom"


@require_GET
@login_not_required
@kept
def feed(request: HttpRequest) -> HttpResponse:
    """Atom (RFC 4287): each decree that was made public, newest first."""
    decrees = (
        Decree.objects.published().select_related("round").defer("annex").order_by("-published_at", "-pk")
    )[:_ENTRIES_OF_THE_FEED]
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "id"})
    here = settings.PORTAL_URL + reverse("feed")
    for name, text in (
        ("id", here),
        ("title", "OVOP Indonesia: hasil penghargaan"),
        ("updated", open_data.changed_at().isoformat()),
    ):
        _text(root, name, text)
    _text(ET.SubElement(root, f"{{{_ATOM}}}author"), "name", open_data.PUBLISHER)
    ET.SubElement(root, f"{{{_ATOM}}}link", {"rel": "self", "href": here})
    for decree in decrees:
        _entry(root, decree)
    return HttpResponse(
        ET.tostring(root, encoding="utf-8", xml_declaration=True),
        content_type="application/atom+xml; charset=utf-8",
    )


def _entry(root: ET.Element, decree: Decree) -> None:
    entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
    with override("id"):
        page = settings.PORTAL_URL + reverse("results", args=[decree.round_id])
    example = " (data contoh)" if decree.round.is_example else ""
    _text(entry, "id", f"{page}#keputusan-{decree.pk}")
    _text(entry, "title", f"{decree.get_kind_display()} periode {decree.round_id}{example}")
    _text(entry, "updated", decree.published_at.isoformat() if decree.published_at else "")
    _text(entry, "summary", f"Keputusan Nomor {decree.number} diumumkan.")
    ET.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": page})


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_GET
@login_not_required
@kept
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in Indonesian, each with its twin in English."""
    ET.register_namespace("", _SITEMAP)
    ET.register_namespace("xhtml", "http://www.w3.org/1999/xhtml")
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    for path in _public_paths():
        url = ET.SubElement(root, f"{{{_SITEMAP}}}url")
        ET.SubElement(url, f"{{{_SITEMAP}}}loc").text = settings.PORTAL_URL + path
        for language, twin in (("id", path), ("en", f"/en{path}")):
            attributes = {"rel": "alternate", "hreflang": language, "href": settings.PORTAL_URL + twin}
            ET.SubElement(url, "{http://www.w3.org/1999/xhtml}link", attributes)
    return HttpResponse(
        ET.tostring(root, encoding="utf-8", xml_declaration=True),
        content_type="application/xml; charset=utf-8",
    )


def _public_paths() -> Iterator[str]:
    with override("id"):
        yield from (
            reverse(name)
            for name in (
                "home",
                "catalogue",
                "all_results",
                "statistics",
                "data",
                "api_page",
                "verify",
                "public_guide",
            )
        )
        rounds = (
            Decree.objects.published().establishing().order_by("-round_id").values_list("round_id", flat=True)
        )
        yield from (reverse("results", args=[year]) for year in rounds)
        slugs = (
            Award.objects.published().filter(revoked_at=None).order_by("pk").values_list("slug", flat=True)
        )
        yield from (reverse("catalogue_award", args=[slug]) for slug in slugs[: _URLS_AT_MOST // 2])
        makers = (
            Award.objects.published().filter(revoked_at=None).values_list("product__ikm__slug", flat=True)
        )
        yield from (
            reverse("catalogue_maker", args=[slug])
            for slug in makers.order_by("product__ikm__slug").distinct()[: _URLS_AT_MOST // 3]
        )


@require_GET
@login_not_required
@kept
def robots(request: HttpRequest) -> HttpResponse:
    """What is behind a sign-in is not asked for; neither is every mixture of filters, nor any single code."""
    away = (
        "/masuk/", "/keluar/", "/beranda/", "/akun/", "/status/", "/halaman-produk/", "/*?*tampilan=",
        "/*?*urut=", "/*?*setelah=", "/*?*sebelum=",
    )  # fmt: skip
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in away),
        f"Sitemap: {settings.PORTAL_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
