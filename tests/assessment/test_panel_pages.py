"""/panel/ in the hands of the secretariat, the chair, the auditor, and everybody whose page it is not."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.roles import Role
from assessment import assignment, panel_lists, panels, plenary, sizes
from assessment.models import Assignment, Reopening
from letters.models import Message
from nominations.models import Nomination, Phase, State
from tests.factories.accounts import a_person, a_regency
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_panel,
    a_secretary,
    an_assessed_nomination,
    an_assessor,
    an_instrument,
    an_open_plenary,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    many_assessed,
    send,
    three_assessors,
)
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
    RoundFactory,
    a_group,
    a_phase,
    an_hour_ago,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Sedang sakit sampai akhir bulan."
READERS = {Role.SEKRETARIAT, Role.KETUA, Role.AUDITOR}


@made_once
def one():
    return a_declared_assignment()


@made_once
def nomination():
    return an_assessed_nomination()


@pytest.fixture
def secretary(client):
    client.force_login(a_secretary())
    return client


def words(answer):
    """The page as one reads it: no tags, single spaces."""
    html = answer.content.decode()
    body = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def opened(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return words(answer)


def page_of(nomination):
    return reverse("panel", args=[nomination.pk])


def where(name, one):
    return reverse(name, args=[one.pk])


# --- Whose pages these are -----------------------------------------------------------------------------------------
def test_each_role_finds_the_pages_open_or_is_told_whose_they_are(client, one):
    fill(one)
    send(one)
    nomination = one.assessment.nomination
    addresses = {
        reverse("panels"): READERS,
        page_of(nomination): READERS,
        where("assignment_replace", one): {Role.SEKRETARIAT},
        where("assignment_remove", one): {Role.SEKRETARIAT},
        where("assignment_reopen", one): {Role.SEKRETARIAT, Role.KETUA},
    }
    for role in Role:
        client.force_login(a_person(role, around=nomination))
        for address, readers in addresses.items():
            answer = client.get(address)
            assert answer.status_code == (200 if role in readers else 403), (role, address)
            if role not in readers:
                assert "Halaman ini untuk Sekretariat OVOP" in answer.content.decode()


def test_a_visitor_is_sent_to_the_sign_in(client):
    answer = client.get(reverse("panels"))
    assert (answer.status_code, answer["Location"].startswith("/masuk/")) == (302, True)


def test_whoever_only_reads_gets_the_panel_without_its_form_and_cannot_post(client):
    nomination = a_panel(people=three_assessors()[:2]).nomination
    newcomer = an_assessor(outside=True)
    for role in (Role.KETUA, Role.AUDITOR):
        client.force_login(a_person(role))
        assert "Tugaskan penilai" not in opened(client, page_of(nomination))
        answer = client.post(page_of(nomination), {"people": [newcomer.pk]})
        assert (answer.status_code, "Penilai ditugaskan oleh Sekretariat." in words(answer)) == (403, True)
    assert Assignment.objects.count() == 2


def test_what_has_not_passed_screening_has_no_panel_page(secretary):
    for state in (State.ENDORSED, State.INELIGIBLE, State.DRAFT):
        assert secretary.get(page_of(NominationFactory(in_state=state))).status_code == 404
    assert secretary.get(page_of(NominationFactory(in_state="eligible"))).status_code == 200
    assert secretary.get(reverse("assignment_reopen", args=[999999])).status_code == 404


# --- The list --------------------------------------------------------------------------------------------------------
def test_the_first_thing_said_is_how_many_have_no_panel(secretary):
    NominationFactory.create_batch(2, in_state="eligible")
    a_panel(people=three_assessors()[:2])
    a_panel()
    many_assessed(1)
    NominationFactory(in_state="endorsed")
    text = opened(secretary, "/panel/")
    assert "2 dari 5 usulan belum berpanel" in text
    assert "1 panel belum lengkap, 1 usulan sedang dinilai, 1 selesai dinilai." in text
    assert "1–5 dari 5" in text


def test_each_member_stands_there_with_how_far_they_are(secretary):
    assessment = a_panel()
    undeclared, conflicted, sent = assignments_of(assessment)
    declare_conflict(conflicted)
    fill(declare_free(sent))
    text = opened(secretary, "/panel/")
    for one, step in (
        (undeclared, "Belum menyatakan"),
        (conflicted, "Benturan kepentingan"),
        (sent, "Sudah menyatakan"),
    ):
        assert f"{one.assessor.full_name} {step}" in text
    assert "Panel belum lengkap" in text
    assert "1 kursi kosong" in text
    send(sent)
    assert f"{sent.assessor.full_name} Sudah mengirim" in opened(secretary, "/panel/")


def test_the_list_is_narrowed_by_group_by_state_and_by_words_and_says_so(secretary):
    plaited = NominationFactory(in_state="eligible", product__ikm__name="UD Pandan Hj. Ratna")
    pottery = NominationFactory(in_state="eligible", product=ProductFactory(group=a_group("gerabah")))
    seated = a_panel().nomination

    def rows(query):
        answer = secretary.get(f"/panel/?{query}")
        return {one for one in (plaited, pottery, seated) if str(one.number) in words(answer)}

    assert rows("") == {plaited, pottery, seated}
    assert rows("komoditas=gerabah") == {pottery}
    assert rows("keadaan=tanpa") == {plaited, pottery}
    assert rows("keadaan=tanpa&komoditas=anyaman") == {plaited}
    assert rows("keadaan=berjalan") == {seated}
    assert rows(f"q={plaited.product.ikm.name}") == {plaited}
    assert rows(f"q={seated.number}") == {seated}
    assert rows("q=tidak-ada") == set()
    assert "Tidak ada usulan yang cocok. Kurangi saringan." in opened(secretary, "/panel/?q=tidak-ada")
    html = secretary.get("/panel/?keadaan=tanpa&komoditas=anyaman").content.decode()
    assert 'href="?komoditas=anyaman">Belum berpanel' in html
    assert "Hapus semua saringan" in html


@pytest.mark.parametrize(
    "query", ["komoditas=bukan", "keadaan=bukan", "periode=abc", "q=%00", "halaman=x", "halaman=99"]
)
def test_what_the_address_says_and_nobody_knows_narrows_nothing(secretary, query):
    nomination = NominationFactory(in_state="eligible")
    assert str(nomination.number) in opened(secretary, f"/panel/?{query}")


def test_another_period_is_chosen_where_there_is_one(secretary):
    now = NominationFactory(in_state="eligible")
    assert "Periode</label>" not in secretary.get("/panel/").content.decode()
    before = NominationFactory(in_state="eligible", round=RoundFactory(year=2024))
    assert str(now.number) in opened(secretary, "/panel/")
    text = opened(secretary, "/panel/?periode=2024")
    assert (str(before.number) in text, str(now.number) in text) == (True, False)
    assert "Periode</label>" in secretary.get("/panel/").content.decode()


def test_without_an_eligible_nomination_the_phase_and_its_dates_are_named(secretary):
    assert "Belum ada periode yang dijadwalkan." in opened(secretary, "/panel/")
    round_ = RoundFactory()
    text = opened(secretary, "/panel/")
    assert "Belum ada usulan yang lolos seleksi administrasi." in text
    assert re.search(r"Seleksi administrasi periode 2026 berlangsung .* WIB sampai dengan .* WIB\.", text)
    round_.phases.filter(kind=Phase.Kind.SCREENING).delete()
    assert "belum dijadwalkan" in opened(secretary, "/panel/")


def rule(text, words_of_it):
    found = re.search(
        rf"(Belum terpenuhi|Terpenuhi)\s+{re.escape(words_of_it)}\s+([^.]*?)\s+(?=Belum|Terpenuhi|Beban)",
        text,
    )
    assert found, text
    return found[1] == "Terpenuhi", found[2]


def test_the_rules_say_whether_they_are_met(secretary):
    an_instrument()
    waiting = NominationFactory(in_state="eligible")
    text = opened(secretary, "/panel/keadaan/")
    assert rule(text, "Setiap usulan dinilai oleh 3 penilai") == (False, "0 dari 1 usulan")
    assert not rule(text, "Tersedia paling sedikit 3 penilai, satu di antaranya dari luar Kementerian")[0]
    assessment = a_panel(waiting)
    text = opened(secretary, "/panel/keadaan/")
    assert rule(text, "Setiap usulan dinilai oleh 3 penilai") == (True, "1 dari 1 usulan")
    outside = "Setiap panel berisi penilai dari asosiasi atau perguruan tinggi"
    assert rule(text, outside) == (True, "1 dari 1 panel")
    interest = "Tidak ada penilai dengan benturan kepentingan yang tercatat"
    assert rule(text, interest) == (True, "tidak ada")
    assert rule(text, "Setiap kelompok komoditas mempunyai instrumen yang terbit") == (True, "semua terbit")
    # What is recorded later than the assignment is seen all the same.
    one = assignments_of(assessment)[0]
    Membership.objects.create(
        person=one.assessor,
        role=Role.DINAS,
        office=waiting.office,
        starts_on="2019-01-01",
        ends_on="2020-12-31",
    )
    NominationFactory(in_state="eligible", product=ProductFactory(group=a_group("gerabah")))
    text = opened(secretary, "/panel/keadaan/")
    assert rule(text, interest) == (False, f"1 penugasan: {waiting.number} ({one.assessor.full_name})")
    assert rule(text, "Setiap kelompok komoditas mempunyai instrumen yang terbit") == (
        False,
        "belum terbit: Gerabah",
    )


def test_the_load_of_each_adds_up_to_all_seats_taken(secretary):
    people = three_assessors()
    an_assessor(name="Tanpa Tugas")
    one = a_panel(people=people)
    a_panel(people=people)
    fill(declare_free(assignments_of(one)[0]))
    rows = panels.loads(one.nomination.round, at=an_hour_ago() + timedelta(hours=1))
    assert [(load.panels, load.declared, load.submitted) for load in rows] == [
        (2, 1, 0), (2, 0, 0), (2, 0, 0), (0, 0, 0),
    ]  # fmt: skip
    text = opened(secretary, "/panel/keadaan/")
    assert "Tanpa Tugas Kementerian Perindustrian 0 0 0" in text
    assert "Jumlah 6 1 0" in text


def test_who_is_no_assessor_any_more_keeps_a_line_while_on_a_panel(secretary):
    one = assignments_of(a_panel())[0]
    Membership.objects.filter(person=one.assessor).update(ends_on="2020-01-01")
    assert f"{one.assessor.full_name} Tidak lagi menjadi penilai 1 0 0" in opened(
        secretary, "/panel/keadaan/"
    )


def test_the_list_asks_the_same_of_the_database_for_two_and_for_twenty(secretary, queries_of):
    people = three_assessors()

    def seat(count):
        made = [NominationFactory(in_state="eligible") for _ in range(count)]
        assignment.assign_many(dict.fromkeys(made, people), by=a_secretary(), at=an_hour_ago())

    an_instrument()
    seat(2)
    secretary.get("/panel/")
    few = len(queries_of("/panel/", by=secretary))
    seat(18)
    assert len(queries_of("/panel/", by=secretary)) == few
    assert few <= 12
    assert "1–20 dari 20" in opened(secretary, "/panel/")
    few = len(queries_of("/panel/keadaan/", by=secretary))
    seat(5)
    assert len(queries_of("/panel/keadaan/", by=secretary)) == few


def test_an_empty_panel_has_as_many_seats_as_the_round_says(secretary):
    nomination = NominationFactory(in_state="eligible")
    sizes.set_size(nomination.round, size=5, reason="Kelompok baru.", by=a_secretary(), at=an_hour_ago())
    (row,) = panel_lists.listed(a_secretary(), nomination.round)
    assert panel_lists.open_seats(row) == 5


def test_pages_have_fifty_rows(secretary, monkeypatch):
    from assessment import panel_pages

    assert panel_pages.PER_PAGE == 50
    monkeypatch.setattr(panel_pages, "PER_PAGE", 2)
    NominationFactory.create_batch(3, in_state="eligible")
    assert "1–2 dari 3" in opened(secretary, "/panel/")
    assert "3–3 dari 3" in opened(secretary, "/panel/?halaman=2")


# --- Assigning -------------------------------------------------------------------------------------------------------
def test_a_panel_is_chosen_told_and_shown(secretary):
    an_instrument()
    nomination, people = NominationFactory(in_state="eligible"), three_assessors()
    text = opened(secretary, page_of(nomination))
    assert "0 dari 3 kursi panel terisi" in text
    assert "Pilih paling banyak 3 penilai." in text
    answer = secretary.post(page_of(nomination), {"people": [one.pk for one in people]}, follow=True)
    assert answer.redirect_chain == [(page_of(nomination), 302)]
    text = words(answer)
    assert "3 penilai ditugaskan dan diberi tahu lewat email." in text
    assert "3 dari 3 kursi panel terisi" in text
    assert "Tugaskan penilai" not in text
    assert Message.objects.filter(kind="assigned").count() == 3
    again = secretary.post(page_of(nomination), {"people": [one.pk for one in people]})
    assert "sudah ditugaskan pada usulan ini" in words(again)
    assert Assignment.objects.count() == 3


def test_whoever_may_not_stands_there_crossed_out_with_the_reason_and_the_least_laden_first(secretary):
    an_instrument()
    nomination = NominationFactory(in_state="eligible")
    laden, free = an_assessor(name="Ayu"), an_assessor(name="Budi", outside=True)
    elsewhere = NominationFactory(
        in_state="eligible", product=ProductFactory(ikm=IkmFactory(regency=a_regency("1304"), sentra=None))
    )
    a_panel(elsewhere, [laden, *three_assessors()[1:]])
    barred = an_assessor(name="Citra")
    Membership.objects.create(
        person=barred, role=Role.DINAS, office=nomination.office, starts_on="2019-01-01", ends_on="2020-12-31"
    )
    html = secretary.get(page_of(nomination)).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))
    assert text.index("Budi") < text.index("Ayu") < text.index("Citra")
    assert "Ayu Kementerian Perindustrian, 1 panel" in text
    assert "Citra Kementerian Perindustrian, belum mendapat panel" in text
    assert "Tidak dapat ditugaskan: benturan kepentingan (kantor pengusul)." in text
    assert re.search(rf'value="{barred.pk}"[^>]* disabled', html)
    assert not re.search(rf'value="{free.pk}"[^>]* disabled', html)
    forged = secretary.post(page_of(nomination), {"people": [barred.pk]})
    assert "Citra tidak dapat ditugaskan: benturan kepentingan (kantor pengusul)." in words(forged)
    assert not Assignment.objects.filter(assessor=barred).exists()


def test_a_refused_choice_is_still_chosen_on_the_page(secretary):
    an_instrument()
    nomination, inside = NominationFactory(in_state="eligible"), [an_assessor() for _ in range(3)]
    answer = secretary.post(page_of(nomination), {"people": [one.pk for one in inside]})
    html = answer.content.decode()
    assert "Panel harus berisi paling sedikit satu penilai dari asosiasi" in html
    assert "Perlu diperbaiki:" in html
    for one in inside:
        assert re.search(rf'value="{one.pk}"[^>]* checked', html)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([], "Pilih paling sedikit satu penilai."),
        (["999999"], "Salah satu pilihan bukan penilai pada saat ini."),
        (["x"], "Salah satu pilihan tidak dikenal."),
        (["secretary"], "Salah satu pilihan bukan penilai pada saat ini."),
    ],
)
def test_nobody_or_somebody_who_is_no_assessor_is_refused(secretary, chosen, message):
    an_instrument()
    nomination = NominationFactory(in_state="eligible")
    three_assessors()
    chosen = [a_secretary().pk if one == "secretary" else one for one in chosen]
    assert message in words(secretary.post(page_of(nomination), {"people": chosen}))
    assert not Assignment.objects.exists()


def test_without_an_instrument_the_secretariat_is_told_where_it_is_published(secretary):
    nomination, people = NominationFactory(in_state="eligible"), three_assessors()
    answer = secretary.post(page_of(nomination), {"people": [one.pk for one in people]})
    assert "Instrumen Anyaman belum terbit. Terbitkan dahulu di halaman Instrumen." in words(answer)


def test_the_page_of_one_panel_asks_the_same_for_few_and_many_assessors(secretary, queries_of):
    an_instrument()
    nomination = NominationFactory(in_state="eligible")
    three_assessors()
    secretary.get(page_of(nomination))
    few = len(queries_of(page_of(nomination), by=secretary))
    for _ in range(12):
        an_assessor()
    assert len(queries_of(page_of(nomination), by=secretary)) == few


# --- Replacing and removing ------------------------------------------------------------------------------------------
def test_somebody_is_replaced_by_somebody_else_with_a_reason(secretary, one):
    other = an_assessor(name="Pengganti")
    address = where("assignment_replace", one)
    assert "Pengganti Kementerian Perindustrian, belum mendapat panel" in opened(secretary, address)
    short = secretary.post(address, {"person": other.pk, "reason": "sakit"})
    assert "Tuliskan alasannya, paling sedikit 10 huruf." in words(short)
    html = short.content.decode()
    assert re.search(rf'value="{other.pk}"[^>]* checked', html)
    assert ">\nsakit</textarea>" in html
    assert Assignment.objects.filter(removed_at=None).count() == 3
    answer = secretary.post(address, {"person": other.pk, "reason": REASON}, follow=True)
    assert f"{one.assessor.full_name} diganti oleh Pengganti" in words(answer)
    assert "Diganti oleh Sekretariat" in words(answer)
    assert f"Alasan: {REASON}" in words(answer)
    again = secretary.post(address, {"person": an_assessor().pk, "reason": REASON})
    assert "Penugasan ini sudah berakhir. Tidak ada yang berubah." in words(again)
    assert Assignment.objects.count() == 4


def test_a_replacement_is_chosen_and_is_not_somebody_who_may_not(secretary, one):
    nomination = one.assessment.nomination
    barred = an_assessor(name="Citra")
    Membership.objects.create(
        person=barred, role=Role.DINAS, office=nomination.office, starts_on="2019-01-01"
    )
    address = where("assignment_replace", one)
    assert "Pilih penilai pengganti." in words(secretary.post(address, {"reason": REASON}))
    answer = secretary.post(address, {"person": barred.pk, "reason": REASON})
    assert "Citra tidak dapat ditugaskan: benturan kepentingan (kantor pengusul)." in words(answer)
    one.refresh_from_db()
    assert one.removed_at is None


def test_somebody_is_taken_off_with_a_reason_once(secretary):
    one = assignments_of(a_panel())[0]
    address = where("assignment_remove", one)
    assert "Alasan" in words(secretary.post(address, {"reason": ""}))
    one.refresh_from_db()
    assert one.removed_at is None
    answer = secretary.post(address, {"reason": REASON}, follow=True)
    assert f"{one.assessor.full_name} dikeluarkan dari panel ini." in words(answer)
    assert "2 dari 3 kursi panel terisi" in words(answer)
    assert "sudah berakhir" in words(secretary.post(address, {"reason": REASON}))


def test_who_sent_is_not_removed_and_no_link_says_so(secretary, one):
    fill(one)
    send(one)
    html = secretary.get(page_of(one.assessment.nomination)).content.decode()
    assert where("assignment_remove", one) not in html
    assert where("assignment_replace", one) not in html
    assert where("assignment_reopen", one) in html
    answer = secretary.post(where("assignment_remove", one), {"reason": REASON})
    assert "sudah dikirim dan terkunci" in words(answer)


def test_what_a_declared_relation_is_about_is_read_by_secretariat_and_auditor_alone(client):
    one = assignments_of(a_panel())[0]
    declare_conflict(one)
    for role, reads in ((Role.SEKRETARIAT, True), (Role.AUDITOR, True), (Role.KETUA, False)):
        client.force_login(a_person(role))
        text = opened(client, page_of(one.assessment.nomination))
        assert "Benturan kepentingan" in text
        assert ("Ipar pemiliknya." in text) is reads, role


# --- Reopening -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.SEKRETARIAT, Role.KETUA])
def test_a_sheet_is_opened_again_with_a_reason_and_both_stay_listed(client, role, nomination):
    one = assignments_of(nomination.assessment)[0]
    client.force_login(a_person(role))
    address = where("assignment_reopen", one)
    assert "Buka kembali lembar penilaian" in opened(client, address)
    assert "Tuliskan alasannya" in words(client.post(address, {"reason": "tertukar"}))
    assert not Reopening.objects.exists()
    answer = client.post(address, {"reason": REASON}, follow=True)
    text = words(answer)
    assert f"Lembar {one.assessor.full_name} dibuka kembali." in text
    assert f"{one.assessor.full_name}, kiriman 1" in text
    assert REASON in text
    assert Nomination.objects.get(pk=nomination.pk).state == State.ELIGIBLE
    assert "tidak sedang terkunci" in words(client.post(address, {"reason": REASON}))
    assert Reopening.objects.count() == 1


def test_after_the_phase_the_page_says_that_an_opened_sheet_cannot_be_filled(secretary, nomination):
    one = assignments_of(nomination.assessment)[0]
    assert "Lembar belum dapat diisi" not in opened(secretary, where("assignment_reopen", one))
    start = an_hour_ago()
    a_phase(nomination.round, "penilaian", opens_at=start - timedelta(days=9), closes_at=start)
    text = opened(secretary, where("assignment_reopen", one))
    assert "Lembar belum dapat diisi setelah dibuka" in text
    assert "Penilaian sudah ditutup" in text


def test_once_the_plenary_has_decided_the_page_says_so_and_offers_nothing(secretary, nomination):
    one = assignments_of(nomination.assessment)[0]
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=an_hour_ago())
    html = secretary.get(page_of(nomination)).content.decode()
    assert where("assignment_reopen", one) not in html
    assert "Sidang pleno sudah memutus usulan ini" in html
    answer = secretary.post(where("assignment_reopen", one), {"reason": REASON})
    assert "skornya tidak dapat berubah lagi" in words(answer)
    assert not Reopening.objects.exists()


# --- What these pages never say ----------------------------------------------------------------------------------------
def test_no_page_of_panels_shows_a_score_before_or_after_all_are_in(secretary, nomination):
    one = assignments_of(nomination.assessment)[0]
    for address in (
        "/panel/",
        page_of(nomination),
        where("assignment_reopen", one),
        where("assignment_replace", one),
    ):
        text = opened(secretary, address)
        assert not re.search(r"\bNilai\b|Bintang|100,00|\bdari 100\b", text), address


def test_data_of_the_demo_is_marked(secretary):
    nomination = NominationFactory(in_state="eligible", round=RoundFactory(is_example=True))
    assert "Data contoh" in opened(secretary, "/panel/")
    assert "Data contoh" in opened(secretary, page_of(nomination))
