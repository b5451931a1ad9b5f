"""The public pages: home, the catalogue, one page per product, the results of a round. No sign-in, no cookie."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from awards.models import Award, Decree
from nominations.models import Nomination, Round

from . import figures, search, structured


@require_GET
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """/: find an awarded product; know where the round stands."""
    latest = Decree.objects.published().select_related("round").first()
    return render(
        request,
        "catalogue/home.html",
        {
            "is_public": True,
            "summary": figures.summary(),
            "groups": figures.by_group(),
            "provinces": figures.by_province(),
            "latest": latest,
            "table": figures.round_table(latest) if latest else None,
            "phase": figures.current_phase(at=request.received_at),
            "newest": Award.objects.published()
            .filter(revoked_at=None)
            .with_names()
            .order_by("-star", "pk")[:4],
        },
    )


@require_GET
@login_not_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """/katalog/: the address holds the whole state; htmx swaps the results, without it the page reloads."""
    results = search.find(search.Query.read(request.GET))
    template = "catalogue/list.html#results" if request.htmx else "catalogue/list.html"
    return render(request, template, {"is_public": True, "results": results, "query": results.query})


@require_GET
@login_not_required
def award(request: HttpRequest, slug: str) -> HttpResponse:
    """/katalog/<slug>/: why this product is awarded. A revoked award keeps its page, with a notice."""
    found = get_object_or_404(Award.objects.published().with_names(), slug=slug)
    others = (
        Award.objects.published()
        .filter(product__ikm__sentra=found.product.ikm.sentra_id, revoked_at=None)
        .exclude(product=found.product_id)
        .with_names()
        .order_by("-star", "pk")[:4]
        if found.product.ikm.sentra_id
        else Award.objects.none()
    )
    return render(
        request,
        "catalogue/award.html",
        {
            "is_public": True,
            "award": found,
            "history": Award.objects.published()
            .filter(product__ikm=found.product.ikm_id)
            .with_names()
            .order_by("-decree__round", "pk"),
            "others": others,
            "breadcrumb": [{"label": _("Katalog"), "url": reverse("catalogue")}],
            "structured": structured.as_script(structured.product(found)),
        },
    )


@require_GET
@login_not_required
def results(request: HttpRequest, year: int) -> HttpResponse:
    """/hasil/<tahun>/: the round in full with its decree; a round without one says what it waits for."""
    decree = Decree.objects.published().select_related("round").filter(round=year).first()
    if decree is None:
        round_ = get_object_or_404(Round, pk=year)
        return render(request, "catalogue/results_pending.html", {"is_public": True, "round": round_})
    return render(
        request,
        "catalogue/results.html",
        {
            "is_public": True,
            "decree": decree,
            "round": decree.round,
            **_tables(decree),
            "proposed": Nomination.objects.filter(round=year, submitted_at__isnull=False).count(),
            "eligible": Nomination.objects.filter(
                round=year, state__in=["eligible", "assessed", "awarded", "not_awarded"]
            ).count(),
        },
    )


def _tables(decree: Decree) -> dict[str, object]:
    """Recap and list of one decree as rows of data_table; totals only where they hold."""
    table = figures.round_table(decree)
    return {
        "table": table,
        "recap_columns": [
            {"label": _("Kelompok komoditas")},
            *({"label": f"{star}", "numeric": True} for star in table.stars),
            {"label": _("Jumlah"), "numeric": True},
        ],
        "recap_rows": [[name, *counts, total] for name, counts, total in table.rows],
        "recap_totals": [_("Jumlah"), *table.column_totals, table.total] if table.holds else None,
        "award_columns": [
            {"label": label}
            for label in (
                _("IKM"),
                _("Produk"),
                _("Kelompok komoditas"),
                _("Kabupaten/kota"),
                _("Provinsi"),
                _("Bintang"),
            )
        ],
        "award_rows": [
            [
                award.ikm_name,
                {"text": award.product_name, "url": award.get_absolute_url()},
                award.group_name,
                award.regency_name,
                award.province_name,
                {"stars": {"earned": award.star, "maximum": award.maximum_star}},
            ]
            for award in decree.awards.with_names().order_by("position")
        ],
    }


@require_GET
@login_not_required
def all_results(request: HttpRequest) -> HttpResponse:
    """/hasil/: the rounds that have been published."""
    decrees = Decree.objects.published().select_related("round").order_by("-round")
    return render(request, "catalogue/all_results.html", {"is_public": True, "decrees": decrees})
