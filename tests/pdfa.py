"""
What PDF/A-3a asks of a file (ISO 19005-3) as far as pikepdf can see it; no validator is on the registries (0082).

Judged: the file's frame (6.1), colours (6.2.2-6.2.4), fonts (6.2.11), transparency and graphics state (6.2.5, 6.2.9),
annotations and forms (6.3, 6.4), actions (6.5, 6.6), metadata (6.7), tags (6.8), embedded files (6.9), and the limits
of 6.1.13. Not judged: whether each glyph is in its embedded face with the width that is told, and whether the tags mean
what the page shows.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_FORBIDDEN_ACTIONS = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans",
    "/GoTo3DView", "/JavaScript",
}  # fmt: skip
_MODES = {
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn",
    "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity",
}  # fmt: skip
_CMYK = {"k", "K"}
_LONGEST_STRING, _LONGEST_NAME, _DEEPEST = 32767, 127, 28


def problems(data: bytes) -> list[str]:
    """One line for each point that the file does not keep; none for a file that may call itself PDF/A-3a."""
    found = list(_frame(data))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for judge in (_catalogue, _metadata, _colours, _objects, _pages, _forms, _embedded, _tags):
            found += judge(pdf)
    return found


def _frame(data: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", data):
        yield "the header is not followed by four bytes beyond ASCII"
    if not re.search(rb"%%EOF\r?\n?\Z", data):
        yield "something stands behind the last %%EOF"


def _catalogue(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "it is encrypted"
    if "/ID" not in pdf.trailer:
        yield "the trailer has no ID"
    for name in ("/AA", "/Requirements", "/NeedsRendering"):
        if name in pdf.Root:
            yield f"the catalogue has {name}"
    if "/JavaScript" in pdf.Root.get("/Names", {}):
        yield "the catalogue names JavaScript"
    for name in pdf.Root.get("/Perms", {}):
        if name not in ("/UR3", "/DocMDP"):
            yield f"the permissions hold {name}"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    # Packed metadata are forbidden in part 1 only.
    if "/Metadata" not in pdf.Root:
        yield "the metadata are missing"
        return
    with pdf.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as xmp:
        if (xmp.get("pdfaid:part"), xmp.get("pdfaid:conformance")) != ("3", "A"):
            yield f"it claims {xmp.get('pdfaid:part')}{xmp.get('pdfaid:conformance')}"
        info = pdf.trailer.get("/Info", {})
        if "/Title" not in info or str(info.Title) != xmp.get("dc:title"):
            yield "the title of the document and of its metadata differ"


def _colours(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if one.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1 or "/DestOutputProfile" not in intents[0]:
        yield "there is not one output intent with a profile"
        return
    profile = intents[0].DestOutputProfile
    data = profile.read_bytes()
    if data[36:40] != b"acsp" or data[16:20] != b"RGB " or profile.get("/N") != 3:
        yield "the profile is not one of RGB"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            yield from _stream(thing)
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield from _dictionary(thing)
        yield from _limits(thing, depth=0)


def _stream(thing: pikepdf.Stream) -> Iterator[str]:
    filters = thing.get("/Filter", [])
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(name) for name in filters]
    if "/LZWDecode" in names or "/Crypt" in names:
        yield f"a stream is packed by {names}"
    if "/F" in thing and thing.get("/Type") != "/Filespec":
        yield "a stream lies in another file"
    if thing.get("/Subtype") == "/PS" or "/Alternates" in thing or "/OPI" in thing:
        yield "a picture has an alternative, or is PostScript"
    if thing.get("/Subtype") == "/Image" and thing.get("/Interpolate", False):
        yield "a picture is interpolated"


def _dictionary(thing: Any) -> Iterator[str]:
    kind = thing.get("/Type")
    if kind == "/Font":
        yield from _font(thing)
    if kind == "/ExtGState" or {"/ca", "/CA", "/BM"} & set(thing.keys()):
        if "/TR" in thing or ("/TR2" in thing and thing.TR2 != "/Default") or "/HTP" in thing:
            yield "a graphics state has a transfer function"
        if (
            (mode := thing.get("/BM")) is not None
            and isinstance(mode, pikepdf.Name)
            and str(mode) not in _MODES
        ):
            yield f"a graphics state blends by {mode}"
    if (action := str(thing.get("/S", ""))) in _FORBIDDEN_ACTIONS and (
        "/Type" not in thing or kind == "/Action"
    ):
        yield f"there is an action {action}"
    if "/JS" in thing:
        yield "there is a script"


def _font(font: Any) -> Iterator[str]:
    name, subtype = font.get("/BaseFont", "?"), font.get("/Subtype")
    if subtype == "/Type3":
        return
    if subtype != "/CIDFontType0" and subtype != "/CIDFontType2" and "/ToUnicode" not in font:
        yield f"{name} does not say which characters it draws"
    if subtype == "/Type0":
        if str(font.get("/Encoding")) not in ("/Identity-H", "/Identity-V"):
            yield f"{name} has an encoding of its own"
        return
    described = font.get("/FontDescriptor", {})
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
        yield f"{name} is not embedded"
    if subtype == "/CIDFontType2" and "/CIDToGIDMap" not in font:
        yield f"{name} does not map its glyphs"


def _limits(thing: Any, *, depth: int) -> Iterator[str]:
    if depth > 60:
        return
    if isinstance(thing, pikepdf.String) and len(bytes(thing)) > _LONGEST_STRING:
        yield "a string is longer than 32767 bytes"
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for name, value in thing.items():
            if len(name.encode()) > _LONGEST_NAME + 1:
                yield f"a name is longer than 127 bytes: {name[:40]}"
            if not getattr(value, "is_indirect", False):
                yield from _limits(value, depth=depth + 1)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if not getattr(value, "is_indirect", False):
                yield from _limits(value, depth=depth + 1)


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        if "/AA" in page:
            yield "a page has additional actions"
        depth = deepest = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            depth += {"q": 1, "Q": -1}.get(str(operator), 0)
            deepest = max(deepest, depth)
            if str(operator) in _CMYK or (str(operator) in ("cs", "CS") and operands[0] == "/DeviceCMYK"):
                yield "a page is coloured in CMYK under a profile of RGB"
        if deepest > _DEEPEST:
            yield f"graphics states are nested {deepest} deep"
        for note in page.get("/Annots", []):
            yield from _annotation(note)


def _annotation(note: Any) -> Iterator[str]:
    kind, flags = str(note.get("/Subtype")), int(note.get("/F", 0))
    if kind in ("/3D", "/Sound", "/Screen", "/Movie"):
        yield f"there is an annotation {kind}"
    if kind != "/Popup" and (not flags & 4 or flags & (1 | 2 | 32 | 256)):
        yield f"an annotation {kind} is hidden or not printed"
    left, bottom, right, top = (float(one) for one in note.Rect)
    is_nowhere = left == right and bottom == top
    if kind not in ("/Popup", "/Link") and not is_nowhere and "/AP" not in note:
        yield f"an annotation {kind} has no appearance"


def _forms(pdf: pikepdf.Pdf) -> Iterator[str]:
    form = pdf.Root.get("/AcroForm", {})
    if "/XFA" in form or form.get("/NeedAppearances", False):
        yield "the form is drawn by the reader"
    for field in form.get("/Fields", []):
        if "/A" in field or "/AA" in field:
            yield "a field has an action"
        written = str(field.V.get("/SubFilter")) if field.get("/FT") == "/Sig" and "/V" in field else ""
        if written not in ("", "/ETSI.CAdES.detached", "/adbe.pkcs7.detached"):
            yield f"a signature is written as {written}"


def _embedded(pdf: pikepdf.Pdf) -> Iterator[str]:
    associated = list(pdf.Root.get("/AF", []))
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary) or "/EF" not in thing:
            continue
        if "/F" not in thing or "/UF" not in thing:
            yield "an embedded file has not both names"
        if str(thing.get("/AFRelationship")) not in (
            "/Source",
            "/Data",
            "/Alternative",
            "/Supplement",
            "/Unspecified",
        ):
            yield "an embedded file does not say what it is to the document"
        if not any(one.objgen == thing.objgen for one in associated):
            yield "an embedded file is associated with nothing"
        content = thing.EF.get("/F")
        if content is None or "/Subtype" not in content or "/ModDate" not in content.get("/Params", {}):
            yield "an embedded file lacks its media type or its date"


def _tags(pdf: pikepdf.Pdf) -> Iterator[str]:
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in pdf.Root:
        yield "it is not tagged"
        return
    if not str(pdf.Root.get("/Lang", "")):
        yield "it has no language"
    waiting = [pdf.Root.StructTreeRoot.get("/K")]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary):
            waiting.append(one.get("/K"))
            if one.get("/S") == "/Figure" and not str(one.get("/Alt", "")):
                yield "a figure has no words"
