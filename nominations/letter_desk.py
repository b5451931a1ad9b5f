"""What the page of a letter shows: where it stands, its pages, the form of its next step, its history."""

from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Person
from accounts.roles import Right
from audit import history
from letters import kinds, official
from letters.kinds import Content
from letters.models import Letter
from letters.outbox import reference
from letters.wording import WIB, instant_for_reader, plain_date
from letters.workdays import HolidaysUnknown

from . import letter_drafts, letter_rules
from .letter_forms import NumberForm, SignedForm
from .models import Nomination, Objection, Round, State

# Pages that the page of a letter draws; the rest is in the file itself.
PAGES_DRAWN = 10
COLUMNS = [{"label": label} for label in ("Surat", "Nomor", "Kantor", "Keadaan", "Disusun")]
S = Letter.State
TONES = {S.DRAFT: "netral", S.INITIALLED: "info", S.NUMBERED: "info", S.SIGNED: "hati", S.DELIVERED: "baik",
         S.REPLACED: "netral", S.REVOKED: "galat"}  # fmt: skip
_WAY = (S.DRAFT, S.INITIALLED, S.NUMBERED, S.SIGNED, S.DELIVERED)
_READABLE = (S.DELIVERED, S.REPLACED, S.REVOKED)
_PAPERS = ("lembar_seleksi", "permintaan_perbaikan", "tidak_lolos")


def badge(letter: Letter) -> dict[str, Any]:
    return {"state": letter.get_state_display(), "tone": TONES[Letter.State(letter.state)]}


def kind_name(letter: Letter) -> str:
    return kinds.KINDS[letter.kind].name


def row(letter: Letter) -> list[Any]:
    """A row of the list: the letter with what it is about, number and date, office, state, when it was drafted."""
    about = letter.snapshot.get("nomination") or {}
    note = f"{about['ikm']}, {about['number']}" if about else f"Periode {letter.snapshot['year']}"
    return [
        {"text": kind_name(letter), "url": reverse("letter", args=[letter.pk]), "note": note},
        {
            "text": letter.number or "Belum bernomor",
            "note": plain_date(letter.date) if letter.date else "",
        },
        letter.office.name,
        {"status": badge(letter)},
        instant_for_reader(letter.made_at),
    ]


def file_name(letter: Letter) -> str:
    """The name under which it is saved: "surat-usulan-dinas-b-214-2026.pdf", with "konsep" before it is signed."""
    words = [kind_name(letter), letter.number] if letter.number else [kind_name(letter), str(letter.pk)]
    return f"{slugify(' '.join(words).replace('/', ' '))}{'' if letter.is_signed else '-konsep'}.pdf"


def path_of(file: FieldFile) -> Path:
    return Path(file.path)


def context(request: HttpRequest, letter: Letter, bound: forms.Form | None = None) -> dict[str, Any]:
    """Everything the template asks for; `bound`: the form of the step that was refused, with what was typed."""
    may_handle = letter_rules.may_handle(request.user, letter)
    reads_draft = may_handle or request.user.may(Right.READ_ALL) or request.user.may(Right.SCREEN)
    return {
        "letter": letter,
        "kind": kinds.KINDS[letter.kind],
        "badge": badge(letter),
        "subject": official.content_of(letter).subject(),
        "is_portal_number": kinds.KINDS[letter.kind].family == "portal",
        "may_handle": may_handle,
        "form": bound,
        "step_form": _step_form(request, letter, bound) if may_handle else None,
        "actions": _actions(letter) if may_handle else [],
        "stale": letter_drafts.staleness(letter) if reads_draft else "",
        "facts": _facts(letter, request.user),
        "summary": summary(official.content_of(letter)),
        "preview": _preview(letter),
        "due": _delivery_due(letter) if may_handle else None,
        "events": _events(letter) if reads_draft else [],
        "breadcrumb": [{"label": "Surat", "url": reverse("letters")}],
        **_steps(letter),
    }


def summary(content: Content) -> list[tuple[str, str]]:
    """What a letter will say, in figures: the same counts that it prints."""
    match content:
        case kinds.Proposal():
            return [
                ("Usulan", str(content.nominations)),
                ("IKM", str(content.ikm_count())),
                ("Sentra", str(content.sentra_count)),
                *((count.name, str(count.n)) for count in content.per_commodity if count.n),
            ]
        case kinds.ProvinceMinutes():
            return [
                ("Usulan masuk", str(content.incoming)),
                ("Diteruskan", str(content.forwarded)),
                ("Dikembalikan", str(content.returned)),
                ("Ditarik", str(content.withdrawn)),
                ("Belum selesai", str(content.unfinished)),
                ("Tidak diteruskan", str(content.refused)),
                ("Keadaan sampai", instant_for_reader(content.cut_off)),
            ]
        case kinds.CoverLetter():
            return [
                ("Usulan diteruskan", str(content.forwarded)),
                ("Kabupaten/kota", str(content.regency_count)),
                ("Berita acara", f"Nomor {content.minutes_number}, {plain_date(content.minutes_date)}"),
            ]
        case kinds.ScreeningSheet():
            return [
                ("Persyaratan", str(content.requirements)),
                ("Sesuai", str(content.fitting)),
                ("Tidak sesuai", str(content.differing)),
                ("Hasil", content.shown_outcome().capitalize()),
            ]
        case kinds.RepairRequest():
            return [
                ("Perbaikan yang diminta", str(len(content.repairs))),
                ("Batas perbaikan", instant_for_reader(content.due)),
            ]
        case kinds.RefusalNotice():
            return [
                ("Alasan", str(len(content.reasons))),
                ("Lembar hasil", f"Nomor {content.sheet_number}, {plain_date(content.sheet_date)}"),
                ("Batas sanggah", instant_for_reader(content.objection_until)),
            ]
        case kinds.ObjectionAnswer():
            return [
                ("Sanggah", f"Nomor {content.objection_number}, {plain_date(content.objection_date)}"),
                ("Putusan", content.shown_verdict().capitalize()),
            ]
    return []


# --- Letters elsewhere -------------------------------------------------------------------------------------------
def about(nomination: Nomination, person: Person) -> dict[str, Any]:
    """The table of the letters about a nomination: delivered ones for whom they concern, for their writers all."""
    found = Letter.objects.visible_to(person).about(reference(nomination)).select_related("office")
    if not (person.may(Right.SCREEN) or person.may(Right.READ_ALL)):
        found = found.filter(state__in=_READABLE)
    return {"columns": COLUMNS, "rows": [row(letter) for letter in found.order_by("-made_at", "-pk")]}


def offered_about(nomination: Nomination, person: Person) -> list[dict[str, str]]:
    """The papers of the screening that this person could draft about a nomination now: {label, url}."""
    if not person.may(Right.SCREEN):
        return []
    offered = []
    is_ineligible = nomination.state == State.INELIGIBLE
    is_repaired = nomination.state == State.RETURNED and nomination.returned_from == State.ENDORSED
    decided = history.of(nomination).filter(
        action__in=("declare_eligible", "declare_ineligible", "return_from_screening")
    )
    for kind, is_due in zip(_PAPERS, (decided.exists(), is_repaired, is_ineligible), strict=True):
        if is_due:
            offered.append(_offer(kind, nomination.pk))
    answered = Objection.objects.filter(
        nomination=nomination, stage=Objection.Stage.SCREENING, answered_at__isnull=False
    ).first()
    return [*offered, *([_offer("jawaban_sanggah", answered.pk)] if answered else [])]


def offered_to_province(person: Person, round_: Round | None) -> list[dict[str, str]]:
    """The province's two letters about a round."""
    if round_ is None or not person.may(Right.ENDORSE):
        return []
    return [_offer(kind, round_.pk) for kind in ("berita_acara_provinsi", "surat_pengantar")]


def _offer(kind: str, subject: object) -> dict[str, str]:
    return {
        "label": f"Susun {kinds.KINDS[kind].name[:1].lower()}{kinds.KINDS[kind].name[1:]}",
        "url": reverse("letter_draft", args=[kind.replace("_", "-"), str(subject)]),
    }


def offer_proposal(round_: Round, regency_code: str, place: str) -> dict[str, str]:
    """The proposal of one kabupaten/kota for a round; `place` is said where there are several."""
    offer = _offer("surat_usulan", f"{round_.pk}-{regency_code}")
    return {**offer, "label": f"Susun surat usulan{f' {place}' if place else ''}"}


# --- Parts of the page -------------------------------------------------------------------------------------------
def _steps(letter: Letter) -> dict[str, Any]:
    """The way, as far as this letter goes it: what stays in the house (a sheet numbered by the portal) is not delivered."""
    way = _WAY if kinds.KINDS[letter.kind].family != "portal" else _WAY[:-1]
    state = letter.state if letter.state in way else way[-1]
    labels = {S.DRAFT: "Konsep", S.INITIALLED: "Diparaf", S.NUMBERED: "Bernomor", S.SIGNED: "Ditandatangani",
              S.DELIVERED: "Disampaikan"}  # fmt: skip
    return {
        "steps": [{"label": labels[one], "url": ""} for one in way],
        "current_step": [one.value for one in way].index(state) + 1,
        "is_delivered_here": S.DELIVERED in way,
    }


def _step_form(request: HttpRequest, letter: Letter, bound: forms.Form | None) -> forms.Form | None:
    if bound is not None:
        return bound
    if letter.state == S.INITIALLED and kinds.KINDS[letter.kind].family != "portal":
        return NumberForm(initial={"tanggal": timezone.localdate(request.received_at, WIB)})
    if letter.state == S.NUMBERED:
        return SignedForm(by=request.user, at=request.received_at)
    return None


def _actions(letter: Letter) -> list[dict[str, Any]]:
    """What else can be done with it, each on a page that asks for the reason."""
    labels: tuple[tuple[str, str], ...] = {
        S.DRAFT: (("susun-ulang", "Susun ulang"), ("buang", "Buang konsep ini")),
        S.INITIALLED: (("konsep", "Kembalikan menjadi konsep"), ("buang", "Buang konsep ini")),
        S.NUMBERED: (("konsep", "Kembalikan menjadi konsep"), ("buang", "Buang konsep ini")),
        S.SIGNED: (("ganti", "Ganti dengan surat lain"), ("cabut", "Cabut surat ini")),
        S.DELIVERED: (("ganti", "Ganti dengan surat lain"), ("cabut", "Cabut surat ini")),
    }.get(Letter.State(letter.state), ())
    if letter.portal_number:
        labels = tuple(pair for pair in labels if pair[0] != "buang")
    return [{"label": label, "url": reverse("letter_step", args=[letter.pk, step])} for step, label in labels]


def _preview(letter: Letter) -> dict[str, Any]:
    """The pages as pictures; "pending" until the worker has made them."""
    if official.stored_file(letter) is None:
        return {"pending": True, "pictures": [], "pages": 0, "cut_short": False}
    pages = letter.pages or 0
    drawn = range(1, min(pages, PAGES_DRAWN) + 1)
    version = (letter.file_sha256 or letter.preview_of)[:8]
    return {
        "pending": False,
        "pictures": [
            f"{reverse('letter_picture', args=[letter.pk, number])}?v={version}" for number in drawn
        ],
        "pages": pages,
        "cut_short": pages > PAGES_DRAWN,
    }


def _facts(letter: Letter, person: Person) -> list[dict[str, str]]:
    facts = [
        {"label": "Nomor", "text": letter.number or "Belum bernomor"},
        {"label": "Tanggal", "text": plain_date(letter.date) if letter.date else "Belum bertanggal"},
        {"label": "Sifat", "text": letter.get_secrecy_display()},
        {"label": "Kantor", "text": letter.office.name},
        {"label": "Penanda tangan", "text": f"{letter.signatory_full_name}, {letter.signatory_position}"},
    ]
    if letter.recipients:
        facts.append({"label": "Yth.", "text": "\n".join(letter.recipients)})
    if letter.copies:
        facts.append({"label": "Tembusan", "text": "\n".join(letter.copies)})
    readers = [office.name for office in letter.addressees.order_by("name")]
    if readers:
        facts.append({"label": "Dapat dibuka setelah disampaikan", "text": "\n".join(readers)})
    facts += _about(letter, person)
    if letter.delivered_at:
        facts.append({"label": "Disampaikan", "text": instant_for_reader(letter.delivered_at)})
    return facts


def _about(letter: Letter, person: Person) -> list[dict[str, str]]:
    """The nomination that it is about, as a link for whoever may open that."""
    model, _, key = letter.about.partition(":")
    if model != Nomination._meta.label_lower:
        return [{"label": "Periode", "text": str(letter.snapshot["year"])}]
    found: Model | None = Nomination.objects.visible_to(person).filter(pk=key).first()
    named = letter.snapshot["nomination"]
    text = f"{named['number']}, {named['ikm']}"
    return [
        {"label": "Tentang usulan", "text": text, "url": reverse("nomination", args=[key]) if found else ""}
    ]


def _delivery_due(letter: Letter) -> date | None:
    """Until when a signed letter has to be delivered; None where the days off are not known, or it is."""
    if letter.state != S.SIGNED:
        return None
    try:
        return official.delivery_due(letter)
    except HolidaysUnknown:
        return None


def _events(letter: Letter) -> list[dict[str, Any]]:
    """The history for the timeline partial, newest first."""
    states = dict(Letter.State.choices)
    return [
        {
            "time": entry.at,
            "who": entry.actor.full_name if entry.actor else "",
            "from": states.get(entry.from_state, ""),
            "to": states.get(entry.to_state, "Disusun ulang"),
            "reason": entry.reason,
        }
        for entry in history.of(letter).order_by("-pk")
    ]
