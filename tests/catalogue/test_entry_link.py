"""The IKM writes for its own page by a link, without an account; its dinas reads it and sends it on."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from audit.models import Entry
from awards.decrees import Refused
from awards.models import Award
from catalogue import entries, entry_link
from catalogue.models import EntryLink, EntryVersion
from files.models import StoredFile
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.awards import AwardFactory, ProductFactory
from tests.factories.files import a_picture, an_upload, picture_bytes
from tests.made_once import made_once
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
WORDS = {"story": "Dianyam ibu saya.", "raw_material": "Ketak", "raw_origin": "Lombok Barat"}


@made_once
def award():
    return AwardFactory(product=ProductFactory(name="Tas ketak"))


@made_once
def officer(award):
    return a_person(Role.DINAS, around=award)


@made_once
def path(award, officer):
    now = timezone.now()
    return entry_link.address_of(entry_link.make(award, by=officer, at=now), at=now)


def test_what_the_ikm_writes_waits_in_the_draft_of_its_dinas(client, award, officer, path):
    assert "Halaman produk Anda" in words_of(client.get(path))
    answer = client.post(path, {**WORDS, "seen": 0}, follow=True)
    assert "Tulisan tersimpan dan menunggu dinas." in words_of(answer)
    entry = entries.open_version(award)
    assert (entry.state, entry.story, entry.ikm_wrote_at is None) == ("disusun", "Dianyam ibu saya.", False)
    assert "Dianyam ibu saya." not in words_of(client.get(award.get_absolute_url()))
    act = Entry.objects.get(action="entry_written_by_ikm")
    assert act.actor is None
    office = Client()
    office.force_login(officer)
    assert "IKM menulis lewat tautannya" in words_of(office.get(f"/penghargaan/penerima/{award.pk}/halaman/"))
    assert "halaman produk ditulis IKM dan belum dikirim" in words_of(office.get("/beranda/"))


def test_a_photo_by_the_link_is_checked_as_any_other_and_kept_in_the_name_of_the_officer(
    client, award, officer, path
):
    good = {
        "foto": "1",
        "file": an_upload(picture_bytes(a_picture((300, 200))), "tas.jpg"),
        "alt": "Tas ketak",
    }
    assert "Foto tersimpan dan menunggu dinas." in words_of(client.post(path, good, follow=True))
    photo = entries.open_version(award).photos.get()
    assert (photo.alt, photo.file.uploaded_by) == ("Tas ketak", officer)
    bad = {"foto": "1", "file": an_upload(b"GIF89a not a picture", "tas.jpg"), "alt": "Tas"}
    answer = client.post(path, bad)
    assert "tidak disimpan" in words_of(answer)
    assert StoredFile.objects.count() == 1
    without = client.post(path, {"foto": "1", "file": an_upload(picture_bytes(), "tas.jpg"), "alt": " "})
    assert without.status_code == 200
    assert StoredFile.objects.count() == 1


def test_a_link_takes_only_so_many_photos(client, award, officer, path):
    EntryLink.objects.update(photos_taken=entry_link.PHOTOS_OF_ONE_LINK)
    sent = {"foto": "1", "file": an_upload(picture_bytes(), "tas.jpg"), "alt": "Tas"}
    assert "sudah menerima cukup banyak foto" in words_of(client.post(path, sent))
    assert not StoredFile.objects.exists()


def test_contact_data_is_refused_and_what_was_typed_stays(client, award, path):
    answer = client.post(path, {**WORDS, "story": "Telepon 081234567890", "seen": 0})
    assert "terbaca sebagai data kontak" in words_of(answer)
    assert "Telepon 081234567890" in main_of(answer)
    assert not EntryVersion.objects.exists()


def test_the_english_of_the_dinas_stays_when_the_ikm_writes(client, award, officer, path):
    entries.write(award, {**WORDS, "story_en": "Plaited."}, seen=0, by=officer, at=timezone.now())
    html = main_of(client.get(path))
    assert "Plaited." not in html
    seen = re.search(r'name="seen" value="(\d+)"', html)[1]
    client.post(path, {**WORDS, "story": "Baru.", "seen": seen})
    entry = entries.open_version(award)
    assert (entry.story, entry.story_en) == ("Baru.", "Plaited.")


def test_while_it_is_reviewed_the_page_has_no_form(client, award, officer, path):
    client.post(path, {**WORDS, "seen": 0})
    entries.send(award, by=officer, at=timezone.now())
    assert "<form" not in main_of(client.get(path))
    answer = client.post(path, {**WORDS, "story": "Lain.", "seen": 2})
    assert entries.open_version(award).story == "Dianyam ibu saya."
    assert answer.status_code == 200
    # What was typed meanwhile can still be copied, and nothing is asked that only an officer can do.
    assert "kiriman Anda tidak disimpan" in words_of(answer)
    assert "Tulisan Anda, tidak tersimpan Salin bila masih diperlukan. Cerita produk Lain." in words_of(
        answer
    )
    assert "Tarik kembali" not in words_of(answer)


def test_the_draft_on_a_device_is_named_after_the_award_and_never_after_the_link(client, award, path):
    html = main_of(client.get(path))
    assert f'data-draft="halaman-produk-{award.pk}">' in html
    assert path.rstrip("/").rpartition("/")[2] not in re.sub(r"<a [^>]*>", "", html)
    refused = main_of(client.post(path, {**WORDS, "story": "Telepon 081234567890", "seen": 0}))
    assert f'data-draft="halaman-produk-{award.pk}" data-draft-refused>' in refused


def test_a_forged_cut_replaced_stopped_or_ended_link_opens_nothing(client, award, officer, path):
    now = timezone.now()
    ends_at = EntryLink.objects.get().ends_at
    token = path.rstrip("/").rpartition("/")[2]
    assert entry_link.find(token, at=ends_at - timedelta(seconds=1)) is not None
    assert entry_link.find(token, at=ends_at) is None
    second = entry_link.address_of(entry_link.make(award, by=officer, at=now), at=now)
    for dead in (path, path[:-4] + "/", path.replace(token[:2], "0-", 1)):
        answer = client.get(dead)
        assert answer.status_code == 404
        assert "Tautan ini tidak berlaku" in words_of(answer)
    assert client.get(second).status_code == 200
    entry_link.stop(award, by=officer, at=timezone.now())
    assert client.get(second).status_code == 404
    third = entry_link.address_of(entry_link.make(award, by=officer, at=now), at=now)
    Award.objects.filter(pk=award.pk).update(
        revoked_at=now, revocation_decree="SK 9", revocation_reason="Izin"
    )
    assert client.get(third).status_code == 404


def test_it_is_listed_nowhere_and_its_address_is_told_to_no_other_page(client, path):
    answer = client.get(path)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


def test_only_who_writes_the_page_makes_the_link(award):
    stranger = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    with pytest.raises(Refused, match="not_yours"):
        entry_link.make(award, by=stranger, at=timezone.now())
