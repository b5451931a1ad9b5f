"""The letters' pages as the people who write them press them: for the tests of letters."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from letters import official
from letters.models import Letter
from letters.wording import WIB
from tests.factories.files import pdf_bytes

REASON = "Nama IKM pada baris kedua keliru."
INVITATION = {
    "nomor_undangan": "B/98/IKMA.1/IND.2/I/2026",
    "tanggal_undangan": "2026-01-19",
    "pengundang": "Sekretaris Direktorat Jenderal",
    "hal_undangan": "Pengusulan Penghargaan OVOP Tahun 2026",
}
TO = {"tujuan": "Direktur Jenderal\nKementerian Perindustrian", "tembusan": "Bupati Garut"}


def text_of(answer):
    return " ".join(answer.content.decode().split())


def page_of(kind, subject):
    return reverse("letter_draft", args=[kind, str(subject)])


def drafted(client, kind, subject, **typed) -> Letter:
    """The letter that pressing "Susun konsep" made."""
    answer = client.post(page_of(kind, subject), typed)
    assert answer.status_code == 302, text_of(answer)
    return Letter.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[1])


def a_proposal(client, signs, subject="2026-3205", **changed) -> Letter:
    typed = {**INVITATION, **TO, "penanda_tangan": signs.pk, **changed}
    return drafted(client, "surat-usulan", subject, **typed)


def pressed(client, letter, step, **typed):
    return client.post(reverse("letter_step", args=[letter.pk, step]), typed)


def a_scan(name="surat.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf_bytes(), content_type="application/pdf")


def today() -> date:
    return timezone.localdate(timezone.now(), WIB)


def taken_to(
    state: str, letter: Letter, *, by: Any, number: str = "B/214/Disperindag/500.9/XI/2026"
) -> Letter:
    """Lead a draft as far as `state` with the functions of the room, a few seconds apart."""
    at = timezone.now()
    way = ["diparaf", "bernomor", "ditandatangani", "disampaikan"]
    for goal in way[: way.index(state) + 1]:
        if goal == "diparaf":
            official.initial(letter, by=by, at=at)
        elif goal == "bernomor" and letter.kind == "lembar_seleksi":
            official.assign_portal_number(letter, date=today(), by=by, at=at)
        elif goal == "bernomor":
            official.assign_number(letter, number=number, date=today(), by=by, at=at)
        elif goal == "ditandatangani":
            official.sign(letter, file=pdf_bytes(), pages=1, by=by, at=at)
        else:
            official.deliver(letter, by=by, at=at)
    return Letter.objects.get(pk=letter.pk)
