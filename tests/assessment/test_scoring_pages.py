"""The assessor's sheet over HTTP, without a script and with one: what is kept of what was typed."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment import reopening, sheets
from assessment.models import Assignment, Score
from nominations import reference
from nominations.models import Nomination, Phase, State
from tests.assessment.scoring_desk import answers, at, close, sheet_of, source, words
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_panel,
    assignments_of,
    declare_free,
    fill,
    send,
    three_assessors,
)
from tests.factories.nominations import (
    NominationFactory,
    a_phase,
    an_hour_ago,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Skor indikator 4 tertukar dengan indikator 5."


@made_once
def declared() -> Assignment:
    return a_declared_assignment()


@pytest.fixture
def one(client, declared) -> Assignment:
    """A declared assignment whose assessor is signed in."""
    client.force_login(declared.assessor)
    return declared


@pytest.fixture
def codes(one) -> list[str]:
    return [each.code for each in one.assessment.instrument.parsed().indicators]


# --- The sheet, without a script -------------------------------------------------------------------------------
def test_the_sheet_shows_every_ladder_in_words_with_its_question_and_part(client, one):
    html = source(client, sheet_of(one))
    definition = one.assessment.instrument.definition
    for part in definition["parts"]:
        assert f"{part['code']}. {part['name']}" in html
        for section in part["sections"]:
            for line in section["indicators"]:
                assert line["question"] in html
                assert f'id="indikator-{line["code"]}"' in html
                assert html.count(f'name="skor-{line["code"]}"') == len(line["levels"])
                assert all(level["text"] in html for level in line["levels"])


def test_one_form_saves_what_was_filled_in_and_the_page_shows_it(client, one, codes):
    answer = client.post(
        sheet_of(one), {**answers(0, one, without=(codes[4],)), f"catatan-{codes[0]}": "Nota Maret."}
    )
    assert answer["Location"] == sheet_of(one)
    assert one.scores.get(indicator=codes[0]).note == "Nota Maret."
    html = source(client, sheet_of(one))
    total = len(codes)
    page = words(client, sheet_of(one))
    assert f"{total - 1} dari {total} terisi" in page
    assert "A belum lengkap (1 kosong)" in page
    assert "Nota Maret." in html
    assert html.count(" checked") - 1 == total - 1  # the switch of the keys is one more


def test_no_sum_of_a_part_while_anything_is_missing_and_never_a_star(client, one, codes):
    fill(one)
    page = words(client, sheet_of(one))
    assert "A 30 dari 30" in page
    assert "Bintang" not in page
    sheets.save(one, {codes[0]: sheets.Answer(None)}, by=one.assessor, at=an_hour_ago())
    page = words(client, sheet_of(one))
    assert "A belum lengkap (1 kosong)" in page
    assert "A 27" not in page


def test_the_button_that_checks_saves_first(client, one, codes):
    answer = client.post(sheet_of(one), {f"skor-{codes[0]}": "3", "periksa": "ya"})
    assert answer["Location"] == at(one, "assessment_check")
    assert one.scores.get().points == 3


def test_what_is_wrong_is_named_and_what_was_typed_is_kept(client, one, codes):
    long_note = "Catatan panjang. " * 130
    answer = client.post(
        sheet_of(one), {f"skor-{codes[0]}": "9", f"skor-{codes[1]}": "2", f"catatan-{codes[2]}": long_note}
    )
    html = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "Indikator 1: pilih salah satu skor 1, 2, 3." in html
    assert f'href="#indikator-{codes[0]}"' in html
    assert "paling panjang 2000 huruf" in html
    assert long_note.strip() in html
    assert re.search(rf'name="skor-{re.escape(codes[1])}" value="2" checked', html)
    assert not Score.objects.exists()


def test_an_old_page_in_another_window_takes_nothing_back(client, one, codes):
    sheets.save(one, {codes[0]: sheets.Answer(3, "Baru.")}, by=one.assessor, at=an_hour_ago())
    stale = {
        f"skor-{codes[0]}": "1",
        f"awal-skor-{codes[0]}": "1",
        f"catatan-{codes[0]}": "",
        f"awal-catatan-{codes[0]}": "",
        f"skor-{codes[1]}": "2",
        f"awal-skor-{codes[1]}": "",
    }
    client.post(sheet_of(one), stale)
    assert {(s.indicator, s.points, s.note) for s in one.scores.all()} == {
        (codes[0], 3, "Baru."),
        (codes[1], 2, ""),
    }


def test_a_note_can_be_emptied(client, one, codes):
    sheets.save(one, {codes[0]: sheets.Answer(3, "Baru.")}, by=one.assessor, at=an_hour_ago())
    client.post(sheet_of(one), {f"catatan-{codes[0]}": "", f"awal-catatan-{codes[0]}": "Baru."})
    assert one.scores.get().note == ""


def test_lines_of_a_note_count_as_typed_and_come_back_as_typed(client, one, codes):
    note = "\r\n".join("x" * 9 for _ in range(200))
    assert client.post(sheet_of(one), {f"catatan-{codes[0]}": note}).status_code == 302
    assert one.scores.get().note == note.replace("\r\n", "\n")
    again = {f"catatan-{codes[0]}": note, f"awal-catatan-{codes[0]}": note.replace("\r\n", "\n")}
    client.post(sheet_of(one), again)
    assert one.scores.get().at < timezone.now()
    assert sheets.answers_of(one)[codes[0]].note == note.replace("\r\n", "\n")


def test_a_note_is_text_and_never_a_tag(client, one, codes):
    client.post(sheet_of(one), {f"catatan-{codes[0]}": "<script>alert(1)</script>"})
    for address in (sheet_of(one), at(one, "assessment_check")):
        html = client.get(address).content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_after_the_end_the_sheet_is_read_only_and_what_was_just_typed_can_be_copied(client, one, codes):
    fill(one, {codes[0]: 2})
    close(one)
    html = source(client, sheet_of(one))
    assert "Penilaian sudah ditutup" in html
    assert 'name="csrfmiddlewaretoken"' in html  # signing out
    assert "Periksa penilaian</button>" not in html
    assert "scoring.js" not in html
    assert html.count(f'name="skor-{codes[0]}"') == 3
    assert 'data-indicator="A.I.1" disabled' in html
    answer = client.post(sheet_of(one), {f"catatan-{codes[1]}": "Baru saja ditulis."})
    assert answer.status_code == 200
    assert f'name="catatan-{codes[1]}"' in answer.content.decode()
    assert "Baru saja ditulis." in answer.content.decode()
    assert "Perpanjangan hanya dapat diputuskan Sekretariat" in unescape(answer.content.decode())
    assert one.scores.count() == 1


def test_before_the_phase_opens_the_sheet_can_be_read_but_not_filled(client, one):
    now = timezone.now()
    a_phase(
        one.assessment.nomination.round,
        Phase.Kind.ASSESSMENT,
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=9),
    )
    assert "Penilaian baru dibuka" in source(client, sheet_of(one))
    assert "Penilaian belum dibuka" in source(client, reverse("assessments"))
    assert client.post(at(one, "assessment_save"), answers(-1, one)).status_code == 409


def test_a_nomination_that_left_the_round_is_read_without_its_content(client, one):
    nomination = one.assessment.nomination
    Nomination.objects.filter(pk=nomination.pk).update(state=State.WITHDRAWN)
    html = source(client, sheet_of(one))
    assert "Usulan ini tidak sedang dinilai." in html
    assert nomination.story not in html


def test_a_sheet_that_was_opened_again_says_by_whom_and_why(client, one):
    fill(one)
    send(one)
    chair = a_chair()
    reopening.reopen(one, reason=REASON, by=chair, at=an_hour_ago() + timedelta(minutes=30))
    page = words(client, sheet_of(one))
    assert REASON in page
    assert f"oleh {chair.full_name}" in page


def test_the_sheet_asks_the_same_when_it_is_empty_and_when_it_is_full(client, queries_of):
    reference.load()
    people = three_assessors()
    client.force_login(people[0])
    bare = declare_free(
        a_panel(NominationFactory(in_state="eligible", documented=False), people).assignments.get(
            assessor=people[0]
        )
    )
    client.get(sheet_of(bare))  # the first request of a sign-in is noted in its session
    few = queries_of(sheet_of(bare))
    assert len(few) <= 12, few
    rich = declare_free(
        a_panel(NominationFactory(in_state="eligible"), people).assignments.get(assessor=people[0])
    )
    fill(rich)
    assert len(queries_of(sheet_of(rich))) == len(few), few


# --- Saving one choice -----------------------------------------------------------------------------------------
def test_one_choice_is_saved_and_the_answer_says_how_far_the_sheet_is(client, one, codes):
    answer = client.post(at(one, "assessment_save"), {f"skor-{codes[0]}": "2"})
    told = answer.json()
    assert answer.status_code == 200
    assert (told["filled"], told["total"]) == (1, len(codes))
    assert told["parts"][0] == {"code": "A", "words": "belum lengkap (9 kosong)"}
    assert re.fullmatch(r"pukul \d\d\.\d\d WIB", told["at"])
    client.post(at(one, "assessment_save"), {f"catatan-{codes[0]}": "Nota Maret."})
    client.post(at(one, "assessment_save"), {f"skor-{codes[0]}": "3"})
    assert {(s.points, s.note) for s in one.scores.all()} == {(3, "Nota Maret.")}


def test_a_whole_part_has_its_sum_in_the_answer(client, one):
    told = client.post(at(one, "assessment_save"), answers(-1, one)).json()
    assert [part["words"] for part in told["parts"]] == ["30 dari 30", "25 dari 25", "45 dari 45"]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"skor-A.I.1": "9"}, "Indikator 1: pilih salah satu skor 1, 2, 3."),
        ({"skor-A.I.1": "2.0"}, "pilih salah satu skor"),
        ({"skor-A.I.1": "02"}, "pilih salah satu skor"),
        ({"skor-Z.9": "1"}, "Indikator Z.9 tidak ada dalam instrumen usulan ini."),
        ({"catatan-A.I.2": "x" * 2001}, "Catatan indikator 2: paling panjang 2000 huruf."),
    ],
)
def test_what_is_wrong_is_refused_in_a_sentence_and_nothing_is_written(client, one, sent, message):
    answer = client.post(at(one, "assessment_save"), {**sent, "skor-A.I.3": "3"})
    assert answer.status_code == 422
    assert message in answer.json()["message"]
    assert answer.json()["fields"] == [name for name in sent if name != "skor-Z.9"]
    assert not Score.objects.exists()


def test_what_can_no_longer_be_written_is_refused_with_the_reason(client, one, codes):
    fill(one)
    send(one)
    answer = client.post(at(one, "assessment_save"), {f"skor-{codes[0]}": "1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "submitted")
    assert "terkunci sejak dikirim" in answer.json()["message"]
    other = declare_free(
        a_panel(people=[one.assessor, *three_assessors()[1:]]).assignments.get(assessor=one.assessor)
    )
    close(one)
    answer = client.post(at(other, "assessment_save"), {f"skor-{codes[0]}": "1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_time")
    assert one.scores.get(indicator=codes[0]).points == 3


def test_before_the_statement_nothing_is_saved(client):
    one = assignments_of(a_panel())[0]
    client.force_login(one.assessor)
    answer = client.post(at(one, "assessment_save"), {"skor-A.I.1": "2"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert not Score.objects.exists()


def test_saving_takes_only_a_post_with_its_token(one, codes):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(one.assessor)
    assert strict.get(at(one, "assessment_save")).status_code == 405
    assert strict.post(at(one, "assessment_save"), {f"skor-{codes[0]}": "1"}).status_code == 403
    assert not Score.objects.exists()
