"""The registry of a region: /potensi/, with its sentra, IKM and products (produk potensial), kept all year."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters.wording import plain_date
from regions.models import Regency

from . import registry
from .models import Ikm, Product, Sentra
from .registry_forms import RegistryFilter

PER_PAGE = 50
LISTS = {"ikm": "IKM", "sentra": "Sentra", "produk": "Produk"}
_reads_registry = needs(Right.KEEP_REGISTRY, Right.SCREEN, Right.READ_ALL)


@require_safe
@_reads_registry
def registry_page(request: HttpRequest) -> HttpResponse:
    """/potensi/: three lists with their counts, searched together; who keeps a region finds its forms here."""
    person = request.user
    fields = RegistryFilter(request.GET)
    fields.is_valid()
    words = fields.cleaned_data.get("cari", "").split()
    shown = request.GET.get("daftar", "ikm")
    shown = shown if shown in LISTS else "ikm"
    found = {name: rows(person, words) for name, rows in _FOUND.items()}
    page = Paginator(found[shown], PER_PAGE).get_page(request.GET.get("halaman"))
    regencies = list(registry.regencies_kept_by(person))
    kept = {regency.pk for regency in regencies}
    columns, row = _TABLES[shown]
    return render(
        request,
        "nominations/registry.html",
        {
            "tabs": [_tab(request, name, label, found[name].count(), shown) for name, label in LISTS.items()],
            "fields": fields,
            "kept": [("daftar", shown)],
            "clear_url": f"?daftar={shown}",
            "active": [{"label": " ".join(words), "url": f"?daftar={shown}"}] if words else [],
            "caption": LISTS[shown],
            "columns": [{"label": label, "numeric": label.startswith("Jumlah")} for label in columns],
            "rows": [row(each, kept, len(kept) != 1) for each in page],
            "page": page,
            "keeps": bool(regencies),
            "lead": _lead(regencies),
        },
    )


def _lead(regencies: list[Regency]) -> str:
    if len(regencies) == 1:
        return f"Sentra, IKM, dan produk {regencies[0].full_name}"
    return "Sentra, IKM, dan produk"


def _tab(request: HttpRequest, name: str, label: str, count: int, shown: str) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("halaman", None)
    query["daftar"] = name
    return {"label": label, "count": count, "url": f"?{query.urlencode()}", "current": name == shown}


def _matching(rows: QuerySet[Any], words: list[str], *paths: str) -> QuerySet[Any]:
    """Rows of which every word is part of one of these columns."""
    for word in words:
        condition = Q(pk__in=[])
        for path in paths:
            condition |= Q(**{f"{path}__icontains": word})
        rows = rows.filter(condition)
    return rows


def _ikm(person: Any, words: list[str]) -> QuerySet[Any]:
    rows = Ikm.objects.visible_to(person).filter(merged_into=None).select_related("sentra", "regency")
    rows = rows.annotate(product_count=Count("products")).order_by("sort_name", "pk")
    return _matching(rows, words, "name", "nib", "sentra__name")


def _sentra(person: Any, words: list[str]) -> QuerySet[Any]:
    rows = Sentra.objects.visible_to(person).select_related("regency").annotate(ikm_count=Count("ikm"))
    return _matching(rows.order_by("name", "pk"), words, "name", "decree_number")


def _products(person: Any, words: list[str]) -> QuerySet[Any]:
    rows = Product.objects.visible_to(person).filter(ikm__merged_into=None)
    rows = rows.select_related("ikm__regency", "group").order_by("name", "pk")
    return _matching(rows, words, "name", "ikm__name", "ikm__nib", "ikm__sentra__name")


_FOUND = {"ikm": _ikm, "sentra": _sentra, "produk": _products}


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


_TABLES: dict[str, tuple[tuple[str, ...], Any]] = {
    "ikm": (("IKM", "NIB", "Sentra", "Jumlah produk", "Tindakan"), _ikm_row),
    "sentra": (("Sentra", "SK penetapan", "Jumlah IKM", "Tindakan"), _sentra_row),
    "produk": (("Produk", "IKM", "Kelompok komoditas", "Tindakan"), _product_row),
}
