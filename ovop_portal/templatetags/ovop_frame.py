"""What the frame of every page asks: is it public, where does its menu lead, what is it called in the other language."""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import Resolver404, resolve
from django.utils.translation import gettext, gettext_noop, override

from .ovop import in_english

register = template.Library()

PUBLIC_MENU = (
    ("/katalog/", gettext_noop("Katalog")),
    ("/hasil/", gettext_noop("Hasil")),
    ("/statistik/", gettext_noop("Statistik")),
    ("/verifikasi/", gettext_noop("Verifikasi")),
)


@register.simple_tag(takes_context=True)
def public_page(context: Context) -> bool:
    """
    Whether this page has the frame of the public: its view asks for no sign-in, or there is no view (404).

    A page says otherwise with `is_public` in its context.
    """
    if "is_public" in context:
        return bool(context["is_public"])
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    return match is None or not getattr(match.func, "login_required", True)


@register.simple_tag(takes_context=True)
def public_menu(context: Context) -> list[dict[str, Any]]:
    """The public pages that this portal has, each {label, url, current}."""
    here = getattr(context.get("request"), "path", "")
    return [
        {"label": gettext(label), "url": url, "current": here.startswith(url)}
        for url, label in ((public_address(address), label) for address, label in PUBLIC_MENU)
        if _leads_somewhere(url)
    ]


@register.simple_tag
def public_address(address: str) -> str:
    """The address of a public page in the language of this page: "/katalog/" or "/en/katalog/"."""
    return f"/en{address}" if in_english() and _leads_somewhere(f"/en{address}") else address


@register.simple_tag
def help_address() -> str:
    """Where "Bantuan" leads: the handbook, in English its guide for the public; a letter where this portal has none."""
    if in_english() and _leads_somewhere("/en/panduan/masyarakat/"):
        return "/en/panduan/masyarakat/"
    return "/panduan/" if _leads_somewhere("/panduan/") else f"mailto:{settings.CONTACT}"


@register.simple_tag(takes_context=True)
def other_language(context: Context) -> dict[str, str] | None:
    """
    This page in the other language as {url, code, label, short}, with what was searched for; its home page where it
    has no twin, None where neither.
    """
    request = context.get("request")
    path, query = getattr(request, "path", "/"), getattr(request, "META", {}).get("QUERY_STRING", "")
    twin = _twin_of(path)
    if in_english():
        url, code, label, short = twin or "/", "id", "Bahasa Indonesia", "ID"
    else:
        url, code, label, short = twin or ("/en/" if _leads_somewhere("/en/") else ""), "en", "English", "EN"
    if not url:
        return None
    return {"url": f"{url}?{query}" if twin and query else url, "code": code, "label": label, "short": short}


@register.simple_tag(takes_context=True)
def language_twins(context: Context) -> list[dict[str, str]]:
    """The addresses of this page in each language, {url, code}, for search engines; none where it has no twin."""
    path = getattr(context.get("request"), "path", "")
    twin = _twin_of(path) if path else None
    if not twin:
        return []
    indonesian, english = (twin, path) if in_english() else (path, twin)
    return [
        {"url": indonesian, "code": "id"},
        {"url": english, "code": "en"},
        {"url": indonesian, "code": "x-default"},
    ]


def _twin_of(path: str) -> str | None:
    """The address of the same page in the other language."""
    twin = (path.removeprefix("/en") or "/") if in_english() else f"/en{path}"
    return twin if _leads_somewhere(twin) else None


@register.simple_tag(takes_context=True)
def session_end(context: Context) -> int:
    """
    Return the second (since 1970) at which this sign-in ends without another request; 0 where nobody is in.

    Of the session as it was read (accounts/session_store.py), so that it costs no question.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return 0
    ends_at = request.session.stored_until
    return int(ends_at.timestamp()) if ends_at else 0


@register.filter
def tone_of_message(tags: str) -> str:
    """The tone of a notice for a Django message's level."""
    for level, tone in (("success", "baik"), ("error", "galat"), ("warning", "hati")):
        if level in tags.split():
            return tone
    return "info"


def _leads_somewhere(address: str) -> bool:
    return _resolves(address, settings.ROOT_URLCONF)


@lru_cache(maxsize=2048)
def _resolves(address: str, urlconf: str) -> bool:
    # The prefix of a language is an address only while that language is the active one.
    language = "en" if address.startswith("/en/") else "id"
    try:
        with override(language):
            resolve(address, urlconf)
    except Resolver404:
        return False
    return True
