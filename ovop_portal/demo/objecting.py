"""The demo's refusal by two of the secretariat, and the objection of its dinas that waits for the third."""

from django.utils import timezone

from nominations import lifecycle, objections, screening
from nominations.models import Nomination, Objection, Phase, State, Verdict

from .people import person
from .phases import keep_open


def refuse(nomination: Nomination) -> None:
    """One of the secretariat proposes that it is not eligible, another decides it."""
    nomination = Nomination.objects.with_names().get(pk=nomination.pk)
    if nomination.state != State.ENDORSED:
        return
    keep_open(nomination.round, Phase.Kind.SCREENING)
    first, reason = (
        person("sekretariat"),
        "SK sentra yang dilampirkan tidak memuat desa tempat produksi (contoh).",
    )
    for line in screening.checklist(nomination, on=timezone.localdate()):
        if line.check is None:
            wrong = line.requirement.pk == "sk_sentra"
            verdict, note = (Verdict.NOT_MET, reason) if wrong else (Verdict.MET, "")
            screening.decide(nomination, line.requirement, verdict, note, by=first, at=timezone.now())
    if not hasattr(nomination, "refusal_proposal"):
        screening.propose_ineligible(nomination, by=first, at=timezone.now(), reason=reason)
    lifecycle.perform(
        "declare_ineligible", nomination, by=person("sekretariat2"), at=timezone.now(), reason=reason
    )


def object_to_it(nomination: Nomination) -> None:
    """Its dinas objects, while it still can; the third of the secretariat may answer."""
    nomination = Nomination.objects.with_names().get(pk=nomination.pk)
    stage, now = Objection.Stage.SCREENING, timezone.now()
    window = objections.window(nomination, stage)
    if window is None or not window.holds(now) or nomination.objections.exists():
        return
    objections.file_objection(
        nomination,
        stage,
        reason="Desa tempat produksi tercantum pada lampiran SK sentra, halaman terakhir berkas yang sama (contoh).",
        evidence=None,
        by=person(f"dinas.{nomination.office.code}"),
        at=now,
    )
