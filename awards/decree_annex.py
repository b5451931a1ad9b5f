"""
The annex of a decree: its rows from what the session decided, their order and numbers, and the totals of every
breakdown, which must be the same (documents.md 7).
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from assessment.models import Decision, Plenary
from assessment.recompute import decisions_in_force
from nominations.models.registry import sort_key


@dataclass(frozen=True)
class Totals:
    """The same awards counted in every breakdown; each maps a name to a count of products."""

    awards: int
    ikm: int
    by_star: dict[int, int]
    by_group: dict[str, int]
    by_group_and_star: dict[str, dict[int, int]]
    by_province: dict[str, int]
    by_regency: dict[str, int]

    def disagreement(self) -> str | None:
        """None where every breakdown adds up to the same total, else the sentence that names both numbers."""
        for name, parts in (
            ("bintang", self.by_star),
            ("kelompok komoditas", self.by_group),
            ("provinsi", self.by_province),
            ("kabupaten/kota", self.by_regency),
        ):
            if (total := sum(parts.values())) != self.awards:
                return f"Jumlah menurut {name} {total}, jumlah penghargaan {self.awards}."
        return None


def annex_of(plenary: Plenary) -> list[dict[str, Any]]:
    """
    The rows of Lampiran B from the sealed decisions with a star: sorted by commodity, star descending, name
    (documents.md 7). Positions run 1..n. A later session of the round corrects an earlier one and leaves the rest.
    """
    decisions = decisions_in_force(plenary.round_id).select_related(
        "nomination__product__group", "nomination__product__ikm__regency__province"
    )
    rows: list[dict[str, Any]] = []
    for decision in decisions:
        if decision.star == 0:
            continue
        rows.append(row_of(decision))
    return in_order(rows)


def row_of(decision: Decision) -> dict[str, Any]:
    """One decision as a row of the annex, names as the registry has them now; `in_order` gives it its place."""
    nomination, product = decision.nomination, decision.nomination.product
    regency = product.ikm.regency
    return {
        "nomination": nomination.pk,
        "product": product.pk,
        "ikm_name": product.ikm.name,
        "ikm": product.ikm_id,
        "product_name": product.name,
        "group": product.group_id,
        "group_name": product.group.name,
        "group_position": product.group.position,
        "regency": regency.pk,
        "regency_name": regency.full_name,
        "province_name": regency.province.name,
        "star": decision.star,
        "maximum_star": decision.maximum_star,
    }


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort the rows by commodity, star descending, name, and number them 1..n."""
    rows.sort(
        key=lambda row: (row["group_position"], -row["star"], sort_key(row["ikm_name"]), row["product"])
    )
    for position, row in enumerate(rows, start=1):
        row["position"] = position
        del row["group_position"]
    return rows


def totals_of(annex: list[dict[str, Any]]) -> Totals:
    by_group_and_star: dict[str, Counter[int]] = {}
    for row in annex:
        by_group_and_star.setdefault(row["group_name"], Counter())[row["star"]] += 1
    return Totals(
        awards=len(annex),
        ikm=len({row["ikm"] for row in annex}),
        by_star=dict(sorted(Counter(row["star"] for row in annex).items(), reverse=True)),
        by_group=dict(Counter(row["group_name"] for row in annex)),
        by_group_and_star={name: dict(counts) for name, counts in by_group_and_star.items()},
        by_province=dict(Counter(row["province_name"] for row in annex)),
        by_regency=dict(Counter(row["regency_name"] for row in annex)),
    )


def sha256_of(annex: list[dict[str, Any]]) -> str:
    text = json.dumps(annex, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
