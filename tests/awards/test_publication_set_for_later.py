"""Publication set for later: published at its instant by beat, once; changed, taken back, refused and told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from audit import history
from awards import decrees, schedule, tasks
from awards.models import Award, Certificate, Decree
from letters.models import Message
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_certificate, a_signatory, an_issued_decree

pytestmark = pytest.mark.django_db


def an_hour_from_now():
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def decree() -> Decree:
    decree = an_issued_decree()
    Certificate.objects.update(path="piagam/x.pdf", sha256="a" * 64, size=1, rendered_at=timezone.now())
    return decree


def due_now(decree: Decree) -> Decree:
    Decree.objects.filter(pk=decree.pk).update(
        scheduled_at=timezone.now() - timedelta(seconds=1), scheduled_by=a_signatory()
    )
    return Decree.objects.get(pk=decree.pk)


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(decrees.Refused) as refusal:
        act(*args, **{"at": timezone.now(), **kwargs})
    return refusal.value.code


def test_beat_publishes_at_the_instant_and_not_before(decree, client):
    schedule.set_instant(decree, an_hour_from_now(), by=a_signatory(), at=timezone.now())
    tasks.publish_due()
    assert client.get(f"/hasil/{decree.round_id}/").content.decode().count("belum ditetapkan")
    assert not Award.objects.published().exists()
    due_now(decree)
    tasks.publish_due()
    decree.refresh_from_db()
    assert decree.published_at is not None
    assert decree.published_by == a_signatory()
    assert Award.objects.published().count() == 2


def test_delivered_twice_it_publishes_once(decree):
    due_now(decree)
    tasks.publish_due()
    first = Decree.objects.get().published_at
    tasks.publish_due()
    assert not schedule.publish_due(decree.pk, at=timezone.now())
    assert Decree.objects.get().published_at == first
    assert history.of(decree).filter(action="publish_decree").count() == 1


def test_an_instant_can_be_changed_and_taken_back(decree):
    schedule.set_instant(decree, an_hour_from_now(), by=a_signatory(), at=timezone.now())
    later = timezone.now() + timedelta(days=1)
    assert schedule.set_instant(decree, later, by=a_signatory(), at=timezone.now()).scheduled_at == later
    schedule.cancel(decree, by=a_signatory(), at=timezone.now())
    assert schedule.due(at=later) == []
    assert refused(schedule.cancel, decree, by=a_signatory()) == "nothing_set"
    assert [entry.action for entry in history.of(decree).order_by("pk")][-3:] == [
        "schedule_publication", "schedule_publication", "cancel_publication",
    ]  # fmt: skip


def test_with_a_certificate_missing_it_is_refused_cleared_and_told_once(decree):
    secretary = a_secretary()
    a_certificate(decree.awards.order_by("pk").first(), version=2, number="OVOP/2026/0099")
    due_now(decree)
    tasks.publish_due()
    tasks.publish_due()
    decree.refresh_from_db()
    assert (decree.published_at, decree.scheduled_at) == (None, None)
    told = Message.objects.filter(kind="publication_refused")
    assert {message.person for message in told} >= {secretary, a_signatory()}
    assert told.count() == told.values("person").distinct().count()
    assert "1 piagam belum selesai" in told.first().body_text
    assert history.of(decree).filter(action="publication_refused").count() == 1


def test_only_the_signatory_sets_it_for_an_issued_decree_and_for_later(decree):
    for role in set(Role) - {Role.PENETAP}:
        assert refused(schedule.set_instant, decree, an_hour_from_now(), by=a_person(role)) == "not_yours"
    at = timezone.now()
    assert refused(schedule.set_instant, decree, at, by=a_signatory(), at=at) == "instant_has_passed"
    far = at + timedelta(days=400)
    assert refused(schedule.set_instant, decree, far, by=a_signatory(), at=at) == "too_far_ahead"


def test_who_is_no_longer_the_signatory_publishes_nothing(decree):
    due_now(decree)
    a_signatory().memberships.update(taken_away_at=timezone.now() - timedelta(minutes=1))
    tasks.publish_due()
    assert Decree.objects.get().published_at is None


def test_the_page_sets_it_and_shows_it(decree, client):
    client.force_login(a_signatory())
    address = f"/penghargaan/{decree.pk}/jadwal/"
    assert client.get(address).status_code == 200
    tomorrow = timezone.localtime() + timedelta(days=1)
    answer = client.post(address, {"instant": f"{tomorrow:%Y-%m-%dT09:00}"})
    assert answer.status_code == 302
    page = client.get(decree.get_absolute_url()).content.decode()
    assert "09.00 WIB" in page
    assert "Batalkan jadwal" in page
    past = client.post(address, {"instant": "2020-01-01T09:00"}).content.decode()
    assert "harus sesudah sekarang" in past
    client.post(f"{address}batal/")
    assert Decree.objects.get().scheduled_at is None
    client.force_login(a_secretary())
    assert client.get(address).status_code == 403
