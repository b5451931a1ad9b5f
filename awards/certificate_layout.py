"""
Where the lines of a certificate stand and how large they are set: every text that varies is fitted to its place.

Lengths are mm from the top left of the A4 page, sizes are points. The fixed lines are placed by certificate.css.
"""

from dataclasses import dataclass

from . import certificate_text as text
from .certificate_text import Facts
from .certificate_type import ITALIC, MM_PER_POINT, NAME, SANS, SERIF, TITLE, face, falling, fit

COLUMN, SIGNATURE, CHECK = 242.0, 100.0, 104.0
# The name stands in the middle of its place, whether it takes one line or two.
NAME_HEIGHT, NAME_LEADING = 21.0, 1.1
# Size of the words that lead to the product, in points.
LEAD = 11.0


@dataclass(frozen=True)
class Line:
    """
    One block of the page: `kind` is its class in certificate.css, `lead` stands before it in the regular face, and it
    begins `below` mm under the top of its place.
    """

    kind: str
    parts: tuple[str, ...]
    points: float
    below: float = 0
    lead: str = ""
    is_english: bool = False

    @property
    def classes(self) -> str:
        return f"{self.kind} long" if len(self.parts) > 1 else self.kind

    @property
    def style(self) -> str:
        margin = f"margin-top:{self.below:.2f}mm;" if self.below else ""
        return f"{margin}font-size:{self.points:g}pt"


def lines(facts: Facts) -> dict[str, Line]:
    """
    Return every line that varies, by its kind. Raises TooLong naming the fact that does not fit, CharactersMissing.
    """
    award = f"penerima Penghargaan {text.AWARD} Tahun {facts.round_year}"
    award_en = f"recipient of the {text.AWARD} Award {facts.round_year}"
    found = [
        _name(facts),
        _line("place", "place_name", f"{facts.place_name}, {facts.province_name}", SERIF, 12, 9),
        _product(facts),
        _line("commodity", "commodity_name", f"kelompok komoditas {text.commodity(facts)},", SERIF, 11, 8),
        _english(
            "product-en",
            "product_name",
            f"for the product {facts.product_name}, commodity group {facts.commodity_name_en},",
            10,
        ),
        _line("award", "round_year", f"sebagai {award}", SERIF, 12, 10),
        _line("star-words", "star", f"dengan klasifikasi {text.stars(facts)}", SERIF, 14, 12),
        _english("award-en", "star", f"{award_en}, rated {text.stars_en(facts)}", 10),
        _line("decree", "decree_number", f"berdasarkan {text.decree(facts)}", SERIF, 10, 8),
        _english("decree-en", "decree_number", f"pursuant to {text.decree_en(facts)}", 9.5),
        *([_further(facts)] if facts.words else []),
        _signature(
            "signed-at", "issued_place", f"{facts.issued_place}, {text.day(facts.issued_date)}", SERIF, 10.5
        ),
        _signature("office", "signatory_office", f"{facts.signatory_office},", SERIF, 10.5),
        _signature("signatory", "signatory_name", facts.signatory_name, TITLE, 12),
        _small("address", "host", f"{facts.host}/verifikasi/", CHECK, 8.5),
        _small("foot", "instrument", _foot(facts), COLUMN, 6.5),
    ]
    return {line.kind: line for line in found}


def _name(facts: Facts) -> Line:
    """28 points down to 22 in one line, then two lines of 26 down to 18, in the middle of its place."""
    fitted = fit(
        facts.ikm_name,
        field="ikm_name",
        name=NAME,
        width=COLUMN,
        sizes=falling(28, 22),
        two_lines=falling(26, 18),
    )
    height = len(fitted.lines) * fitted.points * MM_PER_POINT * NAME_LEADING
    return Line("name", fitted.lines, fitted.points, below=(NAME_HEIGHT - height) / 2)


def _product(facts: Facts) -> Line:
    """The product alone, beside the words that lead to it."""
    lead = "atas produk "
    fitted = fit(
        facts.product_name,
        field="product_name",
        name=TITLE,
        width=COLUMN - face(SERIF).width(lead, LEAD),
        sizes=falling(15, 9.5),
        two_lines=falling(9, 7.5),
    )
    return Line("product", fitted.lines, fitted.points, lead=lead)


def _line(kind: str, field: str, words: str, name: str, largest: float, smallest: float) -> Line:
    fitted = fit(words, field=field, name=name, width=COLUMN, sizes=falling(largest, smallest))
    return Line(kind, fitted.lines, fitted.points)


def _english(kind: str, field: str, words: str, largest: float) -> Line:
    fitted = fit(
        words,
        field=field,
        name=ITALIC,
        width=COLUMN,
        sizes=falling(largest, 7.5),
        two_lines=falling(7, 6.5),
    )
    return Line(kind, fitted.lines, fitted.points, is_english=True)


def _further(facts: Facts) -> Line:
    """What the design says besides, both languages in one line: its English follows in italics, so it is measured so."""
    fitted = fit(
        f"{facts.words} / {facts.words_en}", field="words", name=SERIF, width=COLUMN, sizes=falling(9, 6.5)
    )
    return Line("further", (facts.words, facts.words_en), fitted.points)


def _signature(kind: str, field: str, words: str, name: str, largest: float) -> Line:
    fitted = fit(
        words, field=field, name=name, width=SIGNATURE, sizes=falling(largest, 9), two_lines=falling(9, 7.5)
    )
    return Line(kind, fitted.lines, fitted.points)


def _small(kind: str, field: str, words: str, width: float, largest: float) -> Line:
    fitted = fit(
        words,
        field=field,
        name=SANS,
        width=width,
        sizes=falling(largest, 5.5),
        two_lines=falling(min(largest - 1, 6.5), 5.5),
    )
    return Line(kind, fitted.lines, fitted.points)


def _foot(facts: Facts) -> str:
    instrument = f" · Instrumen {facts.instrument}" if facts.instrument else ""
    instrument = f"{f', menggantikan Nomor {facts.replaces}' if facts.replaces else ''}{instrument}"
    return f"Nomor {facts.number}{instrument} · Sidik data (SHA-256) {facts.fingerprint}"
