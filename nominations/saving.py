"""
Saving a form of answers from a page: what is sound is stored though the rest is wrong; an answer that two people gave
differently is shown twice and stored by nobody; a script that saves while one types gets the same answers as JSON.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from letters.wording import clock

from .answers import NOT_FILLED
from .drafts import Conflict
from .fields import DraftForm
from .guards import Refused

# What the page of a conflict sends besides the form: which of two answers is used, and which version was shown.
_CHOICE = "pilih-"
_SHOWN = "versi_ditampilkan"
_VERSION = "version"


@dataclass(frozen=True)
class Saved:
    """What came of it: `answer` is to be sent as it is (JSON, a conflict); else the record as it stands now."""

    record: Any
    answer: HttpResponse | None = None


def save(
    request: HttpRequest,
    form: DraftForm,
    record: Any,
    by_function: Callable[..., Any],
    *,
    zone: Any,
    leave: str,
) -> Saved:
    """
    Store the sound answers of a bound form with `by_function` (drafts.save_answers, save_ikm, save_sentra); what was
    refused stands in the form.

    zone: the clock that is told; leave: where the page of a conflict leads who takes what is stored. Raises BadRequest
    where the form does not say with which version it was opened.
    """
    form.is_valid()
    dropped, settled = _choices(request)
    values = {name: value for name, value in form.sound().items() if name not in dropped}
    try:
        stored = by_function(
            record, values, version=_number(request.POST.get(_VERSION)), settled=settled, by=request.user,
            at=request.received_at,
        )  # fmt: skip
    except Conflict as conflict:
        return Saved(record, _conflict(request, form, conflict, leave=leave))
    except Refused as refusal:
        if is_script(request):
            return Saved(record, JsonResponse({"text": refusal.for_reader}, status=422))
        form.add_error(None, refusal.for_reader)
        return Saved(record)
    _show_what_was_chosen(form, dropped, stored)
    if is_script(request):
        problems = {name: " ".join(map(str, texts)) for name, texts in form.errors.items()}
        time = clock(request.received_at, zone)
        return Saved(stored, JsonResponse({"version": stored.version, "time": time, "problems": problems}))
    return Saved(stored)


def is_script(request: HttpRequest) -> bool:
    """Whether static/js/autosave.js asks, and not a person who pressed a button."""
    return request.headers.get("Accept", "").startswith("application/json")


def _choices(request: HttpRequest) -> tuple[set[str], dict[str, int]]:
    """The answers of which the other one is used, and those that were chosen against it, with the version shown."""
    chosen = {
        name.removeprefix(_CHOICE): value for name, value in request.POST.items() if name.startswith(_CHOICE)
    }
    if not chosen:
        return set(), {}
    shown = _number(request.POST.get(_SHOWN))
    return (
        {name for name, value in chosen.items() if value == "theirs"},
        {name: shown for name, value in chosen.items() if value == "mine"},
    )


def _show_what_was_chosen(form: DraftForm, dropped: set[str], stored: Any) -> None:
    """Where the form is shown again, an answer that was given up must not come back with it."""
    if not dropped:
        return
    data = cast("QueryDict", form.data).copy()
    for name in dropped & set(form.fields):
        value = form.fields[name].prepare_value(getattr(stored, name))
        data.pop(name, None)
        if value not in (None, False, ""):
            data[name] = value
    form.data = data


def _number(text: str | None) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text or ""):
        raise BadRequest("a form of answers says with which version it was opened")
    return int(text or "")


def _conflict(request: HttpRequest, form: DraftForm, conflict: Conflict, *, leave: str) -> HttpResponse:
    """Both answers beside each other (interface.md, text 34); everything that was typed comes along."""
    if is_script(request):
        text = f"{conflict.who} baru saja mengubah isian ini. Isian Anda belum disimpan dan masih tampil di halaman ini."
        return JsonResponse(
            {"text": text, "fields": [each.column for each in conflict.differences]}, status=409
        )
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", _SHOWN) and not name.startswith(_CHOICE)
    ]
    return render(
        request,
        "409.html",
        {
            "who": conflict.who,
            "changed_at": conflict.changed_at,
            "rows": [
                {
                    "label": form.fields[each.column].label,
                    "mine": _in_words(form.fields[each.column], each.mine),
                    "theirs": _in_words(form.fields[each.column], each.theirs),
                    "name": f"{_CHOICE}{each.column}",
                }
                for each in conflict.differences
            ],
            "action": request.get_full_path(),
            "hidden": [*kept, (_SHOWN, str(conflict.version))],
            "cancel_url": leave,
        },
        status=409,
    )


def _in_words(field: forms.Field, value: Any) -> str:
    """A stored value as its field shows it."""
    if isinstance(field, forms.BooleanField):
        return "Ya" if value else "Tidak"
    if value in (None, ""):
        return NOT_FILLED
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        return str(field.queryset.filter(pk=value).first() or NOT_FILLED)
    if isinstance(field, forms.DateField):
        return f"{value:%d-%m-%Y}"
    return str(value)
