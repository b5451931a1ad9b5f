"""/usulan/<id>/sanggah/: what an officer reads and sends, and what is kept when it cannot be sent."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from files.models import StoredFile
from letters.wording import WIB
from nominations import objections
from nominations.models import Nomination, Objection
from tests.factories.accounts import GARUT, TASIKMALAYA, a_person, a_regency
from tests.factories.files import StoredFileFactory, an_upload, pdf_bytes
from tests.factories.nominations import NominationFactory
from tests.factories.objections import (
    ANSWER,
    REASON,
    a_published_nomination,
    a_refused_nomination,
    an_objection,
)
from tests.files.hostile import SCRIPT, opening, pdf_with
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
FRIDAY_13_MARCH = datetime(2026, 3, 13, 10, 0, tzinfo=WIB)
MIDNIGHT = datetime(2026, 3, 28, tzinfo=WIB)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def nomination(requirements):
    return a_refused_nomination()


def address(nomination):
    return reverse("nomination_objection", args=[nomination.pk])


def checked(client, nomination, reason=REASON, **more):
    return client.post(address(nomination), {"alasan": reason, **more})


def sent(client, nomination, reason=REASON, **more):
    return client.post(address(nomination), {"alasan": reason, "langkah": "kirim", **more})


# --- The way of an officer -----------------------------------------------------------------------------------------
def test_the_page_says_until_when_and_why_it_was_refused(client, requirements, officer):
    nomination = a_refused_nomination(at=FRIDAY_13_MARCH)
    with time_machine.travel(FRIDAY_13_MARCH + timedelta(hours=1), tick=False):
        client.force_login(officer)
        answer = client.get(address(nomination))
    words = words_of(answer)
    assert "Sanggah dapat diajukan sampai Jumat, 27 Maret 2026 pukul 23.59 WIB" in words
    assert "Alasan tidak lolos" in words
    assert "Tidak cocok dengan berkas." in words
    assert "paling lama 5 hari kerja" in words
    assert "Undang-Undang Nomor 30 Tahun 2014" in words
    assert main_of(answer).count("btn-primary") == 1
    assert not Objection.objects.exists()


def test_it_is_asked_once_more_before_it_goes_and_nothing_is_filed_yet(client, nomination, officer):
    answer = checked(client, nomination, bukti=an_upload(pdf_bytes(), "sk-perubahan.pdf"))
    words = words_of(answer)
    assert "Sanggah belum terkirim." in words
    assert REASON in words
    assert "sk-perubahan.pdf" in words
    assert "Kirim sanggah" in words
    assert not Objection.objects.exists()
    file = StoredFile.objects.get(original_name="sk-perubahan.pdf")
    assert f'name="bukti-berkas" value="{file.pk}"' in main_of(answer)
    # Back to the form, with both kept.
    back = client.post(
        address(nomination), {"alasan": REASON, "bukti-berkas": str(file.pk), "langkah": "ubah"}
    )
    assert REASON in main_of(back)
    assert "sk-perubahan.pdf" in main_of(back)
    assert "Perlu diperbaiki" not in back.content.decode()


def test_what_is_sent_is_received_with_its_instant_and_the_day_of_its_answer(client, requirements, officer):
    nomination = a_refused_nomination(at=FRIDAY_13_MARCH)
    with time_machine.travel(datetime(2026, 3, 16, 9, 30, tzinfo=WIB), tick=False):
        client.force_login(officer)
        checked(client, nomination, bukti=an_upload(pdf_bytes(), "sk-perubahan.pdf"))
        file = StoredFile.objects.get(original_name="sk-perubahan.pdf")
        answer = sent(client, nomination, **{"bukti-berkas": str(file.pk)})
        assert answer.url == address(nomination)
        words = words_of(client.get(answer.url))
    assert Objection.objects.get().file == file
    assert (
        "Sanggah terkirim, diterima 16 Maret 2026 pukul 09.30 WIB. Dijawab paling lambat 30 Maret 2026."
        in words
    )
    assert "Dijawab paling lambat Senin, 30 Maret 2026 pukul 23.59 WIB" in words
    assert REASON in words
    assert "Periksa sanggah" not in words


def test_a_second_press_finds_the_first(client, nomination, officer):
    sent(client, nomination)
    answer = sent(client, nomination)
    assert answer.url == address(nomination)
    assert "sudah diajukan oleh" in words_of(client.get(answer.url))
    assert Objection.objects.count() == 1


def test_who_is_slower_than_a_colleague_keeps_what_was_written(client, nomination, officer):
    an_objection(nomination, by=a_person(Role.DINAS, around=nomination, name="Siti Rohmah"))
    answer = sent(client, nomination, reason="Alasan saya berbeda dari alasan rekan.")
    assert answer.status_code == 409
    words = words_of(answer)
    assert "oleh Siti Rohmah" in words
    assert "Tulisan Anda, tidak terkirim" in words
    assert "Alasan saya berbeda dari alasan rekan." in words


# --- Too late ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("before_the_end", "status"), [(timedelta(seconds=1), 302), (timedelta(0), 409)])
def test_the_instant_of_receipt_decides_to_the_second(client, requirements, officer, before_the_end, status):
    nomination = a_refused_nomination(at=FRIDAY_13_MARCH)
    with time_machine.travel(MIDNIGHT - before_the_end, tick=False):
        client.force_login(officer)
        answer = sent(client, nomination)
    assert answer.status_code == status
    assert Objection.objects.exists() is (status == 302)
    if status == 409:
        words = words_of(answer)
        assert (
            "Waktu menyanggah sudah berakhir 27 Maret 2026 pukul 23.59 WIB. Sanggah belum terkirim." in words
        )
        assert REASON in words, "what was written can be copied"


def test_in_its_last_minute_the_page_still_offers_the_form(client, requirements, officer):
    nomination = a_refused_nomination(at=FRIDAY_13_MARCH)
    with time_machine.travel(MIDNIGHT - timedelta(seconds=20), tick=False):
        client.force_login(officer)
        words = words_of(client.get(address(nomination)))
    assert "Sanggah dapat diajukan sampai" in words
    assert "Periksa sanggah" in words


def test_past_the_window_the_page_says_when_it_ended_and_what_remains(client, requirements, officer):
    nomination = a_refused_nomination(at=FRIDAY_13_MARCH)
    with time_machine.travel(MIDNIGHT, tick=False):
        client.force_login(officer)
        answer = client.get(address(nomination))
    words = words_of(answer)
    assert "Waktu menyanggah sudah berakhir Jumat, 27 Maret 2026 pukul 23.59 WIB" in words
    assert "upaya administratif menurut Undang-Undang Nomor 30 Tahun 2014" in words
    assert "<form" not in main_of(answer)


# --- What is wrong ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("step", ["periksa", "kirim"])
def test_a_hostile_file_is_refused_and_the_reason_kept(client, nomination, officer, step):
    hostile = an_upload(pdf_with(opening(SCRIPT))(), "bukti.pdf")
    answer = checked(client, nomination, bukti=hostile, langkah=step)
    assert answer.status_code == 200
    assert "bukti.pdf" in words_of(answer)
    assert REASON in main_of(answer)
    assert not StoredFile.objects.filter(original_name="bukti.pdf").exists()
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "Tuliskan alasan sanggah, paling sedikit 10 huruf."),
        ("keliru", "Tuliskan alasannya, paling sedikit 10 huruf."),
        ("NIK 3205011234567890 milik ketua.", "deretan angka seperti NIK atau NPWP"),
    ],
)
def test_a_reason_that_will_not_do_is_said_beside_it_and_the_file_kept(
    client, nomination, officer, reason, said
):
    answer = checked(client, nomination, reason=reason, bukti=an_upload(pdf_bytes(), "sk-perubahan.pdf"))
    assert said in words_of(answer)
    assert "sk-perubahan.pdf" in words_of(answer)
    assert not Objection.objects.exists()


def test_the_file_of_somebody_else_is_no_evidence(client, nomination, officer):
    file = StoredFileFactory(uploaded_by=a_person(Role.DINAS, around=a_regency(TASIKMALAYA)))
    answer = sent(client, nomination, **{"bukti-berkas": str(file.pk)})
    assert answer.status_code == 200
    assert not nomination.objections.exists()


# --- Afterwards ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "said", "follows"),
    [
        ("diterima", "Jawaban: diterima", "diubah menjadi lolos seleksi administrasi"),
        ("diterima_sebagian", "Jawaban: diterima sebagian", "Hasil seleksi administrasi tetap"),
        ("tidak_dapat_diterima", "Jawaban: tidak dapat diterima", "Hasil seleksi administrasi tetap"),
    ],
)
def test_the_answer_is_read_with_what_it_brings_about(client, nomination, officer, outcome, said, follows):
    objection = an_objection(nomination)
    secretary = a_person(Role.SEKRETARIAT, name="Ratna Dewi")
    objections.answer(objection, outcome=outcome, answer=ANSWER, by=secretary, at=timezone.now())
    words = words_of(client.get(address(nomination)))
    for text in (said, follows, ANSWER, "Ratna Dewi"):
        assert text in words


def test_an_answer_that_is_late_says_so(client, nomination, officer):
    an_objection(nomination, answer_due_at=timezone.now() - timedelta(days=1))
    words = words_of(client.get(address(nomination)))
    assert "Seharusnya sudah dijawab" in words
    assert "Sekretariat belum menjawab sanggah ini." in words


def test_a_published_result_is_objected_to_with_the_result_beside_it(client, requirements, officer):
    nomination, decree = a_published_nomination("not_awarded")
    words = words_of(client.get(address(nomination)))
    assert f"Tidak menerima penghargaan, Keputusan Nomor {decree.number}" in words
    assert sent(client, nomination).status_code == 302
    assert Objection.objects.get().stage == "hasil"


def test_upheld_against_a_result_it_says_what_it_waits_for(client, requirements, officer):
    nomination, _ = a_published_nomination("not_awarded")
    objection = an_objection(nomination, stage="hasil")
    objections.answer(
        objection, outcome="diterima", answer=ANSWER, by=a_person(Role.SEKRETARIAT), at=timezone.now()
    )
    words = words_of(client.get(address(nomination)))
    assert "Sanggah diterima, menunggu sidang pleno baru" in words
    assert "Tidak menerima penghargaan" in words


# --- Who reads it ----------------------------------------------------------------------------------------------------
def test_who_may_open_the_page_and_who_may_send(client, nomination):
    opened, accepted = {}, {}
    for who, person in {
        "its dinas": a_person(Role.DINAS, around=nomination),
        "another dinas": a_person(Role.DINAS, around=a_regency(TASIKMALAYA)),
        "its province": a_person(Role.PROVINSI, around=nomination),
        "the secretariat": a_person(Role.SEKRETARIAT),
        "the auditor": a_person(Role.AUDITOR),
        "the chair": a_person(Role.KETUA),
        "an assessor": a_person(Role.PENILAI),
    }.items():
        client.force_login(person)
        answer = client.get(address(nomination))
        opened[who] = answer.status_code
        if answer.status_code == 200 and who != "its dinas":
            assert "<form" not in main_of(answer)
        accepted[who] = checked(client, nomination).status_code
    assert opened == {
        "its dinas": 200, "another dinas": 404, "its province": 200, "the secretariat": 200, "the auditor": 200,
        "the chair": 404, "an assessor": 404,
    }  # fmt: skip
    assert accepted == opened | {"its province": 403, "the secretariat": 403, "the auditor": 403}


@pytest.mark.parametrize("state", ["draft", "submitted", "eligible", "assessed"])
def test_without_a_result_there_is_nothing_to_object_to(client, requirements, officer, state):
    nomination = NominationFactory(in_state=state)
    answer = client.get(address(nomination))
    assert "tidak mempunyai hasil yang dapat disanggah sekarang" in words_of(answer)
    assert "<form" not in main_of(answer)
    assert sent(client, nomination).status_code == 409


# --- The way there ---------------------------------------------------------------------------------------------------
def links(client, page, nomination):
    html = main_of(client.get(reverse(page, args=[nomination.pk])))
    return [
        word
        for word in ("Ajukan sanggah (sampai", "Lihat sanggah", "Sanggah: waktunya sudah lewat")
        if word in html
    ]


@pytest.mark.parametrize("page", ["nomination", "nomination_receipt"])
def test_the_nomination_leads_to_it_while_it_is_open_and_once_it_is_there(client, nomination, officer, page):
    assert links(client, page, nomination) == ["Ajukan sanggah (sampai"]
    for reader in (a_person(Role.PROVINSI, around=nomination), a_person(Role.SEKRETARIAT)):
        client.force_login(reader)
        assert links(client, page, nomination) == []
    objection = an_objection(nomination)
    for reader in (a_person(Role.PROVINSI, around=nomination), a_person(Role.SEKRETARIAT), officer):
        client.force_login(reader)
        assert links(client, page, nomination) == ["Lihat sanggah"]
    client.force_login(a_person(Role.SEKRETARIAT))
    assert objection.get_absolute_url() in main_of(client.get(nomination.get_absolute_url()))


def test_past_the_window_the_nomination_says_so(client, requirements, officer):
    nomination = a_refused_nomination(at=FRIDAY_13_MARCH)
    assert links(client, "nomination", nomination) == ["Sanggah: waktunya sudah lewat"]


def test_a_chair_who_may_open_the_nomination_reads_nothing_of_it_there(client, requirements):
    nomination = NominationFactory(in_state="eligible", product__ikm__regency=a_regency(GARUT))
    an_objection(nomination)
    client.force_login(a_person(Role.KETUA))
    assert links(client, "nomination", nomination) == []
    assert Nomination.objects.get().state == "eligible"
