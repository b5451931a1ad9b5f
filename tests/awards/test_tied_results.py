"""A published result whose value holds a sheet found tied after the seal: the ways on, and where they end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from assessment import agenda, found_late, interests
from awards import decrees, publication, revocation
from awards.models import Award
from nominations.models import Nomination
from tests.awards.test_changing_decree import give_files
from tests.factories.accounts import a_person
from tests.factories.assessment import a_sealed_plenary, a_secretary, an_assessed_nomination
from tests.factories.awards import a_signatory
from tests.factories.nominations import RoundFactory
from tests.factories.objections import an_objection
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@made_once
def award():
    """Published, with an interest of one of its assessors that was recorded since."""
    nomination = an_assessed_nomination(round=RoundFactory(year=2026))
    now = timezone.now()
    draft = decrees.draft(a_sealed_plenary(nomination.round), by=a_secretary(), at=now)
    issued = decrees.issue(
        draft, number="1214 TAHUN 2026", on=timezone.localdate(), signatory_name="AGUS GUMIWANG", by=a_signatory(), at=now
    )  # fmt: skip
    give_files(issued)
    publication.publish(issued, by=a_signatory(), at=now)
    one = nomination.assessment.assignments.order_by("pk").first()
    interests.record(
        one.assessor, "family", ikm=nomination.product.ikm, regency=None, by=a_secretary(), at=timezone.now()
    )
    return Award.objects.get()


def page(award, role):
    client = Client()
    client.force_login(a_person(role))
    return client.get(reverse("panel", args=[award.nomination_id]))


def test_the_secretariat_reads_each_way_with_its_page(award):
    answer = page(award, Role.SEKRETARIAT)
    words = words_of(answer)
    assert f"Sanggah. {award.nomination.office} dapat mengajukannya sampai" in words
    assert "Sidang pleno baru. Sekretariat memanggilnya sebagai penilaian ulang" in words
    assert "Klarifikasi dan pencabutan. Sekretariat meminta penjelasan penerima lebih dahulu" in words
    html = answer.content.decode()
    assert f'href="/pleno/panggil/{award.decree.round_id}/"' in html
    assert f'href="/penghargaan/penerima/{award.pk}/klarifikasi/"' in html


def test_the_auditor_reads_the_same_and_acts_nowhere(award):
    answer = page(award, Role.AUDITOR)
    assert "Sidang pleno baru. Sekretariat memanggilnya" in words_of(answer)
    assert "/pleno/panggil/" not in answer.content.decode()
    assert f'/penghargaan/penerima/{award.pk}/klarifikasi/"' not in answer.content.decode()
    assert f'href="/penghargaan/penerima/{award.pk}/"' in answer.content.decode()


def test_what_is_under_way_is_said_instead(award):
    an_objection(award.nomination, stage="hasil", at=timezone.now())
    revocation.ask(
        award, about="Penilai ternyata kerabat pemilik IKM ini.", by=a_secretary(), at=timezone.now()
    )
    agenda.call_session(
        award.decree.round, objected=[], reassessed=[award.nomination], reason="Penilai berkepentingan.",
        by=a_secretary(), at=timezone.now(),
    )  # fmt: skip
    words = words_of(page(award, Role.SEKRETARIAT))
    assert "Sanggah. Sudah diajukan" in words
    assert "menunggu jawaban." in words
    assert "Sidang pleno baru. Sudah dipanggil dan menunggu dibuka Ketua." in words
    assert "Penjelasan penerima sudah diminta. Buka klarifikasi" in words


def test_a_window_that_is_over_says_when_it_ended(award):
    later = timezone.now() + timedelta(days=60)
    ways = found_late.ways(Nomination.objects.get(pk=award.nomination_id), a_person(Role.AUDITOR), at=later)
    assert ways[0].text.startswith("Waktunya berakhir")


def test_a_revoked_award_ends_the_matter(award):
    assert found_late.sheets().exists()
    Award.objects.filter(pk=award.pk).update(
        revoked_at=timezone.now(), revocation_decree="SK 9", revocation_reason="Penilaian tidak sah"
    )
    assert not found_late.sheets().exists()
