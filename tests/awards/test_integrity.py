"""What `check_integrity` says of awards: nothing while all is well, one line for each thing that is not."""

import json
import os
import shutil
import time
from io import StringIO
from pathlib import Path

import pgtrigger
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from awards import certificates, decree_annex, decree_pdf, integrity, scans, tasks
from awards.models import Award, Certificate, Decree, DecreeFile
from files import intake
from letters import numbering
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, an_issued_decree
from tests.factories.files import pdf_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def decree() -> Decree:
    """An issued decree of two awards whose certificates were made."""
    issued = an_issued_decree()
    for certificate in Certificate.objects.order_by("pk"):
        certificates.render(certificate.pk)
    yield issued
    shutil.rmtree(Path(settings.MEDIA_ROOT) / certificates.FOLDER, ignore_errors=True)


def only_problem() -> str:
    found = list(integrity.problems())
    assert len(found) == 1, found
    return found[0]


def first() -> Certificate:
    return Certificate.objects.order_by("number").first()


def test_all_is_well_after_issuing_and_before(decree):
    assert list(integrity.problems()) == []


def test_a_decree_that_is_only_drafted_has_nothing_to_check():
    a_drafted_decree()
    assert list(integrity.problems()) == []


def test_an_annex_that_is_not_the_one_that_was_signed_is_named(decree):
    annex = [{**row, "ikm_name": row["ikm_name"].upper()} for row in decree.annex]
    with pgtrigger.ignore("awards.Decree:issued_is_immutable"):
        Decree.objects.filter(pk=decree.pk).update(annex=annex)
    found = list(integrity.problems())
    assert found[0] == f"SK {decree.pk}: lampiran tidak sesuai dengan sidik jarinya"
    assert found[1:] == [
        f"SK {decree.pk}: penghargaan nomor urut {position} tidak sama dengan lampiran" for position in (1, 2)
    ]


def test_a_star_that_was_changed_behind_the_portal_is_named(decree):
    with pgtrigger.ignore("awards.Award:stands_as_decreed"):
        Award.objects.filter(decree=decree, position=2).update(star=3)
    assert only_problem() == f"SK {decree.pk}: penghargaan nomor urut 2 tidak sama dengan lampiran"


def test_totals_that_disagree_are_named(decree, monkeypatch):
    wrong = decree_annex.totals_of(decree.annex)
    broken = decree_annex.Totals(**{**wrong.__dict__, "by_province": {"Jawa Barat": 3}})
    monkeypatch.setattr(decree_annex, "totals_of", lambda annex: broken)
    assert only_problem() == f"SK {decree.pk}: Jumlah menurut provinsi 3, jumlah penghargaan 2."


def test_an_award_without_its_certificate_is_named(decree):
    gone = Certificate.objects.order_by("number").last()
    award = gone.award_id
    gone.delete()
    assert only_problem() == f"SK {decree.pk}: penghargaan {award} tidak mempunyai piagam"


def test_a_gap_in_the_numbers_is_named(decree):
    last = Certificate.objects.order_by("number").last()
    with pgtrigger.ignore("awards.Certificate:a_file_is_made_once"):
        Certificate.objects.filter(pk=last.pk).update(number="OVOP/2026/0003")
    assert only_problem() == f"SK {decree.pk}: nomor piagam tidak berurutan (hilang: [2])"


def test_a_file_that_is_gone_is_named(decree):
    certificates.file_of(first()).unlink()
    assert only_problem() == "piagam OVOP/2026/0001: berkas tidak dapat dibaca (FileNotFoundError)"


@pytest.mark.parametrize("change", [b" ", b""], ids=["longer", "same length"])
def test_a_file_that_was_changed_is_named(decree, change):
    path = certificates.file_of(first())
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(bytes(content) + change)
    assert only_problem() == "piagam OVOP/2026/0001: berkas tidak sesuai dengan catatannya"


def test_a_size_that_is_not_the_files_is_named(decree):
    Certificate.objects.filter(pk=first().pk).update(size=1)
    assert only_problem() == "piagam OVOP/2026/0001: berkas tidak sesuai dengan catatannya"


def test_what_a_killed_worker_left_is_named_once_nobody_can_be_writing_it(decree):
    left = certificates.file_of(first()).with_name(".1.pdf.4711")
    left.write_bytes(b"half a")
    assert list(integrity.problems()) == []
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(left, (two_days_ago, two_days_ago))
    assert only_problem() == "berkas yatim: piagam/2026/.1.pdf.4711 bukan berkas piagam mana pun"


def test_the_numbers_are_those_that_the_counter_gave(decree):
    assert numbering.last(numbering.CERTIFICATE, 2026) == Certificate.objects.count()


def test_the_command_names_what_it_found_and_ends_with_one(decree, capsys):
    certificates.file_of(first()).unlink()
    answer = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_integrity", json=True, stdout=answer)
    assert ended.value.code == 1
    told = json.loads(answer.getvalue())
    assert told["ok"] is False
    assert told["problems"]["awards"] == [
        "piagam OVOP/2026/0001: berkas tidak dapat dibaca (FileNotFoundError)"
    ]


def papers_of(decree: Decree) -> dict[str, DecreeFile]:
    tasks.make_decree_files(decree_id=decree.pk)
    return {paper.variant: paper for paper in decree.files.all()}


def test_a_paper_of_a_decree_that_was_altered_or_is_gone_is_named_and_its_reader_told(decree, client, caplog):
    papers = papers_of(decree)
    assert list(integrity.problems()) == []
    path = decree_pdf.file_of(papers["salinan"])
    path.write_bytes(path.read_bytes().replace(b"%PDF", b"%PDE", 1))
    assert only_problem() == f"salinan SK {decree.number}: berkas tidak sesuai dengan catatannya"
    path.unlink()
    assert only_problem() == f"salinan SK {decree.number}: berkas tidak dapat dibaca (FileNotFoundError)"
    client.force_login(a_secretary())
    answer = client.get(reverse("decree_paper", args=[decree.pk, "salinan"]))
    assert answer.status_code == 404
    assert "Berkas tidak ditemukan di penyimpanan" in answer.content.decode()
    (record,) = [one for one in caplog.records if one.name == "files.missing"]
    assert record.file == f"sk-{decree.pk}-salinan"


def test_a_signed_decree_that_came_in_and_is_no_longer_what_it_was_is_named():
    upload = ContentFile(pdf_bytes(), name="SK.pdf")
    scan = intake.accept(upload, by=a_secretary(), at=timezone.now())
    draft = scans.attach(a_drafted_decree(), scan, by=a_secretary(), at=timezone.now())
    decree = an_issued_decree(draft, rests_on="pindaian")
    assert list(integrity.problems()) == []
    scan.path.write_bytes(b"%PDF-1.7 other")
    assert (
        only_problem()
        == f"pindaian bertanda tangan SK {decree.number}: berkas tidak sesuai dengan catatannya"
    )


def test_a_file_beside_the_papers_of_decrees_is_named_a_day_later(decree):
    papers_of(decree)
    beside = Path(settings.MEDIA_ROOT) / decree_pdf.FOLDER / "2026" / ".1-asli.pdf.half"
    beside.write_bytes(b"half")
    assert list(integrity.problems()) == []
    yesterday = time.time() - 25 * 3600
    os.utime(beside, (yesterday, yesterday))
    assert only_problem() == "berkas yatim: keputusan/2026/.1-asli.pdf.half bukan berkas SK mana pun"
    beside.unlink()
