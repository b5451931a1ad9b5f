"""A certificate issued again: another name or the same, never another star; the old code leads to the new number."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from awards import certificate_layout, certificates, decrees, reissue, verification
from awards.models import Award, Certificate
from awards.verification import Verdict
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import AwardFactory, a_certificate

pytestmark = pytest.mark.django_db
REASON = "Nama pada akta berbeda satu huruf."


@pytest.fixture
def award() -> Award:
    award = AwardFactory(product__name="Dodol cokelat", star=4)
    made(a_certificate(award))
    return award


def made(certificate: Certificate) -> Certificate:
    Certificate.objects.filter(pk=certificate.pk).update(
        path="piagam/x.pdf", sha256="a" * 64, size=1, rendered_at=timezone.now()
    )
    return certificate


def again(award: Award, **changes) -> Certificate:
    given = {
        "cause": "salah_eja", "name": "PT Tama Coklat Indonesia", "reason": REASON, "by": a_secretary(),
        "at": timezone.now(),
    }  # fmt: skip
    return reissue.reissue(award, **{**given, **changes})


def refused(award: Award, **changes) -> str:
    with pytest.raises(decrees.Refused) as refusal:
        again(award, **changes)
    assert refusal.value.for_reader.endswith(".")
    return refusal.value.code


def test_the_old_code_leads_to_the_new_number_and_the_star_stays(award, client):
    old = award.certificates.get()
    new = again(award)
    assert new.number == f"{old.number}/P1"
    assert (new.printed_star, new.printed_name) == (4, "PT Tama Coklat Indonesia")
    answer = verification.look_up(old.code, at=timezone.now())
    assert (answer.verdict, answer.current) == (Verdict.REPLACED, new)
    assert new.number in client.get(f"/verifikasi/{old.code}/").content.decode()
    page = client.get(f"/verifikasi/{new.code}/").content.decode()
    assert "PT Tama Coklat Indonesia" in page
    assert "Bintang 4 dari 5" in page
    award.refresh_from_db()
    assert award.ikm_name == "PT Tama Cokelat Indonesia"


def test_the_new_paper_prints_the_name_and_says_which_it_replaces(award):
    old = award.certificates.get()
    facts = certificates.facts(again(award))
    assert facts.ikm_name == "PT Tama Coklat Indonesia"
    assert f"menggantikan Nomor {old.number}" in certificate_layout._foot(facts)
    assert facts.record["replaces"] == old.number
    assert "replaces" not in certificates.facts(old).record


def test_a_loss_keeps_the_name_and_a_second_one_is_p2(award):
    first = made(again(award))
    second = again(award, cause="hilang", name="")
    assert second.number == reissue.next_number(first.number)
    assert second.number.endswith("/P2")
    assert second.printed_name == first.printed_name


def test_what_stands_in_the_way(award):
    assert refused(award, name="PT Tama Cokelat Indonesia") == "name_unchanged"
    assert refused(award, reason="x") == "reason_missing"
    assert refused(award, cause="bintang") == "cause_missing"
    for role in set(Role) - {Role.SEKRETARIAT}:
        assert refused(award, by=a_person(role)) == "not_yours", role
    again(award)
    assert refused(award, name="Lain Lagi") == "no_paper"
    hidden = AwardFactory(decree__published=False)
    assert refused(hidden) == "not_published"
    gone = AwardFactory(revoked_at=timezone.now(), revocation_decree="SK", revocation_reason="Sebab")
    assert refused(gone) == "revoked"


def test_the_page_of_the_secretariat(award, client):
    client.force_login(a_secretary())
    address = f"/penghargaan/penerima/{award.pk}/terbit-ulang/"
    assert client.get(address).status_code == 200
    sent = {"cause": "salah_eja", "name": "PT Tama Coklat Indonesia", "reason": REASON}
    assert client.post(address, sent).status_code == 302
    page = client.get(f"/penghargaan/penerima/{award.pk}/").content.decode()
    assert "/P1" in page
    assert "Nama salah eja" in page
    client.force_login(a_person(Role.PENETAP))
    assert client.get(address).status_code == 403


def test_what_cannot_be_printed_or_signed_replaces_nothing(award, settings, tmp_path):
    assert refused(award, name="Tenun 織物") == "unprintable"
    settings.SIGNER, settings.SIGNING_DIR = "local", tmp_path
    assert refused(award) == "no_key"
    assert award.certificates.get().replaced_at is None
