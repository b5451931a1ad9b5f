"""
Taking over an earlier round: /penghargaan/ambil-alih/. A file is looked through first, then taken over as it was
looked at, all of it or nothing.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters.wording import instant_for_reader
from nominations import import_steps
from nominations.import_plan import Outcome
from nominations.import_table import Problem, Unreadable

from . import taking_over
from .decrees import Refused
from .taking_over import Source, Taken
from .taking_over_forms import TakeOverForm

_store = import_steps.Store("ambil-alih")
_take_over = needs(Right.DRAFT_DECREE)


@require_http_methods(["GET", "HEAD", "POST"])
@_take_over
def begin(request: HttpRequest) -> HttpResponse:
    """/penghargaan/ambil-alih/: the decree and the table; below, what was taken over before."""
    form = TakeOverForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["table"]
        content = file.read()
        try:
            taking_over.read(content, file.name)
        except Unreadable as unreadable:
            problems = unreadable.problems
            form.add_error("table", "Berkas ini tidak dapat dibaca; belum ada yang diambil alih.")
        else:
            token = _store.keep(file.name, content, form.source(), by=request.user)
            return redirect("take_over_check", token)
    context = {
        "form": form,
        "columns": import_steps.columns(),
        "rows": import_steps.rows(problems),
        "taken_columns": _TAKEN_COLUMNS,
        "taken_rows": _taken_rows(),
        "breadcrumb": _breadcrumb(),
    }
    return render(request, "awards/take_over.html", context, status=422 if form.is_bound else 200)


@require_safe
@_take_over
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """/penghargaan/ambil-alih/templat.<csv|xlsx>: the empty table, with the column of stars."""
    answer = import_steps.template_file(kind, taking_over.COLUMNS, name="templat-ambil-alih-penghargaan")
    if answer is None:
        raise Http404
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@_take_over
def check(request: HttpRequest, token: str) -> HttpResponse:
    """/penghargaan/ambil-alih/<token>/: what would be taken over, or what is wrong; then its confirmation."""
    kept = _store.find(token, request.user)
    if kept is None:
        messages.info(
            request,
            "Berkas ini sudah diambil alih atau tidak tersimpan lagi. Pilih berkasnya sekali lagi bila perlu.",
        )
        return redirect("take_over")
    source: Source = kept.purpose
    refusal, taken = "", Taken(Outcome(source.year))
    try:
        table = taking_over.read(kept.content, kept.name)
        if request.method == "POST":
            taken = taking_over.run(table, source, by=request.user, at=request.received_at)
        else:
            taken = taking_over.check(table, source, at=request.received_at)
    except Refused as refused:
        refusal = refused.for_reader
    if taken.decree is not None:
        _store.drop(token)
        messages.success(
            request,
            f"{len(taken.decree.annex)} penghargaan periode {source.year} diambil alih dan diumumkan.",
        )
        return redirect(taken.decree)
    context = {
        "name": kept.name,
        "source": source,
        "outcome": taken.outcome,
        "refusal": refusal,
        "token": token,
        "columns": import_steps.columns(),
        "problems": import_steps.rows(taken.outcome.problems[: import_steps.SHOWN]),
        "warnings": import_steps.rows(taken.outcome.warnings[: import_steps.SHOWN]),
        "line_columns": [{"label": "Tempat"}, {"label": "Yang terjadi"}],
        "lines": [[f"Baris {row}", words] for row, words in taken.lines[: import_steps.SHOWN]],
        "count": len(taken.lines),
        "shown": import_steps.SHOWN,
        "breadcrumb": [*_breadcrumb(), {"label": "Ambil alih periode", "url": reverse("take_over")}],
    }
    is_refused = request.method == "POST"
    return render(request, "awards/take_over_check.html", context, status=409 if is_refused else 200)


@require_safe
@_take_over
def problems(request: HttpRequest, token: str) -> HttpResponse:
    """/penghargaan/ambil-alih/<token>/kesalahan.csv: every problem and warning, to be worked through."""
    kept = _store.find(token, request.user)
    if kept is None:
        raise Http404
    source: Source = kept.purpose
    try:
        table = taking_over.read(kept.content, kept.name)
        outcome = taking_over.check(table, source, at=request.received_at).outcome
    except Refused as refused:
        outcome = Outcome(source.year, problems=[Problem(0, "", refused.for_reader)])
    return import_steps.problems_file(outcome, name=f"kesalahan-ambil-alih-{source.year}")


_TAKEN_COLUMNS = [
    {"label": "Periode"},
    {"label": "Nomor dan tanggal"},
    {"label": "Penghargaan", "numeric": True},
    {"label": "Diambil alih"},
]


def _taken_rows() -> list[list[Any]]:
    return [
        [
            {"text": str(decree.round_id), "url": decree.get_absolute_url()},
            f"{decree.number}, {date_format(decree.date, 'j F Y')}" if decree.date else decree.number,
            decree.count,  # type: ignore[attr-defined]
            f"{instant_for_reader(decree.drafted_at)}, {decree.drafted_by.full_name if decree.drafted_by else 'portal'}",
        ]
        for decree in taking_over.taken()
    ]


def _breadcrumb() -> list[dict[str, str]]:
    return [{"label": "Penghargaan", "url": reverse("decrees")}]
