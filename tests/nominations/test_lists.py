"""Every list in one way: the address holds search, filters, order and page, and the way back leads there."""

import re

import pytest

from accounts.roles import Role
from nominations import lists
from tests.factories.accounts import TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import IkmFactory, NominationFactory, ProductFactory, a_group
from tests.made_once import made_once
from tests.nominations.proposing import main_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]
ADDRESSES = ["/usulan/", "/verifikasi-provinsi/", "/verifikasi-provinsi/?tampil=selesai", "/seleksi/",
             "/seleksi/?tampil=semua", "/potensi/", "/potensi/?daftar=produk", "/potensi/?daftar=sentra"]  # fmt: skip
NONSENSE = (
    "status=x&kelompok=emas&provinsi=99&daerah=0&periode=abc&urut=sandi&halaman=-7&cari=%00&q=%00&tampil=x"
)


@made_once
def nomination(requirements):
    return NominationFactory(in_state="submitted")


@pytest.fixture
def reader(client):
    person = a_person(Role.AUDITOR)
    client.force_login(person)
    return person


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_the_address_asks_and_the_list_does_not_know_narrows_nothing(client, reader, address):
    NominationFactory(in_state="submitted")
    NominationFactory(in_state="endorsed")
    plain = len(client.get(address).context["rows"])
    assert plain
    answer = client.get(f"{address}{'&' if '?' in address else '?'}{NONSENSE}&halaman=x")
    assert answer.status_code == 200
    assert answer.context["active"] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_order_that_a_header_offers_is_one(client, reader, address):
    NominationFactory(in_state="submitted")
    NominationFactory(in_state="endorsed")
    page = client.get(address)
    keys = [column["key"] for column in page.context["columns"] if "key" in column]
    assert keys
    for key in keys:
        for order, said in ((key, "ascending"), (f"-{key}", "descending")):
            html = main_of(client.get(f"{address}{'&' if '?' in address else '?'}urut={order}"))
            assert html.count(f'aria-sort="{said}"') == 1, order


def test_a_header_sorts_both_ways(client, officer):
    for name in ("Tas", "Anyaman", "Keranjang"):
        NominationFactory(by=officer, product=ProductFactory(name=name))

    def names(order):
        rows = client.get(f"/usulan/?urut={order}").context["rows"]
        return [row[0]["nomination"].product.name for row in rows]

    assert names("produk") == ["Anyaman", "Keranjang", "Tas"]
    assert names("-produk") == ["Tas", "Keranjang", "Anyaman"]


def test_filters_go_together_and_each_can_be_taken_away(client, reader):
    batik = NominationFactory(in_state="submitted", product=ProductFactory(group=a_group("kain_batik")))
    far = NominationFactory(in_state="submitted", product__ikm__regency=a_regency(TANAH_DATAR))
    page = client.get("/usulan/?provinsi=13&status=submitted&urut=-ikm")
    assert far.number in text_of(page)
    assert batik.number not in text_of(page)
    assert [chip["label"] for chip in page.context["active"]] == [
        "Menunggu verifikasi provinsi",
        "Sumatera Barat",
    ]
    assert {chip["url"] for chip in page.context["active"]} == {
        "?provinsi=13&urut=-ikm", "?status=submitted&urut=-ikm",
    }  # fmt: skip
    assert "Hapus semua saringan" in text_of(page)
    assert '<input type="hidden" name="urut" value="-ikm">' in main_of(page)
    nothing = text_of(client.get("/usulan/?provinsi=13&kelompok=kain_batik"))
    assert "Tidak ada usulan yang cocok. Kurangi saringan." in nothing
    assert "Hapus semua saringan" in nothing


def test_a_province_chooses_among_its_own_regencies(client, nomination):
    client.force_login(a_person(Role.PROVINSI, around=nomination))
    html = main_of(client.get("/verifikasi-provinsi/"))
    assert f'value="{nomination.regency.pk}"' in html
    assert f'value="{TANAH_DATAR}"' not in html
    assert 'name="provinsi"' not in html
    page = client.get(f"/verifikasi-provinsi/?daftar=x&daerah={nomination.regency.pk}")
    assert len(page.context["rows"]) == 1


def test_the_registry_is_filtered_by_place_and_group(client, reader):
    ProductFactory(name="Topi")
    ProductFactory(
        name="Guci", group=a_group("gerabah"), ikm=IkmFactory(regency=a_regency(TANAH_DATAR), name="UD Guci")
    )
    assert "UD Guci" in text_of(client.get("/potensi/?provinsi=13"))
    assert "UD Anyaman" not in text_of(client.get("/potensi/?provinsi=13"))
    rows = client.get("/potensi/?daftar=produk&kelompok=gerabah").context["rows"]
    assert [row[0]["text"] for row in rows] == ["Guci"]


@pytest.mark.parametrize(
    ("role", "address", "page"),
    [
        (Role.DINAS, "/usulan/?status=submitted&urut=-produk", "/usulan/{pk}/"),
        (Role.PROVINSI, "/verifikasi-provinsi/?urut=-sejak", "/verifikasi-provinsi/{pk}/"),
        (Role.SEKRETARIAT, "/seleksi/?tampil=semua&urut=ikm", "/seleksi/{pk}/"),
    ],
)
def test_the_way_back_leads_to_the_list_as_it_was_left(client, role, address, page, nomination):
    client.force_login(a_person(role, around=nomination))
    opened = page.format(pk=nomination.pk)
    bare = address.partition("?")[0]
    assert f'href="{bare}"' in client.get(opened).content.decode()
    client.get(address)
    assert f'href="{address.replace("&", "&amp;")}"' in client.get(opened).content.decode()


def test_a_long_list_keeps_its_state_from_page_to_page(client, officer, monkeypatch):
    monkeypatch.setattr(lists.Listing.__init__, "__kwdefaults__", {"kept": (), "per_page": 1})
    for _ in range(3):
        NominationFactory(by=officer)
    html = main_of(client.get("/usulan/?status=draft&urut=-produk&halaman=2"))
    assert "?status=draft&amp;urut=-produk&amp;halaman=3#semua" in html
    assert "2–2 dari 3" in html


def test_a_queue_says_in_which_order_it_stands(client, nomination):
    client.force_login(a_person(Role.PROVINSI, around=nomination))

    def caption(query):
        found = re.search(
            r"<caption[^>]*>([^<]*)", client.get(f"/verifikasi-provinsi/{query}").content.decode()
        )
        return found[1]

    assert caption("") == caption("?urut=bukan") == "Menunggu, yang paling dahulu dikirim di atas"
    assert caption("?urut=ikm") == "Menunggu, menurut IKM dan produk, menaik"
    assert caption("?urut=-daerah") == "Menunggu, menurut kabupaten/kota, menurun"
    assert caption("?urut=sejak") == "Menunggu, yang paling lama di atas"
