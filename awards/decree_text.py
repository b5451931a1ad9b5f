"""
What a decree says (documents.md 7 and 9): its parts as data, for the draft, the original and the salinan alike.

Menimbang, Mengingat, Memperhatikan come from the wording of the round (DecreeWording), shipped where none was written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history
from letters import wording
from nominations.models import Round

from . import changing, decrees
from .decrees import Refused
from .models import Award, Certificate, Decree, DecreeWording

PROGRAMME = "PENGHARGAAN ONE VILLAGE ONE PRODUCT"
GENERAL = "DIREKTUR JENDERAL INDUSTRI KECIL, MENENGAH, DAN ANEKA"
_OF_MINISTER = (
    "KEPUTUSAN MENTERI PERINDUSTRIAN REPUBLIK INDONESIA",
    "Keputusan Menteri",
    "Keputusan Menteri Perindustrian",
)
_OF_GENERAL = (f"KEPUTUSAN {GENERAL}", "Keputusan Direktur Jenderal", "Keputusan Direktur Jenderal")
# To be checked at each round for amendments; the secretariat writes its own version.
RECALLING = [
    "Undang-Undang Nomor 3 Tahun 2014 tentang Perindustrian (Lembaran Negara Republik Indonesia Tahun 2014 Nomor 4, "
    "Tambahan Lembaran Negara Republik Indonesia Nomor 5492);",
    "Peraturan Pemerintah Nomor 29 Tahun 2018 tentang Pemberdayaan Industri;",
    "Peraturan Menteri Perindustrian Nomor 14 Tahun 2021;",
]
_COPIES_TO = [
    "Sekretaris Jenderal Kementerian Perindustrian;",
    "Inspektur Jenderal Kementerian Perindustrian.",
]


@dataclass(frozen=True)
class Text:
    """Everything that is printed. heading, about: capitals. annex_b: rows as dicts; recap: rows with both totals."""

    heading: str
    office: str
    signatory_lines: tuple[str, ...]
    signatory_name: str
    number: str
    about: str
    considering: list[str]
    recalling: list[str]
    noting: list[str]
    dicta: list[tuple[str, str]]
    place: str
    on: date | None
    copies_to: list[str]
    certifier: str
    certifier_name: str
    kind: str
    stars: list[int] = field(default_factory=list)
    recap: list[tuple[str, list[int], int]] = field(default_factory=list)
    recap_totals: list[int] = field(default_factory=list)
    total: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)


def text_of(decree: Decree) -> Text:
    """
    Return what this decree says. Raises Refused where parts and totals differ: the two numbers are named.
    """
    _check(decree)
    heading, short, _ = _OF_GENERAL if decree.level == Decree.Level.DIRECTOR_GENERAL else _OF_MINISTER
    words = decree.wording or shipped(decree)
    about = _about(decree)
    dicta = _DICTA[Decree.Kind(decree.kind)](decree, short)
    values = _values(decree, short, about)
    return Text(
        heading=heading,
        office=GENERAL
        if decree.level == Decree.Level.DIRECTOR_GENERAL
        else "MENTERI PERINDUSTRIAN REPUBLIK INDONESIA",
        signatory_lines=_signatory_lines(decree),
        signatory_name=decree.signatory_name.upper(),
        number=decree.number,
        about=about,
        considering=[_filled(line, values) for line in words.considering],
        recalling=list(words.recalling),
        noting=[_filled(line, values) for line in words.noting],
        dicta=[(wording.diktum(n), said) for n, said in enumerate(dicta, start=1)],
        place=decree.place,
        on=decree.date,
        copies_to=list(words.copies_to),
        certifier=words.certifier,
        certifier_name=words.certifier_name,
        kind=decree.kind,
        **_annex(decree),
    )


def shipped(decree: Decree) -> DecreeWording:
    """The words that the portal ships for this kind of decree; unsaved."""
    own = {
        Decree.Kind.ESTABLISHING: [
            "bahwa untuk mendorong pengembangan industri kecil dan industri menengah di sentra industri kecil dan industri "
            "menengah melalui One Village One Product, perlu memberikan penghargaan kepada industri kecil dan industri "
            "menengah yang memenuhi kriteria;",
            "bahwa berdasarkan hasil penilaian, terdapat {n} industri kecil dan industri menengah yang memenuhi kriteria;",
        ],
        Decree.Kind.CHANGING: [
            "bahwa sidang pleno baru telah memutus kembali hasil penetapan yang disanggah;",
            "bahwa berdasarkan keputusan sidang pleno tersebut, {n} penetapan perlu diubah;",
        ],
        Decree.Kind.REVOKING: [
            "bahwa penerima telah diberi kesempatan menyampaikan penjelasan;",
            "bahwa terdapat alasan untuk mencabut penghargaan tersebut, yaitu: {alasan};",
        ],
    }[Decree.Kind(decree.kind)]
    minutes = ["Berita Acara Sidang Pleno Nomor {no_ba} tanggal {tgl_ba};"] if decree.plenary_id else []
    return DecreeWording(
        round_id=decree.round_id,
        kind=decree.kind,
        version=0,
        considering=[
            *own,
            "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf b, perlu menetapkan {keputusan} "
            "tentang {tentang};",
        ],
        recalling=RECALLING,
        noting=minutes,
        copies_to=_COPIES_TO,
        certifier="Kepala Biro Hukum",
    )


@transaction.atomic
def write(
    decree: Decree,
    *,
    considering: Iterable[str],
    recalling: Iterable[str],
    noting: Iterable[str],
    copies_to: Iterable[str],
    certifier: str,
    certifier_name: str = "",
    by: Person,
    at: datetime,
) -> DecreeWording:
    """
    Write the words of this kind of decree in its round anew, as the next version; earlier ones stay.

    Raises Refused: not the secretariat, issued already, an empty Menimbang or Mengingat, an unknown {field}.
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Pertimbangan SK ditulis oleh Sekretariat.")
    decree = decrees.locked(decree)
    if decree.issued_at is not None:
        raise Refused("already_issued", "SK ini sudah ditetapkan; kata-katanya tidak dapat diubah.")
    lists = [
        [line.strip() for line in lines if line.strip()]
        for lines in (considering, recalling, noting, copies_to)
    ]
    if not lists[0] or not lists[1] or not certifier.strip():
        raise Refused("incomplete", "Isi Menimbang, Mengingat, dan pejabat yang mengesahkan salinan.")
    for line in (*lists[0], *lists[2]):
        _filled(line, _values(decree, "Keputusan", "X"))
    Round.objects.select_for_update().get(pk=decree.round_id)
    last = DecreeWording.objects.filter(round=decree.round_id, kind=decree.kind).order_by("-version").first()
    words = DecreeWording.objects.create(
        round_id=decree.round_id,
        kind=decree.kind,
        version=last.version + 1 if last else 1,
        considering=lists[0],
        recalling=lists[1],
        noting=lists[2],
        copies_to=lists[3],
        certifier=certifier.strip(),
        certifier_name=certifier_name.strip(),
        at=at,
        by=by,
    )
    decree.wording = words
    decree.save(update_fields=["wording"])
    history.record("write_decree_wording", decree, by=by, at=at, version=words.version)
    return words


def keep_wording(decree: Decree, *, at: datetime) -> None:
    """What an issued decree was made of stays: the words as shipped become a version where none was written."""
    if decree.wording is None:
        words = shipped(decree)
        last = (
            DecreeWording.objects.filter(round=decree.round_id, kind=decree.kind).order_by("-version").first()
        )
        words.version, words.at = (last.version + 1 if last else 1), at
        words.save()
        decree.wording = words


# --- Parts -----------------------------------------------------------------------------------------------------
def _about(decree: Decree) -> str:
    if decree.kind == Decree.Kind.REVOKING:
        return (
            f"PENCABUTAN {PROGRAMME} TAHUN {decree.round_id} ATAS NAMA {decree.annex[0]['ikm_name'].upper()}"
        )
    established = f"PENETAPAN PENERIMA {PROGRAMME} TAHUN {decree.round_id}"
    if decree.kind == Decree.Kind.CHANGING and decree.changes:
        return f"PERUBAHAN ATAS {_number_in_capitals(decree.changes)} TENTANG {established}"
    return established


def _named(decree: Decree) -> str:
    """ "Keputusan Menteri Perindustrian Nomor 14 TAHUN 2018"."""
    of_general = decree.level == Decree.Level.DIRECTOR_GENERAL
    return f"{(_OF_GENERAL if of_general else _OF_MINISTER)[2]} Nomor {decree.number}"


def _number_in_capitals(decree: Decree) -> str:
    return _named(decree).upper()


def _values(decree: Decree, short: str, about: str) -> dict[str, str]:
    plenary = decree.plenary
    return {
        "n": wording.counted(len(decree.annex)),
        "tahun": str(decree.round_id),
        "keputusan": short,
        "tentang": wording_title(about),
        "no_ba": plenary.minutes_number if plenary else "",
        "tgl_ba": wording.plain_date(plenary.sealed_at.astimezone(wording.WIB).date())
        if plenary and plenary.sealed_at
        else "",
        "alasan": decree.annex[0].get("reason", "").rstrip(".") if decree.annex else "",
    }


def wording_title(about: str) -> str:
    """The title within a sentence, each word with a capital."""
    small = {"Atas", "Nama", "Tentang"}
    words = (word if word.isdigit() or "/" in word else word.capitalize() for word in about.split())
    return " ".join(word.lower() if word in small else word for word in words)


def _filled(line: str, values: dict[str, str]) -> str:
    try:
        return line.format_map(values)
    except (KeyError, ValueError, IndexError) as error:
        raise Refused("unknown_field", f"Isian {error} pada pertimbangan tidak dikenal.") from error


def _signatory_lines(decree: Decree) -> tuple[str, ...]:
    if decree.level == Decree.Level.FOR_MINISTER:
        return ("a.n. MENTERI PERINDUSTRIAN", "REPUBLIK INDONESIA", f"{GENERAL},")
    if decree.level == Decree.Level.DIRECTOR_GENERAL:
        return (f"{GENERAL},",)
    return ("MENTERI PERINDUSTRIAN", "REPUBLIK INDONESIA,")


def _of_establishing(decree: Decree, short: str) -> list[str]:
    return [
        f"Menetapkan {wording.counted(len(decree.annex))} penerima Penghargaan One Village One Product Tahun "
        f"{decree.round_id} beserta klasifikasi bintangnya sebagaimana tercantum dalam Lampiran yang merupakan bagian "
        f"tidak terpisahkan dari {short} ini.",
        "Penerima sebagaimana dimaksud dalam Diktum KESATU diberi piagam penghargaan.",
        "Penerima dengan bintang tiga atau lebih dapat mencantumkan bintang pada kemasan produk yang ditetapkan.",
        "Pembinaan dilaksanakan oleh a. Kementerian Perindustrian untuk bintang empat dan bintang lima; b. pemerintah "
        "provinsi untuk bintang tiga; dan c. pemerintah kabupaten/kota untuk bintang satu dan bintang dua.",
        "Penghargaan dievaluasi pada periode berikutnya dan dapat dicabut sesuai dengan ketentuan peraturan "
        "perundang-undangan.",
        *([_valid(decree)] if decree.valid_until else []),
        f"{short} ini mulai berlaku pada tanggal ditetapkan.",
    ]


def _valid(decree: Decree) -> str:
    assert decree.valid_until is not None  # noqa: S101 - asked by the caller
    return f"Penghargaan berlaku sampai dengan {wording.plain_date(decree.valid_until)}."


def _of_changing(decree: Decree, short: str) -> list[str]:
    named = _named(decree.changes) if decree.changes else ""
    return [
        f"Mengubah {wording.counted(len(decree.annex))} penetapan dalam Lampiran {named} sebagaimana tercantum dalam "
        f"Lampiran yang merupakan bagian tidak terpisahkan dari {short} ini.",
        "Piagam atas bintang yang berubah diganti, dan piagam yang lama dinyatakan tidak berlaku sejak hasil ini diumumkan.",
        f"Penetapan lain dalam {named} tetap berlaku.",
        f"{short} ini mulai berlaku pada tanggal ditetapkan.",
    ]


def _of_revoking(decree: Decree, short: str) -> list[str]:
    row, named = decree.annex[0], _named(decree.changes) if decree.changes else ""
    numbers = ", ".join(row["numbers"])
    return [
        f"Mencabut Penghargaan One Village One Product Tahun {decree.round_id} atas nama {row['ikm_name']} dengan produk "
        f"{row['product_name']} sebagaimana tercantum dalam Lampiran nomor urut {row['position']} {named}.",
        *([f"Piagam Nomor {numbers} dinyatakan tidak berlaku."] if numbers else []),
        "Penerima menghentikan pencantuman bintang pada kemasan paling lambat "
        f"{wording.counted(row['packaging_days'])} hari kalender sejak {short} ini ditetapkan.",
        f"{short} ini mulai berlaku pada tanggal ditetapkan.",
    ]


_DICTA = {
    Decree.Kind.ESTABLISHING: _of_establishing,
    Decree.Kind.CHANGING: _of_changing,
    Decree.Kind.REVOKING: _of_revoking,
}


def _annex(decree: Decree) -> dict[str, Any]:
    if decree.kind == Decree.Kind.REVOKING:
        return {}
    numbers = dict(
        Certificate.objects.resting_on(decree).values_list("award__nomination", "number").order_by("version")
    )
    rows = [{**row, "number": numbers.get(row["nomination"], "")} for row in decree.annex]
    if decree.kind == Decree.Kind.CHANGING:
        return {"rows": [{**row, "words": changing.WORDS[row["change"]]} for row in rows], "total": len(rows)}
    totals = decrees.totals_of(decree.annex)
    stars = list(totals.by_star)
    return {
        "rows": rows,
        "total": totals.awards,
        "stars": stars,
        "recap": [
            (name, [counts.get(star, 0) for star in stars], sum(counts.values()))
            for name, counts in totals.by_group_and_star.items()
        ],
        "recap_totals": list(totals.by_star.values()),
    }


def _check(decree: Decree) -> None:
    """n = rows of B = grand total of A = awards of the decree."""
    if decree.kind != Decree.Kind.ESTABLISHING:
        return
    if problem := decrees.totals_of(decree.annex).disagreement():
        raise Refused("totals_disagree", problem)
    made = Award.objects.filter(decree=decree).count()
    if decree.issued_at is not None and made != len(decree.annex):
        raise Refused(
            "totals_disagree", f"Lampiran memuat {len(decree.annex)} penerima, penghargaan yang ada {made}."
        )
