"""The signatory's page for a round taken over from the archive: /penghargaan/<id>/piagam/terbitkan/."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from letters.wording import WIB

from . import breadcrumbs, late_certificates, rules
from .award_forms import LateCertificatesForm
from .decrees import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SIGN_DECREE)
def certificates_issue_late(request: HttpRequest, pk: int) -> HttpResponse:
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    if not late_certificates.may_decide(decree, request.user):
        messages.info(request, "Piagam SK ini tidak perlu diterbitkan dengan keputusan tersendiri.")
        return redirect(decree)
    initial = {"on": timezone.localdate(request.received_at, WIB), "place": decree.place}
    form, status = LateCertificatesForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                late_certificates.decide(decree, **form.cleaned_data, by=request.user, at=request.received_at)
            except Refused as refusal:
                form.add_error(None, refusal.for_reader)
            else:
                messages.success(request, "Keputusan tersimpan. Piagam diberi nomor dan sedang dibuat.")
                return redirect(decree)
    context = {
        "decree": decree,
        "form": form,
        "count": decree.awards.filter(revoked_at=None).count(),
        "breadcrumb": breadcrumbs.to_decree(decree),
    }
    return render(request, "awards/late_certificates.html", context, status=status)
