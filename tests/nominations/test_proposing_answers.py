"""Saving answers: what is sound is stored, what is wrong is kept on the page, and nobody's is overwritten in silence."""

import html

import pytest

from accounts.roles import Role
from nominations.models import Ikm, Nomination, Sentra
from tests.factories.accounts import GARUT, TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import IkmFactory, NominationFactory, ProductFactory, SentraFactory
from tests.made_once import made_once
from tests.nominations.proposing import main_of, save, text_of, version_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]

JSON = {"HTTP_ACCEPT": "application/json"}
STORY = {"design": "Desain sendiri.", "marketing": "Butik di Jakarta.", "story": "Cerita."}


@made_once
def begun(requirements, of_garut):
    return NominationFactory(by=of_garut)


@pytest.fixture
def nomination(begun, officer):
    return begun


def address(nomination, part):
    return f"/usulan/{nomination.pk}/isian/{part}/"


def ikm_answers(nomination, **changes):
    ikm = nomination.product.ikm
    answers = {"name": ikm.name, "nib": ikm.nib, "sentra": ikm.sentra_id, "started_year": "2009"}
    return {**answers, "village": ikm.village, "district": ikm.district, **changes}


# --- What is wrong, and what is kept -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nib", "says"),
    [
        (
            "912000102030",
            "NIB harus 13 angka; Anda mengisi 12. Isian lain tersimpan. Lihat NIB pada dokumen OSS.",
        ),
        ("91200010203045", "NIB harus 13 angka; Anda mengisi 14. Isian lain tersimpan."),
        ("91200O1020304", "NIB hanya terdiri atas 13 angka; Anda mengisi “91200O1020304”."),
        ("٩١٢٠٠٠١٠٢٠٣٠٤", "NIB hanya terdiri atas 13 angka"),
    ],
)
def test_a_wrong_nib_is_kept_on_the_page_and_the_rest_is_stored(client, nomination, nib, says):
    answer = save(client, nomination, "ikm", **ikm_answers(nomination, nib=nib, village="Mekarsari"))
    assert says in text_of(answer)
    assert f'value="{nib}"' in html.unescape(main_of(answer))
    assert 'class="error-summary"' in main_of(answer)
    ikm = Ikm.objects.get()
    assert (ikm.nib, ikm.village) == (nomination.product.ikm.nib, "Mekarsari")
    # The page goes on from what was stored: the corrected one is no conflict.
    again = {
        "version": version_in(answer),
        **ikm_answers(nomination, nib="9120 0010 20304", village="Mekarsari"),
    }
    assert client.post(address(nomination, "ikm"), again).status_code == 302
    assert Ikm.objects.get().nib == "9120001020304"


def test_the_nib_of_another_ikm_is_not_taken(client, nomination):
    other = IkmFactory(regency=a_regency(TANAH_DATAR))
    answer = save(client, nomination, "ikm", **ikm_answers(nomination, nib=other.nib))
    assert "NIB ini sudah dipakai IKM lain yang terdaftar." in text_of(answer)
    assert Ikm.objects.get(pk=nomination.product.ikm_id).nib == nomination.product.ikm.nib


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("local_content", "150", "Tuliskan angka dari 0 sampai 100; Anda mengisi 150."),
        ("local_content", "1.5", "Tuliskan angka bulat saja; Anda mengisi “1.5”."),
        ("local_content", "-3", "Tuliskan angka bulat saja"),
        ("workers", "dua puluh", "Tuliskan angka bulat saja; Anda mengisi “dua puluh”."),
        ("workers", "9" * 30, "Tuliskan angka bulat saja"),
        ("raw_material", "NIK 3205 0112 3456 7890", "Isian memuat deretan 15 atau 16 angka"),
        ("raw_material", "a" * 5001, "Isian paling panjang 5.000 huruf; Anda mengisi 5.001."),
        ("raw_material", "nol\x00", "Karakter null"),
    ],
)
def test_a_wrong_answer_is_kept_on_the_page_and_the_rest_is_stored(client, nomination, field, typed, says):
    answer = save(client, nomination, "produk", **{"capacity": "500 tas.", field: typed})
    assert says in text_of(answer)
    assert typed.replace("\x00", "") in html.unescape(main_of(answer)).replace("\x00", "")
    stored = Nomination.objects.get()
    assert stored.capacity == "500 tas."
    assert getattr(stored, field) == getattr(nomination, field)


def test_an_answer_may_wait_without_being_called_optional(client, nomination):
    page = main_of(client.get(address(nomination, "cerita")))
    assert page.count("tidak wajib") == 2, "turnover and substitution of imports"
    answer = save(client, nomination, "cerita", design="", marketing="", story="")
    assert answer.status_code == 302
    assert Nomination.objects.get().story == ""
    assert "Belum lengkap: 3 isian" in text_of(client.get(f"/usulan/{nomination.pk}/"))


def test_wood_is_asked_of_plaited_work_only(client, officer):
    food = NominationFactory(by=officer, product=ProductFactory(group_id="makanan_minuman"))
    plaited = NominationFactory(by=officer)
    assert "wood_or_rattan" not in main_of(client.get(address(food, "produk")))
    assert save(client, plaited, "produk", wood_or_rattan="on").status_code == 302
    assert Nomination.objects.get(pk=plaited.pk).wood_or_rattan
    assert "Legalitas kayu atau rotan (SVLK)" in text_of(client.get(f"/usulan/{plaited.pk}/dokumen/"))


def test_a_form_that_does_not_say_its_version_is_no_form_of_ours(client, nomination):
    for version in ({}, {"version": ""}, {"version": "x"}, {"version": "-1"}):
        assert client.post(address(nomination, "cerita"), {**version, **STORY}).status_code == 400
    assert client.get(address(nomination, "dokumen")).status_code == 404
    assert Nomination.objects.get().story == nomination.story


# --- Sentra ------------------------------------------------------------------------------------------------------
def test_a_sentra_is_chosen_among_those_of_the_region(client, nomination):
    own, other = (
        SentraFactory(name="Sentra Bambu"),
        SentraFactory(name="Sentra Jauh", regency=a_regency(TANAH_DATAR)),
    )
    page = main_of(client.get(address(nomination, "ikm")))
    assert own.name in page
    assert other.name not in page
    answer = save(client, nomination, "ikm", **ikm_answers(nomination, sentra=other.pk))
    assert answer.status_code == 200
    assert save(client, nomination, "ikm", **ikm_answers(nomination, sentra=own.pk)).status_code == 302
    assert Ikm.objects.get().sentra == own


def test_without_a_sentra_its_page_registers_one_once(client, nomination):
    Ikm.objects.update(sentra=None)
    place = address(nomination, "sentra")
    page = client.get(place)
    assert "belum mempunyai sentra" in text_of(page)
    assert "data-autosave" not in main_of(page)
    # The name of another one of the region.
    answer = client.post(place, {"name": "Sentra Anyaman Rajapolah", "decree_number": "12/2020"})
    assert "Sentra dengan nama ini sudah terdaftar" in text_of(answer)
    assert 'value="12/2020"' in main_of(answer)
    form = {"baru": "1", "name": "Sentra Bambu", "decree_date": "2019-04-02"}
    first, second = client.post(place, form), client.post(place, form)
    assert first["Location"] == second["Location"] == address(nomination, "produk")
    assert Ikm.objects.get().sentra == Sentra.objects.get(name="Sentra Bambu")
    late = client.post(place, {**form, "name": "Sentra Rotan"})
    assert "IKM ini baru saja mendapat Sentra Bambu. Isian di bawah belum disimpan" in text_of(late)
    assert 'value="Sentra Rotan"' in main_of(late)
    assert Sentra.objects.count() == 2


def test_a_decree_of_tomorrow_is_a_slip(client, nomination):
    answer = save(client, nomination, "sentra", name="Sentra Baru", decree_date="2999-01-01")
    assert "Tanggal SK belum tiba." in text_of(answer)
    assert Sentra.objects.get().name == "Sentra Baru"


# --- Two people --------------------------------------------------------------------------------------------------
@pytest.fixture
def colleague(nomination):
    return a_person(Role.DINAS, around=a_regency(GARUT), name="Made Wirawan")


def opened_by_both(client, nomination, colleague, part, **theirs):
    """The officer opens the page; the colleague saves meanwhile. Returns the version that the officer has."""
    version = version_in(client.get(address(nomination, part)))
    other = type(client)()
    other.force_login(colleague)
    assert save(other, nomination, part, **theirs).status_code == 302
    return version


def test_two_answers_to_one_question_are_shown_beside_each_other(client, nomination, colleague):
    version = opened_by_both(client, nomination, colleague, "cerita", **{**STORY, "story": "Cerita Made."})
    mine = {**STORY, "story": "Cerita saya.", "marketing": "Pasar Garut."}
    answer = client.post(address(nomination, "cerita"), {"version": version, **mine})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Made Wirawan mengubah isian ini" in page
    assert "Cerita saya." in page
    assert "Cerita Made." in page
    # Nothing of it is stored, the marketing that only one of them wrote neither.
    stored = Nomination.objects.get()
    assert (stored.story, stored.marketing) == ("Cerita Made.", "Butik di Jakarta.")


def choice_of(answer, **chosen):
    """The form of the page of a conflict, with what was chosen."""
    import re

    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main_of(answer)))
    hidden.pop("csrfmiddlewaretoken", None)
    return {name: html.unescape(value) for name, value in hidden.items()} | {
        f"pilih-{name}": value for name, value in chosen.items()
    }


@pytest.mark.parametrize(("choice", "story"), [("mine", "Cerita saya."), ("theirs", "Cerita Made.")])
def test_what_is_chosen_is_stored_with_the_rest(client, nomination, colleague, choice, story):
    theirs = {"story": "Cerita Made.", "design": "Desain Made.", "marketing": nomination.marketing}
    version = opened_by_both(client, nomination, colleague, "cerita", **theirs)
    mine = {
        "story": "Cerita saya.", "design": nomination.design, "marketing": "Pasar Garut.", "keluar": "1",
    }  # fmt: skip
    shown = client.post(address(nomination, "cerita"), {"version": version, **mine})
    answer = client.post(address(nomination, "cerita"), choice_of(shown, story=choice))
    assert answer["Location"] == f"/usulan/{nomination.pk}/", "the button that was pressed first"
    stored = Nomination.objects.get()
    # What the colleague alone has changed stays changed.
    assert (stored.story, stored.marketing, stored.design) == (story, "Pasar Garut.", "Desain Made.")


def test_a_choice_that_was_overtaken_is_asked_again(client, nomination, colleague):
    version = opened_by_both(client, nomination, colleague, "cerita", **{**STORY, "story": "Cerita Made."})
    shown = client.post(address(nomination, "cerita"), {"version": version, **STORY, "story": "Cerita saya."})
    opened_by_both(client, nomination, colleague, "cerita", **{**STORY, "story": "Cerita Made, lagi."})
    again = client.post(address(nomination, "cerita"), choice_of(shown, story="mine"))
    assert again.status_code == 409
    assert "Cerita Made, lagi." in text_of(again)
    assert Nomination.objects.get().story == "Cerita Made, lagi."


def test_an_answer_given_up_does_not_come_back_with_the_page_of_an_error(client, nomination, colleague):
    theirs = ikm_answers(nomination, village="Desa Made")
    version = opened_by_both(client, nomination, colleague, "ikm", **theirs)
    mine = ikm_answers(nomination, village="Desa saya", nib="12")
    shown = client.post(address(nomination, "ikm"), {"version": version, **mine})
    assert shown.status_code == 409
    page = client.post(address(nomination, "ikm"), choice_of(shown, village="theirs"))
    assert "NIB harus 13 angka" in text_of(page)
    assert 'value="Desa Made"' in main_of(page)


def test_different_answers_are_brought_together(client, nomination, colleague):
    version = opened_by_both(
        client,
        nomination,
        colleague,
        "cerita",
        design=nomination.design,
        marketing=nomination.marketing,
        story="Made",
    )
    mine = {"design": "Desain saya.", "marketing": nomination.marketing, "story": nomination.story}
    assert client.post(address(nomination, "cerita"), {"version": version, **mine}).status_code == 302
    stored = Nomination.objects.get()
    assert (stored.design, stored.story) == ("Desain saya.", "Made")


def test_a_sentra_chosen_twice_is_shown_by_its_name(client, nomination, colleague):
    one, two = SentraFactory(name="Sentra Bambu"), SentraFactory(name="Sentra Rotan")
    version = opened_by_both(client, nomination, colleague, "ikm", **ikm_answers(nomination, sentra=one.pk))
    mine = ikm_answers(nomination, sentra=two.pk)
    answer = client.post(address(nomination, "ikm"), {"version": version, **mine})
    assert answer.status_code == 409
    assert "Sentra Bambu" in text_of(answer)
    assert "Sentra Rotan" in text_of(answer)


def test_the_one_named_is_who_wrote_that_answer(client, nomination, colleague):
    version = opened_by_both(client, nomination, colleague, "cerita", **{**STORY, "story": "Cerita Made."})
    # The officer has saved something else since, in another window.
    save(client, nomination, "produk", capacity="900")
    answer = client.post(
        address(nomination, "cerita"), {"version": version, **STORY, "story": "Cerita saya."}
    )
    assert "Made Wirawan mengubah isian ini" in text_of(answer)


# --- The script --------------------------------------------------------------------------------------------------
def test_the_script_is_told_what_the_server_has(client, nomination):
    place = address(nomination, "cerita")
    version = version_in(client.get(place))
    answer = client.post(place, {"version": version, **STORY, "story": "Baru"}, **JSON)
    told = answer.json()
    assert told["problems"] == {}
    assert told["time"].endswith(" WIB")
    assert Nomination.objects.get().story == "Baru"
    # The version it is given is the one to go on with.
    answer = client.post(place, {"version": told["version"], **STORY, "story": "Lebih baru"}, **JSON)
    assert Nomination.objects.get().story == "Lebih baru"


def test_the_script_is_told_what_is_wrong_and_by_whom_it_was_overtaken(client, nomination, colleague):
    version = opened_by_both(client, nomination, colleague, "cerita", **{**STORY, "story": "Cerita Made."})
    place = address(nomination, "cerita")
    answer = client.post(place, {"version": version, **STORY, "story": "Cerita saya."}, **JSON)
    assert answer.status_code == 409
    assert answer.json()["fields"] == ["story"]
    assert "Made Wirawan baru saja mengubah isian ini." in answer.json()["text"]
    fresh = version_in(client.get(place))
    answer = client.post(place, {"version": fresh, **STORY, "turnover": "banyak"}, **JSON)
    assert list(answer.json()["problems"]) == ["turnover"]
    assert Nomination.objects.get().design == STORY["design"]


@pytest.mark.parametrize("part", ["ikm", "sentra", "produk", "cerita"])
def test_what_was_sent_in_the_meantime_is_not_changed_any_more(client, nomination, part):
    place = address(nomination, part)
    version = version_in(client.get(place))
    client.post(f"/usulan/{nomination.pk}/kirim/")
    changed = {"version": version, "name": "Nama lain", "capacity": "9", "story": "Nanti"}
    answer = client.post(place, changed, **JSON)
    assert answer.status_code == 422
    assert "tidak dapat diubah" in answer.json()["text"]
    page = client.post(place, changed)
    assert "Usulan ini berstatus Menunggu verifikasi provinsi dan tidak dapat diubah." in text_of(page)
    assert ("Nama lain" in main_of(page)) or ("Nanti" in main_of(page)) or ("9</textarea>" in main_of(page))
    fresh = Nomination.objects.select_related("product__ikm__sentra").get()
    assert (fresh.capacity, fresh.story) == (nomination.capacity, nomination.story)
    assert "Nama lain" not in (fresh.product.ikm.name, fresh.product.ikm.sentra.name)
    assert client.get(place, follow=True).redirect_chain == [(f"/usulan/{nomination.pk}/", 302)]
