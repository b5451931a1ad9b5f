"""The form of a nomination as its officer goes through it: pages in their order, the task list, remarks of a return."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from . import answers, completeness, copies
from .completeness import Missing
from .models import Nomination, Requirement, State, Submission
from .reading import DOCUMENT_REMARK


@dataclass(frozen=True)
class FormPage:
    """One page of the form: its name in addresses, the part of the form that it belongs to, its heading."""

    slug: str
    part: str
    title: str


PAGES = (
    FormPage("ikm", "ikm", "Sentra dan IKM"),
    FormPage("sentra", "ikm", "SK sentra"),
    FormPage("produk", "produk", "Produk"),
    FormPage("dokumen", "dokumen", "Dokumen legalitas"),
    FormPage("cerita", "cerita", "Cerita produk"),
    FormPage("foto", "cerita", "Foto"),
    FormPage("periksa", "periksa", "Periksa jawaban"),
)
BY_SLUG = {page.slug: page for page in PAGES}
STEPS = ("ikm", "produk", "dokumen", "cerita", "periksa", "kirim")
# Pages with a form of their own kind; the rest are answers (nomination_part).
_ADDRESSES = {
    "dokumen": "nomination_documents",
    "foto": "nomination_photos",
    "periksa": "nomination_check",
}


def address(slug: str, nomination: Nomination) -> str:
    name = _ADDRESSES.get(slug)
    return (
        reverse(name, args=[nomination.pk])
        if name
        else reverse("nomination_part", args=[nomination.pk, slug])
    )


def following(slug: str) -> str:
    """The page after this one."""
    slugs = [page.slug for page in PAGES]
    return slugs[min(slugs.index(slug) + 1, len(slugs) - 1)]


def steps(nomination: Nomination, *, is_complete: bool) -> list[dict[str, str]]:
    """The six tasks as step_nav takes them; sending can be opened when nothing is missing."""
    found = [{"label": title, "url": address(part, nomination)} for part, title in answers.PARTS.items()]
    check = address("periksa", nomination)
    return [
        *found,
        {"label": "Periksa jawaban", "url": check},
        {"label": "Kirim usulan", "url": f"{check}#kirim" if is_complete else ""},
    ]


def place_of(field: str, part: str, nomination: Nomination) -> str:
    """
    Where an answer, or what a requirement asks ("dokumen.<code>", "dokumen:<code>"), can be changed; "" where that is
    not done in a nomination (the region).
    """
    if field.startswith(("dokumen.", DOCUMENT_REMARK)):
        slug = "foto" if part == "cerita" else "dokumen"
        return f"{address(slug, nomination)}#syarat-{field.removeprefix('dokumen')[1:]}"
    if field == "ikm.regency":
        return ""
    if field.startswith("product."):
        return f"{reverse('product_edit', args=[nomination.product.slug])}?usulan={nomination.pk}"
    name = field.rpartition(".")[2]
    if field.startswith("sentra."):
        slug, name = ("ikm", "sentra") if field == "sentra.name" else ("sentra", name)
        return f"{address(slug, nomination)}#id_{name}"
    return f"{address(part, nomination)}#id_{name}"


# --- Remarks of a return -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Remark:
    """What is to be repaired in one answer or document; `is_changed`: since it was returned, that one was changed."""

    field: str
    label: str
    text: str
    part: str
    url: str
    is_changed: bool


def remarks(nomination: Nomination) -> list[Remark]:
    """The remarks that a returned nomination came back with; none in any other state."""
    submission = nomination.latest_submission() if nomination.state == State.RETURNED else None
    if submission is None:
        return []
    written = list(submission.remarks.order_by("pk"))
    if not written:
        return []
    now = copies.content_of(nomination)
    requirements = {each.pk: each for each in completeness.requirements_for(nomination)}
    return [
        _about_document(nomination, remark.field, remark.text, submission, now, requirements)
        if remark.field.startswith(DOCUMENT_REMARK)
        else _about_answer(nomination, remark.field, remark.text, submission, now)
        for remark in written
    ]


def _about_answer(
    nomination: Nomination, field: str, text: str, submission: Submission, now: Mapping[str, Any]
) -> Remark:
    answer = answers.BY_CODE.get(field)
    if answer is None:
        # Written before the form was changed.
        return Remark(field, field, text, "ikm", "", False)
    changed = answers.value_in(now, answer) != answers.value_in(submission.content, answer)
    return Remark(field, answer.label, text, answer.part, place_of(field, answer.part, nomination), changed)


def _about_document(
    nomination: Nomination,
    field: str,
    text: str,
    submission: Submission,
    now: Mapping[str, Any],
    requirements: Mapping[str, Requirement],
) -> Remark:
    code = field.removeprefix(DOCUMENT_REMARK)
    requirement = requirements.get(code)
    accepted = list(requirement.accepts.all()) if requirement else []
    kinds = {kind.pk for kind in accepted}
    before, after = (
        {item["id"] for item in content["documents"] if item["kind"] in kinds}
        for content in (submission.content, now)
    )
    part = "cerita" if accepted and all(kind.is_photo for kind in accepted) else "dokumen"
    label = requirement.name if requirement else code
    return Remark(field, label, text, part, place_of(field, part, nomination), before != after)


# --- The task list -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Tasks:
    """The hub: groups as the partial task_list takes them, how many of its tasks are done, and of how many."""

    groups: list[dict[str, Any]]
    done: int
    total: int


def tasks(nomination: Nomination, missing: list[Missing], remarked: list[Remark]) -> Tasks:
    lacking = Counter(item.part for item in missing)
    open_remarks = Counter(remark.part for remark in remarked if not remark.is_changed)
    asked = _asked(nomination)
    parts = [
        _part_task(nomination, part, title, lacking[part], open_remarks[part], asked[part])
        for part, title in answers.PARTS.items()
    ]
    check = address("periksa", nomination)
    whole = not missing
    checking: dict[str, Any] = {
        "name": "Periksa jawaban",
        "hint": "",
        "url": check,
        "state": "current",
        "text": "Siap diperiksa" if whole else f"Belum lengkap: {len(missing)} isian",
    }
    sending: dict[str, Any] = {
        "name": "Kirim perbaikan" if nomination.state == State.RETURNED else "Kirim usulan",
        "hint": "" if whole else "Setelah semua bagian lengkap",
        "url": f"{check}#kirim" if whole else None,
        "state": "current" if whole else "locked",
        "text": "Siap dikirim" if whole else "",
    }
    groups = [
        {"title": "Siapkan usulan", "tasks": parts},
        {"title": "Kirim", "tasks": [checking, sending]},
    ]
    return Tasks(groups, sum(task["state"] == "done" for task in parts), len(STEPS))


def _part_task(
    nomination: Nomination, part: str, title: str, lacks: int, remarked: int, asked: int
) -> dict[str, Any]:
    task = {"name": title, "hint": _hint(nomination, part), "url": address(part, nomination), "text": ""}
    if remarked:
        return task | {"state": "returned", "text": f"Perlu perbaikan: {remarked} catatan"}
    if not lacks:
        return task | {"state": "done"}
    if lacks >= asked:
        return task | {"state": "empty"}
    return task | {"state": "partial", "text": f"Belum lengkap: {lacks} isian"}


def _hint(nomination: Nomination, part: str) -> str:
    return {"ikm": nomination.product.ikm.name, "produk": nomination.product.name}.get(part, "")


def _asked(nomination: Nomination) -> Counter[str]:
    """How many things each part asks for that cannot stay empty."""
    found = Counter(answer.part for answer in answers.ANSWERS if answer.lacking)
    for requirement in completeness.requirements_for(nomination):
        kinds = requirement.accepts.all()
        if kinds:
            found["cerita" if all(kind.is_photo for kind in kinds) else "dokumen"] += 1
    return found
