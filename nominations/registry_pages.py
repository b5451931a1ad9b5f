"""The registry of a region: /potensi/, with its sentra, IKM and products (produk potensial), kept all year."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right, Role
from letters.wording import plain_date
from regions.models import Regency

from . import exporting, lists, registry
from .models import Ikm, Product, Sentra

_SEARCH = "Nama, NIB, atau sentra"
LISTS = {"ikm": "IKM", "sentra": "Sentra", "produk": "Produk"}
_reads_registry = needs(Right.KEEP_REGISTRY, Right.SCREEN, Right.READ_ALL)


@require_http_methods(["GET", "HEAD", "POST"])
@_reads_registry
def registry_page(request: HttpRequest) -> HttpResponse:
    """
    /potensi/: three lists with their counts, searched together; who keeps a region finds its forms here. A POST takes
    the list along.
    """
    shown = request.GET.get("daftar", "ikm")
    shown = shown if shown in LISTS else "ikm"
    found = _listings(request, shown)
    listing = found[shown]
    if request.method == "POST":
        return exporting.download(
            request, listing, exporting.REGISTRY[listing.rows.model], name=f"potensi-{shown}"
        )
    lists.remember(request, "registry")
    regencies = list(registry.regencies_kept_by(request.user))
    kept = {regency.pk for regency in regencies}
    columns, row = _TABLES[shown]
    context = listing.context()
    counts = {
        name: context["page"].paginator.count if name == shown else one.rows.order_by().count()
        for name, one in found.items()
    }
    return render(
        request,
        "nominations/registry.html",
        {
            "tabs": [_tab(request, name, label, counts[name], shown) for name, label in LISTS.items()],
            **context,
            "caption": listing.caption(LISTS[shown], "menurut nama", columns),
            "columns": columns,
            "rows": [row(each, kept, len(kept) != 1) for each in context["page"]],
            "keeps": bool(regencies),
            "lead": _lead(regencies),
        },
    )


def _listings(request: HttpRequest, shown: str) -> dict[str, lists.Listing]:
    """The three lists, narrowed by the same words and places; products by their group too."""
    person = request.user
    own = {office.province_id for office in person.offices(Role.PROVINSI) if office.province_id}
    places: dict[str, Any] = {"provinsi": None, "daerah": lists.regencies(own) if own else None}
    if not person.may(Right.KEEP_REGISTRY):
        places["provinsi"] = lists.provinces()
    return {
        name: lists.Listing(
            request,
            narrowed(
                request.GET,
                rows(person),
                **places,
                **({"kelompok": lists.groups()} if name == "produk" == shown else {}),
            ),
            usual=usual,
            kept=[("daftar", shown)],
        )
        for name, (narrowed, rows, usual) in _FOUND.items()
    }


def _lead(regencies: list[Regency]) -> str:
    if len(regencies) == 1:
        return f"Sentra, IKM, dan produk {regencies[0].full_name}"
    return "Sentra, IKM, dan produk"


def _tab(request: HttpRequest, name: str, label: str, count: int, shown: str) -> dict[str, Any]:
    query = request.GET.copy()
    for gone in ("halaman", "urut"):
        query.pop(gone, None)
    query["daftar"] = name
    return {"label": label, "count": count, "url": f"?{query.urlencode()}", "current": name == shown}


class IkmFilter(lists.ListFilter):
    SEARCHED = ("name", "nib", "sentra__name")
    SORTS = {"ikm": ("sort_name",), "sentra": ("sentra__name",), "jumlah": ("product_count",)}

    cari = lists.a_search(_SEARCH)
    provinsi = lists.a_choice("Provinsi", "regency__province")
    daerah = lists.a_choice("Kabupaten/kota", "regency")


class SentraFilter(lists.ListFilter):
    SEARCHED = ("name", "decree_number")
    SORTS = {"sentra": ("name",), "sk": ("decree_date",), "jumlah": ("ikm_count",)}

    cari = lists.a_search(_SEARCH)
    provinsi = lists.a_choice("Provinsi", "regency__province")
    daerah = lists.a_choice("Kabupaten/kota", "regency")


class ProductFilter(lists.ListFilter):
    SEARCHED = ("name", "ikm__name", "ikm__nib", "ikm__sentra__name")
    SORTS = {"produk": ("name",), "ikm": ("ikm__sort_name",), "kelompok": ("group__position",)}

    cari = lists.a_search(_SEARCH)
    provinsi = lists.a_choice("Provinsi", "ikm__regency__province")
    daerah = lists.a_choice("Kabupaten/kota", "ikm__regency")
    kelompok = lists.a_choice("Kelompok komoditas", "group")


def _ikm(person: Any) -> QuerySet[Any]:
    rows = Ikm.objects.visible_to(person).filter(merged_into=None)
    return rows.select_related("sentra", "regency__province").annotate(product_count=Count("products"))


def _sentra(person: Any) -> QuerySet[Any]:
    rows = Sentra.objects.visible_to(person).select_related("regency__province")
    return rows.annotate(ikm_count=Count("ikm"))


def _products(person: Any) -> QuerySet[Any]:
    rows = Product.objects.visible_to(person).filter(ikm__merged_into=None)
    return rows.select_related("ikm__regency__province", "ikm__sentra", "group")


_FOUND: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "ikm": (IkmFilter, _ikm, ("sort_name", "pk")),
    "sentra": (SentraFilter, _sentra, ("name", "pk")),
    "produk": (ProductFilter, _products, ("name", "pk")),
}


def _ikm_row(ikm: Any, kept: set[str], several: bool) -> list[Any]:
    edit = reverse("ikm_edit", args=[ikm.slug]) if ikm.regency_id in kept else ""
    return [
        {
            "text": ikm.name,
            "url": reverse("ikm_record", args=[ikm.slug]),
            "note": _place(ikm.regency, several),
        },
        ikm.nib or "Belum diisi",
        ikm.sentra.name if ikm.sentra else "Belum ada",
        ikm.product_count,
        _actions(edit, ikm.name, reverse("product_add", args=[ikm.slug]) if edit else ""),
    ]


def _sentra_row(sentra: Any, kept: set[str], several: bool) -> list[Any]:
    decree = f"Nomor {sentra.decree_number}" if sentra.decree_number else "Belum diisi"
    if sentra.decree_date:
        decree += f", {plain_date(sentra.decree_date)}"
    edit = reverse("sentra_edit", args=[sentra.pk]) if sentra.regency_id in kept else ""
    return [
        {"text": sentra.name, "note": _place(sentra.regency, several)},
        decree,
        sentra.ikm_count,
        _actions(edit, sentra.name),
    ]


def _product_row(product: Any, kept: set[str], several: bool) -> list[Any]:
    edit = reverse("product_edit", args=[product.slug]) if product.ikm.regency_id in kept else ""
    record = reverse("ikm_record", args=[product.ikm.slug])
    return [
        {"text": product.name, "note": _place(product.ikm.regency, several)},
        {"text": product.ikm.name, "url": record},
        product.group.name,
        _actions(edit, product.name),
    ]


def _place(regency: Regency, several: bool) -> str:
    """Where it is, for who sees more than one region."""
    return regency.full_name if several else ""


def _actions(edit: str, name: str, add_product: str = "") -> Any:
    if not edit:
        return ""
    return {
        "template": "nominations/registry_actions_cell.html", "edit": edit, "name": name, "add_product": add_product,
    }  # fmt: skip


_DOING = {"label": "Tindakan"}
_TABLES: dict[str, tuple[list[dict[str, Any]], Any]] = {
    "ikm": (
        [
            {"label": "IKM", "key": "ikm"}, {"label": "NIB"}, {"label": "Sentra", "key": "sentra"},
            {"label": "Jumlah produk", "numeric": True, "key": "jumlah"}, _DOING,
        ],
        _ikm_row,
    ),
    "sentra": (
        [
            {"label": "Sentra", "key": "sentra"}, {"label": "SK penetapan", "key": "sk"},
            {"label": "Jumlah IKM", "numeric": True, "key": "jumlah"}, _DOING,
        ],
        _sentra_row,
    ),
    "produk": (
        [
            {"label": "Produk", "key": "produk"}, {"label": "IKM", "key": "ikm"},
            {"label": "Kelompok komoditas", "key": "kelompok"}, _DOING,
        ],
        _product_row,
    ),
}  # fmt: skip
