"""What a verdict says, word for word (interface.md 3): on the page, and in the answer to a file that was dropped on it."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from .models import Certificate
from .verification import Answer, Verdict


@dataclass(frozen=True)
class Words:
    """tone: of the tint (baik, galat, hati, netral); icon: of partials/symbols.html; title: the short one of the tab."""

    tone: str
    icon: str
    title: str
    heading: str
    text: str


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
                date=date_format(localdate(award.revoked_at), "j F Y"), decree=award.revocation_decree
            ),
            _("Alasan: {reason}").format(reason=award.revocation_reason),
        )
    if answer.verdict is Verdict.REPLACED:
        return Words(
            "hati",
            "i-warning",
            _("Piagam telah diganti"),
            _("Piagam dengan kode ini telah diganti."),
            _("Piagam yang berlaku: {number}.").format(number=answer.current.number)
            if answer.current
            else "",
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
        more = said.text if answer.verdict is not Verdict.VALID else ""
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
