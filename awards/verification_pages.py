"""Public verification: /verifikasi/ and /verifikasi/<kode>/. Never indexed, rate-limited, counted without persons."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from . import codes, throttle, verification
from .forms import CodeForm
from .verification import Verdict

STATUS = {Verdict.UNKNOWN: 404}


@require_GET
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """One field. A code that can be read leads to its own address; one that cannot is explained here."""
    form = CodeForm(request.GET if "kode" in request.GET else None)
    if form.is_bound and form.is_valid():
        code = codes.normalise(form.cleaned_data["kode"])
        if code is not None:
            return redirect("verify_code", code)
        form.add_error(
            "kode",
            "Kode piagam terdiri atas 16 huruf dan angka, tanpa huruf U. Periksa kembali pada piagam Anda.",
        )
    return _page(request, "awards/verify.html", {"form": form}, 200)


@never_cache
@require_GET
@login_not_required
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The verdict on one code, with what to compare with the paper right under it."""
    if throttle.too_many(request):
        return _page(request, "awards/verify_later.html", {}, 429)
    if (read := codes.normalise(code)) is not None and read != code:
        return redirect("verify_code", read)
    answer = verification.look_up(code, at=request.received_at)
    context = {
        "answer": answer,
        "certificate": answer.certificate,
        "award": answer.certificate.award if answer.certificate else None,
        "verdict": answer.verdict.value,
        "code": codes.printed(read) if read else code[:60],
        "checked_at": request.received_at,
    }
    return _page(request, "awards/verify_answer.html", context, STATUS.get(answer.verdict, 200))


def _page(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, template, {"is_public": True, **context}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
