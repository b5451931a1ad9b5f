"""A round taken over from the archive gets certificates by a decision of the signatory of its own, and never without."""

from datetime import date, timedelta

import pytest
from django.db import Error, transaction
from django.utils import timezone

from accounts.roles import Role
from audit import history
from awards import (
    certificate_drawing,
    certificates,
    decree_pdf,
    designing,
    designs,
    integrity,
    late_certificates,
    taking_over,
    tasks,
)
from awards.decrees import Refused
from awards.models import Award, Certificate, Decree, LateCertificates
from tests.awards.test_taking_over import ONE, TWO, places, taken
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_signatory, an_issued_decree

__all__ = ["places"]
pytestmark = pytest.mark.django_db
REASON = "Penerima memerlukan piagam untuk ekspor; arsip SK sudah diperiksa."
GIVEN = {
    "rests_on": "Keputusan Menteri Perindustrian Nomor 5 Tahun 2026", "on": date(2026, 2, 3), "place": "Jakarta",
    "signatory_office": "Direktur Jenderal Industri Kecil, Menengah, dan Aneka", "signatory_name": "NAMA PEJABAT DUA",
    "reason": REASON,
}  # fmt: skip


@pytest.fixture
def decree() -> Decree:
    return taken(ONE, TWO, by=a_secretary()).decree


def decide(decree: Decree, **changes) -> LateCertificates:
    return late_certificates.decide(decree, **{**GIVEN, "by": a_signatory(), "at": timezone.now(), **changes})


def address(decree: Decree) -> str:
    return f"/penghargaan/{decree.pk}/piagam/terbitkan/"


def test_the_signatory_decides_on_a_page_and_every_award_gets_one_numbered_in_the_order_of_the_annex(
    decree, client
):
    client.force_login(a_signatory())
    assert address(decree) in client.get(decree.get_absolute_url()).content.decode()
    page = client.get(address(decree)).content.decode()
    assert "Terbitkan 2 piagam" in page
    assert not Certificate.objects.exists()
    assert client.post(address(decree), {**GIVEN, "on": "2026-02-03"}).url == decree.get_absolute_url()
    papers = Certificate.objects.order_by("award__position")
    assert [paper.number for paper in papers] == ["OVOP/2018/0001", "OVOP/2018/0002"]
    page = client.get(decree.get_absolute_url()).content.decode()
    assert "Diterbitkan dengan keputusan tersendiri" in page
    assert REASON in page
    assert address(decree) not in page
    assert [entry.action for entry in history.of(decree)][-1] == "issue_late_certificates"
    assert history.of(decree).last().details["certificates"] == 2


def test_the_paper_names_the_old_decree_and_who_signs_now(decree):
    decide(decree)
    said = certificates.facts(Certificate.objects.get(award__position=1))
    assert (said.decree_number, said.decree_date) == ("1214 TAHUN 2018", date(2018, 12, 5))
    assert (said.issued_date, said.issued_place) == (date(2026, 2, 3), "Jakarta")
    assert said.signatory_name == "NAMA PEJABAT DUA"
    assert said.signatory_office.startswith("Direktur Jenderal")
    assert taking_over.FROM_THE_ARCHIVE not in repr(said)


def test_the_verification_page_names_who_signed_as_the_paper_does(decree, client):
    decide(decree)
    page = client.get(f"/verifikasi/{Certificate.objects.first().code}/").content.decode()
    assert "NAMA PEJABAT DUA" in page
    assert taking_over.FROM_THE_ARCHIVE not in page


def test_the_worker_makes_them_and_everything_is_whole(decree):
    decide(decree)
    for paper in Certificate.objects.all():
        tasks.render_certificate(certificate_id=paper.pk)
    assert not Certificate.objects.filter(rendered_at=None).exists()
    assert list(integrity.problems()) == []


def test_what_was_revoked_gets_none(decree):
    award = decree.awards.get(position=1)
    award.revoked_at, award.revocation_decree, award.revocation_reason = (
        timezone.now(),
        "Keputusan 1",
        "Alasan",
    )
    award.save()
    decide(decree)
    assert [paper.award.position for paper in Certificate.objects.all()] == [2]
    assert list(integrity.problems()) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rests_on": " "}, "incomplete"),
        ({"signatory_name": ""}, "incomplete"),
        ({"place": ""}, "incomplete"),
        ({"reason": "Perlu saja."}, "reason_short"),
        ({"reason": f"{REASON} NIK 3201999999999999"}, "personal_number"),
        ({"on": date(2018, 12, 4)}, "date_before_decree"),
        ({"on": date(2126, 1, 1)}, "date_in_future"),
        ({"signatory_name": "松"}, "unprintable"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_numbered(decree, changes, code):
    with pytest.raises(Refused, match=code):
        decide(decree, **changes)
    assert not Certificate.objects.exists()
    assert not LateCertificates.objects.exists()


def test_a_name_that_cannot_be_printed_is_named_before_anything_is_numbered():
    decree = taken(ONE, (*TWO[:2], "Tenun \u677e", *TWO[3:])).decree
    with pytest.raises(Refused) as refused:
        decide(decree)
    assert "1 piagam tidak dapat dicetak" in refused.value.for_reader
    assert "Nomor urut 1, Tenun \u677e" in refused.value.for_reader
    assert not Certificate.objects.exists()


def test_it_is_decided_once_and_stays(decree, client):
    decide(decree)
    with pytest.raises(Refused, match="decided_already"):
        decide(decree)
    client.force_login(a_signatory())
    assert client.get(address(decree)).url == decree.get_absolute_url()
    assert client.post(address(decree), {**GIVEN, "on": "2026-02-03"}).url == decree.get_absolute_url()
    assert Certificate.objects.count() == 2
    for spoil in (
        lambda: LateCertificates.objects.update(reason="Lain"),
        lambda: LateCertificates.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(Error), transaction.atomic():
            spoil()


def test_nobody_else_decides_and_no_other_decree_is_touched(decree, client):
    for role in (Role.SEKRETARIAT, Role.AUDITOR, Role.DINAS):
        person = a_person(role)
        client.force_login(person)
        assert client.get(address(decree)).status_code == 403
        assert client.post(address(decree), GIVEN).status_code == 403
        with pytest.raises(Refused, match="not_yours"):
            decide(decree, by=person)
    own = an_issued_decree(a_drafted_decree())
    with pytest.raises(Refused, match="not_taken_over"):
        decide(own)
    client.force_login(a_signatory())
    assert client.get(address(own)).url == own.get_absolute_url()
    assert not Certificate.objects.filter(award__decree=decree).exists()
    assert not Award.objects.filter(decree=decree).exclude(certificates=None).exists()


def test_a_preview_shows_it_before_it_is_decided(decree, client, monkeypatch):
    seen = []
    monkeypatch.setattr(certificate_drawing, "drawn", lambda facts: seen.append(facts) or b"%PDF-1.7")
    client.force_login(a_signatory())
    assert client.get(f"/penghargaan/{decree.pk}/pratinjau/").status_code == 200
    assert seen[0].is_preview
    assert taking_over.FROM_THE_ARCHIVE not in repr(seen[0])


def test_a_preview_asks_as_little_for_many_papers_as_for_one(decree, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(certificate_drawing, "drawn", lambda facts: b"%PDF-1.7")
    decree = Decree.objects.select_related("round").get(pk=decree.pk)
    whole = decree.annex
    for rows in (1, 2):
        decree.annex = whole[:rows]
        # The groups of its rows, and the design of its round.
        with django_assert_num_queries(2):
            designing.preview(decree, designs.Look(), at=timezone.now())


def test_the_sweeper_makes_no_decree_of_ours_for_one_from_the_archive(decree):
    later = timezone.now() + timedelta(days=1)
    assert Decree.objects.get().issued_by is not None
    assert decree_pdf.unmade(at=later) == []
