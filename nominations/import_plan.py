"""
What an import of a table would do, before anything is done: each row matched with the registry, each problem named.
"""

from dataclasses import dataclass, field
from typing import Any

from . import import_columns
from .import_matching import Registered, alike
from .import_table import Problem, Table
from .models import Ikm, Product, Round, Sentra
from .models.registry import sort_key

_EXAMPLE = "terdaftar sebagai data contoh. Hapus data contoh (demo --remove) sebelum mengimpor."


@dataclass(frozen=True)
class Planned:
    """One draft to be made; what it hangs on may be new, and is then shared by all rows that name it."""

    number: int
    # 0 where a plan needs none and there is none.
    office_id: int
    product: Product
    answers: dict[str, Any]


@dataclass
class Outcome:
    """
    What an import did, or would do: `imported` says which. With problems it does nothing.

    new: how many sentra, ikm and products are registered on the way, and how many registered IKM are completed.
    """

    year: int
    rows: int = 0
    nominations: int = 0
    offices: int = 0
    new: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    imported: bool = False


class Plan:
    """The rows of a table in turn: what each names, what is new, what is wrong."""

    # A draft is its dinas's; what is only recorded (awards taken over) needs no office.
    needs_office = True

    def __init__(self, table: Table, round_: Round) -> None:
        self.round = round_
        self.problems = list(table.problems)
        self.warnings: list[Problem] = []
        self.rows = table.rows
        given = [(row, import_columns.cleaned(row, self.problems)) for row in table.rows]
        for _, values in given:
            if "regency_code" in values:
                values["regency_code"] = values["regency_code"].replace(".", "")
        self.known = Registered((values for _, values in given), round_)
        self.new_sentra: dict[tuple[str, str], Sentra] = {}
        self.new_ikm: list[tuple[int, Ikm]] = []
        self.new_products: list[Product] = []
        self.completed: dict[int, Ikm] = {}
        self.planned: list[Planned] = []
        self._row_of: dict[tuple[int, str], int] = {}
        for row, values in given:
            self._plan(row.number, row.unread, values)
        self._tell_likenesses()

    def outcome(self) -> Outcome:
        found = Outcome(self.round.pk, rows=len(self.rows))
        found.problems = sorted(set(self.problems), key=lambda problem: (problem.row, problem.column))
        found.warnings = sorted(self.warnings, key=lambda warning: (warning.row, warning.column))
        found.nominations = len(self.planned)
        found.offices = len({one.office_id for one in self.planned})
        found.new = {
            "sentra": len(self.new_sentra),
            "ikm": len(self.new_ikm),
            "products": len(self.new_products),
            "completed": len(self.completed),
        }
        return found

    # --- One row ---------------------------------------------------------------------------------------------
    def _plan(self, number: int, unread: frozenset[str], values: dict[str, Any]) -> None:
        before = len(self.problems)
        regency = self.known.regencies.get(values.get("regency_code", ""))
        group = self.known.groups.get(values.get("commodity", "").casefold())
        if "regency_code" in values and regency is None:
            self._wrong(number, "regency_code", f"Tidak ada kabupaten/kota berkode {values['regency_code']}.")
        if self.needs_office and regency is not None and regency.pk not in self.known.offices:
            self._wrong(
                number, "regency_code", f"Dinas {regency} belum terdaftar. Daftarkan kantornya lebih dahulu."
            )
        if "commodity" in values and group is None:
            names = sorted({known.name for known in self.known.groups.values()})
            self._wrong(number, "commodity", f"Kelompok ini tidak dikenal. Yang dikenal: {', '.join(names)}.")
        if regency is None or group is None or not {"ikm_name", "product_name"} <= values.keys():
            return
        sentra = self._sentra(number, regency.pk, values.get("sentra", ""))
        ikm = self._ikm(number, regency, sentra, values)
        if ikm is None:
            return
        product = self._product(number, ikm, group, values["product_name"])
        if product is not None and len(self.problems) == before and not unread:
            answers = {name: values[name] for name in import_columns.ANSWER_COLUMNS if name in values}
            office = self.known.offices.get(regency.pk)
            self.planned.append(Planned(number, office.pk if office else 0, product, answers))

    def _wrong(self, number: int, column: str, reason: str) -> None:
        self.problems.append(Problem(number, column, reason))

    def _tell(self, number: int, column: str, text: str) -> None:
        self.warnings.append(Problem(number, column, text))

    def _sentra(self, number: int, regency: str, name: str) -> Sentra | None:
        """Found by its name; made where there is none: its SK is what the dinas adds, and screening looks at."""
        if not name:
            return None
        key = regency, name.casefold()
        there = self.known.sentra.get(key)
        if there is not None:
            if there.is_example:
                self._wrong(number, "sentra", f"Sentra ini {_EXAMPLE}")
            return there
        return self.new_sentra.setdefault(key, Sentra(name=name, regency_id=regency))

    def _ikm(self, number: int, regency: Any, sentra: Sentra | None, values: dict[str, Any]) -> Ikm | None:
        name, nib = values["ikm_name"], values.get("nib")
        by_name = self.known.by_name[regency.pk, name.casefold()]
        ikm = self.known.by_nib.get(nib) if nib else None
        if ikm is None:
            fitting = [one for one in by_name if not nib or not one.nib]
            if len(fitting) > 1:
                self._wrong(
                    number, "ikm_name", "Ada beberapa IKM bernama ini. Isi NIB-nya, agar jelas yang mana."
                )
                return None
            ikm = fitting[0] if fitting else self._new_ikm(number, regency, sentra, values)
        elif ikm.regency_id != regency.pk:
            where = ikm.regency.full_name
            self._wrong(
                number,
                "nib",
                f"NIB ini milik {ikm.name} di {where}. Periksa NIB atau kode kabupaten/kotanya.",
            )
            return None
        if ikm.is_example:
            self._wrong(number, "ikm_name", f"IKM ini {_EXAMPLE}")
            return None
        self._compare(number, ikm, sentra, values)
        return ikm

    def _new_ikm(self, number: int, regency: Any, sentra: Sentra | None, values: dict[str, Any]) -> Ikm:
        details = {name: values[name] for name in ("village", "district", "started_year") if name in values}
        ikm = Ikm(
            name=values["ikm_name"], sort_name=sort_key(values["ikm_name"]), nib=values.get("nib"), sentra=sentra,
            regency=regency, **details,
        )  # fmt: skip
        self.new_ikm.append((number, ikm))
        if ikm.nib:
            self.known.by_nib[ikm.nib] = ikm
        self.known.by_name[regency.pk, ikm.name.casefold()].append(ikm)
        return ikm

    def _compare(self, number: int, ikm: Ikm, sentra: Sentra | None, values: dict[str, Any]) -> None:
        """What is registered stays; what was left open there is taken from the row."""
        if ikm.name.casefold() != values["ikm_name"].casefold():
            self._tell(
                number, "ikm_name", f"NIB ini terdaftar atas nama {ikm.name}; nama yang terdaftar dipakai."
            )
        opened = False
        if values.get("nib") and not ikm.nib:
            ikm.nib, opened = values["nib"], True
            self.known.by_nib[values["nib"]] = ikm
        if sentra is not None and ikm.sentra is None:
            ikm.sentra, opened = sentra, True
        elif sentra is not None and ikm.sentra is not sentra and ikm.sentra != sentra:
            self._tell(number, "sentra", f"IKM ini terdaftar di {ikm.sentra}; sentra yang terdaftar dipakai.")
        if opened and ikm.pk:
            self.completed[ikm.pk] = ikm

    def _product(self, number: int, ikm: Ikm, group: Any, name: str) -> Product | None:
        earlier = self._row_of.setdefault((id(ikm) if ikm.pk is None else -ikm.pk, name.casefold()), number)
        if earlier != number:
            self._wrong(number, "product_name", f"Produk IKM ini sudah ada pada baris {earlier}.")
            return None
        product = self.known.products.get((ikm.pk, name.casefold())) if ikm.pk else None
        if product is None:
            product = Product(ikm=ikm, name=name, group=group)
            self.new_products.append(product)
            return product
        if product.group_id != group.pk:
            self._wrong(number, "commodity", f"Produk ini terdaftar dalam kelompok {product.group}.")
        if product.is_example:
            self._wrong(number, "product_name", f"Produk ini {_EXAMPLE}")
        there = self.known.proposed.get(product.pk)
        if there is not None:
            self._wrong(number, "product_name", f"Produk ini sudah diusulkan pada periode ini: {there}.")
        return product

    def _tell_likenesses(self) -> None:
        """An IKM that is made although one with a similar name is there, in the registry or above in the table."""
        given = [(number, ikm.sort_name, ikm.regency.province_id) for number, ikm in self.new_ikm]
        for number, found in alike(given).items():
            names = ", ".join(f"{name} ({regency})" for name, regency in found[:3])
            self._tell(
                number, "ikm_name", f"Mirip dengan IKM terdaftar: {names}. IKM baru tetap didaftarkan."
            )
        first: dict[tuple[str, str], int] = {}
        for number, name, province in given:
            earlier = first.setdefault((name, province), number)
            if earlier != number:
                self._tell(
                    number, "ikm_name", f"Namanya seperti IKM pada baris {earlier}; didaftarkan tersendiri."
                )
