"""
One candidate of the demo, from the registry to the plenary: each step is a function of the rooms, done by whom it is for.

Every step asks first whether it was taken: an interrupted demo is gone on with, and what somebody did meanwhile on the
pages is left as it is.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Person
from assessment import assignment, declarations, sheets
from assessment.models import Assignment, Instrument
from files import intake
from files.models import StoredFile
from nominations import completeness, documents, drafts, endorsing, lifecycle, registry, screening
from nominations.models import (
    CommodityGroup,
    DocumentKind,
    Ikm,
    Nomination,
    Phase,
    Product,
    ProvinceAnswer,
    Round,
    Sentra,
    State,
    Verdict,
)
from regions.models import Regency

from . import facts, objecting, papers
from .facts import Candidate
from .people import person
from .phases import keep_open

# How far a candidate is brought (facts.RUNNING), in order, each with the state in which its step is taken.
_GOALS = ("draft", "submitted", "endorsed", "eligible", "assigned", "scoring", "assessed")
_SENTRA_DECREE_DATE = date(2020, 2, 3)


class CannotMake(Exception):
    """Something real stands where the demo would be; nothing of it is touched."""


def bring(candidate: Candidate, round_: Round, *, to: str) -> Nomination:
    """
    Bring the nomination of a candidate as far as `to` (one of _GOALS, "returned" or "objected"); return it as it stands
    then.

    Raises CannotMake, or what the rooms refuse.
    """
    nomination = _begun(candidate, round_)
    if nomination.state == State.DRAFT:
        _fill(nomination, candidate, whole=to != "draft")
    goal = {"returned": "submitted", "objected": "endorsed"}.get(to, to)
    for step in _GOALS[1 : _GOALS.index(goal) + 1]:
        nomination = Nomination.objects.with_names().get(pk=nomination.pk)
        _STEPS[step](nomination, candidate)
    if to == "returned":
        _send_back(nomination)
    if to == "objected":
        objecting.refuse(nomination)
        objecting.object_to_it(nomination)
    return Nomination.objects.with_names().get(pk=nomination.pk)


# --- Registry and draft ----------------------------------------------------------------------------------------
def _begun(candidate: Candidate, round_: Round) -> Nomination:
    officer = person(f"dinas.{candidate.regency}")
    product = _product(candidate, officer)
    there = Nomination.objects.filter(round=round_, product=product).order_by("-pk").first()
    if there is not None:
        return there
    keep_open(round_, Phase.Kind.NOMINATION)
    return drafts.begin(product, round_=round_, by=officer, at=timezone.now())


def _product(candidate: Candidate, officer: Person) -> Product:
    regency = Regency.objects.get(pk=candidate.regency)
    ikm = Ikm.objects.select_related("regency", "sentra").filter(nib=candidate.nib).first()
    if ikm is not None and not ikm.is_example:
        raise CannotMake(f"the NIB of the demo's {candidate.ikm} belongs to a real IKM")
    if ikm is None:
        values = {
            "name": candidate.ikm,
            "nib": candidate.nib,
            "sentra": _sentra(candidate, regency, officer),
            "village": candidate.village,
            "district": candidate.district,
            "started_year": candidate.started_year,
            "is_example": True,
        }
        ikm = registry.register_ikm(values, regency=regency, by=officer, at=timezone.now())
    group = CommodityGroup.objects.get(pk=candidate.group)
    return ikm.products.filter(name=candidate.product).first() or registry.register_product(
        ikm, name=candidate.product, group=group, by=officer, at=timezone.now()
    )


def _sentra(candidate: Candidate, regency: Regency, officer: Person) -> Sentra:
    there = Sentra.objects.filter(regency=regency, name=candidate.sentra).first()
    if there is not None:
        return there
    values = {
        "name": candidate.sentra,
        "village": candidate.village,
        "district": candidate.district,
        "decree_number": f"CONTOH/{candidate.regency}/{slugify(candidate.sentra)[:40]}",
        "decree_date": _SENTRA_DECREE_DATE,
        "is_example": True,
    }
    return registry.register_sentra(values, regency=regency, by=officer, at=timezone.now())


def _fill(nomination: Nomination, candidate: Candidate, *, whole: bool) -> None:
    """Answers and documents of a draft; one that stays a draft has only begun."""
    officer = person(f"dinas.{candidate.regency}")
    if nomination.version == 1:
        answers = _answers(candidate) if whole else {"raw_material": candidate.raw_material}
        drafts.save_answers(nomination, answers, version=1, by=officer, at=timezone.now())
    nomination = Nomination.objects.select_related("office", "product__ikm__sentra").get(pk=nomination.pk)
    there = set(nomination.document_links.values_list("document__kind", flat=True))
    for requirement in completeness.requirements_for(nomination):
        kinds = list(requirement.accepts.all())
        if kinds and not there & {kind.pk for kind in kinds} and (whole or requirement.pk == "nib"):
            _give(nomination, kinds[0], candidate, officer)


def _answers(candidate: Candidate) -> dict[str, Any]:
    return {
        "raw_material": candidate.raw_material,
        "local_content": candidate.local_content,
        "value_added": "Nilai tambah sekitar 60 persen dari nilai penjualan (data contoh).",
        "capacity": f"Sekitar {candidate.workers * 20} satuan setiap bulan, mutu diperiksa sebelum dikemas (data contoh).",
        "workers": candidate.workers,
        "environment": "Sisa bahan dipakai kembali; limbah cair diendapkan sebelum dibuang (data contoh).",
        "design": "Desain sendiri; kemasan diperbarui setiap tahun (data contoh).",
        "marketing": candidate.marketing,
        "story": candidate.story,
    }


def _give(nomination: Nomination, kind: DocumentKind, candidate: Candidate, officer: Person) -> None:
    """One document of this kind: what its holder has already, except the letter, which belongs to its round."""
    if kind.holder == DocumentKind.Holder.SENTRA and (
        used := documents.of_its_holders(nomination).filter(kind=kind).first()
    ):
        documents.use(nomination, used, by=officer, at=timezone.now())
        return
    number = _number(kind, nomination, candidate)
    name = (
        f"contoh-{kind.pk}-{nomination.round_id}-{slugify(candidate.ikm)}.{'jpg' if kind.is_photo else 'pdf'}"
    )
    today = timezone.localdate()
    documents.attach(
        nomination,
        kind=kind,
        file=_file(name, kind, candidate, number, officer),
        details=documents.Details(
            number=number,
            issuer="" if kind.is_photo else "Penerbit contoh",
            issued_on=None if kind.is_photo else today,
            expires_on=today + timedelta(days=5 * 365) if kind.has_expiry else None,
            caption=f"{candidate.product} (data contoh)" if kind.is_photo else "",
        ),
        by=officer,
        at=timezone.now(),
    )


def _file(name: str, kind: DocumentKind, candidate: Candidate, number: str, officer: Person) -> StoredFile:
    """The file as it was taken in; one that an interrupted demo left without its document is used."""
    left = StoredFile.objects.filter(uploaded_by=officer, original_name=name, documents=None)
    if there := left.exclude(state=StoredFile.State.REFUSED).order_by("pk").first():
        return there
    if kind.is_photo:
        content = papers.photo(candidate.product, candidate.group)
    else:
        lines = [f"Nomor: {number}"] if number else []
        lines += [f"IKM: {candidate.ikm}", f"Produk: {candidate.product}", f"Sentra: {candidate.sentra}"]
        content = papers.document(kind.name, lines)
    return intake.accept(ContentFile(content, name=name), by=officer, at=timezone.now())


def _number(kind: DocumentKind, nomination: Nomination, candidate: Candidate) -> str:
    if not kind.has_number:
        return ""
    sentra = nomination.product.ikm.sentra
    if kind.pk == "nib":
        return candidate.nib
    if kind.pk == "sk_sentra" and sentra is not None:
        return sentra.decree_number
    return f"CONTOH/{kind.pk}/{nomination.pk}"


# --- The way to the ministry -----------------------------------------------------------------------------------
def _submit(nomination: Nomination, candidate: Candidate) -> None:
    if nomination.state == State.DRAFT:
        keep_open(nomination.round, Phase.Kind.NOMINATION)
        officer = person(f"dinas.{candidate.regency}")
        lifecycle.perform("submit", nomination, by=officer, at=timezone.now())


def _endorse(nomination: Nomination, candidate: Candidate) -> None:
    if nomination.state == State.SUBMITTED:
        keep_open(nomination.round, Phase.Kind.ENDORSEMENT)
        answers = dict.fromkeys(ProvinceAnswer.Question.values, (Verdict.MET.value, ""))
        officer = person(f"provinsi.{candidate.regency[:2]}")
        endorsing.decide("endorse", nomination, answers=answers, by=officer, at=timezone.now())


def _send_back(nomination: Nomination) -> None:
    """The province asks for more, once."""
    nomination.refresh_from_db()
    if nomination.state != State.SUBMITTED or nomination.submissions.count() > 1:
        return
    keep_open(nomination.round, Phase.Kind.ENDORSEMENT)
    answers = dict.fromkeys(ProvinceAnswer.Question.values, (Verdict.MET.value, ""))
    answers[ProvinceAnswer.Question.ANSWERS.value] = (Verdict.UNCERTAIN.value, "Pemasaran terlalu singkat.")
    endorsing.decide(
        "return_to_dinas",
        nomination,
        answers=answers,
        by=person(f"provinsi.{nomination.office.code[:2]}"),
        at=timezone.now(),
        reason="Isian pemasaran belum menjelaskan pasar dan kesinambungan pesanan (contoh).",
        due_at=timezone.now() + timedelta(days=7),
        remarks={"marketing": "Jelaskan pasar, cara menjual, dan apakah pesanan berlanjut."},
    )


def _find_eligible(nomination: Nomination, candidate: Candidate) -> None:
    if nomination.state != State.ENDORSED:
        return
    keep_open(nomination.round, Phase.Kind.SCREENING)
    secretary = person("sekretariat")
    if not hasattr(nomination, "sample"):
        screening.receive_sample(
            nomination,
            code=f"CONTOH-{nomination.number}",
            received_on=timezone.localdate(),
            condition="Utuh, kemasan baik (data contoh)",
            by=secretary,
            at=timezone.now(),
        )
    for line in screening.checklist(nomination, on=timezone.localdate()):
        if line.check is None:
            screening.decide(nomination, line.requirement, Verdict.MET, "", by=secretary, at=timezone.now())
    lifecycle.perform("declare_eligible", nomination, by=secretary, at=timezone.now())


# --- Assessment ------------------------------------------------------------------------------------------------
def _assign(nomination: Nomination, candidate: Candidate) -> None:
    if nomination.state == State.ELIGIBLE and not hasattr(nomination, "assessment"):
        people = [person(f"penilai{number}") for number in facts.PANELS[candidate.group]]
        assignment.assign(nomination, people, by=person("sekretariat"), at=timezone.now())


def _all_but_the_first_score(nomination: Nomination, candidate: Candidate) -> None:
    for place, one in enumerate(_panel(nomination)):
        if place:
            _score(one, place, candidate)


def _all_score(nomination: Nomination, candidate: Candidate) -> None:
    for place, one in enumerate(_panel(nomination)):
        _score(one, place, candidate)


def _panel(nomination: Nomination) -> list[Assignment]:
    if nomination.state != State.ELIGIBLE:
        return []
    return list(Assignment.objects.active().filter(assessment__nomination=nomination).order_by("pk"))


def _score(one: Assignment, place: int, candidate: Candidate) -> None:
    """Pact, declaration, sheet, sent: as far as it is not done yet."""
    if one.submitted_at is not None:
        return
    one = Assignment.objects.with_names().get(pk=one.pk)
    assessor, nomination = one.assessor, one.assessment.nomination
    keep_open(nomination.round, Phase.Kind.ASSESSMENT)
    declarations.sign_pact(assessor, nomination.round, at=timezone.now())
    if one.has_conflict is None:
        declarations.declare(one, has_conflict=False, by=assessor, at=timezone.now())
    is_of_2018 = candidate in facts.FOUR_OF_2018
    marks = _five_stars if is_of_2018 else _four_stars
    sheets.save(one, marks(one.assessment.instrument, place), by=assessor, at=timezone.now())
    sheets.submit(one, by=assessor, at=timezone.now())


def _five_stars(instrument: Instrument, place: int) -> dict[str, sheets.Answer]:
    """The highest level nearly everywhere; each of the panel sees another tenth of the lines one level lower."""
    return {
        code: sheets.Answer(ladder[-2], "Contoh catatan: satu tingkat di bawah yang tertinggi.")
        if number % 10 == 3 * place
        else sheets.Answer(ladder[-1])
        for number, (code, ladder) in enumerate(sorted(instrument.ladders.items()))
    }


def _four_stars(instrument: Instrument, place: int) -> dict[str, sheets.Answer]:
    """A good producer: a third of the lines one level lower, and one line on which the panel differs widely."""
    answers = {
        code: sheets.Answer(ladder[-2] if number % 3 == place else ladder[-1])
        for number, (code, ladder) in enumerate(sorted(instrument.ladders.items()))
    }
    code = min(instrument.ladders)
    lowest, highest = instrument.ladders[code][0], instrument.ladders[code][-1]
    answers[code] = sheets.Answer(
        highest if place else lowest, "Contoh catatan: dasar skor ini perlu dibahas."
    )
    return answers


_STEPS: dict[str, Callable[[Nomination, Candidate], None]] = {
    "submitted": _submit,
    "endorsed": _endorse,
    "eligible": _find_eligible,
    "assigned": _assign,
    "scoring": _all_but_the_first_score,
    "assessed": _all_score,
}
