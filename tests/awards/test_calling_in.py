"""Earlier recipients called in for the next round: who can be, who cannot and why, and one mail."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from assessment.models import Reevaluation
from audit import history
from awards import calling_in
from awards.decrees import Refused
from letters.models import Message
from nominations.guards import Refused as NominationRefused
from nominations.models import Nomination, Phase
from tests.factories.accounts import GARUT, TASIKMALAYA, a_dinas, a_person, a_regency
from tests.factories.assessment import a_panel
from tests.factories.awards import AwardFactory, DecreeFactory
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
    RoundFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return a_person(Role.SEKRETARIAT)


@pytest.fixture
def officer():
    return a_person(Role.DINAS, office=a_dinas(GARUT))


@pytest.fixture
def round_():
    now = timezone.now()
    round_ = RoundFactory(year=2026)
    Phase.objects.filter(round=round_, kind=Phase.Kind.NOMINATION).delete()
    Phase.objects.create(
        round=round_, kind=Phase.Kind.NOMINATION, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9)
    )  # fmt: skip
    return round_


@pytest.fixture
def decree():
    return DecreeFactory(round=RoundFactory(year=2024), published=True, valid_until=date(2026, 6, 30))


def an_award(decree, regency=GARUT, **fields):
    product = ProductFactory(ikm=IkmFactory(regency=a_regency(regency)))
    return AwardFactory(decree=decree, product=product, star=4, **fields)


def called(round_, *awards, by):
    return calling_in.call_in(round_, [one.pk for one in awards], by=by, at=timezone.now())


def hindrance_of(round_, award):
    (found,) = [one for one in calling_in.due(round_, at=timezone.now()) if one.award == award]
    return found.hindrance


def refused(*args, **kwargs):
    with pytest.raises((Refused, NominationRefused)) as refusal:
        called(*args, **kwargs)
    return refusal.value


def test_each_becomes_a_draft_of_its_dinas_with_last_times_answers_and_one_mail_says_how_many(
    round_, decree, secretary, officer
):
    before = NominationFactory(in_state="awarded", round=decree.round, story="Dodol sejak 1950.")
    mine = AwardFactory(decree=decree, product=before.product, nomination=before, star=4)
    other = an_award(decree, before.regency.pk)
    office = a_dinas(before.regency.pk)
    people = [officer] if office == officer.offices(Role.DINAS)[0] else [a_person(Role.DINAS, office=office)]
    made = called(round_, mine, other, by=secretary)
    assert [one.nomination.state for one in made] == ["draft", "draft"]
    first = Reevaluation.objects.get(before=before)
    assert (first.star_before, first.year_before, first.term_ends_on) == (4, 2024, date(2026, 6, 30))
    assert (first.nomination.story, first.nomination.office) == ("Dodol sejak 1950.", office)
    assert "call_in" in [entry.action for entry in history.of(first.nomination)]
    (message,) = Message.objects.filter(kind="reevaluation_due", person__in=people)
    assert message.subject.startswith("Evaluasi ulang OVOP: 2 penerima di ")
    assert "Penghargaan periode 2024 dievaluasi ulang. Perbarui data 2 penerima sebelum" in message.body_text


def test_who_cannot_be_called_in_is_named_with_the_reason_and_nothing_is_called(
    round_, decree, secretary, officer
):
    revoked = an_award(
        decree, revoked_at=timezone.now(), revocation_decree="SK 9", revocation_reason="Pindah tangan."
    )
    unstaffed = an_award(decree, TASIKMALAYA)
    a_dinas(TASIKMALAYA)
    fine, panelled = an_award(decree), an_award(decree)
    a_panel(NominationFactory(in_state="eligible", round=round_, product=panelled.product))
    assert hindrance_of(round_, revoked) == "Penetapannya sudah dicabut."
    assert hindrance_of(round_, unstaffed).startswith("Belum ada petugas dengan akun aktif pada Dinas")
    assert "panelnya sudah dibentuk" in hindrance_of(round_, panelled)
    for wrong in (revoked, unstaffed, panelled):
        refusal = refused(round_, fine, wrong, by=secretary)
        assert (refusal.code, wrong.ikm_name in refusal.for_reader) == ("hindered", True)
    assert not Reevaluation.objects.exists()
    called(round_, fine, by=secretary)
    assert hindrance_of(round_, fine).startswith("Sudah dipanggil")
    assert refused(round_, fine, by=secretary).code == "hindered"


def test_only_the_last_award_of_a_product_counts_and_only_where_its_term_ends(round_, decree, officer):
    ends = an_award(decree)
    early = DecreeFactory(round=RoundFactory(year=2022), published=True, valid_until=date(2024, 6, 30))
    AwardFactory(decree=early, product=ends.product)
    still = DecreeFactory(round=RoundFactory(year=2025), published=True, valid_until=date(2028, 6, 30))
    an_award(still)
    open_ended = an_award(DecreeFactory(round=RoundFactory(year=2018), published=True, valid_until=None))
    AwardFactory(decree=DecreeFactory(round=RoundFactory(year=2023), published=False))
    found = {one.award: one.is_chosen for one in calling_in.due(round_, at=timezone.now())}
    assert found == {ends: True, open_ended: False}


def test_what_the_dinas_has_proposed_already_is_marked_and_kept(round_, decree, secretary, officer):
    award = an_award(decree)
    own = NominationFactory(in_state="submitted", round=round_, product=award.product)
    (made,) = called(round_, award, by=secretary)
    assert (made.nomination, Nomination.objects.filter(round=round_).count()) == (own, 1)
    own.refresh_from_db()
    assert own.state == "submitted"


def test_only_the_secretariat_and_only_while_nominations_are_taken(round_, decree, secretary, officer):
    award = an_award(decree)
    for role in Role:
        if role != Role.SEKRETARIAT:
            assert refused(round_, award, by=a_person(role)).code == "not_yours", role
    assert refused(round_, by=secretary).code == "nothing_chosen"
    Phase.objects.filter(round=round_, kind=Phase.Kind.NOMINATION).update(
        closes_at=timezone.now() - timedelta(hours=1)
    )
    assert refused(round_, award, by=secretary).code == "phase_closed"


def test_the_page_shows_both_lists_asks_once_more_and_then_calls(client, round_, decree, secretary, officer):
    award = an_award(decree)
    gone = an_award(decree, revoked_at=timezone.now(), revocation_decree="SK 9", revocation_reason="Pindah.")
    address = reverse("call_in", args=[2026])
    for role in Role:
        client.force_login(a_person(role))
        assert client.get(address).status_code == (200 if role == Role.SEKRETARIAT else 403), role
    client.force_login(secretary)
    html = client.get(address).content.decode()
    assert f'value="{award.pk}"' in html
    assert f'value="{gone.pk}"' not in html
    assert "Penetapannya sudah dicabut." in html
    assert "Pilih paling sedikit satu penerima." in client.post(address).content.decode()
    asked = client.post(address, {"penghargaan": [award.pk, gone.pk]}).content.decode()
    assert "Panggil 1 penerima untuk evaluasi ulang periode 2026?" in asked
    assert not Reevaluation.objects.exists()
    for _ in range(2):
        client.post(address, {"pasti": "ya", "penghargaan": [award.pk]})
    assert Reevaluation.objects.count() == 1
    assert address in client.get("/penghargaan/").content.decode()


def test_the_list_asks_the_same_of_the_database_for_one_and_for_many(
    round_, decree, officer, django_assert_num_queries
):
    an_award(decree)
    calling_in.due(round_, at=timezone.now())  # a round reads its phases once
    with CaptureQueriesContext(connection) as few:
        calling_in.due(round_, at=timezone.now())
    for _ in range(4):
        an_award(decree)
    with django_assert_num_queries(len(few)):
        calling_in.due(round_, at=timezone.now())
