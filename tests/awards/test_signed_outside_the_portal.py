"""A decree signed outside the portal: uploaded by the secretariat, kept as it came, and what issuing then rests on."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.roles import Role
from audit import history
from awards import decree_pdf, decree_wording, decrees, scans, tasks
from awards.decrees import Refused
from awards.models import Certificate, Decree, DecreeFile
from files import intake
from files.models import StoredFile
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_sealed_session, a_signatory, an_issued_decree
from tests.factories.files import pdf_bytes

pytestmark = pytest.mark.django_db


def a_scan(content: bytes | None = None) -> StoredFile:
    upload = ContentFile(content or pdf_bytes(), name="SK bertanda tangan.pdf")
    return intake.accept(upload, by=a_secretary(), at=timezone.now(), kinds=scans.KINDS)


def a_signed_draft() -> Decree:
    return scans.attach(a_drafted_decree(), a_scan(), by=a_secretary(), at=timezone.now())


def test_the_secretariat_uploads_it_and_its_hash_is_shown_to_whoever_issues(client):
    decree, content = a_drafted_decree(), pdf_bytes()
    client.force_login(a_secretary())
    address = f"/penghargaan/{decree.pk}/tanda-tangan/"
    assert address in client.get(decree.get_absolute_url()).content.decode()
    # In parts, so that a weak line goes on where it stopped.
    assert "js/upload" in client.get(address).content.decode()
    sent = SimpleUploadedFile("SK.pdf", content, content_type="application/pdf")
    assert client.post(address, {"scan": sent}).url == decree.get_absolute_url()
    sha256 = hashlib.sha256(content).hexdigest()
    client.force_login(a_signatory())
    page = client.get(decree.get_absolute_url()).content.decode()
    assert sha256 in page
    assert "Penetapan ini didasarkan pada" in page
    scan = Decree.objects.get().signed_scan
    assert b"".join(client.get(scan.get_absolute_url()).streaming_content) == content
    assert "upload_signed_decree" in [entry.action for entry in history.of(decree)]


def test_a_file_that_is_no_pdf_is_refused_by_its_content(client):
    decree = a_drafted_decree()
    client.force_login(a_secretary())
    sent = SimpleUploadedFile("SK.pdf", b"not a PDF at all", content_type="application/pdf")
    answer = client.post(f"/penghargaan/{decree.pk}/tanda-tangan/", {"scan": sent})
    assert answer.status_code == 422
    assert Decree.objects.get().signed_scan is None


def test_issuing_says_what_it_rests_on_and_makes_no_second_original(client):
    decree = a_signed_draft()
    client.force_login(a_signatory())
    given = {"number": "14", "on": timezone.localdate().isoformat(), "signatory_name": "AGUS"}
    answer = client.post(decree.get_absolute_url(), given)
    assert "Pilih dasar penetapan" in answer.content.decode()
    asked = client.post(decree.get_absolute_url(), {**given, "rests_on": "pindaian"})
    assert "Tetapkan SK Nomor 14?" in asked.content.decode()
    assert 'name="rests_on" value="pindaian"' in asked.content.decode()
    sure = {**given, "rests_on": "pindaian", "yakin": "ya"}
    assert client.post(decree.get_absolute_url(), sure).status_code == 302
    decree.refresh_from_db()
    tasks.make_decree_files(decree_id=decree.pk)
    papers = {paper.variant: paper for paper in decree.files.all()}
    assert set(papers) == {"pindaian", "salinan"}
    assert papers["pindaian"].sha256 == decree.signed_scan.sha256
    assert decree_pdf.unmade(at=timezone.now() + 2 * decree_pdf.OVERDUE) == []
    page = client.get(decree.get_absolute_url()).content.decode()
    assert "SK bertanda tangan yang diunggah Sekretariat." in page
    assert decree.signed_scan.get_absolute_url() in page


def test_without_a_scan_there_is_no_choice_and_the_portal_signs(client):
    decree = a_drafted_decree()
    client.force_login(a_signatory())
    assert "Penetapan ini didasarkan pada" not in client.get(decree.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="scan_missing"):
        an_issued_decree(decree, rests_on="pindaian")
    assert not Certificate.objects.exists()
    assert an_issued_decree(Decree.objects.get()).rests_on == "portal"


def test_a_file_that_is_not_what_came_in_or_not_checked_yet_is_not_rested_on():
    decree = a_signed_draft()
    decree.signed_scan.path.write_bytes(b"%PDF-1.7 another")
    with pytest.raises(Refused, match="scan_altered"):
        an_issued_decree(decree, rests_on="pindaian")
    decree.signed_scan.path.unlink()
    with pytest.raises(Refused, match="scan_altered"):
        an_issued_decree(decree, rests_on="pindaian")
    StoredFile.objects.update(state="waiting")
    with pytest.raises(Refused, match="scan_waits"):
        an_issued_decree(decree, rests_on="pindaian")
    assert not DecreeFile.objects.exists()


def test_a_draft_that_reads_otherwise_lets_go_of_what_was_signed():
    decree = a_signed_draft()
    shipped = decree_wording.shipped(decree)
    words = decree_wording.Words(
        shipped.considering, shipped.recalling, shipped.noting, shipped.copies_to, shipped.certifier
    )
    decree_wording.write(decree, words, place="Bandung", by=a_secretary(), at=timezone.now())
    assert Decree.objects.get().signed_scan is None
    decree = scans.attach(decree, a_scan(), by=a_secretary(), at=timezone.now())
    decrees.draft(decree.plenary, by=a_secretary(), at=timezone.now())
    assert Decree.objects.get().signed_scan is None
    assert not StoredFile.objects.exists()


def test_a_new_scan_takes_the_place_of_the_one_before_and_none_comes_after_issuing():
    decree, second = a_signed_draft(), a_scan()
    scans.attach(decree, second, by=a_secretary(), at=timezone.now())
    assert list(StoredFile.objects.all()) == [second]
    issued = an_issued_decree(decree, rests_on="pindaian")
    with pytest.raises(Refused, match="already_issued"):
        scans.attach(issued, a_scan(), by=a_secretary(), at=timezone.now())
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Decree.objects.update(rests_on="portal")


def test_the_database_holds_that_what_it_rests_on_is_there():
    decree = a_drafted_decree()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decree.objects.filter(pk=decree.pk).update(rests_on="pindaian")


def test_only_the_secretariat_uploads_and_only_the_ministry_opens_it(client):
    decree = a_signed_draft()
    for person in (a_signatory(), a_person(Role.AUDITOR), a_person(Role.DINAS)):
        client.force_login(person)
        assert client.get(f"/penghargaan/{decree.pk}/tanda-tangan/").status_code == 403
        with pytest.raises(Refused, match="not_yours"):
            scans.attach(decree, decree.signed_scan, by=person, at=timezone.now())
    assert client.get(decree.signed_scan.get_absolute_url()).status_code == 404


def test_the_text_to_sign_by_hand_has_the_numbers_that_issuing_will_give_and_no_mark_of_a_draft(
    client, monkeypatch
):
    decree, seen = a_drafted_decree(a_sealed_session(("UD A", "anyaman", 4), ("UD B", "anyaman", 3))), []
    monkeypatch.setattr(decree_pdf.letters_pdf, "from_html", lambda page: seen.append(page) or b"%PDF-1.7")
    client.force_login(a_secretary())
    assert client.get(f"/penghargaan/{decree.pk}/naskah-cetak.pdf").status_code == 200
    assert "RANCANGAN" not in seen[0]
    assert not Certificate.objects.exists()
    an_issued_decree(decree)
    for certificate in Certificate.objects.select_related("award"):
        row = seen[0][seen[0].index(certificate.award.ikm_name) :]
        assert certificate.number in row[: row.index("</tr>")]
