"""The database's constraints judge the factories: every state once."""

import pytest

from audit import history
from nominations import completeness
from nominations.models import Nomination, State
from tests.factories.nominations import NominationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", State.values)
def test_every_state_can_be_made(state, requirements):
    made = NominationFactory(in_state=state)
    stored = Nomination.objects.get(pk=made.pk)
    assert stored.state == state
    acts = list(history.of(stored).exclude(to_state=""))
    assert bool(acts) is (state != "draft")
    assert not acts or acts[-1].to_state == state


def test_a_made_nomination_is_complete_and_an_empty_one_is_not(requirements):
    assert completeness.missing(NominationFactory()) == []
    empty = NominationFactory(empty=True)
    assert {item.part for item in completeness.missing(empty)} == {"produk", "dokumen", "cerita"}
