"""
The awards of an earlier round, taken over from the ministry's records: a table becomes a published decree with its
awards, all of it or nothing (contract.md, import_awards). They have no nominations, no scores and no certificates.

Each row is matched with the registry as an import of nominations is (nominations/import_plan.py): an IKM by its NIB in
the whole country, else by its exact name in its kabupaten/kota; one that only looks alike is told and registered anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from accounts.sent_numbers import number_in
from audit import history
from letters.wording import WIB
from nominations import import_columns, import_table, importing
from nominations.import_columns import Column
from nominations.import_plan import Outcome, Plan
from nominations.import_table import Problem, Table
from nominations.models import Nomination, Round, State
from nominations.models.registry import sort_key

from .decree_annex import sha256_of, totals_of
from .decrees import Refused
from .models import Award, Decree

HIGHEST_STAR = 5
STAR = "star"
COLUMNS: Mapping[str, Column] = {
    **import_columns.COLUMNS,
    STAR: Column("Bintang menurut SK, 1 sampai 5. Wajib.", "4"),
}
REQUIRED = (*import_columns.REQUIRED, STAR)
# What stands where a decree names who signed it: the records that are taken over do not say.
FROM_THE_ARCHIVE = "Diambil alih dari arsip"
# From this round on the ministry has used three stars (domain.md).
_THREE_STARS_SINCE = 2022


@dataclass(frozen=True)
class Source:
    """The decree of the records: of which round, its number and date, and the highest star of its scheme."""

    year: int
    number: str
    on: date
    maximum_star: int = HIGHEST_STAR


@dataclass
class Taken:
    """What was taken over, or would be; `lines` says of each row what becomes of it: (row, words)."""

    outcome: Outcome
    lines: list[tuple[int, str]] = field(default_factory=list)
    decree: Decree | None = None


class _AwardPlan(Plan):
    """The plan of an import, of rows that carry a star besides."""

    needs_office = False

    def __init__(self, table: Table, source: Source) -> None:
        self.stars: dict[int, int] = {}
        wrong = [problem for row in table.rows if (problem := self._star(row, source))]
        rows = [
            replace(row, values={name: text for name, text in row.values.items() if name != STAR})
            for row in table.rows
        ]
        # A round that is not there yet is made only when all is well.
        super().__init__(Table(rows, [*table.problems, *wrong]), Round(year=source.year))
        self.planned = [one for one in self.planned if one.number in self.stars]

    def _star(self, row: import_table.Row, source: Source) -> Problem | None:
        """Keep the star of a row, or say what is wrong with it."""
        if STAR in row.unread:
            return None
        text = row.values.get(STAR, "")
        if not text:
            return Problem(row.number, STAR, "Kolom ini wajib diisi.")
        star = number_in(text, at_most=9) or 0
        if not 1 <= star <= source.maximum_star:
            return Problem(
                row.number, STAR, f"Tulis bintang 1 sampai {source.maximum_star}; tertulis “{text[:40]}”."
            )
        self.stars[row.number] = star
        return None


def taken() -> QuerySet[Decree]:
    """The decrees that were taken over, newest round first."""
    found = Decree.objects.taken_over().select_related("drafted_by")
    return found.annotate(count=Count("awards")).order_by("-round")


def read(content: bytes, name: str) -> Table:
    """The table in a file. Raises import_table.Unreadable."""
    return import_table.read(content, name, columns=COLUMNS, required=REQUIRED)


def check(table: Table, source: Source, *, at: datetime) -> Taken:
    """What taking this table over would do; reads only. Raises Refused where the round or the decree does not fit."""
    _refuse(source, at=at)
    plan = _AwardPlan(table, source)
    return _told(plan, source)


@transaction.atomic
def run(table: Table, source: Source, *, by: Person | None, at: datetime) -> Taken:
    """
    Make the decree and an award of every row, published at once; with a problem in any row, nothing.

    by: of the secretariat; None on the machine. Raises Refused: not_yours, year_out_of_range, number_missing,
    date_in_future, demo_round, decree_exists, has_nominations, and changed_meanwhile where somebody registered the
    same in this very moment.
    """
    if by is not None and not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Penghargaan dari arsip diambil alih oleh Sekretariat.")
    _refuse(source, at=at)
    plan = _AwardPlan(table, source)
    taken = _told(plan, source)
    if taken.outcome.problems:
        return taken
    try:
        with transaction.atomic(), pghistory.context(user=by.pk if by else None):
            Round.objects.get_or_create(year=source.year)
            # Whoever takes the same round over at the same time waits here, and is then told so.
            Round.objects.select_for_update().get(year=source.year)
            _refuse(source, at=at)
            importing.register(plan, by=by, at=at)
            taken.decree = _decree(plan, source, by=by, at=at)
    except IntegrityError:
        raise Refused(
            "changed_meanwhile",
            "Sementara itu ada yang mendaftarkan data yang sama, jadi tidak ada yang diambil alih. "
            "Periksa berkas ini lagi.",
        ) from None
    history.record(
        "awards_taken_over", taken.decree, by=by, at=at, number=source.number, awards=len(plan.planned),
        annex_sha256=taken.decree.annex_sha256, new=taken.outcome.new,
    )  # fmt: skip
    taken.outcome.imported = True
    return taken


def _refuse(source: Source, *, at: datetime) -> None:
    """Whether this round can take over a decree at all: none of its own, no demo data, nothing on its way."""
    year = source.year
    if not 2007 <= year <= 2100:
        raise Refused("year_out_of_range", f"Tahun periode antara 2007 dan 2100; tertulis {year}.")
    if not source.number.strip() or len(source.number.strip()) > 60:
        raise Refused("number_missing", "Isi nomor SK, paling panjang 60 huruf.")
    if source.on > timezone.localdate(at, WIB):
        raise Refused("date_in_future", "Tanggal SK tidak boleh lewat dari hari ini.")
    nominations = Nomination.objects.filter(round=year)
    is_example = Round.objects.filter(year=year, is_example=True).exists()
    if is_example or nominations.filter(product__ikm__is_example=True).exists():
        raise Refused(
            "demo_round",
            f"Periode {year} berisi data contoh, jadi tidak ada yang diambil alih. "
            "Hapus data contoh (demo --remove) lebih dahulu.",
        )
    if (there := Decree.objects.filter(round=year).first()) is not None:
        raise Refused(
            "decree_exists",
            f"Periode {year} sudah mempunyai {'SK Nomor ' + there.number if there.number else 'rancangan SK'}. "
            "Tidak ada yang diambil alih.",
        )
    if nominations.exclude(state=State.WITHDRAWN).exists():
        raise Refused(
            "has_nominations",
            f"Periode {year} mempunyai usulan di portal ini: SK-nya disusun dari sidang pleno, bukan diambil alih.",
        )


def _told(plan: _AwardPlan, source: Source) -> Taken:
    taken = Taken(plan.outcome())
    if not plan.rows and not taken.outcome.problems:
        taken.outcome.problems.append(Problem(0, "", "Berkas ini tidak berisi satu baris pun."))
    taken.lines = [(one.number, _what_becomes_of(one, plan)) for one in plan.planned]
    three = source.year >= _THREE_STARS_SINCE and source.maximum_star > 3
    if three and plan.stars and max(plan.stars.values()) <= 3:
        taken.outcome.warnings.append(
            Problem(
                0,
                STAR,
                "Tidak ada bintang di atas 3. Bila periode ini memakai tiga bintang, pilih bintang tertinggi 3 "
                "(pada perintah: --maximum-star 3); "
                f"tanpa itu tercatat “… dari {source.maximum_star}”.",
            )
        )
    return taken


def _what_becomes_of(planned: Any, plan: _AwardPlan) -> str:
    """ "IKM terdaftar UD Bambu (Kabupaten Garut), produk baru Topi: bintang 4"; before anything is written."""
    product, ikm = planned.product, planned.product.ikm
    maker = "IKM baru" if ikm.pk is None else "IKM terdaftar"
    goods = "produk baru" if product.pk is None else "produk terdaftar"
    star = plan.stars[planned.number]
    return f"{maker} {ikm.name} ({ikm.regency.full_name}), {goods} {product.name}: bintang {star}"


def _decree(plan: _AwardPlan, source: Source, *, by: Person | None, at: datetime) -> Decree:
    """The decree as the records have it, issued and published in the portal at this instant, with its awards."""
    annex = _annex(plan, source)
    if problem := totals_of(annex).disagreement():
        raise Refused("totals_disagree", f"SK tidak dapat diambil alih: {problem}")
    decree = Decree.objects.create(
        round_id=source.year, number=source.number.strip(), date=source.on, annex=annex,
        annex_sha256=sha256_of(annex), signatory_name=FROM_THE_ARCHIVE, signatory_office="",
        drafted_at=at, drafted_by=by, issued_at=at, issued_by=by, published_at=at, published_by=by,
    )  # fmt: skip
    answers = {one.product.pk: one.answers for one in plan.planned}
    words = [f"{row['product_name']} {row['ikm_name']} {source.year}" for row in annex]
    Award.objects.bulk_create(
        (
            Award(
                decree=decree, product_id=row["product"], slug=slug, position=row["position"], star=row["star"],
                maximum_star=row["maximum_star"], ikm_name=row["ikm_name"], product_name=row["product_name"],
                group_id=row["group"], group_name=row["group_name"], regency_id=row["regency"],
                regency_name=row["regency_name"], province_name=row["province_name"],
                story=answers[row["product"]].get("story") or "",
                raw_material=answers[row["product"]].get("raw_material") or "",
            )
            for row, slug in zip(annex, importing.free_slugs(Award, words, 140), strict=True)
        ),
        batch_size=500,
    )  # fmt: skip
    return decree


def _annex(plan: _AwardPlan, source: Source) -> list[dict[str, Any]]:
    """The rows of the annex in the order of decree_annex.annex_of; `nomination` is None: there was none here."""
    rows = [_row(one.product, plan.stars[one.number], source) for one in plan.planned]
    place = {group.pk: group.position for group in plan.known.groups.values()}
    rows.sort(key=lambda row: (place[row["group"]], -row["star"], sort_key(row["ikm_name"]), row["product"]))
    return [{**row, "position": position} for position, row in enumerate(rows, start=1)]


def _row(product: Any, star: int, source: Source) -> dict[str, Any]:
    ikm = product.ikm
    return {
        "nomination": None,
        "product": product.pk,
        "ikm_name": ikm.name,
        "ikm": ikm.pk,
        "product_name": product.name,
        "group": product.group_id,
        "group_name": product.group.name,
        "regency": ikm.regency_id,
        "regency_name": ikm.regency.full_name,
        "province_name": ikm.regency.province.name,
        "star": star,
        "maximum_star": source.maximum_star,
    }


def not_computable(year: int) -> Iterator[str]:
    """Which awards of a round were taken over, for recompute: they have a star, and no scores to compute it from."""
    taken = Award.objects.filter(decree__round=year, decree__plenary=None, nomination=None)
    for name, product in taken.order_by("position").values_list("ikm_name", "product_name"):
        yield f"{name}, {product}"
