"""The scores of a round's awarded, open to everyone once decided, so that an outsider computes the same stars."""

import json
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction

import pytest
from django.conf import settings
from django.db import InternalError, connection, transaction
from django.utils import timezone

from accounts.roles import Role
from assessment import results
from awards import open_figures
from awards.decrees import Refused
from awards.models import Decree
from catalogue.kept import store
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_sealed_plenary,
    a_secretary,
    assignments_of,
    full_marks_but,
    many_assessed,
)
from tests.factories.awards import AwardFactory, DecreeFactory, a_signatory

pytestmark = pytest.mark.django_db
LATER = timedelta(days=30)


@pytest.fixture
def awarded():
    """Three assessed nominations of one round, two of them awarded by its published decree: (decree, the three)."""
    nominations = many_assessed(3, scores=full_marks_but({"A.I.2": 1}))
    session = a_sealed_plenary(nominations[0].round)
    decree = DecreeFactory(round=session.round, plenary=session, published=True)
    for nomination in nominations[:2]:
        AwardFactory(decree=decree, product=nomination.product, nomination=nomination)
    return decree, nominations


def opened(decree: Decree) -> None:
    open_figures.open_to_everyone(decree, by=a_signatory(), at=timezone.now() + LATER)


def test_before_somebody_decides_there_is_no_such_file(client, awarded):
    decree, _ = awarded
    assert client.get(f"/data/{decree.round_id}/penilaian.json").status_code == 404
    assert client.get("/data/1999/penilaian.json").status_code == 404


def test_an_outsider_computes_what_the_portal_computed(client, awarded, tmp_path):
    decree, _ = awarded
    opened(decree)
    answer = client.get(f"/data/{decree.round_id}/penilaian.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    file = tmp_path / "penilaian.json"
    file.write_bytes(answer.content)
    done = subprocess.run(
        [sys.executable, "-m", "assessment.scoring", str(file)], cwd=settings.BASE_DIR, capture_output=True, check=True
    )  # fmt: skip
    told = {one["id"]: one for one in json.loads(done.stdout)}
    assert set(told) == {award.slug for award in decree.awards.all()}
    for award in decree.awards.all():
        ours = results.result_of(award.nomination.assessment)
        assert Fraction(told[award.slug]["value"]) == ours.value
        assert told[award.slug]["star"] == ours.star


def test_the_file_names_no_assessor_and_nobody_who_was_not_awarded(client, awarded):
    decree, nominations = awarded
    opened(decree)
    text = client.get(f"/data/{decree.round_id}/penilaian.json").content.decode()
    for one in assignments_of(nominations[0].assessment):
        assert one.assessor.name not in text
    assert [each["assessor"] for each in json.loads(text)[0]["assessments"]] == ["p1", "p2", "p3"]
    assert len(json.loads(text)) == 2
    assert str(nominations[2].number) not in text
    assert nominations[2].product.name not in text


def test_it_is_decided_after_the_time_for_objections_by_the_signatory_and_once(awarded):
    decree, _ = awarded
    for by, at, code in (
        (a_signatory(), decree.published_at + timedelta(days=1), "too_early"),
        (a_secretary(), timezone.now() + LATER, "not_yours"),
    ):
        with pytest.raises(Refused) as refused:
            open_figures.open_to_everyone(decree, by=by, at=at)
        assert refused.value.code == code
    opened(decree)
    with pytest.raises(Refused) as refused:
        opened(decree)
    assert refused.value.code == "opened_already"
    for statement in ("UPDATE awards_openedfigures SET at = now()", "DELETE FROM awards_openedfigures"):
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_decree_not_yet_public_opens_nothing(awarded):
    session = awarded[0].plenary
    hidden = DecreeFactory.build(round=session.round, plenary=session)
    assert open_figures.may_open_from(hidden) is None


def test_the_page_of_the_decree_offers_it_when_it_is_time_and_the_results_link_to_it(
    client, awarded, time_machine
):
    decree, _ = awarded
    client.force_login(a_signatory())
    assert "Buka angka penilaian" not in client.get(decree.get_absolute_url()).content.decode()
    time_machine.move_to(timezone.now() + LATER)
    client.force_login(a_signatory())
    assert "Buka angka penilaian" in client.get(decree.get_absolute_url()).content.decode()
    client.logout()
    store.clear()
    address = f"/data/{decree.round_id}/penilaian.json"
    assert address not in client.get(f"/hasil/{decree.round_id}/").content.decode()
    client.force_login(a_signatory())
    client.post(f"/penghargaan/{decree.pk}/angka/")
    client.logout()
    assert address in client.get(f"/hasil/{decree.round_id}/").content.decode()


@pytest.mark.parametrize("role", [Role.SEKRETARIAT, Role.AUDITOR])
def test_nobody_else_has_the_button(client, awarded, role):
    decree, _ = awarded
    client.force_login(a_person(role))
    assert client.post(f"/penghargaan/{decree.pk}/angka/").status_code == 403
    assert not open_figures.is_open(decree.round_id)


def test_the_file_asks_the_same_of_the_database_for_two_awards_and_for_three(awarded, queries_of):
    decree, nominations = awarded
    opened(decree)
    both = len(queries_of(f"/data/{decree.round_id}/penilaian.json"))
    AwardFactory(decree=decree, product=nominations[2].product, nomination=nominations[2])
    assert len(queries_of(f"/data/{decree.round_id}/penilaian.json")) == both
    assert both <= 5
