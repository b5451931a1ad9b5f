"""Public verification: /verifikasi/ and /verifikasi/<kode>/. Never indexed, rate-limited, counted without persons."""

import logging
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from . import certificate_text, certificates, codes, signing_root, throttle, verification, verification_words
from .certificate_text import Facts
from .forms import CodeForm
from .verification import Answer, Verdict

logger = logging.getLogger(__name__)
STATUS = {Verdict.UNKNOWN: 404}
WAIT_SECONDS = 60


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
            _(
                "Kode piagam terdiri atas 16 huruf dan angka, tanpa huruf U. Periksa kembali pada piagam Anda."
            ),
        )
    return _page(request, "awards/verify.html", {"form": form, "code": "", "root": signing_root.root()}, 200)


@never_cache
@require_GET
@login_not_required
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The verdict on one code, with what to compare with the paper right under it."""
    if throttle.too_many(request):
        return _later(request, 429)
    if (read := codes.normalise(code)) is not None and read != code:
        return redirect("verify_code", read)
    try:
        answer = verification.look_up(code, at=request.received_at)
    except DatabaseError:
        logger.exception("a code cannot be checked")
        return _later(request, 503)
    context = {
        "answer": answer,
        "words": verification_words.words_for(answer),
        "certificate": answer.certificate,
        "award": answer.certificate.award if answer.certificate else None,
        "facts": (facts := certificates.facts(answer.certificate) if answer.certificate else None),
        "has_credential": answer.verdict is Verdict.VALID and signing_root.root() is not None,
        "basis": _basis(facts) if facts else "",
        "code": read or "",
        "printed": codes.printed(read) if read else code[:60],
        "checked_at": request.received_at,
    }
    return _page(request, "awards/verify_answer.html", context, STATUS.get(answer.verdict, 200))


@never_cache
@require_GET
@login_not_required
def verify_file(request: HttpRequest) -> HttpResponse:
    """
    /verifikasi/berkas/?sidik=<SHA-256>&kode=<kode>&isi=<kode>: whether a PDF is the one on record; asked by verify.js.

    Only the fingerprint comes here, never the file, and the code that the file carries (`isi`). Without `kode`, the
    code of the page, any certificate may be meant. The answer: `tone`, `icon`, `heading`, `text`, and `url` with
    `link` where the record can be read; 404 where no record is the file's.
    """
    if throttle.too_many(request):
        return _told(_try_later(), status=429)
    code = codes.normalise(request.GET.get("kode", "")) or ""
    carried = codes.normalise(request.GET.get("isi", "")) or ""
    try:
        answer = verification.look_up_file(request.GET.get("sidik", "").lower(), at=request.received_at)
        known = not code or _is_known(code, at=request.received_at)
        claimed = verification.look_up(carried, at=request.received_at).certificate if not code else None
    except DatabaseError:
        logger.exception("a file cannot be checked")
        return _told(_try_later(), status=503)
    # Beside a code that nobody knows a file is judged alone: "this code is on record" would be untrue.
    words = verification_words.words_for_file(answer, wanted_code=code if known else "")
    if answer.certificate is None and claimed is not None:
        words = verification_words.words_for_altered(claimed)
    found = {"tone": words.tone, "icon": words.icon, "heading": words.heading, "text": words.text}
    if answer.certificate and answer.certificate.code != code:
        found |= {
            "url": reverse("verify_code", args=[answer.certificate.code]),
            "link": _("Lihat catatan piagam nomor {number}").format(number=answer.certificate.number),
        }
    elif claimed is not None:
        found |= {
            "url": reverse("verify_code", args=[claimed.code]),
            "link": _("Lihat catatan piagam nomor {number}").format(number=claimed.number),
        }
    return _told(found, status=200 if answer.certificate else 404)


@require_safe
@login_not_required
def root_certificate(request: HttpRequest, kind: str) -> HttpResponse:
    """/verifikasi/sertifikat-akar.<pem|cer>: what a PDF reader is told to trust, as text or as most readers take it."""
    root = signing_root.root()
    contents = {"pem": root.pem, "cer": root.der} if root else {}
    if kind not in contents:
        raise Http404
    media_type = {"pem": "application/x-pem-file", "cer": "application/pkix-cert"}[kind]
    response = HttpResponse(contents[kind], content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="sertifikat-akar-portal-ovop.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _is_known(code: str, *, at: datetime) -> bool:
    answer: Answer = verification.look_up(code, at=at)
    return answer.certificate is not None


def _try_later() -> dict[str, str]:
    return {
        "tone": "netral",
        "icon": "i-clock",
        "heading": _("Pemeriksaan belum dapat dilakukan."),
        "text": _("Ini bukan tanda bahwa piagam palsu. Coba lagi."),
    }


def _basis(facts: Facts) -> str:
    """The decree as the paper names it, in the language of the page."""
    return certificate_text.decree_en(facts) if get_language() == "en" else certificate_text.decree(facts)


def _told(answer: dict[str, str], *, status: int) -> JsonResponse:
    response = JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
    response["X-Robots-Tag"] = "noindex"
    return response


def _later(request: HttpRequest, status: int) -> HttpResponse:
    response = _page(request, "awards/verify_later.html", {"too_many": status == 429}, status)
    response["Retry-After"] = str(WAIT_SECONDS)
    return response


def _page(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, template, {"is_public": True, **context}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
