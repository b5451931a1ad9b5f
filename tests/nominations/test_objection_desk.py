"""/seleksi/sanggah/: the secretariat's queue of objections, and the page on which one is answered."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from nominations import objection_desk_pages, objections
from nominations.models import Nomination, Objection
from tests.factories.accounts import TANAH_DATAR, TASIKMALAYA, a_person, a_regency
from tests.factories.nominations import RoundFactory
from tests.factories.objections import (
    ANSWER,
    REASON,
    a_published_nomination,
    a_refused_nomination,
    an_objection,
    who_refused,
)
from tests.made_once import made_once
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
QUEUE = "/seleksi/sanggah/"


@made_once
def objection(requirements):
    return an_objection(a_refused_nomination(product__name="Tas pandan Rajapolah"))


@pytest.fixture
def secretary(client):
    person = a_person(Role.SEKRETARIAT, name="Ratna Dewi")
    client.force_login(person)
    return person


def page(objection):
    return reverse("objection", args=[objection.pk])


def posted(client, objection, step="", outcome="diterima", answer=ANSWER):
    return client.post(page(objection), {"putusan": outcome, "jawaban": answer, "langkah": step})


def state_of(objection):
    return Nomination.objects.get(pk=objection.nomination_id).state


def answer_now(objection, outcome="tidak_dapat_diterima", at=None):
    by = a_person(Role.SEKRETARIAT)
    return objections.answer(objection, outcome=outcome, answer=ANSWER, by=by, at=at or timezone.now())


# --- The queue -----------------------------------------------------------------------------------------------------
def listed(client, **query):
    return [row[0]["nomination"].product.name for row in client.get(QUEUE, query).context["rows"]]


def made(name, **fields):
    year = fields.pop("year", 2026)
    nomination = a_refused_nomination(product__name=name, round=RoundFactory(year=year))
    return an_objection(nomination, **fields)


def test_what_waits_stands_first_by_its_due_date_and_what_was_answered_after_it(
    client, requirements, secretary
):
    now = timezone.now()
    answer_now(made("Dijawab dahulu"), at=now - timedelta(seconds=60))
    answer_now(made("Dijawab terakhir"), at=now - timedelta(seconds=10))
    made("Masih lama", answer_due_at=now + timedelta(days=5))
    made("Lewat batas", answer_due_at=now - timedelta(days=1))
    made("Segera", answer_due_at=now + timedelta(days=1))
    assert listed(client) == ["Lewat batas", "Segera", "Masih lama", "Dijawab terakhir", "Dijawab dahulu"]
    words = words_of(client.get(QUEUE))
    assert "3 sanggah menunggu jawaban" in words
    assert "1 dari 3 lewat batas jawabannya." in words
    assert words.count("Menunggu jawaban") >= 2
    assert "Tidak dapat diterima" in words


def test_the_address_holds_what_is_looked_for(client, requirements, secretary):
    now = timezone.now()
    made("Tas pandan", year=2024)
    made("Kopi Garut", answer_due_at=now - timedelta(days=1))
    answer_now(made("Batik tulis"))
    published, _ = a_published_nomination("not_awarded", product__name="Gerabah Plered")
    an_objection(published, stage="hasil", answer_due_at=now + timedelta(days=400))
    assert listed(client, tahap="hasil") == ["Gerabah Plered"]
    assert listed(client, keadaan="lewat") == ["Kopi Garut"]
    assert listed(client, keadaan="dijawab") == ["Batik tulis"]
    assert set(listed(client, keadaan="menunggu")) == {"Tas pandan", "Kopi Garut", "Gerabah Plered"}
    assert listed(client, periode="2024") == ["Tas pandan"]
    assert listed(client, q="kopi garut") == ["Kopi Garut"]
    assert listed(client, q="tidak ada") == []
    assert "Kurangi saringan" in words_of(client.get(QUEUE, {"q": "tidak ada"}))
    assert len(listed(client, tahap="bukan", periode="x")) == 4
    chips = client.get(QUEUE, {"tahap": "hasil", "q": "plered"}).context["chips"]
    assert [(chip["label"], chip["url"]) for chip in chips] == [
        ("plered", "?tahap=hasil"),
        ("Hasil penetapan", "?q=plered"),
    ]


def test_an_empty_queue_says_what_will_stand_there(client, secretary):
    words = words_of(client.get(QUEUE))
    assert "Belum ada sanggah." in words


def test_the_queue_asks_as_much_for_many_as_for_few(client, requirements, secretary, queries_of):
    made("Satu")
    answer_now(made("Dua"))
    queries_of(QUEUE)
    few = len(queries_of(QUEUE))
    for number in range(6):
        made(f"Lagi {number}")
    assert len(queries_of(QUEUE)) == few <= 14


def test_a_long_queue_has_pages(client, requirements, secretary, monkeypatch):
    monkeypatch.setattr(objection_desk_pages, "PER_PAGE", 2)
    for number in range(3):
        made(f"Nomor {number}", answer_due_at=timezone.now() + timedelta(days=number + 1))
    assert listed(client) == ["Nomor 0", "Nomor 1"]
    assert listed(client, halaman=2, keadaan="menunggu") == ["Nomor 2"]
    assert "keadaan=menunggu" in main_of(client.get(QUEUE, {"keadaan": "menunggu"}))


def test_the_queue_of_screening_leads_there(client, objection, secretary):
    html = main_of(client.get("/seleksi/"))
    assert 'href="/seleksi/sanggah/"' in html
    assert "Sanggah (1)" in html


# --- Answering -----------------------------------------------------------------------------------------------------
def test_the_page_shows_objection_and_refusal_beside_each_other(client, objection, secretary):
    answer = client.get(page(objection))
    words = words_of(answer)
    for text in (
        REASON,
        "1 persyaratan tidak sesuai",
        "Tidak cocok dengan berkas.",
        "Isian usulan",
        "Jawab sanggah",
    ):
        assert text in words
    assert main_of(answer).count("btn-primary") == 1


def test_it_is_asked_once_more_and_then_sent(client, objection, secretary):
    asked = posted(client, objection)
    assert "Jawaban belum terkirim." in words_of(asked)
    assert "diubah menjadi lolos seleksi administrasi" in words_of(asked)
    assert ANSWER in words_of(asked)
    assert not Objection.objects.get().outcome
    back = posted(client, objection, "ubah")
    assert ANSWER in main_of(back)
    done = posted(client, objection, "kirim")
    assert done.url == QUEUE
    assert state_of(objection) == "eligible"
    assert "Dinas sudah diberi tahu." in words_of(client.get(done.url))
    words = words_of(client.get(page(objection)))
    assert "Jawaban: diterima" in words
    assert "Jawab sanggah" not in words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"outcome": ""}, "Pilih putusan atas sanggah ini."),
        ({"outcome": "mungkin"}, "Pilih salah satu putusan."),
        ({"answer": ""}, "Tuliskan jawaban dengan pertimbangannya, paling sedikit 10 huruf."),
        ({"answer": "Ya."}, "paling sedikit 10 huruf"),
        ({"answer": "NIK 3205011234567890 benar."}, "deretan angka seperti NIK atau NPWP"),
    ],
)
def test_what_lacks_something_is_said_and_kept(client, objection, secretary, typed, said):
    answer = posted(client, objection, "kirim", **typed)
    assert answer.status_code == 200
    assert said in words_of(answer)
    assert typed.get("answer", ANSWER) in main_of(answer)
    assert state_of(objection) == "ineligible"


@pytest.mark.parametrize("action", ["propose_ineligible", "declare_ineligible"])
def test_who_decided_reads_why_not_and_who_could(client, objection, action):
    a_person(Role.SEKRETARIAT, name="Ratna Dewi")
    decider = who_refused(objection.nomination, action)
    client.force_login(decider)
    words = words_of(client.get(page(objection)))
    assert "Anda tidak dapat menjawab sanggah ini" in words
    assert "tidak ikut memutus" in words
    assert "Ratna Dewi" in words
    assert "Periksa jawaban" not in words
    answer = posted(client, objection, "kirim")
    assert "Tulisan Anda, tidak terkirim" in words_of(answer)
    assert ANSWER in words_of(answer)
    assert state_of(objection) == "ineligible"


def test_where_nobody_is_left_the_page_says_whom_to_invite(client, objection):
    # Who checked, endorsed and refused it is all the secretariat there is.
    for person in objections.who_could_answer(objection, at=timezone.now()):
        person.is_active = False
        person.save()
    client.force_login(who_refused(objection.nomination))
    assert "Belum ada orang lain di Sekretariat" in words_of(client.get(page(objection)))


def test_who_is_slower_than_a_colleague_reads_the_answer_and_keeps_the_own(client, objection, secretary):
    answer_now(objection)
    answer = posted(client, objection, "kirim", answer="Jawaban saya yang terlambat.")
    assert answer.status_code == 409
    words = words_of(answer)
    assert "sudah dijawab oleh" in words
    assert "Jawaban saya yang terlambat." in words
    assert state_of(objection) == "ineligible"


# --- Who reads -----------------------------------------------------------------------------------------------------
def test_who_opens_queue_and_page(client, objection):
    published, _ = a_published_nomination("not_awarded")
    result = an_objection(published, stage="hasil")
    seen = {}
    for who, person in {
        "the secretariat": a_person(Role.SEKRETARIAT),
        "the auditor": a_person(Role.AUDITOR),
        "its province": a_person(Role.PROVINSI, around=objection.nomination),
        "another province": a_person(Role.PROVINSI, around=a_regency(TANAH_DATAR)),
        "the chair": a_person(Role.KETUA),
        "its dinas": a_person(Role.DINAS, around=objection.nomination),
        "another dinas": a_person(Role.DINAS, around=a_regency(TASIKMALAYA)),
        "an assessor": a_person(Role.PENILAI),
        "the signatory": a_person(Role.PENETAP),
        "the administrator": a_person(Role.ADMIN),
    }.items():
        client.force_login(person)
        answer = client.get(QUEUE)
        rows = len(answer.context["rows"]) if answer.status_code == 200 else None
        first, second = client.get(page(objection)), client.get(page(result))
        seen[who] = (answer.status_code, rows, first.status_code, second.status_code)
        if who != "the secretariat":
            for shown in (first, second):
                assert shown.status_code != 200 or "<form" not in main_of(shown), who
            assert posted(client, objection, "kirim").status_code in (403, 404), who
    shut = (403, None, 403, 403)
    assert seen == {
        "the secretariat": (200, 2, 200, 200),
        "the auditor": (200, 2, 200, 200),
        "its province": (200, 2, 200, 200),
        "another province": (200, 0, 404, 404),
        "the chair": (200, 1, 404, 200),
        "its dinas": shut,
        "another dinas": shut,
        "an assessor": shut,
        "the signatory": shut,
        "the administrator": shut,
    }
    assert state_of(objection) == "ineligible"


def test_the_chair_reads_no_history_there(client, requirements):
    published, _ = a_published_nomination("not_awarded")
    objection = an_objection(published, stage="hasil")
    client.force_login(a_person(Role.KETUA))
    assert "Riwayat usulan" not in words_of(client.get(page(objection)))


def test_reading_writes_nothing(client, objection, secretary):
    client.get(QUEUE)
    client.get(page(objection))
    assert not Objection.objects.get().outcome
