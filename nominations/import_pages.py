"""The secretariat's import: /usulan/impor/. A file is looked through first, then taken over as it was looked at."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right

from . import import_steps, importing
from .guards import Refused
from .import_forms import ImportForm
from .import_plan import Outcome
from .import_table import Problem, Unreadable
from .models import Round

_store = import_steps.Store("impor")
_run = needs(Right.RUN_ROUND)


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
            token = _store.keep(name, content, form.cleaned_data["periode"].pk, by=request.user)
            return redirect("import_check", token)
    return render(
        request,
        "nominations/import_begin.html",
        {
            "form": form,
            "columns": import_steps.columns(),
            "rows": import_steps.rows(problems),
            "breadcrumb": _breadcrumb(),
        },
    )


@require_safe
@_run
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """/usulan/impor/templat.<csv|xlsx>: the empty table."""
    answer = import_steps.template_file(kind, name="templat-impor-usulan")
    if answer is None:
        raise Http404
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@_run
def check(request: HttpRequest, token: str) -> HttpResponse:
    """/usulan/impor/<token>/: what the import would do, or what is wrong; then its confirmation."""
    kept = _store.find(token, request.user)
    if kept is None:
        messages.info(
            request,
            "Berkas ini sudah diimpor atau tidak tersimpan lagi. Pilih berkasnya sekali lagi bila perlu.",
        )
        return redirect("import_begin")
    refusal, outcome = "", Outcome(kept.purpose)
    try:
        table, round_ = importing.read(kept.content, kept.name), Round.objects.get(pk=kept.purpose)
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
        _store.drop(token)
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
            "columns": import_steps.columns(),
            "problems": import_steps.rows(outcome.problems[: import_steps.SHOWN]),
            "warnings": import_steps.rows(outcome.warnings[: import_steps.SHOWN]),
            "shown": import_steps.SHOWN,
            "breadcrumb": [*_breadcrumb(), {"label": "Impor usulan", "url": reverse("import_begin")}],
        },
        status=409 if refusal and request.method == "POST" else 200,
    )


@require_safe
@_run
def problems(request: HttpRequest, token: str) -> HttpResponse:
    """/usulan/impor/<token>/kesalahan.csv: every problem and warning, to be worked through beside the table."""
    kept = _store.find(token, request.user)
    if kept is None:
        raise Http404
    try:
        outcome = importing.check(
            importing.read(kept.content, kept.name),
            round_=Round.objects.get(pk=kept.purpose),
            at=request.received_at,
        )
    except Refused as refused:
        outcome = Outcome(kept.purpose, problems=[Problem(0, "", refused.for_reader)])
    return import_steps.problems_file(outcome, name=f"kesalahan-impor-{kept.purpose}")


def _breadcrumb() -> list[dict[str, str]]:
    return [{"label": "Periode", "url": reverse("rounds")}]
