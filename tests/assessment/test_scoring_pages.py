"""The assessor's pages over HTTP: what opens when, what is kept of what was typed, and what is never told too early."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from assessment import reopening, sheets
from assessment.models import Assessment, Assignment, Pact, Score, Sheet
from nominations import reference
from nominations.models import DocumentKind, Nomination, Phase, Product, State
from tests.factories.accounts import LONGEST_NAME, a_person, a_regency
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_panel,
    an_assessor,
    assess,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    level_of,
    send,
    three_assessors,
)
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
    RoundFactory,
    a_phase,
    an_hour_ago,
    bring_to,
    link_document,
)
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db
SECRET_NOTE = "Pewarnanya luntur waktu diuji."
REASON = "Skor indikator 4 tertukar dengan indikator 5."
ADDRESSES = (
    "assessment",
    "declaration",
    "assignment_decline",
    "assessment_save",
    "assessment_check",
    "assessment_submit",
)


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


def sheet_of(one) -> str:
    return reverse("assessment", args=[one.pk])


def at(one, name: str) -> str:
    return reverse(name, args=[one.pk])


def source(client, address: str) -> str:
    """The HTML of a page, with its signs as they are read."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.get('Location', '')}"
    return unescape(answer.content.decode())


def words(client, address: str) -> str:
    return unescape(words_of(client.get(address)))


def close(one, *, since: timedelta = timedelta(minutes=1)) -> None:
    now = timezone.now()
    a_phase(
        one.assessment.nomination.round,
        Phase.Kind.ASSESSMENT,
        opens_at=now - timedelta(days=9),
        closes_at=now - since,
    )


def answers(step: int, one, *, without: tuple[str, ...] = ()) -> dict[str, int]:
    levels = level_of(one.assessment.instrument, step)
    return {f"skor-{code}": level for code, level in levels.items() if code not in without}


# --- Whose pages these are -------------------------------------------------------------------------------------
def test_other_roles_read_whose_page_it_is(client):
    one = a_declared_assignment()
    for role in set(Role) - {Role.PENILAI}:
        client.force_login(a_person(role, around=one.assessment.nomination))
        for address in (reverse("assessments"), sheet_of(one)):
            answer = client.get(address)
            assert answer.status_code == 403, role
            assert "Halaman ini untuk Penilai." in answer.content.decode()
        assert client.post(at(one, "assessment_save"), answers(-1, one)).status_code == 403
        assert client.post(at(one, "assessment_submit")).status_code == 403
    assert not Score.objects.exists()


def test_what_is_assigned_to_a_colleague_reads_as_not_there(client, one, codes):
    fill(one)
    client.force_login(assignments_of(one.assessment)[1].assessor)
    for name in ADDRESSES:
        assert client.post(at(one, name), {"skor-A.I.1": "1", "answer": "tidak"}).status_code in (404, 405)
        assert client.get(at(one, name)).status_code in (404, 405)
    assert client.get(sheet_of(one)).status_code == 404
    one.refresh_from_db()
    assert (one.submitted_at, one.scores.get(indicator=codes[0]).points) == (None, 3)


def test_who_was_replaced_finds_nothing_any_more(client, one):
    Assignment.objects.filter(pk=one.pk).update(
        removed_at=timezone.now(), removed_by=a_chair(), removal="replaced", removed_reason=REASON
    )
    assert client.get(sheet_of(one)).status_code == 404
    assert "Belum ada penugasan." in source(client, reverse("assessments"))


# --- The queue -------------------------------------------------------------------------------------------------
def test_without_an_assignment_the_queue_says_who_will_tell(client):
    client.force_login(an_assessor())
    page = words(client, reverse("assessments"))
    assert "Belum ada penugasan." in page
    assert "Sekretariat memberi tahu Anda lewat email." in page


def test_the_queue_resumes_with_the_sheet_that_was_written_last(client, one, codes):
    fill(one, dict.fromkeys(codes[:9], 2))
    product = one.assessment.nomination.product.name
    html = source(client, reverse("assessments"))
    assert f"Lanjutkan: {product}, 9 dari {len(codes)} terisi" in words(client, reverse("assessments"))
    assert f'href="{sheet_of(one)}#indikator-{codes[9]}"' in html
    assert html.count("btn-primary") - source(client, at(one, "assignment_decline")).count("btn-primary") == 1


def test_every_assignment_stands_with_its_state_and_a_conflict_is_one_of_its_own(client, one):
    person, others = one.assessor, three_assessors()[1:]
    undeclared = a_panel(people=[person, *others]).assignments.get(assessor=person)
    recused = declare_conflict(a_panel(people=[person, *others]).assignments.get(assessor=person))
    sent = declare_free(a_panel(people=[person, *others]).assignments.get(assessor=person))
    fill(sent)
    send(sent)
    full = declare_free(a_panel(people=[person, *others]).assignments.get(assessor=person))
    fill(full)
    rows = rows_of(source(client, reverse("assessments")))
    total = len(one.assessment.instrument.ladders)
    state = {
        each.pk: next(row for row in rows if each.assessment.nomination.product.name in row)
        for each in (one, undeclared, recused, sent, full)
    }
    assert f"0 dari {total} terisi" in state[one.pk]
    assert "Menunggu pernyataan Anda" in state[undeclared.pk]
    assert "Tidak menilai: benturan kepentingan" in state[recused.pk]
    assert "terisi" not in state[recused.pk]
    assert "Terkirim" in state[sent.pk]
    assert f"{total} dari {total} terisi" in state[full.pk]
    assert "Periksa penilaian" in state[full.pk]
    # What is to be done stands before what is sent, and that before what was recused.
    assert rows.index(state[one.pk]) < rows.index(state[sent.pk]) < rows.index(state[recused.pk])


def can_open(client, document) -> bool:
    answer = client.get(reverse("file_download", args=[document.file_id]))
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code == 200


def rows_of(html: str) -> list[str]:
    body = html[html.index("<tbody") : html.index("</tbody>")]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row)) for row in body.split("<tr>")[1:]]


def test_progress_counts_everything_assigned_and_leaves_out_what_was_recused(client, one, codes):
    person, others = one.assessor, three_assessors()[1:]
    fill(one, dict.fromkeys(codes[:3], 2))
    second = declare_free(a_panel(people=[person, *others]).assignments.get(assessor=person))
    fill(second)
    send(second)
    declare_conflict(a_panel(people=[person, *others]).assignments.get(assessor=person))
    page = words(client, reverse("assessments"))
    assert "1 dari 2 penilaian terkirim" in page
    assert f"{3 + len(codes)} dari {2 * len(codes)} indikator terisi" in page


def test_once_all_are_sent_the_queue_says_so_and_urges_nothing(client, one):
    fill(one)
    send(one)
    page = words(client, reverse("assessments"))
    assert "Semua penilaian sudah Anda kirim." in page
    assert "Lanjutkan" not in page


def test_after_the_end_a_sheet_that_was_not_sent_is_not_offered_again(client, one, codes):
    fill(one, {codes[0]: 2})
    close(one)
    page = words(client, reverse("assessments"))
    assert f"Tidak terkirim, 1 dari {len(codes)} terisi: penilaian ditutup" in page
    assert "Lanjutkan" not in page


def test_a_demo_round_is_marked_as_an_example_on_every_page(client):
    RoundFactory(is_example=True)
    one = a_declared_assignment()
    client.force_login(one.assessor)
    for address in (reverse("assessments"), sheet_of(one), *(at(one, name) for name in (
        "declaration", "assignment_decline", "assessment_check"))):  # fmt: skip
        assert "Data contoh" in source(client, address), address
    fill(one)
    send(one)
    assert "Data contoh" in source(client, sheet_of(one))


def test_the_queue_asks_the_same_for_two_and_for_six(client, queries_of):
    people = three_assessors()
    client.force_login(people[0])

    def assigned(count):
        for _ in range(count):
            fill(declare_free(a_panel(people=people).assignments.get(assessor=people[0])))

    assigned(2)
    client.get(reverse("assessments"))  # the first request of a sign-in is noted in its session
    few = queries_of(reverse("assessments"))
    assigned(4)
    assert len(queries_of(reverse("assessments"))) == len(few), few


# --- Before anything opens -------------------------------------------------------------------------------------
def test_the_way_to_a_sheet_leads_over_the_pact_and_the_statement(client):
    one = assignments_of(a_panel())[0]
    client.force_login(one.assessor)
    year = one.assessment.nomination.round_id
    pact = f"{reverse('pact', args=[year])}?tugas={one.pk}"
    for address in (sheet_of(one), at(one, "assessment_check"), at(one, "declaration")):
        assert client.get(address)["Location"] == pact
    text = words(client, pact)
    assert f"Saya, {one.assessor.full_name}, {one.office.name}, penilai Penghargaan OVOP Tahun {year}" in text
    assert "menerima akibat hukum apabila melanggar pernyataan ini." in text
    assert not Pact.objects.exists()
    assert client.post(pact)["Location"] == at(one, "declaration")
    for address in (sheet_of(one), at(one, "assessment_check"), at(one, "assessment_submit")):
        assert client.get(address)["Location"] == at(one, "declaration")
    assert client.post(at(one, "declaration"), {"answer": "tidak"})["Location"] == sheet_of(one)
    assert "Cara memilih jenjang" in words(client, sheet_of(one))


def test_the_pact_is_asked_once_a_round_and_can_be_read_again(client, one):
    year = one.assessment.nomination.round_id
    page = source(client, reverse("pact", args=[year]))
    assert "naskah versi 1" in page
    assert "Tanda tangani pakta" not in page
    client.post(reverse("pact", args=[year]))
    assert Pact.objects.count() == 1


def test_a_round_without_an_assignment_has_no_pact_for_this_person(client, one):
    assert client.get(reverse("pact", args=[2024])).status_code == 404
    assert client.post(reverse("pact", args=[2024])).status_code == 404


@pytest.mark.parametrize("wanted", ["x", "9" * 40, "-1", "²", ""])
def test_the_pact_goes_on_only_to_an_own_assignment(client, wanted):
    mine, other = assignments_of(a_panel())[:2]
    client.force_login(mine.assessor)
    address = reverse("pact", args=[mine.assessment.nomination.round_id])
    assert client.post(f"{address}?tugas={wanted or other.pk}")["Location"] == reverse("assessments")


def test_before_the_statement_only_ikm_product_place_and_proposer_are_shown(client):
    reference.load()
    nomination = NominationFactory(
        in_state="draft",
        product=ProductFactory(ikm=IkmFactory(regency=a_regency(LONGEST_NAME), sentra=None)),
        story="Kisah yang belum boleh dibaca.",
        documented=False,
    )
    document = link_document(nomination, DocumentKind.objects.get(pk="nib"))
    bring_to(nomination, State.ELIGIBLE)
    one = assignments_of(a_panel(nomination))[0]
    client.force_login(one.assessor)
    client.post(reverse("pact", args=[nomination.round_id]))
    pages = [source(client, at(one, "declaration")), source(client, at(one, "assignment_decline"))]
    shown = words(client, at(one, "declaration"))
    for told in (nomination.product.name, nomination.product.ikm.name, nomination.office.name,
                 "Kabupaten Kepulauan Siau Tagulandang Biaro"):  # fmt: skip
        assert told in shown
    for page in (*pages, source(client, reverse("assessments"))):
        assert "Kisah yang belum boleh dibaca." not in page
        assert nomination.product.ikm.nib not in page
        assert str(document.file_id) not in page
    assert not can_open(client, document)
    client.post(at(one, "declaration"), {"answer": "tidak"})
    assert can_open(client, document)
    assert "Kisah yang belum boleh dibaca." in source(client, sheet_of(one))
    client.post(at(one, "declaration"), {"kind": "family", "text": "Ipar pemiliknya."})
    assert not can_open(client, document)
    assert client.get(sheet_of(one))["Location"] == at(one, "declaration")


def test_a_conflict_is_declared_with_its_kind_and_what_was_typed_stays_on_an_error(client):
    one = assignments_of(a_panel())[0]
    client.force_login(one.assessor)
    client.post(reverse("pact", args=[one.assessment.nomination.round_id]))
    page = client.post(at(one, "declaration"), {"answer": "ya", "kind": "", "text": "Ipar pemiliknya."})
    assert page.status_code == 200
    assert "Pilih jenis hubungannya." in page.content.decode()
    assert "Ipar pemiliknya." in page.content.decode()
    one.refresh_from_db()
    assert one.has_conflict is None
    empty = client.post(at(one, "declaration"), {})
    assert "Pilih salah satu." in empty.content.decode()
    other = client.post(at(one, "declaration"), {"answer": "ya", "kind": "other"})
    assert "Tuliskan hubungan apa yang dimaksud." in other.content.decode()
    done = client.post(
        at(one, "declaration"), {"answer": "ya", "kind": "family", "text": "Ipar pemiliknya."}, follow=True
    )
    assert "Tidak menilai: benturan kepentingan" in unescape(words_of(done))
    one.refresh_from_db()
    assert (one.conflict_kind, one.conflict_text) == ("family", "Ipar pemiliknya.")


def test_a_conflict_that_shows_later_closes_the_sheet_at_once(client, one, codes):
    fill(one, {codes[0]: 2})
    assert "Nyatakan hubungan" in source(client, at(one, "declaration"))
    assert client.post(at(one, "declaration"), {}).status_code == 200
    answer = client.post(at(one, "declaration"), {"kind": "work", "text": ""})
    assert answer["Location"] == reverse("assessments")
    saved = client.post(at(one, "assessment_save"), {f"skor-{codes[0]}": "3"})
    assert (saved.status_code, saved.json()["code"]) == (409, "conflict")
    assert client.post(at(one, "assessment_submit"))["Location"] == at(one, "declaration")
    page = source(client, at(one, "declaration"))
    assert "hubungan kerja atau penghasilan" in page
    assert "Nyatakan hubungan" not in page
    assert one.scores.get().points == 2


def test_the_statement_is_not_said_twice(client, one):
    answer = client.post(at(one, "declaration"), {"answer": "tidak"})
    assert "Pilih jenis hubungannya." in answer.content.decode() or answer.status_code == 200
    one.refresh_from_db()
    assert one.has_conflict is False


def test_a_task_is_given_back_for_one_of_two_reasons_and_a_conflict_is_named_first(client, one):
    page = source(client, at(one, "assignment_decline"))
    assert page.index("nyatakan benturan kepentingan") < page.index("Di luar keahlian saya")
    assert "Diganti oleh Sekretariat" not in page
    for wrong in ({}, {"reason": "replaced"}):
        assert client.post(at(one, "assignment_decline"), wrong).status_code == 200
    one.refresh_from_db()
    assert one.removed_at is None
    done = client.post(at(one, "assignment_decline"), {"reason": "expertise"}, follow=True)
    assert "Anda kembalikan. Sekretariat menunjuk penilai lain." in unescape(done.content.decode())
    assert client.get(sheet_of(one)).status_code == 404
    assert client.post(at(one, "assignment_decline"), {"reason": "time"}).status_code == 404


def test_who_has_sent_gives_nothing_back(client, one):
    fill(one)
    send(one)
    answer = client.post(at(one, "assignment_decline"), {"reason": "time"})
    assert "sudah dikirim dan terkunci" in answer.content.decode()
    one.refresh_from_db()
    assert one.removed_at is None


def test_after_a_conflict_there_is_nothing_to_give_back(client, one):
    declare_conflict(one, at=an_hour_ago() + timedelta(minutes=12))
    for answer in (
        client.get(at(one, "assignment_decline")),
        client.post(at(one, "assignment_decline"), {"reason": "time"}),
    ):
        assert answer["Location"] == at(one, "declaration")
    one.refresh_from_db()
    assert one.removed_at is None


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
