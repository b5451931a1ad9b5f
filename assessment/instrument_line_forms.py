"""One indicator as the page of a draft reads it: what is asked, by which evidence, and the ladder."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from accounts.sent_numbers import number_in

from . import instruments
from .instrument_forms import PieceForm, area, short_text
from .instrument_shape import (
    CODE,
    CODE_AT_MOST,
    LEVEL_AT_MOST,
    LEVELS_AT_MOST,
    NAME_AT_MOST,
    NOTE_AT_MOST,
    QUESTION_AT_MOST,
    SCORE_AT_MOST,
)

# Rows for further levels that stand ready below those that are there.
SPARE_LEVELS = 2
_LEVELS_OF_A_NEW_LINE = 3
_STATUS_CHOICES = [
    ("own", "Ditetapkan Sekretariat"),
    ("published", "Terbit: seperti pada formulir Kementerian yang terbit"),
    ("default", "Bawaan portal"),
]
_FAMILIES = {"isian": "Isian usulan", "dokumen": "Dokumen", "foto": "Foto"}


class LineForm(PieceForm):
    """An indicator: what is asked, by which evidence, and the ladder; a new one brings its code as well."""

    kode = forms.CharField(
        label="Kode",
        max_length=CODE_AT_MOST,
        help_text="Tidak dapat diubah lagi: lewat kode, versi yang satu dibandingkan dengan yang lain.",
        widget=forms.TextInput(attrs={"class": "medium"}),
        error_messages={"required": "Tulis kode indikator, misalnya A.I.6."},
    )
    nama = short_text("Nama indikator", NAME_AT_MOST)
    pertanyaan = area(
        "Pertanyaan",
        QUESTION_AT_MOST,
        5,
        required=False,
        help_text="Apa yang dilihat dan bagaimana dihitung.",
    )
    bukti = forms.MultipleChoiceField(label="Bukti", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, line: Mapping[str, Any], is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line, self.is_new = line, is_new
        if not is_new:
            del self.fields["kode"]
        stored = list(line.get("levels") or ())
        self._count = self._rows_sent(max(len(stored), _LEVELS_OF_A_NEW_LINE if is_new else 0))
        for row in range(self._count + SPARE_LEVELS):
            level = stored[row] if row < len(stored) else {"score": None, "text": ""}
            self._add_row(row, level, is_spare=row >= self._count)
        self.fields["asal"] = forms.ChoiceField(
            label="Asal bunyi", choices=_STATUS_CHOICES, help_text="Tampil pada halaman instrumen."
        )
        self.fields["sumber"] = area("Sumber", NOTE_AT_MOST, 2, required=False)
        self.fields["catatan"] = area("Catatan", NOTE_AT_MOST, 2, required=False)
        self.fields["bukti"].choices = _evidence_choices(line.get("evidence") or ())
        self.initial = {
            **self.initial,
            "kode": line.get("code", ""),
            "nama": line.get("name", ""),
            "pertanyaan": line.get("question") or "",
            "bukti": list(line.get("evidence") or ()),
            "asal": line.get("status") or "own",
            "sumber": line.get("source") or "",
            "catatan": line.get("note") or "",
        }

    def _rows_sent(self, count: int) -> int:
        """How many rows the page showed as levels that are there; a page from before a change shows its own number."""
        sent = number_in(self.data.get("jenjang")) if self.is_bound else None
        return count if sent is None else min(sent, LEVELS_AT_MOST)

    def _add_row(self, row: int, level: Mapping[str, Any], *, is_spare: bool) -> None:
        number, words = row + 1, "tambahan " if is_spare else ""
        self.fields[f"skor_{row}"] = forms.IntegerField(
            label=f"Skor jenjang {words}{number}",
            initial=level["score"],
            required=not is_spare,
            min_value=0,
            max_value=SCORE_AT_MOST,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short angka"}),
            error_messages={
                "invalid": "Tulis skor dengan angka bulat, misalnya 3.",
                "required": f"Tulis skor jenjang {number}.",
            },
        )
        self.fields[f"kalimat_{row}"] = area(
            f"Kalimat jenjang {words}{number}", LEVEL_AT_MOST, 3, initial=level["text"], required=not is_spare
        )
        if not is_spare:
            self.fields[f"hapus_{row}"] = forms.BooleanField(label=f"Hapus jenjang {number}", required=False)

    # --- for the page ------------------------------------------------------------------------------------------
    @property
    def level_count(self) -> int:
        return self._count

    def rows(self) -> list[tuple[int, list[BoundField]]]:
        """The levels that are there: number and fields."""
        return [
            (row + 1, [self[f"skor_{row}"], self[f"kalimat_{row}"], self[f"hapus_{row}"]])
            for row in range(self._count)
        ]

    def spare_rows(self) -> list[tuple[int, list[BoundField]]]:
        more = range(self._count, self._count + SPARE_LEVELS)
        return [(row + 1, [self[f"skor_{row}"], self[f"kalimat_{row}"]]) for row in more]

    @property
    def spare_is_open(self) -> bool:
        """Whether something was typed there, or is wrong there: then it is shown unfolded."""
        return any(field.value() or field.errors for _, fields in self.spare_rows() for field in fields)

    @property
    def evidence_chosen(self) -> int:
        return len(self["bukti"].value() or ())

    # --- what was sent -----------------------------------------------------------------------------------------
    def clean_kode(self) -> str:
        code = str(self.cleaned_data["kode"])
        if not CODE.fullmatch(code):
            raise ValidationError(
                "Kode memakai huruf, angka, titik, garis, atau garis bawah, misalnya A.I.6."
            )
        return code

    def clean(self) -> dict[str, Any]:
        self._levels = self._existing_levels()
        for row in range(self._count, self._count + SPARE_LEVELS):
            self._take_spare(row)
        if len(self._levels) < 2 and not self.errors:
            raise ValidationError("Indikator perlu paling sedikit dua jenjang.")
        return self.cleaned_data

    def _existing_levels(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for row in range(self._count):
            if self.cleaned_data.get(f"hapus_{row}"):
                for name in (f"skor_{row}", f"kalimat_{row}"):
                    self.errors.pop(name, None)
                continue
            score = self.cleaned_data.get(f"skor_{row}")
            if score is None:
                continue
            if found and score <= found[-1]["score"]:
                self.add_error(
                    f"skor_{row}",
                    f"Skor {score} harus lebih tinggi daripada skor jenjang sebelumnya ({found[-1]['score']}).",
                )
                continue
            found.append({"score": score, "text": self.cleaned_data.get(f"kalimat_{row}", "")})
        return found

    def _take_spare(self, row: int) -> None:
        """A further level goes where its score belongs."""
        score, text = self.cleaned_data.get(f"skor_{row}"), self.cleaned_data.get(f"kalimat_{row}")
        if f"skor_{row}" in self.errors or f"kalimat_{row}" in self.errors or (score is None and not text):
            return
        if score is None:
            self.add_error(f"skor_{row}", "Tulis skor jenjang ini.")
        elif not text:
            self.add_error(f"kalimat_{row}", "Tulis kalimat jenjang ini.")
        elif any(level["score"] == score for level in self._levels):
            self.add_error(f"skor_{row}", f"Skor {score} sudah dipakai jenjang lain.")
        else:
            self._levels.append({"score": score, "text": text})
            self._levels.sort(key=lambda level: int(level["score"]))

    def line(self) -> dict[str, Any]:
        """The indicator as it was sent, as the form of an instrument writes it."""
        data, line = self.cleaned_data, dict(self._line)
        if self.is_new:
            line["code"] = data["kode"]
        line["name"], line["levels"], line["max"] = data["nama"], self._levels, self._levels[-1]["score"]
        chosen = set(data["bukti"])
        kept = [key for key in self._line.get("evidence") or () if key in chosen]
        added = [key for key in data["bukti"] if key not in kept]
        for key, value in (
            ("question", data["pertanyaan"]), ("evidence", kept + added), ("status", data["asal"]),
            ("source", data["sumber"]), ("note", data["catatan"]),
        ):  # fmt: skip
            # What was left out or null and stays empty is no change.
            if value != (line.get(key) or type(value)()):
                line[key] = value
        return line


def _evidence_choices(chosen: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The evidence that the portal knows, by kind; what the line names beyond that stands last, to be kept or not."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, label in instruments.evidence_names().items():
        family = _FAMILIES.get(key.partition(":")[0], "Lainnya")
        groups.setdefault(family, []).append((key, label))
    unknown = [(key, key) for key in chosen if not instruments.is_known_evidence(key)]
    return [*groups.items(), *([("Tidak dikenal portal", unknown)] if unknown else [])]
