"""
The answers of a nomination: their codes, names, parts and wording, once for form, sheet, remark and comparison.

A sheet is made from a content (copies.py), never from the tables: what a later stage reads is what was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from letters import wording

# The parts of the form, in their order (interface.md, "Formulir usulan").
PARTS = {
    "ikm": "Sentra dan IKM",
    "produk": "Produk",
    "dokumen": "Dokumen legalitas",
    "cerita": "Cerita dan foto",
}
NOT_FILLED = "Belum diisi"


@dataclass(frozen=True)
class Answer:
    """
    One answer: `code` names it in remarks and comparisons, `path` is its place in a content, `lacking` is what to say
    where it is missing ("" where it may stay empty), `asks` what the form asks beside it.
    """

    code: str
    label: str
    part: str
    path: tuple[str, str]
    lacking: str = ""
    asks: str = ""
    shape: str = "text"


ANSWERS: tuple[Answer, ...] = (
    Answer("ikm.name", "Nama IKM", "ikm", ("ikm", "name")),
    Answer("ikm.nib", "NIB", "ikm", ("ikm", "nib"), "NIB belum diisi."),
    Answer(
        "ikm.started_year", "Tahun mulai berproduksi", "ikm", ("ikm", "started_year"),
        "Tahun mulai berproduksi belum diisi.",
    ),
    Answer("ikm.village", "Desa atau kelurahan", "ikm", ("ikm", "village")),
    Answer("ikm.district", "Kecamatan", "ikm", ("ikm", "district")),
    Answer("ikm.regency", "Kabupaten/kota", "ikm", ("ikm", "regency_name")),
    Answer("sentra.name", "Sentra IKM", "ikm", ("sentra", "name"), "Sentra IKM belum dipilih."),
    Answer(
        "sentra.decree_number", "Nomor SK sentra", "ikm", ("sentra", "decree_number"),
        "Nomor dan tanggal SK sentra belum diisi.",
    ),
    Answer("sentra.decree_date", "Tanggal SK sentra", "ikm", ("sentra", "decree_date"), shape="date"),
    Answer("product.name", "Nama produk", "produk", ("product", "name")),
    Answer("product.group", "Kelompok komoditas", "produk", ("product", "group_name")),
    Answer(
        "raw_material", "Bahan baku dan asalnya", "produk", ("answers", "raw_material"),
        "Bahan baku dan asalnya belum diisi.",
        "Sebutkan bahan utama, tempat asalnya, dan berapa lama pasokannya terjamin.",
    ),
    Answer(
        "local_content", "Bahan baku dari kabupaten/kota sendiri", "produk", ("answers", "local_content"),
        "Persentase bahan baku dari kabupaten/kota sendiri belum diisi.",
        "Persen dari nilai bahan baku utama dalam 12 bulan terakhir, 0 sampai 100.", "percent",
    ),
    Answer(
        "wood_or_rattan", "Bahan utamanya kayu atau rotan", "produk", ("answers", "wood_or_rattan"), shape="yes",
    ),
    Answer(
        "value_added", "Nilai tambah", "produk", ("answers", "value_added"), "Nilai tambah belum diisi.",
        "Berapa persen nilai penjualan yang tersisa setelah dikurangi pembelian bahan, dan dari mana asalnya.",
    ),
    Answer(
        "capacity", "Kapasitas produksi", "produk", ("answers", "capacity"), "Kapasitas produksi belum diisi.",
        "Jumlah dan satuan setiap bulan, dan apakah mutunya dapat dijaga sama.",
    ),
    Answer(
        "workers", "Jumlah tenaga kerja", "produk", ("answers", "workers"), "Jumlah tenaga kerja belum diisi.",
        "Semua yang bekerja untuk IKM ini, termasuk yang bekerja di rumah.", "people",
    ),
    Answer(
        "environment", "Pengendalian lingkungan", "produk", ("answers", "environment"),
        "Pengendalian lingkungan belum diisi.", "Limbah apa yang timbul, dan bagaimana ditangani.",
    ),
    Answer(
        "design", "Desain dan kemasan", "cerita", ("answers", "design"), "Desain dan kemasan belum diisi.",
        "Dari mana desainnya, dan bagaimana kemasannya dikembangkan.",
    ),
    Answer(
        "marketing", "Pemasaran", "cerita", ("answers", "marketing"), "Pemasaran belum diisi.",
        "Pasar di dalam dan luar negeri, cara menjual, dan apakah pesanan berlanjut.",
    ),
    Answer(
        "turnover", "Omzet setahun terakhir", "cerita", ("answers", "turnover"), "",
        "Dalam rupiah. Dibaca pemeriksa usulan dan penilai, tidak pernah ditampilkan kepada masyarakat.", "rupiah",
    ),
    Answer(
        "import_substitution", "Produk impor yang dapat digantikan", "cerita", ("answers", "import_substitution"), "",
        "Bila ada: barang impor apa, dan mengapa produk ini dapat menggantikannya.",
    ),
    Answer(
        "story", "Cerita produk", "cerita", ("answers", "story"), "Cerita produk belum diisi.",
        "Sejarah, tradisi, dan kearifan lokal di balik produk. Cerita ini dapat dibaca masyarakat bila produk menang.",
    ),
)  # fmt: skip
BY_CODE = {answer.code: answer for answer in ANSWERS}
# The columns of Nomination that the form fills, in its order; assessors see them as evidence (`isian:…`).
COLUMNS = tuple(answer.code for answer in ANSWERS if answer.path[0] == "answers")


@dataclass(frozen=True)
class Row:
    code: str
    label: str
    text: str
    remark: str = ""


@dataclass(frozen=True)
class Section:
    part: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Change:
    """One answer that two submissions give differently."""

    label: str
    before: str
    after: str


def in_words(answer: Answer, value: Any) -> str:
    """The value of an answer as a reader sees it; NOT_FILLED where there is none."""
    if answer.shape == "yes":
        return "Ya" if value else "Tidak"
    if value is None or value == "":
        return NOT_FILLED
    match answer.shape:
        case "date":
            return wording.plain_date(date.fromisoformat(value))
        case "percent":
            return f"{value}%"
        case "people":
            return f"{wording.number_id(value)} orang"
        case "rupiah":
            return wording.rupiah(value)
    return str(value)


def sheet(content: Mapping[str, Any], remarks: Mapping[str, str] | None = None) -> list[Section]:
    """The answers of a content part by part, each with the remark that was written on it."""
    noted = remarks or {}
    return [
        Section(
            part,
            title,
            tuple(
                Row(
                    answer.code,
                    answer.label,
                    in_words(answer, value_in(content, answer)),
                    noted.get(answer.code, ""),
                )
                for answer in ANSWERS
                if answer.part == part and _is_asked(content, answer)
            ),
        )
        for part, title in PARTS.items()
        if part != "dokumen"
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What two submissions of one nomination say differently, answers first, then documents."""
    found = []
    for answer in ANSWERS:
        first, second = (in_words(answer, value_in(content, answer)) for content in (before, after))
        if first != second:
            found.append(Change(answer.label, first, second))
    old, new = ({item["id"]: item for item in content["documents"]} for content in (before, after))
    found += [
        Change(_document_label(old[key]), _document_text(old[key]), "Tidak dilampirkan lagi")
        for key in old
        if key not in new
    ]
    found += [
        Change(_document_label(new[key]), "Belum dilampirkan", _document_text(new[key]))
        for key in new
        if key not in old
    ]
    return found


def value_in(content: Mapping[str, Any], answer: Answer) -> Any:
    """The value that a content holds for an answer; None where it has none (an older content, no sentra)."""
    place, name = answer.path
    return (content.get(place) or {}).get(name)


def _is_asked(content: Mapping[str, Any], answer: Answer) -> bool:
    # Whether the material is wood or rattan is asked of plaited work; elsewhere only a yes is worth a line.
    return answer.code != "wood_or_rattan" or bool(
        value_in(content, answer) or content["product"]["group"] == "anyaman"
    )


def _document_label(item: Mapping[str, Any]) -> str:
    return str(item.get("kind_name") or item["kind"])


def _document_text(item: Mapping[str, Any]) -> str:
    return " ".join(
        part for part in (f"Nomor {item['number']}" if item["number"] else "", f"({item['file']})") if part
    )
