"""The registry of a region: listed, searched, registered and corrected by its dinas, read by those above."""

import html
import re

import pytest

from accounts.roles import Role
from audit import history
from nominations.models import Ikm, Nomination, Product, Sentra
from tests.factories.accounts import GARUT, JAKARTA_PUSAT, TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import IkmFactory, NominationFactory, ProductFactory, SentraFactory
from tests.made_once import made_once
from tests.nominations.proposing import main_of, text_of, version_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]


@made_once
def product():
    return ProductFactory()


def test_the_lists_show_the_own_region_with_their_counts(client, officer, product):
    ProductFactory(ikm=product.ikm)
    other = ProductFactory(ikm__regency=a_regency(TANAH_DATAR), ikm__name="Rumah Songket")
    page = client.get("/potensi/")
    assert "IKM (1) Sentra (1) Produk (2)" in text_of(page)
    assert product.ikm.nib in text_of(page)
    assert f'href="/potensi/ikm/{product.ikm.slug}/"' in main_of(page)
    for shown in ("ikm", "sentra", "produk", "tidak-ada"):
        assert other.ikm.name not in text_of(client.get(f"/potensi/?daftar={shown}"))
    assert product.name in text_of(client.get("/potensi/?daftar=produk"))


def test_the_lists_are_searched_together(client, officer):
    ProductFactory(ikm__name="UD Bambu Indah", ikm__nib="9120001020304", name="Topi bambu")
    ProductFactory(ikm__name="UD Pandan", name="Tas pandan")
    for words in ("bambu indah", "9120001020304"):
        page = text_of(client.get(f"/potensi/?cari={words}"))
        assert "UD Bambu Indah" in page
        assert "UD Pandan" not in page
    assert "Produk (1)" in text_of(client.get("/potensi/?cari=topi"))
    assert "Tidak ada yang cocok." in text_of(client.get("/potensi/?cari=keramik"))


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.PROVINSI, True), (Role.SEKRETARIAT, True), (Role.AUDITOR, True), (Role.DINAS, False)],
)
def test_others_read_and_change_nothing(client, role, sees, product):
    around = a_regency("3206") if role == Role.DINAS else product
    client.force_login(a_person(role, around=around))
    page = client.get("/potensi/")
    assert (product.ikm.name in text_of(page)) is sees
    assert "Tindakan Ubah" not in text_of(page)
    if role != Role.DINAS:
        assert "Daftarkan IKM" not in text_of(page)
    ikm, sentra = product.ikm, product.ikm.sentra
    for address in (
        f"/potensi/ikm/{ikm.slug}/", f"/potensi/ikm/{ikm.slug}/produk/", f"/potensi/sentra/{sentra.pk}/",
        f"/potensi/produk/{product.slug}/",
    ):  # fmt: skip
        expected = 404 if role == Role.DINAS else 403
        assert client.get(address).status_code == expected
        assert client.post(address, {"name": "X", "version": "1"}).status_code == expected
    if role != Role.DINAS:
        for address in ("/potensi/ikm/daftar/", "/potensi/sentra/daftar/"):
            assert client.post(address, {"name": "X"}).status_code == 403
    assert not Ikm.objects.filter(name="X").exists()


@pytest.mark.parametrize("role", [Role.PENILAI, Role.KETUA, Role.PENETAP, Role.ADMIN])
def test_the_page_says_whose_it_is(client, role):
    client.force_login(a_person(role))
    answer = client.get("/potensi/")
    assert answer.status_code == 403
    assert "Petugas dinas kabupaten/kota" in text_of(answer)


def test_sentra_ikm_and_product_are_registered_one_after_the_other(client, officer):
    form = {"name": "Sentra Bambu", "decree_number": "12/2020", "decree_date": "2020-05-04"}
    assert client.post("/potensi/sentra/daftar/", form)["Location"] == "/potensi/?daftar=sentra"
    sentra = Sentra.objects.get()
    assert (sentra.regency_id, f"{sentra.decree_date}") == (GARUT, "2020-05-04")
    answer = client.post(
        "/potensi/ikm/daftar/", {"name": "UD Bambu", "nib": "9120001020304", "sentra": sentra.pk}
    )
    ikm = Ikm.objects.get()
    assert answer["Location"] == f"/potensi/ikm/{ikm.slug}/produk/"
    assert ikm.sentra == sentra
    answer = client.post(answer["Location"], {"name": "Topi bambu", "group": "anyaman"})
    assert answer["Location"] == "/potensi/?daftar=produk"
    assert Product.objects.get().ikm == ikm
    # Twice the same is one, and says so beside the field.
    again = client.post("/potensi/sentra/daftar/", form)
    assert "Sentra dengan nama ini sudah terdaftar" in text_of(again)
    assert 'value="12/2020"' in main_of(again)
    again = client.post(f"/potensi/ikm/{ikm.slug}/produk/", {"name": "topi bambu", "group": "anyaman"})
    assert "sudah mempunyai produk bernama topi bambu" in text_of(again)
    again = client.post("/potensi/ikm/daftar/", {"name": "UD Bambu", "nib": "9120001020304"})
    assert "NIB ini sudah dipakai IKM lain yang terdaftar." in text_of(again)
    assert (Sentra.objects.count(), Ikm.objects.count(), Product.objects.count()) == (1, 1, 1)


def test_a_short_nib_is_said_though_nothing_was_stored(client, officer):
    answer = client.post("/potensi/ikm/daftar/", {"name": "UD Bambu", "nib": "912000102030"})
    assert "NIB harus 13 angka; Anda mengisi 12. Isian lain masih ada di halaman ini." in text_of(answer)
    assert 'value="UD Bambu"' in main_of(answer)
    assert not Ikm.objects.exists()


def test_what_looks_like_one_that_is_there_is_shown_first(client, officer):
    there = IkmFactory(name="CV Bambu Lestari Jaya", nib="9120001020304")
    far = IkmFactory(name="Bambu Lestari Jaya", nib=None, regency=a_regency("3206"))
    answer = client.post("/potensi/ikm/daftar/", {"name": "UD Bambu Lestari Jaya"})
    assert there.name in text_of(answer)
    assert f"Dikelola oleh dinas {far.regency.full_name}" in text_of(answer)
    seen = re.search(r'name="seen" value="([\d,]+)"', main_of(answer)).group(1)
    assert (
        client.post(
            "/potensi/ikm/daftar/", {"name": "UD Bambu Lestari Jaya", "seen": str(there.pk)}
        ).status_code
        == 200
    )
    assert (
        client.post("/potensi/ikm/daftar/", {"name": "UD Bambu Lestari Jaya", "seen": seen}).status_code
        == 302
    )


def test_an_ikm_is_corrected_and_two_who_do_see_both(client, officer):
    ikm = IkmFactory()
    address = f"/potensi/ikm/{ikm.slug}/"
    version = version_in(client.get(address))
    form = {"name": ikm.name, "nib": ikm.nib, "sentra": ikm.sentra_id, "started_year": "2009"}
    form |= {"village": ikm.village, "district": ikm.district}
    other = type(client)()
    other.force_login(a_person(Role.DINAS, around=ikm, name="Made Wirawan"))
    assert other.post(address, {"version": version, **form, "name": "UD Baru"}).status_code == 302
    answer = client.post(address, {"version": version, **form, "name": "UD Paling Baru"})
    assert answer.status_code == 409
    assert "Isian Made Wirawan" in text_of(answer)
    assert Ikm.objects.get().name == "UD Baru"


def test_a_sentra_is_corrected(client, officer):
    sentra = SentraFactory()
    SentraFactory(name="Sentra Bambu")
    address = f"/potensi/sentra/{sentra.pk}/"
    form = {"version": version_in(client.get(address)), "name": sentra.name, "decree_number": "99/2024"}
    assert client.post(address, {**form, "name": "Sentra Bambu"}).status_code == 200
    assert client.post(address, form).status_code == 302
    assert Sentra.objects.get(pk=sentra.pk).decree_number == "99/2024"


def test_a_product_on_its_way_keeps_its_name_and_group(client, officer):
    nomination = NominationFactory(in_state="submitted", by=officer)
    product = nomination.product
    address = f"/potensi/produk/{product.slug}/"
    answer = client.post(address, {"name": product.name, "group": "gerabah"})
    assert "Produk ini sedang diusulkan (U-2026-3205-001, menunggu verifikasi provinsi)." in html.unescape(
        text_of(answer)
    )
    assert Product.objects.get().group_id == "anyaman"
    assert client.post(address, {"name": product.name, "group": "anyaman"}).status_code == 302
    Nomination.objects.update(
        state="returned", returned_from="submitted", repair_due_at=nomination.submitted_at
    )
    assert client.post(address, {"name": "Tas pandan halus", "group": "gerabah"}).status_code == 302
    assert (Product.objects.get().name, Product.objects.get().group_id) == ("Tas pandan halus", "gerabah")
    assert history.of(product).filter(action="product_changed").count() == 1


def test_a_product_opened_from_its_nomination_leads_back_there(client, officer):
    nomination = NominationFactory(by=officer)
    address = f"/potensi/produk/{nomination.product.slug}/?usulan={nomination.pk}"
    assert 'name="usulan"' in main_of(client.get(address))
    form = {"name": "Tas halus", "group": "anyaman", "usulan": nomination.pk}
    assert client.post(address, form)["Location"] == f"/usulan/{nomination.pk}/"
    stranger = NominationFactory(product__ikm__regency=a_regency(TANAH_DATAR))
    assert client.post(address, {**form, "usulan": stranger.pk})["Location"] == "/potensi/?daftar=produk"


def test_in_jakarta_the_kota_is_chosen_and_its_sentra_fits(client):
    pusat, selatan = a_regency(JAKARTA_PUSAT), a_regency("3174")
    client.force_login(a_person(Role.PROVINSI, around=pusat))
    client.post("/potensi/sentra/daftar/", {"name": "Sentra Ondel", "regency": selatan.pk})
    sentra = Sentra.objects.get()
    assert sentra.regency == selatan
    form = {"name": "UD Betawi", "regency": pusat.pk, "sentra": sentra.pk}
    assert "Sentra ini berada di kabupaten/kota lain." in text_of(client.post("/potensi/ikm/daftar/", form))
    assert client.post("/potensi/ikm/daftar/", {**form, "regency": selatan.pk}).status_code == 302
    assert client.post("/potensi/ikm/daftar/", {"name": "UD Lain", "regency": GARUT}).status_code == 200
    assert Ikm.objects.get().regency == selatan


def test_what_was_merged_is_not_listed_nor_changed(client, officer):
    one = IkmFactory()
    gone = IkmFactory(name="UD Kembar", nib=None, merged_into=one)
    ProductFactory(ikm=one)
    assert gone.name not in text_of(client.get("/potensi/"))
    assert client.get(f"/potensi/ikm/{gone.slug}/").status_code == 404
