"""The page of a draft's words: Menimbang, Mengingat, level, place; who may write, what is refused, two at once."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from audit import history
from awards import certificates, decree_pdf, decree_wording
from awards.decree_wording import Words
from awards.decrees import Refused
from awards.models import Certificate, Decree, DecreeWording
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_sealed_session, a_signatory, an_issued_decree

pytestmark = pytest.mark.django_db

GIVEN = {
    "level": "menteri", "place": "Jakarta", "considering": "bahwa {n} IKM memenuhi kriteria;\n\n  bahwa perlu ditetapkan;",
    "recalling": "Undang-Undang Nomor 3 Tahun 2014 tentang Perindustrian;", "noting": "", "copies_to": "",
    "certifier": "Kepala Biro Hukum", "certifier_name": "", "seen": "0",
}  # fmt: skip


def address(decree: Decree) -> str:
    return f"/penghargaan/{decree.pk}/naskah/"


def the_words(**changes) -> Words:
    given = {
        "considering": ["bahwa {n} IKM memenuhi kriteria;"], "recalling": ["Undang-Undang;"], "noting": [],
        "copies_to": [], "certifier": "Kepala Biro Hukum",
    }  # fmt: skip
    return Words(**{**given, **changes})


def test_the_secretariat_begins_with_the_words_as_shipped_and_writes_its_own(client):
    decree = a_drafted_decree()
    client.force_login(a_secretary())
    page = client.get(address(decree)).content.decode()
    assert "bahwa berdasarkan hasil penilaian, terdapat {n} industri" in page
    assert "{n}</dt><dd>2 (dua)" in page
    assert not DecreeWording.objects.exists()
    assert client.post(address(decree), GIVEN).url == decree.get_absolute_url()
    written = Decree.objects.get().wording
    assert (written.version, written.considering) == (
        1, ["bahwa {n} IKM memenuhi kriteria;", "bahwa perlu ditetapkan;"],
    )  # fmt: skip
    assert "bahwa 2 (dua) IKM memenuhi kriteria;" in decree_pdf.html(Decree.objects.get())
    page = client.get(address(decree)).content.decode()
    assert "Versi 1, ditulis" in page
    assert "bahwa perlu ditetapkan;</li>" in page
    assert [entry.action for entry in history.of(decree)][-1] == "write_decree_wording"


def test_what_is_written_is_looked_at_as_pdf_without_being_saved(client, monkeypatch):
    decree, seen = a_drafted_decree(), []
    monkeypatch.setattr(decree_pdf.letters_pdf, "from_html", lambda page: seen.append(page) or b"%PDF-1.7")
    client.force_login(a_secretary())
    answer = client.post(address(decree), {**GIVEN, "act": "lihat", "place": "Bandung"})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert "bahwa perlu ditetapkan;" in seen[0]
    assert "Ditetapkan di Bandung" in seen[0]
    assert "RANCANGAN" in seen[0]
    assert not DecreeWording.objects.exists()
    assert Decree.objects.get().place == "Jakarta"


def test_the_level_names_decree_and_signatory_on_every_paper():
    decree = a_drafted_decree(a_sealed_session(("UD Mawar", "anyaman", 4)))
    decree_wording.write(
        decree, the_words(), level="dirjen", place="Bandung", by=a_secretary(), at=timezone.now()
    )
    issued = an_issued_decree(Decree.objects.get())
    said = decree_pdf.html(Decree.objects.get(pk=issued.pk))
    assert "KEPUTUSAN DIREKTUR JENDERAL INDUSTRI KECIL, MENENGAH, DAN ANEKA" in said
    assert "Ditetapkan di Bandung" in said
    printed = certificates.facts(Certificate.objects.get())
    general = "Direktur Jenderal Industri Kecil, Menengah, dan Aneka"
    assert (printed.decree_title, printed.signatory_office) == (f"Keputusan {general}", general)
    assert printed.decree_title_en.startswith("Decree of the Director General")
    assert printed.issued_place == "Bandung"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"considering": "bahwa {rahasia};"}, "Isian {rahasia} tidak dikenal."),
        ({"considering": "bahwa {n.__class__};"}, "Isian {n.__class__} tidak dikenal."),
        ({"noting": "kurung } saja"}, "Isian } tidak dikenal."),
        ({"considering": " \n "}, "Isi pertimbangan, satu butir satu baris."),
        ({"recalling": ""}, "Isi dasar hukum, satu butir satu baris."),
        ({"recalling": "x;\n" * 41}, "Paling banyak 40 butir; tertulis 41."),
        ({"level": "presiden"}, "Pilih"),
    ],
)
def test_what_cannot_stand_in_a_decree_is_refused_and_what_was_typed_is_kept(client, changes, said):
    decree = a_drafted_decree()
    client.force_login(a_secretary())
    answer = client.post(address(decree), {**GIVEN, "certifier": "Plt. Kepala Biro", **changes})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "Plt. Kepala Biro" in page
    assert not DecreeWording.objects.exists()


def test_the_second_of_two_who_write_at_once_is_told_and_overwrites_nothing(client):
    decree = a_drafted_decree()
    decree_wording.write(decree, the_words(), seen=0, by=a_secretary(), at=timezone.now())
    client.force_login(a_secretary())
    answer = client.post(address(decree), {**GIVEN, "seen": "0"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "baru saja mengubah naskah ini" in page
    assert "bahwa perlu ditetapkan;" in page
    assert Decree.objects.get().wording.version == 1
    assert client.post(address(decree), {**GIVEN, "seen": "1"}).status_code == 302


def test_an_issued_decree_keeps_its_words(client):
    decree = an_issued_decree()
    client.force_login(a_secretary())
    assert client.get(address(decree)).url == decree.get_absolute_url()
    assert client.post(address(decree), GIVEN).status_code == 302
    assert Decree.objects.get().wording.version == 1
    with pytest.raises(Refused, match="already_issued"):
        decree_wording.write(decree, the_words(), by=a_secretary(), at=timezone.now())


def test_only_the_secretariat_writes_and_finds_the_way(client):
    decree = a_drafted_decree()
    for person, status in ((a_signatory(), 403), (a_person(Role.AUDITOR), 403), (a_person(Role.DINAS), 403)):
        client.force_login(person)
        assert client.get(address(decree)).status_code == status
        assert client.post(address(decree), GIVEN).status_code == status
    client.force_login(a_signatory())
    assert address(decree) not in client.get(decree.get_absolute_url()).content.decode()
    client.force_login(a_secretary())
    assert address(decree) in client.get(decree.get_absolute_url()).content.decode()
    assert not DecreeWording.objects.exists()
