"""The page of an awarded product: written by its dinas, reviewed by the secretariat, public from then on."""

import re
import threading

import pytest
from django.db import connection
from django.db.utils import IntegrityError, InternalError
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from audit.models import Entry
from awards.decrees import Refused
from awards.models import Award
from catalogue import entries, entry_photos, kept, photos
from catalogue.models import EntryVersion, SellingPlace, ShownPhoto
from files import access
from letters.models import Message
from tests.factories.accounts import JAKARTA_PUSAT, TASIKMALAYA, a_person, a_regency
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory
from tests.factories.files import StoredFileFactory, a_picture, an_upload, picture_bytes
from tests.made_once import made_once
from tests.pages import main_of, needs_english, words_of

pytestmark = pytest.mark.django_db
WORDS = {"story": "Dianyam dari ketak.\n\nSejak 1988.", "raw_material": "Ketak", "raw_origin": "Hutan Lombok"}


@made_once
def award():
    """Taken over from the archive: no nomination, so nothing was ever handed in for it."""
    return AwardFactory(product=ProductFactory(name="Tas ketak"))


@made_once
def officer(award):
    return a_person(Role.DINAS, around=award)


@made_once
def secretary():
    return a_person(Role.SEKRETARIAT)


def address_of(award, rest=""):
    return f"/penghargaan/penerima/{award.pk}/halaman/{rest}"


def write(award, by, seen=0, **changes):
    return entries.write(award, {**WORDS, **changes}, seen=seen, by=by, at=timezone.now())


def a_photo(by, size=(800, 600), colour="#8a5a2b"):
    content = picture_bytes(a_picture(size, colour=colour))
    return StoredFileFactory(photo=True, content=content, width=size[0], height=size[1], uploaded_by=by)


def add_photo(award, by, alt="Tas dari ketak", alt_en="", **how):
    return entry_photos.add(award, a_photo(by, **how), alt=alt, alt_en=alt_en, by=by, at=timezone.now())


def send(award, by):
    return entries.send(award, by=by, at=timezone.now())


def show(award, by):
    entry = entries.open_version(award)
    return entries.show(award, seen=entry.version, by=by, at=timezone.now())


def refusal_of(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


# --- From the dinas to the public -------------------------------------------------------------------------------
def test_what_the_dinas_writes_is_public_only_once_the_secretariat_has_shown_it(
    client, award, officer, secretary
):
    write(award, officer)
    add_photo(award, officer)
    send(award, officer)
    before = words_of(client.get(award.get_absolute_url()))
    assert "Dianyam dari ketak." not in before
    assert "<img" not in main_of(client.get(award.get_absolute_url()))
    show(award, secretary)
    html = main_of(client.get(award.get_absolute_url()))
    assert "<p>Dianyam dari ketak.</p>" in html
    assert "Asal bahan baku Hutan Lombok" in words_of(client.get(award.get_absolute_url()))
    assert 'alt="Tas dari ketak"' in html
    assert 'type="image/webp"' in html
    assert [one.action for one in Entry.objects.order_by("pk")] == [
        "entry_written", "entry_photo_added", "entry_sent", "show_photo", "entry_shown",
    ]  # fmt: skip


def test_what_is_shown_is_on_the_next_answer_and_a_draft_changes_no_page(settings, award, officer, secretary):
    settings.KEEP_PAGES = True
    kept.store.clear()
    first = Client().get(award.get_absolute_url())
    write(award, officer)
    send(award, officer)
    assert Client().get(award.get_absolute_url())["ETag"] == first["ETag"]
    show(award, secretary)
    assert "Dianyam dari ketak." in Client().get(award.get_absolute_url()).content.decode()
    kept.store.clear()


@needs_english
def test_the_english_page_has_the_english_words_and_marks_what_is_left_in_indonesian(
    client, award, officer, secretary
):
    write(award, officer, story_en="Plaited from ketak.")
    add_photo(award, officer, alt_en="A bag of ketak")
    add_photo(award, officer, alt="Anyaman dari dekat", colour="#222222")
    send(award, officer)
    show(award, secretary)
    html = main_of(client.get(f"/en{award.get_absolute_url()}"))
    assert "<p>Plaited from ketak.</p>" in html
    assert "Dianyam" not in html
    assert '<p lang="id">Hutan Lombok</p>' in html
    assert 'alt="A bag of ketak"' in html
    assert 'alt="Anyaman dari dekat" lang="id"' in html


def test_before_the_first_review_the_page_tells_what_the_nomination_told(client):
    award = AwardFactory(story="Dijemur di atap.", raw_material="Daun pandan.")
    assert "Dijemur di atap." in words_of(client.get(award.get_absolute_url()))
    officer = a_person(Role.DINAS, around=award)
    entry = entries.begin(award, by=officer, at=timezone.now())
    assert (entry.story, entry.raw_material) == ("Dijemur di atap.", "Daun pandan.")


def test_what_was_shown_once_is_never_changed_and_the_next_version_begins_as_it(award, officer, secretary):
    write(award, officer)
    send(award, officer)
    shown = show(award, secretary)
    with pytest.raises(InternalError, match="Cannot update rows"), entries.transaction.atomic():
        EntryVersion.objects.filter(pk=shown.pk).update(story="Lain")
    entry = entries.begin(award, by=officer, at=timezone.now())
    assert (entry.pk != shown.pk, entry.story) == (True, shown.story)


def test_an_award_has_one_open_version(award, officer):
    write(award, officer)
    with pytest.raises(IntegrityError, match="entry_has_one_open_version"), entries.transaction.atomic():
        EntryVersion.objects.create(award=award, begun_at=timezone.now())


# --- Photos in their order, places with their agreement ----------------------------------------------------------
def test_photos_are_shown_in_the_order_that_was_set_and_those_taken_out_are_taken_down(
    award, officer, secretary, django_capture_on_commit_callbacks
):
    first, second = (
        add_photo(award, officer, alt="Pertama"),
        add_photo(award, officer, alt="Kedua", colour="#111111"),
    )
    entry_photos.move_up(award, second.pk, by=officer, at=timezone.now())
    send(award, officer)
    show(award, secretary)
    assert [one.alt for one in award.shown_photos.all()] == ["Kedua", "Pertama"]
    folder = ShownPhoto.objects.get(alt="Pertama").folder
    entries.begin(award, by=officer, at=timezone.now())
    again = entries.open_version(award).photos.get(file=first.file)
    entry_photos.take_out(award, again.pk, by=officer, at=timezone.now())
    kept_one = entries.open_version(award).photos.get()
    entry_photos.describe(award, kept_one.pk, alt="Dari dekat", alt_en="", by=officer, at=timezone.now())
    send(award, officer)
    drawn_at = award.shown_photos.get(alt="Kedua").at
    with django_capture_on_commit_callbacks(execute=True):
        show(award, secretary)
    assert [(one.alt, one.at) for one in award.shown_photos.all()] == [("Dari dekat", drawn_at)]
    assert not folder.exists()


def test_a_photo_taken_out_goes_with_its_file_unless_the_public_or_another_has_it(
    award, officer, secretary, django_capture_on_commit_callbacks
):
    who = {"by": officer, "at": timezone.now()}
    add_photo(award, officer)
    send(award, officer)
    show(award, secretary)
    unseen = add_photo(award, officer, alt="Belum tampil", colour="#444444")
    path = unseen.file.path
    with django_capture_on_commit_callbacks(execute=True):
        for one in list(entries.open_version(award).photos.all()):
            entry_photos.take_out(award, one.pk, **who)
    assert not path.exists()
    assert [one.file.path.exists() for one in award.shown_photos.all()] == [True]


def test_a_photo_that_the_secretariat_put_up_meanwhile_stays_behind_the_others(award, officer, secretary):
    add_photo(award, officer, alt="Dari dinas")
    send(award, officer)
    photos.arrange(
        award, [(a_photo(secretary, colour="#333333"), "Dari Sekretariat", "")], since=timezone.now(),
        by=secretary, at=timezone.now(),
    )  # fmt: skip
    show(award, secretary)
    assert [one.alt for one in award.shown_photos.all()] == ["Dari dinas", "Dari Sekretariat"]


def test_a_place_to_buy_is_public_with_the_version_and_gone_at_once_when_the_ikm_takes_its_agreement_back(
    client, award, officer, secretary
):
    today = timezone.localdate()
    entry_photos.add_place(
        award, kind="toko", name="Toko Ketak", url="https://toko.example/", agreed_on=today, by=officer,
        at=timezone.now(), today=today,
    )  # fmt: skip
    send(award, officer)
    assert "Toko Ketak" not in words_of(client.get(award.get_absolute_url()))
    show(award, secretary)
    assert "Toko Ketak" in words_of(client.get(award.get_absolute_url()))
    client.force_login(officer)
    client.post(address_of(award, f"tempat/{SellingPlace.objects.get().pk}/akhiri/"))
    assert "Toko Ketak" not in words_of(client.get(award.get_absolute_url()))


# --- What is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["Hubungi 0812-3456-7890.", "WA +62 812 3456 7890", "tulis ke toko@contoh.example", "lihat https://toko.example",
     "www.toko.example", "NIK 3205012345678901", "telepon (0262) 231234"],
)  # fmt: skip
def test_contact_data_is_refused_in_every_text(award, officer, text):
    assert refusal_of(write, award, officer, story=text) == "contact"
    assert refusal_of(add_photo, award, officer, alt=text) == "contact"
    assert not EntryVersion.objects.filter(story=text).exists()


@pytest.mark.parametrize(
    "text",
    ["Sejak 1988, 1.000.000 helai setahun.", "Buka 05.00-10.00 dan 05.00 - 10.00.", "Rp1.250.000 per helai",
     "Ukuran 30 x 40 x 10 cm, berat 0,75 kg", "SK 530/Kep.12/2016", "0,5 liter; 10 20 30 40 50 60 70"],
)  # fmt: skip
def test_figures_of_a_story_are_no_contact_data(award, officer, text):
    assert write(award, officer, story=text).story == text


def test_while_it_is_reviewed_nothing_changes_until_it_is_taken_back(award, officer, secretary):
    write(award, officer)
    send(award, officer)
    assert refusal_of(write, award, officer) == "sent"
    assert refusal_of(add_photo, award, officer) == "sent"
    entries.take_back(award, by=officer, at=timezone.now())
    write(award, officer, seen=entries.open_version(award).version, story="Lain.")
    assert refusal_of(entries.show, award, seen=1, by=secretary, at=timezone.now()) == "not_sent"


def test_the_review_shows_what_was_read_and_not_what_was_sent_after_it(award, officer, secretary):
    write(award, officer)
    read = send(award, officer).version
    entries.take_back(award, by=officer, at=timezone.now())
    add_photo(award, officer)
    send(award, officer)
    assert refusal_of(entries.show, award, seen=read, by=secretary, at=timezone.now()) == "changed_meanwhile"


def test_sending_twice_is_sending_once_and_nothing_written_is_nothing_sent(award, officer):
    assert refusal_of(send, award, officer) == "nothing_written"
    write(award, officer)
    assert send(award, officer).sent_at == send(award, officer).sent_at
    assert Entry.objects.filter(action="entry_sent").count() == 1


def test_photos_that_may_not_stand_are_refused_by_name(award, officer):
    pdf = StoredFileFactory(uploaded_by=officer)
    who = {"by": officer, "at": timezone.now()}
    assert refusal_of(entry_photos.add, award, pdf, alt="Tas", alt_en="", **who) == "no_photo"
    assert refusal_of(add_photo, award, officer, alt=" ") == "no_words"
    photo = add_photo(award, officer)
    assert refusal_of(entry_photos.add, award, photo.file, alt="Tas", alt_en="", **who) == "already_there"
    for _ in range(3):
        add_photo(award, officer)
    assert refusal_of(add_photo, award, officer) == "enough"
    assert refusal_of(entry_photos.take_out, award, 999_999, **who) == "gone"


def test_a_photo_that_is_still_scanned_holds_the_review_up_and_a_refused_one_the_sending(
    award, officer, secretary
):
    photo = add_photo(award, officer)
    send(award, officer)
    type(photo.file).objects.filter(pk=photo.file_id).update(state="waiting")
    assert refusal_of(show, award, secretary) == "photo_waits"
    entries.take_back(award, by=officer, at=timezone.now())
    type(photo.file).objects.filter(pk=photo.file_id).update(state="refused", refusal="-", stored_path=None)
    assert refusal_of(send, award, officer) == "photo_refused"


def test_a_revoked_award_is_written_by_nobody(award, officer):
    Award.objects.filter(pk=award.pk).update(
        revoked_at=timezone.now(), revocation_decree="SK 9", revocation_reason="Izin"
    )
    assert refusal_of(write, award, officer) == "not_yours"


def test_what_comes_back_needs_a_reason_and_says_it_to_the_dinas(client, award, officer, secretary):
    write(award, officer)
    send(award, officer)
    assert refusal_of(entries.give_back, award, reason=" ", by=secretary, at=timezone.now()) == "no_reason"
    entries.give_back(award, reason="Sebutkan tahun berdirinya.", by=secretary, at=timezone.now())
    client.force_login(officer)
    assert "Sebutkan tahun berdirinya." in words_of(client.get(address_of(award)))
    home = main_of(client.get("/beranda/"))
    assert "halaman produk dikembalikan Sekretariat" in home
    assert f'href="{address_of(award)}"' in home


def test_the_people_of_its_office_are_told_when_it_comes_back_each_once(award, officer, secretary):
    colleague = a_person(Role.DINAS, around=award)
    stranger = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    write(award, officer)
    send(award, officer)
    entries.give_back(award, reason="Sebutkan tahun berdirinya.", by=secretary, at=timezone.now())
    told = Message.objects.filter(kind="entry_returned")
    assert {one.person for one in told} == {officer, colleague}
    assert stranger not in {one.person for one in told}
    assert "halaman produk Tas ketak" in told[0].subject
    assert "Sebutkan tahun berdirinya." not in told[0].body_text
    assert f"/penghargaan/penerima/{award.pk}/halaman/" in told[0].body_text
    send(award, officer)
    entries.give_back(award, reason="Masih kurang.", by=secretary, at=timezone.now())
    assert told.all().count() == 4


def test_who_sent_it_for_an_office_without_people_is_told(award, secretary):
    other = a_person(Role.SEKRETARIAT)
    write(award, other)
    send(award, other)
    entries.give_back(award, reason="Perbaiki.", by=secretary, at=timezone.now())
    assert [one.person for one in Message.objects.filter(kind="entry_returned")] == [other]


# --- Who ------------------------------------------------------------------------------------------------------------
def test_only_its_own_dinas_and_the_secretariat_write_and_only_the_secretariat_reviews(
    award, officer, secretary
):
    others = [
        a_person(Role.DINAS, around=a_regency(TASIKMALAYA)), a_person(Role.PROVINSI, around=award),
        a_person(Role.PENETAP), a_person(Role.AUDITOR), a_person(Role.PENILAI), a_person(Role.KETUA),
    ]  # fmt: skip
    for other in others:
        assert refusal_of(write, award, other) == "not_yours"
    write(award, secretary)
    send(award, officer)
    for other in (*others, officer):
        assert refusal_of(show, award, other) == "not_yours"
        assert refusal_of(entries.give_back, award, reason="-", by=other, at=timezone.now()) == "not_yours"


def test_in_jakarta_the_office_of_the_province_writes(client):
    product = ProductFactory(ikm_name="UD Betawi", name="Batik Betawi")
    product.ikm.regency = a_regency(JAKARTA_PUSAT)
    product.ikm.sentra = None
    product.ikm.save()
    award = AwardFactory(product=product)
    assert write(award, a_person(Role.PROVINSI, around=award)).story


@pytest.mark.parametrize(
    ("role", "reads", "writes", "reviews"),
    [
        (Role.DINAS, 200, 200, 403), (Role.PROVINSI, 200, 404, 403), (Role.SEKRETARIAT, 200, 200, 302),
        (Role.AUDITOR, 200, 403, 403), (Role.PENETAP, 200, 403, 403), (Role.PENILAI, 403, 403, 403),
        (Role.ADMIN, 403, 403, 403),
    ],
)  # fmt: skip
def test_the_pages_open_to_whom_they_are_for(client, award, role, reads, writes, reviews):
    client.force_login(a_person(role, around=award))
    found = [client.get(address_of(award, rest)).status_code for rest in ("", "cerita/", "tinjau/")]
    assert found == [reads, writes, reviews]
    elsewhere = client.get(address_of(AwardFactory(decree=DecreeFactory(published=False))))
    assert elsewhere.status_code in (403, 404)


def test_another_dinas_reads_nothing_of_it_and_opens_no_photo(client, award, officer, secretary):
    photo = add_photo(award, officer)
    stranger = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    client.force_login(stranger)
    assert client.get(address_of(award)).status_code == 404
    assert client.post(address_of(award, "kirim/")).status_code == 404
    assert not access.may_open(stranger, photo.file)
    for reader in (officer, secretary, a_person(Role.PROVINSI, around=award)):
        assert access.may_open(reader, photo.file)


# --- The pages -----------------------------------------------------------------------------------------------------
def test_the_whole_way_by_its_pages(client, award, officer, secretary):
    client.force_login(officer)
    assert f'href="{address_of(award)}"' in main_of(client.get("/penghargaan/daerah/"))
    form = main_of(client.get(address_of(award, "cerita/")))
    assert 'name="seen" value="0"' in form
    answer = client.post(address_of(award, "cerita/"), {**WORDS, "seen": 0}, follow=True)
    assert "Tulisan tersimpan." in words_of(answer)
    upload = {"file": a_photo_upload(), "alt": "Tas ketak", "alt_en": ""}
    answer = client.post(address_of(award, "foto/"), upload, follow=True)
    assert "Foto tersimpan." in words_of(answer)
    place = {"jenis": "toko", "nama": "Toko", "alamat": "https://toko.example/", "disetujui": "2026-01-02"}
    client.post(address_of(award, "tempat/"), place)
    answer = client.post(address_of(award, "kirim/"), follow=True)
    assert "Menunggu tinjauan Sekretariat" in words_of(answer)
    client.force_login(secretary)
    assert "halaman produk menunggu tinjauan" in words_of(client.get("/beranda/"))
    assert 'href="/penghargaan/halaman/"' in main_of(client.get("/penghargaan/"))
    assert f'href="{address_of(award, "tinjau/")}"' in main_of(client.get("/penghargaan/halaman/"))
    page = client.get(address_of(award, "tinjau/"))
    for said in (
        "Dianyam dari ketak.",
        "Hutan Lombok",
        "Tas ketak Baru",
        "Disetujui IKM pada 2 Januari 2026",
    ):
        assert said in words_of(page)
    seen = re.search(r'name="seen" value="(\d+)"', main_of(page))[1]
    missing = client.post(address_of(award, "tinjau/"), {"outcome": "kembalikan", "reason": "", "seen": seen})
    assert "Tuliskan apa yang perlu diperbaiki." in words_of(missing)
    answer = client.post(address_of(award, "tinjau/"), {"outcome": "tampilkan", "seen": seen}, follow=True)
    assert "Halaman produk tampil kepada masyarakat." in words_of(answer)
    assert "Tempat membeli Toko" in words_of(Client().get(award.get_absolute_url()))
    assert not EntryVersion.objects.waiting().exists()


def a_photo_upload():
    return an_upload(picture_bytes(a_picture((400, 300))), "tas.jpg")


def test_two_who_write_at_once_both_see_what_the_other_wrote(client, award, officer, secretary):
    write(award, secretary, story="Dari Sekretariat.")
    client.force_login(officer)
    answer = client.post(address_of(award, "cerita/"), {**WORDS, "seen": 0})
    words, html = words_of(answer), main_of(answer)
    assert "baru saja diubah orang lain" in words
    assert "Dari Sekretariat." in words
    assert "Dianyam dari ketak." in html
    seen = re.search(r'name="seen" value="(\d+)"', html)[1]
    client.post(address_of(award, "cerita/"), {**WORDS, "seen": seen})
    assert entries.open_version(award).story == WORDS["story"]


def typed(client, award, seen, **changes):
    """As static/js/autosave.js sends it."""
    given = {**WORDS, "seen": seen, **changes}
    return client.post(address_of(award, "cerita/"), given, headers={"Accept": "application/json"})


def test_the_page_saves_itself_while_one_types(client, award, officer):
    client.force_login(officer)
    assert 'data-autosave="seen"' in main_of(client.get(address_of(award, "cerita/")))
    first = typed(client, award, 0, story="Dianyam")
    assert first.json()["time"].startswith("pukul ")
    second = typed(client, award, first.json()["version"], story="Dianyam dari ketak")
    assert second.json()["version"] > first.json()["version"]
    assert entries.open_version(award).story == "Dianyam dari ketak"
    assert list(Entry.objects.values_list("action", flat=True)) == ["entry_written"]
    pressed = client.post(address_of(award, "cerita/"), {**WORDS, "seen": second.json()["version"]})
    assert pressed.status_code == 302
    assert Entry.objects.count() == 2


def test_what_cannot_be_saved_is_said_and_the_other_ones_words_stay(client, award, officer, secretary):
    client.force_login(officer)
    version = typed(client, award, 0).json()["version"]
    contact = typed(client, award, version, story="Hubungi 0812-3456-7890")
    assert contact.status_code == 422
    assert "terbaca sebagai data kontak" in contact.json()["text"]
    long = typed(client, award, version, raw_origin="x" * 301)
    assert long.status_code == 422
    assert long.json()["text"].startswith("Belum tersimpan: ")
    write(award, secretary, seen=version, story="Dari Sekretariat.")
    late = typed(client, award, version, story="Dari dinas.")
    assert late.status_code == 409
    assert "baru saja diubah orang lain" in late.json()["text"]
    assert entries.open_version(award).story == "Dari Sekretariat."
    page = client.post(address_of(award, "cerita/"), {**WORDS, "seen": version, "story": "Dari dinas."})
    assert "Dari Sekretariat." in words_of(page)
    assert "Dari dinas." in main_of(page)


def test_looking_writes_nothing(client, award, officer):
    client.force_login(officer)
    for rest in ("", "cerita/", "foto/", "tempat/"):
        assert client.get(address_of(award, rest)).status_code == 200
    for rest in ("kirim/", "tarik/", "mulai/", "tautan/", "tautan/hentikan/"):
        assert client.get(address_of(award, rest)).status_code == 405
    assert not EntryVersion.objects.exists()


def test_the_queue_asks_the_same_for_two_and_for_twenty(client, secretary, queries_of):
    def waiting(number):
        for _ in range(number):
            write(award := AwardFactory(), secretary)
            send(award, secretary)

    waiting(2)
    client.force_login(secretary)
    client.get("/penghargaan/halaman/")
    few = queries_of("/penghargaan/halaman/", client=client)
    waiting(18)
    assert len(queries_of("/penghargaan/halaman/", client=client)) == len(few)


@pytest.mark.django_db(transaction=True)
def test_two_reviews_at_the_same_instant_show_it_once(award, officer, secretary):
    write(award, officer)
    add_photo(award, officer)
    send(award, officer)
    outcomes, together = [], threading.Barrier(2)

    def review():
        together.wait()
        try:
            show(award, secretary)
            outcomes.append("shown")
        except (Refused, AttributeError) as refusal:
            outcomes.append(getattr(refusal, "code", "not_sent"))
        finally:
            connection.close()

    threads = [threading.Thread(target=review) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["not_sent", "shown"]
    assert award.shown_photos.count() == 1
