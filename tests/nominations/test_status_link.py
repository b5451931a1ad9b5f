"""The IKM's own status line: opened by a signed link, without an account, and it says no more than where it stands."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from audit import history
from nominations import status_link
from nominations.guards import Refused
from nominations.models import Nomination, State
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.nominations import NominationFactory, bring_to
from tests.made_once import made_once
from tests.nominations.proposing import text_of

pytestmark = pytest.mark.django_db


@made_once
def nomination(requirements):
    return bring_to(NominationFactory(), State.SUBMITTED)


@made_once
def officer(nomination):
    return a_person(Role.DINAS, around=nomination)


def made(nomination, officer):
    return status_link.make(nomination, by=officer, at=timezone.now())


def test_there_is_no_link_before_the_dinas_makes_one(nomination):
    assert status_link.address_of(nomination) == ""


def test_the_link_opens_the_line_without_an_account(client, nomination, officer):
    answer = client.get(status_link.address_of(made(nomination, officer)))
    assert answer.status_code == 200
    text = text_of(answer)
    assert "Menunggu verifikasi provinsi" in text
    assert nomination.product.name in text
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_new_link_stops_the_old_one(client, nomination, officer):
    old = status_link.address_of(made(nomination, officer))
    new = status_link.address_of(made(nomination, officer))
    assert old != new
    gone = client.get(old)
    assert gone.status_code == 404
    assert "Tautan ini tidak berlaku" in text_of(gone)
    assert nomination.product.name not in gone.content.decode()
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "9" + t, lambda t: t + "x", lambda t: "1-1"])
def test_a_forged_or_cut_link_opens_nothing(client, nomination, officer, change):
    token = status_link.address_of(made(nomination, officer)).split("/")[2]
    assert client.get(f"/status/{change(token)}/").status_code == 404


def test_only_its_own_office_makes_the_link(nomination):
    with pytest.raises(Refused):
        made(nomination, a_person(Role.DINAS, around=a_regency(TASIKMALAYA)))
    with pytest.raises(Refused):
        made(nomination, a_person(Role.SEKRETARIAT))
    nomination.refresh_from_db()
    assert nomination.status_link == 0


def test_making_it_stands_in_the_history_without_the_link_itself(nomination, officer):
    made(nomination, officer)
    entry = history.of(nomination).get(action="status_link_made")
    assert entry.details == {"link": 1}


@pytest.mark.parametrize("state", [state for state in State if state not in (State.WITHDRAWN, State.LAPSED)])
def test_every_state_has_its_line(nomination, officer, client, state):
    address = status_link.address_of(made(nomination, officer))
    Nomination.objects.filter(pk=nomination.pk).update(
        state=state, returned_from="submitted", repair_due_at=timezone.now()
    )
    line, meaning = status_link.words(Nomination.objects.get(pk=nomination.pk))
    text = text_of(client.get(address))
    assert line in text
    assert meaning in text


def test_what_waits_is_marked_at_one_step_only_and_an_end_at_none(nomination):
    assert [step.is_current for step in status_link.steps(nomination)] == [False, True, False, False, False]
    nomination.state = State.INELIGIBLE
    assert not any(step.is_current for step in status_link.steps(nomination))
    nomination.state = State.AWARDED
    assert not any(step.is_current for step in status_link.steps(nomination))


def test_reasons_and_people_stay_inside(client, nomination, officer):
    history.record(
        "return_to_dinas", nomination, by=officer, at=timezone.now(), to_state="returned", reason="NIB kabur"
    )
    answer = client.get(status_link.address_of(made(nomination, officer))).content.decode()
    assert "NIB kabur" not in answer
    assert officer.full_name not in answer
    assert (nomination.product.ikm.nib or "?") not in answer


def test_the_officer_makes_and_reads_the_link_on_its_page(client, nomination, officer):
    client.force_login(officer)
    address = f"/usulan/{nomination.pk}/tautan-status/"
    assert "Buat tautan" in text_of(client.get(address))
    nomination.refresh_from_db()
    assert nomination.status_link == 0
    client.post(address)
    nomination.refresh_from_db()
    assert status_link.address_of(nomination) in client.get(address).content.decode()


def test_another_dinas_finds_no_such_page(client, nomination):
    client.force_login(a_person(Role.DINAS, around=a_regency(TASIKMALAYA)))
    assert client.post(f"/usulan/{nomination.pk}/tautan-status/").status_code == 404
