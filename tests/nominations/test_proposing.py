"""The way of an officer from the empty list to the receipt, with forms alone and real files; and who else comes along."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from files.models import StoredFile
from nominations.models import Ikm, Nomination, Phase, RepairRemark, Sentra
from tests.factories.accounts import GARUT, a_person
from tests.factories.files import an_upload, pdf_bytes, picture_bytes
from tests.factories.nominations import (
    NominationFactory,
    ProductFactory,
    RoundFactory,
    a_phase,
    submission_of,
)
from tests.nominations.proposing import main_of, save, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]

ANSWERS = {
    "produk": {
        "raw_material": "Daun pandan dari Kecamatan Cilawu, tersedia sepanjang tahun.",
        "local_content": "95%",
        "value_added": "Nilai tambah 65 persen.",
        "capacity": "400 tas setiap bulan.",
        "workers": "1.024",
        "environment": "Sisa anyaman menjadi kompos.",
    },
    "cerita": {
        "design": "Desain sendiri.",
        "marketing": "Butik di Jakarta.",
        "turnover": "Rp 1.250.000.000",
        "story": "Pandan dijemur,\r\n\r\nlalu dianyam di rumah.",
    },
}


def test_from_the_empty_list_to_the_receipt_without_a_script(client, officer):
    RoundFactory()
    assert "Siapkan sebelum mulai" in text_of(client.get("/usulan/"))
    answer = client.post(
        "/usulan/buat/ikm-baru/",
        {"name": "UD Anyaman Cilawu", "nib": "9120 0010 2030 4", "product": "Tas pandan", "group": "anyaman"},
    )
    nomination = Nomination.objects.get()
    assert answer["Location"] == f"/usulan/{nomination.pk}/"
    assert "0 dari 6 bagian lengkap" in text_of(client.get(answer["Location"]))

    # Sentra and IKM: what was typed once is there; the sentra is registered on the way.
    first = save(
        client, nomination, "ikm", name="UD Anyaman Cilawu", nib="9120001020304", started_year="2009",
        village="Sukaraja", district="Cilawu",
    )  # fmt: skip
    assert first["Location"] == f"/usulan/{nomination.pk}/isian/sentra/"
    sentra = {
        "name": "Sentra Anyaman Cilawu", "decree_number": "800/Kep.112/2019", "decree_date": "2019-04-02",
    }  # fmt: skip
    assert client.post(first["Location"], sentra)["Location"] == f"/usulan/{nomination.pk}/isian/produk/"
    ikm = Ikm.objects.get()
    assert (ikm.nib, ikm.started_year, ikm.sentra) == ("9120001020304", 2009, Sentra.objects.get())

    assert save(client, nomination, "produk", **ANSWERS["produk"])["Location"].endswith("/dokumen/")
    assert save(client, nomination, "cerita", **ANSWERS["cerita"])["Location"].endswith("/foto/")
    stored = Nomination.objects.get()
    assert (stored.local_content, stored.workers, stored.turnover) == (95, 1024, 1_250_000_000)
    assert stored.story == "Pandan dijemur,\n\nlalu dianyam di rumah."

    # Every document of the group anyaman, and a photo.
    lacks = text_of(client.get(f"/usulan/{nomination.pk}/periksa/"))
    assert "Belum lengkap: 5 isian" in lacks
    assert "Kirim usulan dapat" not in lacks
    for kind, details in (
        ("nib", {"number": "9120001020304"}),
        ("sk_sentra", {"number": "800/Kep.112/2019", "issuer": "Bupati Garut", "issued_on": "2019-04-02"}),
        ("surat_usulan", {"number": "500/112/Disperin"}),
        ("persetujuan", {}),
    ):
        file = an_upload(pdf_bytes(), f"{kind}.pdf")
        answer = client.post(f"/usulan/{nomination.pk}/dokumen/{kind}/tambah/", {**details, "file": file})
        assert answer["Location"] == f"/usulan/{nomination.pk}/dokumen/", main_of(answer)
    photo = {"caption": "Tas pandan dari depan", "file": an_upload(picture_bytes(), "tas.jpg")}
    answer = client.post(f"/usulan/{nomination.pk}/dokumen/produk/tambah/", photo)
    assert answer["Location"] == f"/usulan/{nomination.pk}/foto/"
    assert 'alt="Tas pandan dari depan"' in main_of(client.get(answer["Location"]))
    assert "4 dari 6 bagian lengkap" in text_of(client.get(f"/usulan/{nomination.pk}/"))

    check = text_of(client.get(f"/usulan/{nomination.pk}/periksa/"))
    assert "Setelah dikirim, usulan hanya dapat diubah bila dikembalikan." in check
    assert "Rp1.250.000.000" in check
    answer = client.post(f"/usulan/{nomination.pk}/kirim/")
    assert answer["Location"] == f"/usulan/{nomination.pk}/tanda-terima/"
    receipt = text_of(client.get(answer["Location"]))
    sent = Nomination.objects.get()
    submission = submission_of(sent)
    assert (sent.state, sent.number) == ("submitted", f"U-2026-{GARUT}-001")
    assert f"Usulan terkirim. Nomor U-2026-{GARUT}-001, diterima" in receipt
    assert "Berikutnya: verifikasi provinsi." in receipt
    assert submission.sha256 in receipt
    assert officer.full_name in receipt
    for document in submission.content["documents"]:
        assert document["sha256"] in receipt
    assert len(submission.content["documents"]) == StoredFile.objects.count() == 5
    assert " WIB" in receipt


def test_a_second_press_makes_one_submission_and_leads_to_the_receipt(client, officer):
    nomination = NominationFactory(by=officer)
    address = f"/usulan/{nomination.pk}/kirim/"
    first, second = client.post(address), client.post(address)
    assert first["Location"] == second["Location"] == f"/usulan/{nomination.pk}/tanda-terima/"
    assert nomination.submissions.count() == 1
    assert "Usulan ini sudah berstatus Menunggu verifikasi provinsi" in text_of(
        client.get(second["Location"])
    )


def test_after_the_end_nothing_is_sent_and_everything_stays(client, officer):
    nomination = NominationFactory(by=officer)
    now = timezone.now()
    a_phase(
        nomination.round,
        Phase.Kind.NOMINATION,
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(minutes=1),
    )
    answer = client.post(f"/usulan/{nomination.pk}/kirim/", follow=True)
    assert "Pengusulan sudah ditutup" in text_of(answer)
    assert "Usulan ini belum terkirim; drafnya tetap dapat dibaca. Hubungi dinas provinsi." in text_of(answer)
    assert "Kirim usulan</button>" not in main_of(answer)
    assert (Nomination.objects.get().state, nomination.submissions.count()) == ("draft", 0)
    page = client.get("/usulan/")
    assert "Buat usulan" not in main_of(page)
    assert "Pengusulan sudah ditutup" in text_of(page)
    begin = client.post("/usulan/buat/", {"produk": ProductFactory().pk}, follow=True)
    assert "Usulan baru tidak dapat dibuat pada periode ini" in text_of(begin)
    assert Nomination.objects.count() == 1


def test_an_incomplete_one_says_what_is_missing_and_keeps_what_is_there(client, officer):
    nomination = NominationFactory(by=officer, documented=False, story="")
    answer = client.post(f"/usulan/{nomination.pk}/kirim/", follow=True)
    assert answer.redirect_chain == [(f"/usulan/{nomination.pk}/periksa/", 302)]
    assert "Usulan belum lengkap: 6 isian." in text_of(answer)
    assert f'href="/usulan/{nomination.pk}/isian/cerita/?dari=periksa#id_story"' in main_of(answer)
    assert f'href="/usulan/{nomination.pk}/foto/?dari=periksa#syarat-foto_produk"' in main_of(answer)
    assert Nomination.objects.get().workers == nomination.workers


def test_an_answer_changed_from_the_check_leads_back_to_it(client, officer):
    nomination = NominationFactory(by=officer)
    page = main_of(client.get(f"/usulan/{nomination.pk}/isian/cerita/?dari=periksa"))
    assert "Simpan dan kembali ke pemeriksaan" in page
    assert 'name="dari" value="periksa"' in page
    answer = save(client, nomination, "cerita", dari="periksa", design="Baru", marketing="M", story="S")
    assert answer["Location"] == f"/usulan/{nomination.pk}/periksa/"
    answer = save(client, nomination, "cerita", keluar="1", design="Baru", marketing="M", story="S")
    assert answer["Location"] == f"/usulan/{nomination.pk}/"


def test_what_came_back_shows_its_remarks_beside_the_answers_and_is_sent_again(client, officer):
    nomination = NominationFactory(in_state="returned", by=officer)
    for field, text in (
        ("workers", "Sebutkan yang bekerja di rumah."),
        ("dokumen:sk_sentra", "SK tidak terbaca."),
    ):
        RepairRemark.objects.create(
            submission=submission_of(nomination), field=field, text=text, at=timezone.now(),
            by=a_person(Role.PROVINSI, around=nomination),
        )  # fmt: skip
    overview = text_of(client.get("/usulan/"))
    assert "Dikembalikan provinsi: 2 catatan" in overview
    hub = text_of(client.get(f"/usulan/{nomination.pk}/"))
    assert "Nomor SK sentra pada isian berbeda dari nomor pada berkas." in hub
    assert "Perlu perbaikan: 1 catatan" in hub
    assert hub.count("Belum diubah") == 2
    form = main_of(client.get(f"/usulan/{nomination.pk}/isian/produk/"))
    assert form.index("Sebutkan yang bekerja di rumah.") < form.index('name="workers"')
    assert "SK tidak terbaca." in main_of(client.get(f"/usulan/{nomination.pk}/dokumen/"))

    save(client, nomination, "produk", **{**ANSWERS["produk"], "workers": "31"})
    hub = text_of(client.get(f"/usulan/{nomination.pk}/"))
    assert (hub.count("Belum diubah"), hub.count("Sudah diubah")) == (1, 1)
    assert "Kirim perbaikan" in text_of(client.get(f"/usulan/{nomination.pk}/periksa/"))
    answer = client.post(f"/usulan/{nomination.pk}/kirim/", follow=True)
    assert "Pengiriman ke 2" in text_of(answer)
    sheet = text_of(client.get(f"/usulan/{nomination.pk}/"))
    assert "Perbaikan sejak pengiriman sebelumnya" in sheet
    assert "24 orang" in sheet
    assert "31 orang" in sheet


def test_one_that_is_due_no_more_is_not_sent(client, officer):
    nomination = NominationFactory(in_state="returned", by=officer)
    Nomination.objects.update(repair_due_at=timezone.now() - timedelta(minutes=1))
    answer = client.post(f"/usulan/{nomination.pk}/kirim/", follow=True)
    assert "Batas perbaikan sudah lewat" in text_of(answer)
    assert nomination.submissions.count() == 1


def test_a_nomination_is_taken_back_with_a_reason(client, officer):
    nomination = NominationFactory(in_state="submitted", by=officer)
    address = f"/usulan/{nomination.pk}/tarik/"
    assert "Tarik usulan" in text_of(client.get(address))
    answer = client.post(address, {"reason": "pendek"})
    assert "Tuliskan alasannya, paling sedikit 10 huruf." in text_of(answer)
    assert ">\npendek</textarea>" in main_of(answer)
    assert Nomination.objects.get().state == "submitted"
    reason = "IKM berhenti berproduksi."
    assert client.post(address, {"reason": reason})["Location"] == f"/usulan/{nomination.pk}/"
    again = client.post(address, {"reason": reason}, follow=True)
    assert "Usulan ini sudah berstatus Ditarik" in text_of(again)
    assert reason in text_of(again)
    assert Nomination.objects.get().state == "withdrawn"
    assert client.get(address).status_code == 302
