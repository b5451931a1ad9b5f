"""/usulan/serah-terima/: an officer who leaves, or whoever stays behind, hands nominations over to a colleague."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.models import Office, Person
from accounts.roles import Right
from accounts.sent_numbers import number_in

from . import handing_over, registry
from .guards import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.NOMINATE)
def hand_over_page(request: HttpRequest) -> HttpResponse:
    """What is in hand, by who looks after it; chosen ones go to the chosen colleague. It can be handed back."""
    if not registry.regencies_kept_by(request.user).exists():
        raise PermissionDenied("Usulan diserahterimakan antarpetugas kantor yang mengusulkan.")
    if request.method == "POST":
        return _handed_over(request)
    at = request.received_at
    groups = [
        (
            charge,
            [one for one in handing_over.colleagues(charge.office, at=at) if one.pk != charge.person.pk],
        )
        for charge in handing_over.charges(request.user, at=at)
    ]
    return render(
        request,
        "nominations/handing_over.html",
        {"groups": groups, "breadcrumb": [{"label": "Usulan", "url": "/usulan/"}]},
    )


def _handed_over(request: HttpRequest) -> HttpResponse:
    own = {office.pk: office for office in handing_over.offices_of(request.user)}
    office: Office = get_object_or_404(Office, pk=number_in(request.POST.get("kantor")), pk__in=own)
    to = Person.objects.filter(pk=number_in(request.POST.get("kepada")) or 0).first()
    if to is None:
        messages.error(request, "Pilih petugas yang menerima. Tidak ada yang berubah.")
        return redirect("nominations_hand_over")
    chosen = [number for text in request.POST.getlist("usulan") if (number := number_in(text))]
    try:
        changed = handing_over.hand_over(
            chosen, office=office, to=to, by=request.user, at=request.received_at
        )
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        if changed:
            messages.success(
                request, f"{len(changed)} usulan diserahkan kepada {to.full_name} dan ia diberi tahu."
            )
        else:
            messages.info(request, f"Usulan itu sudah menjadi tanggung jawab {to.full_name}.")
    return redirect("nominations_hand_over")
