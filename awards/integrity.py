"""
Do the awards hold together? Totals, numbers without gap, each certificate's and decree's file against its hash, no other
files. Star labels are not kept, so there is nothing of them to compare.
"""

import hashlib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from . import certificates, decree_annex, decree_pdf
from .models import Award, Certificate, Decree, DecreeFile

_A_DAY = timedelta(days=1).total_seconds()


def problems() -> Iterator[str]:
    """Yield one line per thing that does not hold; nothing where all is well."""
    for decree in Decree.objects.select_related("round", "plenary").order_by("round"):
        yield from _of_decree(decree)
        yield from _numbers(decree)
    for award in (
        Award.objects.published()
        .filter(Q(changed_star__isnull=False) | Q(changes__isnull=False))
        .distinct()
        .order_by("pk")
    ):
        yield from _stars_in_force(award)
    for certificate in Certificate.objects.filter(rendered_at__isnull=False).order_by("pk").iterator(500):
        path = certificates.file_of(certificate)
        yield from _file(f"piagam {certificate.number}", path, certificate.sha256, certificate.size)
    for paper in DecreeFile.objects.select_related("decree", "stored").order_by("pk").iterator(500):
        yield from _paper(paper)
    yield from _orphans()


def _of_decree(decree: Decree) -> Iterator[str]:
    if decree.annex_sha256 and decree_annex.sha256_of(decree.annex) != decree.annex_sha256:
        yield f"SK {decree.pk}: lampiran tidak sesuai dengan sidik jarinya"
    if decree.issued_at is None and decree.kind == Decree.Kind.ESTABLISHING:
        yield from _totals(decree)
    if decree.issued_at is None:
        return
    if decree.kind != Decree.Kind.ESTABLISHING:
        yield from _changes(decree)
        return
    yield from _totals(decree)
    rows = {row["position"]: (row["star"], row["ikm_name"], row["product_name"]) for row in decree.annex}
    stored = {
        position: (star, ikm, product)
        for position, star, ikm, product in decree.awards.values_list(
            "position", "star", "ikm_name", "product_name"
        )
    }
    for position in sorted(rows.keys() | stored.keys()):
        if rows.get(position) != stored.get(position):
            yield f"SK {decree.pk}: penghargaan nomor urut {position} tidak sama dengan lampiran"
    # Of a round taken over only where a decision gave it certificates, and then to what stood.
    owed = Q(nomination__isnull=False) | Q(decree__late_certificates__isnull=False, revoked_at=None)
    without = Award.objects.filter(owed, decree=decree, certificates=None)
    for pk in without.values_list("pk", flat=True):
        yield f"SK {decree.pk}: penghargaan {pk} tidak mempunyai piagam"


def _totals(decree: Decree) -> Iterator[str]:
    if problem := decree_annex.totals_of(decree.annex).disagreement():
        yield f"SK {decree.pk}: {problem}"


def _changes(decree: Decree) -> Iterator[str]:
    """What a changing decree says, row by row, against what is kept of it; a revoking one has nothing kept beside it."""
    if decree.kind != Decree.Kind.CHANGING:
        return
    said = {row["position"]: (row["star_before"], row["star"]) for row in decree.annex}
    kept = {change.position: (change.star_before, change.star_after) for change in decree.award_changes.all()}
    if said != kept:
        yield f"SK {decree.pk}: perubahan bintang tidak sama dengan lampiran"


def _stars_in_force(award: Award) -> Iterator[str]:
    """The star in force is what the last published decree made of it, and what the last published session decided."""
    last = list(award.published_changes())[-1:]
    if last and last[0].star_after not in (0, award.star_in_force):
        yield f"penghargaan {award.pk}: bintang yang berlaku bukan bintang menurut SK perubahan terakhir"
    if not last and award.changed_star is not None:
        yield f"penghargaan {award.pk}: bintang berubah tanpa SK perubahan yang diumumkan"


def _numbers(decree: Decree) -> Iterator[str]:
    """1..n of the round without gap: of awards and changed stars; a reissue (/P1) takes none."""
    if decree.kind != Decree.Kind.ESTABLISHING:
        return
    numbers = Certificate.objects.filter(award__decree__round=decree.round_id).exclude(
        number__regex=r"/P\d+$"
    )
    # Whatever the pattern of the series, its count stands last (settings.CERTIFICATE_NUMBER).
    found = sorted(_count_of(number) for number in numbers.values_list("number", flat=True))
    if found != list(range(1, len(found) + 1)):
        missing = sorted(set(range(1, max(found) + 1)) - set(found))
        yield f"SK {decree.pk}: nomor piagam tidak berurutan (hilang: {missing or 'tidak ada, tetapi ganda'})"


def _count_of(number: str) -> int:
    return int(number[len(number.rstrip("0123456789")) :] or 0)


def _paper(paper: DecreeFile) -> Iterator[str]:
    """A decree's original, its salinan, or the signed one that came in (whose own row says the same hash)."""
    name = f"{paper.get_variant_display().lower()} SK {paper.decree.number}"
    if paper.stored is None:
        yield from _file(name, decree_pdf.file_of(paper), paper.sha256, paper.size)
        return
    if paper.stored.sha256 != paper.sha256:
        yield f"{name}: sidiknya bukan sidik berkas yang diunggah"
    try:
        path = paper.stored.path
    except FileNotFoundError:
        yield f"{name}: berkas tidak dapat dibaca (FileNotFoundError)"
    else:
        yield from _file(name, path, paper.sha256, paper.size)


def _file(name: str, path: Path, sha256: str, size: int | None) -> Iterator[str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        yield f"{name}: berkas tidak dapat dibaca ({type(error).__name__})"
        return
    if hashlib.sha256(data).hexdigest() != sha256 or len(data) != size:
        yield f"{name}: berkas tidak sesuai dengan catatannya"


def _orphans() -> Iterator[str]:
    """What a killed worker left beside its place a day ago or longer; a younger file may still be on its way."""
    root = Path(settings.MEDIA_ROOT)
    for folder, kept, what in (
        (certificates.FOLDER, Certificate.objects.exclude(path=""), "piagam"),
        (decree_pdf.FOLDER, DecreeFile.objects.exclude(path=""), "SK"),
    ):
        known = set(kept.order_by("pk").values_list("path", flat=True))
        for path in sorted((root / folder).rglob("*")):
            relative = str(path.relative_to(root))
            if path.is_file() and relative not in known and time.time() - path.stat().st_mtime > _A_DAY:
                yield f"berkas yatim: {relative} bukan berkas {what} mana pun"
