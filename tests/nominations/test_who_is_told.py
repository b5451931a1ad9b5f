"""What the nominating office is told at a transition: each its own words, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from letters.models import Message
from nominations import lifecycle
from nominations.models import Phase, State
from tests.factories.accounts import JAKARTA_PUSAT, a_person, a_regency
from tests.factories.nominations import NominationFactory, ProductFactory, a_phase, an_officer_of

pytestmark = pytest.mark.django_db
AT = timezone.now


def told(nomination):
    return list(Message.objects.filter(about=f"nominations.nomination:{nomination.pk}").order_by("pk"))


def sent(nomination, action="submit"):
    officer = an_officer_of(nomination.office)
    return lifecycle.perform(action, nomination, by=officer, at=AT())


def test_a_receipt_names_the_province_as_the_next(requirements):
    (message,) = told(sent(NominationFactory()))
    assert "Berikutnya: verifikasi provinsi." in message.body_text


def test_what_a_province_itself_nominates_is_checked_by_the_secretariat_next(requirements):
    of_jakarta = ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT))
    (message,) = told(sent(NominationFactory(product=of_jakarta)))
    assert "Berikutnya: pemeriksaan oleh Sekretariat OVOP." in message.body_text


def test_what_screening_returned_is_screened_next(requirements):
    nomination = NominationFactory(in_state="returned")
    nomination.returned_from = State.ENDORSED
    nomination.save()
    (message,) = told(sent(nomination, "resubmit"))
    assert "Berikutnya: seleksi administrasi." in message.body_text


def test_the_office_hears_that_the_secretariat_passed_it_on_without_the_province(requirements):
    nomination = NominationFactory(in_state="submitted")
    now = AT()
    a_phase(nomination.round, Phase.Kind.ENDORSEMENT, opens_at=now - timedelta(days=9), closes_at=now)
    secretary = a_person(Role.SEKRETARIAT)
    lifecycle.perform("pass_on", nomination, by=secretary, at=now, reason="Provinsi tidak menjawab.")
    (message,) = told(nomination)
    assert message.kind == "passed_on"
    assert message.person == an_officer_of(nomination.office)
    assert "tanpa verifikasi provinsi" in message.body_text
    assert "Provinsi tidak menjawab" not in message.body_text
