"""Publication: one instant before which nothing is public by any door, and what begins with it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Role
from assessment import plenary
from audit import history
from awards import certificates, decrees, publication
from awards.models import Award, Certificate, Decree
from letters.models import Message
from nominations.models import Nomination, State
from tests.factories.accounts import a_person
from tests.factories.assessment import a_chair, a_sealed_plenary, an_assessed_nomination, an_open_plenary
from tests.factories.awards import a_drafted_decree, a_sealed_session, a_signatory, an_issued_decree
from tests.factories.nominations import NominationFactory
from tests.pages import words_of

SHA256 = "a" * 64


def give_files(decree: Decree, *, but: int = 0) -> None:
    """The worker has made the certificates' files, all or all but some."""
    waiting = publication.certificates_of(decree).order_by("pk")
    for certificate in waiting[: waiting.count() - but]:
        Certificate.objects.filter(pk=certificate.pk).update(
            path=f"piagam/{certificate.pk}.pdf", sha256=SHA256, size=1, rendered_at=timezone.now()
        )


def ready(*products: tuple[str, str, int]) -> Decree:
    """An issued decree whose certificates are all there."""
    decree = an_issued_decree(a_drafted_decree(a_sealed_session(*products)))
    give_files(decree)
    return decree


def publish(decree: Decree, **changes: Any) -> Decree:
    return publication.publish(decree, **{"by": a_signatory(), "at": timezone.now(), **changes})


def refusal(*args: Any, **changes: Any) -> decrees.Refused:
    with pytest.raises(decrees.Refused) as refused:
        publish(*args, **changes)
    assert refused.value.for_reader.endswith(".")
    return refused.value


def assert_nothing_was_published() -> None:
    assert not Decree.objects.filter(published_at__isnull=False).exists()
    assert not Nomination.objects.filter(state__in=[State.AWARDED, State.NOT_AWARDED]).exists()
    assert not Message.objects.filter(kind="result_published").exists()


# --- What stands in the way --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_nobody_but_the_signatory_publishes():
    decree = ready()
    for role in set(Role) - {Role.PENETAP}:
        assert refusal(decree, by=a_person(role)).code == "not_yours", role
    assert_nothing_was_published()
    assert publish(decree).published_at


@pytest.mark.django_db
def test_a_draft_is_not_published():
    assert refusal(a_drafted_decree()).code == "not_issued"
    assert_nothing_was_published()


@pytest.mark.django_db
@pytest.mark.parametrize("missing", [1, 2])
def test_while_a_certificate_is_missing_nothing_is_published_and_the_number_is_said(missing):
    decree = an_issued_decree()
    give_files(decree, but=missing)
    refused = refusal(decree)
    assert refused.code == "certificates_missing"
    assert refused.for_reader.startswith(f"{missing} piagam")
    assert_nothing_was_published()
    give_files(decree)
    assert publish(decree).published_at


@pytest.mark.django_db
def test_the_second_press_changes_nothing():
    decree, at = ready(), timezone.now()
    publish(decree, at=at)
    assert refusal(decree).code == "already_published"
    assert Decree.objects.get().published_at == at
    assert Message.objects.filter(kind="result_published").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once():
    with transaction.atomic():
        decree, signatory = ready(), a_signatory()

    def press(_: int) -> str:
        try:
            publish(decree, by=Person.objects.get(pk=signatory.pk))
        except decrees.Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(press, range(3)))
    assert answers == ["already_published", "already_published", "published"]
    assert Message.objects.filter(kind="result_published").count() == 2
    assert history.of(decree).filter(action="publish_decree").count() == 1


@pytest.mark.django_db
def test_what_was_published_stays_published():
    decree = publish(ready())
    for change in ({"published_at": None}, {"published_at": timezone.now()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Decree.objects.filter(pk=decree.pk).update(**change)


# --- What begins with it -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_nominations_become_awarded_or_not_awarded_and_both_read_the_same_message():
    decree = ready(("UD Mawar", "anyaman", 4), ("UD Belum", "anyaman", 0))
    publish(decree)
    states = dict(Nomination.objects.values_list("product__ikm__name", "state"))
    assert states == {"UD Mawar": State.AWARDED, "UD Belum": State.NOT_AWARDED}
    bodies = {
        message.body_text.replace(number, "NOMOR").split("http")[0]
        for message in Message.objects.filter(kind="result_published")
        for number in Nomination.objects.values_list("number", flat=True)
        if number in message.body_text
    }
    assert len(bodies) == 1, bodies
    assert "UD " not in bodies.pop()
    assert history.of(decree).last().action == "publish_decree"


@pytest.mark.django_db
def test_nominations_that_an_earlier_session_of_the_round_decided_are_settled_too():
    for name in ("UD Mawar", "UD Melati"):
        an_assessed_nomination(product__ikm__name=name)
    corrected = Nomination.objects.get(product__ikm__name="UD Melati")
    a_sealed_plenary(corrected.round)
    later, now = an_open_plenary(corrected.round), timezone.now()
    reason = "Koreksi: hasil pemeriksaan ulang menunjukkan mutu yang berbeda."
    plenary.record_decision(later, corrected, star=0, reason=reason, by=a_chair(), at=now)
    later = plenary.seal(later, minutes_number="BA/13/IKMA/V/2026", by=a_chair(), at=now)
    decree = an_issued_decree(a_drafted_decree(later))
    give_files(decree)
    publish(decree)
    states = dict(Nomination.objects.values_list("product__ikm__name", "state"))
    assert states == {"UD Mawar": State.AWARDED, "UD Melati": State.NOT_AWARDED}


@pytest.mark.django_db
def test_a_nomination_that_is_still_being_assessed_is_left_where_it_is():
    decree = ready()
    other = NominationFactory(round=decree.round, in_state="eligible")
    publish(decree)
    other.refresh_from_db()
    assert other.state == State.ELIGIBLE


# --- Nothing before the instant ----------------------------------------------------------------------------------
Door = Callable[[Any, Award], bytes]


def content_of(client: Any, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code in (200, 404), f"{address}: {answer.status_code}"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


DOORS: dict[str, Door] = {
    "home": lambda client, award: content_of(client, "/"),
    "catalogue": lambda client, award: content_of(client, "/katalog/"),
    "search": lambda client, award: content_of(client, "/katalog/?q=rahasia"),
    "facet": lambda client, award: content_of(client, "/katalog/?provinsi=32&komoditas=anyaman"),
    "product": lambda client, award: content_of(client, award.get_absolute_url()),
    "results": lambda client, award: content_of(client, f"/hasil/{award.decree.round_id}/"),
    "all results": lambda client, award: content_of(client, "/hasil/"),
    "api list": lambda client, award: content_of(client, "/api/v1/awards"),
    "api item": lambda client, award: content_of(client, f"/api/v1/awards/{award.slug}"),
    "verification": lambda client, award: content_of(client, f"/verifikasi/{award.certificates.get().code}/"),
    "data": lambda client, award: content_of(client, "/data/penghargaan.csv"),
    "map": lambda client, award: content_of(client, "/data/penghargaan.geojson"),
    "rounds": lambda client, award: content_of(client, "/api/v1/rounds"),
    "statistics": lambda client, award: content_of(client, "/statistik/periode.csv"),
    "feed": lambda client, award: content_of(client, "/hasil/umpan.atom"),
    "sitemap": lambda client, award: content_of(client, "/sitemap.xml"),
}
# What would betray the result: the producer, the certificate's number, the decree's own.
SECRETS = (b"UD Sangat Rahasia", b"OVOP/2026/0001", b"1214 TAHUN 2026", b"1214 Tahun 2026")
BETRAYS = {
    "all results": (*SECRETS, b"/hasil/2026/"),  # it lists rounds, not awards
    "statistics": (*SECRETS, b"2026,2026"),
    "sitemap": (*SECRETS, b"ud-sangat-rahasia", b"/hasil/2026/"),
}


@pytest.fixture
def secret(db: None) -> Award:
    """The award of an issued decree with its certificates, one press from publication."""
    return Award.objects.get(decree=ready(("UD Sangat Rahasia", "anyaman", 5)))


def betrayed_by(client: Any, award: Award) -> dict[str, list[bytes]]:
    """What each door says of the secret; doors that say nothing are left out."""
    found = {}
    for name, door in DOORS.items():
        said = door(client, award)
        found[name] = [word for word in BETRAYS.get(name, SECRETS) if word in said]
    return {name: words for name, words in found.items() if words}


def test_before_the_instant_no_door_says_anything_and_after_it_each_does(secret, client):
    assert betrayed_by(client, secret) == {}
    publish(secret.decree)
    assert set(betrayed_by(client, secret)) == set(DOORS)


def test_an_instant_that_is_still_to_come_is_kept(secret, client):
    Decree.objects.filter(pk=secret.decree_id).update(published_at=timezone.now() + timedelta(hours=1))
    assert betrayed_by(client, secret) == {}


def test_the_file_is_nobodys_before_publication_but_the_ministrys_and_then_the_regions_too(secret, client):
    certificate = secret.certificates.get()
    path = certificates.file_of(certificate)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-")
    address = f"/penghargaan/piagam/{certificate.pk}/"
    assert client.get(address).status_code == 302  # to the sign-in
    people = {
        role: a_person(role, around=secret.nomination)
        for role in (Role.DINAS, Role.PROVINSI, Role.PENILAI, Role.SEKRETARIAT)
    }

    def may_fetch() -> set[Role]:
        found = set()
        for role, person in people.items():
            client.force_login(person)
            answer = client.get(address)
            assert answer.status_code in (200, 404)
            if answer.status_code == 200:
                assert b"".join(answer.streaming_content) == b"%PDF-"
                found.add(role)
        return found

    assert may_fetch() == {Role.SEKRETARIAT}
    publish(secret.decree)
    assert may_fetch() == {Role.SEKRETARIAT, Role.DINAS, Role.PROVINSI}
    path.unlink()
    client.force_login(people[Role.DINAS])
    answer = client.get(address)
    assert answer.status_code == 404
    assert f"piagam-{certificate.pk}" in words_of(answer)


def test_the_dinas_learns_nothing_from_its_own_pages_before_publication(secret, client):
    client.force_login(a_person(Role.DINAS, around=secret.nomination))
    for address in ("/beranda/", "/usulan/", secret.nomination.get_absolute_url()):
        said = content_of(client, address)
        assert b"OVOP/2026/0001" not in said, address
        assert b"1214 TAHUN 2026" not in said, address


def test_every_public_address_that_lists_awards_is_among_the_doors():
    """A second sitemap or feed that comes later has to be asked here too."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if "sitemap" in name or "feed" in name} <= set(DOORS)
