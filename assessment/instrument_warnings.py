"""What a person should look at before a form is published, and may leave: warnings, never errors."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from . import instruments
from .instruments import lines

# Words that two assessors read in two ways (fixtures/instruments/README.md, "Rules").
VAGUE = (
    "baik", "bagus", "cukup", "memadai", "optimal", "layak", "signifikan", "relatif", "sebagian besar", "hampir",
    "sering", "jarang", "beberapa",
)  # fmt: skip
_VAGUE = re.compile(rf"\b({'|'.join(VAGUE)})\b", re.I)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Remark:
    """`code`: the indicator it concerns, or a part; `text`: a sentence."""

    code: str
    text: str
    is_line: bool = True


def of(form: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> list[Remark]:
    """
    Return what a reader may stumble over, in the order of the form.

    before: the version in force; vague words and the mark "Terbit" are asked of lines that differ from it alone.
    """
    known = {line["code"]: line for line in lines(before)} if before else {}
    found = list(_of_parts(form))
    for line in lines(form):
        found += [Remark(line["code"], text) for text in _of_line(line)]
        if line != known.get(line["code"]):
            found += [Remark(line["code"], text) for text in _of_new_words(line, known.get(line["code"]))]
    return found


def _of_parts(form: Mapping[str, Any]) -> Iterator[Remark]:
    for part in form["parts"]:
        maxima = sum(line["max"] for section in part["sections"] for line in section["indicators"])
        if Fraction(part["weight"]) != maxima:
            weight = instruments.comma(part["weight"])
            yield Remark(
                part["code"],
                f"Bagian {part['code']}: skor tertinggi berjumlah {maxima}, bobotnya {weight}. Satu skor tidak sama dengan "
                "satu dari 100 angka.",
                is_line=False,
            )


def _of_line(line: Mapping[str, Any]) -> Iterator[str]:
    where = f"Indikator {line['code']}"
    if not (line.get("question") or "").strip():
        yield f"{where}: pertanyaan belum diisi."
    evidence = line.get("evidence") or ()
    if not evidence:
        yield f"{where}: bukti belum disebut."
    unknown = [key for key in evidence if not instruments.is_known_evidence(key)]
    if unknown:
        yield f"{where}: bukti {', '.join(unknown)} tidak ada dalam daftar bukti portal."
    if line["max"] > instruments.HIGHEST_KEY:
        yield (
            f"{where} mempunyai skor di atas {instruments.HIGHEST_KEY}: dipilih dengan tombol panah, bukan angka."
        )
    seen: dict[tuple[str, ...], int] = {}
    for level in line["levels"]:
        words = tuple(sorted(_WORD.findall(level["text"].casefold())))
        if words in seen:
            yield f"{where}: jenjang {seen[words]} dan {level['score']} terbaca sama."
        seen.setdefault(words, level["score"])


def _of_new_words(line: Mapping[str, Any], was: Mapping[str, Any] | None) -> Iterator[str]:
    where = f"Indikator {line['code']}"
    for level in line["levels"]:
        words = list(dict.fromkeys(word.lower() for word in _VAGUE.findall(level["text"])))
        if words:
            quoted = ", ".join(f'"{word}"' for word in words)
            yield f"{where}, jenjang {level['score']}: {quoted} dapat dibaca berbeda oleh dua penilai."
    if line.get("status") == "published" and (
        was is None or (was["name"], was["levels"]) != (line["name"], line["levels"])
    ):
        yield f'{where}: bunyinya berubah, tetapi masih bertanda "{instruments.STATUS_WORDS["published"]}".'
