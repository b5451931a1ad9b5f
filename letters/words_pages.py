"""/pesan/kata/: the words of every kind of message; the secretariat changes them, the auditor reads."""

from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import needs
from accounts.roles import Right

from . import words
from .mail_kinds import KINDS
from .mails import Kind
from .pages import READERS
from .wording import instant_for_reader
from .words import Refused, Version
from .words_forms import AgainForm, WordsForm

PREVIEW = "pratinjau"
_NOT_YOURS = "Kata-kata pesan disusun oleh Sekretariat."


@require_safe
@needs(*READERS)
def kinds(request: HttpRequest) -> HttpResponse:
    """All kinds with the words in force, since when and by whom."""
    return render(
        request,
        "letters/words.html",
        {
            "columns": [
                {"label": "Jenis pesan"},
                {"label": "Perihal"},
                {"label": "Versi", "numeric": True},
                {"label": "Berlaku sejak"},
                {"label": "Oleh"},
            ],
            "rows": [
                [
                    {"text": kind.name, "url": reverse("mail_words", args=[kind.code])},
                    version.subject,
                    version.number,
                    instant_for_reader(version.since) if version.since else "Bawaan portal",
                    version.author,
                ]
                for kind, version in words.in_force(at=request.received_at)
            ],
            "breadcrumb": [_MESSAGES],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*READERS)
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """The words of one kind: read, previewed with its example, and saved as a new version."""
    found = _kind(code)
    newest = words.versions(found)[0]
    may_write = request.user.may(Right.KEEP_MESSAGES)
    if request.method == "POST" and not may_write:
        raise PermissionDenied(_NOT_YOURS)
    form = WordsForm(request.POST or None, kind=found, initial=_read(newest)) if may_write else None
    if form is None or not form.is_bound:
        return _page(request, found, form, preview_of=_read(newest))
    valid, typed = form.is_valid(), form.cleaned_data
    written = {name: typed.get(name, "") for name in ("subject", "body")}
    if PREVIEW in request.POST or not valid:
        return _page(request, found, form, preview_of=written, status=200 if valid else 422)
    try:
        made = words.change(found, **typed, by=request.user, at=request.received_at)
    except Refused as refusal:
        return _refused(request, found, form, refusal, written)
    notes.success(request, f"Versi {made.version} disimpan dan dipakai mulai sekarang.")
    return redirect("mail_words", code)


def _refused(
    request: HttpRequest, found: Kind, form: WordsForm, refusal: Refused, written: dict[str, str]
) -> HttpResponse:
    newest = words.versions(found)[0]
    if refusal.code == "changed_meanwhile":
        # Seen now, with what the other one wrote beside it: the next press is a decision about it.
        data = request.POST.copy()
        data["opened_with"] = str(newest.number)
        form.data = data
        form.add_error(None, refusal.for_reader)
        return _page(request, found, form, preview_of=written, other=newest, status=409)
    form.add_error(None, refusal.for_reader)
    return _page(request, found, form, preview_of=written, status=422)


@require_safe
@needs(*READERS)
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """An earlier (or the newest) version to read, with what it changed."""
    found = _kind(code)
    all_ = words.versions(found)
    shown = next((each for each in all_ if each.number == number), None)
    if shown is None:
        raise Http404
    before = next((each for each in all_ if each.number < number), None)
    return render(
        request,
        "letters/words_version.html",
        {
            "kind": found,
            "version": shown,
            "newest": all_[0],
            "before": before,
            "changes": _changes(before, shown) if before else [],
            "may_use_again": request.user.may(Right.KEEP_MESSAGES) and not _same(shown, all_[0]),
            "breadcrumb": [
                _MESSAGES,
                _WORDS,
                {"label": found.name, "url": reverse("mail_words", args=[code])},
            ],
        },
    )


@require_POST
@needs(*READERS)
def use_again(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Make a new version from an old one."""
    if not request.user.may(Right.KEEP_MESSAGES):
        raise PermissionDenied(_NOT_YOURS)
    found, form = _kind(code), AgainForm(request.POST)
    if not form.is_valid():
        notes.error(request, "Permintaan tidak lengkap. Tidak ada yang berubah. Coba lagi dari halaman ini.")
        return redirect("mail_words_version", code, number)
    try:
        made = words.use_again(found, number, **form.cleaned_data, by=request.user, at=request.received_at)
    except Refused as refusal:
        if refusal.code == "unknown":
            raise Http404 from None
        notes.info(request, _SOMEBODY if refusal.code == "changed_meanwhile" else refusal.for_reader)
        return redirect("mail_words_version", code, number)
    notes.success(request, f"Kata-kata versi {number} dipakai kembali sebagai versi {made.version}.")
    return redirect("mail_words", code)


_SOMEBODY = (
    "Kata-kata pesan ini baru saja diubah. Tidak ada yang berubah. Baca versi terbaru, lalu coba lagi."
)
_MESSAGES = {"label": "Pesan", "url": "/pesan/"}
_WORDS = {"label": "Kata-kata pesan", "url": "/pesan/kata/"}


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def _read(newest: Version) -> dict[str, Any]:
    return {"subject": newest.subject, "body": newest.body, "opened_with": newest.number}


def _same(one: Version, other: Version) -> bool:
    return (one.subject, one.body) == (other.subject, other.body)


def _changes(before: Version, after: Version) -> list[dict[str, Any]]:
    """What differs, part by part; parts that are the same are left out."""
    parts = (
        ("Perihal", before.subject, after.subject),
        ("Isi", before.body, after.body),
    )
    return [{"label": label, "words": words.difference(old, new)} for label, old, new in parts if old != new]


def _page(
    request: HttpRequest,
    found: Kind,
    form: WordsForm | None,
    *,
    preview_of: dict[str, Any],
    other: Version | None = None,
    status: int = 200,
) -> HttpResponse:
    all_ = words.versions(found)
    return render(
        request,
        "letters/words_kind.html",
        {
            "kind": found,
            "fields": [("{" + name + "}", example) for name, example in found.fields.items()],
            "newest": all_[0],
            "earlier": all_[1:],
            "form": form or "",
            "other": other,
            "names_problems": PREVIEW in request.POST,
            "preview": words.preview(found, subject=preview_of["subject"], body=preview_of["body"]),
            "breadcrumb": [_MESSAGES, _WORDS],
        },
        status=status,
    )
