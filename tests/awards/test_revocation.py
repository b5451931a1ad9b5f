"""Revoking an award: the holder is heard, the decree is issued and published, and only then the code says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from awards import decrees, publication, revocation, verification
from awards.decrees import Refused
from awards.models import Award, Clarification, Decree
from awards.verification import Verdict
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.assessment import a_secretary
from tests.factories.awards import AwardFactory, a_certificate, a_signatory

pytestmark = pytest.mark.django_db
ABOUT = "Produk yang dijual memakai bahan baku selain yang dinyatakan."
REASON = "Hasil pemeriksaan menunjukkan produk tidak lagi dibuat di sentra."


@pytest.fixture
def award() -> Award:
    award = AwardFactory(product__name="Dodol cokelat")
    a_certificate(award)
    return award


def the_dinas(award: Award):
    return a_person(Role.DINAS, around=award.regency)


def asked(award: Award, **changes) -> Clarification:
    return revocation.ask(award, **{"about": ABOUT, "by": a_secretary(), "at": timezone.now(), **changes})


def answered(one: Clarification) -> Clarification:
    return revocation.answer(
        one, "Bahan baku berganti sementara.", by=the_dinas(one.award), at=timezone.now()
    )


def drafted(one: Clarification, **changes) -> Decree:
    return revocation.draft(one, **{"reason": REASON, "by": a_secretary(), "at": timezone.now(), **changes})


def issued(decree: Decree) -> Decree:
    return decrees.issue(
        decree, number="77 TAHUN 2026", on=timezone.localdate(), signatory_name="AGUS GUMIWANG", by=a_signatory(),
        at=timezone.now(),
    )  # fmt: skip


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(decrees.Refused) as refusal:
        act(*args, **kwargs)
    assert refusal.value.for_reader.endswith(".")
    return refusal.value.code


def test_until_the_decree_is_published_the_award_stands_and_from_then_on_the_code_says_why(award, client):
    code = award.certificates.get().code
    decree = issued(drafted(answered(asked(award))))
    assert verification.look_up(code, at=timezone.now()).verdict is Verdict.VALID
    assert "dicabut" not in client.get(award.get_absolute_url()).content.decode()
    publication.publish(decree, by=a_signatory(), at=timezone.now())
    assert verification.look_up(code, at=timezone.now()).verdict is Verdict.REVOKED
    page = client.get(f"/verifikasi/{code}/").content.decode()
    assert "Keputusan Nomor 77 TAHUN 2026" in page
    assert REASON in page
    kept = client.get(award.get_absolute_url())
    assert kept.status_code == 200
    assert "Penetapan ini dicabut" in kept.content.decode()


def test_the_holder_is_heard_or_the_window_has_passed(award):
    one = asked(award)
    assert refused(drafted, one) == "not_heard"
    assert (
        refused(revocation.let_stand, one, reason=REASON, by=a_secretary(), at=timezone.now()) == "not_heard"
    )
    late = one.due_at + timedelta(minutes=2)
    assert (
        refused(revocation.answer, one, "Terlambat menjelaskan.", by=the_dinas(award), at=late) == "too_late"
    )
    assert drafted(one, at=late).kind == Decree.Kind.REVOKING


def test_it_may_end_with_the_award_as_it_was_and_be_asked_anew(award):
    one = answered(asked(award))
    revocation.let_stand(one, reason=REASON, by=a_secretary(), at=timezone.now())
    assert refused(drafted, one) == "ended_already"
    assert asked(award).pk != one.pk


def test_one_request_at_a_time_and_one_answer(award):
    one = asked(award)
    assert refused(asked, award) == "asked_already"
    answered(one)
    assert (
        refused(revocation.answer, one, "Sekali lagi saja.", by=the_dinas(award), at=timezone.now())
        == "answered_already"
    )


def test_who_may_do_what(award):
    for role in set(Role) - {Role.SEKRETARIAT}:
        assert refused(asked, award, by=a_person(role)) == "not_yours", role
    one = asked(award)
    elsewhere = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    assert (
        refused(revocation.answer, one, "Penjelasan orang lain.", by=elsewhere, at=timezone.now())
        == "not_yours"
    )
    assert refused(asked, award, about=f"{ABOUT} 3205 0101 0101 0001") == "personal_number"


def test_what_is_not_published_is_not_asked_about():
    hidden = AwardFactory(decree__published=False)
    assert refused(asked, hidden) == "not_published"


def test_an_award_taken_over_without_plenary_and_certificates_can_be_revoked():
    award = AwardFactory()
    decree = issued(drafted(answered(asked(award))))
    publication.publish(decree, by=a_signatory(), at=timezone.now())
    award.refresh_from_db()
    assert award.revoked_at is not None


def test_the_pages_of_the_secretariat_and_the_dinas(award, client):
    client.force_login(a_secretary())
    kept = f"/penghargaan/penerima/{award.pk}/"
    assert "Minta klarifikasi" in client.get(kept).content.decode()
    assert client.post(f"{kept}klarifikasi/", {"about": ABOUT, "days": 5}).status_code == 302
    one = Clarification.objects.get()
    address = one.get_absolute_url()
    assert "setelah penerima menjawab" in client.get(address).content.decode()
    client.force_login(the_dinas(award))
    assert ABOUT in client.get(address).content.decode()
    assert client.post(address, {"text": "Bahan baku berganti sementara."}).status_code == 302
    assert client.get(kept).status_code == 403
    client.force_login(a_person(Role.PENILAI))
    assert client.get(address).status_code == 404
    client.force_login(a_secretary())
    answer = client.post(address, {"outcome": "dicabut", "reason": REASON})
    decree = Decree.objects.get(kind="pencabutan")
    assert answer["Location"] == decree.get_absolute_url()
    page = client.get(decree.get_absolute_url()).content.decode()
    assert "Rancangan SK pencabutan" in page
    assert REASON in page
    client.force_login(a_signatory())
    issued(decree)
    assert "Umumkan hasil" in client.get(decree.get_absolute_url()).content.decode()


def test_a_revoking_decree_that_nobody_could_sign_is_not_issued(award, settings, tmp_path):
    decree = drafted(answered(asked(award)))
    settings.SIGNER, settings.SIGNING_DIR = "local", tmp_path
    with pytest.raises(Refused, match="no_key"):
        issued(decree)
    decree.refresh_from_db()
    assert (decree.issued_at, decree.number) == (None, "")
