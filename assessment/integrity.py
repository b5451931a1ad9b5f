"""Does the assessment hold together? Sealed fingerprints, whole sheets, instruments as they were published."""

import hashlib
from collections.abc import Iterator

from nominations.models import Nomination, State

from . import sealed_record
from .models import Assessment, Assignment, Instrument, Plenary
from .models.instruments import canonical

_DONE = (State.ASSESSED, State.AWARDED, State.NOT_AWARDED)


def problems() -> Iterator[str]:
    """Yield one line per thing that does not hold; nothing where all is well."""
    yield from _instruments()
    yield from _sealed()
    yield from _assessed()
    yield from _sheets()


def _instruments() -> Iterator[str]:
    for instrument in Instrument.objects.order_by("pk").iterator(100):
        if hashlib.sha256(canonical(instrument.definition).encode()).hexdigest() != instrument.fingerprint:
            yield f"instrumen {instrument.group_id} versi {instrument.version}: tidak sesuai dengan sidik jarinya"
        ladders = {each.code: list(each.levels) for each in instrument.parsed().indicators}
        if ladders != instrument.ladders:
            yield f"instrumen {instrument.group_id} versi {instrument.version}: jenjang ringkas tidak sama dengan isinya"


def _sealed() -> Iterator[str]:
    for session in Plenary.objects.filter(sealed_at__isnull=False).order_by("pk"):
        if sealed_record.fingerprint(sealed_record.canonical_record(session)) != session.fingerprint:
            yield f"pleno {session.pk}: keputusan atau skor tidak sesuai dengan sidik jari berita acara"
    decided = Nomination.objects.filter(
        state__in=[State.AWARDED, State.NOT_AWARDED], assessment__isnull=False
    )
    for number in decided.exclude(decisions__plenary__sealed_at__isnull=False).values_list(
        "number", flat=True
    ):
        yield f"usulan {number}: ditetapkan tanpa keputusan pleno yang disegel"


def _assessed() -> Iterator[str]:
    """What is assessed has a whole panel with all sheets in; what is complete is assessed."""
    unfinished = Assessment.objects.filter(nomination__state__in=_DONE, completed_at=None)
    for number in unfinished.values_list("nomination__number", flat=True):
        yield f"usulan {number}: selesai dinilai, tetapi penilaiannya belum lengkap"
    early = Assessment.objects.filter(completed_at__isnull=False).exclude(nomination__state__in=_DONE)
    for number in early.values_list("nomination__number", flat=True):
        yield f"usulan {number}: penilaian lengkap, tetapi statusnya belum selesai dinilai"
    complete = (
        Assessment.objects.filter(completed_at__isnull=False).select_related("nomination").order_by("pk")
    )
    for assessment in complete.prefetch_related("assignments__office").iterator(500):
        panel = [
            one
            for one in assessment.assignments.all()
            if one.removed_at is None and one.has_conflict is not True
        ]
        if len(panel) < assessment.size or any(one.submitted_at is None for one in panel):
            yield f"usulan {assessment.nomination.number}: panel {assessment.size} penilai tidak semuanya mengirim"
        if not any(one.is_from_outside for one in panel):
            yield f"usulan {assessment.nomination.number}: panel tanpa penilai asosiasi atau perguruan tinggi"


def _sheets() -> Iterator[str]:
    """The scores that count are those of the last sheet as it was sent."""
    submitted = (
        Assignment.objects.filter(submitted_at__isnull=False)
        .select_related("assessment__nomination")
        .prefetch_related("scores", "sheets")
        .order_by("pk")
    )
    for assignment in submitted.iterator(500):
        sheets = sorted(assignment.sheets.all(), key=lambda sheet: sheet.sequence)
        stored = {score.indicator: score.points for score in assignment.scores.all()}
        if not sheets or sheets[-1].submitted_at != assignment.submitted_at or sheets[-1].scores != stored:
            number = assignment.assessment.nomination.number
            yield f"usulan {number}: skor penugasan {assignment.pk} tidak sama dengan lembar yang dikirim"
