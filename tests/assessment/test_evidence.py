"""What stands beside an indicator: from the copy that was pinned, tied to what the form names, and what is lacking."""

from datetime import date

import pytest
from django.utils import timezone

from assessment import evidence, instruments
from nominations import reference
from nominations.models import DocumentKind, Nomination, Sample, State
from tests.factories.accounts import a_person
from tests.factories.assessment import a_panel, an_instrument
from tests.factories.nominations import NominationFactory, bring_to, link_document
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
NOMINATED_ON = date(2026, 3, 2)


@made_once
def nomination():
    return submitted()


def submitted(*kinds: str, **fields) -> Nomination:
    reference.load()
    nomination = NominationFactory(in_state="draft", documented=False)
    for kind in kinds:
        link_document(nomination, DocumentKind.objects.get(pk=kind), **fields)
    return bring_to(nomination, State.ELIGIBLE)


def beside(nomination, sample=None, definition=None) -> dict[str, evidence.Evidence]:
    return evidence.by_indicator(
        definition or an_instrument(nomination.product.group_id).definition,
        nomination.latest_submission(),
        nominated_on=NOMINATED_ON,
        sample=sample,
    )


def titles(found: evidence.Evidence) -> list[str]:
    return [f"{item.kind}: {item.title}" for item in found.items]


def test_answers_and_documents_come_in_the_order_in_which_the_form_names_them():
    found = beside(submitted("pembelian", "pemasok", "nib"))["A.I.1"]
    assert titles(found) == [
        "Isian: Bahan baku dan asalnya",
        "Isian: Bahan baku dari kabupaten/kota sendiri",
        "Dokumen: Nota atau rekap pembelian bahan",
        "Dokumen: Keterangan pemasok",
    ]
    assert [item.text for item in found.items[:2]] == [
        "Daun pandan dari Kabupaten Tasikmalaya, tersedia sepanjang tahun.",
        "95%",
    ]
    assert (found.lacking, found.elsewhere) == ((), ("Verifikasi lapangan",))


def test_what_the_form_asks_for_and_was_not_given_is_named():
    found = beside(submitted("pembelian"))
    assert found["A.I.1"].lacking == ("Keterangan pemasok",)
    assert "Contoh produk (belum diterima)" in found["C.I.1"].lacking
    assert titles(found["A.I.4"]) == ["Isian: Pengendalian lingkungan"]


def test_an_answer_that_was_left_open_is_no_evidence(nomination):
    content = {**nomination.latest_submission().content}
    assert content["answers"]["import_substitution"] == ""
    assert not any("impor" in title for found in beside(nomination).values() for title in titles(found))


def test_a_document_says_what_was_typed_of_it_and_leads_to_its_file():
    nomination = submitted("merek", number="IDM000123", issuer="DJKI", expires_on=date(2030, 1, 1))
    document = nomination.document_links.get().document
    items = [item for found in beside(nomination).values() for item in found.items if item.title == "Merek"]
    assert items[0].text == "Nomor IDM000123, DJKI, terbit 6 Mei 2024, berlaku sampai 1 Januari 2030"
    assert items[0].url == f"/berkas/{document.file_id}/"
    assert items[0].image == ""


@pytest.mark.parametrize(
    ("expires_on", "counts"),
    [(date(2026, 3, 1), False), (NOMINATED_ON, True), (date(2026, 3, 3), True)],
)
def test_a_document_that_had_expired_on_the_day_of_nomination_says_so(expires_on, counts):
    nomination = submitted("merek", expires_on=expires_on)
    item = next(
        item for found in beside(nomination).values() for item in found.items if item.title == "Merek"
    )
    assert ("Tidak berlaku lagi pada tanggal pengusulan, 2 Maret 2026." in item.text) is not counts


def test_a_photo_is_shown_with_what_its_caption_says():
    nomination = submitted("proses", caption="Perajin membelah pandan di halaman")
    file = nomination.document_links.get().document.file_id
    photo = next(item for item in beside(nomination)["A.I.4"].items if item.kind == "Foto")
    assert (photo.title, photo.image) == ("Foto proses", f"/berkas/{file}/")
    assert photo.alt == "Perajin membelah pandan di halaman"


def test_the_sample_that_came_in_stands_where_the_form_asks_for_it(nomination):
    sample = Sample.objects.create(
        nomination=nomination,
        code="CP-014",
        received_on=date(2026, 3, 9),
        condition="utuh, kemasan penyok",
        at=timezone.now(),
        by=a_person("sekretariat"),
    )
    found = beside(nomination, sample)["C.I.1"]
    assert found.items[0].title == "Contoh produk CP-014"
    assert found.items[0].text == "Diterima 9 Maret 2026: utuh, kemasan penyok"
    assert not any("Contoh produk" in name for name in found.lacking)


def test_what_changed_after_the_copy_was_pinned_is_not_shown(nomination):
    assessment = a_panel(nomination)
    Nomination.objects.filter(pk=nomination.pk).update(raw_material="Sesudah dinilai.")
    definition = assessment.instrument.definition
    found = evidence.by_indicator(definition, assessment.submission, nominated_on=NOMINATED_ON, sample=None)
    assert found["A.I.1"].items[0].text.startswith("Daun pandan dari Kabupaten Tasikmalaya")


def test_every_key_of_a_shipped_form_has_its_label_and_its_source():
    keys = {
        key for form in instruments.shipped() for line in instruments.lines(form) for key in line["evidence"]
    }
    assert len(keys) > 30
    for key in keys:
        assert instruments.evidence_name(key) != key
        family = key.partition(":")[0]
        assert (
            family in ("dokumen", "foto", evidence._SAMPLE, *evidence._ELSEWHERE) or key in evidence._ANSWERS
        )


def test_the_kinds_of_documents_that_the_forms_name_exist():
    reference.load()
    kinds = {kind.pk: kind.is_photo for kind in DocumentKind.objects.all()}
    for form in instruments.shipped():
        for line in instruments.lines(form):
            for key in line["evidence"]:
                family, _, kind = key.partition(":")
                if family in ("dokumen", "foto"):
                    assert kinds[kind] == (family == "foto"), key


def test_a_form_of_the_ministrys_own_may_name_what_the_portal_does_not_know(nomination):
    definition = {
        "parts": [
            {
                "sections": [
                    {
                        "indicators": [
                            {"code": "A1", "evidence": ["dokumen:baru", "isian:baru", "uji:lapangan"]},
                            {"code": "A2"},
                        ]
                    }
                ]
            }
        ]
    }
    found = beside(nomination, definition=definition)
    assert found["A1"].lacking == ("dokumen:baru", "isian:baru", "uji:lapangan")
    assert found["A2"] == evidence.Evidence((), (), ())
