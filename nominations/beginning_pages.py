"""How a nomination begins: /usulan/buat/, with a registered product or with an IKM that is registered on the way."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from accounts.sent_numbers import number_in

from . import drafts, registry, rounds
from .guards import Refused, when
from .models import Nomination, Phase, Product, Round, State
from .proposal_forms import NewProposalForm
from .registry_entry_pages import likeness_context, regencies_of, unseen_likenesses

PER_PAGE = 50
_BREADCRUMB = [{"label": "Usulan", "url": "/usulan/"}]


@dataclass(frozen=True)
class Choice:
    """A product that can be proposed, with an earlier nomination of its IKM whose answers could be the start."""

    product: Product
    earlier: Nomination | None

    @property
    def is_same_product(self) -> bool:
        return self.earlier is not None and self.earlier.product_id == self.product.pk


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.NOMINATE)
def begin(request: HttpRequest) -> HttpResponse:
    """Choose one of the own region's products that is not proposed in the running round."""
    regencies_of(request)
    round_ = rounds.current(at=request.received_at)
    if request.method == "POST":
        return _begun(request, round_)
    products = registry.products_to_propose(request.user, round_) if round_ else Product.objects.none()
    words = request.GET.get("cari", "").replace("\x00", "")[:80].strip()
    for word in words.split():
        products = products.filter(Q(name__icontains=word) | Q(ikm__name__icontains=word) | Q(ikm__nib=word))
    page = Paginator(products, PER_PAGE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "nominations/proposal_begin.html",
        {
            "round": round_,
            "hindrance": _hindrance(round_, request),
            "page": page,
            "choices": _choices(request, list(page)),
            "words": words,
            "breadcrumb": _BREADCRUMB,
        },
    )


def _begun(request: HttpRequest, round_: Round | None) -> HttpResponse:
    kept = registry.regencies_kept_by(request.user)
    product = get_object_or_404(
        Product.objects.filter(ikm__regency__in=kept).select_related("ikm__regency", "ikm__sentra"),
        pk=number_in(request.POST.get("produk")),
    )
    if round_ is None:
        messages.error(request, "Belum ada periode yang dijadwalkan oleh Sekretariat.")
        return redirect("nominations")
    copied = number_in(request.POST.get("salin")) or 0
    earlier = Nomination.objects.visible_to(request.user).filter(product__ikm=product.ikm, pk=copied).first()
    try:
        nomination = drafts.begin(
            product, round_=round_, by=request.user, at=request.received_at, copy_of=earlier
        )
    except Refused as refusal:
        there = product.nominations.filter(round=round_).exclude(state=State.WITHDRAWN).first()
        if refusal.code == "already_proposed" and there is not None:
            messages.info(request, refusal.for_reader)
            return redirect(there)
        messages.error(request, refusal.for_reader)
        return redirect("nomination_begin")
    return redirect(nomination)


def _choices(request: HttpRequest, products: list[Product]) -> list[Choice]:
    """Each product with the newest nomination of itself, else of its IKM; one question for all."""
    earlier = (
        Nomination.objects.visible_to(request.user)
        .filter(product__ikm__in=[product.ikm_id for product in products])
        .select_related("product", "round")
        .order_by("-round_id", "-pk")
    )
    by_product: dict[int, Nomination] = {}
    by_ikm: dict[int, Nomination] = {}
    for nomination in earlier:
        by_product.setdefault(nomination.product_id, nomination)
        by_ikm.setdefault(nomination.product.ikm_id, nomination)
    return [Choice(product, by_product.get(product.pk) or by_ikm.get(product.ikm_id)) for product in products]


def _hindrance(round_: Round | None, request: HttpRequest) -> str:
    """Why no nomination can be begun now (drafts.begin has the last word)."""
    phase = round_.phase(Phase.Kind.NOMINATION) if round_ else None
    if phase is None:
        return "Pengusulan belum dijadwalkan oleh Sekretariat."
    if request.received_at >= phase.closes_at:
        return f"Pengusulan sudah ditutup {when(phase.closes_at)}. Usulan baru tidak dapat dibuat pada periode ini."
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.NOMINATE)
def begin_new(request: HttpRequest) -> HttpResponse:
    """Register an IKM with its product and start the nomination; what may be there already is shown first."""
    regencies = regencies_of(request)
    round_ = rounds.current(at=request.received_at)
    if round_ is None or (hindrance := _hindrance(round_, request)):
        messages.error(
            request, hindrance if round_ else "Belum ada periode yang dijadwalkan oleh Sekretariat."
        )
        return redirect("nominations")
    form = NewProposalForm(request.POST if request.method == "POST" else None, regencies=regencies)
    likenesses: list[registry.Likeness] = []
    if request.method == "POST" and form.is_valid():
        likenesses = unseen_likenesses(form)
        if not likenesses:
            try:
                nomination = registry.propose_new(
                    form.ikm_values(), product=form.cleaned_data["product"], group=form.cleaned_data["group"],
                    regency=form.regency_chosen(), round_=round_, by=request.user, at=request.received_at,
                )  # fmt: skip
            except Refused as refusal:
                form.add_error("nib" if refusal.code == "nib_taken" else None, refusal.for_reader)
            else:
                messages.success(request, f"{nomination.product.ikm} terdaftar dan usulannya dibuat.")
                return redirect(nomination)
    return render(
        request,
        "nominations/registry_new_ikm.html",
        {
            "form": form,
            "title": "Daftarkan IKM dan produk",
            "lead": "Cukup isian ini untuk memulai usulan. Selebihnya diisi bertahap.",
            "save_label": "Daftarkan dan buat usulan",
            "cancel_url": reverse("nomination_begin"),
            "breadcrumb": [*_BREADCRUMB, {"label": "Buat usulan", "url": reverse("nomination_begin")}],
            **likeness_context(likenesses, regencies),
        },
    )
