"""How a nomination begins: with a registered product, from an earlier one, or with an IKM registered on the way."""

import re

import pytest

from nominations.models import Ikm, Nomination, Product
from tests.factories.accounts import TANAH_DATAR, a_regency
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
    RoundFactory,
)
from tests.nominations.proposing import main_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]


def test_a_registered_product_is_proposed_once(client, officer):
    RoundFactory()
    product = ProductFactory()
    other = ProductFactory(ikm__regency=a_regency(TANAH_DATAR))
    page = text_of(client.get("/usulan/buat/"))
    assert product.name in page
    assert other.name not in page
    first = client.post("/usulan/buat/", {"produk": product.pk})
    second = client.post("/usulan/buat/", {"produk": product.pk})
    assert first["Location"] == second["Location"] == f"/usulan/{Nomination.objects.get().pk}/"
    assert product.name not in text_of(client.get("/usulan/buat/"))
    assert client.post("/usulan/buat/", {"produk": other.pk}).status_code == 404
    for nonsense in ("", "x", "²", "99999999999999999999"):
        assert client.post("/usulan/buat/", {"produk": nonsense}).status_code == 404


def test_an_earlier_nomination_of_the_ikm_can_be_the_start(client, officer):
    earlier = NominationFactory(in_state="submitted", by=officer, round=RoundFactory(year=2024))
    RoundFactory()
    page = main_of(client.get("/usulan/buat/"))
    assert f'name="salin" value="{earlier.pk}" id="salin-{earlier.product.pk}" checked' in page
    answer = client.post("/usulan/buat/", {"produk": earlier.product.pk, "salin": earlier.pk})
    begun = Nomination.objects.get(round=2026)
    assert answer["Location"] == f"/usulan/{begun.pk}/"
    assert begun.story == earlier.story
    kinds = set(begun.document_links.values_list("document__kind", flat=True))
    assert kinds == {"nib", "sk_sentra", "persetujuan", "produk"}
    stranger = NominationFactory(in_state="submitted", round=RoundFactory(year=2024))
    product = ProductFactory(ikm=earlier.product.ikm)
    client.post("/usulan/buat/", {"produk": product.pk, "salin": stranger.pk})
    assert Nomination.objects.get(product=product).story == ""


def test_what_may_be_the_same_ikm_is_shown_before_another_is_made(client, officer):
    RoundFactory()
    there = IkmFactory(name="UD Anyaman Cilawu", nib="9120001020304")
    form = {"name": "Anyaman Cilawu", "nib": "9120001020999", "product": "Tas pandan", "group": "anyaman"}
    answer = client.post("/usulan/buat/ikm-baru/", form)
    assert "IKM ini mungkin sudah terdaftar" in text_of(answer)
    assert there.name in text_of(answer)
    assert 'value="Tas pandan"' in main_of(answer)
    assert Ikm.objects.count() == 1
    seen = re.search(r'name="seen" value="([\d,]+)"', main_of(answer)).group(1)
    assert client.post("/usulan/buat/ikm-baru/", {**form, "seen": seen}).status_code == 302
    assert Ikm.objects.count() == 2
    assert Product.objects.get().ikm.nib == "9120001020999"


def test_a_nib_belongs_to_one_ikm_in_the_whole_country(client, officer):
    RoundFactory()
    there = IkmFactory(name="Rumah Songket", nib="9120001020304", regency=a_regency(TANAH_DATAR))
    form = {
        "name": "Anyaman Cilawu",
        "nib": there.nib,
        "product": "Tas",
        "group": "anyaman",
        "seen": str(there.pk),
    }
    answer = client.post("/usulan/buat/ikm-baru/", form)
    assert "NIB ini sudah dipakai IKM lain yang terdaftar." in text_of(answer)
    assert "Rumah Songket" in text_of(answer)
    assert "Daftarkan sebagai IKM lain" not in text_of(answer)
    assert Ikm.objects.count() == 1
