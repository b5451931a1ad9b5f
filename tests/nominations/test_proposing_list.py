"""The first page of an office: what waits for it, all its nominations, narrowed, in a constant number of questions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from nominations.models import Document, Sentra, State
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
    RoundFactory,
)
from tests.nominations.proposing import main_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]


def test_the_list_is_narrowed_by_words_state_and_round(client, officer):
    one = NominationFactory(in_state="submitted", by=officer, product=ProductFactory(name="Tas ketak"))
    two = NominationFactory(by=officer, product=ProductFactory(name="Topi bambu"))
    for query, found in (
        ("cari=ketak", {one}), ("cari=tidak-ada", set()), ("status=draft", {two}), ("periode=2026", {one, two}),
        ("periode=1999", {one, two}), (f"cari={one.number}", {one}), ("status=bukan-status", {one, two}),
    ):  # fmt: skip
        rows = main_of(client.get(f"/usulan/?{query}")).partition('id="semua"')[2]
        assert {each for each in (one, two) if each.product.name in rows} == found, query
    assert "Tidak ada usulan yang cocok. Kurangi saringan." in text_of(client.get("/usulan/?cari=tidak-ada"))


def test_the_newest_round_stands_first(client, officer):
    old = NominationFactory(in_state="submitted", by=officer, round=RoundFactory(year=2024))
    new = NominationFactory(in_state="submitted", by=officer)
    rows = main_of(client.get("/usulan/")).partition('id="semua"')[2]
    assert rows.index(new.number) < rows.index(old.number)


def test_what_waits_for_the_office_stands_first(client, officer):
    NominationFactory(by=officer, empty=True)
    returned = NominationFactory(in_state="returned", by=officer)
    page = text_of(client.get("/usulan/"))
    waiting = page[page.index("Perlu tindakan Anda") : page.index("Semua usulan")]
    assert waiting.index("Dikembalikan provinsi: 1 catatan") < waiting.index("Belum lengkap:")
    assert returned.product.name in waiting


def test_a_licence_that_ends_before_the_decision_is_told(client, officer):
    nomination = NominationFactory(in_state="submitted", by=officer)
    document = Document.objects.filter(kind="nib").get()
    Document.objects.filter(pk=document.pk).update(expires_on=timezone.localdate() + timedelta(days=3))
    assert "NIB hanya berlaku sampai" in text_of(client.get("/usulan/"))
    Document.objects.filter(pk=document.pk).update(expires_on=timezone.localdate() + timedelta(days=300))
    assert "hanya berlaku sampai" not in text_of(client.get("/usulan/"))
    assert nomination.state == State.SUBMITTED


@pytest.mark.parametrize(
    "address",
    ["/usulan/", "/usulan/buat/", "/potensi/", "/potensi/?daftar=produk", "/potensi/?daftar=sentra"],
)
def test_a_list_asks_the_same_for_two_and_for_twenty(queries_of, client, officer, address):
    def make(count):
        for _ in range(count):
            ikm = IkmFactory(sentra__name=f"Sentra {Sentra.objects.count()}")
            NominationFactory(by=officer, empty=True, product=ProductFactory(ikm=ikm))
            NominationFactory(
                in_state="returned", by=officer, documented=False, product=ProductFactory(ikm=ikm)
            )
            NominationFactory(
                by=officer, documented=False, round=RoundFactory(year=2024), product=ProductFactory(ikm=ikm)
            )

    make(2)
    client.get(address)  # the first of a session may prolong it
    few = queries_of(address)
    make(6)
    many = queries_of(address)
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
