"""/verifikasi-provinsi/: what waits, oldest first; what is done; who proposed nothing; whose page it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from nominations import endorsing
from nominations.models import State
from tests.factories.accounts import JAKARTA_PUSAT, TANAH_DATAR, TASIKMALAYA, a_person, a_regency
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
)
from tests.made_once import made_once
from tests.nominations.endorsing import QUEUE, answers, page, pressed, state_of, text_of

pytestmark = pytest.mark.django_db


@made_once
def nomination(requirements):
    return NominationFactory(in_state="submitted")


@pytest.fixture
def province(nomination, client):
    person = a_person(Role.PROVINSI, around=nomination, name="Siti Aminah", title_before="Hj.")
    client.force_login(person)
    return person


# --- The queue ---------------------------------------------------------------------------------------------------
def test_what_waits_is_counted_and_stands_in_the_order_it_was_sent(client, nomination, province):
    older = NominationFactory(
        in_state="submitted",
        at=timezone.now() - timedelta(days=3) + timedelta(minutes=25),
        round=nomination.round,
        product=ProductFactory(ikm__regency=a_regency(TASIKMALAYA), name="Payung geulis"),
    )
    answer = client.get(QUEUE)
    text = text_of(answer)
    assert "<h1>2 usulan menunggu Anda</h1>" in text
    assert text.index(page(older)) < text.index(page(nomination))
    assert "Kabupaten Tasikmalaya" in text
    assert [row[2] for row in answer.context["rows"]] == ["5 dari 5", "5 dari 5"]
    # An hour ago was yesterday in the first hour of a day.
    yesterday = timezone.localdate() != timezone.localdate(nomination.submitted_at)
    assert [row[3] for row in answer.context["rows"]] == [3, 1 if yesterday else 0]


def test_the_documents_of_the_copy_are_counted_not_those_of_today(client, nomination, province):
    nomination.document_links.all().delete()
    assert client.get(QUEUE).context["rows"][0][2] == "5 dari 5"
    NominationFactory(in_state="submitted", documented=False, round=nomination.round)
    assert client.get(QUEUE).context["rows"][1][2] == "0 dari 5"


def test_a_name_like_another_one_of_the_province_is_pointed_at(client, requirements):
    nomination = NominationFactory(
        in_state="submitted", product=ProductFactory(ikm__name="UD Mawar Anyaman Ketak Sejahtera")
    )
    client.force_login(a_person(Role.PROVINSI, around=nomination))
    assert client.get(QUEUE).context["rows"][0][4] == ""
    IkmFactory(name="CV Mawar Anyaman Ketak Sejahtera", regency=a_regency(TANAH_DATAR))
    assert client.get(QUEUE).context["rows"][0][4] == "", "another province"
    IkmFactory(name="CV Mawar Anyaman Ketak Sejahtera", regency=a_regency(TASIKMALAYA))
    assert client.get(QUEUE).context["rows"][0][4]["notes"] == ["Mungkin sudah terdaftar dengan nama lain"]
    assert "CV Mawar Anyaman Ketak Sejahtera" in text_of(client.get(page(nomination)))


def test_what_is_done_stands_under_the_queue_and_on_a_page_of_its_own(client, nomination, province):
    done = [
        NominationFactory(in_state=state, round=nomination.round) for state in ("endorsed", "not_endorsed")
    ]
    under = [row[0]["nomination"] for row in client.get(QUEUE).context["last_decided"]]
    assert set(under) == set(done)
    shown = client.get(QUEUE, {"tampil": "selesai"})
    assert {row[0]["nomination"] for row in shown.context["rows"]} == set(done)


def test_when_all_is_done_the_page_says_so_and_shows_the_last_five(client, nomination, province):
    pressed(client, nomination, "endorse", **answers())
    for _ in range(6):
        NominationFactory(in_state="endorsed", round=nomination.round)
    answer = client.get(QUEUE)
    assert "Semua usulan sudah Anda tinjau." in text_of(answer)
    assert len(answer.context["last_decided"]) == 5


def test_before_anything_was_sent_nobody_is_told_that_all_was_reviewed(client, requirements):
    client.force_login(a_person(Role.PROVINSI, around=a_regency()))
    text = text_of(client.get(QUEUE))
    assert "Belum ada usulan yang dikirim." in text
    assert "Semua usulan sudah Anda tinjau." not in text


def test_who_proposed_nothing_is_named(client, nomination, province):
    a_regency(TASIKMALAYA)
    text = text_of(client.get(QUEUE))
    silent = {regency.pk for regency in endorsing.silent_regencies(["32"], nomination.round)}
    assert f"Belum mengusulkan: {len(silent)} dari {len(silent) + 1} kabupaten/kota" in text
    assert TASIKMALAYA in silent
    assert nomination.regency.pk not in silent
    NominationFactory(round=nomination.round, product=ProductFactory(ikm__regency=a_regency(TASIKMALAYA)))
    assert TASIKMALAYA in {r.pk for r in endorsing.silent_regencies(["32"], nomination.round)}, (
        "a draft is no proposal"
    )
    assert not endorsing.silent_regencies(["31"], nomination.round).exists(), "no dinas there"


def test_the_queue_asks_as_much_for_ten_as_for_two(client, nomination, province, queries_of):
    NominationFactory(in_state="endorsed", round=nomination.round)
    queries_of(QUEUE)  # the first page of a session asks more
    few = len(queries_of(QUEUE))
    for state in ["submitted"] * 4 + ["endorsed"] * 4:
        NominationFactory(in_state=state, round=nomination.round)
    assert len(queries_of(QUEUE)) == few
    assert len(queries_of(f"{QUEUE}?tampil=selesai")) <= few


# --- Who may look, who may act -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "role", [Role.DINAS, Role.SEKRETARIAT, Role.PENILAI, Role.KETUA, Role.PENETAP, Role.ADMIN]
)
def test_the_pages_are_the_provinces(client, nomination, role):
    client.force_login(a_person(role, around=nomination))
    for address in (QUEUE, page(nomination)):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Petugas dinas provinsi" in answer.content.decode()


def test_another_province_finds_nothing_there(client, nomination):
    client.force_login(a_person(Role.PROVINSI, around=a_regency(TANAH_DATAR)))
    assert "menunggu Anda" not in text_of(client.get(QUEUE))
    assert client.get(page(nomination)).status_code == 404
    assert pressed(client, nomination, "endorse", **answers()).status_code == 404
    assert state_of(nomination) == State.SUBMITTED


def test_what_a_person_sees_in_another_role_does_not_wait_for_their_province(client, nomination):
    elsewhere = NominationFactory(
        in_state="submitted",
        round=nomination.round,
        product=ProductFactory(ikm__regency=a_regency(TANAH_DATAR)),
    )
    person = a_person(Role.PROVINSI, around=nomination)
    Membership.objects.create(
        person=person, role=Role.DINAS, office=elsewhere.office, starts_on=timezone.localdate()
    )
    client.force_login(person)
    assert client.get(QUEUE).context["count"] == 1
    assert client.get(page(elsewhere)).status_code == 404
    assert endorsing.next_for(person, after=nomination) is None


def test_the_auditor_looks_and_changes_nothing(client, nomination):
    client.force_login(a_person(Role.AUDITOR))
    assert "1 usulan menunggu verifikasi provinsi" in text_of(client.get(QUEUE))
    text = text_of(client.get(page(nomination)))
    assert "<textarea" not in text
    assert "Teruskan ke Kementerian</button>" not in text
    assert pressed(client, nomination, "endorse", **answers()).status_code == 403
    assert state_of(nomination) == State.SUBMITTED


def test_what_a_province_nominated_itself_is_not_for_it_to_verify(client, requirements):
    nomination = NominationFactory(
        in_state="submitted", product=ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT))
    )
    client.force_login(a_person(Role.PROVINSI, around=nomination))
    assert client.get(page(nomination)).status_code == 404
    assert client.get(QUEUE).context["count"] == 0
    assert endorsing.next_for(a_person(Role.PROVINSI, around=nomination)) is None


def test_a_draft_is_nobodys_but_its_dinas(client, requirements):
    draft = NominationFactory()
    client.force_login(a_person(Role.PROVINSI, around=draft))
    assert client.get(page(draft)).status_code == 404
