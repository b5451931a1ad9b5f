"""Berita acara and surat pengantar of a province from real records: totals at an instant, told from the history."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit import history
from letters import kinds, official, pdf
from letters.models import Letter
from nominations import letter_contents, lifecycle
from nominations.models import State
from tests.factories.accounts import LONGEST_NAME, TASIKMALAYA, a_person, a_province_office, a_regency
from tests.factories.letterheads import ready_to_write
from tests.factories.nominations import NominationFactory, RoundFactory
from tests.made_once import made_once
from tests.nominations.letter_writing import drafted, page_of, taken_to, text_of

pytestmark = pytest.mark.django_db
REASON = "Nomor SK sentra pada isian berbeda dari nomor pada berkas."
VERIFIERS = (kinds.Verifier("Andi Baso, S.T.", "Kepala Bidang"),)
TYPED = {
    "bertempat": "Kantor Dinas Perindustrian Provinsi Jawa Barat, Bandung",
    "pemverifikasi": "Andi Baso, S.T.; Kepala Bidang Perindustrian\nI Gusti Ayu Putri; Analis",
}


@made_once
def round_():
    return RoundFactory()


@pytest.fixture
def province(requirements, client):
    person = a_person(Role.PROVINSI, office=a_province_office())
    client.force_login(person)
    return person


@pytest.fixture
def signs(province):
    return ready_to_write(a_province_office())


def the_five(round_):
    """One nomination for each thing that can have become of it."""
    made = {
        state: NominationFactory(in_state=state, round=round_)
        for state in ("endorsed", "returned", "submitted", "not_endorsed")
    }
    made["withdrawn"] = NominationFactory(in_state="submitted", round=round_)
    officer = made["withdrawn"].submitted_by
    lifecycle.perform(
        "withdraw", made["withdrawn"], by=officer, at=timezone.now(), reason="IKM mengundurkan diri."
    )
    return made


def minutes(round_, cut_off=None):
    return letter_contents.minutes(
        a_province_office(), round_, venue="Bandung", cut_off=cut_off or timezone.now(), verifiers=VERIFIERS
    )


def in_form(instant):
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def test_what_came_in_is_what_became_of_it(signs, round_):
    made = the_five(round_)
    NominationFactory(in_state="eligible", round=round_, product__ikm__regency=a_regency(TASIKMALAYA))
    NominationFactory(in_state="draft", round=round_)
    NominationFactory(in_state="endorsed", round=round_, product__ikm__regency=a_regency(LONGEST_NAME))
    content = minutes(round_)
    content.check(kinds.Head(letterhead=(), place="", signatory=kinds.Signatory("A", "A", "Kepala")))
    assert content.incoming == 6
    figures = (content.forwarded, content.returned, content.withdrawn, content.unfinished, content.refused)
    assert figures == (2, 1, 1, 1, 1)
    assert sum(figures) == content.incoming
    assert [(one.regency, one.total()) for one in content.regencies] == [
        ("Kabupaten Garut", 5),
        ("Kabupaten Tasikmalaya", 1),
    ]
    assert [row.number for row in content.returned_rows] == [made["returned"].number]
    assert REASON in content.returned_rows[0].remarks
    assert [row.number for row in content.refused_rows] == [made["not_endorsed"].number]


def test_the_cut_off_decides_and_what_followed_at_the_ministry_does_not(signs, province, round_):
    before = timezone.now() - timedelta(minutes=59)
    eligible = NominationFactory(in_state="eligible", round=round_, at=timezone.now() - timedelta(hours=3))
    late = NominationFactory(in_state="endorsed", round=round_, at=timezone.now() - timedelta(minutes=20))
    refused = NominationFactory(in_state="ineligible", round=round_, at=timezone.now() - timedelta(hours=3))
    assert minutes(round_, before).forwarded == 2
    assert {row.number for row in minutes(round_, before).forwarded_rows} == {eligible.number, refused.number}
    assert minutes(round_).forwarded == 3
    assert late.number in {row.number for row in minutes(round_).forwarded_rows}


def test_what_screening_returned_stays_forwarded(signs, round_):
    nomination = NominationFactory(in_state="endorsed", round=round_)
    lifecycle.perform(
        "return_from_screening", nomination, by=a_person(Role.SEKRETARIAT), at=timezone.now(), reason=REASON,
        due_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    assert minutes(round_).forwarded == 1


def test_what_the_secretariat_passed_on_was_not_verified_by_the_province(signs):
    nomination = NominationFactory(in_state="submitted")
    history.record(
        "pass_on", nomination, by=a_person(Role.SEKRETARIAT), at=timezone.now(), from_state="submitted",
        to_state=State.ENDORSED.value, reason=REASON,
    )  # fmt: skip
    content = minutes(nomination.round)
    assert (content.forwarded, content.unfinished) == (0, 1)


def drafted_minutes(client, signs, **changed) -> Letter:
    typed = {**TYPED, "keadaan_sampai": in_form(timezone.now()), "penanda_tangan": signs.pk, **changed}
    return drafted(client, "berita-acara-provinsi", 2026, **typed)


def test_minutes_are_drafted_and_stay_true_to_their_instant(client, signs, round_):
    the_five(round_)
    letter = drafted_minutes(client, signs)
    content = official.content_of(letter)
    assert [one.position for one in content.verifiers] == ["Kepala Bidang Perindustrian", "Analis"]
    page = text_of(client.get(reverse("letter", args=[letter.pk])))
    assert "tidak lagi sama" not in page
    # What is sent after the instant does not belong into it.
    NominationFactory(in_state="submitted", round=round_, at=timezone.now() + timedelta(hours=1))
    assert "tidak lagi sama" not in text_of(client.get(reverse("letter", args=[letter.pk])))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pemverifikasi": "Andi Baso, S.T."}, "Baris 1: tulis nama, titik koma, lalu jabatannya."),
        ({"pemverifikasi": ""}, "Tuliskan paling sedikit satu pemverifikasi."),
        ({"keadaan_sampai": "2099-01-01T00:00"}, "Pilih saat yang sudah lewat."),
        ({"bertempat": "Rumah 3205010101800001"}, "seperti NIK atau NPWP"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_kept(client, signs, changed, said):
    NominationFactory(in_state="endorsed")
    typed = {**TYPED, "keadaan_sampai": in_form(timezone.now()), "penanda_tangan": signs.pk, **changed}
    answer = client.post(page_of("berita-acara-provinsi", 2026), typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Letter.objects.exists()


def test_the_covering_letter_takes_the_figures_of_the_numbered_minutes(client, signs, province, round_):
    the_five(round_)
    NominationFactory(in_state="endorsed", round=round_, product__ikm__regency=a_regency(TASIKMALAYA))
    cover = page_of("surat-pengantar", 2026)
    assert "Beri nomor dahulu pada berita acara" in text_of(client.get(cover))
    letter = taken_to("bernomor", drafted_minutes(client, signs), by=province, number="BA/12/X/2026")
    made = drafted(
        client, "surat-pengantar", 2026, penanda_tangan=signs.pk, tujuan="Direktur Jenderal", tembusan=""
    )
    content = official.content_of(made)
    assert (content.forwarded, content.regency_count) == (2, 2)
    assert (content.minutes_number, content.minutes_date) == ("BA/12/X/2026", letter.date)
    html = " ".join(pdf.as_html(official.head_of(made), content).split())
    assert "Bersama ini kami teruskan 2 (dua) usulan dari 2 (dua) kabupaten/kota" in html
    # The minutes go back: what the covering letter names is no longer there, and its page says so.
    official.back_to_draft(letter, by=province, at=timezone.now(), reason="Keliru menghitung.")
    assert "Beri nomor dahulu pada berita acara" in text_of(client.get(reverse("letter", args=[made.pk])))


def test_the_queue_leads_to_both_letters_for_the_province_only(client, signs):
    NominationFactory(in_state="submitted")
    page = text_of(client.get(reverse("endorsements")))
    assert page_of("berita-acara-provinsi", 2026) in page
    assert page_of("surat-pengantar", 2026) in page
    client.force_login(a_person(Role.AUDITOR))
    assert "/surat/susun/" not in text_of(client.get(reverse("endorsements")))
