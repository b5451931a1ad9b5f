"""/pleno/keselarasan/: how far the panels of a round agree, as advice for the chair. Nothing is decided here."""

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters.wording import number_id
from nominations.models import CommodityGroup
from nominations.round_pages import round_asked

from . import advice as advices
from . import agreement

_reads_it = needs(Right.LEAD_PLENARY, Right.ASSIGN, Right.READ_ALL)


@require_safe
@_reads_it
def advice(request: HttpRequest) -> HttpResponse:
    """One commodity group of one round: indicators, assessors, and whose star the estimates would change."""
    round_ = round_asked(request)
    groups = list(CommodityGroup.objects.all())
    group = next(
        (one for one in groups if one.pk == request.GET.get("komoditas")), groups[0] if groups else None
    )
    found = advices.advice_for(round_, group.pk, reader=request.user) if round_ and group else []
    return render(
        request,
        "assessment/advice.html",
        {
            "round": round_,
            "group": group,
            "tabs": [
                {
                    "label": one.name,
                    "url": f"?periode={round_.pk if round_ else ''}&komoditas={one.pk}",
                    "current": one == group,
                }
                for one in groups
            ],
            "sections": [_section(one) for one in found],
            "breadcrumb": [{"label": "Pleno", "url": reverse("plenary")}],
        },
    )


def _section(one: advices.Advice) -> dict[str, Any]:
    return {
        "advice": one,
        "indicator_columns": [
            {"label": "Indikator"}, {"label": "Usulan", "numeric": True}, {"label": "Alfa", "numeric": True},
            {"label": "Bacaan"},
        ],
        "indicators": [
            [
                f"{line.code} {line.name}",
                line.nominations,
                "" if line.alpha is None else number_id(line.alpha, 2),
                {"status": {"state": line.reading, "tone": _tone(line.alpha)}},
            ]
            for line in one.indicators
        ],
        "assessor_columns": [
            {"label": "Penilai"}, {"label": "Usulan", "numeric": True}, {"label": "Selisih", "numeric": True},
            {"label": "Ketidakpastian", "numeric": True}, {"label": "Bacaan"},
        ],
        "assessors": [_assessor(line) for line in one.assessors],
        "star_columns": [
            {"label": "Usulan"}, {"label": "Nilai", "numeric": True}, {"label": "Bintang hitungan"},
            {"label": "Disesuaikan", "numeric": True}, {"label": "Bintang bila disesuaikan"},
        ],
        "stars": [
            [
                {"text": str(line.nomination), "note": line.nomination.product.name},
                number_id(line.value, 2),
                {"stars": {"earned": line.star, "maximum": line.maximum_star}},
                number_id(line.adjusted, 2),
                {"stars": {"earned": line.adjusted_star, "maximum": line.maximum_star}},
            ]
            for line in one.other_stars
        ],
    }  # fmt: skip


def _tone(alpha: Fraction | None) -> str:
    if alpha is None:
        return "netral"
    return "baik" if alpha >= agreement.RELIABLE else "info" if alpha >= agreement.TENTATIVE else "hati"


def _assessor(line: advices.AssessorLeniency) -> list[Any]:
    estimate = line.estimate
    error = estimate.standard_error
    if error is None:
        words, tone = "Terlalu sedikit", "netral"
    elif not estimate.stands_out:
        words, tone = "Dalam batas kebetulan", "netral"
    else:
        words, tone = ("Lebih murah hati" if estimate.points > 0 else "Lebih ketat"), "hati"
    return [
        line.person.full_name,
        estimate.nominations,
        _points(estimate.points),
        "" if error is None else f"± {_points(agreement.STANDARD_ERRORS * error).lstrip('+')}",
        {"status": {"state": words, "tone": tone}},
    ]


def _points(estimate: float) -> str:
    """An estimate to two decimals with its sign: "+1,25"."""
    hundredths = Fraction(round(estimate * 100), 100)
    text = number_id(hundredths, 2)
    return f"+{text}" if hundredths > 0 else text
