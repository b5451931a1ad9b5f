"""/surat/kantor/: the letterhead and who signs, kept by the office's own people, with a history."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.roles import Role
from audit import history
from letters import letterheads
from letters.models import Letterhead, SigningOfficer
from letters.outbox import Refused
from tests.factories.accounts import GARUT, TASIKMALAYA, a_dinas, a_ministry, a_person, a_province_office
from tests.factories.letterheads import a_letterhead, a_signing_officer
from tests.factories.letters import NOON

pytestmark = pytest.mark.django_db
OFFICER = {
    "title_before": "Dr. Ir. Hj.",
    "name": "Siti Aminah",
    "title_after": "S.E., M.M.",
    "position": "Kepala Dinas Perindustrian",
    "nip": "19700101 199503 2 001",
    "capacity": "sendiri",
    "superiors": "",
    "valid_from": "2026-01-05",
    "valid_until": "",
}


@pytest.fixture
def officer(client):
    person = a_person(Role.DINAS, office=a_dinas(GARUT))
    client.force_login(person)
    return person


def text_of(answer):
    return " ".join(answer.content.decode().split())


def added(client, **changed):
    return client.post(reverse("signing_officer_add"), {**OFFICER, **changed})


def test_the_letterhead_is_suggested_written_and_changed_with_a_history(client, officer):
    form = text_of(client.get(reverse("letterhead_edit")))
    assert "PEMERINTAH KABUPATEN GARUT" in form
    assert not Letterhead.objects.exists(), "looking at it writes nothing"
    for place in ("Garut", "Tarogong"):
        client.post(reverse("letterhead_edit"), {"kop": "PEMERINTAH\r\n\r\n  DINAS  ", "tempat": place})
    letterhead = Letterhead.objects.get()
    assert (letterhead.lines, letterhead.place) == (["PEMERINTAH", "DINAS"], "Tarogong")
    assert history.of(letterhead).count() == 2
    assert list(letterhead.events.order_by("pgh_id").values_list("place", flat=True)) == ["Garut", "Tarogong"]
    page = text_of(client.get(reverse("letter_office")))
    assert "PEMERINTAH<br>DINAS" in page


def test_a_signing_officer_is_noted_as_printed(client, officer):
    assert added(client).status_code == 302
    row = SigningOfficer.objects.get()
    assert (row.full_name, row.nip) == ("Dr. Ir. Hj. Siti Aminah, S.E., M.M.", "197001011995032001")
    assert letterheads.signatory(row).lines() == ("Kepala Dinas Perindustrian,",)
    assert "Siti Aminah" in text_of(client.get(reverse("letter_office")))
    client.post(reverse("signing_officer", args=[row.pk]), {**OFFICER, "valid_until": "2026-06-30"})
    row.refresh_from_db()
    assert row.valid_until == date(2026, 6, 30)
    assert [entry.action for entry in history.of(row)] == ["signing_officer_added", "signing_officer_changed"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"nip": "123"}, "NIP terdiri atas 18 angka."),
        ({"capacity": "a.n."}, "Untuk a.n. tulis 1 jabatan"),
        ({"capacity": "u.b.", "superiors": "Bupati Garut"}, "Untuk u.b. tulis 2 jabatan"),
        ({"superiors": "Bupati Garut"}, "menandatangani atas jabatannya sendiri"),
        ({"valid_until": "2025-01-01"}, "Hari terakhir tidak boleh lebih awal"),
        ({"name": ""}, "Tuliskan nama pejabat tanpa gelar."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(client, officer, changed, said):
    answer = added(client, **changed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not SigningOfficer.objects.exists()


def test_on_behalf_of_two_prints_all_lines(client, officer):
    added(client, capacity="u.b.", superiors="BUPATI GARUT\nSekretaris Daerah", position="Kepala Dinas")
    assert letterheads.signatory(SigningOfficer.objects.get()).lines() == (
        "a.n. BUPATI GARUT", "Sekretaris Daerah,", "u.b.", "Kepala Dinas,",
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"nip": "12"},
        {"capacity": "a.n."},
        {"superiors": ["Bupati"]},
        {"valid_until": date(2000, 1, 1)},
        {"name": ""},
    ],
)
def test_the_database_holds_it_too(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_signing_officer(a_dinas(), **wrong)


def test_only_those_of_the_day_sign():
    now = a_signing_officer(a_dinas(), valid_from=date(2026, 1, 1), valid_until=date(2026, 3, 2))
    a_signing_officer(a_dinas(), valid_from=date(2026, 3, 3))
    a_signing_officer(a_dinas(TASIKMALAYA))
    assert letterheads.signing_on(a_dinas(), date(2026, 3, 2)) == [now]


def test_an_office_is_kept_by_its_own_people(client, officer):
    other = a_signing_officer(a_dinas(TASIKMALAYA))
    a_letterhead(a_dinas(TASIKMALAYA))
    assert client.get(reverse("signing_officer", args=[other.pk])).status_code == 404
    assert client.get(f"{reverse('letter_office')}?kantor=3206").status_code == 404
    answer = client.post(f"{reverse('letterhead_edit')}?kantor=3206", {"kop": "X", "tempat": "Y"})
    assert answer.status_code == 404
    with pytest.raises(Refused):
        letterheads.keep(a_dinas(TASIKMALAYA), lines=["X"], place="Y", by=officer, at=NOON)


@pytest.mark.parametrize(
    ("role", "status"),
    [("dinas", 200), ("provinsi", 200), ("sekretariat", 200), ("auditor", 403), ("penilai", 403), ("ketua", 403),
     ("penetap", 403), ("admin", 403)],
)  # fmt: skip
def test_who_keeps_a_letterhead(client, role, status):
    office = {"dinas": a_dinas, "provinsi": a_province_office}.get(role, a_ministry)()
    client.force_login(a_person(role, office=office))
    assert client.get(reverse("letter_office")).status_code == status
