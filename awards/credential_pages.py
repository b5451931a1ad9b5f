"""The credential of an award, and the key that checks it: /verifikasi/<kode>/kredensial.jwt, /.well-known/jwks.json."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import credentials, throttle, verification, verification_words
from .signing_refusals import CannotSign
from .verification import Verdict


@never_cache
@require_safe
@login_not_required
def credential(request: HttpRequest, code: str) -> HttpResponse:
    """The signed credential of a valid paper; 410 with the page's words for one that is no longer valid."""
    if throttle.too_many(request):
        return _plain("Coba lagi sebentar lagi.", 429)
    answer = verification.look_up(code, at=request.received_at)
    if answer.certificate is None or not credentials.are_signed():
        raise Http404
    if answer.verdict is not Verdict.VALID:
        return _plain(verification_words.all_of(answer), 410)
    try:
        content = credentials.signed(answer.certificate, at=request.received_at)
    except CannotSign as problem:
        return _plain(problem.for_reader, 503)
    response = HttpResponse(content, content_type=credentials.MEDIA_TYPE)
    name = answer.certificate.number.replace("/", "-")
    response["Content-Disposition"] = f'attachment; filename="kredensial-{name}.jwt"'
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@login_not_required
def keys(request: HttpRequest) -> HttpResponse:
    """The public key of the credentials, as a JWK set."""
    if not credentials.are_signed():
        raise Http404
    try:
        key = credentials.public_key(at=request.received_at)
    except CannotSign as problem:
        return _plain(problem.for_reader, 503)
    response = JsonResponse({"keys": [key]}, content_type="application/jwk-set+json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _plain(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response
