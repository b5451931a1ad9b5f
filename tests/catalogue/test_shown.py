"""What the secretariat shows beside the award: photos it has cleared, places to buy that the IKM agreed to."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from accounts.roles import Role
from audit.models import Entry
from awards.decrees import Refused
from catalogue import photos, selling
from catalogue.models import EntryPhoto, SellingPlace, ShownPhoto
from files.models import StoredFile
from nominations.models import DocumentKind
from tests.factories.accounts import a_person
from tests.factories.awards import AwardFactory, DecreeFactory
from tests.factories.nominations import NominationFactory, link_document
from tests.made_once import made_once
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db


@made_once
def award():
    nomination = NominationFactory(in_state="awarded", product__name="Tas ketak")
    return AwardFactory(
        decree=DecreeFactory(published=True, round=nomination.round),
        nomination=nomination,
        product=nomination.product,
    )


@made_once
def secretary():
    return a_person(Role.SEKRETARIAT)


def a_photo(award, size=(1000, 600)):
    """A photo handed in with the nomination, its content on the disk."""
    kind, _ = DocumentKind.objects.get_or_create(
        code="produk", defaults={"name": "Foto produk", "holder": "ikm", "is_photo": True, "position": 99}
    )
    document = link_document(award.nomination, kind)
    StoredFile.objects.filter(pk=document.file_id).update(
        media_type="image/jpeg", pages=None, width=size[0], height=size[1], state="accepted"
    )
    document.refresh_from_db()
    content = io.BytesIO()
    Image.new("RGB", size, "#8a5a2b").save(content, "JPEG")
    path = StoredFile.objects.get(pk=document.file_id).path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.getvalue())
    return document


def show(award, document, by, alt="Tas dari ketak"):
    """As a version that was reviewed does."""
    photos.arrange(award, [(document.file, alt, "")], since=timezone.now(), by=by, at=timezone.now())
    return award.shown_photos.get(file=document.file)


# --- Photos ----------------------------------------------------------------------
def test_a_shown_photo_is_drawn_in_each_width_that_it_fills_as_webp_and_as_jpeg(award, secretary):
    photo = show(award, a_photo(award), secretary)
    assert (photo.widths, photo.width, photo.height) == ([320, 640, 960, 1000], 1000, 600)
    for width in photo.widths:
        for kind, name in (("webp", "WEBP"), ("jpg", "JPEG")):
            with Image.open(photo.path(width, kind)) as drawn:
                assert (drawn.format, drawn.size) == (name, (width, width * 6 // 10))


def test_the_page_has_it_with_its_size_its_words_and_both_kinds(client, award, secretary):
    photo = show(award, a_photo(award), secretary, alt='Tas "ketak"')
    html = client.get(award.get_absolute_url()).content.decode()
    tag = re.search(r'<source type="image/webp" srcset="([^"]+)".*?<img [^>]*>', html)
    assert 'width="1000" height="600"' in tag[0]
    assert 'alt="Tas &quot;ketak&quot;"' in tag[0]
    assert tag[1].split(", ")[0] == f"/foto/{photo.pk}/320.webp 320w"
    block = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1])
    assert block["image"] == [f"http://localhost:8000/foto/{photo.pk}/1000.jpg"]
    assert f'<meta property="og:image" content="{block["image"][0]}">' in html
    assert f"/foto/{photo.pk}/320.webp" in main_of(client.get("/katalog/"))


def test_a_stranger_gets_the_widths_that_are_there_without_a_cookie(client, award, secretary):
    photo = show(award, a_photo(award), secretary)
    answer = client.get(photo.address(640, "webp"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "max-age" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)[:4] == b"RIFF"
    assert not answer.cookies
    for width, kind in ((641, "webp"), (640, "png")):
        assert client.get(photo.address(width, kind)).status_code == 404


def test_a_photo_that_is_taken_down_is_gone_with_its_files(
    client, award, secretary, django_capture_on_commit_callbacks
):
    document = a_photo(award)
    photo = show(award, document, secretary)
    folder, address = photo.folder, photo.address(320, "jpg")
    with django_capture_on_commit_callbacks(execute=True):
        photos.take_down(photo, by=secretary, at=timezone.now())
    assert not folder.exists()
    assert client.get(address).status_code == 404
    assert StoredFile.objects.get(pk=document.file_id).path.exists()
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "show_photo",
        "take_down_photo",
    ]


# --- Where to buy ----------------------------------------------------------------------
def a_place(award, by, **changes):
    today = timezone.localdate()
    given = {"kind": "toko", "name": "Toko Ketak", "url": "https://toko.example/ketak", "agreed_on": today}
    return selling.add(award, **{**given, **changes}, by=by, at=timezone.now(), today=today)


def test_a_place_to_buy_is_on_the_page_of_the_product_and_of_its_producer(client, award, secretary):
    a_place(award, secretary)
    a_place(award, secretary, kind="e_katalog", name="E-katalog", url="https://katalog.example/1")
    for address in (award.get_absolute_url(), f"/katalog/ikm/{award.product.ikm.slug}/"):
        html = main_of(client.get(address))
        assert '<a href="https://toko.example/ketak" rel="nofollow noopener external">Toko Ketak</a>' in html
        assert "E-katalog, untuk pengadaan pemerintah" in html
        assert "Ditampilkan dengan persetujuan IKM." in html


def test_without_agreement_nothing_is_said_of_buying(client, award):
    assert "Tempat membeli" not in words_of(client.get(award.get_absolute_url()))


def test_a_place_that_may_not_stand_is_refused_by_name(award, secretary):
    tomorrow = timezone.localdate() + timedelta(days=1)
    a_place(award, secretary)
    for code, changes, by in (
        ("not_yours", {}, a_person(Role.DINAS)),
        ("agreed_later", {"agreed_on": tomorrow}, secretary),
        ("not_https", {"url": "http://toko.example/"}, secretary),
        ("already_named", {}, secretary),
    ):
        with pytest.raises(Refused) as refusal:
            a_place(award, by, **changes)
        assert refusal.value.code == code
    for number in range(5):
        a_place(award, secretary, url=f"https://toko.example/{number}")
    with pytest.raises(Refused, match="enough"):
        a_place(award, secretary, url="https://toko.example/9")


# --- The secretariat's desk ----------------------------------------------------------------------
def test_the_secretariat_takes_down_photos_and_keeps_places_on_one_page(client, award, secretary):
    document = a_photo(award)
    client.force_login(secretary)
    desk = f"/penghargaan/penerima/{award.pk}/tampilan/"
    assert f'href="{desk}"' in main_of(client.get(award.get_absolute_url()))
    show(award, document, secretary)
    given = {"jenis": "toko", "nama": "Toko", "alamat": "https://toko.example/", "disetujui": "2026-01-02"}
    answer = client.post(f"{desk}tempat/", given, follow=True)
    assert "Disetujui IKM pada 2 Januari 2026" in words_of(answer)
    client.post(f"{desk}tempat/{SellingPlace.objects.get().pk}/hapus/")
    client.post(f"/penghargaan/tampilan/foto/{ShownPhoto.objects.get().pk}/turunkan/")
    assert not SellingPlace.objects.exists()
    assert not ShownPhoto.objects.exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, award, secretary):
    client.force_login(secretary)
    given = {
        "jenis": "toko",
        "nama": "Toko Ketak",
        "alamat": "http://toko.example/",
        "disetujui": "2026-01-02",
    }
    answer = client.post(f"/penghargaan/penerima/{award.pk}/tampilan/tempat/", given)
    assert "Alamat harus diawali https://" in words_of(answer)
    assert 'value="Toko Ketak"' in main_of(answer)
    assert not SellingPlace.objects.exists()


def test_no_photo_goes_up_past_the_review(client, award, secretary):
    document = a_photo(award)
    client.force_login(secretary)
    desk = f"/penghargaan/penerima/{award.pk}/tampilan/"
    assert client.post(f"{desk}foto/", {"foto": document.pk, "keterangan": "Tas"}).status_code == 404
    assert f'href="/penghargaan/penerima/{award.pk}/halaman/"' in main_of(client.get(desk))
    added = {"handed_in": document.pk, "alt": "Tas dari ketak", "alt_en": ""}
    client.post(f"/penghargaan/penerima/{award.pk}/halaman/foto/", added)
    assert [one.alt for one in EntryPhoto.objects.all()] == ["Tas dari ketak"]
    assert not ShownPhoto.objects.exists()


@pytest.mark.parametrize("role", [Role.DINAS, Role.PENETAP, Role.AUDITOR, Role.ADMIN])
def test_nobody_else_has_this_desk_nor_the_way_to_it(client, award, role):
    client.force_login(a_person(role))
    assert client.get(f"/penghargaan/penerima/{award.pk}/tampilan/").status_code == 403
    assert "tampilan/" not in main_of(client.get(award.get_absolute_url()))


# --- The producer ----------------------------------------------------------------------
def test_a_producer_without_a_published_award_has_no_page(client, award):
    assert client.get(f"/katalog/ikm/{award.product.ikm.slug}/").status_code == 200
    hidden = AwardFactory(
        decree=DecreeFactory(published=False, round__year=2031), product__ikm_name="UD Belum Umum"
    )
    assert client.get(f"/katalog/ikm/{hidden.product.ikm.slug}/").status_code == 404


def test_the_page_of_a_producer_says_nothing_of_its_registration(client, award):
    answer = client.get(f"/katalog/ikm/{award.product.ikm.slug}/")
    html = answer.content.decode()
    assert award.product.ikm.nib
    assert award.product.ikm.nib not in html
    block = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1])
    assert (block["@type"], block["name"]) == ("Organization", award.ikm_name)
    assert (
        f'<link rel="canonical" href="http://localhost:8000/katalog/ikm/{award.product.ikm.slug}/">' in html
    )
