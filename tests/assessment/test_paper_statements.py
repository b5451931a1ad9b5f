"""The statement of an assessor without a device: signed on paper, taken in by the secretariat, the assessor's own."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Membership, Person
from accounts.roles import Role
from assessment import declarations, paper_statements, sheets
from assessment.models import Pact, PaperStatement
from assessment.refusals import Refused
from audit import history
from files.access import may_open
from letters import papers
from tests.factories.accounts import a_person
from tests.factories.assessment import a_panel, a_secretary, assignments_of, declare_free, full_marks_but
from tests.factories.files import StoredFileFactory, an_upload, pdf_bytes
from tests.factories.nominations import an_hour_ago

pytestmark = pytest.mark.django_db
SECRET = "Ipar pemiliknya."


@pytest.fixture
def one():
    return assignments_of(a_panel())[0]


def recorded(one, *, by=None, at=None, **said) -> PaperStatement:
    by = by or a_secretary()
    scan = StoredFileFactory(uploaded_by=by)
    said = {"has_conflict": False, "holds_pact": True, **said}
    return paper_statements.record(one, scan, by=by, at=at or one.assigned_at, **said)


def refused(one, **how) -> str:
    with pytest.raises(Refused) as refusal:
        recorded(one, **how)
    return refusal.value.code


def test_pact_and_statement_on_paper_open_the_sheet_and_the_history_names_both_people(one):
    secretary = a_secretary()
    made = recorded(one, by=secretary)
    one.refresh_from_db()
    assert (one.has_conflict, one.declared_at) == (False, made.recorded_at)
    pact = Pact.objects.get()
    assert (pact.person, made.pact) == (one.assessor, pact)
    for record, action in (
        (pact, "sign_pact"),
        (one, "declare_no_conflict"),
        (made, "record_paper_statement"),
    ):
        entry = history.of(record).get(action=action)
        assert (entry.actor, entry.details["on_behalf_of"]) == (secretary, one.assessor_id), action
    answers = {code: sheets.Answer(points) for code, points in full_marks_but().items()}
    assert sheets.save(one, answers, by=one.assessor, at=made.recorded_at) == len(answers)


def test_a_relation_said_on_paper_closes_the_nomination_and_is_not_in_the_history(one):
    made = recorded(one, has_conflict=True, kind="family", text=SECRET)
    one.refresh_from_db()
    assert (one.has_conflict, one.conflict_kind, one.conflict_text) == (True, "family", SECRET)
    with pytest.raises(Refused):
        sheets.save(one, {}, by=one.assessor, at=made.recorded_at)
    assert SECRET not in str([entry.details for entry in history.of(one)])


def test_without_the_pact_nothing_is_taken_in_and_with_one_on_record_none_is_asked_for(one):
    assert refused(one, holds_pact=False) == "no_pact"
    assert not Pact.objects.exists()
    one.refresh_from_db()
    assert one.has_conflict is None
    declarations.sign_pact(one.assessor, one.assessment.nomination.round, at=one.assigned_at)
    assert recorded(one, holds_pact=False).pact is None


def test_a_statement_that_was_made_is_not_taken_in_again(one):
    recorded(one)
    assert refused(one) == "already"
    other = assignments_of(one.assessment)[1]
    declare_free(other)
    assert refused(other) == "already"
    assert PaperStatement.objects.count() == 1


def test_only_the_secretariat_takes_it_in_and_nobody_of_the_panel(one):
    for role in (Role.KETUA, Role.AUDITOR, Role.PENILAI, Role.DINAS):
        assert refused(one, by=a_person(role, around=one.assessment.nomination)) == "not_yours", role
    colleague = assignments_of(one.assessment)[1].assessor
    Membership.objects.filter(person=colleague).update(role=Role.SEKRETARIAT)
    assert refused(one, by=Person.objects.get(pk=colleague.pk)) == "of_the_panel"


def test_the_database_takes_no_proof_of_a_statement_that_was_not_made(one):
    secretary = a_secretary()
    with pytest.raises(IntegrityError, match="proof of the statement"), transaction.atomic():
        PaperStatement.objects.create(
            assignment=one, scan=StoredFileFactory(), recorded_at=an_hour_ago(), recorded_by=secretary
        )
    other = assignments_of(one.assessment)[1]
    declare_free(one)
    pact = declarations.sign_pact(other.assessor, one.assessment.nomination.round, at=one.assigned_at)
    one.refresh_from_db()
    with pytest.raises(IntegrityError, match="of its own assessor"), transaction.atomic():
        PaperStatement.objects.create(
            assignment=one, pact=pact, scan=StoredFileFactory(), recorded_at=one.declared_at, recorded_by=secretary
        )  # fmt: skip


def test_the_scan_is_read_by_its_assessor_the_secretariat_and_the_auditor(one):
    scan = recorded(one).scan
    readers = {
        one.assessor: True,
        a_secretary(): True,
        a_person(Role.AUDITOR): True,
        assignments_of(one.assessment)[1].assessor: False,
        a_person(Role.KETUA): False,
        a_person(Role.DINAS, around=one.assessment.nomination): False,
    }
    assert {person: may_open(person, scan) for person in readers} == readers


# --- Its page --------------------------------------------------------------------------------------------------
def page(person, address, data=None):
    client = Client()
    client.force_login(person)
    return client.get(address) if data is None else client.post(address, data)


def given(**fields):
    return {
        "file": an_upload(pdf_bytes(), "pernyataan.pdf"),
        "holds_pact": "on",
        "answer": "tidak",
        **fields,
    }


def test_the_panel_leads_to_the_page_and_shows_the_scan_afterwards(one):
    address, panel = f"/penilaian/kertas/pernyataan/{one.pk}/", f"/panel/{one.assessment.nomination_id}/"
    secretary = a_secretary()
    assert f'href="{address}"' in page(secretary, panel).content.decode()
    assert page(secretary, address).status_code == 200
    answer = page(secretary, address, given())
    assert (answer.status_code, answer["Location"]) == (302, panel)
    scan = PaperStatement.objects.get().scan
    shown = page(secretary, panel).content.decode()
    assert f'href="{scan.get_absolute_url()}"' in shown
    assert f'href="{address}"' not in shown
    assert f'href="{scan.get_absolute_url()}"' not in page(a_person(Role.KETUA), panel).content.decode()
    assert page(secretary, address).status_code == 404, "there is a statement by now"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"holds_pact": ""}, "Sertakan dalam pindaian."),
        ({"answer": ""}, "Pilih salah satu, sesuai dengan pindaian."),
        ({"answer": "ya"}, "Pilih jenis hubungannya."),
    ],
    ids=["no pact", "no answer", "no kind"],
)
def test_what_is_missing_is_said_and_nothing_is_kept(one, fields, said):
    answer = page(a_secretary(), f"/penilaian/kertas/pernyataan/{one.pk}/", given(**fields))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not PaperStatement.objects.exists()


def test_the_page_is_the_secretariats_alone(one):
    for role in (Role.KETUA, Role.AUDITOR, Role.PENILAI, Role.DINAS, Role.PROVINSI, Role.ADMIN):
        person = a_person(role, around=one.assessment.nomination)
        assert page(person, f"/penilaian/kertas/pernyataan/{one.pk}/").status_code in (403, 404), role


def test_the_papers_say_that_it_was_signed_on_paper_and_who_took_it_in(one, monkeypatch):
    monkeypatch.setattr(papers, "drawn", lambda words, *, pictures=(): words.encode())
    made = recorded(one)
    for address in (
        f"/panel/{one.assessment.nomination_id}/pernyataan/",
        f"/panel/pakta/{made.pact.round_id}/{one.assessor_id}/",
    ):
        text = " ".join(page(a_secretary(), address).content.decode().split())
        assert f"di atas kertas; pindaiannya dicatat di portal OVOP oleh {made.recorded_by.full_name}" in text
        assert "melalui portal OVOP pada" not in text
