"""An officer who leaves hands the nominations of the office over to a colleague; the office keeps them all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from audit import history
from letters.models import Message
from nominations import handing_over
from nominations.guards import Refused
from nominations.models import Nomination, State
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.nominations import NominationFactory
from tests.made_once import made_once
from tests.nominations.proposing import text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/usulan/serah-terima/"


@made_once
def draft(requirements):
    return NominationFactory()


@made_once
def keeper(draft):
    person = a_person(Role.DINAS, around=draft)
    Nomination.objects.filter(pk=draft.pk).update(created_by=person)
    draft.refresh_from_db()
    return person


@made_once
def colleague(draft):
    return a_person(Role.DINAS, around=draft)


def handed(draft, to, by):
    return handing_over.hand_over([draft.pk], office=draft.office, to=to, by=by, at=timezone.now())


def test_whoever_began_it_looks_after_it_until_it_is_handed_over(draft, keeper, colleague):
    assert handing_over.looked_after_by(draft) == keeper
    (changed,) = handed(draft, colleague, keeper)
    assert handing_over.looked_after_by(changed) == colleague


def test_it_stands_in_the_history_and_the_colleague_is_told_once(draft, keeper, colleague):
    handed(draft, colleague, keeper)
    handed(draft, colleague, keeper)
    entry = history.of(draft).get(action="handed_over")
    assert (entry.actor, entry.details["before"], entry.details["to"]) == (keeper, keeper.pk, colleague.pk)
    message = Message.objects.get(kind="handed_over")
    assert message.person == colleague
    assert keeper.full_name in message.body_text


def test_a_colleague_may_take_over_what_an_officer_left_behind(draft, keeper, colleague):
    Membership.objects.filter(person=keeper).update(ends_on=timezone.localdate() - timedelta(days=1))
    (charge,) = handing_over.charges(colleague, at=timezone.now())
    assert charge.has_left
    assert charge.nominations == (draft,)
    handed(draft, colleague, colleague)
    assert not Message.objects.filter(kind="handed_over").exists()


def test_it_cannot_be_handed_to_somebody_outside_the_office(draft, keeper):
    outsider = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    with pytest.raises(Refused) as refusal:
        handed(draft, outsider, keeper)
    assert refusal.value.code == "no_colleague"


def test_nobody_of_another_office_hands_it_over(draft, colleague):
    outsider = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    with pytest.raises(Refused) as refusal:
        handed(draft, colleague, outsider)
    assert refusal.value.code == "not_yours"


def test_another_offices_nomination_in_the_list_stops_all_of_it(draft, keeper, colleague):
    other = NominationFactory(product__ikm__regency=a_regency(TASIKMALAYA))
    with pytest.raises(Refused):
        handing_over.hand_over(
            [draft.pk, other.pk], office=draft.office, to=colleague, by=keeper, at=timezone.now()
        )
    draft.refresh_from_db()
    assert draft.responsible is None


def test_what_is_over_is_left_as_it_is(draft, keeper, colleague):
    Nomination.objects.filter(pk=draft.pk).update(state=State.WITHDRAWN)
    assert handed(draft, colleague, keeper) == []


def test_alone_in_the_office_there_is_nothing_to_tick_and_it_is_said_where_an_account_comes_from(client):
    elsewhere = NominationFactory(product__ikm__regency=a_regency(TASIKMALAYA))
    client.force_login(elsewhere.created_by)
    page = client.get(ADDRESS)
    assert elsewhere.product.name in text_of(page)
    assert "Akun petugas baru diminta kepada dinas provinsi" in text_of(page)
    assert 'type="checkbox"' not in page.content.decode()


def test_the_page_hands_over_what_is_ticked(client, draft, keeper, colleague):
    client.force_login(keeper)
    page = client.get(ADDRESS)
    assert "Tanggung jawab Anda" in text_of(page)
    assert draft.product.name in text_of(page)
    answer = client.post(
        ADDRESS,
        {"kantor": draft.office_id, "usulan": [draft.pk], "kepada": colleague.pk},
        follow=True,
    )
    assert f"1 usulan diserahkan kepada {colleague.full_name}" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.responsible == colleague
    assert f"Penanggung jawab: {colleague.full_name}" in text_of(client.get(f"/usulan/{draft.pk}/"))


@pytest.mark.parametrize("nonsense", [{"kepada": "x"}, {"kepada": "0"}, {"usulan": ["x", "-1"]}])
def test_nonsense_changes_nothing(client, draft, keeper, colleague, nonsense):
    client.force_login(keeper)
    sent = {"kantor": draft.office_id, "usulan": [draft.pk], "kepada": colleague.pk, **nonsense}
    assert client.post(ADDRESS, sent).status_code == 302
    draft.refresh_from_db()
    assert draft.responsible is None


def test_another_office_than_the_own_is_not_found(client, draft, keeper, colleague):
    outsider = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    client.force_login(outsider)
    sent = {"kantor": draft.office_id, "usulan": [draft.pk], "kepada": colleague.pk}
    assert client.post(ADDRESS, sent).status_code == 404


def test_alone_in_the_office_one_is_told_whom_to_ask(client, draft, keeper):
    Membership.objects.filter(office=draft.office).exclude(person=keeper).update(taken_away_at=timezone.now())
    client.force_login(keeper)
    assert "Belum ada petugas lain di kantor ini." in text_of(client.get(ADDRESS))


def test_the_page_asks_the_same_number_of_questions_for_many(
    client, draft, keeper, colleague, django_assert_max_num_queries
):
    client.force_login(keeper)
    with django_assert_max_num_queries(12):
        client.get(ADDRESS)
    for _ in range(5):
        NominationFactory(created_by=keeper)
    with django_assert_max_num_queries(12):
        client.get(ADDRESS)
