"""What ends screening: eligible, returned, or refused by two people; until when, with what, and what a second press does."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit import history
from nominations import screening
from nominations.models import Check, Nomination, Phase, RefusalProposal
from tests.factories.accounts import a_person
from tests.factories.nominations import NominationFactory, a_phase, a_refusal_proposal, check_everything
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Nomor SK sentra pada isian berbeda dari nomor pada berkas."


@made_once
def nomination(requirements):
    return NominationFactory(in_state="endorsed")


@pytest.fixture
def first(client):
    person = a_person(Role.SEKRETARIAT, name="Rahmawati Nasution")
    client.force_login(person)
    return person


@pytest.fixture
def second(first):
    return a_person(Role.SEKRETARIAT, name="Bambang Prasetyo")


def page(nomination):
    return reverse("screening", args=[nomination.pk])


def refusal_page(nomination):
    return reverse("refusal", args=[nomination.pk])


def text_of(answer):
    return " ".join(answer.content.decode().split())


def state_of(nomination):
    return Nomination.objects.get(pk=nomination.pk).state


def pressed(client, nomination, action, **typed):
    return client.post(page(nomination), {"tindakan": action, **typed})


def refused_for_good(client, nomination, reason=REASON):
    return client.post(refusal_page(nomination), {"putus-alasan": reason})


# --- What can be pressed -----------------------------------------------------------------------------------------
def offered(client, nomination):
    text = text_of(client.get(page(nomination)))
    return [
        action
        for action in (
            "declare_eligible",
            "return_from_screening",
            "propose_ineligible",
            "drop_proposal",
            "pass_on",
        )
        if f'value="{action}"' in text
    ]


def test_while_a_line_is_open_nothing_can_be_decided(client, nomination, first):
    check_everything(nomination, by=first)
    Check.objects.get(requirement="nib").delete()
    assert offered(client, nomination) == []
    assert "Masih 1 dari 5 baris." in text_of(client.get(page(nomination)))


def test_what_is_offered_follows_from_the_lines(client, nomination, first):
    check_everything(nomination, by=first)
    assert offered(client, nomination) == ["declare_eligible", "return_from_screening"]
    assert "5 persyaratan: 5 sesuai, 0 tidak sesuai, 0 belum dapat dipastikan." in text_of(
        client.get(page(nomination))
    )
    check_everything(nomination, by=first, not_met="nib")
    assert offered(client, nomination) == ["return_from_screening", "propose_ineligible"]
    Check.objects.filter(requirement="persetujuan").update(verdict="uncertain", note="Tidak terbaca.")
    assert offered(client, nomination) == ["return_from_screening"]
    assert "5 persyaratan: 3 sesuai, 1 tidak sesuai, 1 belum dapat dipastikan." in text_of(
        client.get(page(nomination))
    )


@pytest.mark.parametrize("state", ["eligible", "ineligible", "returned", "withdrawn_after", "submitted"])
def test_what_is_not_being_screened_offers_nothing(client, requirements, first, state):
    nomination = NominationFactory(in_state="endorsed" if state == "withdrawn_after" else state)
    if state == "withdrawn_after":
        Nomination.objects.filter(pk=nomination.pk).update(state="withdrawn")
    assert offered(client, nomination) == []
    assert "<textarea" not in text_of(client.get(page(nomination)))


# --- Eligible ----------------------------------------------------------------------------------------------------
def test_one_press_makes_it_eligible_and_the_next_one_opens(client, nomination, first):
    following = NominationFactory(in_state="endorsed", round=nomination.round)
    check_everything(nomination, by=first)
    answer = pressed(client, nomination, "declare_eligible")
    assert answer.url == page(following)
    assert state_of(nomination) == "eligible"
    assert "Dinyatakan lolos seleksi pukul" in text_of(client.get(answer.url))
    again = pressed(client, nomination, "declare_eligible")
    assert again.status_code == 409
    assert "sudah berstatus Lolos seleksi administrasi oleh Rahmawati Nasution sejak" in text_of(again)
    assert f'href="{page(following)}"' in text_of(again)
    assert history.of(nomination).filter(action="declare_eligible").count() == 1


def test_an_unmet_requirement_holds_it_back(client, nomination, first):
    check_everything(nomination, by=first, not_met="nib")
    answer = pressed(client, nomination, "declare_eligible")
    assert "1 dari 5 persyaratan belum dinyatakan sesuai." in text_of(answer)
    assert state_of(nomination) == "endorsed"


# --- Returned ----------------------------------------------------------------------------------------------------
def returned(client, nomination, **changed):
    end = (timezone.localtime() + timedelta(days=5)).strftime("%Y-%m-%dT16:00")
    typed = {"alasan": REASON, "batas": end, "perbaikan-story": "Ceritakan asal motifnya."}
    return pressed(client, nomination, "return_from_screening", **typed | changed)


def test_the_notes_of_the_checklist_are_the_start_of_the_remarks(client, nomination, first):
    check_everything(nomination, by=first, not_met="nib")
    form = client.get(page(nomination)).context["return_form"]
    assert form["perbaikan-dokumen-nib"].value() == "Tidak cocok dengan berkas."
    assert not form["perbaikan-dokumen-persetujuan"].value()


def test_a_return_carries_reason_end_and_remarks(client, nomination, first):
    check_everything(nomination, by=first, not_met="nib")
    assert returned(client, nomination, **{"perbaikan-dokumen-nib": "Unggah NIB terbaru."}).url == "/seleksi/"
    fresh = Nomination.objects.get(pk=nomination.pk)
    assert (fresh.state, fresh.returned_from) == ("returned", "endorsed")
    assert timezone.localtime(fresh.repair_due_at).strftime("%H.%M") == "16.00"
    assert set(fresh.latest_submission().remarks.values_list("field", "text")) == {
        ("dokumen:nib", "Unggah NIB terbaru."),
        ("story", "Ceritakan asal motifnya."),
    }


def test_a_return_by_way_of_the_province(client, nomination, first):
    check_everything(nomination, by=first)
    returned(client, nomination, lewat_provinsi="on")
    assert Nomination.objects.get(pk=nomination.pk).returned_from == "submitted"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"alasan": "pendek"}, "paling sedikit 10 huruf"),
        ({"alasan": "NPWP 12.345.678.9-012.345 salah"}, "deretan angka seperti NIK atau NPWP"),
        ({"perbaikan-story": "NIK 3205011234567890"}, "deretan angka seperti NIK atau NPWP"),
        ({"batas": ""}, "Tetapkan batas perbaikan"),
        ({"batas": "2020-01-01T10:00"}, "Tetapkan batas perbaikan"),
    ],
)
def test_a_return_that_lacks_something_does_not_happen_and_keeps_what_was_typed(
    client, nomination, first, changed, said
):
    check_everything(nomination, by=first)
    answer = returned(client, nomination, **{"perbaikan-design": "Jelaskan kemasannya.", **changed})
    assert answer.status_code == 200
    text = text_of(answer)
    assert said in text
    assert "Jelaskan kemasannya." in text
    assert state_of(nomination) == "endorsed"


def test_who_returns_what_a_colleague_decided_keeps_what_was_typed(client, nomination, first, second):
    check_everything(nomination, by=first)
    pressed(client, nomination, "declare_eligible")
    client.force_login(second)
    answer = returned(client, nomination)
    assert answer.status_code == 409
    assert "oleh Rahmawati Nasution sejak" in text_of(answer)
    assert "Ceritakan asal motifnya." in text_of(answer)


# --- Refused by two ----------------------------------------------------------------------------------------------
@pytest.fixture
def proposed(client, nomination, first, second):
    """The first person has found something and proposed the refusal."""
    check_everything(nomination, by=first, not_met="nib")
    answer = pressed(client, nomination, "propose_ineligible", **{"usul-alasan": REASON})
    assert answer.url == page(nomination)
    return nomination


def test_who_proposed_it_reads_who_else_must_decide_and_cannot_do_it_alone(client, proposed, first, second):
    text = text_of(client.get(page(proposed)))
    assert "Usul ini dari Anda; yang dapat memutuskannya: Bambang Prasetyo." in text
    assert "Nyatakan tidak lolos</a>" not in text
    answer = refused_for_good(client, proposed)
    assert answer.status_code == 200
    assert "Orang lain di Sekretariat yang memutuskannya." in text_of(answer)
    assert REASON in text_of(answer)
    assert state_of(proposed) == "endorsed"


def test_the_second_person_decides_it(client, proposed, second):
    client.force_login(second)
    text = text_of(client.get(page(proposed)))
    assert "Nyatakan tidak lolos</a>" in text
    assert REASON in text_of(client.get(refusal_page(proposed)))
    answer = refused_for_good(client, proposed)
    assert answer.url == "/seleksi/"
    assert state_of(proposed) == "ineligible"
    assert not RefusalProposal.objects.exists()
    again = refused_for_good(client, proposed)
    assert again.status_code == 409
    assert "oleh Bambang Prasetyo sejak" in text_of(again)
    assert history.of(proposed).filter(action="declare_ineligible").count() == 1


def test_the_second_person_gives_a_reason_too(client, proposed, second):
    client.force_login(second)
    answer = refused_for_good(client, proposed, reason="tidak")
    assert "paling sedikit 10 huruf" in text_of(answer)
    assert state_of(proposed) == "endorsed"


def test_without_a_proposal_there_is_nothing_to_confirm(client, nomination, first):
    check_everything(nomination, by=first, not_met="nib")
    assert client.get(refusal_page(nomination)).url == page(nomination)
    assert "Belum ada usul tidak lolos." in text_of(refused_for_good(client, nomination))
    assert state_of(nomination) == "endorsed"


def test_a_proposal_is_made_once(client, proposed, second):
    client.force_login(second)
    answer = pressed(
        client, proposed, "propose_ineligible", **{"usul-alasan": "Alasan yang lain sama sekali."}
    )
    assert "Tidak lolos sudah diusulkan oleh Rahmawati Nasution." in text_of(answer)
    assert "Alasan yang lain sama sekali." in text_of(answer)
    assert RefusalProposal.objects.get().reason == REASON


def test_a_proposal_needs_a_reason_and_something_that_is_wrong(client, nomination, first):
    check_everything(nomination, by=first)
    answer = pressed(client, nomination, "propose_ineligible", **{"usul-alasan": REASON})
    assert "Semua persyaratan dinyatakan sesuai." in text_of(answer)
    check_everything(nomination, by=first, not_met="nib")
    assert "paling sedikit" in text_of(
        pressed(client, nomination, "propose_ineligible", **{"usul-alasan": "x"})
    )
    assert not RefusalProposal.objects.exists()


def test_a_proposal_is_dropped_with_a_reason_by_anyone_of_the_secretariat(client, proposed, second):
    client.force_login(second)
    assert "paling sedikit" in text_of(pressed(client, proposed, "drop_proposal", **{"cabut-alasan": ""}))
    assert RefusalProposal.objects.exists()
    pressed(client, proposed, "drop_proposal", **{"cabut-alasan": "Berkas yang benar sudah ada."})
    assert not RefusalProposal.objects.exists()
    assert history.of(proposed).last().reason == "Berkas yang benar sudah ada."


def test_what_is_only_proposed_is_not_told_to_dinas_and_province(client, proposed):
    client.force_login(a_person(Role.PROVINSI, around=proposed))
    text = text_of(client.get(reverse("endorsement", args=[proposed.pk])))
    assert "Tidak lolos diusulkan" not in text
    assert REASON not in text


def test_the_auditor_reads_a_proposal_and_presses_nothing(client, proposed):
    client.force_login(a_person(Role.AUDITOR))
    assert REASON in text_of(client.get(page(proposed)))
    assert offered(client, proposed) == []
    for action in (
        "declare_eligible",
        "return_from_screening",
        "propose_ineligible",
        "drop_proposal",
        "pass_on",
    ):
        assert pressed(client, proposed, action).status_code == 403
    assert client.get(refusal_page(proposed)).status_code == 403
    assert refused_for_good(client, proposed).status_code == 403
    assert state_of(proposed) == "endorsed"


# --- The end of the phase ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("late_by", "state"), [(timedelta(microseconds=-1), "eligible"), (timedelta(0), "endorsed")]
)
def test_the_closing_instant_itself_is_too_late(client, nomination, late_by, state):
    end = timezone.now() + timedelta(hours=1)
    a_phase(nomination.round, Phase.Kind.SCREENING, opens_at=end - timedelta(days=9), closes_at=end)
    secretary = a_person(Role.SEKRETARIAT)
    check_everything(nomination, by=secretary)
    client.force_login(secretary)
    with time_machine.travel(end + late_by, tick=False):
        answer = pressed(client, nomination, "declare_eligible")
    assert state_of(nomination) == state
    if state == "endorsed":
        assert "sudah ditutup" in text_of(answer)


def test_outside_its_phase_a_nomination_is_checked_but_not_decided(client, nomination, first):
    now = timezone.now()
    a_phase(
        nomination.round,
        Phase.Kind.SCREENING,
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=9),
    )
    check_everything(nomination, by=first)
    text = text_of(client.get(page(nomination)))
    assert "Tahap seleksi administrasi baru dibuka" in text
    assert offered(client, nomination) == []
    assert "Simpan dan lanjut" in text


# --- The domain's own answers ------------------------------------------------------------------------------------
def test_the_next_one_is_the_oldest_that_waits(nomination, first):
    older = NominationFactory(
        in_state="endorsed", round=nomination.round, at=timezone.now() - timedelta(days=2)
    )
    assert screening.next_for(first) == older
    assert screening.next_for(first, after=older) == nomination


def test_a_proposal_that_is_not_there_is_dropped_without_a_trace(nomination, first):
    screening.drop_proposal(nomination, by=first, at=timezone.now(), reason=REASON)
    assert not history.of(nomination).filter(action="drop_ineligible").exists()


def test_a_proposal_by_a_colleague_stands_until_somebody_acts(nomination, first, second):
    check_everything(nomination, by=first, not_met="nib")
    a_refusal_proposal(nomination, by=second)
    assert RefusalProposal.objects.get().by == second
