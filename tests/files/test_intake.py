"""What is taken in: a PDF as it came, a picture made anew."""

import hashlib
import io
import os
import stat

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from pikepdf import Array, Dictionary, Name, ObjectStreamMode
from PIL import Image, ImageCms

from files import intake, names
from files.limits import MAX_PAGES, MAX_SIDE
from files.models import StoredFile
from files.refusals import Refused, kinds_in_words, megabytes
from tests.factories.files import (
    NOON,
    StoredFileFactory,
    a_document,
    a_picture,
    an_upload,
    pdf_bytes,
    picture_bytes,
)
from tests.factories.letters import a_person
from tests.files.hostile import an_annotation, busy, pdf_with, png_with_chunk

pytestmark = pytest.mark.django_db


def taken_in(content: bytes, name: str = "x", **how: object) -> StoredFile:
    return intake.accept(an_upload(content, name), by=a_person(), at=NOON, **how)


def picture_of(stored: StoredFile) -> Image.Image:
    with Image.open(stored.path) as picture:
        picture.load()
        return picture


def test_a_pdf_is_kept_byte_for_byte_under_its_own_id():
    content = pdf_bytes(pages=3)
    stored = taken_in(content, "SK Sentra.pdf")
    assert stored.path.read_bytes() == content
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (stored.media_type, stored.size, stored.pages) == ("application/pdf", len(content), 3)
    assert (stored.width, stored.height, stored.state) == (None, None, "accepted")
    assert stored.stored_path == f"stored/{stored.pk.hex[:2]}/{stored.pk}.pdf"
    assert stored.uploaded_at == NOON


def a_link_and_a_place_to_open(document: pikepdf.Pdf) -> None:
    an_annotation(document, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://oss.go.id"))
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])


def signed_afterwards() -> bytes:
    """What a signature adds: a second part with its own table of objects and end."""
    first = pdf_bytes(object_stream_mode=ObjectStreamMode.disable)
    before = first.rindex(b"startxref")
    table = int(first[before:].split()[1])
    size = int(first[first.rindex(b"/Size") + 5 :].split()[0])
    root = first[first.rindex(b"/Root") + 5 :].split(b"R")[0]
    at = len(first)
    added = b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite >>\nendobj\n" % size
    rows = b"xref\n%d 1\n%010d 00000 n \n" % (size, at)
    trailer = b"trailer\n<< /Size %d /Root%sR /Prev %d >>\n" % (size + 1, root, table)
    return first + added + rows + trailer + b"startxref\n%d\n%%%%EOF\n" % (at + len(added))


@pytest.mark.parametrize(
    "make",
    [
        pdf_with(a_link_and_a_place_to_open),
        lambda: pdf_bytes(object_stream_mode=ObjectStreamMode.generate),
        lambda: pdf_bytes(linearize=True),
        lambda: pdf_bytes(min_version="1.4", object_stream_mode=ObjectStreamMode.disable),
        lambda: pdf_bytes(pages=MAX_PAGES),
        lambda: pdf_bytes() + b"\r\n\0\0\0",
        signed_afterwards,
    ],
    ids=["links", "packed", "for the web", "version 1.4", "300 pages", "blank at the end", "signed"],
)
def test_an_ordinary_pdf_is_taken_in(make):
    content = make()
    assert taken_in(content).path.read_bytes() == content


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_is_made_anew_in_its_own_kind(kind, ending):
    content = busy(kind)
    stored = taken_in(content, "Foto Produk")
    assert stored.original_name == f"Foto Produk.{ending}"
    assert (stored.width, stored.height, stored.pages) == (400, 300, None)
    assert picture_of(stored).format == kind
    assert stored.sha256 == hashlib.sha256(stored.path.read_bytes()).hexdigest()


def with_a_position() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    exif[0x0112] = 6  # held on its side: a quarter turn to the right shows it upright
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (7.0, 13.0, 42.0)
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright(kind):
    picture = a_picture((80, 40))
    picture.paste((0, 0, 255), (0, 0, 20, 40))  # blue at the left: at the top once it is upright
    content = picture_bytes(picture, kind, exif=with_a_position())
    assert b"Kamera Rahasia" in content
    stored = taken_in(content)
    kept = picture_of(stored)
    assert (kept.size, stored.width, stored.height) == ((40, 80), 40, 80)
    assert dict(kept.getexif()) == {}
    assert not kept.getexif().get_ifd(0x8825)
    assert b"Kamera Rahasia" not in stored.path.read_bytes()
    red, _, blue = kept.convert("RGB").getpixel((20, 5))
    assert blue > 200
    assert red < 60


@pytest.mark.parametrize(
    "content",
    [
        picture_bytes(comment=b"<?php system('id'); ?>"),
        picture_bytes() + b"<?php system('id'); ?>",
        png_with_chunk(b"tEXt", b"Comment\0<?php system('id'); ?>"),
        picture_bytes(kind="WEBP", xmp=b"<?php system('id'); ?>"),
    ],
    ids=["a remark", "behind the end", "a text", "XMP"],
)
def test_what_a_picture_carries_besides_pixels_is_dropped(content):
    assert b"<?php" in content
    assert b"<?php" not in taken_in(content).path.read_bytes()


def test_the_first_picture_of_a_phones_double_picture_is_the_photo():
    second = a_picture(colour=(0, 0, 250))
    content = picture_bytes(a_picture(), "MPO", save_all=True, append_images=[second])
    kept = picture_of(taken_in(content))
    assert kept.format == "JPEG"
    assert kept.getpixel((10, 10))[0] > 150


def test_a_print_shops_four_colours_become_three():
    content = picture_bytes(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG")
    kept = picture_of(taken_in(content))
    red, green, blue = kept.getpixel((20, 20))
    assert kept.mode == "RGB"
    assert red > 200
    assert max(green, blue) < 70


def a_profile_with_red_and_blue_changed() -> bytes:
    """sRGB whose red and blue primaries are exchanged in its table: pure red of this profile is blue."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ") + 4, profile.index(b"bXYZ") + 4
    profile[red : red + 8], profile[blue : blue + 8] = profile[blue : blue + 8], profile[red : red + 8]
    return bytes(profile)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_colours_of_a_profile_are_those_that_were_meant_and_the_profile_is_gone(kind):
    content = picture_bytes(
        a_picture(colour=(255, 0, 0)), kind, icc_profile=a_profile_with_red_and_blue_changed()
    )
    kept = picture_of(taken_in(content))
    red, _, blue = kept.convert("RGB").getpixel((10, 10))
    assert (red < 60, blue > 200) == (True, True)
    assert "icc_profile" not in kept.info


def test_a_broken_profile_is_as_none():
    content = picture_bytes(a_picture(colour=(250, 10, 10)), icc_profile=b"not a profile" * 20)
    assert picture_of(taken_in(content)).getpixel((5, 5))[0] > 230


def test_a_scanners_sixteen_bit_grey_keeps_its_shades():
    grey = Image.new("I;16", (20, 20), 65_535)
    grey.putpixel((5, 10), 32_768)
    kept = picture_of(taken_in(picture_bytes(grey, "PNG")))
    assert kept.mode == "L"
    assert (kept.getpixel((15, 10)), kept.getpixel((5, 10))) == (255, 128)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_usual_kind_of_pixel_is_taken_in(mode):
    kept = picture_of(taken_in(picture_bytes(Image.new(mode, (30, 20)), "PNG")))
    assert kept.size == (30, 20)
    assert kept.mode in {"1", "L", "RGB", "RGBA"}


def test_a_see_through_palette_stays_see_through():
    picture = Image.new("P", (10, 10), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    content = picture_bytes(picture, "PNG", transparency=0)
    assert picture_of(taken_in(content)).getpixel((5, 5))[3] == 0


def test_a_large_photo_is_reduced_to_what_is_needed():
    content = picture_bytes(a_picture((5000, 2500)))
    stored = taken_in(content)
    assert (stored.width, stored.height) == (MAX_SIDE, MAX_SIDE // 2)
    assert picture_of(stored).size == (MAX_SIDE, MAX_SIDE // 2)


def test_a_place_for_photos_takes_no_pdf_and_says_what_it_takes():
    with pytest.raises(Refused) as refusal:
        taken_in(pdf_bytes(), "denah.pdf", kinds=intake.PICTURES)
    assert refusal.value.for_reader == (
        'Berkas "denah.pdf" adalah PDF; isian ini menerima JPG, PNG, atau WebP. Berkas itu tidak disimpan. '
        "Pilih berkas lain."
    )


@pytest.mark.parametrize(
    ("given", "kind", "shown"),
    [
        ("SK Bupati.pdf", "application/pdf", "SK Bupati.pdf"),
        ("SK Bupati.PDF", "application/pdf", "SK Bupati.PDF"),
        ("foto.jpeg", "image/jpeg", "foto.jpeg"),
        ("foto.jpg.exe", "image/jpeg", "foto.jpg.exe.jpg"),
        ("foto.png", "image/jpeg", "foto.png.jpg"),
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("C:\\Users\\ani\\SK.pdf", "application/pdf", "SK.pdf"),
        ("sk\u202efdp.exe", "application/pdf", "skfdp.exe.pdf"),
        ("a\0b\r\nSet-Cookie: x.pdf", "application/pdf", "ab Set-Cookie_ x.pdf"),
        ('"><script>.pdf', "application/pdf", "___script_.pdf"),
        ("", "application/pdf", "berkas.pdf"),
        (".pdf", "application/pdf", "pdf.pdf"),
        ("Sertifikat nº 5 – Ñusa.pdf", "application/pdf", "Sertifikat nº 5 – Ñusa.pdf"),
        ("a" * 400 + ".pdf", "application/pdf", "a" * 140 + ".pdf"),
    ],
)
def test_a_name_is_for_display_only(given, kind, shown):
    assert names.display_name(given, kind) == shown


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (28 * 1024 * 1024, "28 MB"),
        (20 * 1024 * 1024 + 1, "20,1 MB"),
        (4_613_734, "4,4 MB"),
        (2048 * 1024 * 1024, "2.048 MB"),
    ],
)
def test_a_size_over_the_limit_never_reads_as_the_limit(size, words):
    assert megabytes(size) == words


def test_what_is_too_large_is_told_with_its_size_before_it_is_read():
    huge = an_upload(b"", "rekaman.pdf")
    huge.size = 28 * 1024 * 1024
    with pytest.raises(Refused) as refusal:
        intake.accept(huge, by=a_person(), at=NOON)
    assert refusal.value.for_reader == (
        'Berkas "rekaman.pdf" (28 MB) melebihi batas 20 MB. Berkas lain tetap tersimpan. Pindai ulang dengan '
        "ukuran lebih kecil."
    )


def test_kinds_are_named_in_one_order():
    assert kinds_in_words(intake.ALLOWED) == "PDF, JPG, PNG, atau WebP"
    assert kinds_in_words(frozenset({"image/png", "application/pdf"})) == "PDF atau PNG"


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("stored_file_state_is_known", {"state": "lost"}),
        (
            "stored_file_kind_is_allowed",
            {"media_type": "text/html", "stored_path": "x", "pages": None, "width": 1, "height": 1},
        ),
        ("stored_file_size_is_within_the_limit", {"size": 0}),
        ("stored_file_size_is_within_the_limit", {"size": 20 * 1024 * 1024 + 1}),
        ("stored_file_sha256_is_one", {"sha256": "A" * 64}),
        ("stored_file_has_a_name", {"original_name": ""}),
        ("stored_file_has_pages_or_a_size_in_pixels", {"pages": None}),
        ("stored_file_has_pages_or_a_size_in_pixels", {"width": 10, "height": 10}),
        ("stored_file_is_gone_when_refused_and_says_why", {"stored_path": None}),
        ("stored_file_is_gone_when_refused_and_says_why", {"state": "refused", "refusal": "x"}),
        ("stored_file_is_gone_when_refused_and_says_why", {"state": "refused", "stored_path": None}),
        ("stored_file_is_gone_when_refused_and_says_why", {"refusal": "x"}),
    ],
)
def test_the_database_refuses_what_could_not_be(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StoredFileFactory(**{"size": 900, **wrong})


def test_two_rows_never_share_a_content():
    first = StoredFileFactory()
    with pytest.raises(IntegrityError, match="stored_path"), transaction.atomic():
        StoredFileFactory(stored_path=first.stored_path)


@pytest.mark.parametrize("kind", ["", "photo", "waiting", "refused"])
def test_the_factory_makes_files_that_could_exist(kind):
    stored = StoredFileFactory(**{kind: True} if kind else {})
    if kind == "refused":
        with pytest.raises(FileNotFoundError):
            _ = stored.path
    else:
        assert stored.path.stat().st_size == stored.size


def test_a_content_is_durable_before_it_has_its_name_and_its_name_before_the_row(monkeypatch):
    said = []
    fsync, save = os.fsync, StoredFile.save

    def note(handle: int) -> None:
        said.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "content")
        fsync(handle)

    def note_row(self: StoredFile, **how: object) -> None:
        said.append("row" if self.path.is_file() else "row without content")
        save(self, **how)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(StoredFile, "save", note_row)
    taken_in(pdf_bytes())
    assert said == ["content", "folder", "folder", "row"]


def test_nothing_stays_when_the_row_cannot_be_written(monkeypatch, settings):
    def fail(*_: object, **__: object) -> None:
        raise IntegrityError("no room")

    monkeypatch.setattr(StoredFile, "save", fail)
    with pytest.raises(IntegrityError):
        taken_in(pdf_bytes())
    left = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert left == []


def test_a_document_is_read_through_the_file_it_is_given_and_not_its_name():
    target = io.BytesIO()
    a_document(pages=2).save(target)
    assert taken_in(target.getvalue(), "foto.jpg").original_name == "foto.jpg.pdf"
