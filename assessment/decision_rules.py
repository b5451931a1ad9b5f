"""What a decision of the plenary must be: before this session, a star of the scheme, a vote that adds up, its reason."""

from dataclasses import dataclass
from datetime import datetime

from letters.wording import instant_for_reader
from nominations.models import Nomination

from . import scoring
from .models import REASON_AT_LEAST, Decision, Plenary
from .refusals import Refused
from .sessions import before, no_quorum, not_before


@dataclass(frozen=True)
class Vote:
    """How those who stayed for the item voted."""

    in_favour: int
    against: int
    abstained: int = 0

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained


def refuse_what_is_not_to_be_decided(plenary: Plenary, nomination: Nomination) -> None:
    """No quorum, of another round, not before this session."""
    if not plenary.has_quorum:
        raise Refused("no_quorum", no_quorum(plenary))
    if nomination.round_id != plenary.round_id:
        raise Refused("other_round", f"Usulan {nomination} bukan usulan periode {plenary.round_id}.")
    if not before(plenary).filter(pk=nomination.pk).exists():
        raise Refused("not_assessed", not_before(plenary, nomination))


def refuse_what_is_no_star(star: int, form: scoring.Instrument) -> None:
    if type(star) is not int or not 0 <= star <= form.top_star:
        raise Refused("no_star", f"Bintang yang diputuskan harus 0 sampai {form.top_star}.")


def refuse_without_the_reason_it_needs(
    result: scoring.Result, star: int, reason: str, vote: Vote | None, nomination: Nomination
) -> None:
    if (why := _why_a_reason_is_needed(result, star, vote, nomination)) and len(reason) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"{why} Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")


def refuse_a_vote_that_does_not_add_up(plenary: Plenary, recused: int, vote: Vote | None) -> None:
    voters = plenary.present - recused
    if voters < 1:
        raise Refused("nobody_votes", "Tidak ada anggota yang tinggal untuk memutus usulan ini.")
    if vote is not None and (min(vote.in_favour, vote.against, vote.abstained) < 0 or vote.cast != voters):
        raise Refused(
            "votes",
            f"Jumlah suara tidak cocok: setuju {vote.in_favour}, tidak setuju {vote.against}, abstain {vote.abstained} "
            f"berjumlah {vote.cast}, sedangkan yang memutus {voters}.",
        )
    if vote is not None and vote.against * 2 > voters:
        raise Refused(
            "outvoted",
            "Lebih dari setengah yang memutus tidak setuju, sehingga keputusan ini tidak dapat dicatat.",
        )


def _why_a_reason_is_needed(
    result: scoring.Result, star: int, vote: Vote | None, nomination: Nomination
) -> str:
    if star != result.star:
        return f"Keputusan (bintang {star}) berbeda dari hitungan (bintang {result.star}); alasan masuk berita acara."
    if vote is not None and vote.in_favour * 2 <= vote.cast:
        return "Suara setuju tidak lebih dari setengah; alasan ketua masuk berita acara."
    if Decision.objects.filter(nomination=nomination, plenary__sealed_at__isnull=False).exists():
        return "Usulan ini sudah diputus sidang sebelumnya; alasan koreksi masuk berita acara."
    return ""


def refuse_what_was_recorded_meanwhile(there: Decision | None, seen: datetime | None) -> None:
    """seen: when the decision that the page showed was recorded; somebody else's newer one is not overwritten unseen."""
    if (there.recorded_at if there else None) != seen:
        raise Refused("recorded_meanwhile", _recorded_meanwhile(there))


def _recorded_meanwhile(there: Decision | None) -> str:
    if there is None:
        return "Keputusan yang tampil pada halaman Anda sudah tidak ada. Tidak ada yang berubah. Muat ulang halaman."
    return (
        f"{there.recorded_by.full_name} baru saja mencatat bintang {there.star} untuk usulan ini "
        f"({instant_for_reader(there.recorded_at)}). Keputusan Anda belum disimpan. Periksa lalu catat kembali bila perlu."
    )
