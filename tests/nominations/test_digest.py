"""The week of each province: on Monday, in figures that are its own, once."""

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from letters.models import Message
from letters.wording import WIB
from nominations import digest, tasks
from nominations.models import Phase
from regions import loading
from tests.factories.accounts import TANAH_DATAR, a_person, a_province_office, a_regency
from tests.factories.nominations import NominationFactory, RoundFactory, a_phase
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

BEFORE = datetime(2026, 3, 4, 9, tzinfo=WIB)
MONDAY = datetime(2026, 3, 9, 7, tzinfo=WIB)
WEST_JAVA, WEST_SUMATRA = "32", "13"


@made_once
def round_():
    loading.load()
    made = RoundFactory(open_phases=False)
    opens_at = datetime(2026, 2, 2, 8, tzinfo=WIB)
    a_phase(
        made, Phase.Kind.NOMINATION, opens_at=opens_at, closes_at=datetime(2026, 3, 13, 23, 59, tzinfo=WIB)
    )
    a_phase(
        made, Phase.Kind.ENDORSEMENT, opens_at=opens_at, closes_at=datetime(2026, 3, 27, 23, 59, tzinfo=WIB)
    )
    return made


@made_once
def province():
    return a_person(Role.PROVINSI, office=a_province_office(WEST_JAVA))


def told():
    return list(Message.objects.filter(kind="province_digest").order_by("pk"))


def test_a_province_reads_its_own_figures_and_who_is_silent(round_, province):
    for state, count in (("draft", 3), ("submitted", 2), ("returned", 1), ("endorsed", 2), ("ineligible", 1)):
        for _ in range(count):
            NominationFactory(round=round_, at=BEFORE, in_state=state, documented=False)
    NominationFactory(
        round=round_, at=BEFORE, in_state="submitted", product__ikm__regency=a_regency(TANAH_DATAR)
    )
    digest.tell_provinces(at=MONDAY)
    message = Message.objects.get(kind="province_digest", person=province)
    assert message.subject == "Ringkasan OVOP Provinsi Jawa Barat, 9 Maret 2026"
    for line in (
        "- 3 draf belum dikirim",
        "- 2 menunggu verifikasi provinsi",
        "- 1 dikembalikan untuk perbaikan",
        "- 3 diteruskan ke Kementerian",
    ):
        assert f"{line}\n" in message.body_text
    # West Java has 27 kabupaten and kota; Garut has proposed.
    assert "- 26 kabupaten/kota belum mengirim usulan: Kabupaten Bogor, " in message.body_text
    assert ", dan 16 lainnya" in message.body_text
    assert "Garut" not in message.body_text
    assert "Tanah Datar" not in message.body_text
    assert "/verifikasi-provinsi/" in message.body_text


def test_a_draft_alone_leaves_its_regency_among_the_silent(round_, province):
    NominationFactory(round=round_, at=BEFORE)
    digest.tell_provinces(at=MONDAY)
    assert "- 27 kabupaten/kota belum mengirim usulan" in told()[0].body_text


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (MONDAY - timedelta(minutes=1), 0),
        (MONDAY, 1),
        (MONDAY + timedelta(days=2, hours=16, minutes=59), 1),
        (MONDAY + timedelta(days=2, hours=17), 0),
        (MONDAY + timedelta(days=6), 0),
    ],
    ids=["before 07.00", "Monday 07.00", "Wednesday 23.59", "Thursday", "Sunday"],
)
def test_it_goes_out_on_monday_at_seven_and_is_made_up_for_until_wednesday(round_, province, at, count):
    assert digest.tell_provinces(at=at) == count


def test_it_goes_out_once_a_week_however_often_it_runs(round_, province):
    for hour in range(24 * 8):
        digest.tell_provinces(at=MONDAY + timedelta(hours=hour))
    assert [message.queued_at for message in told()] == [MONDAY, MONDAY + timedelta(days=7)]


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (datetime(2026, 2, 2, 7, 59, tzinfo=WIB), 0),
        (datetime(2026, 2, 2, 8, tzinfo=WIB), 1),
        (datetime(2026, 3, 23, 7, tzinfo=WIB), 1),
        (datetime(2026, 3, 30, 7, tzinfo=WIB), 0),
    ],
    ids=["before nominating opens", "it opens", "the last week of verification", "after it"],
)
def test_only_while_the_province_has_something_to_see_to(round_, province, at, count):
    assert digest.tell_provinces(at=at) == count


def test_people_of_other_offices_and_who_left_get_none(round_, province):
    a_person(Role.DINAS, around=a_regency())
    gone = a_person(Role.PROVINSI, office=a_province_office(WEST_JAVA))
    gone.memberships.update(ends_on=BEFORE.date())
    elsewhere = a_person(Role.PROVINSI, office=a_province_office(WEST_SUMATRA))
    assert digest.tell_provinces(at=MONDAY) == 2
    assert {message.person for message in told()} == {province, elsewhere}


def test_a_province_without_dinas_and_without_nominations_is_left_alone(round_):
    a_person(Role.PROVINSI, office=a_province_office("31"))
    assert digest.tell_provinces(at=MONDAY) == 0


def test_a_run_asks_the_same_for_two_provinces_and_for_six(round_):
    def asked():
        digest.tell_provinces(at=MONDAY)
        with CaptureQueriesContext(connection) as captured:
            assert digest.tell_provinces(at=MONDAY) == 0
        return len(captured)

    for code in (WEST_JAVA, WEST_SUMATRA):
        a_person(Role.PROVINSI, office=a_province_office(code))
    few = asked()
    for code in ("11", "12", "14", "15"):
        a_person(Role.PROVINSI, office=a_province_office(code))
    assert asked() == few


def test_the_task_takes_the_instant_of_its_run(round_, province):
    with mock.patch("django.utils.timezone.now", return_value=MONDAY):
        tasks.tell_provinces.run()
    assert len(told()) == 1
