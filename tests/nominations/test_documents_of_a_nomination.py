"""The documents of a nomination: added with what is written on them, used again, taken out; each press counts once."""

import html
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from audit import history
from files.models import StoredFile
from nominations.models import Document, DocumentKind, DocumentLink, Ikm
from tests.factories.accounts import TANAH_DATAR, a_person, a_regency
from tests.factories.files import StoredFileFactory, an_upload, pdf_bytes, picture_bytes
from tests.factories.nominations import DocumentFactory, NominationFactory, link_document
from tests.made_once import made_once
from tests.nominations.proposing import main_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]


@made_once
def begun(requirements, of_garut):
    return NominationFactory(by=of_garut, documented=False)


@pytest.fixture
def nomination(begun, officer):
    return begun


def add(client, nomination, kind, **fields):
    return client.post(f"/usulan/{nomination.pk}/dokumen/{kind}/tambah/", fields)


def kind(code):
    return DocumentKind.objects.get(pk=code)


def test_a_document_belongs_to_its_holder_with_what_is_written_on_it(client, nomination):
    today = timezone.localdate()
    answer = add(
        client, nomination, "svlk", number="12/SVLK/2024", issuer="LSPr Nusantara", issued_on="2024-02-01",
        expires_on=str(today + timedelta(days=90)), file=an_upload(pdf_bytes(), "svlk.pdf"),
    )  # fmt: skip
    assert answer["Location"] == f"/usulan/{nomination.pk}/dokumen/"
    document = Document.objects.get()
    assert (document.ikm, document.number, document.issuer) == (
        nomination.product.ikm,
        "12/SVLK/2024",
        "LSPr Nusantara",
    )
    assert document.expires_on == today + timedelta(days=90)
    page = text_of(client.get(answer["Location"]))
    assert "Nomor: 12/SVLK/2024 · Penerbit: LSPr Nusantara · Terbit: 1 Februari 2024" in page
    add(client, nomination, "sk_sentra", number="1", file=an_upload(pdf_bytes()))
    add(client, nomination, "surat_usulan", number="1", file=an_upload(pdf_bytes()))
    assert Document.objects.get(kind="sk_sentra").sentra == nomination.product.ikm.sentra
    assert Document.objects.get(kind="surat_usulan").office == nomination.office


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"file": an_upload(b"GIF89a", "logo.pdf")}, 'Berkas "logo.pdf" bukan PDF, JPG, PNG, atau WebP'),
        ({"file": ""}, "Pilih berkas, lalu kirim formulir ini lagi."),
        ({"number": ""}, "Tuliskan nomornya seperti pada dokumen."),
        ({"issued_on": "2999-01-01"}, "Tanggal terbit belum tiba."),
        ({"expires_on": "2020-01-01"}, "Tanggal berlaku lebih awal daripada tanggal terbit."),
        ({"expires_on": ""}, "Tuliskan sampai kapan dokumen ini berlaku."),
        ({"expires_on": "kapan-kapan"}, "Tuliskan tanggal seperti 31-12-2026."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, nomination, wrong, says):
    sound = {
        "number": "12/2024", "issuer": "LSPr Nusantara", "issued_on": "2024-02-01", "expires_on": "2030-02-01",
        "file": an_upload(pdf_bytes(), "svlk.pdf"),
    }  # fmt: skip
    answer = add(client, nomination, "svlk", **{**sound, **wrong})
    assert says in html.unescape(text_of(answer))
    assert 'value="LSPr Nusantara"' in main_of(answer)
    assert not Document.objects.exists()
    if "file" not in wrong:
        # The file itself is kept too: nobody chooses it twice.
        stored = StoredFile.objects.get()
        assert f'value="{stored.pk}"' in main_of(answer)
        again = {**sound, "file": "", "file-berkas": str(stored.pk)}
        assert add(client, nomination, "svlk", **again).status_code == 302
        assert Document.objects.get().file == stored


def test_a_second_press_with_the_same_file_adds_nothing(client, nomination):
    content = pdf_bytes()
    for _ in range(2):
        answer = add(client, nomination, "nib", number="9120001020304", file=an_upload(content, "nib.pdf"))
        assert answer.status_code == 302
    assert (Document.objects.count(), DocumentLink.objects.count()) == (1, 1)
    add(client, nomination, "nib", number="9120001020399", file=an_upload(content, "nib.pdf"))
    assert Document.objects.count() == 2


def test_a_photo_is_a_picture_and_says_what_is_seen(client, nomination):
    answer = add(client, nomination, "produk", caption="Tas", file=an_upload(pdf_bytes(), "foto.pdf"))
    assert "isian ini menerima JPG, PNG, atau WebP" in text_of(answer)
    answer = add(client, nomination, "produk", caption="", file=an_upload(picture_bytes(), "foto.jpg"))
    assert "Tuliskan apa yang terlihat pada foto ini." in text_of(answer)
    assert not Document.objects.exists()


def test_without_a_sentra_its_decree_waits(client, nomination):
    Ikm.objects.update(sentra=None)
    answer = add(client, nomination, "sk_sentra", number="1", file=an_upload(pdf_bytes()))
    assert "Pilih dahulu sentra IKM pada bagian Sentra dan IKM." in text_of(answer)
    assert not Document.objects.exists()


def test_what_the_holder_has_is_used_again_and_only_once(client, nomination):
    there = DocumentFactory(kind=kind("nib"), ikm=nomination.product.ikm, number="9120001020304")
    page = client.get(f"/usulan/{nomination.pk}/dokumen/")
    assert "NIB 9120001020304" in text_of(page)
    address = f"/usulan/{nomination.pk}/dokumen/{there.pk}/pakai/"
    assert address in main_of(page)
    for _ in range(2):
        assert client.post(address)["Location"] == f"/usulan/{nomination.pk}/dokumen/"
    assert list(DocumentLink.objects.values_list("document", flat=True)) == [there.pk]
    assert history.of(nomination).filter(action="document_used").count() == 1
    assert client.get(address).status_code == 405


def test_anothers_document_is_not_there(client, nomination):
    stranger = NominationFactory(documented=False, product__ikm__regency=a_regency(TANAH_DATAR))
    theirs = link_document(stranger, kind("nib"))
    for act in ("pakai", "lepas"):
        assert client.post(f"/usulan/{nomination.pk}/dokumen/{theirs.pk}/{act}/").status_code == 404
    assert theirs.number not in text_of(client.get(f"/usulan/{nomination.pk}/dokumen/"))
    assert not nomination.document_links.exists()
    assert client.get(f"/usulan/{nomination.pk}/dokumen/tidak-ada/tambah/").status_code == 404


def test_a_document_taken_out_stays_with_its_holder(client, nomination):
    document = link_document(nomination, kind("nib"))
    address = f"/usulan/{nomination.pk}/dokumen/{document.pk}/lepas/"
    assert "Lepas NIB dari usulan ini?" in text_of(client.get(address))
    assert nomination.document_links.exists()
    for _ in range(2):
        assert client.post(address)["Location"] == f"/usulan/{nomination.pk}/dokumen/"
    assert not nomination.document_links.exists()
    assert Document.objects.get() == document
    assert "Pakai yang sudah tersimpan (1)" in text_of(client.get(f"/usulan/{nomination.pk}/dokumen/"))


def test_a_file_that_the_scanner_refused_is_told_and_counts_as_missing(client, nomination):
    link_document(
        nomination, kind("nib"), file=StoredFileFactory(refused=True, uploaded_by=nomination.created_by)
    )
    page = text_of(client.get(f"/usulan/{nomination.pk}/dokumen/"))
    assert "Pemindai menemukan program berbahaya" in page
    assert "Nomor Induk Berusaha (NIB): berkas belum diunggah." in text_of(
        client.get(f"/usulan/{nomination.pk}/periksa/")
    )


def test_after_it_was_sent_its_documents_stay(client, officer):
    nomination = NominationFactory(in_state="submitted", by=officer)
    link = nomination.document_links.order_by("pk").first()
    answer = client.post(f"/usulan/{nomination.pk}/dokumen/{link.document_id}/lepas/", follow=True)
    assert "tidak dapat diubah" in text_of(answer)
    answer = add(client, nomination, "nib", number="9", file=an_upload(pdf_bytes()))
    assert "tidak dapat diubah" in text_of(answer)
    assert 'value="9"' in main_of(answer)
    assert nomination.document_links.count() == 5


def test_who_may_see_the_nomination_may_open_its_files_and_nobody_else(client, officer):
    nomination = NominationFactory(in_state="submitted", by=officer)
    file = nomination.document_links.order_by("pk").first().document.file
    for role, place, sees in (
        (Role.PROVINSI, nomination, 200), (Role.SEKRETARIAT, None, 200), (Role.DINAS, a_regency("3206"), 404),
        (Role.PENILAI, None, 404),
    ):  # fmt: skip
        client.force_login(a_person(role, around=place))
        answer = client.get(file.get_absolute_url())
        if answer.streaming:
            b"".join(answer.streaming_content)
        assert answer.status_code == sees, role


@pytest.mark.parametrize("page", ["dokumen", "foto", "periksa", ""])
def test_its_pages_ask_the_same_with_more_documents(queries_of, client, nomination, page):
    address = f"/usulan/{nomination.pk}/{page}/".replace("//", "/")

    def more():
        for code in ("nib", "produk", "merek", "sk_sentra"):
            link_document(nomination, kind(code))
            DocumentFactory(kind=kind("nib"), ikm=nomination.product.ikm)

    more()
    client.get(address)
    few = queries_of(address)
    more()
    assert len(queries_of(address)) == len(few), few
