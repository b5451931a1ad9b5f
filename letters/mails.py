"""
The kinds of e-mail, their words, and how words become a message (documents.md 12). Imports no models.

A template is plain text with named fields in braces, `{nama}`, and nothing else: no tags, no expressions. What
staff write is checked when they save it (`problems_in`), so that a message can never fail at sending.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

SUBJECT_LENGTH = 78
# Stands in the stored words where a private link goes.
PRIVATE_LINK = "[tautan pribadi]"
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACE = re.compile(r"[{}]")
_LINE_BREAK = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LINK = re.compile(r"(?P<label>[^\n]+): (?P<link>https?://\S+)")
# A NIK or NPWP, also when written with dots, dashes or spaces.
_DIGITS = re.compile(r"(?<!\d)\d(?:[ .\-]?\d)*(?!\d)")


@dataclass(frozen=True)
class Kind:
    """A kind of message: who reads of it, the fields it is given, and the words shipped with the portal."""

    code: str
    name: str
    subject: str
    body: str
    fields: Mapping[str, str]
    link: str
    """The label of the link; every message leads to one page, where signing in is asked for."""
    private_link: bool = False
    """Whether the link itself opens something (an invitation): then it is kept apart and only until it is sent."""

    @property
    def example(self) -> dict[str, str]:
        return dict(self.fields)


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


class LineBreakInHeader(ValueError):
    """A value that would stand in the subject holds a line break: somebody tries to add headers of their own."""


class PersonalNumber(ValueError):
    """A value holds a run of exactly 15 or 16 digits: a NIK or NPWP, which no message may carry."""


class FieldsMissing(KeyError):
    """The caller did not give all fields of the kind: a fault in the program, found by its first test."""


def problems_in(kind: Kind, *, subject: str, body: str) -> dict[str, list[str]]:
    """Return what is wrong with a template, by form field and in Indonesian; empty where it can be used."""
    problems: dict[str, list[str]] = {"subject": [], "body": []}
    for name, text in (("subject", subject), ("body", body)):
        unknown = sorted(set(_FIELD.findall(text)) - kind.fields.keys())
        if unknown:
            known = ", ".join(f"{{{field}}}" for field in kind.fields)
            named = ", ".join(f"{{{field}}}" for field in unknown)
            problems[name].append(
                f"Isian {named} tidak dikenal untuk jenis pesan ini. Yang tersedia: {known}."
            )
        if _BRACE.search(_FIELD.sub("", text)):
            problems[name].append("Ada kurung kurawal tanpa nama isian. Tulis isian seperti {waktu}.")
        if not text.strip():
            problems[name].append("Bagian ini tidak boleh kosong.")
        if holds_personal_number(text):
            problems[name].append("Ada deretan angka seperti NIK atau NPWP. Hapus nomor itu.")
    if _LINE_BREAK.search(subject.strip()):
        problems["subject"].append("Perihal harus satu baris.")
    return {name: texts for name, texts in problems.items() if texts}


def render(
    kind: Kind,
    *,
    subject: str,
    body: str,
    recipient: str,
    context: Mapping[str, object],
    link: str,
    contact: str,
) -> Rendered:
    """
    Return the message in one frame: greeting, body, link, foot; the text first, then the same as simple HTML.

    context: every field of the kind, as str or int. The subject is cut to 78 characters with "…".
    Raises FieldsMissing, LineBreakInHeader (a value of the subject with a line break) or PersonalNumber.
    """
    missing = sorted(kind.fields.keys() - context.keys())
    if missing:
        raise FieldsMissing(f"{kind.code} needs {', '.join(missing)}")
    values = {name: _as_text(name, context[name]) for name in kind.fields}
    for name in _FIELD.findall(subject):
        if _LINE_BREAK.search(values[name]):
            raise LineBreakInHeader(f"{{{name}}} of {kind.code} holds a line break")
    for name, value in values.items():
        if holds_personal_number(value):
            raise PersonalNumber(f"{{{name}}} of {kind.code} looks like a NIK or NPWP")
    content = _filled(body, values).replace("\r\n", "\n").strip()
    greeting, foot = f"Yth. {recipient},", f"Pesan otomatis portal OVOP. Pertanyaan: {contact}."
    text = "\n\n".join([greeting, content, f"{kind.link}: {link}", foot]) + "\n"
    html = "\n".join(
        [
            f"<p>{escape(greeting)}</p>",
            *(f"<p>{_lines(part)}</p>" for part in re.split(r"\n{2,}", content)),
            f'<p><a href="{escape(link)}">{escape(kind.link)}</a></p>',
            f"<p><small>{escape(foot)}</small></p>",
        ]
    )
    return Rendered(subject=_cut(_filled(subject, values).strip()), text=text, html=html)


@dataclass(frozen=True)
class Parts:
    """What `render` put together: the paragraphs of the content, and where the message leads ("" for nowhere)."""

    paragraphs: list[str]
    label: str
    link: str


def taken_apart(text: str) -> Parts:
    """The reverse of `render` for a stored text: without greeting and foot, its link apart from the words."""
    parts = [part.strip("\n") for part in re.split(r"\n{2,}", text.strip())]
    inside = parts[1:] if len(parts) > 1 else parts
    # From the end: the content may hold anything, also lines that look like a link.
    if len(inside) >= 2 and (found := _LINK.fullmatch(inside[-2])):
        return Parts(inside[:-2], found["label"], found["link"])
    return Parts(inside, "", "")


def as_page(html: str) -> str:
    """Return the HTML part of a mail around the paragraphs that `render` gave."""
    return f'<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8"></head><body>\n{html}\n</body></html>\n'


def holds_personal_number(text: str) -> bool:
    """Whether the text holds a run of exactly 15 or 16 digits, also with dots, dashes or spaces between them."""
    return any(sum(sign.isdigit() for sign in run) in (15, 16) for run in _DIGITS.findall(text))


def _as_text(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{{{name}}} must be given as text or a whole number, not {type(value).__name__}")
    return str(value)


def _filled(template: str, values: Mapping[str, str]) -> str:
    # One pass: braces inside a value stay what they are.
    return _FIELD.sub(lambda match: values[match[1]], template)


def _lines(part: str) -> str:
    return "<br>\n".join(escape(line) for line in part.split("\n"))


def _cut(subject: str) -> str:
    return subject if len(subject) <= SUBJECT_LENGTH else subject[: SUBJECT_LENGTH - 1].rstrip() + "…"
