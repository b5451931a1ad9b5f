"""/pesan/: what went out and what waits; a mailing to many goes out only by a person who counted it."""

import re

import pytest

from accounts.roles import Role
from audit.models import Entry
from letters import outbox
from letters.models import Message
from tests.factories.letters import NOON, BatchFactory, MessageFactory, a_person
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@made_once
def siti():
    return a_person(name="Siti Aminah", email="siti@dinas.example")


@pytest.fixture
def secretary(client):
    person = a_person(Role.SEKRETARIAT, name="Ratna Dewi")
    client.force_login(person)
    return person


def a_mailing(count=3):
    batch = BatchFactory(title="Undangan sosialisasi wilayah Sumatera")
    return batch, MessageFactory.create_batch(count, batch=batch, state="held")


# --- Who reads, who acts -------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.SEKRETARIAT, Role.AUDITOR])
def test_the_secretariat_and_the_auditor_read_the_outbox(client, role):
    batch, (message, *_) = a_mailing()
    client.force_login(a_person(role))
    for address in ("/pesan/", f"/pesan/{message.pk}/", f"/pesan/kiriman/{batch.pk}/"):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", [Role.PENILAI, Role.KETUA, Role.PENETAP, Role.ADMIN])
def test_other_roles_read_whose_page_it_is(client, role):
    batch, (message, *_) = a_mailing()
    client.force_login(a_person(role))
    for address in ("/pesan/", f"/pesan/{message.pk}/", f"/pesan/kiriman/{batch.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Halaman ini untuk Sekretariat OVOP dan Auditor." in answer.content.decode()


def test_the_auditor_sees_no_form_and_changes_nothing(client):
    batch, (message, *_) = a_mailing()
    sent = MessageFactory(state="sent")
    client.force_login(a_person(Role.AUDITOR))
    for address in (f"/pesan/{message.pk}/", f"/pesan/{sent.pk}/", f"/pesan/kiriman/{batch.pk}/"):
        body = client.get(address).content.decode()
        assert "<form" not in body[body.index("<main") : body.index("</main>")]
    for address, data in (
        (f"/pesan/kiriman/{batch.pk}/lepas/", {"counted": 3}),
        (f"/pesan/kiriman/{batch.pk}/batalkan/", {}),
        (f"/pesan/{message.pk}/batalkan/", {}),
        (f"/pesan/{sent.pk}/kirim-ulang/", {"times_before": 0}),
    ):
        answer = client.post(address, data)
        assert answer.status_code == 403
        assert "oleh Sekretariat" in answer.content.decode()
    assert set(Message.objects.values_list("state", flat=True)) == {"held", "sent"}
    assert Message.objects.count() == 4


def test_acting_by_get_is_refused(client, secretary):
    batch, (message, *_) = a_mailing()
    assert client.get(f"/pesan/kiriman/{batch.pk}/lepas/").status_code == 405
    assert client.get(f"/pesan/{message.pk}/kirim-ulang/").status_code == 405


def test_dropping_is_asked_once_more_on_a_page_of_its_own_which_changes_nothing(client, secretary):
    batch, (message, *_) = a_mailing()
    for address, asked in (
        (f"/pesan/kiriman/{batch.pk}/batalkan/", "Batalkan kiriman ini?"),
        (f"/pesan/{message.pk}/batalkan/", "Batalkan pesan ini?"),
    ):
        html = client.get(address).content.decode()
        assert asked in html
        assert f'action="{address}"' in html
    assert {one.state for one in Message.objects.all()} == {"held"}


# --- The list ------------------------------------------------------------------------------------------------
def test_the_counts_of_the_states_add_up_to_the_whole(client, secretary):
    for state, count in {"held": 2, "waiting": 3, "sent": 4, "failed": 1}.items():
        MessageFactory.create_batch(count, state=state)
    words = words_of(client.get("/pesan/"))
    assert "Keadaan 10 pesan" in words
    for line in ("Menunggu dilepas 2", "Menunggu dikirim 3", "Terkirim 4", "Gagal 1", "Ditolak 0"):
        assert line in words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "perpanjangan"}, {"Perpanjangan pengusulan OVOP 2026"}),
        ({"q": "siti@dinas"}, {"Perpanjangan pengusulan OVOP 2026"}),
        ({"q": "AMINAH 2026"}, {"Perpanjangan pengusulan OVOP 2026"}),
        ({"keadaan": "failed"}, {"Nomor U-77 tersimpan"}),
        ({"jenis": "phase_extended"}, {"Perpanjangan pengusulan OVOP 2026"}),
        ({"jenis": "phase_extended", "keadaan": "failed"}, set()),
        ({"keadaan": "bukan-keadaan"}, {"Perpanjangan pengusulan OVOP 2026", "Nomor U-77 tersimpan"}),
        ({"q": "a\x00b"}, {"Perpanjangan pengusulan OVOP 2026", "Nomor U-77 tersimpan"}),
    ],
)
def test_the_log_is_found_by_word_state_and_kind(client, secretary, query, found, siti):
    MessageFactory(
        person=siti, kind="phase_extended", subject="Perpanjangan pengusulan OVOP 2026", state="sent"
    )
    MessageFactory(subject="Nomor U-77 tersimpan", state="failed")
    words = words_of(client.get("/pesan/", query))
    subjects = ("Perpanjangan pengusulan OVOP 2026", "Nomor U-77 tersimpan")
    assert {subject for subject in subjects if subject in words} == found
    assert ("Tidak ada pesan yang cocok" in words) is (not found)


def test_a_chosen_filter_can_be_dropped_alone(client, secretary):
    MessageFactory()
    html = client.get("/pesan/", {"q": "usulan", "keadaan": "waiting"}).content.decode()
    assert 'href="?q=usulan"' in html
    assert 'href="?keadaan=waiting"' in html


def test_the_list_asks_the_same_for_two_and_for_twenty(queries_of, secretary):
    MessageFactory.create_batch(2)
    queries_of("/pesan/")  # the first page of a sign-in writes down that it is in use
    few = queries_of("/pesan/")
    MessageFactory.create_batch(18)
    for _ in range(3):
        a_mailing()
    assert len(queries_of("/pesan/")) == len(few), few


def test_the_recipients_of_a_mailing_are_read_at_once(queries_of, secretary):
    batch, _ = a_mailing(2)
    queries_of(f"/pesan/kiriman/{batch.pk}/")
    few = queries_of(f"/pesan/kiriman/{batch.pk}/")
    MessageFactory.create_batch(18, batch=batch, state="held")
    assert len(queries_of(f"/pesan/kiriman/{batch.pk}/")) == len(few), few


# --- A private link is shown to nobody -----------------------------------------------------------------------
def test_no_page_shows_where_an_invitation_leads(client, secretary):
    invited = a_person(name="Made Wirawan")
    message = outbox.queue(
        "account_invited",
        person=invited,
        key="undangan/1",
        context={
            "peran": "Penilai",
            "kantor": "GAPMMI",
            "waktu": NOON,
            "tautan": "/undangan/rahasia-sekali/",
        },
        at=NOON,
    )
    assert message.private_link.endswith("/undangan/rahasia-sekali/")
    for address in ("/pesan/", f"/pesan/{message.pk}/", "/pesan/?q=undangan"):
        answer = client.get(address)
        assert "Undangan masuk portal OVOP" in answer.content.decode()
        assert "rahasia-sekali" not in answer.content.decode()


def test_an_invitation_that_went_out_is_not_offered_again(client, secretary):
    message = MessageFactory(kind="account_invited", state="sent")
    html = client.get(f"/pesan/{message.pk}/").content.decode()
    assert "kirim-ulang" not in html
    assert "buat undangan baru pada halaman akun" in html
    answer = client.post(f"/pesan/{message.pk}/kirim-ulang/", {"times_before": 0}, follow=True)
    assert "Tautan pribadi tidak disimpan" in answer.content.decode()
    assert Message.objects.count() == 1


# --- A mailing to many ---------------------------------------------------------------------------------------
def test_a_mailing_waits_on_top_with_its_number(client, secretary):
    batch, _ = a_mailing(3)
    words = words_of(client.get("/pesan/"))
    assert "Undangan sosialisasi wilayah Sumatera 3 pesan menunggu dibaca, dihitung, dan dilepas" in words
    words = words_of(client.get(f"/pesan/kiriman/{batch.pk}/"))
    assert "3 pesan menunggu dilepas. Belum ada yang dikirim." in words
    assert "Yth. Orang, Usulan diterima." in words


def test_the_right_number_releases_it_and_the_history_says_by_whom(client, secretary):
    batch, _ = a_mailing(3)
    answer = client.post(f"/pesan/kiriman/{batch.pk}/lepas/", {"counted": "3"}, follow=True)
    assert "3 pesan dilepas" in words_of(answer)
    batch.refresh_from_db()
    assert batch.released_by == secretary
    assert {m.state for m in Message.objects.filter(batch=batch)} == {"waiting"}
    assert Entry.objects.get(action="batch_released").actor == secretary


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("30", "Anda menulis 30, sedangkan pesan yang menunggu 3. Belum ada yang dikirim."),
        ("", "Tulis jumlah pesannya."),
        ("tiga", "Tulis jumlahnya dengan angka."),
    ],
)
def test_another_number_sends_nothing_and_stays_in_the_field(client, secretary, typed, told):
    batch, _ = a_mailing(3)
    answer = client.post(f"/pesan/kiriman/{batch.pk}/lepas/", {"counted": typed})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert told in html
    assert re.search(rf'name="counted"[^>]*value="{typed}"', html) or not typed
    assert {m.state for m in Message.objects.all()} == {"held"}


def test_a_second_press_changes_nothing(client, secretary):
    batch, _ = a_mailing(3)
    client.post(f"/pesan/kiriman/{batch.pk}/lepas/", {"counted": 3})
    answer = client.post(f"/pesan/kiriman/{batch.pk}/lepas/", {"counted": 3}, follow=True)
    assert "Tidak ada yang berubah" in words_of(answer)
    answer = client.post(f"/pesan/kiriman/{batch.pk}/batalkan/", follow=True)
    assert "Tidak ada yang berubah" in words_of(answer)
    assert Entry.objects.filter(action__startswith="batch_").count() == 1
    assert {m.state for m in Message.objects.all()} == {"waiting"}


def test_a_mailing_can_be_dropped(client, secretary):
    batch, _ = a_mailing(3)
    answer = client.post(f"/pesan/kiriman/{batch.pk}/batalkan/", follow=True)
    assert "3 pesan tidak dikirim" in words_of(answer)
    assert {m.state for m in Message.objects.all()} == {"cancelled"}
    assert "lepas/" not in answer.content.decode()
    assert "batalkan/" not in answer.content.decode()


# --- One message ---------------------------------------------------------------------------------------------
def test_a_message_shows_its_words_and_what_became_of_it(client, secretary):
    message = MessageFactory(state="failed", last_error="SMTPRecipientsRefused: 550", attempts=3)
    words = words_of(client.get(f"/pesan/{message.pk}/"))
    for part in ("Gagal", "Yth. Orang, Usulan diterima.", "SMTPRecipientsRefused: 550", "3 kali"):
        assert part in words


def test_words_of_people_stay_words(client, secretary):
    message = MessageFactory(body_text="<script>alert(1)</script>", subject="<b>Tebal</b>")
    html = client.get(f"/pesan/{message.pk}/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;b&gt;Tebal" in html


def test_what_failed_is_sent_again_once_even_by_a_double_click(client, secretary):
    message = MessageFactory(state="failed")
    html = client.get(f"/pesan/{message.pk}/").content.decode()
    data = {"times_before": re.search(r'name="times_before" value="(\d+)"', html)[1]}
    for _ in range(2):
        answer = client.post(f"/pesan/{message.pk}/kirim-ulang/", data)
    again = Message.objects.get(resend_of=message)
    assert answer["Location"] == f"/pesan/{again.pk}/"
    assert (again.state, again.body_text) == ("waiting", message.body_text)
    assert Entry.objects.filter(action="message_resent").count() == 1
    assert f"/pesan/{again.pk}/" in client.get(f"/pesan/{message.pk}/").content.decode()


def test_a_message_that_waits_is_cancelled_and_not_sent_again(client, secretary):
    message = MessageFactory(state="waiting")
    html = client.get(f"/pesan/{message.pk}/").content.decode()
    assert "Batalkan pesan" in html
    assert "Kirim ulang pesan" not in html
    assert "Pesan dibatalkan" in words_of(client.post(f"/pesan/{message.pk}/batalkan/", follow=True))
    message.refresh_from_db()
    assert message.state == "cancelled"
    again = client.post(f"/pesan/{message.pk}/batalkan/", follow=True)
    assert "Tidak ada yang berubah" in words_of(again)
    refused = client.post(f"/pesan/{message.pk}/kirim-ulang/", {"times_before": 0}, follow=True)
    assert "tidak perlu dikirim ulang" in words_of(refused)
    assert Message.objects.count() == 1


def test_an_incomplete_request_to_send_again_sends_nothing(client, secretary):
    message = MessageFactory(state="sent")
    answer = client.post(f"/pesan/{message.pk}/kirim-ulang/", {"times_before": "banyak"}, follow=True)
    assert "Tidak ada yang dikirim" in words_of(answer)
    assert Message.objects.count() == 1
