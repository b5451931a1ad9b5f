"""Hostile and broken files, made here from nothing; each with the code by which it must be refused."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Pdf, Permissions, String

from tests.factories.files import a_document, a_picture, pdf_bytes, picture_bytes

MEGABYTE = 1024 * 1024
SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def an_archive(*, comment: bytes = b"") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("Main.class", b"\xca\xfe\xba\xbe")
        archive.comment = comment
    return target.getvalue()


def pdf_with(change: Callable[[Pdf], object], **how: Any) -> Callable[[], bytes]:
    def make() -> bytes:
        document = a_document()
        change(document)
        return pdf_bytes(document, **how)

    return make


def an_annotation(document: Pdf, **entries: Any) -> None:
    note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 100, 100]), **entries)
    document.pages[0].Annots = document.make_indirect(Array([document.make_indirect(note)]))


def pressing(action: Dictionary) -> Callable[[Pdf], None]:
    return lambda document: an_annotation(document, Subtype=Name.Link, A=action)


def opening(action: Dictionary) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        document.Root.OpenAction = action

    return change


def root(**entries: Any) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        for name, value in entries.items():
            document.Root[f"/{name}"] = value

    return change


def page(**entries: Any) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        for name, value in entries.items():
            document.pages[0].obj[f"/{name}"] = value

    return change


def an_attachment(document: Pdf) -> None:
    document.attachments["lampiran.exe"] = b"MZ"


def an_associated_file(document: Pdf) -> None:
    content = document.make_stream(b"<x/>", Type=Name.EmbeddedFile)
    document.Root.AF = Array([Dictionary(Type=Name.Filespec, F="faktur.xml", EF=Dictionary(F=content))])


def an_object_that_no_page_leads_to(document: Pdf) -> None:
    # The writer leaves out what nothing leads to, so it hangs on an unused entry of the trailer.
    document.trailer["/Unused"] = document.make_indirect(Dictionary(Kept=SCRIPT))


def a_stream_elsewhere(document: Pdf) -> None:
    document.pages[0].Contents = document.make_stream(b"", F=String("\\\\198.51.100.7\\share\\x"))


def a_form_with_a_script(document: Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T="nama", AA=Dictionary(K=SCRIPT))
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))


def raw_pdf(*objects: bytes, root_number: int = 1) -> bytes:
    """A PDF written by hand, its table of objects right, so that only what the test means is wrong."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root_number,
        len(body),
    )
    return body + table + trailer


def raw_page(rest_of_root: bytes = b"", *more: bytes) -> bytes:
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % rest_of_root,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *more,
    )


def a_script_with_a_disguised_name() -> bytes:
    return raw_page(b"/OpenAction 4 0 R", b"<< /S /J#61v#61Script /J#53 (app.alert\\(1\\)) >>")


def pages_in_a_circle() -> bytes:
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")


def a_document_without_pages() -> bytes:
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")


def pages_that_two_readers_count_differently() -> bytes:
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 5 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )


def brackets_without_end() -> bytes:
    return raw_page(b"/PieceInfo 4 0 R", b"[" * 400_000 + b"]" * 400_000)


def objects_that_swell() -> bytes:
    """An object stream of some 2 MB that unpacks to 2 GB."""
    packer = zlib.compressobj(1)
    blank = b" " * (8 * MEGABYTE)
    packed = b"".join(packer.compress(blank) for _ in range(256)) + packer.flush()
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Names 5 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            stream + packed + b"\nendstream",
        ],
        1,
    ):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), (2, 4, 0), (1, len(body), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    head = b"<< /Type /XRef /Size %d /Root 1 0 R /W [1 4 2] /Length %d >>" % (len(rows), len(table))
    at = len(body)
    return body + b"6 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, table, at)


def with_damaged_table() -> bytes:
    content = pdf_bytes(object_stream_mode=ObjectStreamMode.disable)
    at = content.rindex(b"startxref")
    return content[:at] + b"startxref\n7\n%%EOF\n"


def with_a_page_cut_out() -> bytes:
    document = a_document(pages=5)
    content = pdf_bytes(document, object_stream_mode=ObjectStreamMode.disable)
    at = content.index(b"/Type /Page")
    return content[: at - 30] + content[at + 400 :]


def a_locked_pdf(*, user: str) -> bytes:
    return pdf_bytes(encryption=Encryption(owner="rahasia", user=user, allow=Permissions(extract=False)))


def png_of(width: int, height: int, *, data: bytes = b"") -> bytes:
    """A PNG whose header says width x height, whatever its data holds."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(data or bytes(1000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def png_with_chunk(name: bytes, content: bytes, *, crc: int | None = None) -> bytes:
    whole = picture_bytes(kind="PNG")
    check = zlib.crc32(name + content) if crc is None else crc
    added = struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
    return whole[:33] + added + whole[33:]


def jpeg_that_says(width: int, height: int) -> bytes:
    content = bytearray(picture_bytes(kind="JPEG"))
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def webp_that_says(width: int, height: int) -> bytes:
    frame = b"\x2f" + ((width - 1) | ((height - 1) << 14)).to_bytes(4, "little") + bytes(40)
    chunk = b"VP8L" + len(frame).to_bytes(4, "little") + frame + b"\0" * (len(frame) % 2)
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk


def moving(kind: str) -> bytes:
    frames = [a_picture(colour=(shade, 0, 0)) for shade in (0, 120, 240)]
    return picture_bytes(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def busy(kind: str) -> bytes:
    """A picture with so much in it that cutting it hurts."""
    picture = a_picture((400, 300))
    picture.putdata([(x * 7 % 256, x * 13 % 256, x * 29 % 256) for x in range(400 * 300)])
    return picture_bytes(picture, kind)


def a_page_without_end() -> bytes:
    """Nothing in it acts, but it says to draw 10 to the power of 12 squares: taken in, and never drawn."""
    document = a_document()

    def part(content: bytes, **entries: Any) -> Any:
        box = Array([0, 0, 100, 100])
        return document.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=box, **entries)

    inner = part(b"0 0 1 1 re f " * 1000)
    for _ in range(9):
        inner = part(b"/F Do " * 10, Resources=Dictionary(XObject=Dictionary(F=inner)))
    document.pages[0].Contents = document.make_stream(b"/F Do")
    document.pages[0].Resources = Dictionary(XObject=Dictionary(F=inner))
    return pdf_bytes(document)


def a_page_with_a_picture_too_large() -> bytes:
    """Its one picture has 60,000 x 60,000 pixels, 10 GB when it is unpacked."""
    document = a_document()
    packer = zlib.compressobj(9)
    row = bytes(60_000 * 3)
    packed = b"".join(packer.compress(row) for _ in range(600)) + packer.flush()
    picture = document.make_stream(
        packed, Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.FlateDecode,
    )  # fmt: skip
    document.pages[0].Contents = document.make_stream(b"500 0 0 500 0 0 cm /I Do")
    document.pages[0].Resources = Dictionary(XObject=Dictionary(I=picture))
    return pdf_bytes(document)


_GOTO_THEN_URI = Dictionary(
    S=Name.GoTo, D=String("x"), Next=Array([Dictionary(S=Name.URI, URI="http://a.example")])
)

# name -> (how it is made, the code by which it is refused)
PDFS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a PDF whose header stands one byte late": (lambda: b"\n" + pdf_bytes(), "not_allowed"),
    "a page of HTML with a PDF in it": (
        lambda: b"<script>alert(1)</script>\n" + pdf_bytes(),
        "not_allowed",
    ),
    "a GIF that is a PDF too": (lambda: b"GIF89a/*" + pdf_bytes(), "not_allowed"),
    "a header and nothing else": (lambda: b"%PDF-1.7\n", "broken"),
    "a PDF cut at 60 %": (lambda: cut(pdf_bytes(pages=20), 0.6), "broken"),
    "a PDF without its last line": (lambda: pdf_bytes().rstrip().removesuffix(b"%%EOF"), "broken"),
    "a PDF with HTML behind it": (lambda: pdf_bytes() + b"<script>alert(1)</script>", "appended"),
    "a PDF with a PDF's end behind a script": (
        lambda: pdf_bytes() + b"<script>alert(1)</script>%%EOF\n",
        "appended",
    ),
    "a PDF with an archive behind it": (lambda: pdf_bytes() + an_archive(), "hidden_archive"),
    "a PDF whose archive's remark ends like a PDF": (
        lambda: pdf_bytes() + an_archive(comment=b"\n%%EOF"),
        "hidden_archive",
    ),
    "a PDF whose table of objects is elsewhere": (with_damaged_table, "broken"),
    "a PDF with 400 bytes missing in the middle": (with_a_page_cut_out, "broken"),
    "a PDF with a password": (lambda: a_locked_pdf(user="kunci"), "encrypted"),
    "a PDF with restrictions only": (lambda: a_locked_pdf(user=""), "encrypted"),
    "a script on opening": (pdf_with(opening(SCRIPT)), "javascript"),
    "a script under a name": (
        pdf_with(root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("x"), SCRIPT]))))),
        "javascript",
    ),
    "a script on turning to a page": (pdf_with(page(AA=Dictionary(O=SCRIPT))), "javascript"),
    "a script on pressing": (pdf_with(pressing(SCRIPT)), "javascript"),
    "a script with a disguised name": (a_script_with_a_disguised_name, "javascript"),
    "a script in a packed object": (
        pdf_with(pressing(SCRIPT), object_stream_mode=ObjectStreamMode.generate),
        "javascript",
    ),
    "a script to which nothing leads": (pdf_with(an_object_that_no_page_leads_to), "javascript"),
    "a script at the end of a chain": (
        pdf_with(pressing(Dictionary(S=Name.URI, URI="http://a.example", Next=SCRIPT))),
        "javascript",
    ),
    "a script in a field of a form": (pdf_with(a_form_with_a_script), "javascript"),
    "a program that is started": (
        pdf_with(pressing(Dictionary(S=Name.Launch, F=String("cmd.exe")))),
        "launches",
    ),
    "a form that sends itself": (
        pdf_with(pressing(Dictionary(S=Name.SubmitForm, F=String("http://a.example")))),
        "launches",
    ),
    "a form that reads a file": (
        pdf_with(pressing(Dictionary(S=Name.ImportData, F=String("x.fdf")))),
        "launches",
    ),
    "a link into another file": (
        pdf_with(pressing(Dictionary(S=Name.GoToR, F=String("\\\\198.51.100.7\\x"), D=String("1")))),
        "launches",
    ),
    "a link into an attachment": (
        pdf_with(pressing(Dictionary(S=Name.GoToE, D=String("1")))),
        "launches",
    ),
    "content that lies on another machine": (pdf_with(a_stream_elsewhere), "launches"),
    "an address that is called on opening": (
        pdf_with(opening(Dictionary(S=Name.URI, URI="http://a.example"))),
        "runs_by_itself",
    ),
    "an address that is called after moving on opening": (
        pdf_with(opening(_GOTO_THEN_URI)),
        "runs_by_itself",
    ),
    "an address that is called on turning to a page": (
        pdf_with(page(AA=Dictionary(O=Dictionary(S=Name.URI, URI="http://a.example")))),
        "runs_by_itself",
    ),
    "an attached file": (pdf_with(an_attachment), "embedded_files"),
    "a file pinned to a page": (
        pdf_with(lambda document: an_annotation(document, Subtype=Name.FileAttachment)),
        "embedded_files",
    ),
    "an associated file": (pdf_with(an_associated_file), "embedded_files"),
    "a portfolio": (pdf_with(root(Collection=Dictionary(Type=Name.Collection))), "embedded_files"),
    "a dynamic form": (
        pdf_with(root(AcroForm=Dictionary(Fields=Array([]), XFA=String("<xdp/>")))),
        "xfa",
    ),
    "rich media": (
        pdf_with(lambda document: an_annotation(document, Subtype=Name.RichMedia)),
        "rich_media",
    ),
    "a film on a screen": (
        pdf_with(lambda document: an_annotation(document, Subtype=Name.Screen)),
        "rich_media",
    ),
    "a film": (pdf_with(lambda document: an_annotation(document, Subtype=Name.Movie)), "rich_media"),
    "a sound": (pdf_with(pressing(Dictionary(S=Name.Sound))), "rich_media"),
    "a 3D object": (
        pdf_with(lambda document: an_annotation(document, Subtype=Name("/3D"))),
        "rich_media",
    ),
    "301 pages": (lambda: pdf_bytes(pages=301), "too_many_pages"),
    "no page": (a_document_without_pages, "broken"),
    "pages in a circle": (pages_in_a_circle, "broken"),
    "pages that two readers count differently": (pages_that_two_readers_count_differently, "broken"),
    "400,000 brackets": (brackets_without_end, "broken"),
    "objects that swell to 2 GB": (objects_that_swell, "too_demanding"),
}

PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a GIF": (lambda: picture_bytes(kind="GIF"), "not_allowed"),
    "a BMP": (lambda: picture_bytes(kind="BMP"), "not_allowed"),
    "a TIFF": (lambda: picture_bytes(kind="TIFF"), "not_allowed"),
    "an SVG": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "not_allowed",
    ),
    "a HEIC": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "not_allowed"),
    "a film in a RIFF": (lambda: b"RIFF\0\1\0\0AVI LIST" + bytes(500), "not_allowed"),
    "a PNG of 30,000 x 30,000": (lambda: png_of(30_000, 30_000), "too_many_pixels"),
    "a PNG just over the limit": (lambda: png_of(50_000, 1_001), "too_many_pixels"),
    "a JPEG of 65,000 x 65,000": (lambda: jpeg_that_says(65_000, 65_000), "too_many_pixels"),
    "a WebP of 16,000 x 16,000": (lambda: webp_that_says(16_000, 16_000), "too_many_pixels"),
    "a PNG of no width": (lambda: png_of(0, 40), "broken"),
    "a PNG with less in it than it says": (lambda: png_of(2_000, 2_000), "broken"),
    "a PNG cut at half": (lambda: cut(busy("PNG"), 0.5), "broken"),
    "a JPEG cut at half": (lambda: cut(busy("JPEG"), 0.5), "broken"),
    "a WebP cut at half": (lambda: cut(busy("WEBP"), 0.5), "broken"),
    "a PNG with a wrong checksum": (lambda: png_with_chunk(b"gAMA", b"\0\1\0\0", crc=1), "broken"),
    "a PNG whose remark swells to 200 MB": (
        lambda: png_with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200 * MEGABYTE), 9)),
        "broken",
    ),
    "a moving PNG": (lambda: moving("PNG"), "animated"),
    "a moving WebP": (lambda: moving("WEBP"), "animated"),
    "a JPEG with an archive behind it": (lambda: picture_bytes() + an_archive(), "hidden_archive"),
    "a PNG with an archive behind it": (
        lambda: picture_bytes(kind="PNG") + an_archive(),
        "hidden_archive",
    ),
    "the beginning of a JPEG before a script": (
        lambda: b"\xff\xd8\xff\xe0<script>alert(1)</script>",
        "broken",
    ),
    "the beginning of a PNG before nothing": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "broken"),
    "the beginning of a WebP before nothing": (lambda: b"RIFF\x20\0\0\0WEBPVP8 " + bytes(20), "broken"),
}

OTHERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing at all": (bytes, "empty"),
    "only zeros": (lambda: bytes(5000), "not_allowed"),
    "a text": (lambda: b"Surat usulan\n" * 50, "not_allowed"),
    "a page of HTML": (lambda: b"<!doctype html><script>alert(1)</script>", "not_allowed"),
    "a script of PHP": (lambda: b"<?php system($_GET['x']); ?>", "not_allowed"),
    "a script of the shell": (lambda: b"#!/bin/sh\nrm -rf /\n", "not_allowed"),
    "a Windows program": (lambda: b"MZ" + bytes(2000), "not_allowed"),
    "a Linux program": (lambda: b"\x7fELF" + bytes(2000), "not_allowed"),
    "an archive": (an_archive, "not_allowed"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0\n(x) print\n%%EOF\n", "not_allowed"),
    "an old Word document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "not_allowed"),
    "a PDF in UTF-16": (lambda: "%PDF-1.7".encode("utf-16"), "not_allowed"),
    "21 MB": (lambda: b"%PDF-1.7\n" + bytes(21 * MEGABYTE), "too_large"),
}

ALL = {**PDFS, **PICTURES, **OTHERS}
