"""Pages that span rooms: health for operations, and each role's own first page."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import waiting
from .navigation import entries_for


@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where PostgreSQL and Redis answer, else 503 naming what does not."""
    down = [name for name, asks in (("postgresql", _ask_postgresql), ("redis", _ask_redis)) if not asks()]
    return JsonResponse({"ready": not down, "down": down}, status=503 if down else 200)


def _ask_postgresql() -> bool:
    from django.db import Error

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _ask_redis() -> bool:
    from redis import RedisError

    try:
        cache.get("readyz")
    except (RedisError, OSError):
        return False
    return True


@require_safe
def home_of_role(request: HttpRequest) -> HttpResponse:
    """/beranda/: what waits for this person, until when, and the pages of the roles held now."""
    person = request.user
    end = waiting.next_end(person, at=request.received_at)
    return render(
        request,
        "beranda.html",
        {
            "waiting": waiting.for_person(person, at=request.received_at),
            "phase": end[0] if end else None,
            "zone": end[1] if end else None,
            "memberships": person.active_memberships(),
            "entries": entries_for(person.roles()),
        },
    )
