"""`manage.py demo`: what it makes, that a repeat changes nothing, where it refuses."""

import json
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Person
from accounts.roles import Role
from assessment.models import Assignment, Instrument
from audit.models import Entry
from files.models import StoredFile
from letters.models import Letter, Message
from nominations import objections
from nominations.models import Document, Nomination, Objection, Phase, Round, State
from ovop_portal.demo import facts, making, people
from tests.ovop_portal.conftest import PASSWORD, everything_stored

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.django_db, pytest.mark.usefixtures("demo")]

# Each goal of facts.RUNNING: the state that the nomination is in then, and how many sheets were sent.
STATE_OF = {
    "draft": (State.DRAFT, 0),
    "submitted": (State.SUBMITTED, 0),
    "returned": (State.RETURNED, 0),
    "endorsed": (State.ENDORSED, 0),
    "eligible": (State.ELIGIBLE, 0),
    "assigned": (State.ELIGIBLE, 0),
    "scoring": (State.ELIGIBLE, 2),
    "assessed": (State.ASSESSED, 3),
    "objected": (State.INELIGIBLE, 0),
}


def every_file(folder: Path) -> dict[str, float]:
    return {str(path): path.stat().st_mtime for path in sorted(folder.rglob("*")) if path.is_file()}


def run_demo(**options: object) -> str:
    answer = StringIO()
    call_command("demo", stdout=answer, stderr=StringIO(), **options)
    return answer.getvalue()


# --- What it makes ---------------------------------------------------------------------------------------------
def test_two_killed_runs_left_halves_and_the_third_finished_them(demo):
    (files, documents, _), (_, _, certificates) = demo.half_done
    assert files == documents + 1, "the first run was not killed between a file and its document"
    assert certificates == 2, "the second run was not killed between two certificates"
    assert StoredFile.objects.count() == Document.objects.count()
    assert not StoredFile.objects.filter(documents=None).exists()
    assert Nomination.objects.count() == len(facts.FOUR_OF_2018) + len(facts.RUNNING)
    assert len(demo.printed["awards"]) == 4


@pytest.mark.parametrize(("goal", "candidate"), facts.RUNNING, ids=lambda one: getattr(one, "ikm", one))
def test_the_running_round_has_each_candidate_where_facts_say(goal, candidate):
    nomination = Nomination.objects.get(round=2026, product__ikm__nib=candidate.nib)
    sent = Assignment.objects.filter(assessment__nomination=nomination, submitted_at__isnull=False).count()
    assert (State(nomination.state), sent) == STATE_OF[goal]
    assert nomination.product.is_example
    assert nomination.product.ikm.is_example
    assert nomination.product.ikm.sentra.is_example
    has_panel = Assignment.objects.active().filter(assessment__nomination=nomination).count()
    assert has_panel == (3 if goal in ("assigned", "scoring", "assessed") else 0)


def test_an_objection_waits_for_the_one_of_the_secretariat_who_did_not_decide():
    from django.utils import timezone

    now = timezone.now()
    objection = Objection.objects.with_names().get()
    assert (objection.stage, objection.outcome) == ("seleksi", "")
    assert objection.nomination.state == State.INELIGIBLE
    could = [person.email for person in objections.who_could_answer(objection, at=now)]
    assert could == ["sekretariat3@ovop.example"]


def test_one_letter_waits_as_a_draft_and_one_was_delivered_under_a_letterhead_that_says_what_it_is():
    letters = Letter.objects.order_by("office__code")
    assert list(letters.values_list("office__code", "kind", "state")) == [
        ("3205", "surat_usulan", "disampaikan"),
        ("3206", "surat_usulan", "konsep"),
    ]
    for letter in letters:
        assert any("DATA CONTOH" in line for line in letter.letterhead)
    assert Message.objects.filter(kind="letter_delivered").exists()


def test_both_rounds_are_marked_and_the_running_one_is_open_for_work(demo):
    from django.utils import timezone

    now = timezone.now()
    assert list(Round.objects.order_by("pk").values_list("pk", "is_example")) == [(2018, True), (2026, True)]
    running = Round.objects.get(pk=2026)
    for kind in (Phase.Kind.NOMINATION, Phase.Kind.ENDORSEMENT, Phase.Kind.SCREENING, Phase.Kind.ASSESSMENT):
        assert running.is_open(kind, at=now), kind
    assert not running.is_open(Phase.Kind.PLENARY, at=now)


def test_the_finished_round_was_held_today_and_not_in_2018(demo):
    from django.utils import timezone

    today = timezone.localdate()
    for phase in Phase.objects.filter(round=2018):
        assert (today - timezone.localdate(phase.opens_at)).days <= 1
        assert (phase.closes_at - phase.opens_at).total_seconds() <= 2 * 60 * 60


def test_the_finished_round_was_walked_by_more_than_eight_people_each_in_the_own_role():
    nominations = list(Nomination.objects.filter(round=2018).order_by("pk").values_list("pk", flat=True))
    entries = Entry.objects.filter(
        subject_type="nominations.nomination", subject_id__in=[str(pk) for pk in nominations]
    )
    actors = set(entries.exclude(actor=None).order_by().values_list("actor__email", flat=True))
    assert len(actors) >= 8
    deciders = {
        action: set(
            entries.filter(action=action).order_by().values_list("actor__memberships__role", flat=True)
        )
        for action in ("submit", "endorse", "declare_eligible", "complete_assessment", "award")
    }
    assert deciders == {
        "submit": {Role.DINAS},
        "endorse": {Role.PROVINSI},
        "declare_eligible": {Role.SEKRETARIAT},
        "complete_assessment": {Role.PENILAI},
        "award": {Role.PENETAP},
    }


def test_every_account_that_is_printed_signs_in_with_the_password_and_has_its_role(demo, client):
    assert demo.printed["password"] == PASSWORD
    for account in demo.printed["accounts"]:
        person = Person.objects.get(email=account["email"])
        assert person.check_password(PASSWORD), account
        assert person.roles() == {Role(account["role"])}
        assert [membership.office.code for membership in person.active_memberships()] == [account["office"]]
    answer = client.post("/masuk/", {"login": "penilai1@ovop.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/beranda/"


def test_an_uploaded_document_says_that_it_is_an_example():
    pdf = StoredFile.objects.filter(media_type="application/pdf").order_by("pk").first()
    document = pypdfium2.PdfDocument(pdf.path)
    assert "DATA CONTOH" in document[0].get_textpage().get_text_range()
    document.close()
    assert StoredFile.objects.filter(media_type="image/jpeg").count() == 14


def test_recompute_and_check_integrity_find_nothing_wrong(demo):
    for year, computed in ((2018, 4), (2026, 0)):
        answer = StringIO()
        call_command("recompute", round=year, json=True, stdout=answer)
        told = json.loads(answer.getvalue())
        assert told["ok"]
        assert (told["computed"], told["differences"]) == (computed, 0)
    answer = StringIO()
    call_command("check_integrity", json=True, stdout=answer)
    assert json.loads(answer.getvalue()) == {
        "ok": True,
        "problems": {
            "history": [],
            "files": [],
            "letters": [],
            "assessment": [],
            "awards": [],
            "catalogue": [],
        },
    }


# --- Once more -------------------------------------------------------------------------------------------------
def test_a_repeat_changes_nothing_and_prints_the_same(demo, monkeypatch, settings):
    monkeypatch.setenv("OVOP_DEMO_PASSWORD", PASSWORD)
    before, files = everything_stored(), every_file(Path(settings.MEDIA_ROOT))
    assert json.loads(run_demo(json=True)) == demo.printed
    assert everything_stored() == before
    assert every_file(Path(settings.MEDIA_ROOT)) == files


def test_what_people_did_in_the_running_round_meanwhile_is_left_as_it_is(monkeypatch):
    from django.utils import timezone

    from nominations import lifecycle

    monkeypatch.setenv("OVOP_DEMO_PASSWORD", PASSWORD)
    submitted = Nomination.objects.filter(round=2026, state=State.SUBMITTED).order_by("pk").first()
    officer = people.person(f"dinas.{submitted.office.code}")
    reason = "Diperagakan: usulan ditarik kembali."
    lifecycle.perform("withdraw", submitted, by=officer, at=timezone.now(), reason=reason)
    before = everything_stored()
    run_demo()
    assert everything_stored() == before


def test_an_account_that_was_closed_or_has_another_password_is_opened_again(monkeypatch):
    monkeypatch.setenv("OVOP_DEMO_PASSWORD", PASSWORD)
    person = people.person("auditor")
    person.is_active = False
    person.set_password("sesuatu yang lain")
    person.save()
    run_demo()
    person = people.person("auditor")
    assert person.is_active
    assert person.check_password(PASSWORD)


def test_the_words_fit_on_a_screen_and_name_roles_and_password(demo, monkeypatch):
    monkeypatch.setenv("OVOP_DEMO_PASSWORD", PASSWORD)
    words = run_demo()
    lines = words.splitlines()
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 110
    assert "to sign in at /masuk/" in words
    assert demo.printed["address"] not in words, "kept for later starts, which may be at another port"
    assert PASSWORD in words
    assert "data contoh" in words
    for role in Role:
        assert any(line.split()[0] == role.value for line in lines[2:]), role


def test_what_make_run_prints_at_each_start_follows(monkeypatch, settings, tmp_path):
    monkeypatch.setenv("OVOP_DEMO_PASSWORD", PASSWORD)
    settings.DATA_DIR, told = tmp_path, tmp_path / "demo-accounts.txt"
    run_demo()
    assert not told.exists(), "make run itself keeps what it was told the first time"
    told.write_text("The demo data was taken away")
    words = run_demo()
    assert told.read_text() == words


def test_a_random_password_is_kept_for_the_next_run_readable_by_its_owner_only(
    monkeypatch, settings, tmp_path
):
    monkeypatch.delenv("OVOP_DEMO_PASSWORD", raising=False)
    settings.DATA_DIR = tmp_path / "var"
    secret = people.password()
    assert len(secret) >= 12
    assert people.password() == secret
    assert people.password_file().stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("OVOP_DEMO_PASSWORD", "yang diberikan")
    assert people.password() == "yang diberikan"


# --- Where it refuses ------------------------------------------------------------------------------------------
def test_it_refuses_in_production_and_changes_nothing(settings):
    settings.IS_PRODUCTION = True
    before = everything_stored()
    with pytest.raises(CommandError, match="OVOP_ENV=production"):
        run_demo()
    assert everything_stored() == before


def test_a_real_round_of_one_of_its_years_is_left_alone():
    Round.objects.filter(pk=2026).update(is_example=False)
    before = everything_stored()
    with pytest.raises(CommandError, match="round 2026 is not example data"):
        run_demo()
    assert everything_stored() == before


def test_without_reference_data_it_says_what_to_run(monkeypatch):
    monkeypatch.setattr(Instrument.objects, "published", Instrument.objects.none)
    with pytest.raises(CommandError, match=r"manage\.py prepare"):
        run_demo()


def test_before_the_tables_are_made_it_says_what_to_run(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: [])
    with pytest.raises(CommandError, match=r"no tables yet: run manage\.py prepare"):
        run_demo()


def test_a_real_ikm_with_the_nib_of_an_example_is_not_taken_for_it():
    from nominations.models import Ikm

    candidate = facts.RUNNING[0][1]
    Ikm.objects.filter(nib=candidate.nib).update(is_example=False)
    with pytest.raises(making.CannotMake, match="belongs to a real IKM"):
        making.bring(candidate, Round.objects.get(pk=2026), to="draft")


def test_an_interrupted_demo_is_gone_on_with_when_its_phases_are_over():
    """The round of an hour is over tomorrow; what is unfinished then extends it, with a reason, as a person would."""
    from datetime import timedelta

    from django.utils import timezone

    from ovop_portal.demo.phases import keep_open

    phase = Phase.objects.get(round=2018, kind=Phase.Kind.SCREENING)
    over = timezone.now() - timedelta(days=1)
    Phase.objects.filter(pk=phase.pk).update(opens_at=over - timedelta(hours=1), closes_at=over)
    keep_open(Round.objects.get(pk=2018), Phase.Kind.SCREENING)
    phase.refresh_from_db()
    assert phase.holds(timezone.now() + timedelta(minutes=30))
    entry = Entry.objects.filter(subject_type="nominations.phase", subject_id=str(phase.pk)).last()
    assert "data contoh" in entry.reason


def test_the_demo_knows_every_room_that_has_an_example_mark():
    """Removal begins with these; a model that is marked later has to be named there too."""
    from ovop_portal.demo import removal

    marked = {
        model
        for model in apps.get_models()
        if any(field.name == "is_example" for field in model._meta.concrete_fields)
        and not hasattr(model, "pgh_tracked_model")
    }
    assert marked == set(removal._MARKED)
