"""The way back from a page of a decree or an award, for whoever reads it."""

from django.urls import reverse

from accounts.models import Person

from . import rules
from .models import Award, Decree

Trail = list[dict[str, str]]


def to_decree(decree: Decree) -> Trail:
    return [
        {"label": "Penghargaan", "url": reverse("decrees")},
        {"label": str(decree), "url": decree.get_absolute_url()},
    ]


def to_award(award: Award, reader: Person) -> Trail:
    """To the award as it is kept; for whoever sees no decrees, to the awards of the own region."""
    if rules.may_see_decrees(reader):
        return [
            {"label": "Penghargaan", "url": reverse("decrees")},
            {"label": award.ikm_name, "url": reverse("award_kept", args=[award.pk])},
        ]
    return [{"label": "Penghargaan", "url": reverse("awards_of_region")}]
