"""A PDF is kept as it came, so whatever could act when it is opened is refused."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream

from files.checks.refusal import No
from files.limits import MAX_PAGES

_MAX_OBJECTS = 400_000
_BLANK = b"\x00\t\n\x0c\r "
_LAST = 1_000_000
_END = re.compile(rb"startxref[\s\0]+\d+[\s\0]+%%EOF")

# What an action may be called (ISO 32000-2, table 201), and how its refusal is called.
_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launches",
    "/ImportData": "launches",
    "/SubmitForm": "launches",
    "/GoToR": "launches",
    "/GoToE": "launches",
    "/Thread": "launches",
    "/Rendition": "rich_media",
    "/Movie": "rich_media",
    "/Sound": "rich_media",
    "/RichMediaExecute": "rich_media",
}
_SUBTYPES = {
    "/FileAttachment": "embedded_files",
    "/RichMedia": "rich_media",
    "/Screen": "rich_media",
    "/Movie": "rich_media",
    "/Sound": "rich_media",
    "/3D": "rich_media",
}
_KEYS = {"/JS": "javascript", "/JavaScript": "javascript", "/EF": "embedded_files", "/XFA": "xfa"}
# What may happen without anybody pressing: moving about in the document itself.
_HARMLESS_BY_ITSELF = {"/GoTo", "/Named"}


def check(path: Path) -> dict[str, int]:
    """Return {"pages": n}; raises No with the first thing found."""
    _ends_where_it_should(path)
    try:
        with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise No("encrypted")
            pages = len(document.pages)
            if pages > MAX_PAGES:
                raise No("too_many_pages", pages=pages)
            if not pages:
                raise No("broken")
            for thing in _everything_in(document):
                _refuse_what_acts(thing)
            if "/Collection" in document.Root:
                raise No("embedded_files")
            _refuse_what_runs_by_itself(document.Root.get("/OpenAction"))
            if any("limits error" in warning for warning in document.get_warnings()):
                raise No("broken")
    except pikepdf.PasswordError:
        raise No("encrypted") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise No("broken") from None
    _opens_in_a_second_reader(path, pages)
    return {"pages": pages}


def _ends_where_it_should(path: Path) -> None:
    """The end that readers look for is the file's end; what stands behind it was put there for somebody else."""
    with path.open("rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - _LAST, 0))
        tail = file.read()
    ends = list(_END.finditer(tail))
    if not ends:
        raise No("broken")
    if tail[ends[-1].end() :].strip(_BLANK):
        raise No("appended")


def _everything_in(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream, whether a page leads to it or not; names come with their #-escapes undone."""
    for number, top in enumerate(document.objects):
        if number > _MAX_OBJECTS:
            raise No("too_demanding")
        waiting = [top]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, Dictionary | Stream):
                yield thing
                inside: Iterator[Any] = iter(dict(thing.items()).values())
            elif isinstance(thing, Array):
                inside = iter(thing)
            else:
                continue
            waiting += [
                part
                for part in inside
                if isinstance(part, Dictionary | Array | Stream) and not part.is_indirect
            ]


def _refuse_what_acts(thing: Any) -> None:
    keys = set(thing.keys())
    for key, code in _KEYS.items():
        if key in keys:
            raise No(code)
    action, subtype = thing.get("/S"), thing.get("/Subtype")
    if isinstance(action, Name) and str(action) in _ACTIONS:
        raise No(_ACTIONS[str(action)])
    if isinstance(subtype, Name) and str(subtype) in _SUBTYPES:
        raise No(_SUBTYPES[str(subtype)])
    if thing.get("/Type") == Name.EmbeddedFile:
        raise No("embedded_files")
    if isinstance(thing, Stream) and "/F" in keys:
        raise No("launches")  # its content lies in another file
    additional = thing.get("/AA")
    if isinstance(additional, Dictionary):
        for _, occasion in additional.items():
            _refuse_what_runs_by_itself(occasion)


def _refuse_what_runs_by_itself(action: Any) -> None:
    """A place to open at is fine, and so is moving there; all else that needs no press is not, chained or not."""
    waiting, steps = [action], 0
    while waiting:
        step = waiting.pop()
        steps += 1
        if steps > 100:
            raise No("too_demanding")
        if isinstance(step, Dictionary):
            kind = step.get("/S")
            if kind is None and "/D" in step:
                continue
            if str(kind) not in _HARMLESS_BY_ITSELF:
                raise No(_ACTIONS.get(str(kind), "runs_by_itself"))
            following = step.get("/Next")
            waiting += list(following) if isinstance(following, Array) else [following]
        elif isinstance(step, Stream):
            raise No("runs_by_itself")


def _opens_in_a_second_reader(path: Path, pages: int) -> None:
    """What draws the pages for the reader must see the same document, else one of the two was deceived."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        raise No("broken") from None
    try:
        if len(document) != pages:
            raise No("broken")
    finally:
        document.close()
