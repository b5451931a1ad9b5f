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
    for position, row in enumerate(_rows("commodity_groups"), start=1):
        CommodityGroup.objects.get_or_create(code=row["code"], defaults={**row, "position": position})
    for position, row in enumerate(_rows("document_kinds"), start=1):
        DocumentKind.objects.get_or_create(code=row["code"], defaults={**row, "position": position})
    for position, row in enumerate(_rows("requirements"), start=1):
        accepts, groups = row.pop("accepts"), row.pop("groups")
        requirement, is_new = Requirement.objects.get_or_create(
            code=row["code"], defaults={**row, "position": position}
        )
        if is_new:
            requirement.accepts.set(DocumentKind.objects.filter(pk__in=accepts))
            requirement.groups.set(CommodityGroup.objects.filter(pk__in=groups))
    tables = {"groups": CommodityGroup, "kinds": DocumentKind, "requirements": Requirement}
    return {name: table._default_manager.count() for name, table in tables.items()}


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return rows
