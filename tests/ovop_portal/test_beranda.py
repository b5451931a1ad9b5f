"""/beranda/ says what waits for whoever signed in, and until when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from nominations import objection_windows, objections
from nominations.guards import when
from nominations.models import Nomination, Objection, Phase
from tests.factories.accounts import JAKARTA_PUSAT, TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import NominationFactory, ProductFactory, RoundFactory, a_phase
from tests.pages import words_of

pytestmark = pytest.mark.django_db


def opened(client, person):
    client.force_login(person)
    answer = client.get("/beranda/")
    assert answer.status_code == 200
    return answer


def lines(client, person):
    return {(line.count, line.text) for line in opened(client, person).context["waiting"]}


@pytest.mark.parametrize(
    ("state", "role", "text"),
    [
        ("draft", Role.DINAS, "draf usulan belum dikirim"),
        ("returned", Role.DINAS, "usulan dikembalikan untuk perbaikan"),
        ("submitted", Role.PROVINSI, "usulan menunggu verifikasi Anda"),
        ("endorsed", Role.SEKRETARIAT, "usulan menunggu seleksi administrasi"),
        ("eligible", Role.SEKRETARIAT, "usulan lolos seleksi belum berpanel"),
        ("assessed", Role.KETUA, "usulan selesai dinilai menunggu sidang pleno"),
    ],
)
def test_what_has_to_be_done_is_counted_for_whoever_does_it(client, state, role, text):
    nomination = NominationFactory(in_state=state)
    assert (1, text) in lines(client, a_person(role, around=nomination))


def test_what_waits_elsewhere_is_not_counted(client):
    NominationFactory(in_state="submitted")
    elsewhere = a_regency(TANAH_DATAR)
    assert lines(client, a_person(Role.PROVINSI, around=elsewhere)) == set()
    assert lines(client, a_person(Role.DINAS, around=elsewhere)) == set()


def test_a_province_that_nominates_sees_its_own_drafts_and_does_not_verify_them(client):
    nomination = NominationFactory(
        in_state="submitted", product=ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT))
    )
    province = a_person(Role.PROVINSI, around=nomination)
    assert lines(client, province) == set()
    NominationFactory(
        in_state="draft",
        round=nomination.round,
        product=ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT)),
    )
    assert lines(client, province) == {(1, "draf usulan belum dikirim")}


def test_the_end_that_concerns_a_person_stands_with_it_in_the_own_zone(client):
    now = timezone.now()
    nomination = NominationFactory(in_state="draft", product=ProductFactory(ikm__regency=a_regency("5201")))
    a_phase(
        nomination.round, Phase.Kind.NOMINATION, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=4, hours=1)
    )  # fmt: skip
    html = opened(client, a_person(Role.DINAS, around=nomination)).content.decode()
    assert "Pengusulan ditutup" in html
    assert "WITA)" in html
    assert "Sisa 4 hari" in html


def test_between_phases_there_is_no_end_to_show(client):
    round_ = RoundFactory()
    round_.phases.all().delete()
    html = opened(client, a_person(Role.PENILAI)).content.decode()
    assert "Tidak ada yang menunggu Anda saat ini." in html
    assert "ditutup" not in html


def test_an_account_without_a_role_is_told_whom_to_ask(client):
    assert "Belum ada tugas untuk Anda pada periode ini." in opened(client, a_person()).content.decode()


# --- Sanggah ---------------------------------------------------------------------------------------------------
def decided(state):
    """A nomination with a result, as it stands in the database."""
    return Nomination.objects.get(pk=NominationFactory(in_state=state).pk)


def sanggah_lines(client, person):
    return [
        line for line in opened(client, person).context["waiting"] if "sanggah dapat diajukan" in line.text
    ]


def test_an_office_reads_until_when_it_can_object_to_a_refusal_and_no_other_office_does(client):
    nomination = decided("ineligible")
    officer = a_person(Role.DINAS, around=nomination)
    (line,) = sanggah_lines(client, officer)
    window = objections.window(nomination, Objection.Stage.SCREENING)
    assert when(window.until, nomination) in line.text
    assert (line.count, line.url) == (1, f"/usulan/{nomination.pk}/sanggah/")
    assert f"Sanggah dapat diajukan sampai {when(window.until, nomination)}." in words_of(
        client.get(f"/usulan/{nomination.pk}/")
    )
    for role, around in (
        (Role.DINAS, a_regency(TANAH_DATAR)),
        (Role.PROVINSI, nomination),
        (Role.PENILAI, None),
    ):
        assert sanggah_lines(client, a_person(role, around=around)) == []


def test_a_window_that_is_over_or_used_is_not_said(client):
    nomination = decided("ineligible")
    officer = a_person(Role.DINAS, around=nomination)
    late = objections.window(nomination, Objection.Stage.SCREENING).end
    assert [
        one.nomination
        for one in objection_windows.open_now([nomination.office_id], at=late - timedelta(seconds=1))
    ] == [nomination]
    assert objection_windows.open_now([nomination.office_id], at=late) == []
    objections.file_objection(
        nomination, Objection.Stage.SCREENING, reason="Dokumen sudah lengkap sejak awal.", evidence=None, by=officer,
        at=timezone.now(),
    )  # fmt: skip
    assert sanggah_lines(client, officer) == []


def test_a_published_result_can_be_objected_to_and_the_line_says_until_when(client):
    from tests.factories.awards import DecreeFactory

    nomination = decided("not_awarded")
    DecreeFactory(round=nomination.round, published=True)
    officer = a_person(Role.DINAS, around=nomination)
    (line,) = sanggah_lines(client, officer)
    assert when(objections.window(nomination, Objection.Stage.RESULT).until, nomination) in line.text


# --- The way to each page ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        (Role.PROVINSI, ["/seleksi/sanggah/"]),
        (Role.KETUA, ["/seleksi/sanggah/"]),
        (Role.AUDITOR, ["/periode/", "/verifikasi-provinsi/"]),
    ],
)
def test_the_first_page_leads_to_what_the_role_may_open(client, role, addresses):
    body = opened(client, a_person(role, around=a_regency())).content.decode()
    for address in addresses:
        assert f'href="{address}"' in body
        assert client.get(address).status_code == 200
