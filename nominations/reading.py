"""What a later stage reads of a nomination: the documents of its copy, what a repair changed, its history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import Person
from audit import history
from files.models import StoredFile

from . import answers
from .models import Nomination, Requirement, Submission

# Pages of one document that a page draws; the rest is in the file itself.
PAGES_DRAWN = 20
DOCUMENT_REMARK = "dokumen:"


@dataclass(frozen=True)
class Attachment:
    """A document as it was attached to a copy. `trouble` says why its file cannot be opened ("" where it can)."""

    pk: int
    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    file_name: str
    size: int
    url: str
    # Addresses of its pages as pictures; of a photo, the photo itself.
    pictures: tuple[str, ...]
    pages: int
    trouble: str

    @property
    def is_cut_short(self) -> bool:
        return self.pages > len(self.pictures)


def attachments(content: Mapping[str, Any]) -> list[Attachment]:
    """The documents of a copy in its order; one question."""
    documents = content["documents"]
    files = [document["file_id"] for document in documents]
    states = {
        str(pk): state
        for pk, state in StoredFile.objects.filter(pk__in=files).order_by("pk").values_list("pk", "state")
    }
    return [_attachment(document, states.get(document["file_id"], "")) for document in documents]


def _attachment(document: Mapping[str, Any], state: str) -> Attachment:
    file = UUID(document["file_id"])
    pages = document["pages"] or 0
    url = reverse("file_download", args=[file])
    drawn = tuple(
        reverse("file_page", args=[file, number]) for number in range(1, min(pages, PAGES_DRAWN) + 1)
    )
    return Attachment(
        document["id"],
        document["kind"],
        document["kind_name"],
        _facts(document),
        document["file"],
        document["size"],
        url,
        drawn or (url,),
        pages or 1,
        _TROUBLE.get(state, ""),
    )


_TROUBLE = {
    "": "Berkas ini sudah tidak tersimpan.",
    StoredFile.State.WAITING.value: "Berkas ini masih diperiksa dari program berbahaya. Muat ulang halaman sebentar lagi.",
    StoredFile.State.REFUSED.value: "Berkas ini ditolak pemindai dan sudah dihapus.",
}


def _facts(document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the dinas typed beside the file, without what it left empty."""
    typed = (
        ("Nomor", document["number"]),
        ("Penerbit", document["issuer"]),
        ("Tanggal terbit", _day(document["issued_on"])),
        ("Berlaku sampai", _day(document["expires_on"])),
        ("Keterangan", document["caption"]),
    )
    return tuple((label, text) for label, text in typed if text)


def _day(iso: str | None) -> str:
    return answers.wording.plain_date(date.fromisoformat(iso)) if iso else ""


@dataclass(frozen=True)
class Repair:
    """What was asked for when the copy before was returned, and what the present one says differently."""

    remarks: tuple[tuple[str, str], ...]
    changes: tuple[answers.Change, ...]


def repair(submission: Submission, requirements: Iterable[Requirement]) -> Repair | None:
    """The repair that led to this copy; None for the first one. Two questions."""
    before = Submission.objects.filter(
        nomination=submission.nomination_id, sequence=submission.sequence - 1
    ).first()
    if before is None:
        return None
    names = remark_names(requirements)
    remarks = tuple(
        (names.get(field, field), text)
        for field, text in before.remarks.order_by("pk").values_list("field", "text")
    )
    return Repair(remarks, tuple(answers.changes(before.content, submission.content)))


def remark_names(requirements: Iterable[Requirement]) -> dict[str, str]:
    """What a remark can be about, in words: the code of an answer, or "dokumen:" with that of a requirement."""
    named = {answer.code: answer.label for answer in answers.ANSWERS}
    return named | {f"{DOCUMENT_REMARK}{requirement.pk}": requirement.name for requirement in requirements}


# What later rooms have to read about a nomination, for a person: they register it, never the other way.
_FURTHER: list[Callable[[Nomination, Person], dict[str, str] | None]] = []


def also_read(page: Callable[[Nomination, Person], dict[str, str] | None]) -> None:
    """Let a later room say what else can be read about a nomination ({label, url}, or None); once, from its ready."""
    if page not in _FURTHER:
        _FURTHER.append(page)


def further(nomination: Nomination, person: Person) -> list[dict[str, str]]:
    """The links that later rooms have for this person on a nomination's page."""
    return [link for page in _FURTHER if (link := page(nomination, person)) is not None]


# Acts that leave the state as it is; they are the secretariat's alone.
_INSIDE = {
    "propose_ineligible": "Tidak lolos diusulkan",
    "drop_ineligible": "Usul tidak lolos ditiadakan",
    "sample_received": "Contoh produk dicatat",
}
# Acts that leave the state as it is, too, and concern everybody who reads the way of a nomination.
_OBJECTIONS = {"objection_filed": "Sanggah diajukan", "objection_answered": "Sanggah dijawab"}


def events(nomination: Nomination, *, inside: bool = False) -> list[dict[str, Any]]:
    """
    The history for the timeline partial, newest first: every change of state and objection; `inside`: with what stays
    within the secretariat (a refusal that was only proposed).
    """
    words = _OBJECTIONS | (_INSIDE if inside else {})
    return [
        {
            "time": entry.at,
            "who": entry.actor.full_name if entry.actor else "",
            "from": entry.from_state,
            "to": entry.to_state or words[entry.action],
            "reason": entry.reason,
        }
        for entry in history.of(nomination).order_by("-pk")
        if entry.to_state or entry.action in words
    ]
