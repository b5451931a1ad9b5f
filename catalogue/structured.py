"""What a product page says to machines: schema.org JSON-LD."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from awards.models import Award

# A `</script>` in a name must not end the block.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def product(award: Award) -> dict[str, Any]:
    """schema.org Product of one award; example data says so in its description and as a property."""
    stars = f"Bintang {award.star_in_force} dari {award.maximum_star}, OVOP {award.decree.round_id}"
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": award.product_name,
        "url": settings.PORTAL_URL + award.get_absolute_url(),
        "category": award.group_name,
        "award": stars,
        "manufacturer": {
            "@type": "Organization",
            "name": award.ikm_name,
            "address": {
                "@type": "PostalAddress",
                "addressLocality": award.regency_name,
                "addressRegion": award.province_name,
                "addressCountry": "ID",
            },
        },
        "countryOfOrigin": {"@type": "Country", "name": "Indonesia"},
    }
    if award.is_example:
        data["description"] = "Data contoh: bukan penghargaan resmi."
        data["additionalProperty"] = [{"@type": "PropertyValue", "name": "status", "value": "data contoh"}]
    return data


def as_script(data: dict[str, Any]) -> SafeString:
    """The block for the page's head; it holds data, no code, so the content policy needs no exception."""
    text = json.dumps(data, ensure_ascii=False, default=str).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
