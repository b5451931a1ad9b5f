"""
The status line of an IKM, opened by a signed link without an account (/status/<token>/).

The link names the nomination and which of its links this is; both are signed. Making a new one stops those before it.
It says where the nomination stands and what comes next: no reason, no remark, no name, no number of anybody.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import Person
from audit import history
from audit.models import Entry

from . import lifecycle, rules
from .guards import Refused
from .models import Nomination, State

_SIGNER = signing.Signer(salt="nominations.status_link", sep=".")


@dataclass(frozen=True)
class Step:
    """One step of the way: done (with the instant of it), the present one, or still to come."""

    label: str
    at: datetime | None
    is_current: bool


def address_of(nomination: Nomination) -> str:
    """The path of its status page; "" where no link was made."""
    if not nomination.status_link:
        return ""
    token = _SIGNER.sign(f"{nomination.pk}-{nomination.status_link}")
    return reverse("nomination_status", args=[token])


def find(token: str) -> Nomination | None:
    """The nomination that a link opens; None for a forged, cut or stopped one."""
    try:
        pk, _, number = _SIGNER.unsign(token).partition("-")
    except signing.BadSignature:
        return None
    return Nomination.objects.with_names().filter(pk=int(pk), status_link=int(number)).first()


@transaction.atomic
def make(nomination: Nomination, *, by: Person, at: datetime) -> Nomination:
    """Make a link for the IKM; the one before stops. Raises Refused for whoever is not of the nominating office."""
    if not rules.holds_its_office(by, nomination):
        raise Refused("not_yours", f"Tautan status dibuat oleh {nomination.office}.")
    row = lifecycle.lock([nomination.pk])[0]
    row.status_link += 1
    row.save(update_fields=["status_link"])
    history.record("status_link_made", row, by=by, at=at, link=row.status_link)
    return row


_WAY: tuple[tuple[str, str], ...] = (
    ("Dikirim oleh dinas", State.SUBMITTED),
    ("Verifikasi provinsi", State.ENDORSED),
    ("Seleksi administrasi", State.ELIGIBLE),
    ("Penilaian dan pleno", State.ASSESSED),
    ("Pengumuman hasil", State.AWARDED),
)
_ENDED = (
    State.NOT_ENDORSED,
    State.INELIGIBLE,
    State.AWARDED,
    State.NOT_AWARDED,
    State.WITHDRAWN,
    State.LAPSED,
)
# At which step (from 0) a nomination waits that is in this state.
_WAITS_AT = {
    State.DRAFT: 0,
    State.SUBMITTED: 1,
    State.ENDORSED: 2,
    State.ELIGIBLE: 3,
    State.ASSESSED: 4,
    State.AWARDED: 5,
    State.NOT_AWARDED: 5,
}


def steps(nomination: Nomination) -> list[Step]:
    """The way with what is done; of one that ended early, the steps up to its end."""
    reached = _reached(nomination)
    waits_at = _waits_at(nomination)
    goes_on = nomination.state not in _ENDED
    return [
        Step(label, reached.get(state) if number < waits_at else None, goes_on and number == waits_at)
        for number, (label, state) in enumerate(_WAY)
    ]


def _waits_at(nomination: Nomination) -> int:
    if nomination.state == State.RETURNED:
        return 2 if nomination.returned_from == State.ENDORSED else 0
    if nomination.state in _WAITS_AT:
        return _WAITS_AT[State(nomination.state)]
    return {State.NOT_ENDORSED: 1, State.INELIGIBLE: 2}.get(State(nomination.state), 0)


def _reached(nomination: Nomination) -> dict[str, datetime]:
    """When it came into each state last; of the result, the same for awarded and not."""
    entries: list[Entry] = list(history.of(nomination).exclude(to_state=""))
    reached = {entry.to_state: entry.at for entry in entries}
    if State.NOT_AWARDED.value in reached:
        reached[State.AWARDED.value] = reached[State.NOT_AWARDED.value]
    return reached


_WORDS = {
    State.DRAFT: ("Sedang disusun oleh dinas", "Dinas melengkapi isian dan berkas, lalu mengirimkannya."),
    State.SUBMITTED: ("Menunggu verifikasi provinsi", "Dinas provinsi memeriksa usulan ini."),
    State.RETURNED: (
        "Sedang diperbaiki oleh dinas",
        "Ada yang perlu dilengkapi. Dinas dapat menghubungi Anda untuk berkas atau keterangan.",
    ),
    State.NOT_ENDORSED: (
        "Tidak diteruskan oleh provinsi",
        "Alasannya disampaikan kepada dinas kabupaten/kota Anda.",
    ),
    State.ENDORSED: ("Menunggu seleksi administrasi", "Kementerian Perindustrian memeriksa kelengkapannya."),
    State.ELIGIBLE: (
        "Sedang dinilai",
        "Tim penilai menilai usulan ini dan dapat mengunjungi tempat usaha Anda.",
    ),
    State.INELIGIBLE: (
        "Tidak lolos seleksi administrasi",
        "Alasan dan cara menyanggah disampaikan kepada dinas kabupaten/kota Anda.",
    ),
    State.ASSESSED: (
        "Menunggu pengumuman",
        "Penilaian selesai. Hasil diumumkan serentak dengan SK penetapan.",
    ),
    State.AWARDED: (
        "Menerima penghargaan",
        "Selamat. Piagam disampaikan melalui dinas kabupaten/kota Anda.",
    ),
    State.NOT_AWARDED: (
        "Belum menerima penghargaan",
        "Terima kasih telah ikut serta. Produk ini dapat diusulkan lagi pada periode berikutnya.",
    ),
    State.WITHDRAWN: ("Ditarik oleh dinas", "Tanyakan kepada dinas kabupaten/kota Anda."),
    State.LAPSED: (
        "Tidak terkirim sampai batas waktu",
        "Produk ini dapat diusulkan lagi pada periode berikutnya.",
    ),
}


def words(nomination: Nomination) -> tuple[str, str]:
    """Where it stands and what that means for the IKM, in a line and a sentence."""
    return _WORDS[State(nomination.state)]
