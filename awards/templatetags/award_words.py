"""Words of an award on public pages, in the language of the page: `{% load award_words %}`."""

from typing import Any

from django import template
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext

from awards.models import Award
from letters import wording
from nominations.models import CommodityGroup

register = template.Library()


def in_english() -> bool:
    return (get_language() or "id").startswith("en")


def group_words(name: str, name_en: str) -> str:
    """Which of the two names of a commodity group this page prints."""
    return capfirst(name_en) if in_english() else name


@register.filter
def group_of(award: Award) -> str:
    """The commodity group as decreed; in English its English name, which the certificate prints too."""
    return group_words(award.group_name, award.group.name_en)


@register.filter
def name_of_group(group: CommodityGroup) -> str:
    """The name of a commodity group as it is today."""
    return group_words(group.name, group.name_en)


@register.simple_tag
def star_words(star: Any, maximum: Any) -> str:
    """ "Bintang 4 dari 5"; in English "Four stars out of five", as on the certificate."""
    if in_english() and int(star):
        return capfirst(wording.stars_in_english(int(star), int(maximum)))
    return f"Bintang {star} dari {maximum}"


@register.filter
def star_figure(star: Any) -> str:
    """ "Bintang 4"; "4 stars"."""
    return ngettext("Bintang %(star)s", "Bintang %(star)s", int(star)) % {"star": star}
