"""A sheet is read over and sent, and nobody learns of a colleague's before all are in."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment import reopening, sheets
from assessment.models import Assessment, Assignment, Sheet
from nominations import reference
from nominations.models import Nomination, Product, State
from tests.assessment.scoring_desk import answers, at, close, rows_of, sheet_of, source, words
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_panel,
    an_assessor,
    assess,
    declare_free,
    fill,
    level_of,
    send,
    three_assessors,
)
from tests.factories.nominations import (
    NominationFactory,
    ProductFactory,
    an_hour_ago,
)
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db
SECRET_NOTE = "Pewarnanya luntur waktu diuji."
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


# --- Reading it over and sending -------------------------------------------------------------------------------
def test_the_check_lists_every_line_and_names_what_is_missing_as_links(client, one, codes):
    client.post(sheet_of(one), answers(-1, one, without=(codes[6], codes[18])))
    html = source(client, at(one, "assessment_check"))
    total = len(codes)
    page = words(client, at(one, "assessment_check"))
    assert f"{total - 2} dari {total} terisi." in page
    squares = html.index("index-squares")
    missing = html[squares : html.index("</ol>", squares)]
    assert [code for code in codes if f"#indikator-{code}" in missing] == [codes[6], codes[18]]
    assert html.count("Belum diisi</p>") == 2
    assert "Kirim penilaian" not in html
    text = one.assessment.instrument.definition["parts"][0]["sections"][0]["indicators"][0]["levels"][-1]
    assert f"3 {text['text']}" in page


def test_a_missing_score_is_not_sent_whatever_is_pressed(client, one, codes):
    client.post(sheet_of(one), answers(-1, one, without=(codes[6], codes[18])))
    answer = client.post(at(one, "assessment_submit"), follow=True)
    assert answer.redirect_chain[-1][0] == at(one, "assessment_check")
    assert "Penilaian belum terkirim: indikator 7 dan 19 belum diisi." in unescape(answer.content.decode())
    one.refresh_from_db()
    assert one.submitted_at is None
    assert not Sheet.objects.exists()


def test_sent_is_final_and_a_second_press_changes_nothing(client, one, codes):
    fill(one)
    html = source(client, at(one, "assessment_check"))
    assert "terkunci" in html
    assert 'id="kirim"' in html
    assert "Kirim penilaian ini?" in source(client, at(one, "assessment_submit"))
    done = client.post(at(one, "assessment_submit"), follow=True)
    page = unescape(words_of(done))
    assert "terkirim," in page
    assert "Terkirim, terkunci" in page
    assert "Skor penilai lain tampil setelah semua penilai mengirim penilaian." in page
    again = client.post(at(one, "assessment_submit"), follow=True)
    assert "terkunci sejak dikirim" in unescape(again.content.decode())
    assert Sheet.objects.count() == 1
    for name in ("assessment_check", "assessment_submit"):
        assert client.get(at(one, name))["Location"] == sheet_of(one)
    late = client.post(sheet_of(one), {f"skor-{codes[0]}": "1"}, follow=True)
    assert "Yang baru Anda isi tidak disimpan." in unescape(late.content.decode())
    assert one.scores.get(indicator=codes[0]).points == 3


def test_after_the_end_nothing_is_sent_and_the_check_says_so(client, one):
    fill(one)
    close(one, since=timedelta(0))
    html = source(client, at(one, "assessment_check"))
    assert "Penilaian sudah ditutup" in html
    assert 'id="kirim"' not in html
    answer = client.post(at(one, "assessment_submit"), follow=True)
    assert "Penilaian sudah ditutup" in unescape(answer.content.decode())
    one.refresh_from_db()
    assert one.submitted_at is None


def test_looking_over_and_confirming_write_nothing(client, one):
    fill(one)
    for name in ("assessment_check", "assessment_submit"):
        client.get(at(one, name))
    one.refresh_from_db()
    assert one.submitted_at is None


# --- Alone until all are in ------------------------------------------------------------------------------------
def apart(instrument, codes) -> dict[str, int]:
    """Full marks but for the fourth indicator, on which this sheet is far from the others."""
    return level_of(instrument, -1) | {codes[3]: instrument.ladders[codes[3]][0]}


def test_no_page_tells_a_colleagues_score_name_or_note_before_all_are_in(client):
    product = Product.objects.get(pk=ProductFactory(name="Tas ketak").pk)
    people = [
        an_assessor(name="Siti Aminah"),
        an_assessor(name="Bambang Sutrisno"),
        an_assessor(outside=True, name="Made Wirawan"),
    ]
    panel = a_panel(NominationFactory(in_state="eligible", product=product), people)
    mine, second, third = [panel.assignments.get(assessor=person) for person in people]
    codes = [each.code for each in panel.instrument.parsed().indicators]
    for each in (second, third):
        declare_free(each)
        fill(each, apart(panel.instrument, codes))
        sheets.change(
            each,
            points={},
            notes={codes[0]: SECRET_NOTE},
            by=each.assessor,
            at=an_hour_ago() + timedelta(minutes=16),
        )
        send(each)
    client.force_login(people[0])

    def nothing_is_told():
        for name in ("assessment", "declaration", "assessment_check"):
            html = unescape(client.get(at(mine, name), follow=True).content.decode())
            for secret in (SECRET_NOTE, "Bambang", "Made Wirawan", "Nilai panel", "Berbeda jauh"):
                assert secret not in html, f"{secret} on {name}"
        queue = source(client, reverse("assessments"))
        assert "Bambang" not in queue

    nothing_is_told()
    client.post(reverse("pact", args=[panel.nomination.round_id]))
    nothing_is_told()
    client.post(at(mine, "declaration"), {"answer": "tidak"})
    nothing_is_told()
    html = source(client, sheet_of(mine))
    assert " checked" not in html.replace("data-keys-on checked", "")
    saved = client.post(at(mine, "assessment_save"), {f"skor-{codes[0]}": "2"}).content.decode()
    assert SECRET_NOTE not in saved
    fill(mine, at=timezone.now())
    nothing_is_told()
    reopened = reopening.reopen(second, reason=REASON, by=a_chair(), at=timezone.now())
    # As many as make a panel have sent, but one of it is open again.
    Assessment.objects.filter(pk=panel.pk).update(size=2)
    client.post(at(mine, "assessment_submit"))
    nothing_is_told()
    send(reopened, at=timezone.now())
    assert SECRET_NOTE in source(client, sheet_of(mine))


def test_once_all_are_in_levels_stand_side_by_side_the_flagged_ones_first(client):
    people = [an_assessor(), an_assessor(name="Bambang Sutrisno"), an_assessor(outside=True, name="Made")]
    panel = a_panel(NominationFactory(in_state="eligible"), people)
    codes = [each.code for each in panel.instrument.parsed().indicators]
    low = level_of(panel.instrument, -1) | {codes[5]: 2}
    assess(panel, level_of(panel.instrument, -1), apart(panel.instrument, codes), low)
    client.force_login(people[0])
    html = source(client, sheet_of(panel.assignments.get(assessor=people[0])))
    page = words(client, sheet_of(panel.assignments.get(assessor=people[0])))
    # By hand: 100, 100 - 2 on the fourth line (3 to 1), 100 - 1 on the sixth: (100 + 98 + 99) / 3 = 99.
    assert "rata-rata dari 3 penilai: 99,00" in page
    rows = rows_of(html)
    assert rows[0].strip().startswith("4 Pengendalian lingkungan")
    assert "Berbeda jauh" in rows[0]
    assert sum("Berbeda jauh" in row for row in rows) == 1
    assert [row.split()[0] for row in rows[1:4]] == ["1", "2", "3"]
    assert [int(score) for score in re.findall(r"\b(\d) (?=Produksi|Tidak)", rows[0])] == [3, 1, 3]
    assert re.findall(r"Nilai (\d+) (\d+) (\d+)", page) == [("100", "98", "99")]
    assert "Anda" in html
    assert "Bambang Sutrisno" in html


def test_an_aggregate_that_does_not_end_stands_with_its_exact_value(client):
    people = three_assessors()
    panel = a_panel(NominationFactory(in_state="eligible"), people)
    codes = [each.code for each in panel.instrument.parsed().indicators]
    assess(panel, level_of(panel.instrument, -1) | {codes[5]: 2})
    client.force_login(people[0])
    page = words(client, sheet_of(panel.assignments.get(assessor=people[0])))
    # By hand: 99, 100 and 100 make 299.
    assert "99,67 (persis 299/3" in page
    assert "Bintang" not in page


def test_a_colleague_of_another_panel_sees_the_own_one_only(client, one):
    nomination = assess(a_panel())
    assert nomination.state == State.ASSESSED
    for other in nomination.assessment.assignments.all():
        assert client.get(sheet_of(other)).status_code == 404


def test_after_the_decision_the_own_sheet_stays_and_the_files_are_closed(client, one):
    reference.load()
    nomination = one.assessment.nomination
    fill(one)
    send(one)
    Nomination.objects.filter(pk=nomination.pk).update(state=State.NOT_AWARDED)
    html = source(client, sheet_of(one))
    assert nomination.story not in html
    assert "Terkirim, terkunci" in html
