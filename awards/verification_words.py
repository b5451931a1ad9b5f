"""What a verdict says, word for word (interface.md 3): on the page, and in the answer to a file that was dropped on it."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import certificate_text, changing, reissue
from .models import Certificate
from .verification import Answer, Verdict


@dataclass(frozen=True)
class Words:
    """
    tone: of the tint (baik, galat, hati, netral); icon: of partials/symbols.html; title: the short one of the tab;
    reason: as an official wrote it, in Indonesian.
    """

    tone: str
    icon: str
    title: str
    heading: str
    text: str
    reason: str = ""


def words_for(answer: Answer) -> Words:
    """The verdict on a code."""
    award = answer.certificate.award if answer.certificate else None
    if award is None:
        return Words(
            "netral",
            "i-info",
            _("Kode tidak ditemukan"),
            _("Kode ini tidak ada dalam catatan kami."),
            _("Periksa kembali 16 huruf dan angkanya. Bila tetap tidak ditemukan, laporkan kepada kami."),
        )
    if answer.verdict is Verdict.REVOKED and award.revoked_at:
        return Words(
            "galat",
            "i-cross",
            _("Piagam telah dicabut"),
            _("Piagam dengan kode ini telah dicabut pada {date} dengan {decree}.").format(
                date=_day(award.revoked_at),
                decree=_decree(award.revocation_decree, award.revoked_at),
            ),
            "",
            award.revocation_reason,
        )
    if answer.verdict is Verdict.REPLACED:
        return Words(
            "hati",
            "i-warning",
            _("Piagam telah diganti"),
            _("Piagam dengan kode ini telah diganti."),
            _since(answer.certificate) if answer.certificate else "",
        )
    last_day = answer.certificate.basis.valid_until if answer.certificate else None
    if answer.verdict is Verdict.EXPIRED and last_day:
        return Words(
            "hati",
            "i-clock",
            _("Piagam tidak lagi berlaku"),
            _("Piagam dengan kode ini pernah berlaku sampai {date}.").format(
                date=date_format(last_day, "j F Y")
            ),
            "",
        )
    return Words(
        "baik",
        "i-check",
        _("Piagam tercatat dan berlaku"),
        _("Piagam dengan kode ini tercatat dan berlaku."),
        _("Cocokkan isinya dengan piagam di tangan Anda; bila ada yang berbeda, piagam itu tidak asli."),
    )


def words_for_file(answer: Answer, *, wanted_code: str) -> Words:
    """
    The verdict on a file's fingerprint, beside a code that is known (`wanted_code`) or alone ("").

    A file that differs is never called false: printed again, signed again or scanned, an honest one differs too.
    """
    found = answer.certificate
    if found is not None and wanted_code in ("", found.code):
        said = words_for(answer)
        more = _all_of(said, answer) if answer.verdict is not Verdict.VALID else ""
        same = _("Isi berkas ini sama dengan catatan kami.")
        return Words(said.tone, said.icon, said.title, said.heading, f"{same} {more}".strip())
    if wanted_code:
        compare = _("Bandingkan isian di bawah ini.")
        other = (
            _("Berkas ini adalah piagam lain, nomor {number}.").format(number=found.number) if found else ""
        )
        return Words(
            "hati",
            "i-warning",
            _("Isi berkas tidak sama"),
            _("Kode ini tercatat, tetapi isi berkas tidak sama dengan catatan kami."),
            f"{compare} {other}".strip(),
        )
    return Words(
        "netral",
        "i-info",
        _("Berkas tidak ditemukan"),
        _("Berkas ini tidak sama dengan berkas piagam mana pun dalam catatan kami."),
        _(
            "Berkas yang disimpan ulang, ditandatangani ulang, atau dipindai berbeda dari aslinya. "
            "Ketik kode yang tercetak pada piagam, lalu cocokkan isinya."
        ),
    )


def all_of(answer: Answer) -> str:
    """The verdict on a code in one line, for whoever reads no page."""
    words = words_for(answer)
    return f"{words.heading} {_all_of(words, answer)}".strip()


def _all_of(words: Words, answer: Answer) -> str:
    current = answer.current if answer.verdict is Verdict.REPLACED else None
    parts = [
        words.text,
        _("Piagam yang berlaku: {number}.").format(number=current.number) if current else "",
        _("Alasan: {reason}").format(reason=words.reason) if words.reason else "",
    ]
    return " ".join(part for part in parts if part)


def _since(certificate: Certificate) -> str:
    """Since when and why a paper is replaced, in the language of the page: the causes are ours, not an official's."""
    if certificate.replaced_at is None:
        return ""
    causes = {
        reissue.CAUSES[reissue.MISSPELT]: _("nama salah eja"),
        reissue.CAUSES[reissue.LEGAL_FORM]: _("perubahan bentuk badan usaha"),
        reissue.CAUSES[reissue.LOST]: _("piagam hilang atau rusak"),
    }
    cause = causes.get(certificate.replacement_reason, certificate.replacement_reason)
    changed_by = certificate.replacement_reason.removesuffix(changing.CHANGES_THE_STAR)
    if changed_by != certificate.replacement_reason:
        cause = _("{decree} mengubah bintang").format(decree=_decree(changed_by, certificate.replaced_at))
    if not cause:
        return _("Tidak berlaku sejak {date}.").format(date=_day(certificate.replaced_at))
    return _("Tidak berlaku sejak {date}: {cause}.").format(date=_day(certificate.replaced_at), cause=cause)


def _decree(said: str, at: datetime) -> str:
    """ "Keputusan Nomor 9 TAHUN 2026" as it stands in the record, in English "Decree Number 9 of 2026"."""
    found = re.fullmatch(r"Keputusan Nomor (.+)", said)
    if found is None or get_language() == "id":
        return said
    number, year = certificate_text.decree_number(found[1], localdate(at).year)
    if year is None:
        return _("Keputusan Nomor {number}").format(number=number)
    return _("Keputusan Nomor {number} Tahun {year}").format(number=number, year=year)


def _day(at: datetime) -> str:
    return date_format(localdate(at), "j F Y")


def words_for_altered(claimed: Certificate) -> Words:
    """A file that carries the code of a certificate and is not its file: altered, or saved or signed anew."""
    return Words(
        "hati",
        "i-warning",
        _("Isi berkas tidak sama"),
        _(
            "Berkas ini memuat kode piagam nomor {number}, tetapi isinya tidak sama dengan catatan kami."
        ).format(number=claimed.number),
        _(
            "Berkas itu diubah, disimpan ulang, atau ditandatangani ulang sejak diterbitkan. Cocokkan isinya dengan "
            "catatan kami; bila ada yang berbeda, piagam itu tidak asli."
        ),
    )
