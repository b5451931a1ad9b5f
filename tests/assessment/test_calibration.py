"""A practice case: scored by the assessors before the round, its spread shown to them, counted nowhere."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from assessment import calibration, results, sheets
from assessment.models import Calibration, CalibrationSheet, Score
from assessment.refusals import Refused
from files.access import may_open
from letters.models import Message
from nominations.models import Nomination
from ovop_portal import waiting
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_secretary,
    an_assessed_nomination,
    an_assessor,
    an_instrument,
    full_marks_but,
)
from tests.factories.files import StoredFileFactory
from tests.factories.nominations import RoundFactory, a_group, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
TEXT = "Bakul anyaman rekaan dari bambu setempat, dibuat dua belas perajin dan dijual di tiga kota. " * 2


def at(minutes: int = 0):
    return an_hour_ago() + timedelta(minutes=minutes)


def a_case() -> Calibration:
    an_instrument()
    return calibration.begin(
        RoundFactory(year=2026),
        a_group("anyaman"),
        title="Bakul rekaan",
        text=TEXT,
        by=a_secretary(),
        at=at(),
    )


def an_open_case(*people) -> Calibration:
    return calibration.open_to(a_case(), people, by=a_secretary(), at=at(1))


def give(case, person, changed=None, *, is_done=True):
    return calibration.score(case, full_marks_but(changed), is_done=is_done, by=person, at=at(2))


@made_once
def two():
    return [an_assessor(name="Ayu Lestari"), an_assessor(name="Bagus Wicaksono", outside=True)]


def test_the_spread_is_shown_once_all_are_in_with_names_for_chair_and_secretariat_alone(two):
    case = an_open_case(*two)
    give(case, two[0], {"A.I.1": 0 if 0 in an_instrument().ladders["A.I.1"] else 1})
    assert calibration.outcome_of(case, reader=a_chair()) is None
    give(case, two[1])
    case.refresh_from_db()
    assert case.closed_at is not None
    seen = calibration.outcome_of(case, reader=two[1])
    line = seen.lines[0]
    assert [level.count for level in line.levels if level.count] == [1, 1]
    assert line.is_wide
    assert not any(level.names for each in seen.lines for level in each.levels)
    assert [level.is_own for level in line.levels][-1] is True
    named = calibration.outcome_of(case, reader=a_chair()).lines[0]
    assert {name for level in named.levels for name in level.names} == {person.full_name for person in two}
    assert not any(
        level.names for level in calibration.outcome_of(case, reader=a_person(Role.AUDITOR)).lines[0].levels
    )
    assert (seen.highest, seen.sent, seen.asked) == (100, 2, 2)
    assert seen.lowest < 100


def test_nobody_scores_what_is_closed_or_was_sent_or_is_not_theirs(two):
    third = an_assessor()
    case = an_open_case(*two, third)
    give(case, two[0])
    for person, code in ((two[0], "sent"), (an_assessor(), "not_yours"), (a_secretary(), "not_yours")):
        with pytest.raises(Refused) as refused:
            give(case, person)
        assert refused.value.code == code
    with pytest.raises(Refused) as early:
        calibration.close(case, by=a_secretary(), at=at(3))
    assert early.value.code == "too_few"
    give(case, two[1])
    calibration.close(case, by=a_secretary(), at=at(3))
    with pytest.raises(Refused) as over:
        give(case, third)
    assert over.value.code == "not_open"
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        CalibrationSheet.objects.filter(person=third).update(points={"A.I.1": 1})


def test_the_database_takes_only_levels_of_the_form_and_whole_sheets(two):
    case = an_open_case(*two)
    own = CalibrationSheet.objects.filter(case=case, person=two[0])
    for points, sent, words in (
        ({"A.I.1": 99}, None, "no level"),
        ({"X": 1}, None, "no level"),
        ({}, at(), "missing"),
    ):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            own.update(points=points, sent_at=sent)
    with pytest.raises(sheets.Incomplete):
        calibration.score(case, {"A.I.1": 1}, is_done=True, by=two[0], at=at(2))


def test_a_case_is_one_per_round_and_group_and_never_changes_once_open(two):
    case = an_open_case(*two)
    with pytest.raises(Refused) as again:
        a_case()
    assert again.value.code == "already"
    with pytest.raises(Refused) as opened:
        calibration.change(case, title="Lain", text=TEXT, by=a_secretary(), at=at(2))
    assert opened.value.code == "opened"
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Calibration.objects.update(text="Lain")


def test_it_is_counted_in_no_result(two):
    nomination = an_assessed_nomination()
    before = results.result_of(nomination.assessment)
    counts = Nomination.objects.count(), Score.objects.count()
    case = calibration.begin(
        nomination.round, a_group("anyaman"), title="Bakul rekaan", text=TEXT, by=a_secretary(), at=at()
    )
    calibration.open_to(case, two, by=a_secretary(), at=at(1))
    for person in two:
        give(case, person, {"A.I.1": 1})
    assert results.result_of(nomination.assessment) == before
    assert (Nomination.objects.count(), Score.objects.count()) == counts


def test_who_may_open_a_case_and_its_files(client, two):
    case = a_case()
    file = StoredFileFactory(uploaded_by=a_secretary())
    calibration.add_file(case, file, caption="Foto bakul", by=a_secretary(), at=at())
    outsider, auditor = an_assessor(), a_person(Role.AUDITOR)
    assert not any(may_open(person, file) for person in (*two, auditor, a_chair()))
    calibration.open_to(case, two, by=a_secretary(), at=at(1))
    expected = {two[0]: 200, outsider: 404, auditor: 200, a_chair(): 200, a_person(Role.DINAS): 403}
    for person, status in expected.items():
        client.force_login(person)
        assert client.get(case.get_absolute_url()).status_code == status, person
        assert may_open(person, file) is (status == 200), person


def test_the_way_through_the_pages(client, two):
    an_instrument()
    RoundFactory(year=2026)
    client.force_login(a_secretary())
    given = {"group": "anyaman", "title": "Bakul rekaan", "text": TEXT}
    assert (
        "paling sedikit 100 huruf"
        in client.post(reverse("calibration_begin"), {**given, "text": "Pendek"}).content.decode()
    )
    client.post(reverse("calibration_begin"), given)
    case = Calibration.objects.get()
    client.post(reverse("calibration_open", args=[case.pk]), {"people": [person.pk for person in two]})
    for place, person in enumerate(two):
        client.force_login(person)
        assert "Menunggu nilai Anda" in client.get(reverse("calibrations")).content.decode()
        points = {f"skor-{code}": level for code, level in full_marks_but({"A.I.1": 1 + place}).items()}
        client.post(reverse("calibration_score", args=[case.pk]), points)
        client.post(reverse("calibration_score", args=[case.pk]), {**points, "kirim": "ya"})
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Sebaran 2 penilai" in page
    assert "pilihan Anda" in page
    assert "Ayu Lestari" not in page
    client.force_login(a_chair())
    assert "Ayu Lestari" in client.get(case.get_absolute_url()).content.decode()


def test_an_open_case_waits_for_whoever_was_asked_and_is_told_by_mail_until_it_is_sent(two, client):
    case = an_open_case(*two)
    ayu, bagus = two
    messages = Message.objects.filter(kind="calibration_open")
    assert set(messages.values_list("person", flat=True)) == {ayu.pk, bagus.pk}
    assert messages.first().subject == "Kalibrasi penilai OVOP 2026: nilai usulan latihan anyaman"
    line = (1, "usulan latihan menunggu nilai Anda", reverse("calibration_score", args=[case.pk]))

    def waits(person):
        return [(one.count, one.text, one.url) for one in waiting.for_person(person, at=timezone.now())]

    assert line in waits(ayu)
    assert line not in waits(an_assessor())
    give(case, ayu)
    assert line not in waits(ayu)
    assert line in waits(bagus)
