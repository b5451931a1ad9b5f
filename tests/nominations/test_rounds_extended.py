"""A phase is extended with a reason: at once, never backwards, told only after somebody has read and released it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from audit import history
from letters import outbox
from letters.models import Batch, Message
from nominations import deadlines, lifecycle, round_pages, rounds
from nominations.models import Nomination, Phase
from tests.factories.accounts import a_person
from tests.factories.nominations import NominationFactory, RoundFactory, a_phase
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Banjir di tiga provinsi menghambat pengumpulan berkas."
ADDRESS = "/periode/2026/pengusulan/perpanjang/"


@made_once
def end():
    """The end of the phase of nomination: in two days, on a whole minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)


@made_once
def phase(end):
    round_ = RoundFactory(year=2026, open_phases=False)
    return a_phase(round_, "pengusulan", opens_at=end - timedelta(days=30), closes_at=end)


@pytest.fixture
def secretary(client):
    person = a_person(Role.SEKRETARIAT)
    client.force_login(person)
    return person


def text_of(answer):
    return " ".join(answer.content.decode().split())


def wib(instant):
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def extended(client, closes_at, reason=REASON):
    return client.post(ADDRESS, {"closes_at": wib(closes_at), "reason": reason})


def closes_now():
    return Phase.objects.get(kind="pengusulan").closes_at


def test_the_new_end_holds_at_once_and_the_messages_wait_to_be_read(client, phase, end, secretary):
    a_person(Role.DINAS)
    a_person(Role.PROVINSI)
    a_person(Role.PENILAI)
    answer = extended(client, end + timedelta(days=3))
    assert answer.url == "/periode/2026/"
    assert closes_now() == end + timedelta(days=3)
    assert history.of(phase).get().reason == REASON
    batch = Batch.objects.get()
    assert batch.messages.count() == 2, "whoever has something to do in this phase"
    assert set(Message.objects.values_list("state", flat=True)) == {"held"}
    text = text_of(client.get("/periode/2026/"))
    assert "Perpanjangan pengusulan periode 2026: 2 pesan menunggu dibaca dan dilepas." in text


def test_what_waits_leads_to_the_messages_only_where_that_page_is(client, phase, end, secretary, monkeypatch):
    a_person(Role.DINAS)
    extended(client, end + timedelta(days=3))
    assert 'href="/pesan/">Buka pesan' in text_of(client.get("/periode/2026/"))
    monkeypatch.setattr(round_pages, "_MESSAGES", "/tidak-ada/")
    text = text_of(client.get("/periode/2026/"))
    assert "Buka pesan" not in text
    assert "1 pesan menunggu" in text


def test_a_batch_that_was_released_is_not_mentioned_any_more(client, phase, end, secretary):
    a_person(Role.DINAS)
    extended(client, end + timedelta(days=3))
    outbox.release(Batch.objects.get(), by=secretary, at=timezone.now(), counted=1)
    assert "pesan menunggu dibaca" not in text_of(client.get("/periode/2026/"))


@pytest.mark.parametrize(
    ("days", "reason", "said"),
    [
        (3, "pendek", "paling sedikit 10 huruf"),
        (3, "", "paling sedikit 10 huruf"),
        (3, "Permintaan NIK 3205011234567890 disetujui", "deretan angka seperti NIK atau NPWP"),
        (0, REASON, "Batas baru harus sesudah batas sekarang"),
        (-1, REASON, "Batas baru harus sesudah batas sekarang"),
    ],
)
def test_an_extension_without_a_reason_or_backwards_is_refused_and_what_was_typed_stays(
    client, phase, end, secretary, days, reason, said
):
    answer = extended(client, end + timedelta(days=days), reason)
    assert answer.status_code == 200
    text = text_of(answer)
    assert said in text
    assert reason in text
    assert wib(end + timedelta(days=days)) in text
    assert closes_now() == end
    assert not Batch.objects.exists()


def test_a_second_press_extends_once_and_says_so(client, phase, end, secretary):
    a_person(Role.DINAS)
    extended(client, end + timedelta(days=3))
    assert "Batas baru harus sesudah batas sekarang" in text_of(extended(client, end + timedelta(days=3)))
    assert (history.of(phase).count(), Batch.objects.count()) == (1, 1)


def test_an_end_that_is_past_already_is_no_extension(phase, end, secretary):
    later = end + timedelta(days=3)
    with pytest.raises(lifecycle.Refused) as refusal:
        rounds.extend(phase, closes_at=later, reason=REASON, by=secretary, at=later)
    assert refusal.value.code == "not_later"
    rounds.extend(phase, closes_at=later, reason=REASON, by=secretary, at=later - timedelta(microseconds=1))
    assert closes_now() == later


def test_a_phase_that_is_not_dated_is_not_extended(client, phase, secretary):
    assert client.get("/periode/2026/pleno/perpanjang/").status_code == 404
    assert client.get("/periode/2026/apa/perpanjang/").status_code == 404


def test_what_lapsed_as_a_draft_comes_back_with_the_time_and_nothing_else_does(
    requirements, phase, end, secretary
):
    draft, sent = (
        NominationFactory(round=phase.round),
        NominationFactory(in_state="submitted", round=phase.round),
    )
    returned = NominationFactory(in_state="returned", round=phase.round)
    Nomination.objects.filter(pk=returned.pk).update(repair_due_at=end)
    after = end + timedelta(hours=1)
    assert deadlines.lapse_all(at=after) == 2
    rounds.extend(phase, closes_at=end + timedelta(days=3), reason=REASON, by=secretary, at=after)
    assert Nomination.objects.get(pk=draft.pk).state == "draft"
    assert Nomination.objects.get(pk=sent.pk).state == "submitted"
    assert Nomination.objects.get(pk=returned.pk).state == "lapsed", "its own end was not moved"
    assert history.of(draft).last().action == "revive"


# --- What the clock brings about -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("late_by", "state"),
    [
        (timedelta(0), "draft"),
        (deadlines.AFTER_THE_END - timedelta(microseconds=1), "draft"),
        (deadlines.AFTER_THE_END, "lapsed"),
    ],
)
def test_a_draft_lapses_once_no_request_in_time_can_be_waiting(requirements, phase, end, late_by, state):
    draft = NominationFactory(round=phase.round)
    lapsed = deadlines.lapse_all(at=end + late_by)
    assert Nomination.objects.get(pk=draft.pk).state == state
    assert lapsed == (state == "lapsed")


def test_a_returned_nomination_lapses_at_its_own_end_not_at_the_phases(requirements, phase, end):
    returned = NominationFactory(in_state="returned", round=phase.round)
    due = end + timedelta(days=9)
    Nomination.objects.filter(pk=returned.pk).update(repair_due_at=due)
    assert deadlines.lapse_all(at=end + timedelta(days=1)) == 0
    assert deadlines.lapse_all(at=due + deadlines.AFTER_THE_END) == 1
    assert Nomination.objects.get(pk=returned.pk).state == "lapsed"


def test_lapsing_twice_changes_nothing_more(requirements, phase, end):
    draft = NominationFactory(round=phase.round)
    after = end + timedelta(days=1)
    assert [deadlines.lapse_all(at=after) for _ in range(2)] == [1, 0]
    assert history.of(draft).filter(action="lapse").count() == 1


def test_what_was_sent_does_not_lapse(requirements, phase, end):
    for state in ("submitted", "endorsed", "eligible"):
        NominationFactory(in_state=state, round=phase.round)
    assert deadlines.lapse_all(at=end + timedelta(days=99)) == 0
