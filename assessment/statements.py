"""
What an assessor signs: the pact of a round, and the statement on each nomination (documents.md 4).

The version is stored with each answer. A text that was signed is never reworded: a change is a further version.
"""

from dataclasses import dataclass

PACT_VERSION = 1
STATEMENT_VERSION = 1


@dataclass(frozen=True)
class PactText:
    opening: str
    promises: tuple[str, ...]


# Seven headings of PermenPANRB 49/2011, in our words.
PACTS: dict[int, PactText] = {
    1: PactText(
        opening="Saya, {name}, {office}, penilai Penghargaan OVOP Tahun {year}, menyatakan akan:",
        promises=(
            "mencegah dan tidak melakukan korupsi, kolusi, dan nepotisme;",
            "tidak meminta atau menerima pemberian yang berkaitan dengan tugas ini;",
            "menilai dengan jujur, terbuka, dan dapat dipertanggungjawabkan berdasarkan bukti dan instrumen;",
            "menghindari benturan kepentingan dan menyatakannya sebelum menilai;",
            "memberi teladan dalam mematuhi ketentuan;",
            "melaporkan penyimpangan yang saya ketahui dan menjaga kerahasiaan; dan",
            "menerima akibat hukum apabila melanggar pernyataan ini.",
        ),
    )
}

# The kinds of relation are those of UU 30/2014 Pasal 43: Assignment.ConflictKind.
STATEMENTS: dict[int, str] = {
    1: (
        "Hubungan yang dimaksud adalah hubungan dengan {ikm}, pemiliknya, atau pengusulnya: kepentingan pribadi atau "
        "bisnis; hubungan keluarga atau kerabat; hubungan sebagai wakil; hubungan kerja atau penghasilan; pernah "
        "memberi rekomendasi; hubungan lain yang dilarang peraturan."
    )
}


def pact(*, name: str, office: str, year: int, version: int = PACT_VERSION) -> PactText:
    """Return the pact with its blanks filled."""
    text = PACTS[version]
    return PactText(text.opening.format(name=name, office=office, year=year), text.promises)


def statement(*, ikm: str, version: int = STATEMENT_VERSION) -> str:
    return STATEMENTS[version].format(ikm=ikm)
