"""Files go out through one address, to who may open them, as nothing that a browser would run."""

import re
import resource
from urllib.parse import unquote

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from PIL import Image

from files import access, intake, integrity, rows, sandbox
from files.models import StoredFile
from tests.factories.files import NOON, StoredFileFactory, a_document, an_upload, pdf_bytes
from tests.factories.letters import a_person
from tests.files import hostile

pytestmark = pytest.mark.django_db


def body(answer) -> bytes:
    return answer.whole


class Reader(Client):
    """Reads each answer to its end, as a browser does; with that it is closed too."""

    def request(self, **request):
        answer = super().request(**request)
        answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer


@pytest.fixture
def client() -> Reader:
    return Reader()


@pytest.fixture
def as_uploader(client):
    def sign_in(stored: StoredFile):
        client.force_login(stored.uploaded_by)
        return client

    return sign_in


def test_nobody_is_sent_to_sign_in(client):
    answer = client.get(StoredFileFactory().get_absolute_url())
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_not_yours_reads_the_same_as_not_there(client):
    client.force_login(a_person())
    stored = StoredFileFactory()
    theirs = client.get(stored.get_absolute_url())
    nobodys = client.get("/berkas/7d6c2c9e-8d65-4f0e-bd8b-0f3f6a5c3f10/")
    assert theirs.status_code == nobodys.status_code == 404
    # Token, address and the second at which the session ends differ between any two answers.
    same = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|data-session-ends="\d+"|[0-9a-f-]{36}')
    assert same.sub(b"", theirs.content) == same.sub(b"", nobodys.content)


def test_a_door_of_a_later_room_lets_others_in(client):
    stored, reader = StoredFileFactory(), a_person()
    client.force_login(reader)
    access.register("a later room", lambda person, file: person == reader and file == stored)
    try:
        assert client.get(stored.get_absolute_url()).status_code == 200
        assert client.get(reverse("file_page", args=[stored.pk, 1])).status_code == 200
    finally:
        access.unregister("a later room")
    assert client.get(reverse("file_page", args=[stored.pk, 1])).status_code == 404


def test_a_pdf_is_saved_under_its_own_name_and_never_shown_as_a_page(as_uploader):
    stored = StoredFileFactory(original_name="SK Bupati – Kab. Garut.pdf")
    answer = as_uploader(stored).get(stored.get_absolute_url())
    assert body(answer) == stored.path.read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(stored.size)
    kind, name = answer["Content-Disposition"].split("; filename*=utf-8''")
    assert (kind, unquote(name)) == ("attachment", "SK Bupati – Kab. Garut.pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_name_cannot_break_out_of_its_header(as_uploader):
    stored = StoredFileFactory(original_name='x"; filename=evil.exe.pdf')
    answer = as_uploader(stored).get(stored.get_absolute_url())
    assert answer["Content-Disposition"] == 'attachment; filename="x\\"; filename=evil.exe.pdf"'


def test_a_picture_is_shown_in_a_sandbox_or_saved_when_asked(as_uploader):
    stored = StoredFileFactory(photo=True)
    client = as_uploader(stored)
    shown, saved = client.get(stored.get_absolute_url()), client.get(f"{stored.get_absolute_url()}?unduh")
    assert shown["Content-Disposition"] == 'inline; filename="anyaman-ketak.jpg"'
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert saved["Content-Disposition"] == 'attachment; filename="anyaman-ketak.jpg"'


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-50", slice(-50, None)),
        ("bytes=10-99999999", slice(10, None)),
    ],
)
def test_a_broken_download_goes_on_from_where_it_stood(as_uploader, wanted, part):
    stored = StoredFileFactory()
    whole = stored.path.read_bytes()
    answer = as_uploader(stored).get(stored.get_absolute_url(), headers={"Range": wanted})
    assert answer.status_code == 206
    assert body(answer) == whole[part]
    start = part.indices(len(whole))[0]
    end = start + len(whole[part]) - 1
    assert answer["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"
    assert answer["Content-Length"] == str(len(whole[part]))


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=-", "lines=0-1", "bytes=a-b"])
def test_a_range_that_is_not_understood_gets_the_whole(as_uploader, wanted):
    stored = StoredFileFactory()
    answer = as_uploader(stored).get(stored.get_absolute_url(), headers={"Range": wanted})
    assert (answer.status_code, body(answer)) == (200, stored.path.read_bytes())


@pytest.mark.parametrize("wanted", ["bytes=999999-", "bytes=20-10", "bytes=-0"])
def test_a_range_that_is_not_there_is_told_the_size(as_uploader, wanted):
    stored = StoredFileFactory()
    answer = as_uploader(stored).get(stored.get_absolute_url(), headers={"Range": wanted})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{stored.size}")


def test_a_part_of_another_version_is_never_given(as_uploader):
    stored = StoredFileFactory()
    client = as_uploader(stored)
    same = {"Range": "bytes=0-9", "If-Range": f'"{stored.sha256}"'}
    other = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert client.get(stored.get_absolute_url(), headers=same).status_code == 206
    assert client.get(stored.get_absolute_url(), headers=other).status_code == 200


def test_who_has_it_already_is_told_so(as_uploader):
    stored = StoredFileFactory()
    answer = as_uploader(stored).get(
        stored.get_absolute_url(), headers={"If-None-Match": f'"{stored.sha256}"'}
    )
    assert (answer.status_code, body(answer)) == (304, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_file_is_only_read_at_its_address(as_uploader, method):
    stored = StoredFileFactory()
    assert getattr(as_uploader(stored), method)(stored.get_absolute_url()).status_code == 405


def test_opening_a_file_takes_few_queries(as_uploader, django_assert_max_num_queries):
    stored = StoredFileFactory()
    client = as_uploader(stored)
    client.get("/beranda/")  # the first page of a sign-in writes down that it was used
    # Of them one for each that holds files: nominations, assessment, decrees, clarifications, the catalogue.
    with django_assert_max_num_queries(10):
        assert client.get(stored.get_absolute_url()).status_code == 200


# --- Pages as pictures -----------------------------------------------------------------------------------------
def a_marked_document() -> bytes:
    """Two pages; on the second a black square stands at the left bottom."""
    document = a_document(pages=2)
    document.pages[1].Contents = document.make_stream(b"0 0 0 rg 0 0 200 200 re f")
    return pdf_bytes(document)


def test_a_page_is_drawn_once_and_kept(as_uploader, monkeypatch, media, tmp_path):
    stored = StoredFileFactory(content=a_marked_document(), pages=2)
    client = as_uploader(stored)
    address = reverse("file_page", args=[stored.pk, 2])
    first = client.get(address)
    assert (first.status_code, first["Content-Type"]) == (200, "image/png")
    (tmp_path / "page.png").write_bytes(body(first))
    with Image.open(tmp_path / "page.png") as picture:
        assert picture.width == 1240
        assert picture.convert("L").getpixel((100, picture.height - 100)) < 20
        assert picture.convert("L").getpixel((1000, 100)) > 240
    monkeypatch.setattr(sandbox, "ask", lambda *_: pytest.fail("drawn a second time"))
    assert body(client.get(address)) == (tmp_path / "page.png").read_bytes()


@pytest.mark.parametrize("number", [0, 3, 999])
def test_a_page_that_is_not_there(as_uploader, number):
    stored = StoredFileFactory(content=a_marked_document(), pages=2)
    assert as_uploader(stored).get(f"/berkas/{stored.pk}/halaman/{number}.png").status_code == 404


def test_a_photo_has_no_pages(as_uploader):
    stored = StoredFileFactory(photo=True)
    assert as_uploader(stored).get(reverse("file_page", args=[stored.pk, 1])).status_code == 404


def test_a_page_that_cannot_be_drawn_says_so_and_is_not_tried_again(as_uploader, monkeypatch):
    stored = StoredFileFactory(content=b"%PDF-1.7\nno document at all\n%%EOF\n")
    client = as_uploader(stored)
    asked = []
    ask = sandbox.ask
    monkeypatch.setattr(sandbox, "ask", lambda *words: asked.append(words) or ask(*words))
    for _ in range(3):
        answer = client.get(reverse("file_page", args=[stored.pk, 1]))
        assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
        assert answer.content.decode() == "Halaman ini tidak dapat digambar. Buka berkas aslinya."
    assert len(asked) == 1
    assert client.get(stored.get_absolute_url()).status_code == 200


def test_a_page_without_end_is_given_up_and_the_document_can_still_be_opened(as_uploader, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 2)
    stored = intake.accept(an_upload(hostile.a_page_without_end()), by=a_person(), at=NOON)
    client = as_uploader(stored)
    assert client.get(reverse("file_page", args=[stored.pk, 1])).status_code == 422
    assert client.get(stored.get_absolute_url()).status_code == 200


def test_a_page_with_a_picture_too_large_does_not_take_the_portals_memory(as_uploader):
    stored = intake.accept(an_upload(hostile.a_page_with_a_picture_too_large()), by=a_person(), at=NOON)
    answer = as_uploader(stored).get(reverse("file_page", args=[stored.pk, 1]))
    assert answer.status_code in {200, 422}
    most_of_a_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert most_of_a_child < 1024 * 1024


# --- As a row --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "words", "is_link"),
    [("", "Diterima", True), ("waiting", "Diperiksa", True), ("refused", "program berbahaya", False)],
)
def test_a_file_is_a_row_of_a_list(kind, words, is_link):
    stored = StoredFileFactory(**{kind: True} if kind else {})
    html = render_to_string("partials/file_row.html", rows.file_row(stored, kind="SK sentra"))
    assert "SK sentra" in html
    assert words.lower() in html.lower()
    assert (f'href="/berkas/{stored.pk}/"' in html) is is_link


def test_a_content_that_is_gone_from_the_store_is_said_and_logged_and_named_by_the_check(as_uploader, caplog):
    stored = StoredFileFactory()
    client = as_uploader(stored)
    stored.path.unlink()
    with caplog.at_level("ERROR", logger="files.missing"):
        answer = client.get(stored.get_absolute_url())
    assert answer.status_code == 404
    assert "Berkas tidak ditemukan di penyimpanan" in answer.content.decode()
    assert str(stored.pk) in answer.content.decode()
    (record,) = [one for one in caplog.records if one.name == "files.missing"]
    assert (record.levelname, record.file) == ("ERROR", str(stored.pk))
    assert any(str(stored.pk) in line for line in integrity.problems())
    # Whoever may not open it learns nothing of it.
    client.force_login(a_person())
    assert "di penyimpanan" not in client.get(stored.get_absolute_url()).content.decode()


def test_a_page_of_a_content_that_is_gone_is_not_drawn_and_no_fault(as_uploader):
    stored = StoredFileFactory()
    assert stored.pages
    client = as_uploader(stored)
    stored.path.unlink()
    assert client.get(f"{stored.get_absolute_url()}halaman/1.png").status_code == 404
