"""The pages of answers: /usulan/<id>/isian/<ikm|sentra|produk|cerita>/, saved by their button or by autosave.js."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from letters.wording import clock

from . import completeness, drafts, registry, saving, wizard
from .fields import DraftForm
from .guards import Refused
from .models import Ikm, Nomination, Sentra
from .proposal_access import while_editable
from .proposal_forms import AnswersForm
from .registry_forms import IkmForm, SentraForm

# The parameter that says from where "Ubah" was chosen, and so where saving leads.
FROM = "dari"


@dataclass(frozen=True)
class Kept:
    """What a page of answers stores: the record, how its form is made, and the function that stores it."""

    record: Nomination | Ikm | Sentra
    form: Callable[..., DraftForm]
    by_function: Callable[..., Any]
    hint: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@while_editable
def part(request: HttpRequest, nomination: Nomination, part: str) -> HttpResponse:
    """One page of the form; without a sentra, that page registers one."""
    page = wizard.BY_SLUG.get(part)
    if page is None or part not in ("ikm", "sentra", "produk", "cerita"):
        raise Http404
    if part == "sentra" and nomination.product.ikm.sentra is None:
        return _new_sentra(request, nomination)
    kept = _kept(part, nomination)
    if part == "sentra" and "baru" in request.POST:
        return _sentra_is_there(request, nomination, kept)
    if request.method != "POST":
        return _page(request, nomination, part, kept.form(), kept)
    form = kept.form(request.POST)
    zone = _zone(nomination)
    saved = saving.save(
        request, form, kept.record, kept.by_function, zone=zone, leave=wizard.address(part, nomination)
    )
    if saved.answer is not None:
        return saved.answer
    if form.errors:
        return _page(request, nomination, part, form, kept, version=saved.record.version)
    messages.success(request, f"Tersimpan {clock(request.received_at, zone)}.", extra_tags="toast")
    return _onward(request, nomination, part)


def _kept(part: str, nomination: Nomination) -> Kept:
    ikm = nomination.product.ikm
    if part == "ikm":
        return Kept(ikm, lambda *data: IkmForm(*data, ikm=ikm), _while_editable(nomination, drafts.save_ikm))
    if part == "sentra":
        sentra = ikm.sentra
        assert sentra is not None, "asked before"
        others = sentra.ikm.exclude(pk=ikm.pk).count()
        hint = f"Data sentra ini dipakai juga oleh {others} IKM lain." if others else ""
        save = _while_editable(nomination, drafts.save_sentra)
        return Kept(sentra, lambda *data: SentraForm(*data, sentra=sentra), save, hint)
    return Kept(
        nomination, lambda *data: AnswersForm(*data, nomination=nomination, part=part), drafts.save_answers
    )


def _while_editable(nomination: Nomination, save: Callable[..., Any]) -> Callable[..., Any]:
    """
    Registry data are kept at any time of the year; on a page of the nomination "saved" would be read as "in the
    nomination", so there they are saved while it can be edited.
    """

    def saved(*args: Any, by: Person, **kwargs: Any) -> Any:
        drafts.refuse_edit(nomination, by)
        return save(*args, by=by, **kwargs)

    return saved


def _new_sentra(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """The IKM has no sentra: one is registered here and is then its own. Nothing is saved while it is typed."""
    ikm = nomination.product.ikm
    form = SentraForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            registry.register_sentra(
                form.cleaned_data, regency=ikm.regency, by=request.user, at=request.received_at, of=ikm
            )
        except Refused as refusal:
            form.add_error("name" if refusal.code == "sentra_exists" else None, refusal.for_reader)
        else:
            messages.success(request, "Sentra terdaftar dan tersimpan pada IKM ini.", extra_tags="toast")
            return _onward(request, nomination, "sentra")
    hint = (
        f"{ikm} belum mempunyai sentra. Daftarkan di sini, atau pilih sentra yang sudah terdaftar pada halaman Sentra dan "
        "IKM."
    )
    return _page(request, nomination, "sentra", form, None, hint=hint)


def _sentra_is_there(request: HttpRequest, nomination: Nomination, kept: Kept) -> HttpResponse:
    """The form that registers a sentra was sent a second time, or a colleague was quicker."""
    sentra = nomination.product.ikm.sentra
    if request.POST.get("name", "").strip() == str(sentra):
        return _onward(request, nomination, "sentra")
    form = kept.form(request.POST)
    form.add_error(
        None,
        f"IKM ini baru saja mendapat {sentra}. Isian di bawah belum disimpan; bila Anda menyimpannya, data sentra itu yang "
        "diubah.",
    )
    return _page(request, nomination, "sentra", form, kept)


def _page(
    request: HttpRequest,
    nomination: Nomination,
    part: str,
    form: DraftForm,
    kept: Kept | None,
    *,
    version: int | None = None,
    hint: str = "",
) -> HttpResponse:
    page = wizard.BY_SLUG[part]
    remarks = {remark.field: remark.text for remark in wizard.remarks(nomination)}
    return render(
        request,
        "nominations/proposal_form.html",
        {
            **frame(request, nomination, part),
            "title": page.title,
            "form": form,
            "rows": [(bound, remarks.get(form.code_of(bound.name), "")) for bound in form],
            "hint": hint or (kept.hint if kept else ""),
            # Without a record nothing saves itself.
            "version": version or (kept.record.version if kept else None),
        },
    )


def frame(request: HttpRequest, nomination: Nomination, part: str) -> dict[str, Any]:
    """What every page of the form shows around its own content."""
    page = wizard.BY_SLUG[part]
    return {
        "nomination": nomination,
        "zone": nomination.regency.province.zone,
        "steps": wizard.steps(nomination, is_complete=not completeness.missing(nomination)),
        "current": wizard.STEPS.index(page.part) + 1,
        "from_check": _from_check(request),
        "breadcrumb": breadcrumb(nomination),
        "next_address": wizard.address(
            "periksa" if _from_check(request) else wizard.following(part), nomination
        ),
    }


def breadcrumb(nomination: Nomination) -> list[dict[str, str]]:
    return [
        {"label": "Usulan", "url": "/usulan/"},
        {"label": nomination.product.name, "url": nomination.get_absolute_url()},
    ]


def _from_check(request: HttpRequest) -> bool:
    return "periksa" in (request.GET.get(FROM), request.POST.get(FROM))


def _onward(request: HttpRequest, nomination: Nomination, part: str) -> HttpResponse:
    """Where a saved page leads: out, back to the check that it was opened from, or to the next page."""
    if "keluar" in request.POST:
        return redirect(nomination)
    return redirect(wizard.address("periksa" if _from_check(request) else wizard.following(part), nomination))


def _zone(nomination: Nomination) -> ZoneInfo:
    return ZoneInfo(nomination.regency.province.zone)
