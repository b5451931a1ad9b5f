"""The batch of a decree's certificates: paused, gone on with, tried again; all of them as a ZIP and for the printer."""

import io
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.utils import timezone

from accounts.roles import Role
from audit import history
from awards import batches, bundles, certificates, tasks
from awards.decrees import Refused
from awards.models import Certificate, CertificatePause
from files import disk
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_signatory, an_issued_decree
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def decree():
    return an_issued_decree()


@pytest.fixture
def queued(monkeypatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(tasks.render_decree, "delay", lambda *, decree_id: found.append(decree_id))
    return found


def the_certificates(decree) -> list[Certificate]:
    return list(Certificate.objects.filter(award__decree=decree).order_by("award__position"))


def as_made(decree, content=b"%PDF-1.7 piagam ") -> list[Certificate]:
    """Each with a file of its own, without drawing any."""
    for certificate in the_certificates(decree):
        certificate.path = f"piagam/{decree.round_id}/{certificate.pk}.pdf"
        disk.keep(certificates.file_of(certificate), content + str(certificate.pk).encode())
        certificate.sha256, certificate.size = f"{certificate.pk:064x}", len(content)
        certificate.rendered_at = timezone.now()
        certificate.save()
    return the_certificates(decree)


# --- Paused and gone on with ---------------------------------------------------------------------------------------
def test_while_it_is_paused_nothing_is_made_and_the_sweeper_leaves_it_alone(decree, queued):
    first, _ = the_certificates(decree)
    batches.pause(decree, by=a_secretary(), at=timezone.now())
    assert certificates.render(first.pk) is False
    first.refresh_from_db()
    assert (first.rendered_at, first.last_error) == (None, "")
    assert not certificates.overdue(at=timezone.now() + timedelta(hours=1)).exists()


def test_going_on_queues_what_is_missing(decree, queued, django_capture_on_commit_callbacks):
    batches.pause(decree, by=a_secretary(), at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        batches.go_on(decree, by=a_signatory(), at=timezone.now())
    assert queued == [decree.pk]
    assert certificates.overdue(at=timezone.now() + timedelta(hours=1)).count() == 2
    acts = [entry.action for entry in history.of(decree).order_by("pk")]
    assert acts[-2:] == ["pause_certificates", "resume_certificates"]


def test_pausing_twice_is_pausing_once(decree):
    for _ in range(2):
        batches.pause(decree, by=a_secretary(), at=timezone.now())
    assert [entry.action for entry in history.of(decree)].count("pause_certificates") == 1


def test_what_failed_is_tried_again_from_the_start(decree, queued, django_capture_on_commit_callbacks):
    failed, _ = the_certificates(decree)
    Certificate.objects.filter(pk=failed.pk).update(attempts=20, last_error="no space left on device")
    with django_capture_on_commit_callbacks(execute=True):
        assert batches.retry(decree, by=a_secretary(), at=timezone.now()) == 1
    failed.refresh_from_db()
    assert (failed.attempts, failed.last_error) == (0, "")
    assert queued == [decree.pk]
    assert batches.retry(decree, by=a_secretary(), at=timezone.now()) == 0


@pytest.mark.parametrize("act", [batches.pause, batches.go_on, batches.retry])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.KETUA, Role.DINAS])
def test_only_the_secretariat_and_the_signatory_steer(act, role, decree):
    with pytest.raises(Refused) as refused:
        act(decree, by=a_person(role), at=timezone.now())
    assert refused.value.code == "not_yours"


def test_a_draft_has_no_batch():
    with pytest.raises(Refused) as refused:
        batches.pause(a_drafted_decree(), by=a_secretary(), at=timezone.now())
    assert refused.value.code == "not_issued"


def test_the_pace_counts_the_last_minute(decree):
    made, _ = the_certificates(decree)
    now = timezone.now()
    assert batches.pace(decree, at=now) == batches.Pace(0, None)
    Certificate.objects.filter(pk=made.pk).update(
        rendered_at=now - timedelta(seconds=30), path="x", sha256="0" * 64, size=1
    )
    assert batches.pace(decree, at=now) == batches.Pace(1, 1)
    assert batches.pace(decree, at=now + timedelta(minutes=2)) == batches.Pace(0, None)


# --- The page --------------------------------------------------------------------------------------------------------
def test_the_page_shows_what_failed_and_why_and_steers_the_batch(decree, client, queued):
    failed, _ = the_certificates(decree)
    Certificate.objects.filter(pk=failed.pk).update(
        attempts=3, last_error="Peladen stempel waktu tidak menjawab."
    )
    client.force_login(a_secretary())
    words = words_of(client.get(f"/penghargaan/{decree.pk}/"))
    assert f"{failed.number}, UD Mawar: Peladen stempel waktu tidak menjawab." in words
    for act, shown in (
        ("pause", "Dihentikan sementara"),
        ("go_on", "Halaman ini aman ditutup"),
        ("retry", "Halaman ini aman ditutup"),
    ):
        client.post(f"/penghargaan/{decree.pk}/piagam/atur/", {"act": act})
        assert shown in words_of(client.get(f"/penghargaan/{decree.pk}/"))
    assert "Belum berhasil" not in words_of(client.get(f"/penghargaan/{decree.pk}/"))
    assert client.post(f"/penghargaan/{decree.pk}/piagam/atur/", {"act": "x"}).status_code == 404
    assert client.get(f"/penghargaan/{decree.pk}/piagam/atur/").status_code == 405


def test_an_auditor_sees_the_batch_and_cannot_steer_it(decree, client):
    client.force_login(a_person(Role.AUDITOR))
    page = client.get(f"/penghargaan/{decree.pk}/")
    assert "Hentikan sementara" not in main_of(page)
    client.post(f"/penghargaan/{decree.pk}/piagam/atur/", {"act": "pause"})
    assert not CertificatePause.objects.exists()


# --- All at once -----------------------------------------------------------------------------------------------------
def test_the_zip_holds_every_certificate_in_the_order_of_the_annex_byte_for_byte(decree, client):
    made = as_made(decree)
    client.force_login(a_secretary())
    answer = client.get(f"/penghargaan/{decree.pk}/piagam/zip/")
    pieces = list(answer.streaming_content)
    assert len(pieces) == len(made) + 1
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "0001 OVOP-2026-0001 ud-mawar.pdf",
            "0002 OVOP-2026-0002 cv-melati.pdf",
        ]
        for name, one in zip(archive.namelist(), made, strict=True):
            assert archive.read(name) == certificates.file_of(one).read_bytes()


def test_the_print_file_has_all_pages_in_order_and_is_made_once(decree, client):
    for certificate in the_certificates(decree):
        assert certificates.render(certificate.pk)
    tasks.make_print_file(decree_id=decree.pk)
    path = bundles.print_file(decree)
    first = path.stat().st_mtime_ns
    tasks.make_print_file(decree_id=decree.pk)
    assert path.stat().st_mtime_ns == first
    client.force_login(a_secretary())
    assert "Unduh berkas cetak" in main_of(client.get(f"/penghargaan/{decree.pk}/"))
    content = b"".join(client.get(f"/penghargaan/{decree.pk}/piagam/cetak/").streaming_content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 2
        assert "/AcroForm" not in pdf.Root
    import pypdfium2

    pages = pypdfium2.PdfDocument(content)
    for page, certificate in zip(pages, the_certificates(decree), strict=True):
        assert certificate.number in page.get_textpage().get_text_bounded()


def test_a_print_file_is_asked_for_by_a_post_and_absent_until_it_is_made(decree, client, monkeypatch):
    as_made(decree)
    asked: list[int] = []
    monkeypatch.setattr(tasks.make_print_file, "delay", lambda *, decree_id: asked.append(decree_id))
    client.force_login(a_secretary())
    assert client.get(f"/penghargaan/{decree.pk}/piagam/cetak/").status_code == 404
    client.post(f"/penghargaan/{decree.pk}/piagam/cetak/")
    assert asked == [decree.pk]


@pytest.mark.parametrize("part", ["zip", "cetak", "atur"])
def test_others_find_none_of_it(part, decree, client):
    as_made(decree)
    client.force_login(a_person(Role.DINAS))
    address = f"/penghargaan/{decree.pk}/piagam/{part}/"
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code in (403, 404, 405)
        assert not answer.streaming


# --- One to look at before any is made -------------------------------------------------------------------------------
def test_the_preview_is_the_paper_itself_marked_so_that_nobody_takes_it_for_one(decree, client):
    client.force_login(a_secretary())
    answer = client.get(f"/penghargaan/{decree.pk}/pratinjau/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline;")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.docinfo["/Title"]).startswith("PRATINJAU – TIDAK BERLAKU: ")
    assert not Certificate.objects.filter(rendered_at__isnull=False).exists()
