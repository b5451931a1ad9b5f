"""A few questions before the form: what is asked follows the requirements in force, and nothing is stored."""

import pytest

from accounts.roles import Role
from nominations import eligibility
from nominations.models import CommodityGroup, Nomination, Requirement
from tests.factories.accounts import GARUT, a_person, a_regency
from tests.nominations.proposing import main_of, text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/usulan/syarat/"


@pytest.fixture
def officer(client, requirements):
    client.force_login(a_person(Role.DINAS, around=a_regency(GARUT)))
    return client


def group(code):
    return CommodityGroup.objects.get(pk=code)


def asked(code, *, wood=False, **said):
    return eligibility.quiz(group(code), wood=wood, said=said).questions


def test_food_is_asked_for_its_licence_and_halal_and_cloth_is_not(requirements):
    food = {question.code for question in asked("makanan_minuman")}
    cloth = {question.code for question in asked("kain_batik")}
    assert food - cloth == {"izin_pangan", "halal"}


def test_the_legality_of_wood_is_asked_only_where_the_material_is_wood(requirements):
    assert "svlk" not in {question.code for question in asked("anyaman")}
    assert "svlk" in {question.code for question in asked("anyaman", wood=True)}
    assert eligibility.quiz(group("anyaman"), wood=False, said={}).asks_for_wood
    assert not eligibility.quiz(group("gerabah"), wood=False, said={}).asks_for_wood


def test_what_the_office_makes_itself_is_named_and_not_asked(requirements):
    on_the_way = eligibility.quiz(group("kain_batik"), wood=False, said={}).made_on_the_way
    assert on_the_way == ("Surat usulan dinas", "Foto produk")
    assert not {"surat_usulan", "foto_produk"} & {question.code for question in asked("kain_batik")}


def test_a_requirement_that_is_no_longer_in_force_is_not_asked(requirements):
    Requirement.objects.filter(pk="halal").update(is_active=False)
    assert "halal" not in {question.code for question in asked("makanan_minuman")}


def test_everything_there_means_ready_and_one_gap_does_not(requirements):
    codes = [question.code for question in asked("kain_tenun")]
    everything = dict.fromkeys(codes, "ada")
    assert eligibility.outlook(asked("kain_tenun", **everything)).is_ready
    gap = eligibility.outlook(asked("kain_tenun", **{**everything, "sk_sentra": "belum"}))
    assert not gap.is_ready
    assert [question.code for question in gap.lacking] == ["sk_sentra"]
    doubt = eligibility.outlook(asked("kain_tenun", **{**everything, "nib": "tidak-tahu"}))
    assert not doubt.is_ready
    assert [question.code for question in doubt.unknown] == ["nib"]


def test_an_answer_that_is_none_counts_as_not_answered(requirements):
    outlook = eligibility.outlook(asked("kain_tenun", nib="<script>", sk_sentra=""))
    assert {"nib", "sk_sentra"} <= {question.code for question in outlook.open}


def test_the_page_begins_with_the_group_alone(officer):
    page = officer.get(ADDRESS)
    assert "Kelompok komoditas" in text_of(page)
    assert "Nomor Induk Berusaha" not in text_of(page)


def test_the_page_says_what_is_lacking_and_that_a_draft_is_still_possible(officer):
    said = {question.code: "ada" for question in asked("makanan_minuman")} | {"halal": "belum"}
    text = text_of(officer.get(ADDRESS, {"komoditas": "makanan_minuman", **said}))
    assert "1 syarat belum ada, 0 belum diketahui" in text
    assert "Draf tetap dapat disusun sekarang" in text
    assert "Buat usulan" in text


def test_the_page_leads_on_when_everything_is_there(officer):
    said = {question.code: "ada" for question in asked("gerabah")}
    page = officer.get(ADDRESS, {"komoditas": "gerabah", **said})
    assert "Semua syarat ada." in text_of(page)
    assert main_of(page).count("btn-primary") == 1


def test_half_the_answers_are_asked_to_be_completed(officer):
    text = text_of(officer.get(ADDRESS, {"komoditas": "gerabah", "nib": "ada"}))
    assert "Jawab semua pertanyaan untuk melihat hasilnya." in text
    assert "Semua syarat ada." not in text


def test_an_unknown_group_shows_the_first_question_again(officer):
    text = text_of(officer.get(ADDRESS, {"komoditas": "perhiasan"}))
    assert "Pilih kelompok" in text
    assert "Lihat hasil" not in text


def test_nothing_is_stored(officer):
    said = {question.code: "ada" for question in asked("gerabah")}
    officer.get(ADDRESS, {"komoditas": "gerabah", **said})
    assert officer.post(ADDRESS).status_code == 405
    assert not Nomination.objects.exists()


def test_whoever_does_not_nominate_has_no_such_page(client, requirements):
    client.force_login(a_person(Role.PENILAI))
    assert client.get(ADDRESS).status_code in (403, 404)


def test_the_start_of_a_nomination_leads_there(officer):
    assert f'href="{ADDRESS}"' in officer.get("/usulan/buat/").content.decode()
