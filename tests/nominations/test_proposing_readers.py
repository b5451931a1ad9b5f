"""Who reads a nomination without writing it, and to whom it is not there."""

import pytest

from accounts.roles import Role
from nominations.models import Nomination
from tests.factories.accounts import JAKARTA_PUSAT, TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import (
    NominationFactory,
    ProductFactory,
    RoundFactory,
)
from tests.made_once import made_once
from tests.nominations.proposing import main_of, save, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]


ADDRESSES = (
    "", "isian/ikm/", "isian/sentra/", "isian/produk/", "isian/cerita/", "dokumen/", "foto/", "dokumen/nib/tambah/",
    "periksa/", "tanda-terima/", "tarik/",
)  # fmt: skip


@made_once
def nomination(requirements):
    return NominationFactory(in_state="submitted")


@pytest.mark.parametrize("rest", ADDRESSES)
def test_to_another_region_it_is_not_there(client, rest, nomination):
    for role, place in ((Role.DINAS, "3206"), (Role.DINAS, TANAH_DATAR), (Role.PROVINSI, TANAH_DATAR)):
        client.force_login(a_person(role, around=a_regency(place)))
        assert client.get(f"/usulan/{nomination.pk}/{rest}").status_code == 404
        assert client.post(f"/usulan/{nomination.pk}/kirim/").status_code == 404


@pytest.mark.parametrize("role", [Role.PROVINSI, Role.SEKRETARIAT, Role.AUDITOR])
def test_who_may_read_it_finds_no_forms_and_cannot_send(client, role, nomination):
    client.force_login(a_person(role, around=nomination))
    page = client.get(f"/usulan/{nomination.pk}/")
    assert nomination.story in text_of(page)
    assert "Riwayat" in text_of(page)
    assert "<form" not in main_of(page)
    assert "tarik/" not in main_of(page)
    assert client.get(f"/usulan/{nomination.pk}/tanda-terima/").status_code == 200
    for rest in ("isian/ikm/", "dokumen/", "foto/", "periksa/", "tarik/"):
        assert client.get(f"/usulan/{nomination.pk}/{rest}").status_code == 403
    for rest in (
        "kirim/",
        "tarik/",
        "isian/produk/",
        "dokumen/nib/tambah/",
        "dokumen/1/pakai/",
        "dokumen/1/lepas/",
    ):
        assert client.post(f"/usulan/{nomination.pk}/{rest}").status_code == 403
    assert Nomination.objects.get().state == "submitted"


def test_a_chair_reads_the_content_and_not_the_way(client):
    nomination = NominationFactory(in_state="eligible")
    client.force_login(a_person(Role.KETUA))
    page = text_of(client.get(f"/usulan/{nomination.pk}/"))
    assert nomination.story in page
    assert "Riwayat" not in page
    assert nomination.submitted_by.full_name not in page
    assert client.get(f"/usulan/{nomination.pk}/tanda-terima/").status_code == 404


@pytest.mark.parametrize("role", [Role.PENILAI, Role.KETUA, Role.PENETAP, Role.ADMIN])
def test_the_list_says_whose_page_it_is(client, role):
    client.force_login(a_person(role))
    answer = client.get("/usulan/")
    assert answer.status_code == 403
    assert "Petugas dinas kabupaten/kota, Petugas dinas provinsi, Sekretariat OVOP, dan Auditor" in text_of(
        answer
    )


@pytest.mark.parametrize(
    "role", [Role.SEKRETARIAT, Role.PENILAI, Role.KETUA, Role.PENETAP, Role.AUDITOR, Role.ADMIN]
)
def test_only_a_dinas_begins_one(client, role):
    client.force_login(a_person(role))
    for address in ("/usulan/buat/", "/usulan/buat/ikm-baru/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Halaman ini untuk Petugas dinas kabupaten/kota dan Petugas dinas provinsi." in text_of(answer)


@pytest.mark.parametrize("role", [Role.SEKRETARIAT, Role.AUDITOR])
def test_secretariat_and_auditor_read_whatever_was_sent_at_every_stage(client, role):
    sent = [NominationFactory(in_state=state) for state in ("submitted", "returned", "ineligible", "awarded")]
    draft = NominationFactory()
    client.force_login(a_person(role))
    page = text_of(client.get("/usulan/"))
    assert all(one.number in page for one in sent)
    assert draft.product.name not in page
    assert "Buat usulan" not in page
    assert "semua yang pernah dikirim" in page


def test_a_province_with_dinas_reads_what_was_sent_and_begins_nothing(client):
    sent, draft = NominationFactory(in_state="submitted"), NominationFactory()
    client.force_login(a_person(Role.PROVINSI, around=sent))
    page = text_of(client.get("/usulan/"))
    assert sent.product.name in page
    assert draft.product.name not in page
    assert "Buat usulan" not in page
    assert client.get("/usulan/buat/").status_code == 403
    assert client.post("/usulan/buat/", {"produk": draft.product.pk}).status_code == 403


def test_in_jakarta_the_province_begins_and_sends_and_the_secretariat_is_next(client):
    RoundFactory()
    product = ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT))
    client.force_login(a_person(Role.PROVINSI, around=product))
    assert "Buat usulan" in text_of(client.get("/usulan/"))
    client.post("/usulan/buat/", {"produk": product.pk})
    nomination = Nomination.objects.get()
    assert nomination.office.province_id == "31"
    full = NominationFactory(product=ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT)))
    answer = client.post(f"/usulan/{full.pk}/kirim/", follow=True)
    assert "Berikutnya: pemeriksaan oleh Sekretariat OVOP." in text_of(answer)


def test_what_was_sent_is_what_readers_see_while_it_is_being_repaired(client, officer):
    nomination = NominationFactory(in_state="returned", by=officer)
    save(client, nomination, "cerita", design="D", marketing="M", story="Cerita yang baru setengah jadi.")
    client.force_login(a_person(Role.PROVINSI, around=nomination))
    page = text_of(client.get(f"/usulan/{nomination.pk}/"))
    assert nomination.story in page
    assert "setengah jadi" not in page
