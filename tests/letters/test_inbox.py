"""/pesan/saya/: everybody reads what the portal wrote to them, and nobody what it wrote to others."""

import re
from datetime import timedelta

import pytest

from accounts.roles import Role
from letters import inbox, mails, outbox
from tests.factories.accounts import a_person as an_officer
from tests.factories.letters import NOON, MessageFactory, a_person
from tests.factories.nominations import NominationFactory
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    person = an_officer(Role.DINAS)
    client.force_login(person)
    return person


def told(person, nomination, *, key="1", at=NOON):
    return outbox.queue(
        "endorsed",
        person=person,
        key=key,
        context={
            "no": str(nomination),
            "produk": "Tas pandan",
            "provinsi": "Provinsi Jawa Barat",
            "tautan": nomination.get_absolute_url(),
        },
        at=at,
        about=nomination,
    )


def header_of(answer):
    html = answer.content.decode()
    return re.sub(r"<[^>]*>|\s+", " ", html[html.index('class="place"') : html.index("<main")])


# --- What is in it ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["waiting", "sending", "sent", "unsure", "failed"])
def test_a_message_is_read_in_the_portal_whatever_became_of_its_mail(client, reader, state):
    message = MessageFactory(person=reader, state=state)
    assert message.subject in words_of(client.get("/pesan/saya/"))
    assert "Usulan diterima." in words_of(client.get(f"/pesan/saya/{message.pk}/"))


@pytest.mark.parametrize("state", ["held", "refused", "cancelled"])
def test_what_was_held_back_refused_or_cancelled_is_never_shown(client, reader, state):
    cancelled = {"cancelled_at": NOON} if state == "cancelled" else {}
    message = MessageFactory(person=reader, state=state, **cancelled)
    answer = client.get("/pesan/saya/")
    assert message.subject not in words_of(answer)
    assert "Kotak masuk (" not in header_of(answer)
    assert client.get(f"/pesan/saya/{message.pk}/").status_code == 404


def test_an_invitation_and_a_second_sending_of_the_same_words_are_not_in_it(client, reader):
    invited = MessageFactory(person=reader, kind="account_invited", subject="Undangan masuk portal OVOP")
    first = MessageFactory(person=reader, state="failed")
    again = outbox.resend(first, by=a_person(Role.SEKRETARIAT), at=NOON, times_before=0)
    words = words_of(client.get("/pesan/saya/"))
    assert "Undangan masuk" not in words
    assert words.count(first.subject) == 1
    for message in (invited, again):
        assert client.get(f"/pesan/saya/{message.pk}/").status_code == 404


def test_an_empty_inbox_says_so(client, reader):
    assert "Belum ada pesan untuk Anda." in words_of(client.get("/pesan/saya/"))


def test_the_secretariats_own_inbox_is_not_its_page_of_messages_in_the_menu(client):
    client.force_login(a_person(Role.SEKRETARIAT))
    for address, is_current in (("/pesan/", True), ("/pesan/saya/", False)):
        html = client.get(address).content.decode()
        assert ('<a href="/pesan/" aria-current="page">' in html) is is_current


def test_words_of_people_stay_words(client, reader):
    message = MessageFactory(
        person=reader,
        subject="<b>Tebal</b>",
        body_text="Yth. A,\n\n<script>alert(1)</script>\nbaris\n\nKaki.\n",
    )
    html = client.get(f"/pesan/saya/{message.pk}/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>baris" in html


# --- Whose it is -----------------------------------------------------------------------------------------------
def test_nobody_reads_opens_or_marks_what_was_written_to_somebody_else(client, reader):
    message = MessageFactory(subject="Hanya untuk orang lain")
    assert "Hanya untuk orang lain" not in words_of(client.get("/pesan/saya/"))
    address = f"/pesan/saya/{message.pk}/"
    assert client.get(address).status_code == 404
    for action in ("buka/", "dibaca/"):
        assert client.post(address + action).status_code == 404
    client.post("/pesan/saya/dibaca/", {"up_to": message.pk})
    client.post("/pesan/saya/urungkan/", {"ditandai": NOON.isoformat()})
    message.refresh_from_db()
    assert message.read_at is None


def test_the_secretariat_reads_its_own_inbox_only_beside_the_log_of_all(client):
    client.force_login(a_person(Role.SEKRETARIAT))
    message = MessageFactory()
    assert client.get(f"/pesan/{message.pk}/").status_code == 200
    assert client.get(f"/pesan/saya/{message.pk}/").status_code == 404


def test_a_stranger_is_led_to_the_way_in(client):
    assert client.get("/pesan/saya/")["Location"].startswith("/masuk/")


# --- Reading ---------------------------------------------------------------------------------------------------
def test_looking_does_not_write_and_the_marks_are_posted(client, reader):
    message = MessageFactory(person=reader)
    client.get("/pesan/saya/")
    client.get(f"/pesan/saya/{message.pk}/")
    message.refresh_from_db()
    assert message.read_at is None
    for address in (f"{message.pk}/buka/", f"{message.pk}/dibaca/", "dibaca/", "urungkan/"):
        assert client.get(f"/pesan/saya/{address}").status_code == 405


def test_the_one_button_marks_the_message_and_leads_to_its_page(client, reader):
    nomination = NominationFactory(in_state="endorsed")
    message = told(reader, nomination)
    answer = client.get(f"/pesan/saya/{message.pk}/")
    assert main_of(answer).count("btn-primary") == 1
    assert "Lihat usulan" in words_of(answer)
    assert "localhost" not in words_of(answer), "the address itself is behind the button"
    answer = client.post(f"/pesan/saya/{message.pk}/buka/")
    assert answer["Location"] == f"/usulan/{nomination.pk}/"
    message.refresh_from_db()
    assert message.read_at is not None
    first = message.read_at
    client.post(f"/pesan/saya/{message.pk}/buka/")
    message.refresh_from_db()
    assert message.read_at == first, "read is when it was read first"


def test_a_message_about_what_one_may_no_longer_see_keeps_its_words_and_leads_nowhere(client, reader):
    message = told(reader, NominationFactory(in_state="endorsed"))
    reader.memberships.update(taken_away_at=NOON)
    answer = client.get(f"/pesan/saya/{message.pk}/")
    assert "telah memverifikasi usulan Tas pandan" in words_of(answer)
    assert "tidak lagi terbuka untuk peran Anda" in words_of(answer)
    assert "/buka/" not in answer.content.decode()
    assert client.post(f"/pesan/saya/{message.pk}/buka/")["Location"] == f"/pesan/saya/{message.pk}/"


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("http://host.yang.lama/usulan/1/?bagian=2", "/usulan/1/?bagian=2"),
        ("https://host//jahat.example/", ""),
        ("https://host", ""),
    ],
)
def test_a_message_only_ever_leads_inside_the_portal(reader, link, page):
    message = MessageFactory.build(person=reader, body_text=f"Yth. A,\n\nIsi.\n\nBuka: {link}\n\nKaki.\n")
    assert inbox.words_of(message, reader).address == page


def test_everything_is_marked_at_once_and_can_be_undone(client, reader):
    old = MessageFactory(person=reader, read_at=NOON)
    new = [MessageFactory(person=reader, subject=f"Pesan ke-{n}") for n in range(3)]
    html = client.get("/pesan/saya/").content.decode()
    up_to = re.search(r'name="up_to" value="(\d+)"', html)[1]
    later = MessageFactory(person=reader, subject="Datang kemudian")
    answer = client.post("/pesan/saya/dibaca/", {"up_to": up_to}, follow=True)
    assert "3 pesan ditandai sudah dibaca." in words_of(answer)
    assert set(inbox.of(reader).filter(read_at=None)) == {later}
    marked = re.search(r'name="ditandai" value="([^"]+)"', answer.content.decode())[1]
    assert "3 pesan kembali bertanda baru." in words_of(
        client.post("/pesan/saya/urungkan/", {"ditandai": marked}, follow=True)
    )
    assert set(inbox.of(reader).filter(read_at=None)) == {later, *new}
    old.refresh_from_db()
    assert old.read_at == NOON


@pytest.mark.parametrize("typed", ["", "semua", "-1", "٣", "9" * 30])
def test_an_incomplete_request_marks_nothing(client, reader, typed):
    MessageFactory(person=reader)
    answer = client.post("/pesan/saya/dibaca/", {"up_to": typed}, follow=True)
    assert "Tidak ada yang ditandai" in words_of(answer)
    assert inbox.unread(reader) == 1


@pytest.mark.parametrize("typed", ["", "kemarin", "2026-02-30T10:00:00Z", "2026-03-02T05:00:00"])
def test_undoing_what_never_was_changes_nothing(client, reader, typed):
    MessageFactory(person=reader, read_at=NOON)
    assert "Tidak ada yang diurungkan" in words_of(
        client.post("/pesan/saya/urungkan/", {"ditandai": typed}, follow=True)
    )
    assert client.get("/pesan/saya/", {"ditandai": typed}).status_code == 200
    assert inbox.unread(reader) == 0


# --- The list --------------------------------------------------------------------------------------------------
def test_the_unread_stand_first_each_group_by_date(client, reader):
    for name, days, read in (("A", 1, True), ("B", 2, False), ("C", 3, True), ("D", 4, False)):
        at = NOON + timedelta(days=days)
        MessageFactory(person=reader, subject=f"Pesan {name}", queued_at=at, read_at=at if read else None)
    words = words_of(client.get("/pesan/saya/"))
    assert re.findall(r"Pesan ([A-D])\b", words) == ["D", "B", "C", "A"]
    assert words.count("Baru ") == 2
    assert re.findall(r"Pesan ([A-D])\b", words_of(client.get("/pesan/saya/?tampil=baru"))) == ["D", "B"]


def test_a_long_inbox_comes_in_pages_and_asks_the_same_for_two_and_for_forty(queries_of, client, reader):
    MessageFactory.create_batch(2, person=reader)
    queries_of("/pesan/saya/")
    few = queries_of("/pesan/saya/")
    MessageFactory.create_batch(38, person=reader)
    assert len(queries_of("/pesan/saya/")) == len(few), few
    assert "1–25 dari 40 pesan" in words_of(client.get("/pesan/saya/"))
    assert "26–40 dari 40 pesan" in words_of(client.get("/pesan/saya/?halaman=2&tampil=baru"))


# --- The count in the header -------------------------------------------------------------------------------------
def test_every_page_says_how_many_are_unread_and_asks_once(queries_of, client, reader):
    MessageFactory.create_batch(3, person=reader)
    MessageFactory(person=reader, read_at=NOON)
    MessageFactory()
    assert "Kotak masuk (3 belum dibaca )" in re.sub(r"\s+", " ", header_of(client.get("/usulan/")))
    asked = [sql for sql in queries_of("/beranda/") if "letters_message" in sql]
    assert len(asked) == 1, asked
    assert "3 pesan belum dibaca" in words_of(client.get("/beranda/"))


def test_with_nothing_unread_the_header_has_no_number(client, reader):
    assert re.search(r"Kotak masuk\s+(?!\()", header_of(client.get("/beranda/")))


# --- Taking a message apart ----------------------------------------------------------------------------------------
def test_what_was_put_together_is_taken_apart_the_same():
    from letters.mail_kinds import KINDS

    for kind in KINDS.values():
        mail = mails.render(
            kind, subject=kind.subject, body=kind.body, recipient="Siti", context=kind.example,
            link="https://portal.example/usulan/1/", contact="a@b.example",
        )  # fmt: skip
        parts = mails.taken_apart(mail.text)
        assert (parts.label, parts.link) == (kind.link, "https://portal.example/usulan/1/")
        assert f"<p>{parts.paragraphs[0]}</p>".replace("\n", "<br>\n") in mail.html
        assert "Yth." not in "".join(parts.paragraphs)
