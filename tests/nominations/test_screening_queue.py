"""/seleksi/: what waits, oldest first; all nominations at the ministry, searched; what no province will verify."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from nominations import lifecycle, screening, screening_pages
from nominations.models import Nomination, Phase
from tests.factories.accounts import JAKARTA_PUSAT, TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import (
    NominationFactory,
    ProductFactory,
    RoundFactory,
    a_group,
    a_phase,
    a_refusal_proposal,
    answer_for_the_province,
    check_everything,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
QUEUE = "/seleksi/"
REASON = "Provinsi tidak menjawab sampai batas verifikasinya."


@made_once
def nomination(requirements):
    return NominationFactory(in_state="endorsed")


@pytest.fixture
def secretary(client):
    person = a_person(Role.SEKRETARIAT, name="Rahmawati Nasution")
    client.force_login(person)
    return person


def text_of(answer):
    return " ".join(answer.content.decode().split())


def shown(client, **query):
    """The nominations of a list, in its order."""
    return [row[0]["nomination"] for row in client.get(QUEUE, query).context["rows"]]


def test_what_waits_is_counted_and_stands_in_the_order_it_was_sent(client, requirements, secretary):
    # Endorsed this very moment, so that it is today's also in the first hour of a day.
    now = timezone.now() + timedelta(minutes=20)
    new = NominationFactory(in_state="endorsed", at=now)
    old = NominationFactory(in_state="endorsed", round=new.round, at=now - timedelta(days=4))
    NominationFactory(in_state="submitted", round=new.round)
    answer = client.get(QUEUE)
    assert "<h1>2 usulan menunggu seleksi administrasi</h1>" in text_of(answer)
    assert [(row[0]["nomination"], row[3]) for row in answer.context["rows"]] == [(old, 4), (new, 0)]


def test_days_are_counted_from_the_endorsement_not_from_the_dinas(client, requirements, secretary):
    nomination = NominationFactory(in_state="submitted", at=timezone.now() - timedelta(days=10))
    province = a_person(Role.PROVINSI, around=nomination)
    answer_for_the_province(nomination, by=province)
    lifecycle.perform("endorse", nomination, by=province, at=timezone.now())
    assert client.get(QUEUE).context["rows"][0][3] == 0


def test_a_row_says_whether_the_sample_is_there_what_was_repaired_and_who_must_decide(
    client, requirements, secretary, nomination
):
    row = client.get(QUEUE).context["rows"][0]
    assert (row[4], row[5]) == ("Belum diterima", "")
    screening.receive_sample(
        nomination,
        code="C-1",
        received_on=date(2026, 3, 2),
        condition="Utuh",
        by=secretary,
        at=timezone.now(),
    )
    check_everything(nomination, by=secretary, not_met="nib")
    a_refusal_proposal(nomination, by=secretary)
    again = nomination.latest_submission()
    again.pk, again.sequence = None, 2
    again.save()
    row = client.get(QUEUE).context["rows"][0]
    assert row[4] == "Diterima"
    assert row[5]["notes"] == [
        "Sudah diperbaiki",
        "Tidak lolos diusulkan Rahmawati Nasution: menunggu orang kedua",
    ]


def test_an_empty_queue_says_what_it_waits_for(client, secretary):
    assert "Tidak ada usulan yang menunggu seleksi." in text_of(client.get(QUEUE))
    RoundFactory()
    assert "Seleksi administrasi ditutup" in text_of(client.get(QUEUE))


@made_once
def several(requirements):
    """Three nominations at the ministry that differ in state, place, group and round; two that are not there."""
    batik = NominationFactory(
        in_state="eligible",
        product=ProductFactory(
            name="Batik garutan", group=a_group("kain_batik"), ikm__name="Batik Tulis Garutan"
        ),
    )
    songket = NominationFactory(
        in_state="endorsed",
        round=batik.round,
        product=ProductFactory(name="Songket Pandai Sikek", ikm__regency=a_regency(TANAH_DATAR)),
    )
    earlier = NominationFactory(in_state="not_awarded", round=RoundFactory(year=2024))
    NominationFactory(in_state="submitted", round=batik.round)
    NominationFactory(in_state="draft", round=batik.round)
    return {"batik": batik, "songket": songket, "earlier": earlier}


SEARCHES = [
    ({}, {"batik", "songket", "earlier"}),
    ({"q": "songket"}, {"songket"}),
    ({"q": "tanah songket"}, {"songket"}),
    ({"q": "GARUTAN"}, {"batik"}),
    ({"q": "U-2026-1304"}, {"songket"}),
    ({"status": "eligible"}, {"batik"}),
    ({"kelompok": "kain_batik"}, {"batik"}),
    ({"provinsi": "13"}, {"songket"}),
    ({"periode": "2024"}, {"earlier"}),
    ({"provinsi": "32", "status": "endorsed"}, set()),
    (
        {"status": "draft", "kelompok": "emas", "provinsi": "x", "periode": "99999999999"},
        {"batik", "songket", "earlier"},
    ),
    ({"q": "\x00"}, {"batik", "songket", "earlier"}),
]


def test_all_nominations_at_the_ministry_are_searched(client, several, secretary):
    for query, found in SEARCHES:
        assert set(shown(client, tampil="semua", **query)) == {several[name] for name in found}, query
    nothing = client.get(QUEUE, {"tampil": "semua", "provinsi": "32", "status": "endorsed"})
    assert "Tidak ada usulan yang cocok. Kurangi saringan." in text_of(nothing)


def test_what_the_secretariat_returned_stays_in_the_list_what_the_province_returned_does_not(
    client, requirements, secretary
):
    by_province = NominationFactory(in_state="returned")
    mine = NominationFactory(in_state="returned", round=by_province.round)
    Nomination.objects.filter(pk=mine.pk).update(returned_from="endorsed")
    assert shown(client, tampil="semua") == [mine]


def test_each_filter_can_be_taken_away_alone(client, several, secretary):
    chips = client.get(QUEUE, {"tampil": "semua", "q": "batik", "status": "eligible"}).context["active"]
    assert [chip["label"] for chip in chips] == ["batik", "Lolos seleksi administrasi"]
    assert chips[0]["url"] == "?tampil=semua&status=eligible"


def test_what_no_province_will_verify_is_listed_once_its_time_is_over(client, requirements, secretary):
    nomination = NominationFactory(in_state="submitted")
    own = NominationFactory(
        in_state="submitted",
        round=nomination.round,
        product=ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT)),
    )
    assert shown(client, tampil="provinsi") == [own]
    now = timezone.now()
    a_phase(nomination.round, Phase.Kind.ENDORSEMENT, opens_at=now - timedelta(days=9), closes_at=now)
    assert shown(client, tampil="provinsi") == [nomination, own]
    assert "Tanpa verifikasi provinsi (2)" in text_of(client.get(QUEUE))


def test_the_secretariat_passes_on_with_a_reason(client, requirements, secretary):
    nomination = NominationFactory(in_state="submitted")
    address = reverse("screening", args=[nomination.pk])
    text = text_of(client.get(address))
    assert "Provinsi masih dapat memverifikasi usulan ini sampai" in text
    assert "Teruskan ke seleksi administrasi</button>" not in text
    assert client.post(address, {"tindakan": "pass_on", "terus-alasan": REASON}).status_code == 200
    assert Nomination.objects.get(pk=nomination.pk).state == "submitted"

    now = timezone.now()
    a_phase(nomination.round, Phase.Kind.ENDORSEMENT, opens_at=now - timedelta(days=9), closes_at=now)
    assert "Teruskan ke seleksi administrasi</button>" in text_of(client.get(address))
    answer = client.post(address, {"tindakan": "pass_on", "terus-alasan": "pendek"})
    assert "paling sedikit 10 huruf" in text_of(answer)
    assert ">pendek</textarea>" in text_of(answer).replace("> pendek", ">pendek")
    answer = client.post(address, {"tindakan": "pass_on", "terus-alasan": REASON})
    assert answer.url == address
    assert Nomination.objects.get(pk=nomination.pk).state == "endorsed"
    again = client.post(address, {"tindakan": "pass_on", "terus-alasan": REASON})
    assert again.status_code == 409
    assert "oleh Rahmawati Nasution sejak" in text_of(again)


@pytest.mark.parametrize("tab", ["menunggu", "semua", "provinsi"])
def test_each_list_asks_as_much_for_eight_as_for_two(client, requirements, secretary, queries_of, tab):
    def make(number):
        for _ in range(number):
            if tab == "provinsi":
                place = ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT))
                NominationFactory(in_state="submitted", product=place, round=RoundFactory())
            else:
                made = NominationFactory(in_state="endorsed", round=RoundFactory())
                a_refusal_proposal(made, by=secretary)

    make(2)
    address = f"{QUEUE}?tampil={tab}"
    queries_of(address)
    few = len(queries_of(address))
    make(6)
    assert len(queries_of(address)) == few


def test_a_long_list_has_pages(client, requirements, secretary, monkeypatch):
    monkeypatch.setattr(screening_pages, "PER_PAGE", 2)
    first = NominationFactory(in_state="endorsed")
    for _ in range(2):
        NominationFactory(in_state="endorsed", round=first.round)
    assert len(shown(client)) == 2
    assert len(shown(client, halaman=2)) == 1
    assert len(shown(client, halaman="banyak")) == 2


@pytest.mark.parametrize(
    "role", [Role.DINAS, Role.PROVINSI, Role.PENILAI, Role.KETUA, Role.PENETAP, Role.ADMIN]
)
def test_the_pages_are_the_secretariats(client, requirements, role, nomination):
    client.force_login(a_person(role, around=nomination))
    for name in ("screening", "refusal", "sample"):
        assert client.get(reverse(name, args=[nomination.pk])).status_code == 403
    assert client.get(QUEUE).status_code == 403


def test_the_auditor_reads_the_lists(client, requirements):
    NominationFactory(in_state="endorsed")
    client.force_login(a_person(Role.AUDITOR))
    for tab in ("menunggu", "semua", "provinsi"):
        assert client.get(QUEUE, {"tampil": tab}).status_code == 200


def test_a_draft_is_not_there(client, requirements, secretary):
    draft = NominationFactory()
    assert client.get(reverse("screening", args=[draft.pk])).status_code == 404
