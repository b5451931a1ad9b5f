"""Surat usulan dinas from real records: which nominations it lists, how many, and when a draft is stale."""

from collections import Counter

import pytest
from django.urls import reverse

from accounts.roles import Role
from letters import official, pdf
from letters.models import Letter
from tests.factories.accounts import (
    JAKARTA_PUSAT,
    TASIKMALAYA,
    a_dinas,
    a_ministry,
    a_person,
    a_province_office,
    a_regency,
)
from tests.factories.letterheads import a_letterhead, ready_to_write
from tests.factories.nominations import NominationFactory, RoundFactory, a_group
from tests.made_once import made_once
from tests.nominations.letter_writing import (
    INVITATION,
    TO,
    a_proposal,
    page_of,
    taken_to,
    text_of,
)

pytestmark = pytest.mark.django_db


@made_once
def who_signs(requirements, of_garut):
    a_province_office()
    a_ministry()
    return ready_to_write(a_dinas())


@pytest.fixture
def signs(who_signs, officer):
    return who_signs


def words_of(letter):
    html = pdf.as_html(official.head_of(letter), official.content_of(letter))
    return " ".join(html.split())


def letter_page(client, letter):
    return text_of(client.get(reverse("letter", args=[letter.pk])))


def test_sentence_annex_and_nominations_agree(client, signs):
    first = NominationFactory(in_state="submitted", product__group=a_group("kain_tenun"))
    second = NominationFactory(in_state="endorsed", round=first.round, product__group=a_group("anyaman"))
    third = NominationFactory(in_state="submitted", round=first.round, product__group=a_group("anyaman"))
    content = official.content_of(a_proposal(client, signs))
    assert content.nominations == len(content.rows) == 3
    assert sum(count.n for count in content.per_commodity) == 3
    assert {row.number for row in content.rows} == {first.number, second.number, third.number}
    # By commodity in the order of the groups, then by name.
    groups = [row.commodity for row in content.rows]
    assert groups == ["Kain tenun", "Anyaman", "Anyaman"]
    assert Counter(groups) == {count.name: count.n for count in content.per_commodity if count.n}


def test_only_what_this_dinas_sent_or_could_send_now_is_in_it(client, signs, settings):
    ready = NominationFactory(in_state="draft")
    ready.document_links.filter(document__kind="surat_usulan").delete()
    NominationFactory(in_state="draft", round=ready.round, empty=True)
    NominationFactory(in_state="withdrawn", round=ready.round)
    NominationFactory(in_state="lapsed", round=ready.round)
    NominationFactory(in_state="submitted", round=ready.round, product__ikm__regency=a_regency(TASIKMALAYA))
    NominationFactory(in_state="submitted", round=RoundFactory(year=2025))
    returned = NominationFactory(in_state="returned", round=ready.round)
    letter = a_proposal(client, signs)
    content = official.content_of(letter)
    assert {row.ikm for row in content.rows} == {ready.product.ikm.name, returned.product.ikm.name}
    assert {row.number for row in content.rows} == {"", returned.number}
    assert {row.regency for row in content.rows} == {"Kabupaten Garut"}
    assert "diberi saat dikirim" in words_of(letter)


def test_one_reads_1_satu_ikm(client, signs):
    NominationFactory(in_state="submitted")
    assert "kami mengusulkan 1 (satu) IKM dari 1 (satu) sentra IKM di Kabupaten Garut" in words_of(
        a_proposal(client, signs)
    )


def test_what_was_typed_and_who_signs_are_copied(client, signs):
    NominationFactory(in_state="submitted")
    letter = a_proposal(client, signs)
    signs.name = "Orang Lain"
    signs.save()
    letter.refresh_from_db()
    assert letter.signatory_full_name == "Dr. Ir. Hj. Siti Aminah, S.E., M.M."
    assert letter.recipients == ["Direktur Jenderal", "Kementerian Perindustrian"]
    invitation = official.content_of(letter).invitation
    assert (invitation.number, str(invitation.date)) == ("B/98/IKMA.1/IND.2/I/2026", "2026-01-19")
    assert {office.code for office in letter.addressees.order_by("pk")} == {"32", "kemenperin"}


def test_a_nomination_added_after_the_draft_makes_it_stale_and_it_says_so(client, signs):
    first = NominationFactory(in_state="submitted")
    letter = a_proposal(client, signs)
    assert "tidak lagi sama" not in letter_page(client, letter)
    NominationFactory(in_state="submitted", round=first.round)
    page = letter_page(client, letter)
    assert "Konsep ini tidak lagi sama dengan catatan" in page
    assert "konsep memuat 1 usulan, catatan sekarang 2 usulan" in page
    again = reverse("letter_step", args=[letter.pk, "susun-ulang"])
    assert again in page
    form = text_of(client.get(again))
    assert 'value="B/98/IKMA.1/IND.2/I/2026"' in form
    assert 'value="2026-01-19"' in form
    answer = client.post(again, {**INVITATION, **TO, "penanda_tangan": signs.pk})
    assert answer.url == reverse("letter", args=[letter.pk])
    letter.refresh_from_db()
    assert official.content_of(letter).nominations == 2
    assert "tidak lagi sama" not in letter_page(client, letter)


def test_a_withdrawn_one_makes_it_stale_too_but_never_a_signed_letter(client, signs, officer):
    first = NominationFactory(in_state="submitted")
    NominationFactory(in_state="submitted", round=first.round)
    letter = a_proposal(client, signs)
    first.state = "withdrawn"
    first.save()
    assert "konsep memuat 2 usulan, catatan sekarang 1 usulan" in letter_page(client, letter)
    taken_to("ditandatangani", letter, by=officer)
    assert "tidak lagi sama" not in letter_page(client, letter)


def test_a_letter_past_its_draft_goes_back_before_it_is_written_anew(client, signs, officer):
    first = NominationFactory(in_state="submitted")
    letter = taken_to("diparaf", a_proposal(client, signs), by=officer)
    NominationFactory(in_state="submitted", round=first.round)
    assert "Kembalikan menjadi konsep dahulu, lalu susun ulang." in letter_page(client, letter)
    answer = client.post(
        reverse("letter_step", args=[letter.pk, "susun-ulang"]),
        {**INVITATION, **TO, "penanda_tangan": signs.pk},
    )
    assert "Naskah ini diparaf, jadi tidak dapat diubah." in text_of(answer)


def test_nothing_to_propose_is_said_before_anything_is_typed(client, signs):
    RoundFactory()
    page = text_of(client.get(page_of("surat-usulan", "2026-3205")))
    assert "Belum ada usulan Kabupaten Garut periode 2026 yang sudah dikirim atau siap dikirim." in page
    assert "Susun konsep</button>" not in page


def test_an_office_without_a_letterhead_or_a_signatory_is_led_there(client, requirements, officer):
    NominationFactory(in_state="submitted")
    page = text_of(client.get(page_of("surat-usulan", "2026-3205")))
    assert "Kop surat kantor Anda belum diisi." in page
    assert f'href="{reverse("letter_office")}?kantor=3205"' in page
    a_letterhead(a_dinas())
    assert "Belum ada pejabat yang menandatangani" in text_of(
        client.get(page_of("surat-usulan", "2026-3205"))
    )


def test_what_was_typed_stays_where_something_is_wrong(client, signs):
    NominationFactory(in_state="submitted")
    typed = {**INVITATION, **TO, "penanda_tangan": signs.pk, "tanggal_undangan": "kemarin"}
    answer = client.post(page_of("surat-usulan", "2026-3205"), typed)
    assert answer.status_code == 422
    assert 'value="B/98/IKMA.1/IND.2/I/2026"' in text_of(answer)
    assert "Isi tanggalnya, misalnya 13/03/2026." in text_of(answer)
    assert not Letter.objects.exists()


def test_a_second_press_finds_the_first_letter(client, signs):
    NominationFactory(in_state="submitted")
    letter = a_proposal(client, signs)
    again = client.post(
        page_of("surat-usulan", "2026-3205"), {**INVITATION, **TO, "penanda_tangan": signs.pk}
    )
    assert "Konsep surat ini sudah ada dan belum ditandatangani." in text_of(again)
    assert Letter.objects.count() == 1
    assert client.get(page_of("surat-usulan", "2026-3205")).url == reverse("letter", args=[letter.pk])


def test_reading_the_form_writes_nothing(client, signs):
    NominationFactory(in_state="submitted")
    assert client.get(page_of("surat-usulan", "2026-3205")).status_code == 200
    assert not Letter.objects.exists()


@pytest.mark.parametrize("subject", ["2026-3206", "2026-9999", "2019-3205", "2026", "contoh"])
def test_another_region_or_round_is_not_there(client, signs, subject):
    NominationFactory(in_state="submitted", product__ikm__regency=a_regency(TASIKMALAYA))
    assert client.get(page_of("surat-usulan", subject)).status_code == 404


def test_a_province_that_nominates_itself_writes_one_for_each_of_its_kota(client, requirements):
    nomination = NominationFactory(in_state="submitted", product__ikm__regency=a_regency(JAKARTA_PUSAT))
    client.force_login(a_person(Role.PROVINSI, office=nomination.office))
    signs = ready_to_write(nomination.office)
    letter = a_proposal(client, signs, subject=f"2026-{JAKARTA_PUSAT}")
    content = official.content_of(letter)
    assert (content.regency, content.nominations) == ("Kota Jakarta Pusat", 1)
    assert "tidak lagi sama" not in letter_page(client, letter)
    # The dinas of Garut is not this province's to write for.
    assert client.get(page_of("surat-usulan", "2026-3205")).status_code == 404


def test_the_list_of_nominations_leads_to_the_letter(client, signs):
    nomination = NominationFactory(in_state="submitted")
    page = text_of(client.get(reverse("nominations")))
    assert page_of("surat-usulan", f"{nomination.round_id}-3205") in page
