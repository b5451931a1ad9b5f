"""The results of the rounds: /hasil/ and /hasil/<tahun>/, as decreed, with the same rows as CSV."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from awards import open_figures
from awards.models import Award, AwardQuerySet, Decree
from awards.templatetags.award_words import group_of, group_words, star_figure
from nominations.models import Round

from . import csv_files, figures, report
from .kept import kept

PER_PAGE = 50
# A heading of the list -> what it is sorted by; the annex's own order is that of the commodity groups.
SORTS = {
    "ikm": ("ikm_name", "decree_id", "position"),
    "produk": ("product_name", "decree_id", "position"),
    "komoditas": ("group__position", "decree_id", "position"),
    "daerah": ("regency_name", "decree_id", "position"),
    "provinsi": ("province_name", "decree_id", "position"),
    "bintang": ("star_in_force", "decree_id", "position"),
}
COLUMNS_OF_THE_FILE = (
    "nomor_urut", "ikm", "produk", "kelompok_komoditas", "kode_kabupaten_kota", "kabupaten_kota", "provinsi",
    "bintang", "bintang_tertinggi", "periode", "nomor_sk", "tanggal_sk", "dicabut", "catatan",
    "bintang_semula", "nomor_sk_perubahan",
)  # fmt: skip


@require_GET
@login_not_required
@kept
def all_results(request: HttpRequest) -> HttpResponse:
    """/hasil/: the rounds that have been published."""
    decrees = (
        Decree.objects.published().establishing().select_related("round").defer("annex").order_by("-round_id")
    )
    decrees = decrees.annotate(products=Count("awards"))
    return render(request, "catalogue/all_results.html", {"is_public": True, "decrees": decrees})


@require_GET
@login_not_required
@kept
def results(request: HttpRequest, year: int) -> HttpResponse:
    """/hasil/<tahun>/: the round in full with its decree; a round without one says what it waits for."""
    decree = (
        Decree.objects.published()
        .establishing()
        .select_related("round")
        .defer("annex")
        .filter(round=year)
        .first()
    )
    if decree is None:
        round_ = get_object_or_404(Round, pk=year)
        return render(
            request,
            "catalogue/results_pending.html",
            {"is_public": True, "round": round_, "breadcrumb": _breadcrumb()},
        )
    groups = _groups_of(decree)
    group = request.GET.get("komoditas", "") if request.GET.get("komoditas", "") in groups else ""
    return render(
        request,
        "catalogue/results.html",
        {
            "is_public": True,
            "decree": decree,
            "round": decree.round,
            "chain": figures.chain_of(decree),
            "report": report.of_round(decree),
            "copies": figures.copies_of(year),
            "scores_are_open": open_figures.is_open(year),
            "instruments": figures.instruments_of(decree),
            "groups": groups.items(),
            "group": group,
            "breadcrumb": _breadcrumb(),
            **_recap(decree),
            **_list(request, decree, group),
        },
    )


def _breadcrumb() -> list[dict[str, str]]:
    return [{"label": _("Hasil"), "url": reverse("all_results")}]


@require_GET
@login_not_required
@kept
def results_file(request: HttpRequest, year: int) -> HttpResponse:
    """/hasil/<tahun>/penghargaan.csv: the awards of the decree, one line each, in the order of its annex."""
    decree = get_object_or_404(
        Decree.objects.published().establishing().select_related("round").defer("annex"), round=year
    )
    awards = list(_in_order(decree, "komoditas"))
    changed = figures.last_changes(awards)
    return csv_files.answer(
        f"ovop-{year}-penghargaan", COLUMNS_OF_THE_FILE, (_line(decree, award, changed) for award in awards)
    )


def _line(decree: Decree, award: Award, changed: dict[int, str]) -> tuple[Any, ...]:
    return (
        award.position, award.ikm_name, award.product_name, award.group_name, award.regency_id, award.regency_name,
        award.province_name, award.star_in_force, award.maximum_star, decree.round_id, award.decree.number,
        award.decree.date or "", "ya" if award.revoked_at else "tidak", _remark(decree, award),
        award.star if award.is_restarred else "", changed.get(award.pk, ""),
    )  # fmt: skip


def _remark(decree: Decree, award: Award) -> str:
    if award.is_example:
        return "data contoh"
    return "" if decree.plenary_id else "diambil alih dari arsip"


def _in_order(decree: Decree, sort: str, *, backwards: bool = False) -> AwardQuerySet:
    first, *rest = SORTS[sort]
    awards: AwardQuerySet = Award.objects.published().filter(decree__round=decree.round_id)
    return (
        awards.with_names()
        .defer("decree__annex", "story", "raw_material")
        .order_by(f"-{first}" if backwards else first, *rest)
    )


def _groups_of(decree: Decree) -> dict[str, str]:
    """Code -> name of the commodity groups that have an award in this decree."""
    awards = Award.objects.published().filter(decree__round=decree.round_id)
    rows = awards.order_by("group__position").values_list("group", "group_name", "group__name_en")
    return {code: group_words(name, name_en) for code, name, name_en in rows.distinct()}


def _recap(decree: Decree) -> dict[str, object]:
    """Commodity by star as rows of data_table; totals only where they hold."""
    table, tally = figures.round_table(decree), figures.tally(decree)
    return {
        "total": table.total,
        "tally": tally,
        "listed": tally.decreed + tally.added,
        "revoked": 0 if tally.changing else tally.ended,
        "holds": table.holds,
        "recap_columns": [
            {"label": _("Kelompok komoditas")},
            *({"label": star_figure(star), "numeric": True} for star in table.stars),
            {"label": _("Jumlah produk"), "numeric": True},
        ],
        "recap_rows": [[name, *counts, total] for name, counts, total in table.rows],
        "recap_totals": [_("Jumlah produk"), *table.column_totals, table.total] if table.holds else None,
    }


def _list(request: HttpRequest, decree: Decree, group: str) -> dict[str, object]:
    """The awards as rows of data_table, sorted and narrowed as the address says."""
    wanted = request.GET.get("urut", "")
    key, backwards = wanted.removeprefix("-"), wanted.startswith("-")
    if key not in SORTS:
        key, backwards = "komoditas", False
    awards = _in_order(decree, key, backwards=backwards)
    found = Paginator(awards.filter(group=group) if group else awards, PER_PAGE)
    page = found.get_page(request.GET.get("halaman"))
    return {
        "page": page,
        "sort": {"key": key, "descending": backwards},
        "award_columns": [
            {"label": _("IKM"), "key": "ikm"},
            {"label": _("Produk"), "key": "produk"},
            {"label": _("Kelompok komoditas"), "key": "komoditas"},
            {"label": _("Kabupaten/kota"), "key": "daerah"},
            {"label": _("Provinsi"), "key": "provinsi"},
            {"label": _("Bintang"), "key": "bintang"},
        ],
        "award_rows": [
            [
                award.ikm_name,
                {
                    "text": award.product_name,
                    "url": award.get_absolute_url(),
                    "note": _note(award),
                },
                group_of(award),
                award.regency_name,
                award.province_name,
                {"stars": {"earned": award.star_in_force, "maximum": award.maximum_star}},
            ]
            for award in page
        ],
    }


def _note(award: Award) -> str:
    if award.revoked_at:
        return _("Penetapan dicabut")
    return _("Semula {star}").format(star=star_figure(award.star).lower()) if award.is_restarred else ""
