"""A sheet filled in on paper: typed in by two people apart, compared with the scan, sent as the assessor's own."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.roles import Role
from assessment import papers, reopening, results, sheets
from assessment.models import Paper, PaperEntry, Score
from assessment.refusals import Refused
from audit import history
from files.access import may_open
from nominations.models import State
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    full_marks_but,
    send,
)
from tests.factories.files import StoredFileFactory
from tests.factories.nominations import an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Pindaian tidak terbaca di bagian B."


@made_once
def typists():
    return [a_person(Role.SEKRETARIAT), a_person(Role.SEKRETARIAT)]


@made_once
def one():
    """The first of a panel, who has declared to be free and works on paper."""
    return declare_free(assignments_of(a_panel())[0])


def later(minutes: int):
    return an_hour_ago() + timedelta(minutes=15 + minutes)


def a_paper(one, typists) -> Paper:
    return papers.register(one, StoredFileFactory(uploaded_by=typists[0]), by=typists[0], at=later(0))


def type_in(paper, person, changed=None, notes=None, *, is_done=True) -> PaperEntry:
    notes = notes or {}
    answers = {
        code: sheets.Answer(points, notes.get(code, "")) for code, points in full_marks_but(changed).items()
    }
    return papers.enter(paper, answers, is_done=is_done, by=person, at=later(1))


def test_what_both_read_alike_becomes_the_assessors_sheet(one, typists):
    paper = a_paper(one, typists)
    for person in typists:
        type_in(paper, person, {"A.I.1": 1}, {"A.I.1": "Bahan dari luar  daerah"})
    done = papers.finish(paper, by=typists[1], at=later(2))
    one.refresh_from_db()
    assert one.submitted_at == done.finished_at
    assert done.sheet.scores == full_marks_but({"A.I.1": 1})
    assert done.sheet.notes == {"A.I.1": "Bahan dari luar  daerah"}
    entry = history.of(one).get(action="submit_paper")
    assert entry.actor == typists[1]
    assert entry.details["on_behalf_of"] == one.assessor_id
    assert entry.details["paper"] == paper.pk


def test_what_they_read_otherwise_is_looked_up_before_it_is_sent(one, typists):
    paper = a_paper(one, typists)
    type_in(paper, typists[0], {"A.I.1": 1}, {"A.I.2": "cukup"})
    type_in(paper, typists[1], {"A.I.1": 2})
    assert [(each.cell, each.indicator) for each in papers.differences_of(paper)] == [
        ("points", "A.I.1"),
        ("note", "A.I.2"),
    ]
    with pytest.raises(Refused) as refused:
        papers.finish(paper, by=typists[0], at=later(2))
    assert refused.value.code == "differences_left"
    assert papers.choose(paper, {"points-A.I.1": 2, "note-A.I.2": 1}, by=typists[0], at=later(2)) == 2
    done = papers.finish(paper, by=typists[0], at=later(3))
    assert done.sheet.scores["A.I.1"] == 2
    assert done.sheet.notes == {"A.I.2": "cukup"}
    assert set(paper.choices.values_list("by", flat=True)) == {typists[0].pk}


def test_the_database_takes_no_score_that_nobody_looked_up(one, typists):
    paper = a_paper(one, typists)
    type_in(paper, typists[0], {"A.I.1": 1})
    type_in(paper, typists[1], {"A.I.1": 2})
    fill(one, full_marks_but({"A.I.1": 1}))
    send(one)
    paper.sheet, paper.finished_at, paper.finished_by = one.sheets.get(), later(3), typists[0]
    paper.over_at = later(3)
    with pytest.raises(IntegrityError, match="looked up in the scan"), transaction.atomic():
        paper.save()


def test_one_person_alone_types_in_no_sheet(one, typists):
    paper = a_paper(one, typists)
    type_in(paper, typists[0])
    with pytest.raises(Refused) as again:
        type_in(paper, typists[0])
    assert again.value.code == "done"
    with pytest.raises(Refused) as alone:
        papers.finish(paper, by=typists[0], at=later(2))
    assert alone.value.code == "not_both"
    with pytest.raises(IntegrityError, match="paper_entry_by_two_people"), transaction.atomic():
        PaperEntry.objects.create(paper=paper, place=2, by=typists[0], saved_at=later(2))


def test_a_third_person_has_nothing_to_type_in(one, typists):
    paper = a_paper(one, typists)
    for person in typists:
        type_in(paper, person, is_done=False)
    with pytest.raises(Refused) as refused:
        type_in(paper, a_person(Role.SEKRETARIAT))
    assert refused.value.code == "two_already"


@pytest.mark.parametrize("place", [0, 1])
def test_nobody_of_the_panel_types_in_a_sheet_of_it(one, typists, place):
    there = assignments_of(one.assessment)[place].assessor
    paper = a_paper(one, typists)
    with pytest.raises(IntegrityError, match="nobody of its panel"), transaction.atomic():
        PaperEntry.objects.create(paper=paper, place=1, by=there, saved_at=later(1))
    with pytest.raises(Refused):
        type_in(paper, there)


def test_it_is_refused_once_the_assessor_has_sent_from_the_screen(one, typists):
    paper = a_paper(one, typists)
    for person in typists:
        type_in(paper, person, {"A.I.1": 1})
    fill(one)
    send(one)
    with pytest.raises(Refused) as refused:
        papers.finish(paper, by=typists[0], at=later(6))
    assert refused.value.code == "submitted"
    assert Score.objects.get(assignment=one, indicator="A.I.1").points != 1
    with pytest.raises(Refused) as second:
        papers.register(one, StoredFileFactory(uploaded_by=typists[0]), by=typists[0], at=later(6))
    assert second.value.code == "submitted"


def test_it_is_refused_for_whoever_has_not_declared_or_has_a_conflict(typists):
    undeclared, recused, _ = assignments_of(a_panel())
    declare_conflict(recused)
    for one in (undeclared, recused):
        with pytest.raises(Refused) as refused:
            papers.register(one, StoredFileFactory(uploaded_by=typists[0]), by=typists[0], at=later(0))
        assert "belum menyatakan" in refused.value.for_reader


def test_an_entry_with_a_missing_score_is_kept_but_not_done(one, typists):
    paper = a_paper(one, typists)
    answers = {
        code: sheets.Answer(None if code == "A.I.1" else points) for code, points in full_marks_but().items()
    }
    with pytest.raises(sheets.Incomplete) as missing:
        papers.enter(paper, answers, is_done=True, by=typists[0], at=later(1))
    assert missing.value.numbers == (1,)
    assert papers.enter(paper, answers, is_done=False, by=typists[0], at=later(1)).done_at is None
    off = {"A.I.1": sheets.Answer(7)}
    with pytest.raises(Refused) as wrong:
        papers.enter(paper, off, is_done=False, by=typists[0], at=later(1))
    assert wrong.value.code == "off_ladder"


def test_a_paper_called_off_leaves_room_for_another(one, typists):
    paper = a_paper(one, typists)
    with pytest.raises(Refused) as twice:
        a_paper(one, typists)
    assert twice.value.code == "already"
    papers.discard(paper, reason=REASON, by=typists[0], at=later(1))
    with pytest.raises(Refused) as over:
        type_in(paper, typists[0])
    assert over.value.code == "over"
    assert a_paper(one, typists).pk != paper.pk


def test_the_last_sheet_on_paper_completes_the_panel_and_can_be_reopened(typists):
    assessment = a_panel()
    members = [declare_free(one) for one in assignments_of(assessment)]
    for one in members[1:]:
        fill(one)
        send(one)
    paper = a_paper(members[0], typists)
    for person in typists:
        type_in(paper, person)
    papers.finish(paper, by=typists[0], at=later(10))
    assessment.nomination.refresh_from_db()
    assert assessment.nomination.state == State.ASSESSED
    assert results.result_of(assessment).value == 100
    reopening.reopen(members[0], reason=REASON, by=a_chair(), at=later(11))
    assert papers.register(
        members[0], StoredFileFactory(uploaded_by=typists[0]), by=typists[0], at=later(12)
    ).pk


# --- Who reads it ------------------------------------------------------------------------------------------------
def test_the_scan_is_open_to_whoever_types_it_in_and_then_to_whoever_may_read_the_sheet(one, typists):
    paper = a_paper(one, typists)
    colleague = assignments_of(one.assessment)[1].assessor
    auditor = a_person(Role.AUDITOR)
    assert may_open(typists[0], paper.scan)
    assert may_open(typists[1], paper.scan)
    assert not any(may_open(person, paper.scan) for person in (colleague, auditor, a_chair(), one.assessor))
    for person in typists:
        type_in(paper, person)
    papers.finish(paper, by=typists[0], at=later(2))
    assert may_open(one.assessor, paper.scan)
    assert not any(may_open(person, paper.scan) for person in (*typists, colleague, auditor))


def test_the_second_does_not_see_what_the_first_typed_in(client, one, typists):
    paper = a_paper(one, typists)
    type_in(paper, typists[0], {"A.I.1": 1}, {"A.I.1": "Rahasia entri pertama"})
    client.force_login(typists[1])
    for name in ("paper", "paper_entry"):
        page = client.get(reverse(name, args=[paper.pk]))
        assert page.status_code == 200
        assert "Rahasia entri pertama" not in page.content.decode()
        assert "checked" not in page.content.decode().split("<main")[1]
    assert client.get(reverse("paper_compare", args=[paper.pk])).status_code == 302


def test_the_way_through_the_pages(client, one, typists):
    for place, person in enumerate(typists):
        client.force_login(person)
        if not place:
            scan = StoredFileFactory(uploaded_by=person)
            answer = client.post(reverse("paper_register", args=[one.pk]), {"file-berkas": str(scan.pk)})
            assert answer.status_code == 302, answer.context["form"].errors
        paper = Paper.objects.get()
        given = {f"skor-{code}": points for code, points in full_marks_but({"A.I.1": 1 + place}).items()}
        incomplete = {name: value for name, value in given.items() if name != "skor-A.I.2"}
        page = client.post(reverse("paper_entry", args=[paper.pk]), {**incomplete, "selesai": "ya"})
        assert "indikator 2 belum diisi" in page.content.decode()
        client.post(reverse("paper_entry", args=[paper.pk]), {**given, "selesai": "ya"})
    page = client.get(reverse("paper_compare", args=[paper.pk])).content.decode()
    assert "1 isian dibaca berbeda" in page
    assert "Kirim penilaian atas nama penilai" not in page
    client.post(reverse("paper_compare", args=[paper.pk]), {"points-A.I.1": "2"})
    page = client.get(reverse("paper_compare", args=[paper.pk])).content.decode()
    assert "(sesuai pindaian)" in page
    client.post(reverse("paper_finish", args=[paper.pk]))
    assert "Terkirim" in client.get(reverse("paper", args=[paper.pk])).content.decode()
    assert (
        "dari lembar kertas"
        in client.get(reverse("panel", args=[one.assessment.nomination_id])).content.decode()
    )
    client.force_login(one.assessor)
    assert "dari lembar kertas Anda" in client.get(reverse("assessment", args=[one.pk])).content.decode()


def test_paper_sheets_are_the_secretariats_and_read_by_the_auditor(client, one, typists):
    paper = a_paper(one, typists)
    for role, expected in (
        (Role.PENILAI, 403),
        (Role.KETUA, 403),
        (Role.AUDITOR, 200),
        (Role.SEKRETARIAT, 200),
    ):
        client.force_login(a_person(role))
        assert client.get(reverse("papers")).status_code == expected, role
        assert client.get(paper.get_absolute_url()).status_code == expected, role
    client.force_login(a_person(Role.AUDITOR))
    assert client.get(reverse("paper_entry", args=[paper.pk])).status_code == 403
