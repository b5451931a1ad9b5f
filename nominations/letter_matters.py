"""
What a letter is written about: `matter(person, kind, subject)` finds it for whoever drafts, `matter_of(letter)` again.

Subjects in addresses: "2026-3205" (surat usulan: round and kabupaten/kota), "2026" (the province's letters), the id of
a nomination (papers of the screening), the id of an objection (its answer).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import Office, Person
from accounts.offices import MINISTRY_CODE
from accounts.roles import Role
from accounts.sent_numbers import number_in
from letters import kinds, official
from letters.kinds import Content
from letters.models import Letter
from regions.models import Regency

from . import letter_contents as contents
from . import rules
from .guards import Refused
from .letter_contents.proposal import province_office_of, regional_head
from .models import Nomination, Objection, Phase, Round

Typed = dict[str, Any]
_DIRECTOR_GENERAL = ("Direktur Jenderal Industri Kecil, Menengah, dan Aneka", "Kementerian Perindustrian")


@dataclass
class Matter:
    """One letter to be written: by which office, about what, to whom; `build` makes its content of what was typed."""

    kind: str
    subject: str
    office: Office
    about: Model
    title: str
    build: Callable[[Typed], Content]
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    addressees: list[Office] = field(default_factory=list)
    # The sheet of the screening is signed by whoever examined, not by an officer of the office.
    signatory: Callable[[], kinds.Signatory] | None = None
    # Tells apart what is written about the same record: the proposals of a province for two of its kota.
    distinct: dict[str, Any] = field(default_factory=dict)
    # What the form suggests.
    suggested: Typed = field(default_factory=dict)


def matter(person: Person, kind: str, subject: str, *, at: datetime) -> Matter | None:
    """What this person would write about; None where there is no such thing, or not for this person."""
    return _MATTERS[kind](person, subject, at) if kind in _MATTERS else None


def matter_of(letter: Letter) -> Matter | None:
    """What this letter was written about, with the letter's own words as suggestions; None where that is gone."""
    content = official.content_of(letter)
    key = letter.about.partition(":")[2]
    if isinstance(content, kinds.Proposal):
        found = _proposal_about(letter.office, _round(key), _regency_named(letter.office, content.regency))
        typed: Typed = {"invitation": content.invitation}
    elif isinstance(content, kinds.ProvinceMinutes):
        found = _minutes_about(letter.office, _round(key))
        typed = {"venue": content.venue, "cut_off": content.cut_off, "verifiers": content.verifiers}
    elif isinstance(content, kinds.CoverLetter):
        found, typed = _cover_about(letter.office, _round(key)), {}
    else:
        nomination = _nominations().filter(pk=key).first()
        found, typed = _about_nomination(letter.kind, letter.office, nomination), {}
    if found is not None:
        found.suggested = {**found.suggested, **typed}
        found.recipients, found.copies = tuple(letter.recipients), tuple(letter.copies)
    return found


# --- Surat usulan ------------------------------------------------------------------------------------------------
def _proposal(person: Person, subject: str, at: datetime) -> Matter | None:
    match = re.fullmatch(r"(\d{4})-(\d{4})", subject)
    regency = match and Regency.objects.select_related("province").filter(pk=match[2]).first()
    if not match or not regency:
        return None
    office = rules.nominates_for(person, regency)
    return _proposal_about(office, _round(match[1]), regency) if office else None


def _proposal_about(office: Office, round_: Round | None, regency: Regency | None) -> Matter | None:
    if round_ is None or regency is None:
        return None
    province_office = province_office_of(regency)
    via = () if province_office in (None, office) else (f"melalui Kepala {province_office}",)
    tembusan = () if province_office in (None, office) else (f"Kepala {province_office}",)
    return Matter(
        kind="surat_usulan",
        subject=f"{round_.pk}-{regency.pk}",
        office=office,
        about=round_,
        title=f"Surat usulan {regency.full_name} periode {round_.pk}",
        build=lambda typed: contents.proposal(office, round_, regency, invitation=typed.get("invitation")),
        recipients=(*_DIRECTOR_GENERAL, *via, "di Jakarta"),
        copies=(regional_head(regency), *tembusan),
        addressees=_offices(_ministry(), None if province_office == office else province_office),
        distinct={"snapshot__regency": regency.full_name},
        suggested={"year": round_.pk},
    )


def _regency_named(office: Office, full_name: str) -> Regency | None:
    if office.regency is not None:
        return office.regency
    here = Regency.objects.select_related("province").filter(province=office.province_id)
    return next((regency for regency in here.order_by("code") if regency.full_name == full_name), None)


# --- Verifikasi provinsi -----------------------------------------------------------------------------------------
def _minutes(person: Person, subject: str, at: datetime) -> Matter | None:
    office = _province_of(person)
    found = _minutes_about(office, _round(subject)) if office else None
    if found is not None and isinstance(found.about, Round):
        phase = found.about.phase(Phase.Kind.ENDORSEMENT)
        found.suggested["cut_off"] = min(phase.closes_at, at) if phase else at
    return found


def _minutes_about(office: Office, round_: Round | None) -> Matter | None:
    if round_ is None:
        return None
    return Matter(
        kind="berita_acara_provinsi",
        subject=str(round_.pk),
        office=office,
        about=round_,
        title=f"Berita acara verifikasi periode {round_.pk}",
        build=lambda typed: contents.minutes(
            office,
            round_,
            venue=typed.get("venue", ""),
            cut_off=typed["cut_off"],
            verifiers=typed.get("verifiers", ()),
        ),
        addressees=_offices(_ministry()),
        suggested={"venue": f"Kantor {office.name}", "verifiers": ()},
    )


def _cover(person: Person, subject: str, at: datetime) -> Matter | None:
    office = _province_of(person)
    return _cover_about(office, _round(subject)) if office else None


def _cover_about(office: Office, round_: Round | None) -> Matter | None:
    if round_ is None:
        return None
    province = office.province.name if office.province else ""
    return Matter(
        kind="surat_pengantar",
        subject=str(round_.pk),
        office=office,
        about=round_,
        title=f"Surat pengantar usulan periode {round_.pk}",
        build=lambda typed: contents.cover_letter(office, round_),
        recipients=(*_DIRECTOR_GENERAL, "di Jakarta"),
        copies=(f"Gubernur {province}",),
        addressees=_offices(_ministry()),
    )


def _province_of(person: Person) -> Office | None:
    return next(iter(person.offices(Role.PROVINSI)), None)


# --- Seleksi administrasi and sanggah ------------------------------------------------------------------------------
def _paper(kind: str) -> Callable[[Person, str, datetime], Matter | None]:
    def found(person: Person, subject: str, at: datetime) -> Matter | None:
        seen = _nominations().visible_to(person).filter(pk=number_in(subject)).first()
        return _about_nomination(kind, _secretariat_of(person), seen)

    return found


def _answer(person: Person, subject: str, at: datetime) -> Matter | None:
    objection = Objection.objects.filter(pk=number_in(subject) or 0).first()
    if objection is None or objection.stage != Objection.Stage.SCREENING:
        return None
    seen = _nominations().visible_to(person).filter(pk=objection.nomination_id).first()
    return _about_nomination("jawaban_sanggah", _secretariat_of(person), seen)


def _about_nomination(kind: str, office: Office | None, nomination: Nomination | None) -> Matter | None:
    if office is None or nomination is None:
        return None
    found = Matter(
        kind=kind,
        subject=str(nomination.pk),
        office=office,
        about=nomination,
        title=f"{kinds.KINDS[kind].name} {nomination}",
        build=lambda typed: _PAPERS[kind](nomination),
    )
    if kind == "lembar_seleksi":
        found.signatory = lambda: _examiner(nomination)
        return found
    province_office = province_office_of(nomination.regency)
    found.recipients = (f"Kepala {nomination.office}", f"di {nomination.regency.name}")
    found.addressees = [nomination.office]
    if kind == "permintaan_perbaikan" and province_office not in (None, nomination.office):
        found.copies = (f"Kepala {province_office}",)
        found.addressees = _offices(nomination.office, province_office)
    if kind == "jawaban_sanggah":
        objection = _objection_to_screening(nomination)
        found.subject = str(objection.pk) if objection else ""
    return found


def _examiner(nomination: Nomination) -> kinds.Signatory:
    first = contents.examiners(nomination)[0]
    return kinds.Signatory(full_name=first.full_name, plain_name=first.name, position="Pemeriksa")


def _objection_to_screening(nomination: Nomination) -> Objection | None:
    return Objection.objects.filter(nomination=nomination, stage=Objection.Stage.SCREENING).first()


def _answer_to(nomination: Nomination) -> Content:
    objection = _objection_to_screening(nomination)
    if objection is None:
        raise Refused("no_objection", "Usulan ini tidak disanggah.")
    return contents.objection_answer(objection)


_PAPERS: dict[str, Callable[[Nomination], Content]] = {
    "lembar_seleksi": contents.screening_sheet,
    "permintaan_perbaikan": contents.repair_request,
    "tidak_lolos": contents.refusal_notice,
    "jawaban_sanggah": _answer_to,
}
_MATTERS: dict[str, Callable[[Person, str, datetime], Matter | None]] = {
    "surat_usulan": _proposal,
    "berita_acara_provinsi": _minutes,
    "surat_pengantar": _cover,
    "lembar_seleksi": _paper("lembar_seleksi"),
    "permintaan_perbaikan": _paper("permintaan_perbaikan"),
    "tidak_lolos": _paper("tidak_lolos"),
    "jawaban_sanggah": _answer,
}


# --- Small parts ---------------------------------------------------------------------------------------------------
def _nominations() -> Any:
    return Nomination.objects.with_names()


def _round(year: str) -> Round | None:
    return Round.objects.filter(pk=int(year)).first() if re.fullmatch(r"\d{4}", year) else None


def _secretariat_of(person: Person) -> Office | None:
    return next(iter(person.offices(Role.SEKRETARIAT)), None)


def _ministry() -> Office | None:
    return Office.objects.filter(code=MINISTRY_CODE).first()


def _offices(*offices: Office | None) -> list[Office]:
    return [office for office in offices if office is not None]
