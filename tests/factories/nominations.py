"""
Rounds, producers and nominations that could exist: `NominationFactory(in_state="endorsed")` has the dates, people,
copies, findings and history that its state needs.

Instants are given relative to `at` (an hour ago): the round's phases are open around it.
"""

from datetime import date, datetime, timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts.models import Office, Person
from accounts.roles import Role
from audit import history
from files.models import StoredFile
from nominations import completeness, copies, numbering
from nominations.models import (
    Check,
    CommodityGroup,
    Document,
    DocumentKind,
    DocumentLink,
    Ikm,
    Nomination,
    Phase,
    Product,
    ProvinceAnswer,
    RefusalProposal,
    Requirement,
    Round,
    Sentra,
    State,
    Submission,
    Verdict,
)
from tests.factories.accounts import a_person, a_regency, nominating_office
from tests.factories.files import StoredFileFactory

GROUPS = {
    "makanan_minuman": ("Makanan dan minuman", "food and beverages", "makanan"),
    "kain_tenun": ("Kain tenun", "woven fabric", "tenun"),
    "kain_batik": ("Kain batik", "batik", "batik"),
    "anyaman": ("Anyaman", "plaited work", "anyaman"),
    "gerabah": ("Gerabah", "pottery", "gerabah"),
}
REASON = "Nomor SK sentra pada isian berbeda dari nomor pada berkas."


def an_hour_ago() -> datetime:
    return timezone.now() - timedelta(hours=1)


def a_group(code: str = "anyaman") -> CommodityGroup:
    name, name_en, ornament = GROUPS[code]
    return CommodityGroup.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "name_en": name_en,
            "ornament": ornament,
            "position": list(GROUPS).index(code),
        },
    )[0]


class RoundFactory(factory.django.DjangoModelFactory[Round]):
    """A round whose phases are all open now; `open_phases=False` leaves it undated, `example` marks it."""

    class Meta:
        model = Round
        django_get_or_create = ("year",)
        skip_postgeneration_save = True

    year = 2026

    @factory.post_generation
    def open_phases(self: Round, create: bool, wanted: bool | None, **_: Any) -> None:
        if wanted is False or self.phases.exists():
            return
        now = timezone.now()
        opens_at, closes_at = now - timedelta(days=30), now + timedelta(days=30)
        Phase.objects.bulk_create(
            Phase(round=self, kind=kind, opens_at=opens_at, closes_at=closes_at) for kind in Phase.Kind
        )
        if hasattr(self, "_phases"):
            del self._phases


def a_phase(round_: Round, kind: str, *, opens_at: datetime, closes_at: datetime) -> Phase:
    """Date a phase of a round, or date it anew."""
    phase, _ = Phase.objects.update_or_create(
        round=round_, kind=kind, defaults={"opens_at": opens_at, "closes_at": closes_at}
    )
    if hasattr(round_, "_phases"):
        del round_._phases
    return phase


class SentraFactory(factory.django.DjangoModelFactory[Sentra]):
    class Meta:
        model = Sentra
        django_get_or_create = ("regency", "name")

    name = "Sentra Anyaman Rajapolah"
    regency = factory.LazyFunction(a_regency)
    village = "Sukaraja"
    district = "Cilawu"
    decree_number = "800/Kep.112-Disperin/2019"
    decree_date = date(2019, 4, 2)


class IkmFactory(factory.django.DjangoModelFactory[Ikm]):
    class Meta:
        model = Ikm

    name = factory.Sequence(lambda n: f"UD Anyaman Lestari {n}")
    nib = factory.Sequence(lambda n: f"{9120000000000 + n}")
    regency = factory.LazyFunction(a_regency)
    sentra = factory.SubFactory(SentraFactory, regency=factory.SelfAttribute("..regency"))
    village = "Sukaraja"
    district = "Cilawu"
    started_year = 2009


class ProductFactory(factory.django.DjangoModelFactory[Product]):
    class Meta:
        model = Product

    ikm = factory.SubFactory(IkmFactory)
    name = factory.Sequence(lambda n: f"Tas anyaman pandan {n}")
    group = factory.LazyFunction(a_group)


class DocumentFactory(factory.django.DjangoModelFactory[Document]):
    """A document with its file: `DocumentFactory(kind=…, ikm=…)`; its holder must be given."""

    class Meta:
        model = Document

    class Params:
        photo = factory.Trait(file=factory.SubFactory(StoredFileFactory, photo=True), number="", issuer="")

    file = factory.SubFactory(StoredFileFactory)
    number = factory.Sequence(lambda n: f"{100 + n}/SK/2024")
    issuer = "Kantor Pelayanan Terpadu"
    issued_on = date(2024, 5, 6)
    added_at = factory.LazyFunction(an_hour_ago)
    added_by = factory.LazyAttribute(lambda document: document.file.uploaded_by)


class NominationFactory(factory.django.DjangoModelFactory[Nomination]):
    """
    A complete nomination in a state: `NominationFactory(in_state="returned", by=officer)`.

    Where the requirements are loaded (reference.load()), each has its document, unless `documented=False`;
    `empty` leaves the answers open.
    """

    class Meta:
        model = Nomination

    class Params:
        empty = factory.Trait(
            raw_material="", local_content=None, value_added="", capacity="", workers=None, environment="",
            design="", marketing="", story="", documented=False,
        )  # fmt: skip

    in_state = "draft"
    at = factory.LazyFunction(an_hour_ago)
    by = None
    documented = True
    round = factory.SubFactory(RoundFactory)
    product = factory.SubFactory(ProductFactory)
    office = factory.LazyAttribute(lambda made: nominating_office(made.product.ikm.regency))
    created_at = factory.LazyAttribute(lambda made: made.at - timedelta(hours=2))
    created_by = factory.LazyAttribute(lambda made: made.by or an_officer_of(made.office))
    raw_material = "Daun pandan dari Kabupaten Tasikmalaya, tersedia sepanjang tahun."
    local_content = 95
    value_added = "Nilai tambah 65 persen dari nilai penjualan."
    capacity = "400 tas setiap bulan."
    workers = 24
    environment = "Sisa anyaman menjadi kompos; pewarna nabati."
    design = "Desain sendiri, kemasan kain blacu."
    marketing = "Butik di Jakarta dan pesanan dari Jepang."
    story = "Pandan dijemur, dibelah, diwarnai, lalu dianyam di rumah."

    @classmethod
    def _create(cls, model_class: type[Nomination], *args: Any, **fields: Any) -> Nomination:
        state, at, documented = fields.pop("in_state"), fields.pop("at"), fields.pop("documented")
        fields.pop("by")
        nomination = super()._create(model_class, *args, **fields)
        if documented:
            documents_for(nomination)
        _Way(nomination, at).to(State(state))
        return nomination


def an_officer_of(office: Office) -> Person:
    """One person who nominates for this office; made where there is none."""
    role = Role.PROVINSI if office.kind == Office.Kind.PROVINCE else Role.DINAS
    there = Person.objects.filter(memberships__office=office, memberships__role=role).order_by("pk").first()
    return there or a_person(role, office=office)


def documents_for(nomination: Nomination) -> None:
    """Give a nomination one document for each of its requirements, held by whom its kind says."""
    kinds = [
        next(iter(requirement.accepts.all()), None)
        for requirement in completeness.requirements_for(nomination)
    ]
    made = [
        DocumentFactory.build(
            kind=kind,
            photo=kind.is_photo,
            file__uploaded_by=nomination.created_by,
            **_holder(nomination, kind),
        )
        for kind in kinds
        if kind is not None
    ]
    StoredFile.objects.bulk_create(document.file for document in made)
    Document.objects.bulk_create(made)
    DocumentLink.objects.bulk_create(
        DocumentLink(nomination=nomination, document=document) for document in made
    )


def link_document(nomination: Nomination, kind: DocumentKind, **fields: Any) -> Document:
    document = DocumentFactory(
        kind=kind,
        photo=kind.is_photo,
        file__uploaded_by=nomination.created_by,
        **{**_holder(nomination, kind), **fields},
    )
    DocumentLink.objects.create(nomination=nomination, document=document)
    return document


def _holder(nomination: Nomination, kind: DocumentKind) -> dict[str, Any]:
    return {
        DocumentKind.Holder.OFFICE: {"office": nomination.office},
        DocumentKind.Holder.SENTRA: {"sentra": nomination.product.ikm.sentra},
        DocumentKind.Holder.IKM: {"ikm": nomination.product.ikm},
    }[DocumentKind.Holder(kind.holder)]


def answer_for_the_province(nomination: Nomination, *, by: Person, at: datetime | None = None) -> None:
    """The province has found everything in order, as `endorse` asks."""
    submission = nomination.latest_submission()
    given = {"verdict": Verdict.MET, "at": at or an_hour_ago(), "by": by}
    questions = ProvinceAnswer.Question.values
    answered = ProvinceAnswer.objects.filter(submission=submission)
    if answered.exists():
        for question in questions:
            answered.update_or_create(submission=submission, question=question, defaults=given)
    else:
        ProvinceAnswer.objects.bulk_create(
            ProvinceAnswer(submission=submission, question=question, **given) for question in questions
        )


def check_everything(
    nomination: Nomination, *, by: Person, at: datetime | None = None, not_met: str | None = None
) -> None:
    """The secretariat has decided every requirement: all met, but for the one named `not_met`."""
    submission = nomination.latest_submission()
    checked = Check.objects.filter(submission=submission)
    there, new = checked.exists(), []
    for requirement in completeness.requirements_for(nomination):
        wrong = requirement.pk == not_met
        given = {
            "verdict": Verdict.NOT_MET if wrong else Verdict.MET,
            "note": "Tidak cocok dengan berkas." if wrong else "",
            "at": at or an_hour_ago(),
            "by": by,
        }
        if there:
            checked.update_or_create(submission=submission, requirement=requirement, defaults=given)
        else:
            new.append(Check(submission=submission, requirement=requirement, **given))
    Check.objects.bulk_create(new)


class _Way:
    """Writes what the way to a state leaves behind: fields, copies, findings, history; an instant for each step."""

    def __init__(self, nomination: Nomination, at: datetime) -> None:
        self.nomination, self.at = nomination, at - timedelta(minutes=30)

    def to(self, target: State) -> None:
        for state in _STEPS_TO[target]:
            self.at += timedelta(minutes=5)
            getattr(self, f"_{state}")()
        self.nomination.save()

    def _record(self, action: str, target: State, by: Person | None, reason: str = "") -> None:
        before, self.nomination.state = self.nomination.state, target
        history.record(
            action,
            self.nomination,
            by=by,
            at=self.at,
            from_state=str(before),
            to_state=str(target),
            reason=reason,
        )

    def _submitted(self) -> None:
        made, officer = self.nomination, an_officer_of(self.nomination.office)
        made.submitted_at, made.submitted_by = self.at, officer
        made.number = numbering.number_for(made)
        copies.keep(made, by=officer, at=self.at)
        self._record("submit", State.SUBMITTED, officer)

    def _endorsed(self) -> None:
        if self.nomination.office.kind == Office.Kind.PROVINCE:
            self._record(
                "pass_on", State.ENDORSED, a_person(Role.SEKRETARIAT), "Diusulkan oleh provinsi sendiri."
            )
            return
        officer = a_person(Role.PROVINSI, around=self.nomination)
        answer_for_the_province(self.nomination, by=officer, at=self.at)
        self._record("endorse", State.ENDORSED, officer)

    def _returned(self) -> None:
        self.nomination.returned_from = State.SUBMITTED
        self.nomination.repair_due_at = self.at + timedelta(days=7)
        officer = a_person(Role.PROVINSI, around=self.nomination)
        self._record("return_to_dinas", State.RETURNED, officer, REASON)

    def _not_endorsed(self) -> None:
        self._record(
            "not_endorse", State.NOT_ENDORSED, a_person(Role.PROVINSI, around=self.nomination), REASON
        )

    def _eligible(self) -> None:
        examiner = a_person(Role.SEKRETARIAT)
        check_everything(self.nomination, by=examiner, at=self.at)
        self._record("declare_eligible", State.ELIGIBLE, examiner)

    def _ineligible(self) -> None:
        first, second = a_person(Role.SEKRETARIAT), a_person(Role.SEKRETARIAT)
        requirement = Requirement.objects.order_by("position").first()
        check_everything(self.nomination, by=first, at=self.at, not_met=requirement and requirement.pk)
        history.record("propose_ineligible", self.nomination, by=first, at=self.at, reason=REASON)
        self._record("declare_ineligible", State.INELIGIBLE, second, REASON)

    def _assessed(self) -> None:
        self._record("complete_assessment", State.ASSESSED, None)

    def _awarded(self) -> None:
        self._record("award", State.AWARDED, None)

    def _not_awarded(self) -> None:
        self._record("not_award", State.NOT_AWARDED, None)

    def _withdrawn(self) -> None:
        self._record(
            "withdraw", State.WITHDRAWN, an_officer_of(self.nomination.office), "IKM mengundurkan diri."
        )

    def _lapsed(self) -> None:
        self._record("lapse", State.LAPSED, None)


_STEPS_TO: dict[State, tuple[str, ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: ("submitted",),
    State.RETURNED: ("submitted", "returned"),
    State.NOT_ENDORSED: ("submitted", "not_endorsed"),
    State.ENDORSED: ("submitted", "endorsed"),
    State.ELIGIBLE: ("submitted", "endorsed", "eligible"),
    State.INELIGIBLE: ("submitted", "endorsed", "ineligible"),
    State.ASSESSED: ("submitted", "endorsed", "eligible", "assessed"),
    State.AWARDED: ("submitted", "endorsed", "eligible", "assessed", "awarded"),
    State.NOT_AWARDED: ("submitted", "endorsed", "eligible", "assessed", "not_awarded"),
    State.WITHDRAWN: ("withdrawn",),
    State.LAPSED: ("lapsed",),
}


def bring_to(nomination: Nomination, state: str, *, at: datetime | None = None) -> Nomination:
    """Lead a draft, with whatever was linked to it meanwhile, to a state."""
    _Way(nomination, at or an_hour_ago()).to(State(state))
    return nomination


def a_refusal_proposal(nomination: Nomination, *, by: Person, at: datetime | None = None) -> RefusalProposal:
    """The first half of a refusal."""
    moment = at or an_hour_ago()
    history.record("propose_ineligible", nomination, by=by, at=moment, reason=REASON)
    return RefusalProposal.objects.create(nomination=nomination, reason=REASON, at=moment, by=by)


def submission_of(nomination: Nomination) -> Submission:
    """Its latest copy, which must be there."""
    submission = nomination.latest_submission()
    assert submission is not None
    return submission
