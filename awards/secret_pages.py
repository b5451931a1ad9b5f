"""The signatory's page for the one-time secret: /penghargaan/<id>/kode/. What is typed there is never shown again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right

from . import breadcrumbs, rules, signing_secrets
from .decrees import Refused
from .forms import SecretForm


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SIGN_DECREE)
def decree_secret(request: HttpRequest, pk: int) -> HttpResponse:
    if not signing_secrets.are_needed():
        raise Http404
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    form, status = SecretForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                signing_secrets.hand_over(
                    decree, by=request.user, at=request.received_at, **form.cleaned_data
                )
            except Refused as refusal:
                form.add_error(None, refusal.for_reader)
            else:
                messages.success(request, "Kode rahasia diserahkan. Penandatanganan berjalan di server.")
                return redirect(decree)
    context = {
        "decree": decree,
        "form": form,
        "work": signing_secrets.work_of(decree, at=request.received_at),
        "breadcrumb": breadcrumbs.to_decree(decree),
    }
    return render(request, "awards/decree_secret.html", context, status=status)
