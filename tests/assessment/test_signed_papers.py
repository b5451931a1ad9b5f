"""The pact of a round and the statements on a nomination as papers: what they say, whose they are, and to whom they open."""

from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from assessment import assignment, declarations
from assessment.models import Assignment
from letters import papers
from letters.wording import long_instant
from nominations.models import Round
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_panel,
    a_secretary,
    assignments_of,
    declare_conflict,
    declare_free,
    three_assessors,
)
from tests.factories.nominations import NominationFactory, an_hour_ago
from tests.pages import tables_of

pytestmark = pytest.mark.django_db
SECRET = "Ipar pemiliknya."
WIB = timezone.get_default_timezone()


def opened(person, address):
    client = Client()
    client.force_login(person)
    return client.get(address)


@pytest.fixture
def as_words(monkeypatch):
    """The words of a paper instead of its PDF; one of each kind is drawn below."""
    monkeypatch.setattr(papers, "drawn", lambda words, *, pictures=(): words.encode())


def words(person, address) -> str:
    answer = opened(person, address)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def round_of(one: Assignment) -> Round:
    return one.assessment.nomination.round


# --- The pact --------------------------------------------------------------------------------------------------
def test_a_pact_that_was_signed_names_instant_and_version_and_one_that_was_not_has_a_line_to_sign_on(
    as_words,
):
    one, other, _ = assignments_of(a_panel())
    year = round_of(one).pk
    signed = declarations.sign_pact(one.assessor, round_of(one), at=an_hour_ago() + timedelta(minutes=10))
    address = f"/penilaian/pakta/{year}/berkas/"
    paper = words(one.assessor, address)
    assert (
        f"Saya, {one.assessor.full_name}, {one.office.name}, penilai Penghargaan OVOP Tahun {year}" in paper
    )
    assert "menghindari benturan kepentingan dan menyatakannya sebelum menilai;" in paper
    assert f"pada {long_instant(signed.at, WIB)} (naskah&nbsp;versi&nbsp;1)" in paper
    unsigned = words(other.assessor, address)
    assert "naskah" not in unsigned
    assert 'class="signature-space"' in unsigned
    assert one.assessor.full_name not in unsigned
    assert f'href="{address}"' in words(one.assessor, f"/penilaian/pakta/{year}/")


def test_who_assesses_nothing_in_the_round_has_no_pact_to_print():
    year = round_of(assignments_of(a_panel())[0]).pk
    assert opened(a_person(Role.PENILAI), f"/penilaian/pakta/{year}/berkas/").status_code == 404


def test_the_secretariat_sees_who_has_signed_and_prints_all_pacts_in_one_file(as_words):
    everyone = assignments_of(a_panel())
    signed, round_ = everyone[1], round_of(everyone[0])
    declarations.sign_pact(signed.assessor, round_, at=an_hour_ago() + timedelta(minutes=10))
    page = opened(a_secretary(), f"/panel/pakta/{round_.pk}/")
    assert "1 dari 3 penilai sudah menandatangani" in page.content.decode()
    (table,) = tables_of(page.content.decode())
    told = {row[0]: row[1] for row in table.tbody}
    assert len(told) == 3
    for one in everyone:
        (state,) = [state for name, state in told.items() if one.assessor.full_name in name]
        assert state.startswith("Ditandatangani") is (one == signed), one
    file = words(a_secretary(), f"/panel/pakta/{round_.pk}/berkas/")
    assert file.count('class="own-page"') == 3
    assert all(f"Saya, {one.assessor.full_name}," in file for one in everyone)
    single = words(a_person(Role.AUDITOR), f"/panel/pakta/{round_.pk}/{signed.assessor.pk}/")
    assert f"Saya, {signed.assessor.full_name}," in single
    assert single.count('class="own-page"') == 1


def test_a_pact_stays_when_its_assessor_is_taken_off_and_who_had_not_signed_is_no_longer_listed():
    signed, unsigned, _ = assignments_of(a_panel())
    round_ = round_of(signed)
    declarations.sign_pact(signed.assessor, round_, at=an_hour_ago() + timedelta(minutes=10))
    for one in (signed, unsigned):
        assignment.remove(
            one, reason="Berhalangan tetap sejak hari ini.", by=a_secretary(), at=timezone.now()
        )
    people = [one.person for one in declarations.signatories(round_)]
    assert signed.assessor in people
    assert unsigned.assessor not in people


def test_a_round_without_assessors_says_so_and_has_no_file():
    round_ = NominationFactory(in_state="eligible").round
    page = opened(a_secretary(), f"/panel/pakta/{round_.pk}/").content.decode()
    assert "Belum ada penilai yang ditugaskan." in page
    assert opened(a_secretary(), f"/panel/pakta/{round_.pk}/berkas/").status_code == 404


def test_the_list_of_pacts_asks_as_much_for_six_as_for_three(client, queries_of):
    round_ = a_panel().nomination.round
    client.force_login(a_secretary())
    queries_of(f"/panel/pakta/{round_.pk}/")
    few = queries_of(f"/panel/pakta/{round_.pk}/")
    a_panel(NominationFactory(in_state="eligible", round=round_), three_assessors())
    many = queries_of(f"/panel/pakta/{round_.pk}/")
    assert len(declarations.signatories(round_)) == 6
    assert len(many) == len(few)


# --- The statements --------------------------------------------------------------------------------------------
def test_a_statement_says_what_was_declared_when_and_on_which_text(as_words):
    one = declare_free(assignments_of(a_panel())[0])
    nomination = one.assessment.nomination
    address = f"/penilaian/{one.pk}/pernyataan/berkas/"
    paper = words(one.assessor, address)
    assert "saya menyatakan <b>tidak mempunyai</b> hubungan." in paper
    for said in (one.assessor.full_name, nomination.product.ikm.name, str(nomination)):
        assert said in paper, said
    assert f"pada {long_instant(one.declared_at, WIB)} (naskah&nbsp;versi&nbsp;1)" in paper
    assert f'href="{address}"' in words(one.assessor, f"/penilaian/{one.pk}/pernyataan/")


def test_before_it_is_made_the_statement_is_a_form_with_the_six_kinds(as_words):
    one = assignments_of(a_panel())[0]
    paper = words(one.assessor, f"/penilaian/{one.pk}/pernyataan/berkas/")
    for kind in Assignment.ConflictKind.labels:
        assert kind in paper, kind
    assert "menyatakan <b>" not in paper
    assert paper.count('class="box"') == 2 + 6


def test_what_the_relation_is_reads_the_person_the_secretariat_and_the_auditor(as_words):
    one = declare_conflict(assignments_of(a_panel())[0])
    mine = f"/penilaian/{one.pk}/pernyataan/berkas/"
    panel = f"/panel/{one.assessment.nomination_id}/pernyataan/"
    for person, address in ((one.assessor, mine), (a_secretary(), panel), (a_person(Role.AUDITOR), panel)):
        paper = words(person, address)
        assert SECRET in paper
        assert "menyatakan <b>mempunyai</b> hubungan." in paper
    for role in (Role.KETUA, Role.PENILAI, Role.PENETAP, Role.DINAS, Role.PROVINSI, Role.ADMIN):
        person = a_person(role, around=one.assessment.nomination)
        assert opened(person, panel).status_code in (403, 404), role
        assert opened(person, mine).status_code in (403, 404), role


def test_a_statement_of_somebody_else_is_not_there_for_a_colleague_of_the_panel():
    one, other, _ = assignments_of(a_panel())
    declare_free(one)
    assert opened(other.assessor, f"/penilaian/{one.pk}/pernyataan/berkas/").status_code == 404


def test_the_panels_file_holds_each_statement_of_those_too_who_left_after_making_it(as_words):
    free, silent, gone = assignments_of(a_panel())
    for one in (free, gone):
        declare_free(one)
    for one in (silent, gone):
        assignment.remove(
            one, reason="Berhalangan tetap sejak hari ini.", by=a_secretary(), at=timezone.now()
        )
    address = f"/panel/{free.assessment.nomination_id}/pernyataan/"
    file = words(a_secretary(), address)
    assert file.count('class="own-page"') == 2
    assert free.assessor.full_name in file
    assert gone.assessor.full_name in file
    assert silent.assessor.full_name not in file
    assert f'href="{address}"' in words(a_secretary(), f"/panel/{free.assessment.nomination_id}/")


def test_a_panel_without_anybody_has_no_statements():
    nomination = NominationFactory(in_state="eligible")
    assert opened(a_secretary(), f"/panel/{nomination.pk}/pernyataan/").status_code == 404


def test_both_papers_come_as_pdf_a_page_for_each_person():
    one = declare_conflict(assignments_of(a_panel())[0])
    year = round_of(one).pk
    for address, title in (
        (f"/panel/pakta/{year}/berkas/", "PAKTA INTEGRITAS"),
        (f"/panel/{one.assessment.nomination_id}/pernyataan/", "PERNYATAAN BENTURAN KEPENTINGAN"),
    ):
        answer = opened(a_secretary(), address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert "no-store" in answer["Cache-Control"]
        document = pypdfium2.PdfDocument(answer.content)
        pages = [page.get_textpage().get_text_range() for page in document]
        document.close()
        assert len(pages) == 3
        assert all(title in page for page in pages)
