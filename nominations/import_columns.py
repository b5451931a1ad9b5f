"""The columns of the table of nominations: what each holds, and how what stands in it is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .answers import ANSWERS
from .fields import STORED, Nib, WholeNumber
from .import_table import Problem, Row
from .proposal_forms import field_for
from .registry_forms import FIRST_YEAR

REQUIRED = ("regency_code", "commodity", "ikm_name", "product_name")
_NAME_AT_MOST = 160
_YES, _NO = frozenset({"ya", "1", "true", "benar"}), frozenset({"tidak", "0", "false", "salah", "bukan"})


@dataclass(frozen=True)
class Column:
    """`explains` and `example` stand in the template; `field` reads what is written, as the form of the page does."""

    explains: str
    example: str = ""
    field: forms.Field = field(default_factory=lambda: forms.CharField(max_length=100, required=False))


def _name() -> forms.Field:
    return forms.CharField(max_length=_NAME_AT_MOST)


class _YesOrNo(forms.Field):
    def to_python(self, value: Any) -> bool:
        word = str(value).casefold()
        if word not in _YES | _NO:
            raise ValidationError(f"Tuliskan ya atau tidak; tertulis “{str(value)[:40]}”.")
        return word in _YES


def _answers() -> dict[str, Column]:
    """The answers that are columns of a nomination, each with the question of the form."""
    columns = {}
    for answer in ANSWERS:
        if answer.path[0] == "answers":
            field_ = _YesOrNo(required=False) if answer.shape == "yes" else field_for(answer)
            columns[answer.code] = Column(f"{answer.label}. {answer.asks}".strip(), field=field_)
    return columns


ANSWER_COLUMNS = _answers()
COLUMNS: Mapping[str, Column] = {
    "regency_code": Column("Kode kabupaten/kota, 4 angka. Wajib.", "3205"),
    "commodity": Column("Kelompok komoditas: kode atau namanya. Wajib.", "anyaman"),
    "ikm_name": Column("Nama IKM seperti tertulis pada NIB. Wajib.", "UD Anyaman Lestari", _name()),
    "product_name": Column("Nama produk, satu produk setiap baris. Wajib.", "Tas anyaman pandan", _name()),
    "sentra": Column("Nama sentra IKM; didaftarkan bila belum ada.", "Sentra Anyaman Rajapolah", _name()),
    "nib": Column(
        "NIB, 13 angka. Beri kolom ini format Teks, agar nol di depan tidak hilang.", "9120001020304", Nib()
    ),
    "village": Column("Desa atau kelurahan IKM.", "Sukaraja"),
    "district": Column("Kecamatan IKM.", "Cilawu"),
    "started_year": Column("Tahun mulai berproduksi.", "2009", WholeNumber(least=FIRST_YEAR, most=2100)),
    **ANSWER_COLUMNS,
}


def cleaned(row: Row, problems: list[Problem]) -> dict[str, Any]:
    """
    What the row says, column -> value, without what is empty or wrong; a Problem is added for each that is wrong.

    The place and the group are left as text: what they name is looked up for all rows together.
    """
    values = {}
    for name in REQUIRED:
        if name not in row.values and name not in row.unread:
            problems.append(Problem(row.number, name, "Kolom ini wajib diisi."))
    for name, text in row.values.items():
        try:
            values[name] = _nib(row) if name == "nib" else COLUMNS[name].field.clean(_one_line(name, text))
        except ValidationError as error:
            reason = " ".join(error.messages).replace(STORED, "")
            problems.append(Problem(row.number, name, re.sub(r" {2,}", " ", reason).strip()))
    return values


def _one_line(name: str, text: str) -> str:
    """A name or a code is one line with single spaces; an answer keeps its paragraphs."""
    return text if name in ANSWER_COLUMNS else re.sub(r"\s+", " ", text)


def _nib(row: Row) -> Any:
    """The NIB, unless a spreadsheet has made a number of it and lost digits. Raises ValidationError."""
    text = row.values["nib"]
    lost = "Beri kolom NIB format Teks, lalu isi lagi dari dokumen OSS."
    if re.fullmatch(r"[0-9.,]+\s*[eE]\s*[+-]?[0-9]+", text):
        raise ValidationError(
            f"Lembar kerja menulis NIB sebagai bilangan ({text}), jadi angkanya hilang. {lost}"
        )
    if "nib" in row.numbers:
        digits = re.sub(r"\D", "", text)
        if len(digits) < 13:
            raise ValidationError(
                f"NIB tersimpan sebagai bilangan dan tinggal {len(digits)} angka: nol di depan mungkin hilang. {lost}"
            )
        if digits.endswith("000000"):
            raise ValidationError(f"NIB tersimpan sebagai bilangan dan tampak dibulatkan ({digits}). {lost}")
    return COLUMNS["nib"].field.clean(text)
