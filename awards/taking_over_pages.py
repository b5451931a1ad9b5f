"""
Taking over an earlier round: /penghargaan/ambil-alih/. A file is looked through first, then taken over as it was
looked at, all of it or nothing.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from files import tables
from letters.wording import instant_for_reader
from nominations import import_template
from nominations.import_plan import Outcome
from nominations.import_table import Problem, Unreadable

from . import taking_over
from .decrees import Refused
from .taking_over import Source, Taken
from .taking_over_forms import TakeOverForm

# How long a file that was looked through can be taken over; then it is gone, and is chosen again.
KEPT_SECONDS = 60 * 60
SHOWN = 500
_HEAD = ("Baris", "Kolom", "Keterangan")
_take_over = needs(Right.DRAFT_DECREE)


@dataclass(frozen=True)
class Kept:
    """An uploaded table between its two steps; it lies in the cache under a secret name, for whoever sent it only."""

    name: str
    source: Source
    content: bytes
    person: int


def _key(token: str) -> str:
    return f"ambil-alih:{token}"


def _kept(token: str, person: Person) -> Kept | None:
    kept = cache.get(_key(token))
    return kept if isinstance(kept, Kept) and kept.person == person.pk else None


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
            token = secrets.token_hex(16)
            cache.set(_key(token), Kept(file.name, form.source(), content, request.user.pk), KEPT_SECONDS)
            return redirect("take_over_check", token)
    context = {
        "form": form,
        "columns": _columns(),
        "rows": _rows(problems),
        "taken_columns": _TAKEN_COLUMNS,
        "taken_rows": _taken_rows(),
        "breadcrumb": _breadcrumb(),
    }
    return render(request, "awards/take_over.html", context, status=422 if form.is_bound else 200)


@require_safe
@_take_over
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """/penghargaan/ambil-alih/templat.<csv|xlsx>: the empty table, with the column of stars."""
    write = import_template.TEMPLATES.get(kind)
    if write is None:
        raise Http404
    return HttpResponse(
        write(taking_over.COLUMNS),
        content_type=tables.TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="templat-ambil-alih-penghargaan.{kind}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_take_over
def check(request: HttpRequest, token: str) -> HttpResponse:
    """/penghargaan/ambil-alih/<token>/: what would be taken over, or what is wrong; then its confirmation."""
    kept = _kept(token, request.user)
    if kept is None:
        messages.info(
            request,
            "Berkas ini sudah diambil alih atau tidak tersimpan lagi. Pilih berkasnya sekali lagi bila perlu.",
        )
        return redirect("take_over")
    refusal, taken = "", Taken(Outcome(kept.source.year))
    try:
        table = taking_over.read(kept.content, kept.name)
        if request.method == "POST":
            taken = taking_over.run(table, kept.source, by=request.user, at=request.received_at)
        else:
            taken = taking_over.check(table, kept.source, at=request.received_at)
    except Refused as refused:
        refusal = refused.for_reader
    if taken.decree is not None:
        cache.delete(_key(token))
        messages.success(
            request,
            f"{len(taken.decree.annex)} penghargaan periode {kept.source.year} diambil alih dan diumumkan.",
        )
        return redirect(taken.decree)
    context = {
        "kept": kept,
        "outcome": taken.outcome,
        "refusal": refusal,
        "token": token,
        "columns": _columns(),
        "problems": _rows(taken.outcome.problems[:SHOWN]),
        "warnings": _rows(taken.outcome.warnings[:SHOWN]),
        "line_columns": [{"label": "Tempat"}, {"label": "Yang terjadi"}],
        "lines": [[f"Baris {row}", words] for row, words in taken.lines[:SHOWN]],
        "count": len(taken.lines),
        "shown": SHOWN,
        "breadcrumb": [*_breadcrumb(), {"label": "Ambil alih periode", "url": reverse("take_over")}],
    }
    is_refused = request.method == "POST"
    return render(request, "awards/take_over_check.html", context, status=409 if is_refused else 200)


@require_safe
@_take_over
def problems(request: HttpRequest, token: str) -> HttpResponse:
    """/penghargaan/ambil-alih/<token>/kesalahan.csv: every problem and warning, to be worked through."""
    kept = _kept(token, request.user)
    if kept is None:
        raise Http404
    try:
        table = taking_over.read(kept.content, kept.name)
        outcome = taking_over.check(table, kept.source, at=request.received_at).outcome
    except Refused as refused:
        outcome = Outcome(kept.source.year, problems=[Problem(0, "", refused.for_reader)])
    lines = [
        [kind, problem.row or "", problem.column, problem.reason]
        for kind, found in (("kesalahan", outcome.problems), ("perhatian", outcome.warnings))
        for problem in found
    ]
    file = tables.file_of("csv", ["Jenis", *_HEAD], lines, title="Kesalahan")
    return tables.answer("csv", file, name=f"kesalahan-ambil-alih-{kept.source.year}")


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


def _columns() -> list[dict[str, Any]]:
    return [{"label": label} for label in ("Tempat", *_HEAD[1:])]


def _rows(found: list[Problem]) -> list[list[Any]]:
    return [
        [f"Baris {problem.row}" if problem.row else "Berkas", problem.column, problem.reason]
        for problem in found
    ]


def _breadcrumb() -> list[dict[str, str]]:
    return [{"label": "Penghargaan", "url": reverse("decrees")}]
