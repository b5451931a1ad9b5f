"""What every page knows of the portal: its name, whether it is the official one, the person's navigation."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from letters import inbox

from .navigation import staff_nav


def portal(request: HttpRequest) -> dict[str, Any]:
    """`portal.is_demo` draws the bar "Situs peragaan": always, but on the configured official host."""
    host = request.get_host().partition(":")[0]
    # Pages of errors are drawn before anybody is known.
    person = request.user if hasattr(request, "user") and request.user.is_authenticated else None
    return {
        "portal": {
            "name": "OVOP Indonesia",
            "is_official": bool(settings.OFFICIAL_HOST) and host == settings.OFFICIAL_HOST,
            "is_demo": not settings.OFFICIAL_HOST or host != settings.OFFICIAL_HOST,
            "contact": settings.CONTACT,
            "url": settings.PORTAL_URL,
        },
        "staff_nav": staff_nav(request) if person else [],
        # Asked once where a page prints it, never where it does not.
        "unread_messages": cache(lambda: inbox.unread(person)) if person else 0,
        "staff_place": ", ".join(dict.fromkeys(m.office.name for m in person.active_memberships()))
        if person
        else "",
    }
