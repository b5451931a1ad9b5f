"""The papers of the screening from real records: the sheet, the request for repair, the refusal, the objection's answer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit import history
from letters import kinds, official, pdf
from letters.models import Letter
from nominations import lifecycle, notices
from nominations.models import Nomination, Objection
from tests.factories.accounts import a_ministry, a_person
from tests.factories.letterheads import ready_to_write
from tests.factories.nominations import (
    NominationFactory,
    a_refusal_proposal,
    check_everything,
    submission_of,
)
from tests.nominations.letter_writing import drafted, page_of, pressed, taken_to, text_of

pytestmark = pytest.mark.django_db
REASON = "Nomor SK sentra pada isian berbeda dari nomor pada berkas."
TO = {"tujuan": "Kepala Dinas Perindustrian\ndi Garut", "tembusan": ""}


@pytest.fixture
def secretary(requirements, client):
    person = a_person(Role.SEKRETARIAT, name="Rahmawati Nasution", title_after="S.E.")
    client.force_login(person)
    return person


@pytest.fixture
def signs(secretary):
    return ready_to_write(a_ministry())


def refused_by_two(nomination, first, second, *, not_met="sk_sentra"):
    check_everything(nomination, by=first, not_met=not_met)
    a_refusal_proposal(nomination, by=first)
    lifecycle.perform(
        "declare_ineligible",
        Nomination.objects.get(pk=nomination.pk),
        by=second,
        at=timezone.now(),
        reason=REASON,
    )
    nomination.refresh_from_db()
    return nomination


@pytest.fixture
def refused(signs, secretary):
    second = a_person(Role.SEKRETARIAT, name="Bambang Prasetyo")
    return refused_by_two(NominationFactory(in_state="endorsed"), secretary, second)


def a_sheet(client, nomination) -> Letter:
    return drafted(client, "lembar-seleksi", nomination.pk)


def test_the_sheet_of_a_refusal_has_every_line_and_two_signatures(client, refused):
    letter = a_sheet(client, refused)
    content = official.content_of(letter)
    assert content.requirements == len(content.rows) == submission_of(refused).checks.count()
    assert content.fitting + content.differing == content.requirements
    assert (content.differing, content.outcome) == (1, "tidak_lolos")
    wrong = next(row for row in content.rows if row.result == "tidak_sesuai")
    assert wrong.note
    assert wrong.basis
    assert letter.signatory_full_name == "Rahmawati Nasution, S.E."
    assert content.second_name == "Bambang Prasetyo"
    html = " ".join(pdf.as_html(official.head_of(letter), content).split())
    assert "tidak lolos seleksi administrasi." in html
    assert "Nomor SK pada isian: 800/Kep.112-Disperin/2019" in html


def test_a_sheet_before_the_decision_is_refused_kindly(client, signs):
    nomination = NominationFactory(in_state="endorsed")
    page = text_of(client.get(page_of("lembar-seleksi", nomination.pk)))
    assert "Seleksi administrasi usulan ini belum diputuskan" in page
    assert client.post(page_of("lembar-seleksi", nomination.pk)).status_code == 422
    assert not Letter.objects.exists()


def test_the_sheet_of_who_passed_says_so(client, signs):
    nomination = NominationFactory(in_state="eligible")
    content = official.content_of(a_sheet(client, nomination))
    assert (content.outcome, content.differing, content.second_name) == ("lolos", 0, "")


def test_a_sheet_gets_its_number_from_the_portal_and_keeps_it(client, refused, secretary):
    letter = a_sheet(client, refused)
    pressed(client, letter, "paraf")
    assert "nomor" in text_of(client.get(reverse("letter", args=[letter.pk]))).lower()
    pressed(client, letter, "nomor")
    letter.refresh_from_db()
    assert letter.number == f"LS-{refused.round_id}-0001"
    pressed(client, letter, "konsep", alasan="Nama pemeriksa keliru ditulis.")
    page = text_of(client.get(reverse("letter", args=[letter.pk])))
    assert "Buang konsep ini" not in page
    answer = pressed(client, letter, "buang", alasan="Tidak dipakai lagi sekarang.")
    assert "nomor portal tidak boleh bercelah" in text_of(answer)
    pressed(client, letter, "paraf")
    pressed(client, letter, "nomor", nomor="LS-2026-9999")
    letter.refresh_from_db()
    assert letter.number == f"LS-{refused.round_id}-0001"


def test_a_sheet_stays_in_the_house(client, refused, secretary):
    letter = taken_to("ditandatangani", a_sheet(client, refused), by=secretary)
    page = text_of(client.get(reverse("letter", args=[letter.pk])))
    assert "tidak disampaikan ke luar" in page
    assert "Sampaikan surat" not in page
    client.force_login(a_person(Role.DINAS, around=refused))
    assert client.get(reverse("letter", args=[letter.pk])).status_code == 404


def a_notice(client, nomination, signs, **changed) -> Letter:
    return drafted(client, "tidak-lolos", nomination.pk, penanda_tangan=signs.pk, **{**TO, **changed})


def test_the_notice_gives_every_reason_and_the_way_to_object(client, refused, signs, secretary):
    sheet = taken_to("bernomor", a_sheet(client, refused), by=secretary)
    letter = a_notice(client, refused, signs)
    content = official.content_of(letter)
    not_met = submission_of(refused).checks.filter(verdict="not_met")
    assert {reason.requirement for reason in content.reasons} == {
        check.requirement.name for check in not_met.order_by("pk")
    }
    assert all(reason.basis for reason in content.reasons)
    assert (content.sheet_number, content.sheet_date) == (sheet.number, sheet.date)
    decided_at = history.of(refused).filter(action="declare_ineligible").last().at
    assert content.objection_until == notices.objection_until(refused, decided_at=decided_at)
    assert letter.secrecy == "terbatas"
    assert [office.pk for office in letter.addressees.order_by("pk")] == [refused.office_id]


def test_two_reasons_are_two_reasons(client, signs, secretary):
    nomination = NominationFactory(in_state="endorsed")
    second = a_person(Role.SEKRETARIAT)
    check_everything(nomination, by=secretary, not_met="nib")
    submission_of(nomination).checks.filter(requirement="sk_sentra").update(
        verdict="not_met", note="SK tidak memuat sentra ini."
    )
    a_refusal_proposal(nomination, by=secretary)
    lifecycle.perform(
        "declare_ineligible",
        Nomination.objects.get(pk=nomination.pk),
        by=second,
        at=timezone.now(),
        reason=REASON,
    )
    taken_to("bernomor", a_sheet(client, nomination), by=secretary)
    content = official.content_of(a_notice(client, nomination, signs))
    assert [reason.finding for reason in content.reasons] == [
        "Tidak cocok dengan berkas",
        "SK tidak memuat sentra ini",
    ]
    assert content.differing == 2


def test_a_notice_waits_for_the_number_of_its_sheet(client, refused, signs):
    page = text_of(client.get(page_of("tidak-lolos", refused.pk)))
    assert "Susun dan beri nomor lembar hasilnya dahulu." in page


def test_a_notice_is_only_about_a_refusal(client, signs):
    nomination = NominationFactory(in_state="eligible")
    assert "tidak berstatus tidak lolos" in text_of(client.get(page_of("tidak-lolos", nomination.pk)))


def returned_from_screening(secretary, remarks=None):
    nomination = NominationFactory(in_state="endorsed")
    check_everything(nomination, by=secretary, not_met="sk_sentra")
    lifecycle.perform(
        "return_from_screening", nomination, by=secretary, at=timezone.now(), reason=REASON,
        due_at=timezone.now() + timedelta(days=7), remarks=remarks or {},
    )  # fmt: skip
    nomination.refresh_from_db()
    return nomination


def test_the_request_for_repair_lists_what_was_remarked(client, signs, secretary):
    nomination = returned_from_screening(
        secretary,
        {"dokumen:sk_sentra": "Unggah SK yang memuat sentra ini.", "story": "Tambahkan sejarahnya."},
    )
    letter = drafted(client, "permintaan-perbaikan", nomination.pk, penanda_tangan=signs.pk, **TO)
    content = official.content_of(letter)
    assert [(one.finding, one.asked) for one in content.repairs] == [
        ("Tidak cocok dengan berkas.", "Unggah SK yang memuat sentra ini."),
        (REASON, "Tambahkan sejarahnya."),
    ]
    assert content.due == nomination.repair_due_at


def test_without_remarks_the_request_lists_the_lines_that_do_not_fit(client, signs, secretary):
    nomination = returned_from_screening(secretary)
    letter = drafted(client, "permintaan-perbaikan", nomination.pk, penanda_tangan=signs.pk, **TO)
    repairs = official.content_of(letter).repairs
    assert [(one.finding, one.asked) for one in repairs] == [("Tidak cocok dengan berkas.", REASON)]


def test_a_request_whose_repair_was_sent_says_that_it_is_late(client, signs, secretary):
    nomination = returned_from_screening(secretary)
    letter = drafted(client, "permintaan-perbaikan", nomination.pk, penanda_tangan=signs.pk, **TO)
    lifecycle.perform("resubmit", nomination, by=nomination.submitted_by, at=timezone.now())
    page = text_of(client.get(reverse("letter", args=[letter.pk])))
    assert "tidak sedang dikembalikan oleh seleksi administrasi" in page


def test_what_the_province_returned_is_no_matter_for_the_secretariat(client, signs):
    nomination = NominationFactory(in_state="returned")
    page = text_of(client.get(page_of("permintaan-perbaikan", nomination.pk)))
    assert "tidak sedang dikembalikan oleh seleksi administrasi" in page


# --- Sanggah -------------------------------------------------------------------------------------------------------
def an_objection(nomination, **fields):
    given = {
        "stage": "seleksi",
        "reason": "SK sentra sudah memuat nama sentra kami.\nLihat halaman dua.",
        "at": timezone.now(),
        "by": a_person(Role.DINAS, around=nomination),
        "answer_due_at": timezone.now() + timedelta(days=7),
    }
    return Objection.objects.create(nomination=nomination, **{**given, **fields})


def answered(objection, by, outcome="tidak_dapat_diterima"):
    objection.outcome, objection.answer = outcome, "SK yang dilampirkan tidak memuat sentra ini."
    objection.answered_at, objection.answered_by = timezone.now(), by
    objection.save()
    return objection


def test_the_answer_to_an_objection_says_what_was_decided(client, refused, signs):
    third = a_person(Role.SEKRETARIAT, name="Orang Ketiga")
    objection = answered(an_objection(refused), third)
    letter = drafted(client, "jawaban-sanggah", objection.pk, penanda_tangan=signs.pk, **TO)
    content = official.content_of(letter)
    assert (content.verdict, content.becomes_eligible) == ("tidak_dapat_diterima", False)
    assert content.objection_number == f"S{refused.number[1:]}"
    html = " ".join(pdf.as_html(official.head_of(letter), content).split())
    assert "kami nyatakan tidak dapat diterima" in html
    assert "Lihat halaman dua: SK yang dilampirkan tidak memuat sentra ini." in html
    assert "tidak lagi sama" not in text_of(client.get(reverse("letter", args=[letter.pk])))


def test_an_upheld_objection_changes_the_result(client, refused, signs):
    third = a_person(Role.SEKRETARIAT)
    objection = answered(an_objection(refused), third, outcome="diterima")
    page = page_of("jawaban-sanggah", objection.pk)
    assert "tidak cocok dengan hasil seleksinya" in text_of(
        client.post(page, {**TO, "penanda_tangan": signs.pk})
    )
    lifecycle.perform("uphold_objection", refused, by=third, at=timezone.now(), reason=REASON)
    letter = drafted(client, "jawaban-sanggah", objection.pk, penanda_tangan=signs.pk, **TO)
    assert official.content_of(letter).becomes_eligible


def test_whoever_decided_does_not_answer(client, refused, signs, secretary):
    objection = answered(an_objection(refused), secretary)
    answer = client.post(page_of("jawaban-sanggah", objection.pk), {**TO, "penanda_tangan": signs.pk})
    assert "Sanggah dijawab oleh pejabat yang tidak memutus usulan ini." in text_of(answer)


def test_an_objection_that_is_not_answered_has_no_letter_yet(client, refused, signs):
    objection = an_objection(refused)
    assert "Sanggah ini belum dijawab" in text_of(client.get(page_of("jawaban-sanggah", objection.pk)))


# --- Where they are found ------------------------------------------------------------------------------------------
def test_the_page_of_screening_offers_what_is_due_and_lists_what_is_there(client, refused, signs, secretary):
    page = text_of(client.get(reverse("screening", args=[refused.pk])))
    assert page_of("lembar-seleksi", refused.pk) in page
    assert page_of("tidak-lolos", refused.pk) in page
    assert page_of("permintaan-perbaikan", refused.pk) not in page
    letter = a_sheet(client, refused)
    assert reverse("letter", args=[letter.pk]) in text_of(client.get(reverse("screening", args=[refused.pk])))


def test_the_dinas_finds_the_delivered_notice_at_its_nomination(client, refused, signs, secretary):
    taken_to("bernomor", a_sheet(client, refused), by=secretary)
    letter = taken_to("ditandatangani", a_notice(client, refused, signs), by=secretary, number="T/1/2026")
    address = reverse("letter", args=[letter.pk])
    client.force_login(a_person(Role.DINAS, around=refused))
    nomination = reverse("nomination", args=[refused.pk])
    assert address not in text_of(client.get(nomination))
    assert client.get(address).status_code == 404
    official.deliver(letter, by=secretary, at=timezone.now())
    assert address in text_of(client.get(nomination))
    page = text_of(client.get(address))
    assert "Pemberitahuan tidak lolos" in page
    # What is the writer's alone: no next step, no history.
    assert "Riwayat</h2>" not in page
    assert "letter_step" not in page
    file = client.get(reverse("letter_file", args=[letter.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    assert kinds.KINDS["tidak_lolos"].name in text_of(client.get(reverse("letters")))
