"""/lapangan/ as its readers see it: the route, the plan, the form without a script, reading, and the minutes."""

import json
import uuid

import pytest
from django.utils import timezone

from accounts.roles import Role
from assessment import visits
from assessment.models import Finding, Visit, VisitPhoto
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_panel,
    a_secretary,
    an_assessor,
    assignments_of,
    declare_conflict,
    declare_free,
)
from tests.factories.files import an_upload, picture_bytes
from tests.factories.visits import (
    MET,
    SEEN,
    a_finished_visit,
    a_visit,
    a_write,
    assess_all,
    look_at_everything,
    visitor,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def visit():
    return a_visit()


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def form_of(visit, **changed):
    """What a browser without a script sends of the untouched page, with what was changed."""
    from assessment.visit_forms import VisitForm

    fresh = Visit.objects.get(pk=visit.pk)
    form = VisitForm(visit=fresh, instrument=fresh.assessment.instrument)
    data = {name: "" if field.initial is None else field.initial for name, field in form.fields.items()}
    return {**data, **{f"awal-{code}": form.digest(code) for code in form.codes}, **changed}


# --- Lists and plans -----------------------------------------------------------------------------------------------
def test_an_assessor_reads_the_own_route_by_day_and_place_and_nothing_of_others(client):
    mine, other = a_visit(place="Bengkel Beleka"), a_visit(place="Rumah tenun rahasia")
    client.force_login(visitor(mine))
    text = page(client, "/lapangan/")
    assert "Bengkel Beleka" in text
    assert "Rumah tenun rahasia" not in text
    assert "Rencanakan kunjungan" not in text
    page(client, f"/lapangan/{other.pk}/", 404)


def test_the_secretariat_sees_every_visit_of_the_round_narrows_them_and_plans_from_here_and_from_the_panel(
    client,
):
    visit = a_visit(place="Bengkel Beleka")
    client.force_login(a_secretary())
    assert "Bengkel Beleka" in page(client, "/lapangan/")
    assert "Bengkel Beleka" not in page(client, "/lapangan/?keadaan=done")
    assessment = a_panel()
    first = declare_free(assignments_of(assessment)[0])
    nomination = assessment.nomination
    address = f"/lapangan/rencana/{nomination.pk}/"
    assert address in page(client, "/lapangan/rencana/")
    assert f"/lapangan/rencana/{visit.assessment.nomination_id}/" not in page(client, "/lapangan/rencana/")
    assert address in page(client, f"/panel/{nomination.pk}/")
    assert first.assessor.full_name in page(client, address)
    data = {"on": timezone.localdate().isoformat(), "position": 2, "place": "Bengkel", "team": [first.pk]}
    answer = client.post(address, data)
    made = Visit.objects.get(assessment=assessment)
    assert answer["Location"] == f"/lapangan/{made.pk}/"
    assert "sudah direncanakan" in client.post(address, data).content.decode()
    assert client.post(f"/lapangan/{made.pk}/batal/", {"reason": "Banjir."}).status_code == 302
    assert "Banjir." in page(client, f"/lapangan/{made.pk}/")


@pytest.mark.parametrize("role", [Role.DINAS, Role.PROVINSI, Role.PENETAP, Role.ADMIN])
def test_other_roles_have_no_door_to_visits(client, role):
    visit = a_finished_visit(corrected={"A.I.1": 1})
    client.force_login(a_person(role, around=visit.assessment.nomination))
    for address in ("", "rencana/", f"{visit.pk}/", f"{visit.pk}/berita-acara/", "pekerja.js"):
        assert client.get(f"/lapangan/{address}").status_code == 403


@pytest.mark.parametrize("role", [Role.KETUA, Role.AUDITOR, Role.PENILAI])
def test_only_the_secretariat_plans_and_calls_off(client, role, visit):
    client.force_login(a_person(role))
    for address in ("rencana/", f"rencana/{visit.assessment.nomination_id}/", f"{visit.pk}/batal/"):
        assert client.get(f"/lapangan/{address}").status_code == 403


def test_lists_ask_a_fixed_number_of_statements(client, django_assert_max_num_queries):
    client.force_login(a_secretary())
    for _ in range(3):
        a_visit()
    with django_assert_max_num_queries(20):
        page(client, "/lapangan/")
    with django_assert_max_num_queries(14):
        page(client, "/lapangan/rencana/")


# --- The form without a script -----------------------------------------------------------------------------------------
def test_the_form_shows_each_indicator_with_its_ladder_and_what_the_nomination_claims(client, visit):
    client.force_login(visitor(visit))
    text = page(client, f"/lapangan/{visit.pk}/")
    for line in visit.assessment.instrument.definition["parts"][0]["sections"][0]["indicators"]:
        assert f'name="hasil-{line["code"]}"' in text
        assert f'name="jenjang-{line["code"]}"' in text
    assert "Menurut usulan" in text


def test_without_a_script_the_whole_form_is_saved_and_only_what_was_touched_is_stored(client, visit):
    client.force_login(visitor(visit))
    sent = form_of(visit, **{"hasil-A.I.1": "differs", "jenjang-A.I.1": "1", "dilihat-A.I.1": SEEN, **MET})
    assert client.post(f"/lapangan/{visit.pk}/", sent)["Location"] == f"/lapangan/{visit.pk}/"
    finding = Finding.objects.get()
    assert (finding.indicator, finding.points, finding.text, finding.by) == ("A.I.1", 1, SEEN, visitor(visit))
    assert Visit.objects.get().met_name == "Ibu Saenah"


def test_without_a_script_a_conflict_keeps_what_was_typed_and_saving_again_decides_it(client, visit):
    old_page = form_of(visit, **{"hasil-A.I.1": "confirmed", "dilihat-A.I.1": "Semua bahan lokal."})
    visits.record(visit, [a_write("A.I.1", "differs", 1)], by=visitor(visit), at=timezone.now())
    client.force_login(visitor(visit))
    answer = client.post(f"/lapangan/{visit.pk}/", old_page)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert SEEN in text
    assert "Semua bahan lokal." in text
    assert Finding.objects.get().verdict == "differs"
    assert 'name="versi-A.I.1" value="1"' in text
    client.post(f"/lapangan/{visit.pk}/", {**old_page, "versi-A.I.1": "1"})
    assert Finding.objects.get().verdict == "confirmed"


def test_a_page_left_open_does_not_take_back_what_it_did_not_touch(client, visit):
    visits.record(visit, [a_write("A.I.1")], by=visitor(visit), at=timezone.now())
    old_page = form_of(visit, **{"hasil-A.I.2": "unseen"})
    visits.record(visit, [a_write("A.I.1", "differs", 1, base=1)], by=visitor(visit), at=timezone.now())
    client.force_login(visitor(visit))
    assert client.post(f"/lapangan/{visit.pk}/", old_page).status_code == 302
    assert Finding.objects.get(indicator="A.I.1").points == 1
    assert Finding.objects.get(indicator="A.I.2").verdict == "unseen"


def test_what_is_half_said_is_named_and_stays_in_the_form(client, visit):
    client.force_login(visitor(visit))
    answer = client.post(
        f"/lapangan/{visit.pk}/", form_of(visit, **{"hasil-A.I.1": "differs", "jenjang-A.I.1": "1"})
    )
    assert "tuliskan apa yang dilihat" in answer.content.decode()
    assert not Finding.objects.exists()


def test_finishing_asks_once_more_names_what_is_missing_and_then_locks(client, visit):
    client.force_login(visitor(visit))
    assert "Selesaikan kunjungan ini?" in page(client, f"/lapangan/{visit.pk}/selesai/")
    answer = client.post(f"/lapangan/{visit.pk}/selesai/", follow=True)
    assert "Kunjungan belum selesai: indikator 1, 2" in answer.content.decode()
    look_at_everything(visit, {"A.I.1": 1})
    client.post(f"/lapangan/{visit.pk}/selesai/")
    assert Visit.objects.get().state == "done"
    text = page(client, f"/lapangan/{visit.pk}/")
    assert "1 berbeda" in text
    assert 'name="hasil-A.I.1"' not in text
    # A second press changes nothing and says so.
    assert "sudah selesai" in client.post(f"/lapangan/{visit.pk}/selesai/", follow=True).content.decode()


# --- What a device sends ---------------------------------------------------------------------------------------------
def deliver(client, visit, *writes, reader=None, about=None):
    body = {
        "reader": reader or visitor(visit).pk,
        "writes": [
            {"indicator": one.indicator, "verdict": one.verdict, "points": one.points, "text": one.text,
             "base": one.base, "id": str(one.id), "at": one.noted_at.isoformat()}
            for one in writes
        ],
        "about": about,
    }  # fmt: skip
    return client.post(f"/lapangan/{visit.pk}/simpan/", json.dumps(body), content_type="application/json")


def test_a_device_is_told_what_is_stored_and_a_conflict_shows_both(client, visit):
    client.force_login(visitor(visit))
    write = a_write("A.I.1", "differs", 1)
    for _ in range(2):
        answer = deliver(client, visit, write)
        assert (answer.status_code, answer.json()["stored"]) == (200, {"A.I.1": 1})
    answer = deliver(client, visit, a_write("A.I.1"))
    told = answer.json()["conflicts"]["A.I.1"]
    assert answer.status_code == 409
    assert (told["verdict"], told["points"], told["version"]) == ("differs", 1, 1)
    assert SEEN in told["words"]
    told = deliver(client, visit, about={**MET, "base": 0}).json()
    assert told["about"] == 1
    answer = deliver(client, visit, about={**MET, "met_name": "Pak Amir", "base": 0})
    assert answer.status_code == 409
    assert "Ibu Saenah" in answer.json()["about_conflict"]["words"]


def test_a_device_whose_reader_is_another_by_now_stores_nothing(client, visit):
    client.force_login(visitor(visit))
    answer = deliver(client, visit, a_write(), reader=visitor(visit).pk + 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_reader")
    assert not Finding.objects.exists()


def test_a_device_of_somebody_recused_is_told_by_name_and_the_page_is_gone(client, visit):
    mine = visit.members.get().assignment
    from assessment import declarations

    declarations.declare(
        mine, has_conflict=True, kind="family", text="Ipar.", by=mine.assessor, at=timezone.now()
    )
    client.force_login(mine.assessor)
    answer = deliver(client, visit, a_write())
    assert (answer.status_code, answer.json()["code"]) == (403, "recused")
    page(client, f"/lapangan/{visit.pk}/", 404)
    other = an_assessor()
    client.force_login(other)
    assert deliver(client, visit, a_write(), reader=other.pk).status_code == 404


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"writes": [{}]}', '{"writes": [], "about": {"base": "x"}}', "null"]
)
def test_what_no_page_sends_is_refused_and_nothing_breaks(client, body, visit):
    client.force_login(visitor(visit))
    answer = client.post(f"/lapangan/{visit.pk}/simpan/", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_photo_comes_with_the_form_or_by_its_id_and_is_open_to_those_who_may_read_the_visit(client, visit):
    client.force_login(visitor(visit))
    address, name = f"/lapangan/{visit.pk}/foto/", str(uuid.uuid4())
    sent = {
        "file": an_upload(picture_bytes(), "gudang.jpg"),
        "caption": "Gudang",
        "indicator": "A.I.1",
        "write": name,
    }
    client.post(address, sent)
    photo = VisitPhoto.objects.get()
    assert (photo.caption, str(photo.write)) == ("Gudang", name)
    again = client.post(
        address,
        {"file-berkas": str(photo.file_id), "caption": "Gudang", "write": name},
        headers={"Accept": "application/json"},
    )
    assert again.json()["write"] == name
    assert VisitPhoto.objects.count() == 1
    wrong = client.post(address, {"caption": "Tanpa berkas"}, headers={"Accept": "application/json"})
    assert wrong.status_code == 422
    file = f"/berkas/{photo.file_id}/"
    answer = client.get(file)
    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"\xff\xd8")
    for person in (a_secretary(), an_assessor(), declare_free(assignments_of(visit.assessment)[1]).assessor):
        client.force_login(person)
        assert client.get(file).status_code == 404


def test_the_worker_comes_from_the_folder_it_serves(client):
    client.force_login(visitor(a_visit()))
    answer = client.get("/lapangan/pekerja.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "/static/css/ovop.css" in answer.content.decode()


# --- The minutes --------------------------------------------------------------------------------------------------------
def test_the_minutes_count_in_words_name_who_was_met_and_say_no_score(client):
    assessment = a_panel()
    visit = a_finished_visit(assessment, {"A.I.1": 1})
    client.force_login(visitor(visit))
    text = page(client, f"/lapangan/{visit.pk}/berita-acara/")
    total = len(assessment.instrument.ladders)
    assert f"Dari {total} (" in text
    assert "1 (satu) berbeda" in text
    assert "bertemu dengan Ibu Saenah (Pemilik)" in text
    assert SEEN in text
    assert "skor" not in text.split('<article class="minutes')[1].split("</article>")[0].lower()
    client.force_login(a_secretary())
    page(client, f"/lapangan/{visit.pk}/berita-acara/", 404)
    assess_all(assessment)
    assert "1 (satu) berbeda" in page(client, f"/lapangan/{visit.pk}/berita-acara/")


def test_whoever_declared_a_conflict_is_not_offered_for_a_team(client):
    assessment = a_panel()
    first, second, _ = assignments_of(assessment)
    declare_free(first)
    declare_conflict(second)
    client.force_login(a_secretary())
    text = page(client, f"/lapangan/rencana/{assessment.nomination_id}/")
    assert first.assessor.full_name in text
    assert second.assessor.full_name not in text
