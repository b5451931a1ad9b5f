"""Interests on record before any draw: declared or recorded, honoured by the draw, ended and never deleted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from assessment import draws, interests, rules
from assessment.models import Assignment, Interest
from assessment.refusals import Refused
from audit import history
from letters.models import Message
from letters.outbox import reference
from nominations.models import Nomination
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_secretary,
    an_assessed_nomination,
    an_assessor,
    an_instrument,
    assignments_of,
    declare_free,
)
from tests.factories.nominations import NominationFactory, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Kepemilikannya sudah dijual tahun lalu."


@made_once
def nomination():
    return NominationFactory(in_state="eligible")


def declare(person, kind="ownership", *, ikm=None, regency=None, by=None):
    return interests.record(person, kind, ikm=ikm, regency=regency, by=by or person, at=an_hour_ago())


def ground(person, nomination):
    found = rules.Facts.about([person]).ground_against(person, nomination)
    return found and found.code


@pytest.mark.parametrize("kind", ["ownership", "family", "coached", "employer"])
@pytest.mark.parametrize("with_ikm", [True, False])
def test_an_interest_with_an_ikm_or_a_regency_keeps_the_assessor_off(kind, with_ikm, nomination):
    person, ikm = an_assessor(), nomination.product.ikm
    assert ground(person, nomination) is None
    declare(person, kind, **({"ikm": ikm} if with_ikm else {"regency": ikm.regency}))
    assert ground(person, nomination) == "recorded"
    with pytest.raises(Refused):
        a_panel(nomination, [person])


def test_the_draw_leaves_out_whoever_declared(nomination):
    an_instrument()
    people = [an_assessor() for _ in range(3)] + [an_assessor(outside=True)]
    declare(people[0], ikm=nomination.product.ikm)
    drawn = draws.draw(nomination.round, seed=1, at=an_hour_ago())
    assert drawn.crossed == 1
    assert people[0].pk not in drawn.plan.seats[nomination.pk]


def test_ended_it_binds_nobody_and_stays_and_may_stand_again():
    nomination, person = NominationFactory(in_state="eligible"), an_assessor()
    one = declare(person, ikm=nomination.product.ikm)
    with pytest.raises(Refused):
        interests.end(one, reason=REASON, by=person, at=an_hour_ago())
    interests.end(one, reason=REASON, by=a_secretary(), at=an_hour_ago() + timedelta(minutes=1))
    assert ground(person, nomination) is None
    assert Interest.objects.get().end_reason == REASON
    again = declare(person, ikm=nomination.product.ikm, by=a_secretary())
    assert again.pk == one.pk
    assert ground(person, nomination) == "recorded"
    assert [entry.action for entry in history.of(one)] == [
        "declare_interest",
        "end_interest",
        "record_interest",
    ]
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        Interest.objects.all().delete()


def test_what_is_refused():
    ikm, person = NominationFactory(in_state="eligible").product.ikm, an_assessor()
    declare(person, ikm=ikm)
    for given, code in (
        ({"ikm": ikm}, "already"),
        ({}, "with_whom"),
        ({"ikm": ikm, "regency": ikm.regency}, "with_whom"),
        ({"kind": "home", "ikm": ikm}, "with_whom"),
        ({"kind": "friend", "ikm": ikm}, "kind_missing"),
        ({"ikm": ikm, "by": an_assessor()}, "not_yours"),
        ({"ikm": ikm, "by": a_chair()}, "not_yours"),
    ):
        with pytest.raises(Refused) as refused:
            declare(person, **given)
        assert refused.value.code == code
    with pytest.raises(IntegrityError, match="interest_ended"), transaction.atomic():
        Interest.objects.update(ended_at=an_hour_ago())


def test_an_assessor_reads_the_own_ones_and_declares_by_name_or_nib(client):
    nomination = NominationFactory(in_state="eligible", product__ikm__name="UD Anyam Sejati")
    ikm, mine, other = nomination.product.ikm, an_assessor(), an_assessor(name="Rahmat Hidayat")
    seated = assignments_of(a_panel(nomination, [mine]))[0]
    declare(other, regency=ikm.regency)
    client.force_login(mine)
    address = reverse("interest_record")
    given = {"kind": "family", "regency": ikm.regency_id, "note": "Adik ipar pemilik."}
    assert "Tidak ada IKM" in client.post(address, {**given, "ikm": "UD Lain"}).content.decode()
    page = client.post(address, {**given, "ikm": "anyam sejati"}, follow=True).content.decode()
    assert "UD Anyam Sejati" in page
    assert "penugasan yang terkena dan belum dikirim ditutup" in page
    assert "Rahmat Hidayat" not in page
    seated.refresh_from_db()
    assert (seated.has_conflict, seated.conflict_kind) == (True, "family")
    for role, sees in ((Role.AUDITOR, 200), (Role.KETUA, 200), (Role.SEKRETARIAT, 200), (Role.DINAS, 403)):
        client.force_login(a_person(role))
        answer = client.get(reverse("interests"))
        assert answer.status_code == sees, role
        assert ("Rahmat Hidayat" in answer.content.decode()) is (sees == 200)


def test_the_secretariat_records_and_ends_with_a_reason(client):
    ikm, person = NominationFactory(in_state="eligible").product.ikm, an_assessor()
    client.force_login(a_secretary())
    given = {"person": person.pk, "kind": "home", "regency": ikm.regency_id}
    client.post(reverse("interest_record"), given)
    one = Interest.objects.get(person=person)
    assert one.recorded_by == a_secretary()
    client.post(reverse("interest_end", args=[one.pk]), {"reason": REASON})
    page = client.get(reverse("interests")).content.decode()
    assert "Sudah berakhir" in page
    assert REASON in page


def test_whoever_sits_on_a_panel_it_concerns_is_recused_at_once_and_another_is_sought(client, nomination):
    one = declare_free(assignments_of(a_panel(nomination))[0])
    sheet = reverse("assessment", args=[one.pk])
    client.force_login(one.assessor)
    assert client.get(sheet).status_code == 200
    recorded = interests.record(
        one.assessor, "coached", ikm=nomination.product.ikm, regency=None, by=a_secretary(), at=timezone.now()
    )
    one.refresh_from_db()
    assert (one.has_conflict, one.conflict_kind) == (True, "other")
    assert client.get(sheet).status_code == 302
    assert not Nomination.objects.visible_to(one.assessor).filter(pk=nomination.pk).exists()
    assert Message.objects.filter(kind="assignment_declined", about=reference(nomination)).exists()
    assert interests.assignments_against(recorded) == []
    assert "recuse_assessor" in [entry.action for entry in history.of(one)]


def test_a_sheet_that_was_sent_still_counts_until_the_secretariat_acts_but_is_closed_to_its_assessor():
    nomination = an_assessed_nomination()
    one = assignments_of(nomination.assessment)[0]
    assert Assignment.objects.scores_visible_to(one.assessor).exists()
    recorded = interests.record(
        one.assessor, "home", ikm=None, regency=nomination.regency, by=a_secretary(), at=timezone.now()
    )
    assert not Assignment.objects.scores_visible_to(one.assessor).exists()
    assert not Nomination.objects.visible_to(one.assessor).filter(pk=nomination.pk).exists()
    assert Assignment.objects.counted().filter(pk=one.pk).exists()
    assert interests.assignments_against(recorded) == [one]
