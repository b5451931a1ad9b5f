"""The province's one page of a nomination: five questions, one decision, nothing typed is lost, until when."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit import history
from nominations import endorsing, lifecycle
from nominations.models import Nomination, Phase, ProvinceAnswer, State
from tests.factories.accounts import TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import (
    NominationFactory,
    a_phase,
    answer_for_the_province,
)
from tests.made_once import made_once
from tests.nominations.endorsing import QUEUE, REASON, answers, page, pressed, state_of, text_of

pytestmark = pytest.mark.django_db


@made_once
def nomination(requirements):
    return NominationFactory(in_state="submitted")


@pytest.fixture
def province(nomination, client):
    person = a_person(Role.PROVINSI, around=nomination, name="Siti Aminah", title_before="Hj.")
    client.force_login(person)
    return person


# --- The page of one nomination ----------------------------------------------------------------------------------
def test_the_page_shows_what_was_sent_not_what_was_changed_since(client, nomination, province):
    sent = nomination.raw_material
    Nomination.objects.filter(pk=nomination.pk).update(raw_material="Diubah sesudah dikirim.")
    text = text_of(client.get(page(nomination)))
    assert sent in text
    assert "Diubah sesudah dikirim." not in text


def test_documents_lead_to_their_pages_and_to_the_file(client, nomination, province):
    document = nomination.latest_submission().content["documents"][0]
    text = text_of(client.get(page(nomination)))
    assert reverse("file_page", args=[document["file_id"], 1]) in text
    address = reverse("file_download", args=[document["file_id"]])
    assert address in text
    file = client.get(address)
    assert (file.status_code, b"".join(file.streaming_content)[:5]) == (200, b"%PDF-")


def test_five_answers_and_one_press_pass_it_on_and_the_next_one_opens(client, nomination, province):
    following = NominationFactory(in_state="submitted", round=nomination.round)
    answer = pressed(
        client, nomination, "endorse", **answers(sentra=("not_met", "SK sentra atas nama lain."))
    )
    assert answer.status_code == 302
    assert answer.url == page(following)
    assert state_of(nomination) == State.ENDORSED
    kept = nomination.latest_submission().province_answers
    assert kept.count() == 5
    assert kept.get(question="sentra").note == "SK sentra atas nama lain."
    text = text_of(client.get(answer.url))
    assert f"{nomination.number} ({nomination.product.ikm.name}): Diteruskan ke Kementerian pukul" in text
    assert "Dinas sudah diberi tahu." in text


def test_after_the_last_one_the_queue_opens(client, nomination, province):
    assert pressed(client, nomination, "endorse", **answers()).url == QUEUE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sentra": ("", "")}, "Pilih salah satu hasil."),
        (
            {"sentra": ("uncertain", "Menunggu kabar dari bupati.")},
            "1 dari 5 pertanyaan belum dijawab atau belum dapat",
        ),
        ({"sentra": ("not_met", "  ")}, "Tuliskan catatan: apa yang tidak sesuai"),
        ({"sentra": ("met", "NIK pemilik 3205 0112 3456 7890")}, "deretan angka seperti NIK atau NPWP"),
        ({"sentra": ("barangkali", "")}, "Pilih salah satu hasil."),
    ],
)
def test_what_is_not_settled_holds_it_back_and_nothing_typed_is_lost(
    client, nomination, province, given, said
):
    typed = answers(produksi=("not_met", "Tempat produksi pindah ke Cilawu."), **given)
    answer = pressed(client, nomination, "endorse", **typed)
    assert answer.status_code == 200
    text = text_of(answer)
    assert said in text
    assert "Tempat produksi pindah ke Cilawu." in text
    assert 'value="not_met"' in text.split('name="produksi-hasil"')[2]
    assert state_of(nomination) == State.SUBMITTED
    assert not ProvinceAnswer.objects.exists()


def test_answers_can_be_kept_before_the_decision(client, nomination, province):
    typed = answers(sentra=("uncertain", "Menunggu kabar dari bupati."), isian=("", ""))
    answer = pressed(client, nomination, "keep", **typed)
    assert answer.url == page(nomination)
    assert state_of(nomination) == State.SUBMITTED
    text = text_of(client.get(page(nomination)))
    assert "Jawaban tersimpan pukul" in text
    assert "Menunggu kabar dari bupati." in text
    assert ProvinceAnswer.objects.count() == 4


def returned(client, nomination, **changed):
    typed = {
        "alasan": REASON,
        "batas": "2026-12-24T16:00",
        "perbaikan-sentra-decree_number": "Samakan dengan berkas.",
    }
    return pressed(client, nomination, "return_to_dinas", **typed | changed)


@time_machine.travel("2026-12-01T03:00:00Z", tick=False)
def test_a_return_carries_reason_end_and_remarks_without_any_question_answered(client, requirements):
    nomination = NominationFactory(in_state="submitted")
    client.force_login(a_person(Role.PROVINSI, around=nomination))
    answer = returned(client, nomination, **{"perbaikan-dokumen-nib": "Pindaian tidak terbaca."})
    assert answer.status_code == 302
    fresh = Nomination.objects.get(pk=nomination.pk)
    assert (fresh.state, fresh.returned_from) == ("returned", "submitted")
    assert fresh.repair_due_at.isoformat() == "2026-12-24T09:00:00+00:00", "16.00 WIB"
    assert list(fresh.latest_submission().remarks.values_list("field", "text")) == [
        ("sentra.decree_number", "Samakan dengan berkas."),
        ("dokumen:nib", "Pindaian tidak terbaca."),
    ]


@time_machine.travel("2026-12-01T03:00:00Z", tick=False)
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"alasan": "pendek"}, "Tuliskan alasannya, paling sedikit 10 huruf."),
        ({"alasan": ""}, "Tuliskan alasannya, paling sedikit 10 huruf."),
        ({"batas": ""}, "Tetapkan batas perbaikan"),
        ({"batas": "2026-12-01T10:00"}, "Tetapkan batas perbaikan"),
        ({"batas": "besok pagi"}, "Batas perbaikan (WIB)"),
        ({"batas": "0001-01-01T00:00"}, "Tahun harus antara 2000 dan 2100."),
    ],
)
def test_a_return_without_reason_or_end_does_not_happen(client, requirements, changed, said):
    nomination = NominationFactory(in_state="submitted")
    client.force_login(a_person(Role.PROVINSI, around=nomination))
    answer = returned(client, nomination, **changed)
    assert answer.status_code == 200
    text = text_of(answer)
    assert said in text
    assert "Samakan dengan berkas." in text
    assert state_of(nomination) == State.SUBMITTED


@pytest.mark.parametrize("action", ["endorse", "not_endorse"])
def test_a_remark_that_would_reach_nobody_is_pointed_at(client, nomination, province, action):
    typed = answers() | {"alasan_tolak": REASON, "perbaikan-story": "Ceritakan asal motifnya."}
    answer = pressed(client, nomination, action, **typed)
    text = text_of(answer)
    assert "hanya pengembalian yang membawanya ke dinas" in text
    assert "Ceritakan asal motifnya." in text
    assert state_of(nomination) == State.SUBMITTED


def test_not_passing_it_on_takes_a_reason(client, nomination, province):
    answer = pressed(client, nomination, "not_endorse", alasan_tolak="")
    assert "Tuliskan alasannya" in text_of(answer)
    assert state_of(nomination) == State.SUBMITTED
    assert pressed(client, nomination, "not_endorse", alasan_tolak=REASON).status_code == 302
    assert state_of(nomination) == State.NOT_ENDORSED
    assert history.of(nomination).last().reason == REASON


def test_the_second_to_press_reads_who_was_first_and_keeps_what_was_typed(client, nomination, province):
    following = NominationFactory(in_state="submitted", round=nomination.round)
    assert pressed(client, nomination, "endorse", **answers()).status_code == 302
    colleague = a_person(Role.PROVINSI, around=nomination)
    client.force_login(colleague)
    answer = pressed(client, nomination, "endorse", **answers(sentra=("not_met", "SK sudah dicabut.")))
    assert answer.status_code == 409
    text = text_of(answer)
    assert "oleh Hj. Siti Aminah sejak" in text
    assert "Tidak ada yang berubah." in text
    assert "SK sudah dicabut." in text
    assert f'href="{page(following)}">Buka usulan berikutnya' in text
    assert "Teruskan ke Kementerian</button>" not in text
    assert history.of(nomination).filter(action="endorse").count() == 1
    assert not ProvinceAnswer.objects.filter(note="SK sudah dicabut.").exists()


def test_a_repaired_nomination_shows_what_was_asked_and_what_changed(client, nomination, province):
    now = timezone.now()
    lifecycle.perform(
        "return_to_dinas", nomination, by=province, at=now, reason=REASON, due_at=now + timedelta(days=3),
        remarks={"workers": "Hitung juga yang bekerja di rumah."},
    )  # fmt: skip
    Nomination.objects.filter(pk=nomination.pk).update(workers=31)
    lifecycle.perform("resubmit", nomination, by=a_person(Role.DINAS, around=nomination), at=timezone.now())
    assert client.get(QUEUE).context["rows"][0][4]["notes"][0] == "Sudah diperbaiki"
    text = text_of(client.get(page(nomination)))
    assert "Hitung juga yang bekerja di rumah." in text
    assert "24 orang" in text
    assert "31 orang" in text


# --- The end of the phase ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("late_by", "state"), [(timedelta(microseconds=-1), "endorsed"), (timedelta(0), "submitted")]
)
def test_the_closing_instant_itself_is_too_late(client, requirements, late_by, state):
    nomination = NominationFactory(in_state="submitted")
    end = timezone.now() + timedelta(hours=1)
    a_phase(nomination.round, Phase.Kind.ENDORSEMENT, opens_at=end - timedelta(days=9), closes_at=end)
    client.force_login(a_person(Role.PROVINSI, around=nomination))
    with time_machine.travel(end + late_by, tick=False):
        answer = pressed(client, nomination, "endorse", **answers(sentra=("not_met", "SK sudah dicabut.")))
    assert state_of(nomination) == state
    if state == "submitted":
        assert "sudah ditutup" in text_of(answer)
        assert "SK sudah dicabut." in text_of(answer)


def test_after_the_end_the_page_says_who_can_still_act(client, nomination, province):
    now = timezone.now()
    a_phase(
        nomination.round,
        Phase.Kind.ENDORSEMENT,
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(days=1),
    )
    text = text_of(client.get(page(nomination)))
    assert "Usulan ini belum dapat diputuskan" in text
    assert "<textarea" not in text


def test_the_secretariat_may_pass_on_from_the_closing_instant_on(nomination):
    end = timezone.now() + timedelta(hours=1)
    a_phase(nomination.round, Phase.Kind.ENDORSEMENT, opens_at=end - timedelta(days=9), closes_at=end)
    assert not endorsing.awaiting_no_province(at=end - timedelta(microseconds=1)).exists()
    assert list(endorsing.awaiting_no_province(at=end)) == [nomination]


# --- The domain's own answers ------------------------------------------------------------------------------------
def test_answers_and_decision_are_stored_both_or_neither(nomination, province):
    with pytest.raises(lifecycle.Refused):
        endorsing.decide(
            "not_endorse",
            nomination,
            answers={"sentra": ("met", "")},
            by=province,
            at=timezone.now(),
            reason="",
        )
    assert not ProvinceAnswer.objects.exists()


def test_a_later_answer_replaces_an_earlier_one(nomination, province):
    for verdict, note in (("uncertain", "Menunggu kabar."), ("met", "")):
        endorsing.answer(nomination, {"sentra": (verdict, note)}, by=province, at=timezone.now())
    assert list(ProvinceAnswer.objects.values_list("verdict", "note")) == [("met", "")]


@pytest.mark.parametrize(
    ("given", "code"),
    [(("not_met", " "), "note_missing"), (("met", "NPWP 12.345.678.9-012.345"), "personal_number")],
)
def test_an_answer_says_why_and_names_nobody_by_number(nomination, province, given, code):
    with pytest.raises(lifecycle.Refused) as refusal:
        endorsing.answer(nomination, {"sentra": given}, by=province, at=timezone.now())
    assert refusal.value.code == code


def test_only_the_own_province_answers_and_only_while_it_is_asked(nomination):
    stranger = a_person(Role.PROVINSI, around=a_regency(TANAH_DATAR))
    with pytest.raises(lifecycle.Refused) as refusal:
        endorsing.answer(nomination, {}, by=stranger, at=timezone.now())
    assert refusal.value.code == "not_yours"
    own = a_person(Role.PROVINSI, around=nomination)
    answer_for_the_province(nomination, by=own)
    lifecycle.perform("endorse", nomination, by=own, at=timezone.now())
    with pytest.raises(lifecycle.Refused) as refusal:
        endorsing.answer(nomination, {"sentra": ("met", "")}, by=own, at=timezone.now())
    assert refusal.value.code == "wrong_state"
    assert own.full_name in refusal.value.for_reader
