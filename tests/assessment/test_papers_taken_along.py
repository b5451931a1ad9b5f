"""What is taken along: the figures for the calculator, the explanation as PDF, the minutes of a visit as PDF."""

import json
import subprocess
import sys

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from accounts.roles import Role
from assessment import explanations, instruments, results
from letters import papers
from nominations.models import Nomination, Round, State
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    a_secretary,
    an_assessed_nomination,
    an_instrument,
    assignments_of,
    declare_conflict,
    declare_free,
    full_marks_but,
)
from tests.factories.awards import DecreeFactory
from tests.factories.visits import a_finished_visit, a_visit, assess_all, visitor
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def assessment():
    return a_panel()


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def words_in(content):
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


@pytest.fixture
def drawn_as_words(monkeypatch):
    """The words of the paper instead of its PDF: one of each kind is drawn, not one per test."""
    monkeypatch.setattr(papers, "drawn", lambda words, *, pictures=(): words.encode())


# --- The figures ---------------------------------------------------------------------------------------------------
def figures(person, nomination):
    return signed_in(person).get(f"/usulan/{nomination.pk}/penilaian.json")


def test_the_calculator_computes_the_portals_own_value_from_the_download(tmp_path):
    assessment = a_panel()
    a_finished_visit(assessment, {"A.I.1": 1})
    nomination = assess_all(
        assessment, full_marks_but({"A.I.2": 1}), full_marks_but(), full_marks_but({"C.I.1": 0})
    )
    answer = figures(a_secretary(), nomination)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    file = tmp_path / "penilaian.json"
    file.write_bytes(answer.content)
    done = subprocess.run(
        [sys.executable, "-m", "assessment.scoring", str(file)], cwd=settings.BASE_DIR, capture_output=True, check=True
    )  # fmt: skip
    told, ours = json.loads(done.stdout), results.result_of(assessment)
    assert told["value"] == f"{ours.value.numerator}/{ours.value.denominator}"
    assert (told["id"], told["star"], told["flags"]) == (str(nomination.number), ours.star, list(ours.flags))
    sent = json.loads(answer.content)
    assert sent["verification"] == {"A.I.1": 1}
    assert [one["assessor"] for one in sent["assessments"]] == ["p1", "p2", "p3"]
    for one in assignments_of(assessment):
        assert one.assessor.name not in answer.content.decode()
        assert one.assessor.email not in answer.content.decode()


def test_who_may_not_see_every_score_has_no_such_file(assessment):
    nomination = assessment.nomination
    first = declare_free(assignments_of(assessment)[0])
    for person in (first.assessor, a_secretary(), a_chair()):
        assert figures(person, nomination).status_code == 404, "not all are in"
    nomination = an_assessed_nomination()
    auditor = a_person(Role.AUDITOR)
    assert figures(auditor, nomination).status_code == 404, "not sealed yet"
    assert figures(a_chair(), nomination).status_code == 200
    for role in (Role.DINAS, Role.PROVINSI, Role.PENETAP, Role.ADMIN, Role.PENILAI):
        assert figures(a_person(role, around=nomination), nomination).status_code in (403, 404), role
    a_sealed_plenary(nomination.round)
    assert figures(auditor, nomination).status_code == 200


# --- The explanation -----------------------------------------------------------------------------------------------
@made_once
def explained():
    low = {code: ladder[0] for code, ladder in list(an_instrument().ladders.items())[:8]}
    nomination = an_assessed_nomination(*[full_marks_but(low)] * 3)
    a_sealed_plenary(Round.objects.get())
    DecreeFactory(round=nomination.round, published=True)
    Nomination.objects.filter(pk=nomination.pk).update(state=State.AWARDED)
    nomination = Nomination.objects.get(pk=nomination.pk)
    explanations.draft(nomination.assessment, by=a_secretary(), at=timezone.now())
    return nomination


def test_the_office_takes_the_released_explanation_along_with_the_pages_own_words(explained):
    address, officer = (
        f"/usulan/{explained.pk}/penjelasan/",
        signed_in(a_person(Role.DINAS, around=explained)),
    )
    assert officer.get(f"{address}berkas/").status_code == 404, "not released yet"
    found = explanations.Explanation.objects.get()
    explanations.release(found, version=found.version, by=a_secretary(), at=timezone.now())
    page = officer.get(address).content.decode()
    assert f'href="{address}berkas/"' in page
    text = words_in(officer.get(f"{address}berkas/").content)
    facts = found.facts
    for said in (
        str(explained.number), explained.product.ikm.name, "Median", "Yang masih lemah", facts["weak"][0]["name"],
        *(part["name"] for part in facts["parts"]), "Menuju bintang",
    ):  # fmt: skip
        assert said in text, said
        assert said in page, said
    for one in assignments_of(explained.assessment):
        assert one.assessor.name not in text


def test_another_office_has_no_explanation_to_take(explained, drawn_as_words):
    found = explanations.Explanation.objects.get()
    explanations.release(found, version=found.version, by=a_secretary(), at=timezone.now())
    for role in (Role.PENILAI, Role.KETUA, Role.ADMIN):
        answer = signed_in(a_person(role)).get(f"/usulan/{explained.pk}/penjelasan/berkas/")
        assert answer.status_code in (403, 404), role
    stranger = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    assert signed_in(stranger).get(f"/usulan/{explained.pk}/penjelasan/berkas/").status_code == 404


# --- The minutes of a visit ----------------------------------------------------------------------------------------
def test_the_minutes_of_a_visit_are_for_whom_the_findings_are_and_hold_no_score_and_no_coordinates(
    assessment,
):
    visit = a_finished_visit(assessment, {"A.I.1": 1})
    address = f"/lapangan/{visit.pk}/berita-acara/berkas/"
    assert signed_in(a_secretary()).get(address).status_code == 404, "before all scores are in"
    answer = signed_in(visitor(visit)).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = words_in(answer.content)
    for said in (
        "1 (satu) berbeda",
        visit.met_name,
        visitor(visit).full_name,
        str(assessment.nomination.number),
    ):
        assert said in text, said
    assert "skor" not in text.lower()
    for number in (visit.latitude, visit.longitude):
        assert number is None or str(number) not in text


# --- The sheet to be filled in by hand, and the letters of assignment ------------------------------------------------
def test_the_blank_sheet_has_every_indicator_with_each_sentence_and_no_score_of_anybody(
    drawn_as_words, assessment
):
    one = declare_free(assignments_of(assessment)[0])
    answer = signed_in(a_secretary()).get(f"/penilaian/{one.pk}/lembar/")
    assert answer.status_code == 200
    text = answer.content.decode()
    lines = list(instruments.lines(assessment.instrument.definition))
    assert text.count('<div class="indicator">') == len(lines)
    assert text.count('class="box"') == sum(len(line["levels"]) for line in lines)
    for line in lines:
        for level in line["levels"]:
            assert escape(level["text"]) in text
    assert one.assessor.full_name in text


def test_the_sheet_is_the_assessors_own_once_declared_and_nobody_elses(drawn_as_words, assessment):
    first, second, third = assignments_of(assessment)
    declare_free(first)
    address = f"/penilaian/{first.pk}/lembar/"
    assert signed_in(first.assessor).get(address).status_code == 200
    assert signed_in(second.assessor).get(address).status_code == 404
    assert signed_in(second.assessor).get(f"/penilaian/{second.pk}/lembar/").status_code == 302, (
        "no statement yet"
    )
    declare_conflict(third)
    assert signed_in(a_secretary()).get(f"/penilaian/{third.pk}/lembar/").status_code == 404
    for role in (Role.DINAS, Role.KETUA, Role.ADMIN, Role.PENETAP):
        assert signed_in(a_person(role)).get(address).status_code in (403, 404), role


def test_the_letter_of_assignment_names_who_is_on_the_panels_and_nobody_recused(drawn_as_words, assessment):
    nomination = assessment.nomination
    gone, closed, stays = assignments_of(assessment)
    declare_conflict(gone)
    type(closed.assessor).objects.filter(pk=closed.assessor_id).update(is_active=False)
    address = f"/panel/surat-tugas/{nomination.round_id}/{nomination.product.group_id}/"
    text = signed_in(a_secretary()).get(address).content.decode()
    assert stays.assessor.full_name in text
    assert gone.assessor.full_name not in text
    assert closed.assessor.full_name not in text
    assert str(nomination.number) in text
    assert nomination.product.group.name in text
    assert (
        signed_in(a_secretary()).get(f"/panel/surat-tugas/{nomination.round_id}/gerabah/").status_code == 404
    )
    for role in (Role.PENILAI, Role.DINAS, Role.KETUA):
        assert signed_in(a_person(role)).get(address).status_code in (403, 404), role


def test_the_letter_of_a_visit_names_its_team_and_place(drawn_as_words):
    visit = a_visit(place="Bengkel Beleka")
    text = signed_in(a_secretary()).get(f"/lapangan/{visit.pk}/surat-tugas/").content.decode()
    assert visitor(visit).full_name in text
    assert "Bengkel Beleka" in text
    assert str(visit.assessment.nomination.number) in text
