"""/pleno/<sidang>/andaikan/: other bands or weights for one group, as a simulation on a page of its own."""

from fractions import Fraction
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from letters.wording import number_id
from nominations.models import Nomination

from . import board as boards
from . import items, results, scoring, what_if
from .models import Assessment, Assignment, Instrument
from .session_pages import about, breadcrumb, visible_session, whoever_follows

LISTED_AT_MOST = 200


class WhatIfForm(forms.Form):
    """A bound for each star and a weight for each part of a form, filled with its own."""

    use_required_attribute = False

    def __init__(self, *args: Any, form: scoring.Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for band in form.bands:
            self.fields[f"bintang-{band.star}"] = _number(f"Bintang {band.star} mulai", band.bound)
        for part in form.parts:
            self.fields[f"bobot-{part.code}"] = _number(f"Bobot bagian {part.code}", part.weight)

    def bounds(self) -> dict[int, Fraction]:
        return {int(name): value for name, value in self._given("bintang-").items()}

    def weights(self) -> dict[str, Fraction]:
        return self._given("bobot-")

    def _given(self, prefix: str) -> dict[str, Fraction]:
        return {
            name.removeprefix(prefix): Fraction(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value is not None
        }


def _number(label: str, initial: Fraction) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=7, decimal_places=4, initial=f"{float(initial):g}",
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "decimal", "step": "any"}),
    )  # fmt: skip


@require_safe
@whoever_follows
def what_if_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The group of the address, with the version it was mostly scored with; every input stands in the address."""
    session = visible_session(request, pk)
    tallies = boards.tallies(session)
    group = next(
        (one for one in tallies if one.code == request.GET.get("komoditas")), tallies[0] if tallies else None
    )
    instrument, sheets, verified, nominations = (
        _scored(request, session, group.code) if group else (None, {}, {}, {})
    )
    context: dict[str, Any] = {
        **about(session, request.user),
        "group": group,
        "tabs": [
            {"label": one.name, "url": f"?komoditas={one.code}", "current": one == group} for one in tallies
        ],
        "instrument": instrument,
        "breadcrumb": breadcrumb(session),
    }
    if instrument is None:
        return render(request, "assessment/what_if.html", context)
    form = instrument.parsed()
    asked = any(name.startswith(("bintang-", "bobot-")) for name in request.GET)
    inputs = WhatIfForm(request.GET if asked else None, form=form)
    outcome = None
    if asked and inputs.is_valid():
        try:
            other = what_if.altered(form, bounds=inputs.bounds(), weights=inputs.weights())
            outcome = what_if.compare(sheets, form, other, verified)
        except scoring.InvalidInstrument as problem:
            inputs.add_error(None, f"Andaian ini bukan instrumen: {problem}.")
    return render(
        request,
        "assessment/what_if.html",
        {
            **context,
            "form": inputs,
            "outcome": outcome,
            **(_tables(outcome, form, nominations) if outcome else {}),
        },
    )


def _scored(
    request: HttpRequest, session: Any, group: str
) -> tuple[
    Instrument | None, dict[int, results.Sheets], dict[int, results.Verification], dict[int, Nomination]
]:
    """The sheets of a group that this reader may see, of the version most of them were scored with."""
    found = Assessment.objects.filter(
        nomination__in=boards.before(session).filter(product__group=group),
        completed_at__isnull=False,
        pk__in=Assignment.objects.scores_visible_to(request.user).values("assessment"),
    ).select_related("nomination__product__ikm__regency")
    hidden = items.kept_from(request.user, [row.nomination for row in found], session)
    nominations = {row.pk: row.nomination for row in found if row.nomination_id not in hidden}
    by_form: dict[int, dict[int, results.Sheets]] = {}
    verified: dict[int, results.Verification] = {}
    for assessment, form, sheets, verification in results.stored_for(nominations):
        by_form.setdefault(form, {})[assessment] = sheets
        verified[assessment] = verification
    if not by_form:
        return None, {}, {}, {}
    most = max(by_form, key=lambda form: (len(by_form[form]), form))
    return Instrument.objects.get(pk=most), by_form[most], verified, nominations


def _tables(
    outcome: what_if.Outcome, form: scoring.Instrument, nominations: dict[int, Nomination]
) -> dict[str, Any]:
    stars = [*(band.star for band in form.bands), 0]
    return {
        "count_columns": [
            {"label": "Bintang"}, {"label": "Menurut instrumen", "numeric": True},
            {"label": "Menurut andaian", "numeric": True},
        ],
        "count_rows": [
            [f"Bintang {star}" if star else "Tanpa bintang", outcome.before.get(star, 0), outcome.after.get(star, 0)]
            for star in stars
        ],
        "count_totals": ["Jumlah", outcome.total, outcome.total],
        "change_columns": [
            {"label": "Usulan"}, {"label": "Nilai", "numeric": True}, {"label": "Bintang hitungan"},
            {"label": "Nilai andaian", "numeric": True}, {"label": "Bintang andaian"},
        ],
        "change_rows": [
            [
                {
                    "text": nominations[change.assessment].product.ikm.name,
                    "note": nominations[change.assessment].product.name,
                },
                number_id(change.value, 2),
                {"stars": {"earned": change.star, "maximum": form.top_star}},
                number_id(change.other_value, 2),
                {"stars": {"earned": change.other_star, "maximum": form.top_star}},
            ]
            for change in outcome.changes[:LISTED_AT_MOST]
        ],
        "more_changes": max(len(outcome.changes) - LISTED_AT_MOST, 0),
    }  # fmt: skip
