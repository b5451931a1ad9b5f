"""The papers of a clarification: the letter that asks, the evidence of the dinas, the minutes; each for whom it concerns."""

from datetime import timedelta

import pypdfium2
import pytest
from django.db import Error, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.roles import Role
from awards import clarifications, revocation
from awards.decrees import Refused
from awards.models import Award, Clarification, ClarificationEvidence
from files import intake
from letters import papers
from letters.models import Message
from tests.awards.test_revocation import ABOUT, REASON, asked, award, the_dinas
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_signatory
from tests.factories.files import an_upload, pdf_bytes, picture_bytes

__all__ = ["award"]
pytestmark = pytest.mark.django_db
ANSWER = "Bahan baku berganti sementara karena banjir."


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The words of the papers; nothing is laid out."""
    seen: list[str] = []
    monkeypatch.setattr(papers, "drawn", lambda words, **_: seen.append(words) or b"%PDF-1.7")
    return seen


def address(one: Clarification) -> str:
    return one.get_absolute_url()


def evidence_of(person, name: str = "nota.pdf"):
    return intake.accept(an_upload(pdf_bytes(), name), by=person, at=timezone.now())


def test_the_letter_says_what_was_heard_until_when_and_that_the_award_stands(award, client, drawn):
    one = asked(
        award, letter_number="B/12/IKMA/XI/2026", signatory_office="Direktur", signatory_name="Sri Rahayu"
    )
    client.force_login(the_dinas(award))
    assert f"{address(one)}surat.pdf" in client.get(address(one)).content.decode()
    answer = client.get(f"{address(one)}surat.pdf")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    (words,) = drawn
    for said in ("B/12/IKMA/XI/2026", "Hal", f"Permintaan Klarifikasi Penghargaan OVOP Tahun {award.decree.round_id}",
                 "kami menerima informasi bahwa:", ABOUT, "paling lambat",
                 "Sampai ada keputusan, penghargaan tetap berlaku.", "Sri Rahayu", "untuk disampaikan kepada"):  # fmt: skip
        assert said in words
    assert "None" not in words


def test_without_a_number_the_letter_leaves_room_for_it(award, client, drawn):
    client.force_login(a_secretary())
    client.get(f"{address(asked(award))}surat.pdf")
    assert 'Nomor</td><td class="colon">:</td><td>……' in drawn[0]


def test_the_dinas_sends_evidence_with_the_explanation_and_the_ministry_opens_it(award, client):
    one, dinas = asked(award), the_dinas(award)
    client.force_login(dinas)
    given = {"text": ANSWER, "evidence_1": an_upload(pdf_bytes(), "nota.pdf"),
             "evidence_2": an_upload(picture_bytes(), "foto.jpg")}  # fmt: skip
    assert client.post(address(one), given).url == address(one)
    kept = list(ClarificationEvidence.objects.select_related("file"))
    assert [item.file.original_name for item in kept] == ["nota.pdf", "foto.jpg"]
    for reader in (dinas, a_secretary(), a_person(Role.AUDITOR), a_signatory()):
        client.force_login(reader)
        page = client.get(address(one)).content.decode()
        assert "nota.pdf" in page
        assert b"".join(client.get(kept[0].file.get_absolute_url()).streaming_content).startswith(b"%PDF")
    for stranger in (a_person(Role.DINAS, around=a_regency(TASIKMALAYA)), a_person(Role.PENILAI)):
        client.force_login(stranger)
        assert client.get(kept[0].file.get_absolute_url()).status_code == 404
        for paper in ("", "surat.pdf", "berita-acara.pdf"):
            assert client.get(f"{address(one)}{paper}").status_code == 404


def test_a_file_that_is_none_is_refused_and_nothing_is_sent(award, client):
    one = asked(award)
    client.force_login(the_dinas(award))
    answer = client.post(address(one), {"text": ANSWER, "evidence_1": an_upload(b"MZ nothing", "nota.pdf")})
    assert answer.status_code == 200
    assert "tidak disimpan" in answer.content.decode()
    one.refresh_from_db()
    assert one.answered_at is None


def test_evidence_is_the_senders_own_at_most_three_and_stays(award):
    one, dinas = asked(award), the_dinas(award)
    with pytest.raises(Refused, match="not_your_file"):
        revocation.answer(one, ANSWER, evidence=[evidence_of(a_secretary())], by=dinas, at=timezone.now())
    files = [evidence_of(dinas, f"{n}.pdf") for n in range(4)]
    with pytest.raises(Refused, match="too_many_files"):
        revocation.answer(one, ANSWER, evidence=files, by=dinas, at=timezone.now())
    one.refresh_from_db()
    assert one.answered_at is None
    assert not ClarificationEvidence.objects.exists()
    revocation.answer(one, ANSWER, evidence=[files[0], files[0]], by=dinas, at=timezone.now())
    assert ClarificationEvidence.objects.count() == 1
    for spoil in (
        lambda: ClarificationEvidence.objects.update(at=timezone.now()),
        lambda: ClarificationEvidence.objects.all()._raw_delete("default"),
        lambda: files[0].delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            spoil()


def test_the_minutes_say_all_of_it_and_are_the_holders_once_it_has_ended(award, client, drawn):
    one, dinas = asked(award), the_dinas(award)
    client.force_login(a_secretary())
    assert client.get(f"{address(one)}berita-acara.pdf").status_code == 404
    sent = evidence_of(dinas)
    revocation.answer(one, ANSWER, evidence=[sent], by=dinas, at=timezone.now())
    client.force_login(dinas)
    assert client.get(f"{address(one)}berita-acara.pdf").status_code == 404
    client.force_login(a_secretary())
    assert client.get(f"{address(one)}berita-acara.pdf").status_code == 200
    assert "Belum diputus." in drawn[-1]
    revocation.let_stand(one, reason=REASON, by=a_secretary(), at=timezone.now())
    client.force_login(dinas)
    assert f"{address(one)}berita-acara.pdf" in client.get(address(one)).content.decode()
    assert client.get(f"{address(one)}berita-acara.pdf").status_code == 200
    for said in (ABOUT, ANSWER, REASON, "nota.pdf", sent.sha256[:32], "1 (satu) berkas", "Penghargaan tetap"):
        assert said in drawn[-1]


def test_who_did_not_answer_is_said_to_have_been_heard_in_vain(award, client, drawn):
    one = asked(award)
    Clarification.objects.update(due_at=timezone.now() - timedelta(days=1))
    client.force_login(a_secretary())
    assert client.get(f"{address(one)}berita-acara.pdf").status_code == 200
    assert "Penerima tidak menyampaikan penjelasan sampai batas waktu." in drawn[0]
    assert "Tidak ada berkas bukti." in drawn[0]


def test_of_an_award_from_the_archive_the_dinas_of_its_region_is_told(award):
    dinas = the_dinas(award)
    assert award.nomination is None
    asked(award)
    assert Message.objects.filter(kind="clarification_asked", person=dinas).count() == 1
    assert clarifications.office_of(Award.objects.get(pk=award.pk)) == dinas.offices(Role.DINAS)[0]


def test_both_papers_are_laid_out(award):
    one = asked(award)
    for template in ("clarification_letter", "clarification_minutes"):
        words = render_to_string(
            f"awards/pdf/{template}.html",
            {"asked": one, "award": award, "year": 2026, "is_example": True, "letterhead": ["KEMENTERIAN"], "office": None,
             "on": timezone.localdate(), "evidence": [], "ended_on": None},
        )  # fmt: skip
        text = pypdfium2.PdfDocument(papers.drawn(words))[0].get_textpage().get_text_range()
        assert "KEMENTERIAN" in text
        assert "DATA CONTOH" in text
