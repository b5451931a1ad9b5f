"""What a product page says to machines: schema.org JSON-LD."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from awards.models import Award

from . import entries
from .entry_models import EntryVersion
from .photos import Picture

_DESCRIPTION_AT_MOST = 300
# A `</script>` in a name must not end the block.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def product(award: Award, pictures: Sequence[Picture], entry: EntryVersion) -> dict[str, Any]:
    """schema.org Product of one award with what its page tells; example data says so in description and property."""
    stars = f"Bintang {award.star_in_force} dari {award.maximum_star}, OVOP {award.decree.round_id}"
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": award.product_name,
        "url": settings.PORTAL_URL + award.get_absolute_url(),
        "category": award.group_name,
        "manufacturer": _organization(award),
        "countryOfOrigin": {"@type": "Country", "name": "Indonesia"},
    }
    # What was revoked is no award any more, on whichever page it is read.
    if award.revoked_at is None:
        data["award"] = stars
    for name, field in (("description", "story"), ("material", "raw_material")):
        if told := entries.told(entry, field):
            data[name] = Truncator(told.text).chars(_DESCRIPTION_AT_MOST)
    if pictures:
        data["image"] = [settings.PORTAL_URL + one.largest for one in pictures]
    if award.is_example:
        data["description"] = "Data contoh: bukan penghargaan resmi."
        data["additionalProperty"] = [{"@type": "PropertyValue", "name": "status", "value": "data contoh"}]
    return data


def maker(awards: Sequence[Award]) -> dict[str, Any]:
    """schema.org Organization of the producer of these awards, the newest first."""
    newest = awards[0]
    return {
        "@context": "https://schema.org",
        **_organization(newest),
        "url": settings.PORTAL_URL + reverse("catalogue_maker", args=[newest.product.ikm.slug]),
        "award": [
            f"{one.product_name}: bintang {one.star_in_force} dari {one.maximum_star}, OVOP {one.decree.round_id}"
            for one in awards
            if one.revoked_at is None and not one.is_example
        ],
    }


def _organization(award: Award) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "name": award.ikm_name,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": award.regency_name,
            "addressRegion": award.province_name,
            "addressCountry": "ID",
        },
    }


def as_script(data: dict[str, Any]) -> SafeString:
    """The block for the page's head; it holds data, no code, so the content policy needs no exception."""
    text = json.dumps(data, ensure_ascii=False, default=str).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
