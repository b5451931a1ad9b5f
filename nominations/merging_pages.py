"""/potensi/ikm/<slug>/gabung/: two records of one IKM become one, after both were seen side by side."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right

from . import registry
from .guards import Refused
from .models import Ikm
from .registry_forms import MergeForm

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SCREEN)
def merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Find the other record, read both, give the reason; the one of the address stays."""
    stays = get_object_or_404(_standing(), slug=slug)
    wanted = request.POST.get("dengan") or request.GET.get("dengan", "")
    other = _standing().filter(slug=wanted[:100]).exclude(pk=stays.pk).first() if wanted else None
    if other is None:
        return _choose(request, stays)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            registry.merge(
                other, into=stays, reason=form.cleaned_data["reason"], by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error("reason" if refusal.code == "reason_missing" else None, refusal.for_reader)
        else:
            messages.success(request, f"{other.name} digabungkan ke {stays.name}.")
            return redirect("ikm_record", stays.slug)
    return render(
        request,
        "nominations/merging.html",
        {
            "stays": stays,
            "other": other,
            "columns": [{"label": label} for label in ("Data", "Tetap", "Digabungkan")],
            "rows": _side_by_side(stays, other),
            "form": form,
            "swapped": f"{reverse('ikm_merge', args=[other.slug])}?dengan={stays.slug}",
            "breadcrumb": _breadcrumb(stays),
        },
    )


def _choose(request: HttpRequest, stays: Ikm) -> HttpResponse:
    words = request.GET.get("cari", "").replace("\x00", "")[:80].split()
    found: list[Ikm]
    if words:
        rows = _standing().exclude(pk=stays.pk).order_by("sort_name", "pk")
        page = Paginator(registry.named(rows, words), PER_PAGE).get_page(request.GET.get("halaman"))
        found = list(page)
    else:
        page = None
        likenesses = registry.likely_duplicates(stays.name, regency=stays.regency, but=stays, limit=PER_PAGE)
        found = [likeness.ikm for likeness in likenesses]
    return render(
        request,
        "nominations/merging_choose.html",
        {
            "stays": stays,
            "found": found,
            "page": page,
            "words": " ".join(words),
            "breadcrumb": _breadcrumb(stays),
        },
    )


def _standing() -> QuerySet[Ikm]:
    rows: QuerySet[Ikm] = Ikm.objects.filter(merged_into=None).select_related("regency__province", "sentra")
    return rows


def _side_by_side(stays: Ikm, other: Ikm) -> list[list[Any]]:
    """The facts of both, line by line; a line that differs says so."""
    counts = {
        ikm.pk: ikm
        for ikm in Ikm.objects.filter(pk__in=[stays.pk, other.pk]).annotate(
            product_count=Count("products", distinct=True),
            nomination_count=Count("products__nominations", distinct=True),
            document_count=Count("documents", distinct=True),
        )
    }
    facts: list[tuple[str, Any]] = [
        ("Nama", lambda ikm: ikm.name),
        ("NIB", lambda ikm: ikm.nib or "Belum diisi"),
        ("Kabupaten/kota", lambda ikm: ikm.regency.full_name),
        ("Sentra", lambda ikm: ikm.sentra.name if ikm.sentra else "Belum ada"),
        ("Kecamatan", lambda ikm: ikm.district or "Belum diisi"),
        ("Mulai berproduksi", lambda ikm: str(ikm.started_year or "Belum diisi")),
        ("Produk", lambda ikm: str(counts[ikm.pk].product_count)),
        ("Usulan", lambda ikm: str(counts[ikm.pk].nomination_count)),
        ("Dokumen", lambda ikm: str(counts[ikm.pk].document_count)),
    ]
    return [[label, of(stays), of(other)] for label, of in facts]


def _breadcrumb(ikm: Ikm) -> list[dict[str, str]]:
    return [
        {"label": "Potensi", "url": "/potensi/"},
        {"label": ikm.name, "url": reverse("ikm_record", args=[ikm.slug])},
    ]
