"""
Choosing what the certificates of a round look like: by the secretariat, seen on real data before it is kept, each
change a new version. A numbered certificate keeps the version of its time, a reissue that of the paper it replaces.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history
from files import disk, sandbox
from nominations.models import Round

from . import before_numbering, certificate_drawing, certificates, emblems
from .certificate_looks import COLOURS, FRAMES
from .certificate_page import Facts
from .certificate_text import ORNAMENTS, Unprintable
from .decrees import Refused
from .designs import Look, current, look_of, said_by
from .emblems import Checked, UnusableEmblem
from .models import CertificateDesign, Decree, Emblem

_PNG = b"\x89PNG\r\n\x1a\n"


def read_emblem(upload: File) -> Checked:
    """
    The uploaded file as an emblem: SVG as it is (emblems.check_vector), PNG made anew from its pixels in a process of
    its own, no larger than it is printed. Raises UnusableEmblem.
    """
    if (upload.size or 0) > max(emblems.VECTOR_MOST, emblems.PIXELS_MOST):
        raise UnusableEmblem(
            f"Lambang paling besar {emblems.PIXELS_MOST // 1024} KB; berkas ini {(upload.size or 0) // 1024} KB."
        )
    data = upload.read()
    if not data.startswith(_PNG):
        emblems.check_vector(data)
        return Checked(data, emblems.VECTOR)
    with disk.incoming("in") as source, disk.incoming("out") as remade:
        source.write_bytes(data)
        found = sandbox.ask("inspect", source, remade, emblems.PIXELS_HIGH)
        if "refused" in found:
            raise UnusableEmblem("Berkas lambang bukan gambar PNG yang utuh.")
        kept = remade.read_bytes()
    if len(kept) > emblems.PIXELS_KEPT_MOST:
        raise UnusableEmblem(
            f"Pada ukuran cetaknya ({found['width']} kali {found['height']} piksel) lambang ini masih "
            f"{len(kept) // 1024} KB, dan setiap piagam memuatnya; paling besar {emblems.PIXELS_KEPT_MOST // 1024} KB. "
            "Pakai SVG, atau PNG dengan latar polos."
        )
    return Checked(kept, emblems.PIXELS)


def preview(decree: Decree, look: Look, *, at: datetime) -> bytes:
    """
    The certificate with the longest name of a decree as it would look, marked "PRATINJAU"; nothing is kept.

    Raises Refused where it cannot be printed so.
    """
    try:
        return certificate_drawing.drawn(_longest(_seen(decree, look, at=at)))
    except Unprintable as problem:
        raise Refused("unprintable", problem.for_reader) from None


def write(decree: Decree, look: Look, *, seen: int, by: Person, at: datetime) -> CertificateDesign:
    """
    Keep a look as the next version for the round of this decree. `seen`: the version that the writer had before them.

    Raises Refused: not the secretariat, changed meanwhile, nothing changed, not a choice that there is, a certificate
    of the decree that could not be printed so (measured for all, drawn for the one that is longest).
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Rupa piagam diatur oleh Sekretariat.")
    _refuse_unknown(look)
    if look == look_of(current(decree.round_id)):
        raise Refused("nothing_changed", "Tidak ada yang berubah, jadi tidak ada versi baru.")
    # Drawn before anything is locked: it takes a second or two.
    _refuse_unprintable(decree, look, at=at)
    with transaction.atomic():
        design = _next_version(decree.round_id, look, seen=seen, by=by, at=at)
        history.record(
            "design_certificates", decree, by=by, at=at, version=design.version, frame=look.frame, colour=look.colour,
            emblem=design.emblem_id or "",
        )  # fmt: skip
    return design


def _next_version(year: int, look: Look, *, seen: int, by: Person, at: datetime) -> CertificateDesign:
    # Whoever writes at the same time waits here, and is then told so.
    round_ = Round.objects.select_for_update(no_key=True).get(pk=year)
    last = current(year)
    before = last.version if last else 0
    if before != seen:
        raise Refused(
            "changed_meanwhile",
            "Sementara itu ada yang mengubah rupa piagam periode ini. Isian Anda belum disimpan; "
            "periksa versi terakhir di bawah, lalu simpan lagi.",
        )
    return CertificateDesign.objects.create(
        round=round_,
        version=before + 1,
        frame=look.frame,
        ornament=look.ornament,
        colour=look.colour,
        words=look.words,
        words_en=look.words_en,
        emblem=_kept(look.emblem, by=by, at=at),
        emblem_text=look.emblem_text,
        at=at,
        by=by,
    )


def _kept(emblem: Checked | None, *, by: Person, at: datetime) -> Emblem | None:
    if emblem is None:
        return None
    given = {"data": emblem.data, "media_type": emblem.media_type, "by": by, "at": at}
    return Emblem.objects.get_or_create(sha256=emblem.sha256, defaults=given)[0]


def _refuse_unknown(look: Look) -> None:
    if look.frame not in FRAMES or look.colour not in COLOURS or look.ornament not in ("", *ORNAMENTS):
        raise Refused("unknown_look", "Pilih bingkai, ragam hias, dan warna dari daftar.")
    if bool(look.words) != bool(look.words_en):
        raise Refused("one_language", "Isi kalimat tambahan dalam kedua bahasa, atau kosongkan keduanya.")
    if (look.emblem is None) != (not look.emblem_text):
        raise Refused("emblem_undescribed", "Lambang dan keterangannya diisi bersama, atau kosong keduanya.")


def _refuse_unprintable(decree: Decree, look: Look, *, at: datetime) -> None:
    """Measured for every award of the decree, drawn for the one with the longest name."""
    facts = _seen(decree, look, at=at)
    try:
        for one in facts:
            certificates.certificate_page.check(one)
        certificate_drawing.drawn(_longest(facts))
    except Unprintable as problem:
        raise Refused("unprintable", f"Rupa ini tidak disimpan. {problem.for_reader}") from None


def _longest(papers: list[Facts]) -> Facts:
    return max(papers, key=lambda one: len(one.ikm_name))


def _seen(decree: Decree, look: Look, *, at: datetime) -> list[Facts]:
    """The certificates of a decree as they would be with this look, in the order of its annex. Raises Refused."""
    said: dict[str, Any] = {**said_by(look), "emblem": None}
    if look.emblem:
        said |= {"emblem": look.emblem.data, "emblem_text": look.emblem_text}
    papers = before_numbering.papers_to_look_at(decree, at=at)
    if not papers:
        raise Refused("no_paper", "SK ini tidak menerbitkan piagam, jadi tidak ada yang dapat dilihat.")
    return [replace(certificates.facts(paper, is_preview=True), **said) for paper in papers]
