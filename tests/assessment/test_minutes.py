"""The minutes: every count in figures and words, parts that make their totals, both stars where they differ."""

from datetime import timedelta
from fractions import Fraction

import pytest

from assessment import minutes, plenary
from assessment.decision_rules import Vote
from tests.factories.assessment import (
    a_chair,
    an_assessed_nomination,
    an_open_plenary,
    full_marks_but,
    many_assessed,
    members_of_a_session,
)
from tests.factories.nominations import a_group, an_hour_ago

pytestmark = pytest.mark.django_db
REASON = "Sidang menilai pasar ekspor belum berlanjut."


def decide(session, nomination, star=5, **more):
    plenary.record_decision(session, nomination, star=star, by=a_chair(), at=an_hour_ago(), **more)


def a_session_of_four():
    """Three of plaiting (5, 4 by reason, none by reason) and one of pottery (5)."""
    exact = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
    plaited = many_assessed(2)
    (pottery,) = many_assessed(1, product__group=a_group("gerabah"))
    session = an_open_plenary(exact.round)
    decide(session, plaited[0])
    decide(session, exact, 4, reason=REASON, vote=Vote(4, 1, 1), recused=[members_of_a_session(2)[1]])
    decide(session, plaited[1], 0, reason=REASON)
    decide(session, pottery)
    return session, exact, plaited


def test_annex_one_is_annex_two_counted_and_the_sentence_says_the_same():
    session, _, _ = a_session_of_four()
    record = minutes.of(session)
    assert [(row.name, row.by_star, row.none, row.total) for row in record.groups] == [
        ("Anyaman", (1, 1, 0, 0, 0), 1, 3),
        ("Gerabah", (1, 0, 0, 0, 0), 0, 1),
    ]
    assert (record.totals.by_star, record.totals.none, record.totals.total) == ((2, 1, 0, 0, 0), 1, 4)
    assert len(record.decisions) == record.totals.total == sum(record.totals.by_star) + record.totals.none
    assert (record.count, record.recommended, record.not_recommended) == ("4 (empat)", "3 (tiga)", "1 (satu)")
    assert (record.present, record.members, record.quorum) == ("7 (tujuh)", "9 (sembilan)", "5 (lima)")


def test_a_decision_other_than_computed_names_both_stars_the_exact_value_the_reason_and_the_vote():
    session, exact, plaited = a_session_of_four()
    record = minutes.of(session)
    name = "Kriteria Seleksi Produk OVOP: Anyaman versi 1"
    assert record.different == [
        f"Usulan Nomor {exact.number}: nilai 99,67 (299/3), bintang lima menurut instrumen {name}; sidang memutuskan "
        f"bintang empat karena: {REASON[:-1]}; setuju 4, tidak setuju 1, abstain 1.",
        f"Usulan Nomor {plaited[1].number}: nilai 100,00, bintang lima menurut instrumen {name}; sidang memutuskan "
        f"tanpa bintang karena: {REASON[:-1]}.",
    ]
    (left,) = record.left
    assert (left.name, left.nomination) == ("Anggota 1", str(exact.number))
    assert record.recused == [], "who left is written by name"
    assert record.remarkable == []


def test_a_vote_on_the_computed_star_stands_in_the_minutes_too():
    (nomination,) = many_assessed(1)
    session = an_open_plenary(nomination.round)
    decide(session, nomination, vote=Vote(6, 1))
    record = minutes.of(session)
    assert record.different == []
    assert record.remarkable == [
        f"Usulan Nomor {nomination.number}: bintang lima sesuai hitungan; setuju 6, tidak setuju 1, abstain 0."
    ]


def test_the_opening_says_day_date_and_hours_and_both_days_where_there_were_two():
    session, _, _ = a_session_of_four()
    start = session.opened_at
    assert " sampai dengan " not in minutes.of(session).opening
    assert minutes.of(session).end == ""
    session.opened_at = start.replace(year=2026, month=3, day=13, hour=2, minute=0)
    session.sealed_at = session.opened_at + timedelta(hours=7, minutes=30)
    friday = "hari Jumat, tanggal tiga belas, bulan Maret, tahun dua ribu dua puluh enam (13-03-2026)"
    assert minutes.of(session).opening == f"{friday}, pukul 09.00 sampai dengan pukul 16.30 WIB"
    assert minutes.of(session).end == "pukul 16.30 WIB"
    session.sealed_at += timedelta(days=1)
    saturday = "hari Sabtu, tanggal empat belas, bulan Maret, tahun dua ribu dua puluh enam (14-03-2026)"
    assert minutes.of(session).opening == (
        f"{friday}, pukul 09.00 WIB sampai dengan {saturday}, pukul 16.30 WIB"
    )


def test_the_instruments_are_named_with_their_bands_and_fingerprints():
    session, _, plaited = a_session_of_four()
    first, second = minutes.of(session).instruments
    form = plaited[0].assessment.instrument
    assert (first.name, first.version, first.fingerprint) == (form.name, 1, form.fingerprint)
    assert first.bands.startswith("bintang 5: 90 atau lebih; bintang 4: 80 atau lebih")
    assert "Gerabah" in second.name


def test_a_session_without_decisions_has_minutes_of_nothing():
    (nomination,) = many_assessed(1)
    record = minutes.of(an_open_plenary(nomination.round))
    assert (record.decisions, record.groups, record.totals.total, record.count) == ((), (), 0, "0 (nol)")


@pytest.mark.parametrize(
    ("value", "words"), [("247/3", "82,33 (247/3)"), ("82.5", "82,50"), ("89.996", "90,00 (22499/250)")]
)
def test_an_exact_value_stands_beside_one_that_was_rounded(value, words):
    assert minutes.value_in_words(Fraction(value)) == words


def test_a_title_that_ends_with_a_full_stop_brings_no_second_one():
    (nomination,) = many_assessed(1)
    session = an_open_plenary(nomination.round)
    session.opened_by.name, session.opened_by.title_after = "Siti Aminah", "S.T., ASEAN Eng."
    assert minutes.of(session).led_by == "Siti Aminah, S.T., ASEAN Eng"
