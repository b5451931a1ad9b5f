"""/pesan/kata/: the secretariat writes the words of each kind of message, sees them before, and loses no version."""

import re
from datetime import timedelta
from unittest import mock

import pytest

from accounts.roles import Role
from audit.models import Entry
from letters import outbox, words
from letters.mail_kinds import KINDS
from letters.models import MailTemplate
from tests.factories.letters import NOON, a_person
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
KIND = KINDS["endorsed"]
PAGE = "/pesan/kata/endorsed/"
SUBJECT, BODY = "Usulan {no} sudah diteruskan", "{provinsi} telah memeriksa usulan {produk}."


@pytest.fixture
def secretary(client):
    person = a_person(Role.SEKRETARIAT, name="Ratna Dewi")
    client.force_login(person)
    return person


def changed(by, subject=SUBJECT, body=BODY, opened_with=1, at=NOON):
    return words.change(KIND, subject=subject, body=body, opened_with=opened_with, by=by, at=at)


def posted(client, **typed):
    return client.post(PAGE, {"subject": SUBJECT, "body": BODY, "opened_with": "1", **typed})


def preview_of(answer):
    html = main_of(answer)
    return re.sub(r"<[^>]*>", "", html[html.index('id="pratinjau"') : html.index('aria-labelledby="versi"')])


# --- Who reads, who writes -------------------------------------------------------------------------------------
def test_the_auditor_reads_the_words_and_has_no_form(client, secretary):
    changed(secretary)
    client.force_login(a_person(Role.AUDITOR))
    for address in ("/pesan/kata/", PAGE, f"{PAGE}versi/1/", f"{PAGE}versi/2/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "<form" not in main_of(answer)
    assert "Provinsi Jawa Barat telah memeriksa usulan" in preview_of(client.get(PAGE))
    assert posted(client).status_code == 403
    assert client.post(f"{PAGE}versi/1/pakai/", {"opened_with": "2"}).status_code == 403
    assert MailTemplate.objects.count() == 1


@pytest.mark.parametrize("role", [Role.PENILAI, Role.KETUA, Role.PENETAP, Role.ADMIN, None])
def test_others_read_whose_page_it_is(client, role):
    client.force_login(a_person(role))
    for address in ("/pesan/kata/", PAGE, f"{PAGE}versi/1/"):
        assert client.get(address).status_code == 403
    assert posted(client).status_code == 403


def test_the_function_itself_asks_for_the_right():
    with pytest.raises(words.Refused) as refusal:
        changed(a_person(Role.AUDITOR))
    assert refusal.value.code == "not_yours"


def test_a_kind_or_a_version_that_is_none_is_not_found(client, secretary):
    for address in ("/pesan/kata/tidak-ada/", f"{PAGE}versi/2/", f"{PAGE}versi/0/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{PAGE}versi/9/pakai/", {"opened_with": "1"}).status_code == 404


# --- The list --------------------------------------------------------------------------------------------------
def test_every_kind_stands_in_the_list_with_the_words_in_force(client, secretary):
    changed(secretary)
    words_there = words_of(client.get("/pesan/kata/"))
    for kind in KINDS.values():
        assert kind.name in words_there
    assert f"Usulan diteruskan {SUBJECT} 2 2 Maret 2026 pukul 12.00 WIB Ratna Dewi" in words_there
    assert KIND.subject not in words_there


def test_the_list_asks_the_same_for_no_version_and_for_many(queries_of, client, secretary):
    queries_of("/pesan/kata/")
    few = queries_of("/pesan/kata/")
    for number in range(1, 5):
        changed(secretary, body=f"{BODY} {number}", opened_with=number)
    outbox.change_words("eligible", subject="A", body="B", by=secretary, at=NOON)
    assert len(queries_of("/pesan/kata/")) == len(few), few


# --- Preview ---------------------------------------------------------------------------------------------------
def test_a_preview_shows_the_example_and_stores_nothing(client, secretary):
    answer = posted(client, pratinjau="1")
    assert answer.status_code == 200
    shown = preview_of(answer)
    assert "Usulan U-2026-3205-001 sudah diteruskan" in shown
    assert "Yth. Dr. Siti Aminah, S.E.," in shown
    assert "Provinsi Jawa Barat telah memeriksa usulan Dodol cokelat Chocodot." in shown
    assert "Lihat usulan: " in shown
    assert not MailTemplate.objects.exists()
    assert SUBJECT in main_of(answer), "what was typed stays in the form"


def test_the_preview_of_an_invitation_shows_no_link_of_its_own(client, secretary):
    assert "[tautan pribadi]" in preview_of(client.get("/pesan/kata/account_invited/"))


def test_markup_in_the_words_stays_text_everywhere(client, secretary):
    body = "<script>alert(1)</script> <b>{produk}</b>"
    for answer in (
        posted(client, body=body, pratinjau="1"),
        posted(client, body=body, follow=True),
        client.get(PAGE),
        client.get(f"{PAGE}versi/2/"),
    ):
        assert "<script>alert" not in answer.content.decode()
    assert "&lt;script&gt;alert(1)" in client.get(f"{PAGE}versi/2/").content.decode()
    written = words.preview(KIND, subject="A", body=body)
    assert "<script>" not in written.html


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"body": "Usulan {produk} dan {nomer}."}, "Isian {nomer} tidak dikenal untuk jenis pesan ini."),
        ({"body": "Usulan {produk} {"}, "Ada kurung kurawal tanpa nama isian."),
        ({"subject": "{% if x %}"}, "Ada kurung kurawal tanpa nama isian."),
        ({"subject": ""}, "Tulis perihalnya."),
        ({"body": " \n "}, "Tulis isinya."),
        ({"body": "Hubungi 3205010101800001."}, "Ada deretan angka seperti NIK atau NPWP."),
        ({"subject": "x" * 121}, "121"),
    ],
)
@pytest.mark.parametrize("also", [{}, {"pratinjau": "1"}])
def test_what_is_wrong_is_said_beside_its_field_and_the_words_are_kept(client, secretary, typed, told, also):
    answer = posted(client, **typed, **also)
    assert answer.status_code == 422
    assert told in words_of(answer)
    html = main_of(answer)
    for value in {"subject": SUBJECT, "body": BODY, **typed}.values():
        assert value.strip() in html
    assert not MailTemplate.objects.exists()


# --- Saving ----------------------------------------------------------------------------------------------------
def test_saving_makes_a_version_that_the_next_message_is_written_with(client, secretary):
    answer = client.post(
        PAGE, {"subject": SUBJECT, "body": f"{BODY}\r\n\r\nSalam.", "opened_with": "1"}, follow=True
    )
    assert "Versi 2 disimpan dan dipakai mulai sekarang." in words_of(answer)
    template = MailTemplate.objects.get()
    assert (template.version, template.subject, template.body) == (2, SUBJECT, f"{BODY}\n\nSalam.")
    assert template.author == secretary
    assert Entry.objects.get(action="mail_words_changed").actor == secretary
    context = {"no": "U-1", "produk": "Tas", "provinsi": "Provinsi Bali", "tautan": "/usulan/1/"}
    message = outbox.queue("endorsed", person=secretary, key="1", context=context, at=template.in_force_from)
    assert message.template_version == 2
    assert "Provinsi Bali telah memeriksa usulan Tas." in message.body_text


def test_the_same_words_make_no_version(client, secretary):
    answer = posted(client, subject=KIND.subject, body=KIND.body)
    assert answer.status_code == 422
    assert "sama dengan versi 1" in words_of(answer)
    assert not MailTemplate.objects.exists()


def test_of_two_editors_the_second_sees_both_and_decides(client, secretary):
    changed(a_person(Role.SEKRETARIAT, name="Budi Santoso"), body="Kata-kata Budi.")
    answer = posted(client)
    assert answer.status_code == 409
    shown = words_of(answer)
    assert "Budi Santoso baru saja menyimpan versi 2. Kata-kata Anda belum disimpan" in shown
    assert "Kata-kata Budi." in shown
    assert BODY in main_of(answer)
    assert MailTemplate.objects.count() == 1
    opened_with = re.search(r'name="opened_with" value="(\d+)"', main_of(answer))[1]
    posted(client, opened_with=opened_with)
    assert MailTemplate.objects.get(version=3).body == BODY


def test_two_editors_at_the_same_instant_make_one_version(secretary):
    """The second looked before the first had saved: the database takes one."""
    stale = words.versions(KIND)
    changed(secretary, body="Yang pertama.")
    newest = {"aggregate": mock.Mock(return_value={"newest": 1})}
    with (
        mock.patch.object(words, "versions", side_effect=[stale, words.versions(KIND)]),
        mock.patch.object(MailTemplate.objects, "filter", return_value=mock.Mock(**newest)),
        pytest.raises(words.Refused) as refusal,
    ):
        changed(secretary)
    assert refusal.value.code == "changed_meanwhile"
    assert MailTemplate.objects.count() == 1


def test_a_double_click_saves_once(client, secretary):
    posted(client)
    assert posted(client).status_code == 409
    assert MailTemplate.objects.count() == 1


# --- Earlier versions ------------------------------------------------------------------------------------------
def test_an_earlier_version_is_read_with_what_changed(client, secretary):
    changed(secretary)
    changed(secretary, body=f"{BODY} Terima kasih.", opened_with=2, at=NOON + timedelta(days=1))
    answer = client.get(f"{PAGE}versi/3/")
    html = main_of(answer)
    assert "<ins> Terima kasih.</ins>" in html
    assert "<del>" not in html
    assert "Dipakai sekarang" in words_of(answer)
    assert "Pakai kembali" not in words_of(answer)
    html = main_of(client.get(f"{PAGE}versi/2/"))
    assert "<del> memverifikasi</del><ins> memeriksa</ins>" in html
    assert "Yang berubah sejak" not in words_of(client.get(f"{PAGE}versi/1/"))


def test_an_old_version_is_used_again_as_a_new_one(client, secretary):
    changed(secretary)
    html = main_of(client.get(f"{PAGE}versi/1/"))
    opened_with = re.search(r'name="opened_with" value="(\d+)"', html)[1]
    for _ in range(2):
        answer = client.post(f"{PAGE}versi/1/pakai/", {"opened_with": opened_with}, follow=True)
    assert "baru saja diubah" in words_of(answer), "the second click changes nothing"
    newest = MailTemplate.objects.get(version=3)
    assert (newest.subject, newest.body) == (KIND.subject, KIND.body)
    assert MailTemplate.objects.count() == 2


def test_an_incomplete_request_to_use_one_again_changes_nothing(client, secretary):
    changed(secretary)
    answer = client.post(f"{PAGE}versi/1/pakai/", follow=True)
    assert "Tidak ada yang berubah" in words_of(answer)
    assert MailTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [("satu dua tiga", "satu tiga empat"), ("a\n\nb", "a\n\nc"), ("", "baru"), ("x y", "x  y")],
)
def test_the_difference_joined_gives_both_texts(before, after):
    parts = words.difference(before, after)
    assert "".join(part.text for part in parts if part.how != "gone") == after
    assert "".join(part.text for part in parts if part.how != "new") == before
