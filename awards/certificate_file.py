"""
The file of a certificate, PDF/A-3a: its paragraphs put into one page, their tags, the faces they use, the record.

What is the same in each file is written here as it stands in the file; numbers of objects that paragraphs refer to are
fixed. Knows no WeasyPrint. ISO 32000-1 for the file, 19005-3 for what an archive asks of it.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import pydyf

from letters import archival

from .certificate_faces import Faces
from .certificate_objects import Objects
from .certificate_strokes import FONTS, POINTS_PER_PIXEL, Element, Paragraph, Thing

WIDTH, HEIGHT = 297 * 72 / 25.4, 210 * 72 / 25.4
# fmt: off
(
    CATALOGUE, PAGES, PAGE, COLOURS, FACES, CONTENT, METADATA, RECORD, ATTACHMENT, INFO, TREE, PARENTS, DOCUMENT,
    OUTLINES, TITLE,
) = range(1, 16)
# fmt: on


@dataclass(frozen=True)
class Said:
    """What the file says of itself beside the page. identifier: 32 hexadecimal digits."""

    title: str
    author: str
    subject: str
    keywords: str
    creator: str
    producer: str
    heading: str
    on: date
    record: bytes
    identifier: str


def written(paragraphs: Sequence[Paragraph], faces: Faces, said: Said) -> bytes:
    """Return the file. The same paragraphs and words give the same bytes."""
    file = Objects(free=TITLE + 1)
    _put_frame(file, said)
    _put_record(file, said)
    _put_faces(file, paragraphs, faces)
    _put_page(file, paragraphs)
    _put_tags(file, paragraphs)
    return file.written(said.identifier, root=CATALOGUE, info=INFO)


def _put_frame(file: Objects, said: Said) -> None:
    name = f"({archival.profile().name})"
    file.put_open(
        CATALOGUE,
        f"<< /Type /Catalog /Pages {PAGES} 0 R /Lang (id) /MarkInfo << /Marked true >>"
        f" /ViewerPreferences << /DisplayDocTitle true >> /Metadata {METADATA} 0 R /StructTreeRoot {TREE} 0 R"
        f" /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier {name} /Info {name}"
        f" /DestOutputProfile {COLOURS} 0 R >>] /Outlines {OUTLINES} 0 R"
        f" /Names << /EmbeddedFiles << /Names [(facts.json) {ATTACHMENT} 0 R] >> >> /AF [{ATTACHMENT} 0 R] >>",
    )
    file.put(PAGES, f"<< /Type /Pages /Kids [{PAGE} 0 R] /Count 1 >>")
    file.put_stream(COLOURS, "/N 3", _packed_profile())
    file.put(OUTLINES, f"<< /Type /Outlines /First {TITLE} 0 R /Last {TITLE} 0 R /Count 1 >>")
    file.put(
        TITLE, b"<< /Title %b /Parent %d 0 R /Dest [%d 0 R /Fit] >>" % (_text(said.heading), OUTLINES, PAGE)
    )
    when = f"(D:{said.on:%Y%m%d}000000+07'00)".encode()
    told = {
        b"Title": _text(said.title),
        b"Author": _text(said.author),
        b"Subject": _text(said.subject),
        b"Keywords": _text(said.keywords),
        b"Creator": _text(said.creator),
        b"Producer": _text(said.producer),
        b"CreationDate": when,
        b"ModDate": when,
    }
    file.put(INFO, b"<< %b >>" % b" ".join(b"/%b %b" % one for one in told.items()))
    file.put_stream(METADATA, "/Type /Metadata /Subtype /XML", zlib.compress(_metadata(said).encode()))


@cache
def _packed_profile() -> bytes:
    return zlib.compress(archival.profile().content)


def _metadata(said: Said) -> str:
    """The same words as XMP (19005-3, 6.6): what a catalogue of documents reads."""
    title, author, subject, keywords, creator, producer = (
        escape(one)
        for one in (said.title, said.author, said.subject, said.keywords, said.creator, said.producer)
    )
    when = f"{said.on.isoformat()}T00:00:00+07:00"
    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator><dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{producer}</pdf:Producer><pdf:Keywords>{keywords}</pdf:Keywords></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>{creator}</xmp:CreatorTool><xmp:CreateDate>{when}</xmp:CreateDate><xmp:ModifyDate>{when}</xmp:ModifyDate></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""  # noqa: E501


def _put_record(file: Objects, said: Said) -> None:
    when = f"(D:{said.on:%Y%m%d}000000Z)"
    digest = hashlib.md5(said.record, usedforsecurity=False).hexdigest()
    file.put_stream(
        RECORD,
        f"/Type /EmbeddedFile /Subtype /application#2fjson /Params << /CheckSum <{digest}>"
        f" /Size {len(said.record)} /CreationDate {when} /ModDate {when} >>",
        zlib.compress(said.record),
    )
    file.put(
        ATTACHMENT,
        f"<< /Type /Filespec /F (facts.json) /UF (facts.json) /EF << /F {RECORD} 0 R >> /AFRelationship /Data"
        " /Desc (Catatan penghargaan yang dicetak pada piagam ini) >>",
    )


def _put_faces(file: Objects, paragraphs: Iterable[Paragraph], faces: Faces) -> None:
    """Each face with the letters of all paragraphs; where two differ on what a glyph means, the first is right."""
    letters: dict[str, dict[int, str]] = {}
    for paragraph in paragraphs:
        for name, shown in paragraph.letters.items():
            known = letters.setdefault(name, {})
            letters[name] = {**shown, **known}
    named = []
    for name in sorted(letters):
        cut, told = faces.cut(name, letters[name]), faces.described(name)
        content = file.add_stream(f"/Length1 {cut.file_length}", cut.file)
        meaning = file.add_stream("", cut.to_letters)
        described = file.add(
            f"<< /Type /FontDescriptor /FontName {told.name} /FontFamily ({told.family}) /Flags {told.flags}"
            f" /FontBBox [{' '.join(map(str, told.box))}] /ItalicAngle {told.italic_angle:g} /Ascent {told.ascent}"
            f" /Descent {told.descent} /CapHeight {told.cap_height} /StemV 80 /FontFile2 {content} 0 R >>"
        )
        inner = file.add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont {told.name} /CIDToGIDMap /Identity"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
            f" /FontDescriptor {described} 0 R /W [{cut.widths}] >>"
        )
        outer = file.add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont {told.name} /Encoding /Identity-H"
            f" /DescendantFonts [{inner} 0 R] /ToUnicode {meaning} 0 R >>"
        )
        named.append(f"/{name} {outer} 0 R")
    file.put(FACES, f"<< {' '.join(named)} >>")


def _put_page(file: Objects, paragraphs: Iterable[Paragraph]) -> None:
    scale = POINTS_PER_PIXEL
    operators = [f"{scale} 0 0 -{scale} 0 {HEIGHT:.6f} cm".encode()]
    resources: dict[str, dict[str, Any]] = {}
    marks = 0
    for paragraph in paragraphs:
        operators.append(paragraph.numbered_from(marks))
        marks += paragraph.marks
        for kind, things in paragraph.resources.items():
            known = resources.setdefault(kind, {})
            if clash := [name for name in known.keys() & things.keys() if known[name] != things[name]]:
                raise RuntimeError(f"two paragraphs have a thing of their own under one name: {clash}")
            known.update(things)
    placed: dict[int, int] = {}
    needed = b" ".join(
        b"/%b %b" % (kind.encode(), _told(one, file, placed)) for kind, one in resources.items()
    )
    file.put_open(
        PAGE,
        f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {WIDTH:.6f} {HEIGHT:.6f}] /Contents {CONTENT} 0 R"
        f" /Tabs /S /StructParents 0 /Resources << /Font {FONTS.decode()} {needed.decode('latin-1')} >> >>",
    )
    file.put_stream(CONTENT, "", zlib.compress(b"\n".join(operators)))


def _told(thing: Any, file: Objects, placed: dict[int, int]) -> bytes:
    """A paragraph's resource as it is written; `placed`: streams that stand in the file already."""
    if isinstance(thing, Thing):
        if id(thing) not in placed:
            head = b" ".join(
                b"/%b %b" % (_key(name), _told(one, file, placed)) for name, one in thing.head.items()
            )
            placed[id(thing)] = file.add_stream(
                head, thing.body if b"/Filter" in head else zlib.compress(thing.body)
            )
        return b"%d 0 R" % placed[id(thing)]
    if isinstance(thing, dict):
        return b"<< %b >>" % b" ".join(
            b"/%b %b" % (_key(name), _told(one, file, placed)) for name, one in thing.items()
        )
    if isinstance(thing, list):
        return b"[%b]" % b" ".join(_told(one, file, placed) for one in thing)
    return bytes(thing)


def _key(name: str | bytes) -> bytes:
    return name if isinstance(name, bytes) else name.encode()


def _put_tags(file: Objects, paragraphs: Iterable[Paragraph]) -> None:
    """What each mark on the page belongs to, in the order in which it is read (14.7, 14.8)."""
    parents: dict[int, int] = {}

    def put(element: Element, parent: int, first: int) -> int:
        number = file.taken()
        kids = []
        for kid in element.kids:
            if isinstance(kid, int):
                parents[first + kid] = number
                kids.append(f"{first + kid}")
            else:
                kids.append(f"{put(kid, number, first)} 0 R")
        file.put(
            number,
            b"<< /Type /StructElem /S /%b /P %d 0 R /Pg %d 0 R /K [%b]%b >>"
            % (element.tag.encode(), parent, PAGE, " ".join(kids).encode(), _details(element)),
        )
        return number

    kids, first = [], 0
    for paragraph in paragraphs:
        kids += [f"{put(element, DOCUMENT, first)} 0 R" for element in paragraph.elements]
        first += paragraph.marks
    file.put(
        TREE,
        f"<< /Type /StructTreeRoot /K [{DOCUMENT} 0 R] /ParentTree {PARENTS} 0 R /ParentTreeNextKey 1 >>",
    )
    file.put(DOCUMENT, f"<< /Type /StructElem /S /Document /P {TREE} 0 R /K [{' '.join(kids)}] >>")
    owners = " ".join(f"{parents[mark]} 0 R" for mark in range(first))
    file.put(PARENTS, f"<< /Nums [0 [{owners}]] >>")


def _details(element: Element) -> bytes:
    told = b""
    if element.language:
        told += b" /Lang %b" % _text(element.language)
    if element.words:
        told += b" /Alt %b" % _text(element.words)
    if element.frame:
        left, top, width, height = (POINTS_PER_PIXEL * one for one in element.frame)
        frame = (left, HEIGHT - top - height, left + width, HEIGHT - top)
        told += f" /A << /O /Layout /BBox [{' '.join(f'{one:.2f}' for one in frame)}] >>".encode()
    return told


def _text(words: str) -> bytes:
    """A text as a string of the file: ASCII as it is, anything else as UTF-16 (7.9.2.2)."""
    return bytes(pydyf.String(words).data)
