"""The forms of the registry: /potensi/…/, to register and to correct sentra, IKM and products of an own region."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from accounts.sent_numbers import number_in
from letters.wording import clock
from regions.models import Regency

from . import drafts, registry, rules, saving
from .fields import DraftForm
from .guards import Refused
from .models import Ikm, Nomination, Product, Sentra
from .registry_forms import IkmForm, NewIkmForm, ProductForm, SentraForm

_ADDRESS = "/potensi/"
_keeps_registry = needs(Right.KEEP_REGISTRY)


def regencies_of(request: HttpRequest) -> list[Regency]:
    """The regions whose registry this person keeps; 403 for a province that has dinas for that."""
    regencies = list(registry.regencies_kept_by(request.user))
    if not regencies:
        raise PermissionDenied(
            "Sentra, IKM, dan produk didaftarkan serta diusulkan oleh dinas kabupaten/kota; di DKI Jakarta oleh dinas "
            "provinsi."
        )
    return regencies


def _refuse_others(request: HttpRequest, regency: Regency) -> None:
    if not rules.keeps_registry_of(request.user, regency):
        raise PermissionDenied(f"Data ini dikelola oleh dinas {regency}.")


# --- Sentra and IKM ----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@_keeps_registry
def sentra_add(request: HttpRequest) -> HttpResponse:
    regencies = regencies_of(request)
    form = SentraForm(request.POST if request.method == "POST" else None)
    chosen = request.POST.get("regency", regencies[0].pk)
    regency = next((each for each in regencies if each.pk == chosen), regencies[0])
    if request.method == "POST" and form.is_valid():
        try:
            sentra = registry.register_sentra(
                form.cleaned_data, regency=regency, by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error("name" if refusal.code == "sentra_exists" else None, refusal.for_reader)
        else:
            messages.success(request, f"{sentra} terdaftar.")
            return redirect(f"{_ADDRESS}?daftar=sentra")
    return _form_page(
        request, form, title="Daftarkan sentra", save_label="Daftarkan sentra", shown="sentra",
        regencies=regencies if len(regencies) > 1 else [], regency=regency,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@_keeps_registry
def sentra_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Sentra.objects.visible_to(request.user).select_related("regency__province")
    sentra = get_object_or_404(rows, pk=pk)
    _refuse_others(request, sentra.regency)
    form = SentraForm(request.POST if request.method == "POST" else None, sentra=sentra)
    return _edited(request, form, sentra, drafts.save_sentra, title=f"Ubah {sentra}", shown="sentra")


@require_http_methods(["GET", "HEAD", "POST"])
@_keeps_registry
def ikm_edit(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Ikm.objects.visible_to(request.user).select_related("regency__province", "sentra")
    ikm = get_object_or_404(rows, slug=slug, merged_into=None)
    _refuse_others(request, ikm.regency)
    form = IkmForm(request.POST if request.method == "POST" else None, ikm=ikm)
    return _edited(request, form, ikm, drafts.save_ikm, title=f"Ubah {ikm}", shown="ikm")


def _edited(
    request: HttpRequest, form: DraftForm, record: Any, by_function: Any, *, title: str, shown: str
) -> HttpResponse:
    if request.method != "POST":
        return _form_page(
            request, form, title=title, save_label="Simpan", shown=shown, version=record.version
        )
    zone = ZoneInfo(record.regency.province.zone)
    saved = saving.save(request, form, record, by_function, zone=zone, leave=request.path)
    if saved.answer is not None:
        return saved.answer
    if form.errors:
        return _form_page(
            request, form, title=title, save_label="Simpan", shown=shown, version=saved.record.version
        )
    messages.success(request, f"{saved.record}: tersimpan {clock(request.received_at, zone)}.")
    return redirect(f"{_ADDRESS}?daftar={shown}")


def _form_page(
    request: HttpRequest, form: Any, *, title: str, save_label: str, shown: str, **more: Any
) -> HttpResponse:
    back = f"{_ADDRESS}?daftar={shown}"
    return render(
        request,
        "nominations/registry_form.html",
        {
            "form": form,
            "title": title,
            "save_label": save_label,
            "lead": "",
            "version": None,
            "regencies": [],
            "regency": None,
            "hidden": [],
            "cancel_url": back,
            "breadcrumb": [{"label": "Potensi", "url": back}],
            **more,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_keeps_registry
def ikm_add(request: HttpRequest) -> HttpResponse:
    """Register an IKM; what may be there already is shown before another one is made."""
    regencies = regencies_of(request)
    form = NewIkmForm(request.POST if request.method == "POST" else None, regencies=regencies)
    likenesses: list[registry.Likeness] = []
    if request.method == "POST" and form.is_valid():
        likenesses = unseen_likenesses(form)
        if not likenesses:
            try:
                ikm = registry.register_ikm(
                    form.ikm_values(), regency=form.regency_chosen(), by=request.user, at=request.received_at
                )
            except Refused as refusal:
                form.add_error("nib" if refusal.code == "nib_taken" else None, refusal.for_reader)
            else:
                messages.success(request, f"{ikm} terdaftar. Daftarkan juga produknya.")
                return redirect("product_add", ikm.slug)
    return render(
        request,
        "nominations/registry_new_ikm.html",
        {
            "form": form,
            "title": "Daftarkan IKM",
            "lead": "",
            "save_label": "Daftarkan IKM",
            "cancel_url": _ADDRESS,
            "breadcrumb": [{"label": "Potensi", "url": _ADDRESS}],
            **likeness_context(likenesses, regencies),
        },
    )


def unseen_likenesses(form: NewIkmForm) -> list[registry.Likeness]:
    """
    The IKM that may be this one, of a valid form; none where the officer has seen them all and said that it is another
    one. The same NIB is an error of the form: an IKM has one, and it is one IKM.
    """
    found = registry.likely_duplicates(
        form.cleaned_data["name"], regency=form.regency_chosen(), nib=form.cleaned_data["nib"] or ""
    )
    if any(like.same_nib for like in found):
        form.refuse_nib()
        return found
    return [] if {str(like.ikm.pk) for like in found} <= form.ids_seen() else found


def likeness_context(likenesses: list[registry.Likeness], regencies: list[Regency]) -> dict[str, Any]:
    """What the page shows of likely duplicates: those of the own regions can be opened."""
    own = {regency.pk for regency in regencies}
    return {
        "likenesses": [(like, like.ikm.regency_id in own) for like in likenesses],
        "may_be_another": bool(likenesses) and not any(like.same_nib for like in likenesses),
        "seen": ",".join(str(like.ikm.pk) for like in likenesses),
    }


# --- Products ----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@_keeps_registry
def product_add(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Ikm.objects.visible_to(request.user).select_related("regency")
    ikm = get_object_or_404(rows, slug=slug, merged_into=None)
    _refuse_others(request, ikm.regency)
    form = ProductForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            product = registry.register_product(
                ikm, **form.cleaned_data, by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error("name" if refusal.code == "product_exists" else None, refusal.for_reader)
        else:
            messages.success(request, f"{product} dari {ikm} terdaftar. Produk ini dapat diusulkan.")
            return redirect(f"{_ADDRESS}?daftar=produk")
    return _form_page(
        request, form, title="Daftarkan produk", save_label="Daftarkan produk", shown="produk", lead=ikm.name
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_keeps_registry
def product_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Correct a product; `usulan` names the nomination from which it was opened, to which saving leads back."""
    rows = Product.objects.visible_to(request.user).select_related("ikm__regency")
    product = get_object_or_404(rows, slug=slug)
    _refuse_others(request, product.ikm.regency)
    form = ProductForm(request.POST if request.method == "POST" else None, product=product)
    nomination = _opened_from(request)
    if request.method == "POST" and form.is_valid():
        try:
            registry.change_product(product, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error("name" if refusal.code == "product_exists" else None, refusal.for_reader)
        else:
            messages.success(request, f"{form.cleaned_data['name']}: tersimpan.")
            return redirect(nomination or f"{_ADDRESS}?daftar=produk")
    more: dict[str, Any] = {"lead": product.ikm.name}
    if nomination is not None:
        more |= {
            "hidden": [("usulan", str(nomination.pk))],
            "cancel_url": nomination.get_absolute_url(),
            "breadcrumb": [
                {"label": "Usulan", "url": "/usulan/"},
                {"label": product.name, "url": nomination.get_absolute_url()},
            ],
        }
    return _form_page(request, form, title="Ubah produk", save_label="Simpan", shown="produk", **more)


def _opened_from(request: HttpRequest) -> Nomination | None:
    asked = number_in(request.POST.get("usulan") or request.GET.get("usulan"))
    if asked is None:
        return None
    return Nomination.objects.visible_to(request.user).select_related("product").filter(pk=asked).first()
