"""The instruments: /instrumen/, read by whoever works with them. What a form is and how versions differ: instruments.py."""

from fractions import Fraction
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from nominations.models import CommodityGroup

from . import instrument_differences
from . import instruments as forms
from .models import MAY_SEE_INSTRUMENTS, Instrument
from .score_lines import figure

# What a line's status says about where its words come from (fixtures/instruments/README.md).
_STATUS = {
    "published": (
        forms.STATUS_WORDS["published"],
        "baik",
        "Bunyi jenjang seperti pada formulir Kementerian yang terbit.",
    ),
    "own": (
        forms.STATUS_WORDS["own"],
        "netral",
        "Ditulis atau diubah oleh Sekretariat OVOP.",
    ),
    "default": (
        forms.STATUS_WORDS["default"],
        "netral",
        "Ditulis untuk portal, sampai Kementerian memuat formulirnya sendiri.",
    ),
}
_UNKNOWN_STATUS = ("Tanpa keterangan", "netral", "")


@require_safe
@needs(*MAY_SEE_INSTRUMENTS)
def instruments(request: HttpRequest) -> HttpResponse:
    """/instrumen/: the versions of each commodity group, the one in force first."""
    visible = Instrument.objects.visible_to(request.user).select_related("published_by").defer("definition")
    versions = visible.annotate(used=Count("assessments"))
    of_group: dict[str, list[Instrument]] = {}
    for version in versions.order_by("group", "-version"):
        of_group.setdefault(version.group_id, []).append(version)
    return render(
        request,
        "assessment/instruments.html",
        {
            "groups": [
                {
                    "group": group,
                    "versions": _with_state(of_group.get(group.pk, [])),
                    "in_force": any(each.published_at for each in of_group.get(group.pk, [])),
                    "has_draft": any(each.published_at is None for each in of_group.get(group.pk, [])),
                }
                for group in CommodityGroup.objects.order_by("position", "code")
            ],
            "may_draft": request.user.may(Right.ASSIGN),
        },
    )


def _with_state(versions: list[Instrument]) -> list[dict[str, Any]]:
    """The newest published version is the one that new panels get."""
    in_force = next((each for each in versions if each.published_at and not each.shortened_from_id), None)
    return [
        {
            "instrument": each,
            "indicators": len(each.ladders),
            "state": "Rancangan"
            if not each.published_at
            else "Ringkas"
            if each.shortened_from_id
            else "Berlaku"
            if each is in_force
            else "Digantikan",
            "tone": "hati" if not each.published_at else "baik" if each is in_force else "netral",
        }
        for each in versions
    ]


@require_safe
@needs(*MAY_SEE_INSTRUMENTS)
def instrument(request: HttpRequest, group: str, version: int) -> HttpResponse:
    """/instrumen/<kelompok>/<versi>/: the whole form, where its lines come from, and what changed with this version."""
    found = get_object_or_404(
        Instrument.objects.visible_to(request.user).with_names(), group=group, version=version
    )
    before = _version_before(request.user, found)
    definition = found.definition
    return render(
        request,
        "assessment/instrument.html",
        {
            "instrument": found,
            "breadcrumb": [{"label": "Instrumen", "url": "/instrumen/"}],
            "reading_rule": forms.READING_RULE,
            "parts": _parts(definition),
            "total": len(found.ladders),
            "bands": [
                {**band, "bound": figure(Fraction(band["from"])), "maximum": definition["scheme"]["maximum"]}
                for band in definition["scheme"]["bands"]
            ],
            "used": found.assessments.count(),
            "may_draft": request.user.may(Right.ASSIGN) and found.published_at is None,
            "before": before,
            "changes": instrument_differences.differences(before.definition, definition) if before else [],
            "warnings": forms.warnings_of(definition) if request.user.may(Right.ASSIGN) else [],
        },
    )


def _version_before(person: Person, found: Instrument) -> Instrument | None:
    if found.shortened_from is not None:
        return found.shortened_from
    earlier = (
        Instrument.objects.visible_to(person).whole().filter(group=found.group_id, version__lt=found.version)
    )
    return earlier.order_by("-version").first()


def _parts(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts with their sections and lines, each line numbered as on the sheet and with its evidence in words."""
    number, parts = 0, []
    for part in definition["parts"]:
        sections = []
        for section in part["sections"]:
            lines = []
            for line in section["indicators"]:
                number += 1
                words, tone, meaning = _STATUS.get(line.get("status") or "", _UNKNOWN_STATUS)
                lines.append(
                    {
                        "number": number,
                        "code": line["code"],
                        "name": line["name"],
                        "question": line.get("question") or "",
                        "levels": line["levels"],
                        "evidence": [forms.evidence_name(key) for key in line.get("evidence") or ()],
                        "status": {"words": words, "tone": tone, "meaning": meaning},
                        "source": line.get("source") or "",
                        "note": line.get("note") or "",
                    }
                )
            sections.append(
                {
                    "code": section["code"],
                    "name": section["name"],
                    "maximum": sum(line["max"] for line in section["indicators"]),
                    "lines": lines,
                }
            )
        parts.append(
            {
                "code": part["code"],
                "name": part["name"],
                "weight": figure(Fraction(part["weight"])),
                "sections": sections,
            }
        )
    return parts
