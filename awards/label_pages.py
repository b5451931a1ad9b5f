"""The awards of a region as its dinas sees them, with their papers; and the star label of one, with its rules of use."""

from collections.abc import Callable

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters import papers

from . import breadcrumbs, rules, star_labels
from .models import Award, Certificate
from .star_labels import Gone, Label, NoLabel

SHOWN = 500
_KINDS: dict[str, tuple[str, Callable[[Label], bytes]]] = {
    "svg": ("image/svg+xml", lambda label: star_labels.svg(label).encode()),
    "png": ("image/png", star_labels.png),
    "pdf": ("application/pdf", star_labels.pdf),
}


@require_safe
@needs(Right.NOMINATE)
def awards_of_region(request: HttpRequest) -> HttpResponse:
    """/penghargaan/daerah/: the awarded products of the own region, their certificates and labels."""
    in_force = Certificate.objects.public(at=request.received_at).filter(
        replaced_at=None, rendered_at__isnull=False
    )
    found = (
        rules.awards_of_region(request.user)
        .prefetch_related(
            Prefetch("certificates", queryset=in_force.order_by("-version"), to_attr="papers_in_force")
        )
        .order_by("-decree__round_id", "regency_name", "position")
    )
    return render(
        request,
        "awards/awards_of_region.html",
        {"columns": _COLUMNS, "rows": [_row(award) for award in found[:SHOWN]], "count": found.count()},
    )


_COLUMNS = [
    {"label": "IKM"},
    *(
        {"label": label}
        for label in ("Produk", "Kabupaten/kota", "Periode", "Bintang", "Piagam", "Label", "Halaman")
    ),
]


def _row(award: Award) -> list[object]:
    papers_in_force: list[Certificate] = award.papers_in_force  # type: ignore[attr-defined]
    paper = papers_in_force[0] if papers_in_force else None
    has_label = paper and not award.revoked_at and award.star_in_force >= star_labels.LOWEST_STAR
    return [
        {"text": award.ikm_name, "url": award.get_absolute_url()},
        award.product_name,
        award.regency_name,
        str(award.decree.round_id),
        "Dicabut"
        if award.revoked_at
        else {"stars": {"earned": award.star_in_force, "maximum": award.maximum_star}},
        {"text": "Unduh piagam", "url": reverse("certificate_file", args=[paper.pk])} if paper else "",
        {"text": "Label bintang", "url": reverse("star_label", args=[award.pk])} if has_label else "",
        {"text": "Cerita dan foto", "url": reverse("entry", args=[award.pk])},
    ]


@require_safe
def star_label(request: HttpRequest, pk: int) -> HttpResponse:
    """/penghargaan/penerima/<id>/label/: the label, its files, and the rules of use; 410 once it may not be used."""
    award = get_object_or_404(rules.awards_visible_to(request.user), pk=pk)
    try:
        label = star_labels.label_of(award, at=request.received_at)
    except NoLabel as none:
        raise Http404 from none
    except Gone as gone:
        return _gone(request, award, gone)
    return render(
        request,
        "awards/star_label.html",
        {
            "award": award,
            "label": label,
            "rules": star_labels.rules_of_use(award),
            "size": f"{star_labels.WIDTH} x {star_labels.HEIGHT} mm",
            "pixels": star_labels.PNG_WIDTH,
            "breadcrumb": breadcrumbs.to_award(award, request.user),
        },
    )


@require_safe
def star_label_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The label as svg, png or pdf; `?unduh` as a download."""
    award = get_object_or_404(rules.awards_visible_to(request.user), pk=pk)
    if kind not in _KINDS:
        raise Http404
    media_type, make = _KINDS[kind]
    try:
        content = make(star_labels.label_of(award, at=request.received_at))
    except NoLabel as none:
        raise Http404 from none
    except Gone as gone:
        return _gone(request, award, gone)
    except papers.NotDrawn as problem:
        return HttpResponse(problem.for_reader, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=media_type)
    shown = "attachment" if "unduh" in request.GET else "inline"
    response["Content-Disposition"] = (
        f'{shown}; filename="label-ovop-{award.decree.round_id}-{award.slug[:80]}.{kind}"'
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _gone(request: HttpRequest, award: Award, gone: Gone) -> HttpResponse:
    context = {
        "award": award,
        "text": gone.for_reader,
        "breadcrumb": breadcrumbs.to_award(award, request.user),
    }
    return render(request, "awards/star_label_gone.html", context, status=410)
