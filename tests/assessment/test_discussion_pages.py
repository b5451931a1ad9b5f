"""The panel talks in writing about what lies far apart, once all are in and until the plenary has decided."""

import pytest

from accounts.roles import Role
from assessment.models import Assignment, Comment, Score, Sheet
from nominations.models import Round
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_panel,
    a_sealed_plenary,
    an_instrument,
    assess,
    assignments_of,
    declare_free,
    fill,
    full_marks_but,
    send,
)
from tests.made_once import made_once
from tests.nominations.proposing import main_of, text_of

pytestmark = pytest.mark.django_db
REASON = "Setelah melihat lagi nota pembelian, jenjang dua yang terbukti."


@made_once
def apart():
    """A panel whose first sheet gives the lowest level on one indicator, and the code of that indicator."""
    ladders = an_instrument().ladders
    code = next(code for code, ladder in ladders.items() if 2 * (ladder[-1] - ladder[0]) > ladder[-1])
    assessment = a_panel()
    assess(assessment, full_marks_but({code: ladders[code][0]}))
    return assignments_of(assessment), code


def page_of(client, one):
    client.force_login(one.assessor)
    return client.get(f"/penilaian/{one.pk}/pembahasan/")


def test_the_flagged_indicator_is_shown_with_own_and_others_and_without_names(client, apart):
    (first, second, third), code = apart
    page = page_of(client, first)
    text = text_of(page)
    assert f"{code} " in text
    assert "Skor Anda" in text
    assert text.count("Penilai lain") == 2
    for other in (second, third):
        assert other.assessor.full_name not in main_of(page)


def test_a_contribution_reaches_the_others_and_says_which_is_ones_own(client, apart):
    (first, second, _), code = apart
    client.force_login(first.assessor)
    sent = {"indikator": code, "teks": "Nota pembelian hanya dua bulan.", "tanggapi": "ya"}
    assert client.post(f"/penilaian/{first.pk}/pembahasan/", sent).status_code == 302
    assert Comment.objects.get().by == first.assessor
    assert "Nota pembelian hanya dua bulan." in text_of(page_of(client, first))
    theirs = text_of(page_of(client, second))
    assert "Nota pembelian hanya dua bulan." in theirs
    assert first.assessor.full_name not in theirs


def test_an_own_score_is_revised_with_a_reason_and_both_sheets_stay(client, apart):
    (first, _, _), code = apart
    ladder = an_instrument().ladders[code]
    client.force_login(first.assessor)
    sent = {"indikator": code, "skor": ladder[-1], "teks": REASON, "perbaiki": "ya"}
    assert client.post(f"/penilaian/{first.pk}/pembahasan/", sent).status_code == 302
    assert Score.objects.get(assignment=first, indicator=code).points == ladder[-1]
    assert [sheet.scores[code] for sheet in Sheet.objects.filter(assignment=first).order_by("sequence")] == [
        ladder[0], ladder[-1],
    ]  # fmt: skip
    assert Assignment.objects.get(pk=first.pk).submitted_at is not None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"teks": ""}, "Tuliskan alasannya"),
        ({"skor": "99"}, "pilih salah satu skor"),
        ({"skor": ""}, "pilih salah satu skor"),
        ({"indikator": "TIDAK-ADA"}, "Hanya indikator yang ditandai"),
    ],
)
def test_what_is_refused_changes_nothing_and_what_was_typed_stays(client, apart, changed, says):
    (first, _, _), code = apart
    client.force_login(first.assessor)
    sent = {
        "indikator": code, "skor": an_instrument().ladders[code][-1], "teks": REASON, "perbaiki": "ya", **changed,
    }  # fmt: skip
    page = client.post(f"/penilaian/{first.pk}/pembahasan/", sent)
    assert page.status_code == 409
    assert says in page.content.decode()
    if sent["teks"] and sent["indikator"] == code:
        assert REASON in main_of(page)
    assert Sheet.objects.filter(assignment=first).count() == 1


def test_before_all_are_in_there_is_nothing_to_see(client):
    assessment = a_panel()
    first = declare_free(assignments_of(assessment)[0])
    fill(first)
    send(first)
    assert page_of(client, first).status_code == 302
    sent = {"indikator": "A", "teks": "Halo panel.", "tanggapi": "ya"}
    client.post(f"/penilaian/{first.pk}/pembahasan/", sent)
    assert not Comment.objects.exists()


def test_after_the_plenary_it_is_read_only(client, apart):
    (first, _, _), code = apart
    a_sealed_plenary(Round.objects.get())
    page = page_of(client, first)
    assert "Pembahasan tinggal dibaca." in text_of(page)
    assert "Kirim tanggapan" not in text_of(page)
    sent = {"indikator": code, "teks": "Terlambat saya baca.", "tanggapi": "ya"}
    assert client.post(f"/penilaian/{first.pk}/pembahasan/", sent).status_code == 409
    assert not Comment.objects.exists()


def test_a_panel_that_agrees_has_nothing_to_discuss(client):
    assessment = a_panel()
    assess(assessment)
    assert "Tidak ada yang perlu dibahas." in text_of(page_of(client, assignments_of(assessment)[0]))


def test_an_assessor_of_another_panel_finds_nothing(client, apart):
    (first, _, _), _ = apart
    client.force_login(a_person(Role.PENILAI))
    assert client.get(f"/penilaian/{first.pk}/pembahasan/").status_code == 404
