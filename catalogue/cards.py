"""What a card shows of an award, the same in every list; one statement for all cards of a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from .bounded import rows
from .photos import Picture, picture
from .shown_models import ShownPhoto

# A function (migrations/0008), as planning its joins takes four times as long as running them.
_CARDS = "SELECT * FROM catalogue_cards(%s)"


@dataclass(frozen=True)
class Card:
    """year: of the round. ornament: of the commodity group, in place of a photo. picture: the first photo, if any."""

    award: int
    slug: str
    product_name: str
    ikm_name: str
    regency_name: str
    province_name: str
    star: int
    maximum_star: int
    year: int
    ornament: str
    is_revoked: bool
    is_of_the_archive: bool
    is_example: bool
    picture: Picture | None

    def get_absolute_url(self) -> str:
        return reverse("catalogue_award", args=[self.slug])


def of(awards: Iterable[int]) -> list[Card]:
    """The cards of these awards (their keys), in this order; of one that is not published there is none."""
    keys = list(awards)
    return [_card(*row) for row in rows(_CARDS, [keys])] if keys else []


def _card(*row: Any) -> Card:
    *shown, photo, alt, alt_en, width, height, widths = row
    if photo is not None:
        widths = json.loads(widths)
        first = ShownPhoto(id=photo, alt=alt, alt_en=alt_en, width=width, height=height, widths=widths)
        return Card(*[*shown, picture(first)])
    return Card(*[*shown, None])
