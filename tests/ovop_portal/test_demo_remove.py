"""`manage.py demo --remove`: nothing of the demo is left but its history, and nothing else is touched."""

import json
import os
import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

import manage
from accounts.models import Membership, Office, Person
from accounts.roles import Role
from audit.models import Entry
from awards.models import Award, Certificate
from files.models import StoredFile, Upload
from letters.models import Letter
from nominations import registry
from nominations.models import Document, DocumentKind, Ikm, Nomination, Product, Round, Sentra, State
from ovop_portal import embedded
from ovop_portal.demo import facts, people, removal
from ovop_portal.demo.phases import running_round
from ovop_portal.demo.way import bring
from regions.models import Regency
from tests.factories.accounts import a_person
from tests.factories.awards import AwardFactory, a_certificate
from tests.factories.files import StoredFileFactory
from tests.factories.nominations import NominationFactory, RoundFactory, link_document
from tests.ovop_portal.conftest import everything_stored

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.django_db, pytest.mark.usefixtures("demo")]

# What stays: who did what, the versions of rows, and the accounts that these name, closed.
# The catalogue's clock says when the last award went, and does not go back.
HISTORY = ("audit_", "pghistory_", "accounts_person", "catalogue_lastchange")


def is_history(table: str) -> bool:
    return table.startswith(HISTORY) or table.endswith("event")


@pytest.fixture
def files(demo, settings, tmp_path) -> Path:
    """The demo's files, copied for one test: what is deleted on disk no rollback brings back."""
    folder = tmp_path / "files"
    shutil.copytree(settings.MEDIA_ROOT, folder)
    settings.MEDIA_ROOT = folder
    settings.DATA_DIR = tmp_path
    return folder


@pytest.fixture
def remove(files, django_capture_on_commit_callbacks):
    """Take the demo away as the command does, with what follows the commit; return what it printed."""

    def run(**options: object) -> str:
        answer = StringIO()
        with django_capture_on_commit_callbacks(execute=True):
            call_command("demo", remove=True, stdout=answer, **options)
        connection.check_constraints()  # what a commit would ask; the history's chain is made then too
        return answer.getvalue()

    return run


def left_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


# --- Nothing is left -------------------------------------------------------------------------------------------
def test_every_table_is_as_it_was_before_the_demo_but_for_the_history(demo, remove, files):
    assert len(left_in(files)) > 70
    remove()
    now = everything_stored()
    assert {table for table in now if now[table] != demo.before[table] and not is_history(table)} == set()
    assert left_in(files) == []


def test_the_history_stays_whole_and_says_that_the_demo_was_taken_away(remove):
    before = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    remove()
    assert list(Entry.objects.filter(pk__in=before).order_by("pk").values_list("pk", flat=True)) == before
    last = Entry.objects.exclude(pk__in=before).order_by("subject_id")
    assert [(one.action, one.subject_id) for one in last] == [
        ("demo_removed", "2018"),
        ("demo_removed", "2026"),
    ]
    answer = StringIO()
    call_command("check_integrity", json=True, stdout=answer)
    assert json.loads(answer.getvalue())["ok"], answer.getvalue()


def test_accounts_that_the_history_names_are_closed_and_the_others_removed(demo, remove, client):
    remove()
    emails = {account["email"] for account in demo.printed["accounts"]}
    left = Person.objects.filter(email__in=emails)
    assert {person.pk for person in left} <= set(Entry.objects.values_list("actor", flat=True))
    assert not Person.objects.filter(email="auditor@ovop.example").exists()  # did nothing
    assert left.filter(email="penetap@ovop.example").exists()
    assert not left.filter(is_active=True).exists()
    assert not any(person.has_usable_password() for person in left)
    assert not Membership.objects.filter(person__in=left).exists()
    answer = client.post("/masuk/", {"login": "penetap@ovop.example", "password": demo.printed["password"]})
    assert answer.status_code == 200, "a closed account signed in"


def test_public_pages_show_the_empty_state_and_the_codes_are_unknown(demo, remove, client):
    remove()
    for address in ("/", "/katalog/", "/hasil/"):
        said = client.get(address).content.decode()
        assert "data contoh" not in said.lower()
        for candidate in facts.FOUR_OF_2018:
            assert candidate.ikm not in said
    assert client.get("/hasil/2018/").status_code == 404
    assert client.get("/api/v1/awards").json() == {"count": 0, "next": None, "results": []}
    assert client.get(f"/verifikasi/{demo.printed['awards'][0]['code']}/").status_code == 404


def test_recompute_no_longer_knows_the_round(remove):
    remove()
    with pytest.raises(CommandError, match="periode 2018 tidak ada"):
        call_command("recompute", round=2018)


def test_the_second_time_there_is_nothing_to_take_away(remove):
    remove()
    before = everything_stored()
    assert remove().strip() == "there is no demo data"
    assert everything_stored() == before


def test_it_can_answer_as_one_json_object(remove):
    gone = json.loads(remove(json=True))["removed"]
    assert (gone["rounds"], gone["nominations"], gone["certificates"]) == (2, 15, 4)


def test_what_make_run_prints_no_longer_names_accounts_and_the_password_is_forgotten(remove, settings):
    told = Path(settings.DATA_DIR) / "demo-accounts.txt"
    told.write_text("Demo accounts: penilai1@ovop.example")
    people.write_privately(people.password_file(), "rahasia")
    remove()
    assert "@ovop.example" not in told.read_text()
    assert told.exists(), "without it the next make run would make the demo again"
    assert not people.password_file().exists()


def test_numbers_of_a_round_begin_anew_where_the_demo_had_counted(remove, monkeypatch):
    remove()
    monkeypatch.setattr(removal, "_people", Person.objects.none)
    people.make("kata sandi yang lain")
    goal, candidate = facts.RUNNING[1]
    again = bring(candidate, running_round(facts.RUNNING_ROUND), to=goal)
    assert again.state == State.SUBMITTED
    assert again.number == "U-2026-3205-001"


# --- What people did with the demo goes too ----------------------------------------------------------------------
def test_what_visitors_made_with_demo_accounts_goes_where_nothing_needs_it(demo, remove, files):
    now = timezone.now()
    officer = people.person("dinas.3205")
    regency = Regency.objects.get(pk="3205")
    ikm = registry.register_ikm({"name": "UD Dicoba Pengunjung"}, regency=regency, by=officer, at=now)
    upload = Upload.objects.create(
        owner=officer, original_name="a.pdf", size=10, started_at=now, expires_at=now + timedelta(hours=1)
    )
    upload.part_path.parent.mkdir(parents=True, exist_ok=True)
    upload.part_path.write_bytes(b"12345")
    remove()
    assert not Ikm.objects.filter(pk=ikm.pk).exists()
    assert left_in(files) == []


# --- Nothing else is touched -------------------------------------------------------------------------------------
@pytest.fixture
def real(files):
    """A real round beside the demo, of the same region, with people, papers and a published award of its own."""
    round_ = RoundFactory(year=2027)
    officer = a_person(Role.DINAS, office=Office.objects.get(code="3205"), email="petugas@garutkab.example")
    nomination = NominationFactory(
        round=round_, in_state="eligible", by=officer, product__ikm__nib="8120000000017"
    )
    award = AwardFactory(
        decree__round=RoundFactory(year=2024), decree__published=True, product__ikm_name="UD Nyata"
    )
    return nomination, award, a_certificate(award), officer


def test_another_round_with_its_data_stays_untouched(real, remove):
    nomination, award, certificate, officer = real
    submission = nomination.latest_submission()
    contents = {file.path: file.path.read_bytes() for file in StoredFile.objects.filter(uploaded_by=officer)}
    assert contents
    kept = {
        model: list(model.objects.filter(**which).order_by("pk").values())
        for model, which in (
            (Round, {"is_example": False}),
            (Nomination, {"round": 2027}),
            (Document, {"added_by": officer}),
            (Ikm, {"is_example": False}),
            (Product, {"is_example": False}),
            (Sentra, {"is_example": False}),
            (Award, {"pk": award.pk}),
            (Certificate, {"pk": certificate.pk}),
            (Membership, {"person": officer}),
        )
    }
    assert all(kept.values())
    remove()
    for model, rows in kept.items():
        assert list(model.objects.order_by("pk").values()) == rows or model is Membership, model
    assert list(Membership.objects.filter(person=officer).values()) == kept[Membership]
    assert nomination.latest_submission() == submission
    for path, content in contents.items():
        assert path.read_bytes() == content
    assert Person.objects.get(pk=officer.pk).is_active


def test_a_file_that_a_demo_account_gave_to_a_real_nomination_stays_with_it(real, remove):
    nomination, *_ = real
    given = StoredFileFactory(uploaded_by=people.person("dinas.3205"))
    kind = DocumentKind.objects.get(pk="surat_usulan")
    document = link_document(nomination, kind, file=given, added_by=given.uploaded_by)
    remove()
    assert nomination.document_links.filter(document=document).exists()
    assert given.path.exists()
    assert not Person.objects.get(pk=given.uploaded_by_id).is_active


def a_real_ikm_in_the_demos_sentra() -> str:
    sentra = Sentra.objects.filter(is_example=True).order_by("pk").first()
    return str(Ikm.objects.create(name="UD Nyata", regency=sentra.regency, sentra=sentra))


def a_demo_product_in_a_real_round() -> str:
    product = Product.objects.filter(is_example=True, ikm__regency="3205").order_by("pk").first()
    NominationFactory(round=RoundFactory(year=2027), product=product)
    return "nomination"


@pytest.mark.parametrize("rest_on_it", [a_real_ikm_in_the_demos_sentra, a_demo_product_in_a_real_round])
def test_where_real_data_rests_on_the_demo_nothing_is_taken_away(rest_on_it, remove, files):
    named = rest_on_it()
    before, there = everything_stored(), left_in(files)
    with pytest.raises(CommandError, match=f"real data rests on the demo's: .*{named}"):
        remove()
    assert everything_stored() == before
    assert left_in(files) == there


def test_the_role_that_the_portal_runs_as_cannot_take_it_away(remove):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE ovop_app")
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        remove()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert Round.objects.filter(is_example=True).count() == 2


def test_triggers_of_tables_without_demo_rows_are_not_ignored():
    assert removal._forbidding([Nomination, Award]) == []
    assert removal._forbidding([Certificate, Letter]) == ["letters.Letter:signed_stays"]


def test_manage_py_takes_the_owners_role_for_removing_only(monkeypatch):
    monkeypatch.setattr(embedded, "ensure_running", lambda *_, **__: frozenset())
    owner = {"DATABASE_URL": "postgresql://app@h/ovop", "DATABASE_OWNER_URL": "postgresql://owner@h/ovop"}
    for words, role in ((["demo"], "app"), (["demo", "--json"], "app"), (["demo", "--remove"], "owner")):
        environment = dict(owner)
        manage.prepare(words, environment)
        assert environment["DATABASE_URL"] == f"postgresql://{role}@h/ovop", words
    assert "DATABASE_OWNER_URL" not in os.environ
