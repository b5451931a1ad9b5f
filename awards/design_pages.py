"""What the certificates of a round look like: /penghargaan/<id>/rupa/, for the ministry's side; the secretariat chooses."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right

from . import breadcrumbs, designing, designs, rules
from .certificate_looks import ORNAMENT_NAMES
from .decrees import Refused
from .design_forms import DesignForm
from .models import CertificateDesign, Decree


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*rules.MAY_SEE_DECREES)
def certificate_design(request: HttpRequest, pk: int) -> HttpResponse:
    """The design of the decree's round and its versions; POST keeps a new one, act=lihat shows it as PDF, unsaved."""
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    may_write = request.user.may(Right.DRAFT_DECREE)
    design = designs.current(decree.round_id)
    look, version = designs.look_of(design), design.version if design else 0
    form = DesignForm(request.POST or None, request.FILES or None, look=look, version=version)
    status = 200
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied("Rupa piagam diatur oleh Sekretariat.")
        status = 422
        if form.is_valid():
            try:
                if request.POST.get("act") == "lihat":
                    return _shown(decree, designing.preview(decree, form.look(), at=request.received_at))
                kept = designing.write(
                    decree,
                    form.look(),
                    seen=form.cleaned_data["seen"],
                    by=request.user,
                    at=request.received_at,
                )
            except Refused as refusal:
                form.add_error(None, refusal.for_reader)
                status = 409 if refusal.code == "changed_meanwhile" else 422
            else:
                messages.success(request, f"Rupa piagam tersimpan sebagai versi {kept.version}.")
                return redirect(decree)
    context = {
        "decree": decree,
        "form": form,
        "look": look,
        "may_write": may_write,
        "versions": [_told(one) for one in CertificateDesign.objects.filter(round=decree.round_id)
                     .select_related("by", "emblem").defer("emblem__data").order_by("-version")],
        "breadcrumb": breadcrumbs.to_decree(decree),
    }  # fmt: skip
    return render(request, "awards/certificate_design.html", context, status=status)


def _shown(decree: Decree, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="Pratinjau piagam OVOP {decree.round_id}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _told(design: CertificateDesign) -> dict[str, object]:
    ornament = ORNAMENT_NAMES.get(design.ornament, "menurut kelompok komoditas")
    emblem = (
        f"{design.emblem_text} ({'SVG' if 'svg' in design.emblem.media_type else 'PNG'})"
        if design.emblem
        else ""
    )
    return {
        "version": design.version,
        "at": design.at,
        "by": design.by.full_name,
        "parts": [
            ("Bingkai", design.get_frame_display()),
            ("Ragam hias", ornament),
            ("Warna", design.get_colour_display()),
            ("Kalimat tambahan", f"{design.words} / {design.words_en}" if design.words else "tidak ada"),
            ("Lambang", emblem or "tidak ada"),
        ],
    }  # fmt: skip
