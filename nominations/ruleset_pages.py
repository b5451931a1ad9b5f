"""/periode/aturan/: commodity groups, kinds of document and requirements, each with its history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from accounts.sent_numbers import number_in

from . import ruleset
from .guards import Refused
from .models import CommodityGroup, DocumentKind, Requirement
from .ruleset_forms import GroupForm, KindForm, RequirementForm, RuleForm

_look = needs(Right.RUN_ROUND, Right.READ_ALL)
_run = needs(Right.RUN_ROUND)
_BREADCRUMB = [{"label": "Periode", "url": "/periode/"}]


@dataclass(frozen=True)
class Kind:
    """One of the three tables: its model, its form, how it is called, and what its list shows."""

    model: type[Any]
    form: type[RuleForm]
    title: str
    one: str
    columns: tuple[str, ...]
    cells: Callable[[Any], list[Any]]


def _requirement_cells(row: Requirement) -> list[Any]:
    groups = [group.name for group in row.groups.all()]
    asked = ", ".join(groups) if groups else "Semua kelompok"
    return [
        ", ".join(kind.name for kind in row.accepts.all()) or "Tanpa dokumen",
        f"{asked} (hanya bahan kayu atau rotan)" if row.only_for_wood else asked,
    ]


KINDS: dict[str, Kind] = {
    "persyaratan": Kind(
        Requirement, RequirementForm, "Persyaratan", "persyaratan",
        ("Persyaratan", "Dipenuhi oleh", "Diminta dari"), _requirement_cells,
    ),
    "dokumen": Kind(
        DocumentKind, KindForm, "Jenis dokumen", "jenis dokumen",
        ("Dokumen", "Pemegang", "Yang diisi"),
        lambda row: [row.get_holder_display(), _asked_of(row)],
    ),
    "komoditas": Kind(
        CommodityGroup, GroupForm, "Kelompok komoditas", "kelompok komoditas",
        ("Kelompok", "Nama dalam bahasa Inggris", "Hiasan piagam"),
        lambda row: [row.name_en, row.get_ornament_display()],
    ),
}  # fmt: skip


def _asked_of(kind: DocumentKind) -> str:
    if kind.is_photo:
        return "Foto dengan keterangan"
    asked = [word for word, flag in (("nomor", kind.has_number), ("masa berlaku", kind.has_expiry)) if flag]
    return f"Berkas, {', '.join(asked)}" if asked else "Berkas"


@require_safe
@_look
def rules(request: HttpRequest) -> HttpResponse:
    """The three tables; a running round says what cannot be changed now."""
    running = ruleset.running_round(request.received_at)
    return render(
        request,
        "nominations/ruleset.html",
        {
            "tables": [_table(slug, kind, request) for slug, kind in KINDS.items()],
            "running": running,
            "breadcrumb": _BREADCRUMB,
        },
    )


def _table(slug: str, kind: Kind, request: HttpRequest) -> dict[str, Any]:
    rows = kind.model._default_manager.all()
    if kind.model is Requirement:
        rows = rows.prefetch_related("accepts", "groups")
    return {
        "slug": slug,
        "title": kind.title,
        "columns": [{"label": label} for label in (*kind.columns, "Keadaan")],
        "rows": [
            [
                {"text": row.name, "url": reverse("rule", args=[slug, row.pk])},
                *kind.cells(row),
                {"status": {"state": "Dipakai", "tone": "baik"}}
                if row.is_active
                else {"status": {"state": "Tidak dipakai", "tone": "netral"}},
            ]
            for row in rows
        ],
        "add": {"label": f"Tambah {kind.one}", "url": reverse("rule_add", args=[slug])}
        if request.user.may(Right.RUN_ROUND)
        else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@_run
def rule_add(request: HttpRequest, kind: str) -> HttpResponse:
    chosen = _kind(kind)
    form = chosen.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = ruleset.add(
                chosen.model, form.cleaned_data["code"], form.values(), reason=form.cleaned_data["reason"],
                by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, f"{row.name} ditambahkan.")
            return redirect("rules")
    return _page(request, chosen, form, title=f"Tambah {chosen.one}")


@require_http_methods(["GET", "HEAD", "POST"])
@_look
def rule(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """One row with its form, and everything that was ever changed in it."""
    chosen = _kind(kind)
    row = get_object_or_404(chosen.model, pk=code)
    if request.method == "POST" and not request.user.may(Right.RUN_ROUND):
        raise PermissionDenied("Aturan diubah oleh Sekretariat.")
    form = chosen.form(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        seen = number_in(request.POST.get("seen"))
        try:
            is_changed = ruleset.change(
                row, form.values(), seen=-1 if seen is None else seen,
                reason=form.cleaned_data["reason"], by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            name = form.cleaned_data["name"]
            messages.success(request, f"{name} tersimpan." if is_changed else "Tidak ada yang berubah.")
            return redirect("rule", kind, code)
    return _page(request, chosen, form, title=row.name, row=row)


def _page(request: HttpRequest, kind: Kind, form: RuleForm, *, title: str, row: Any = None) -> HttpResponse:
    story = ruleset.story_of(row) if row is not None else []
    return render(
        request,
        "nominations/rule.html",
        {
            "form": form,
            "title": title,
            "kind": kind.one,
            "row": row,
            "may_change": request.user.may(Right.RUN_ROUND),
            "seen": request.POST.get("seen", "") or len(story),
            "story": [
                (
                    entry,
                    "Ditambahkan" if entry.action == "rule_added" else "Diubah",
                    _lines(kind, entry.details),
                )
                for entry in story
            ],
            "breadcrumb": [*_BREADCRUMB, {"label": "Aturan", "url": reverse("rules")}],
        },
    )


def _lines(kind: Kind, details: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, before, after) of one change, in the words of the form."""
    fields = {field.attname: str(field.verbose_name) for field in kind.model._meta.concrete_fields}
    labels = {**fields, "accepts": "dokumen yang memenuhinya", "groups": "kelompok"}
    return [
        (labels.get(name, name).capitalize(), _in_words(before), _in_words(after))
        for name, (before, after) in details.get("changed", {}).items()
    ]


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, list):
        return ", ".join(value) or "(semua)"
    return str(value) or "(kosong)"


def _refuse(form: RuleForm, refusal: Refused) -> None:
    field = {"reason_missing": "reason", "code_taken": "code", "name_taken": "name"}.get(refusal.code)
    form.add_error(field if field in form.fields else None, refusal.for_reader)


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]
