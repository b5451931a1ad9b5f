"""Commodity groups, kinds of documents and requirements: read from fixtures/nominations, then kept by the staff."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from .models import CommodityGroup, DocumentKind, Requirement

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "nominations"


@transaction.atomic
def load() -> dict[str, int]:
    """
    Make what is missing (safe to repeat); return how many of each there are then.

    A row that is there stays as the staff left it, with the groups and kinds it was given.
    """
    groups = [CommodityGroup(position=n, **row) for n, row in enumerate(_rows("commodity_groups"), start=1)]
    kinds = [DocumentKind(position=n, **row) for n, row in enumerate(_rows("document_kinds"), start=1)]
    CommodityGroup.objects.bulk_create(groups, ignore_conflicts=True)
    DocumentKind.objects.bulk_create(kinds, ignore_conflicts=True)
    _requirements()
    tables = {"groups": CommodityGroup, "kinds": DocumentKind, "requirements": Requirement}
    return {name: table._default_manager.count() for name, table in tables.items()}


def _requirements() -> None:
    there = set(Requirement.objects.values_list("code", flat=True))
    accepted, asked = Requirement.accepts.through, Requirement.groups.through
    new, accepts, groups = [], [], []
    for position, row in enumerate(_rows("requirements"), start=1):
        if row["code"] in there:
            continue
        code, kinds_of_row, groups_of_row = row["code"], row.pop("accepts"), row.pop("groups")
        new.append(Requirement(position=position, **row))
        accepts += [accepted(requirement_id=code, documentkind_id=kind) for kind in kinds_of_row]
        groups += [asked(requirement_id=code, commoditygroup_id=group) for group in groups_of_row]
    Requirement.objects.bulk_create(new, ignore_conflicts=True)
    accepted._default_manager.bulk_create(accepts, ignore_conflicts=True)
    asked._default_manager.bulk_create(groups, ignore_conflicts=True)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return rows
