"""What every act on a visit asks first: its lock, whether it is over, whether the plenary has decided."""

from letters.wording import instant_for_reader
from nominations import lifecycle

from .access import WHILE
from .models import Assessment, Visit
from .refusals import Refused


def lock(visit: Visit) -> Visit:
    """The nomination first, as the plenary does: who decides and who verifies take turns."""
    lifecycle.lock([visit.assessment.nomination_id])
    return (
        Visit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("assessment__nomination", "assessment__instrument")
        .get(pk=visit.pk)
    )


def refuse_an_end(visit: Visit) -> None:
    if visit.state == Visit.State.DONE and visit.received_at:
        raise Refused(
            "finished",
            f"Kunjungan ini sudah selesai dan terkunci {instant_for_reader(visit.received_at)}. Yang belum terkirim "
            "tidak disimpan di server; salin bila perlu.",
        )
    if visit.state == Visit.State.CANCELLED:
        raise Refused(
            "cancelled", "Kunjungan ini dibatalkan oleh Sekretariat. Yang belum terkirim tidak disimpan."
        )


def refuse_what_is_over(assessment: Assessment) -> None:
    decided = assessment.nomination.decisions.select_related("plenary").order_by("pk").last()
    if decided is not None:
        word = "menyegel" if decided.plenary.sealed_at else "mencatat"
        raise Refused(
            "decided",
            f"Sidang pleno sudah {word} keputusan atas usulan ini. Verifikasi lapangan tidak dapat diubah lagi; yang "
            "belum terkirim tidak disimpan di server. Salin bila perlu.",
        )
    if assessment.nomination.state not in WHILE:
        raise Refused("wrong_state", "Usulan ini tidak sedang dinilai. Tidak ada yang disimpan.")
