"""
Menimbang, Mengingat, Memperhatikan of a decree, its level and its place: written by the secretariat while it is a
draft, shipped where nobody wrote any. A change is a new version; what an issued decree was made of stays.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Person
from accounts.roles import Right
from audit import history
from letters import wording
from nominations.models import Round

from . import decree_names, decrees, scans
from .decrees import Refused
from .models import Decree, DecreeWording

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


@dataclass(frozen=True)
class Words:
    """What the secretariat writes: one string for each item of a list; {fields} of `values_of` in the first and third."""

    considering: Iterable[str]
    recalling: Iterable[str]
    noting: Iterable[str]
    copies_to: Iterable[str]
    certifier: str
    certifier_name: str = ""


@transaction.atomic
def write(
    decree: Decree,
    text: Words,
    *,
    level: str = "",
    place: str = "",
    seen: int | None = None,
    by: Person,
    at: datetime,
) -> DecreeWording:
    """
    Write the words of this kind of decree in its round anew, as the next version; earlier ones stay.

    level, place: of the decree, "" to leave them. seen: the version that the writer had before them (0: as shipped).
    Raises Refused: not the secretariat, issued already, written by another meanwhile, an empty Menimbang or Mengingat,
    an unknown {field}, another level for a decree that changes or revokes.
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Pertimbangan SK ditulis oleh Sekretariat.")
    decree = decrees.locked(decree)
    if decree.issued_at is not None:
        raise Refused("already_issued", "SK ini sudah ditetapkan; kata-katanya tidak dapat diubah.")
    Round.objects.select_for_update().get(pk=decree.round_id)
    if seen is not None and seen != (decree.wording.version if decree.wording else 0):
        raise Refused("changed_meanwhile", _meanwhile(decree))
    words = _proposed(decree, text, level=level, place=place)
    words.version, words.at, words.by = _next_version(decree), at, by
    words.save()
    decree.wording = words
    decree.save(update_fields=["wording", "level", "place", "signatory_office"])
    scans.detach(decree)
    history.record("write_decree_wording", decree, by=by, at=at, version=words.version, level=decree.level)
    return words


def proposed(decree: Decree, text: Words, *, level: str = "", place: str = "") -> Decree:
    """The draft as it would read with these words, for a look at it: nothing is saved. Raises as `write`."""
    decree.wording = _proposed(decree, text, level=level, place=place)
    return decree


def versions(decree: Decree) -> QuerySet[DecreeWording]:
    """What was written for this kind of decree in its round, newest first."""
    return (
        DecreeWording.objects.filter(round=decree.round_id, kind=decree.kind)
        .select_related("by")
        .order_by("-version")
    )


def _proposed(decree: Decree, text: Words, *, level: str, place: str) -> DecreeWording:
    """The words as given, unsaved, and the decree's level and place set. Raises Refused."""
    considering, recalling, noting, copies_to = (
        [line.strip() for line in lines if line.strip()]
        for lines in (text.considering, text.recalling, text.noting, text.copies_to)
    )
    if not considering or not recalling or not text.certifier.strip():
        raise Refused("incomplete", "Isi Menimbang, Mengingat, dan pejabat yang mengesahkan salinan.")
    _settle(decree, level=level, place=place)
    for line in (*considering, *noting):
        filled(line, values_of(decree))
    return DecreeWording(
        round_id=decree.round_id,
        kind=decree.kind,
        version=0,
        considering=considering,
        recalling=recalling,
        noting=noting,
        copies_to=copies_to,
        certifier=text.certifier.strip(),
        certifier_name=text.certifier_name.strip(),
    )


def _settle(decree: Decree, *, level: str, place: str) -> None:
    """Set level and place where they are given; who signs is named by the level."""
    if level and level != decree.level:
        if decree.kind != Decree.Kind.ESTABLISHING:
            raise Refused(
                "same_level",
                "SK yang mengubah atau mencabut ditetapkan oleh pejabat yang sama dengan SK semula.",
            )
        if level not in Decree.Level.values:
            raise Refused("unknown_level", "Pilih pejabat yang menetapkan SK.")
        decree.level, decree.signatory_office = level, decree_names.of(level).signatory
    if place:
        decree.place = " ".join(place.split())[:60]


def _meanwhile(decree: Decree) -> str:
    who = decree.wording.by.full_name if decree.wording and decree.wording.by else "Orang lain"
    return (
        f"{who} baru saja mengubah naskah ini. Isian Anda belum disimpan dan masih tampil di bawah; "
        "versi yang terakhir ada pada riwayat. Salin yang perlu, lalu buka halaman ini lagi."
    )


def _next_version(decree: Decree) -> int:
    last = versions(decree).first()
    return last.version + 1 if last else 1


def values_of(decree: Decree) -> dict[str, str]:
    """What the words may hold in braces, and what stands there in this decree."""
    names, plenary = decree_names.of(decree.level), decree.plenary
    sealed = plenary.sealed_at if plenary else None
    return {
        "n": wording.counted(len(decree.annex)),
        "tahun": str(decree.round_id),
        "keputusan": names.name,
        "tentang": decree_names.about(decree),
        "no_ba": plenary.minutes_number if plenary else "",
        "tgl_ba": wording.plain_date(sealed.astimezone(wording.WIB).date()) if sealed else "",
        "alasan": decree.annex[0].get("reason", "").rstrip(".") if decree.annex else "",
    }


def filled(line: str, values: dict[str, str]) -> str:
    """The line with its {fields} filled in. Raises Refused for a field that is unknown, and a brace alone."""

    def value(found: re.Match[str]) -> str:
        if found[0] not in known:
            fields = ", ".join(known)
            raise Refused("unknown_field", f"Isian {found[0]} tidak dikenal. Yang dikenal: {fields}.")
        return known[found[0]]

    known = {f"{{{name}}}": text for name, text in values.items()}
    return re.sub(r"\{[^{}]*\}|[{}]", value, line)


def keep(decree: Decree, *, at: datetime) -> None:
    """What an issued decree was made of stays: the words as shipped become a version where none was written."""
    if decree.wording is None:
        words = shipped(decree)
        words.version, words.at = _next_version(decree), at
        words.save()
        decree.wording = words
