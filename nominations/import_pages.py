"""The secretariat's import: /usulan/impor/. A file is looked through first, then taken over as it was looked at."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from files import tables

from . import import_template, importing
from .guards import Refused
from .import_forms import ImportForm
from .import_plan import Outcome
from .import_table import Problem, Unreadable
from .models import Round

# How long a file that was looked through can be taken over; then it is gone, and is chosen again.
KEPT_SECONDS = 60 * 60
SHOWN = 500
_run = needs(Right.RUN_ROUND)
_HEAD = ("Baris", "Kolom", "Keterangan")


@dataclass(frozen=True)
class Kept:
    """An uploaded table between its two steps; it lies in the cache under a secret name, for whoever sent it only."""

    name: str
    year: int
    content: bytes
    person: int


def _key(token: str) -> str:
    return f"impor:{token}"


def _kept(token: str, person: Person) -> Kept | None:
    kept = cache.get(_key(token))
    return kept if isinstance(kept, Kept) and kept.person == person.pk else None


@require_http_methods(["GET", "HEAD", "POST"])
@_run
def begin(request: HttpRequest) -> HttpResponse:
    """/usulan/impor/: choose a round and a file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        content, name = form.content(), form.cleaned_data["berkas"].name
        try:
            importing.read(content, name)
        except Unreadable as unreadable:
            problems = unreadable.problems
            form.add_error("berkas", "Berkas ini tidak dapat dibaca; belum ada yang diimpor.")
        else:
            token = secrets.token_hex(16)
            cache.set(
                _key(token),
                Kept(name, form.cleaned_data["periode"].pk, content, request.user.pk),
                KEPT_SECONDS,
            )
            return redirect("import_check", token)
    return render(
        request,
        "nominations/import_begin.html",
        {"form": form, "columns": _columns(), "rows": _rows(problems), "breadcrumb": _breadcrumb()},
    )


@require_safe
@_run
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """/usulan/impor/templat.<csv|xlsx>: the empty table."""
    write = import_template.TEMPLATES.get(kind)
    if write is None:
        raise Http404
    return HttpResponse(
        write(),
        content_type=tables.TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="templat-impor-usulan.{kind}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_run
def check(request: HttpRequest, token: str) -> HttpResponse:
    """/usulan/impor/<token>/: what the import would do, or what is wrong; then its confirmation."""
    kept = _kept(token, request.user)
    if kept is None:
        messages.info(
            request,
            "Berkas ini sudah diimpor atau tidak tersimpan lagi. Pilih berkasnya sekali lagi bila perlu.",
        )
        return redirect("import_begin")
    refusal, outcome = "", Outcome(kept.year)
    try:
        table, round_ = importing.read(kept.content, kept.name), Round.objects.get(pk=kept.year)
        if request.method == "POST":
            outcome = importing.run(
                table, round_=round_, by=request.user, at=request.received_at, token=token
            )
        else:
            outcome = importing.check(table, round_=round_, at=request.received_at)
    except Refused as refused:
        if refused.code == "already_imported":
            messages.info(request, refused.for_reader)
            return redirect("import_begin")
        refusal = refused.for_reader
    if outcome.imported:
        cache.delete(_key(token))
        messages.success(
            request,
            f"{outcome.nominations} usulan diimpor ke periode {outcome.year} sebagai draf dari {outcome.offices} dinas. "
            "Dinas melengkapi dan mengirimnya.",
        )
        return redirect("round", outcome.year)
    return render(
        request,
        "nominations/import_check.html",
        {
            "name": kept.name,
            "outcome": outcome,
            "refusal": refusal,
            "token": token,
            "columns": _columns(),
            "problems": _rows(outcome.problems[:SHOWN]),
            "warnings": _rows(outcome.warnings[:SHOWN]),
            "shown": SHOWN,
            "breadcrumb": [*_breadcrumb(), {"label": "Impor usulan", "url": reverse("import_begin")}],
        },
        status=409 if refusal and request.method == "POST" else 200,
    )


@require_safe
@_run
def problems(request: HttpRequest, token: str) -> HttpResponse:
    """/usulan/impor/<token>/kesalahan.csv: every problem and warning, to be worked through beside the table."""
    kept = _kept(token, request.user)
    if kept is None:
        raise Http404
    try:
        outcome = importing.check(
            importing.read(kept.content, kept.name),
            round_=Round.objects.get(pk=kept.year),
            at=request.received_at,
        )
    except Refused as refused:
        outcome = Outcome(kept.year, problems=[Problem(0, "", refused.for_reader)])
    lines = [
        [kind, problem.row or "", problem.column, problem.reason]
        for kind, found in (("kesalahan", outcome.problems), ("perhatian", outcome.warnings))
        for problem in found
    ]
    file = tables.file_of("csv", ["Jenis", *_HEAD], lines, title="Kesalahan")
    return tables.answer("csv", file, name=f"kesalahan-impor-{kept.year}")


def _columns() -> list[dict[str, Any]]:
    return [{"label": label} for label in ("Tempat", *_HEAD[1:])]


def _rows(found: list[Problem]) -> list[list[Any]]:
    return [
        [f"Baris {problem.row}" if problem.row else "Berkas", problem.column, problem.reason]
        for problem in found
    ]


def _breadcrumb() -> list[dict[str, str]]:
    return [{"label": "Periode", "url": reverse("rounds")}]
