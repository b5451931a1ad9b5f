"""/pleno/: the board, one candidate's decision, attendance, the seal and the minutes, in everybody's hands."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Role
from assessment import plenary
from assessment.models import Decision, Plenary
from nominations import rounds
from nominations.models import Phase, State
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    an_assessed_nomination,
    an_open_plenary,
    assignments_of,
    declare_free,
    fill,
    full_marks_but,
    many_assessed,
    members_of_a_session,
    send,
    three_assessors,
)
from tests.factories.instruments import computed_in_fractions
from tests.factories.nominations import NominationFactory, RoundFactory, a_group, an_hour_ago
from tests.made_once import made_once
from tests.pages import main_of, tables_of

pytestmark = pytest.mark.django_db
REASON = "Sidang menilai pasar ekspor belum berlanjut."
READERS = {Role.KETUA, Role.SEKRETARIAT, Role.AUDITOR}


@made_once
def nomination():
    return many_assessed(1)[0]


@pytest.fixture
def chair(client):
    client.force_login(a_chair())
    return client


def words(answer):
    """The page as one reads it: no tags, single spaces."""
    html = answer.content.decode()
    body = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def opened(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return words(answer)


def at(name, session, *more):
    return reverse(name, args=[session.pk, *(one.pk for one in more)])


def decision(star, **more):
    return {"star": star, "reason": "", "seen": "", **more}


WRONG = [
    ({"star": ""}, "Pilih bintang yang diputuskan sidang."),
    ({"star": "6"}, "Keputusan sidang"),
    ({"star": "lima"}, "Keputusan sidang"),
    ({"recused": ["999999"]}, "Meninggalkan sidang"),
    ({"in_favour": "7"}, "Isi jumlahnya, atau kosongkan ketiganya"),
    ({"against": "7"}, "Isi jumlahnya, atau kosongkan ketiganya"),
    ({"in_favour": "5", "against": "1"}, "Jumlah suara tidak cocok"),
    ({"in_favour": "3", "against": "4"}, "Lebih dari setengah yang memutus tidak setuju"),
    ({"seen": "kemarin"}, "Halaman ini tidak lengkap."),
    ({"seen": "2026-03-13T09:00:00"}, "Halaman ini tidak lengkap."),
    ({"reason": "a" * 4001}, "Alasan"),
]


# --- Whose pages these are ------------------------------------------------------------------------------------
def test_each_role_finds_the_pages_open_or_is_told_whose_they_are(client, nomination):
    session = an_open_plenary(nomination.round)
    addresses = {
        "/pleno/": READERS,
        at("plenary_decide", session, nomination): READERS,
        at("plenary_minutes", session): {Role.KETUA, Role.SEKRETARIAT},
        at("plenary_attendance", session): {Role.KETUA},
        at("plenary_seal", session): {Role.KETUA},
        "/pleno/buka/": {Role.KETUA},
    }
    for role in Role:
        client.force_login(a_person(role, around=nomination))
        for address, readers in addresses.items():
            assert client.get(address).status_code == (200 if role in readers else 403), (role, address)


def test_a_visitor_is_sent_to_the_sign_in(client):
    answer = client.get("/pleno/")
    assert (answer.status_code, answer["Location"].startswith("/masuk/")) == (302, True)


def test_whoever_is_not_the_chair_changes_nothing(client, nomination):
    session = an_open_plenary(nomination.round)
    posts = {
        at("plenary_decide", session, nomination): decision(5),
        at("plenary_attendance", session): {"present": []},
        at("plenary_seal", session): {"minutes_number": "BA/1"},
        "/pleno/buka/": {"round": 2026, "members": [], "present": [], "place": "Jakarta"},
    }
    for role in Role:
        if role == Role.KETUA:
            continue
        client.force_login(a_person(role, around=nomination))
        for address, data in posts.items():
            assert client.post(address, data).status_code == 403, (role, address)
    session.refresh_from_db()
    assert (session.present, session.sealed_at, Plenary.objects.count()) == (7, None, 1)
    assert not Decision.objects.exists()


def test_a_reader_sees_the_board_and_the_candidate_without_forms_and_without_buttons_of_the_chair(
    client, nomination
):
    session = an_open_plenary(nomination.round)
    client.force_login(a_person(Role.SEKRETARIAT))
    board = opened(client, "/pleno/")
    assert "100,00" in board
    assert not re.search("Putuskan|Segel sidang|Ubah kehadiran", board)
    page = opened(client, at("plenary_decide", session, nomination))
    assert "Keputusan dicatat oleh Ketua sidang pleno." in page
    assert "Catat keputusan" not in page


@pytest.mark.parametrize(
    "address", ["/pleno/?sidang=999", "/pleno/?sidang=abc", "/pleno/?sidang=²", "/pleno/99/segel/"]
)
def test_a_session_that_is_not_there_is_not_found(chair, address):
    an_open_plenary(RoundFactory())
    assert chair.get(address).status_code == 404


# --- Opening --------------------------------------------------------------------------------------------------
def test_without_a_session_the_chair_opens_one_and_others_read_who_does(client):
    many_assessed(1)
    client.force_login(a_person(Role.SEKRETARIAT))
    assert "Sidang dibuka oleh Ketua sidang pleno." in opened(client, "/pleno/")
    client.force_login(a_chair())
    text = opened(client, "/pleno/")
    assert "Buka sidang" in text
    assert "Sidang pleno periode 2026 dijadwalkan" in text
    people = [one.pk for one in members_of_a_session(9)]
    data = {"round": 2026, "members": people, "present": people[:7], "place": "Jakarta"}
    answer = client.post("/pleno/buka/", data, follow=True)
    session = Plenary.objects.get()
    assert answer.redirect_chain == [(session.get_absolute_url(), 302)]
    assert "7 dari 9 anggota hadir, kuorum paling sedikit 5: terpenuhi" in words(answer)
    again = client.post("/pleno/buka/", data)
    assert "sudah dibuka dan belum disegel" in words(again)
    assert Plenary.objects.count() == 1


def test_before_anything_is_assessed_there_is_nothing_to_open(chair):
    assert "Tahap sidang pleno belum dijadwalkan" in opened(chair, "/pleno/")
    a_panel()
    text = opened(chair, "/pleno/")
    assert "Belum ada usulan yang selesai dinilai." in text
    assert "Buka sidang</button>" not in chair.get("/pleno/").content.decode()
    phase = rounds.current(at=an_hour_ago()).phase(Phase.Kind.PLENARY)
    assert f"dijadwalkan {phase.opens_at.astimezone().day}" in text or "dijadwalkan" in text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"members": ["999999"], "present": []}, "bukan ketua atau penilai pada saat ini"),
        ({"present": ["banyak"]}, "Salah satu pilihan tidak dikenal"),
        ({"members": [], "present": []}, "Pilih anggota yang mempunyai hak suara."),
        ({"place": " "}, "Tempat sidang"),
        ({"round": "2024"}, "Periode"),
    ],
)
def test_what_cannot_be_is_not_opened_and_what_was_ticked_is_kept(chair, changed, message):
    many_assessed(1)
    people = members_of_a_session(3)
    data = {
        "round": "2026", "members": [one.pk for one in people], "present": [people[0].pk], "place": "Bandung", **changed,
    }  # fmt: skip
    answer = chair.post("/pleno/buka/", data)
    html = answer.content.decode()
    assert "Perlu diperbaiki:" in html
    assert message in words(answer)
    for one in people if data["members"] == [one.pk for one in people] else ():
        assert re.search(rf'name="members" value="{one.pk}"[^>]* checked', html)
    assert not Plenary.objects.exists()


# --- The board ------------------------------------------------------------------------------------------------
def test_the_exact_values_on_the_board_are_those_of_the_rule_computed_another_way(chair):
    sheets = {
        "close": [full_marks_but({"A.I.1": 1}), full_marks_but({"B.I.1": 2}), full_marks_but({"C.I.1": 2})],
        "low": [full_marks_but({"C.I.1": 0, "C.I.2": 1, "C.II.1": 1, "C.II.2": 1}), full_marks_but()],
        "even": [],
    }
    made = {name: an_assessed_nomination(*given) for name, given in sheets.items()}
    definition = made["even"].assessment.instrument.definition
    flat = {
        "parts": [
            {
                "weight": part["weight"],
                "indicators": [line for one in part["sections"] for line in one["indicators"]],
            }
            for part in definition["parts"]
        ],
        "bands": definition["scheme"]["bands"],
    }
    an_open_plenary(made["even"].round)
    html = chair.get("/pleno/").content.decode()
    assert html.index(made["even"].product.ikm.name) < html.index(made["close"].product.ikm.name)
    for name, nomination in made.items():
        given = (sheets[name] + [full_marks_but()] * 3)[:3]
        value, star, flags = computed_in_fractions(flat, dict(zip("abc", given, strict=True)), {})
        row = html[html.index(f">{nomination.product.ikm.name}<") :]
        row = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row[: row.index("</tr>")]))
        hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
        assert f" {hundredths // 100},{hundredths % 100:02d} " in row
        assert (f"(persis {value} )" in row) is ((value * 100).denominator != 1), row
        assert f"Bintang {star} dari 5" in row
        assert (f"{len(flags)} indikator dinilai berbeda jauh" in row) is bool(flags)
    assert computed_in_fractions(flat, dict(zip("abc", sheets["close"], strict=True)), {})[0] == Fraction(
        292, 3
    )


def test_equal_values_share_a_rank_and_a_value_near_a_bound_says_so(chair):
    near = {"C.I.1": 2, "C.I.2": 1, "B.I.1": 3}
    tied = [an_assessed_nomination(*[full_marks_but(near)] * 3) for _ in range(2)]
    last = an_assessed_nomination(*[full_marks_but({**near, "A.I.1": 2})] * 3)
    an_open_plenary(last.round)
    (board,) = tables_of(main_of(chair.get("/pleno/")))
    assert [rank.split()[0] for rank in board.column("Peringkat")] == ["1", "1", "3"]
    text = words(chair.get("/pleno/"))
    assert text.count("Tepat pada batas bintang 5") == 2
    assert "1,00 di bawah batas bintang 5" in text
    assert len(tied) == 2


def test_groups_are_tabs_with_decided_of_all_and_the_address_chooses(chair):
    (plaited,) = many_assessed(1)
    (pottery,) = many_assessed(1, product__group=a_group("gerabah"))
    session = an_open_plenary(plaited.round)
    plenary.record_decision(session, plaited, star=5, by=a_chair(), at=an_hour_ago())
    chair.post(at("plenary_close_item", session))
    text = opened(chair, "/pleno/")
    assert "1 dari 2 usulan diputus" in text
    assert "Anyaman 1 dari 1" in text
    assert "Gerabah 0 dari 1" in text
    # The first group with something to decide stands open.
    assert pottery.product.ikm.name in text
    assert plaited.product.ikm.name not in text
    assert plaited.product.ikm.name in opened(chair, "/pleno/?komoditas=anyaman")
    assert pottery.product.ikm.name in opened(chair, "/pleno/?komoditas=bukan")


def test_what_is_not_all_in_is_counted_and_nothing_of_it_is_shown(client):
    waiting = a_panel()
    for one in assignments_of(waiting)[:2]:
        fill(declare_free(one), full_marks_but({"A.I.1": 1}))
        send(one)
    (done,) = many_assessed(1)
    session = an_open_plenary(done.round)
    for role in READERS:
        client.force_login(a_person(role))
        board = opened(client, "/pleno/")
        assert "1 usulan lain belum selesai dinilai" in board
        assert waiting.nomination.product.ikm.name not in board
        answer = client.get(at("plenary_decide", session, waiting.nomination))
        text = words(answer)
        assert "Usulan ini belum selesai dinilai." in text
        assert not re.search(r"\d+,\d\d|Bintang|Lembar 1|berbeda jauh", text), text


def test_the_auditor_reads_the_board_without_values_until_the_seal(client):
    nomination = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=4, reason=REASON, by=a_chair(), at=an_hour_ago())
    client.force_login(a_person(Role.AUDITOR))
    pages = ["/pleno/", at("plenary_decide", session, nomination)]
    for address in pages:
        text = opened(client, address)
        assert "tampil untuk auditor setelah sidang disegel" in text
        for hidden in ("99,67", "299/3", "Bintang 5", "Bintang 4", "bintang 4", REASON, "Lembar 1"):
            assert hidden not in text, (address, hidden)
    answer = client.get(at("plenary_minutes", session))
    assert (answer.status_code, "setelah sidang disegel" in words(answer)) == (403, True)
    plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=an_hour_ago())
    for address in pages:
        text = opened(client, address)
        for shown in ("99,67", "299/3", "Bintang 4", REASON):
            assert shown in text, (address, shown)
    assert REASON in opened(client, at("plenary_minutes", session))


def test_no_page_of_the_plenary_names_an_assessor(chair):
    nomination = an_assessed_nomination(full_marks_but({"A.I.1": 1}))
    session = an_open_plenary(nomination.round)
    names = ["Wira Penilai", "Tuti Penilai", "Made Penilai"]
    for name, one in zip(names, assignments_of(nomination.assessment), strict=True):
        Person.objects.filter(pk=one.assessor_id).update(name=name)
    address = at("plenary_decide", session, nomination)
    chair.post(address, decision(5))
    for page in ("/pleno/", address, at("plenary_minutes", session), at("plenary_seal", session)):
        assert not [name for name in names if name in opened(chair, page)], page


def test_the_board_asks_the_same_of_the_database_for_two_and_for_twenty(chair, queries_of):
    people = three_assessors()
    few = many_assessed(2, people=people)
    session = an_open_plenary(few[0].round)
    plenary.record_decision(session, few[0], star=5, by=a_chair(), at=an_hour_ago())
    pages = ["/pleno/", at("plenary_minutes", session), at("plenary_seal", session)]
    for page in pages:
        chair.get(page)
    before = {page: len(queries_of(page, by=chair)) for page in pages}
    for nomination in many_assessed(18, people=people)[:9]:
        plenary.record_decision(session, nomination, star=5, by=a_chair(), at=an_hour_ago())
    assert {page: len(queries_of(page, by=chair)) for page in pages} == before
    assert "1–20 dari 20" in opened(chair, "/pleno/")


def test_pages_have_fifty_rows(chair, monkeypatch):
    from assessment import plenary_pages

    assert plenary_pages.PER_PAGE == 50
    monkeypatch.setattr(plenary_pages, "PER_PAGE", 2)
    an_open_plenary(many_assessed(3)[0].round)
    assert "1–2 dari 3" in opened(chair, "/pleno/")
    assert "3–3 dari 3" in opened(chair, "/pleno/?halaman=2")


def test_data_of_the_demo_is_marked(chair):
    (nomination,) = many_assessed(1, round=RoundFactory(is_example=True))
    session = a_sealed_plenary(nomination.round)
    for page in ("/pleno/", at("plenary_decide", session, nomination), at("plenary_minutes", session)):
        assert "Data contoh" in opened(chair, page)


# --- Attendance -----------------------------------------------------------------------------------------------
def test_without_a_quorum_attendance_is_the_next_step_and_then_the_decision(chair, nomination):
    session = an_open_plenary(nomination.round, present=4)
    text = opened(chair, "/pleno/")
    assert "Sidang belum memenuhi kuorum" in text
    assert "Bahas usulan berikutnya" not in text
    assert "Catat kehadiran" in text
    page = at("plenary_decide", session, nomination)
    assert "Catat kehadiran dahulu" in opened(chair, page)
    refused = chair.post(page, decision(5))
    assert "Sidang belum memenuhi kuorum: 4 dari 9 hadir, perlu 5." in words(refused)
    eight = [one.pk for one in members_of_a_session(8)]
    answer = chair.post(at("plenary_attendance", session), {"present": eight}, follow=True)
    assert "Kehadiran dicatat: 8 dari 9 anggota." in words(answer)
    assert "Bahas usulan berikutnya" in words(answer)


# --- Deciding -------------------------------------------------------------------------------------------------
def test_a_decision_is_recorded_and_the_board_shows_it_and_the_next(chair):
    first, second = many_assessed(2)
    session = an_open_plenary(first.round)
    page = at("plenary_decide", session, first)
    call = at("plenary_open_item", session, first)
    assert f'action="{call}"' in chair.get("/pleno/").content.decode()
    assert "Catat keputusan" not in opened(chair, page)
    assert chair.post(call)["Location"] == page
    html = chair.get(page).content.decode()
    assert re.search(r'name="star" value="5"[^>]* checked', html)
    assert "Bintang 5 (menurut hitungan)" in html
    answer = chair.post(page, decision(5), follow=True)
    assert f"Keputusan dicatat: {first.product.ikm.name}, bintang 5." in words(answer)
    following = at("plenary_open_item", session, second)
    assert f'action="{following}"' in answer.content.decode()
    stored = Decision.objects.get()
    assert (stored.star, stored.value, stored.recorded_by) == (5, 100, a_chair())


def test_another_star_asks_for_its_reason_keeps_what_was_typed_and_shows_both_for_ever(chair):
    nomination = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
    session = an_open_plenary(nomination.round)
    page = at("plenary_decide", session, nomination)
    votes = {"in_favour": "4", "against": "1", "abstained": "1", "recused": [members_of_a_session(2)[1].pk]}
    answer = chair.post(page, decision(4, reason="Pasar belum berlanjut.", **votes))
    html = answer.content.decode()
    assert "Keputusan (bintang 4) berbeda dari hitungan (bintang 5)" in words(answer)
    assert 'href="#id_reason"' in html
    assert ">\nPasar belum berlanjut.</textarea>" in html
    assert re.search(r'name="star" value="4"[^>]* checked', html)
    assert not Decision.objects.exists()
    answer = chair.post(page, decision(4, reason=REASON, **votes), follow=True)
    text = words(answer)
    for shown in ("99,67", "Bintang 5 dari 5", "Bintang 4 dari 5", "Berbeda dari hitungan", REASON):
        assert shown in text
    assert "Setuju 4, tidak setuju 1, abstain 1" in text
    text = opened(chair, page)
    assert "Berbeda dari hitungan: bintang 5, nilai 99,67" in text
    assert "1 anggota meninggalkan sidang karena benturan kepentingan." in text


def test_what_cannot_be_is_refused_in_words_and_nothing_is_recorded(chair, nomination):
    page = at("plenary_decide", an_open_plenary(nomination.round), nomination)
    for changed, message in WRONG:
        answer = chair.post(page, {**decision(5), **changed})
        assert "Perlu diperbaiki:" in answer.content.decode(), changed
        assert message in words(answer), changed
    assert not Decision.objects.exists()
    assert chair.post(page, decision(5, in_favour=6, against=1)).status_code == 302


def test_a_second_recorder_is_told_who_decided_what_and_can_then_decide_knowing_it(chair, nomination):
    session = an_open_plenary(nomination.round)
    page = at("plenary_decide", session, nomination)
    other = a_person(Role.KETUA, name="Ketua Kedua")
    first = plenary.record_decision(session, nomination, star=5, by=other, at=an_hour_ago())
    answer = chair.post(page, decision(4, reason=REASON))
    assert answer.status_code == 409
    text = words(answer)
    assert "Ketua Kedua baru saja mencatat bintang 5 untuk usulan ini" in text
    assert REASON in text
    assert "Dicatat" in text
    first.refresh_from_db()
    assert first.star == 5
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', answer.content.decode())
    assert chair.post(page, decision(4, reason=REASON, seen=seen)).status_code == 302
    first.refresh_from_db()
    assert (first.star, Decision.objects.count()) == (4, 1)
    assert chair.post(page, decision(4, reason=REASON, seen=seen)).status_code == 409


def test_what_was_recorded_while_the_own_decision_was_on_its_way_is_shown_and_then_counts_as_seen(
    chair, monkeypatch
):
    (nomination,) = many_assessed(1)
    session = an_open_plenary(nomination.round)
    page, record = at("plenary_decide", session, nomination), plenary.record_decision
    other = a_person(Role.KETUA, name="Ketua Kedua")

    def just_after_another(*args, **kwargs):
        monkeypatch.setattr(plenary, "record_decision", record)
        record(session, nomination, star=5, by=other, at=an_hour_ago())
        return record(*args, **kwargs)

    monkeypatch.setattr(plenary, "record_decision", just_after_another)
    answer = chair.post(page, decision(4, reason=REASON))
    assert answer.status_code == 409
    assert "oleh Ketua Kedua" in words(answer)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', answer.content.decode())
    assert chair.post(page, decision(4, reason=REASON, seen=seen)).status_code == 302


def test_a_candidate_of_another_round_or_of_no_panel_is_not_before_this_session(chair, nomination):
    session = an_open_plenary(nomination.round)
    elsewhere = NominationFactory(in_state="eligible", round=RoundFactory(year=2024))
    assert chair.get(at("plenary_decide", session, elsewhere)).status_code == 404
    waiting = NominationFactory(in_state="eligible")
    answer = chair.post(at("plenary_decide", session, waiting), decision(5))
    assert "belum selesai dinilai, sehingga belum dapat diputus" in words(answer)
    assert chair.get(at("plenary_decide", session, NominationFactory(in_state="endorsed"))).status_code == 404


# --- The seal -------------------------------------------------------------------------------------------------
def test_what_is_undecided_is_listed_and_a_seal_waits_for_it(chair):
    first, second = many_assessed(2)
    session = an_open_plenary(first.round)
    plenary.record_decision(session, first, star=5, by=a_chair(), at=an_hour_ago())
    text = opened(chair, at("plenary_seal", session))
    assert "1 keputusan tercatat, 1 usulan belum diputus." in text
    assert second.product.ikm.name in text
    assert first.product.ikm.name not in text
    answer = chair.post(at("plenary_seal", session), {"minutes_number": "BA/12"})
    assert f"1 usulan belum diputus: {second.number}. Putuskan dahulu semuanya." in words(answer)
    assert 'value="BA/12"' in answer.content.decode()
    session.refresh_from_db()
    assert session.sealed_at is None


def test_a_sealed_session_is_read_only_with_its_fingerprint_and_leads_on(client, nomination):
    session = an_open_plenary(nomination.round)
    page = at("plenary_decide", session, nomination)
    client.force_login(a_chair())
    client.post(page, decision(5))
    assert "Segel sidang" in opened(client, "/pleno/")
    assert "tidak dapat diubah oleh siapa pun" in opened(client, at("plenary_seal", session))
    assert "Nomor berita acara" in words(client.post(at("plenary_seal", session), {"minutes_number": " "}))
    answer = client.post(at("plenary_seal", session), {"minutes_number": "BA/12/IKMA/V/2026"}, follow=True)
    session.refresh_from_db()
    text = words(answer)
    assert "Nomor BA/12/IKMA/V/2026" in text
    assert session.fingerprint in text
    assert at("plenary_minutes", session) in answer.content.decode()
    assert not re.search("Putuskan|Segel sidang|Ubah kehadiran|Lanjut ke penghargaan", text)
    assert "Catat keputusan" not in opened(client, page)
    seen = Decision.objects.get().recorded_at.isoformat()
    for address, data in (
        (page, decision(4, reason=REASON, seen=seen)),
        (at("plenary_seal", session), {"minutes_number": "BA/13"}),
        (at("plenary_attendance", session), {"present": [a_chair().pk]}),
    ):
        assert "Koreksi hanya melalui sidang pleno baru." in words(client.post(address, data)), address
    assert Decision.objects.get().star == 5
    client.force_login(a_person(Role.SEKRETARIAT))
    assert f'href="{reverse("decrees")}">Lanjut ke penghargaan' in client.get("/pleno/").content.decode()


def test_a_sealed_round_is_corrected_by_a_new_session_and_the_first_stays_readable(chair, nomination):
    first = a_sealed_plenary(nomination.round)
    assert 'href="/pleno/buka/">Buka sidang baru' in chair.get("/pleno/").content.decode()
    people = [one.pk for one in members_of_a_session(9)]
    data = {"round": 2026, "members": people, "present": people[:7], "place": "Jakarta"}
    assert chair.post("/pleno/buka/", data).status_code == 302
    second = Plenary.objects.open().get()
    text = opened(chair, "/pleno/")
    assert "Berlangsung" in text
    assert "1 dari 1 usulan diputus" in text
    page = at("plenary_decide", second, nomination)
    assert "memutus bintang 5 untuk usulan ini" in opened(chair, page)
    answer = chair.post(page, decision(5))
    assert "alasan koreksi masuk berita acara" in words(answer)
    assert chair.post(page, decision(4, reason=REASON)).status_code == 302
    text = opened(chair, first.get_absolute_url())
    assert "Disegel" in text
    assert first.fingerprint in text


# --- The minutes ----------------------------------------------------------------------------------------------
def table(html, heading):
    """The rows of the table under a heading, as lists of text; the foot is the last one."""
    part = html[html.index(heading) :]
    part = part[part.index("<tbody") : part.index("</table>")]
    return [
        [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", cell)).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>", part, re.S)
    ]  # fmt: skip


def test_the_minutes_are_whole_and_their_totals_add_up(chair):
    exact = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
    plaited = many_assessed(2)
    (pottery,) = many_assessed(1, product__group=a_group("gerabah"))
    session = an_open_plenary(exact.round)
    for nomination, star, reason in (
        (exact, 4, REASON), (plaited[0], 5, ""), (plaited[1], 0, REASON), (pottery, 5, ""),
    ):  # fmt: skip
        chair.post(at("plenary_decide", session, nomination), decision(star, reason=reason))
    draft = opened(chair, at("plenary_minutes", session))
    assert "KONSEP" in draft
    assert "dihitung ketika sidang disegel" in draft
    chair.post(at("plenary_seal", session), {"minutes_number": "BA/12/IKMA/V/2026"})
    session.refresh_from_db()
    html = chair.get(at("plenary_minutes", session)).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))
    assert "KONSEP" not in text
    assert "Nomor: BA/12/IKMA/V/2026" in text
    assert "Sidang dihadiri 7 (tujuh) dari 9 (sembilan) anggota" in text
    assert "memenuhi kuorum paling sedikit 5 (lima) anggota" in text
    assert "Dari 4 (empat) usulan, 3 (tiga) direkomendasikan menerima penghargaan dan 1 (satu) tidak" in text
    assert "Tidak ada anggota yang menyatakan benturan kepentingan." in text
    assert "nilai 99,67 (299/3), bintang lima menurut instrumen" in text
    assert f"sidang memutuskan bintang empat karena: {REASON}" in text
    assert session.fingerprint in text
    assert exact.assessment.instrument.fingerprint in text
    for part in ("I. Kehadiran", "II. Benturan", "III. Hasil", "IV. Keputusan", "V. Catatan", "VI. Penutup"):
        assert part in text
    recap, listed = table(html, "Lampiran I."), table(html, "Lampiran II.")
    *groups, total = [[int(cell) for cell in row[1:]] for row in recap]
    assert total == [sum(column) for column in zip(*groups, strict=True)]
    assert all(row[-1] == sum(row[:-1]) for row in [*groups, total])
    assert total[-1] == len(listed) == 4
    assert [row[-1] for row in listed].count("bintang lima") == total[0] == 2
    assert [row[-1] for row in listed].count("tanpa bintang") == total[-2] == 1
    assert len(table(html, "Lampiran III.")) == session.members


def test_minutes_hold_no_personal_data_and_no_sum_of_an_assessor(chair):
    nomination = an_assessed_nomination(full_marks_but({"A.I.1": 1, "C.I.1": 2}))
    session = a_sealed_plenary(nomination.round)
    text = opened(chair, at("plenary_minutes", session))
    assert nomination.product.ikm.nib not in text
    assert "94,00" not in text
    assert "98,00 (294/3)" not in text
    assert State.ASSESSED.label not in text


def test_a_get_of_any_page_writes_nothing(chair, nomination):
    session = an_open_plenary(nomination.round)
    before = Plenary.objects.values().get(), timedelta(0)
    for page in ("/pleno/", at("plenary_decide", session, nomination), at("plenary_seal", session)):
        assert chair.get(page).status_code == 200
        assert chair.head(page).status_code == 200
    assert (Plenary.objects.values().get(), timedelta(0)) == before
    assert not Decision.objects.exists()
