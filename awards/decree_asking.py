"""What is asked once more before a decree is issued or published: neither can be taken back."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from letters.wording import plain_date

from . import breadcrumbs
from .models import Decree

SURE = "yakin"
_PUBLISHED = {
    Decree.Kind.ESTABLISHING: "Hasil, piagam, dan katalog langsung terlihat masyarakat, dan pesan dikirim kepada dinas.",
    Decree.Kind.CHANGING: "Bintang yang baru langsung berlaku dan terlihat masyarakat; piagam lama dinyatakan diganti.",
    Decree.Kind.REVOKING: "Penghargaan langsung dinyatakan dicabut, juga pada halaman verifikasi, dan dinas diberi tahu.",
}


def is_sure(request: HttpRequest) -> bool:
    """Whether what was read once more is sent."""
    return request.POST.get(SURE) == "ya"


def before_issuing(request: HttpRequest, decree: Decree, given: dict[str, Any]) -> HttpResponse:
    """The page between the form and the act: what was typed, and what follows. `given`: of a valid form."""
    typed = {name: value for name, value in request.POST.items() if name in given and value}
    until = f", berlaku sampai {plain_date(given['valid_until'])}" if given.get("valid_until") else ""
    return _asked(
        request,
        decree,
        title=f"Tetapkan SK Nomor {given['number']}?",
        consequence=f"Tanggal {plain_date(given['on'])}, oleh {given['signatory_name']}{until}. {_made(decree)} "
        "Sesudah ditetapkan, nomor, tanggal, nama, dan lampiran tidak dapat diubah. Belum ada yang terlihat masyarakat.",
        confirm_label="Tetapkan SK",
        hidden=[*typed.items(), (SURE, "ya")],
        cancel_url=f"{decree.get_absolute_url()}?{urlencode(typed)}",
    )


def before_publishing(request: HttpRequest, decree: Decree) -> HttpResponse:
    return _asked(
        request,
        decree,
        title=f"Umumkan Keputusan Nomor {decree.number}?",
        consequence=f"{_PUBLISHED[Decree.Kind(decree.kind)]} Pengumuman tidak dapat ditarik kembali.",
        confirm_label="Umumkan hasil",
        hidden=[(SURE, "ya")],
        cancel_url=decree.get_absolute_url(),
    )


def _made(decree: Decree) -> str:
    if decree.kind == Decree.Kind.REVOKING:
        return f"{len(decree.annex)} penghargaan dicabut begitu SK diumumkan."
    papers = sum(1 for row in decree.annex if row["star"])
    what = "penghargaan" if decree.kind == Decree.Kind.ESTABLISHING else "perubahan"
    return f"{len(decree.annex)} {what} ditetapkan dan {papers} piagam diberi nomor."


def _asked(request: HttpRequest, decree: Decree, **asked: Any) -> HttpResponse:
    breadcrumb = breadcrumbs.to_decree(decree)
    return render(request, "confirm.html", {**asked, "breadcrumb": breadcrumb})
