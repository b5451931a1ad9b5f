"""The decree: drafted from sealed sessions, issued once with number and date, and everything that stands in the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Role
from assessment import plenary
from audit import history
from awards import codes, decree_annex, decrees, tasks
from awards.models import Award, Certificate, Decree
from nominations.models import Ikm, Nomination
from tests.factories.accounts import a_person
from tests.factories.assessment import a_chair, a_sealed_plenary, an_assessed_nomination, an_open_plenary
from tests.factories.awards import a_drafted_decree as drafted
from tests.factories.awards import a_sealed_session as sealed
from tests.factories.awards import a_signatory
from tests.factories.awards import an_issued_decree as issued

NUMBER = "1214 TAHUN 2026"


def assert_nothing_was_issued() -> None:
    assert not Decree.objects.filter(issued_at__isnull=False).exists()
    assert not Award.objects.exists()
    assert not Certificate.objects.exists()


def refusal(act, *args: object, **kwargs: object) -> decrees.Refused:
    with pytest.raises(decrees.Refused) as refused:
        act(*args, **kwargs)
    assert refused.value.for_reader.endswith(".")
    return refused.value


# --- Drafting --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_annex_is_sorted_by_commodity_then_stars_then_name_without_the_form_of_business():
    decree = drafted(
        sealed(
            ("PT Zaitun", "anyaman", 5),
            ("Bunga", "anyaman", 4),
            ("UD Aren", "anyaman", 5),
            ("CV Coklat", "kain_batik", 3),
        )
    )
    assert [(row["position"], row["group"], row["star"], row["ikm_name"]) for row in decree.annex] == [
        (1, "kain_batik", 3, "CV Coklat"),
        (2, "anyaman", 5, "UD Aren"),
        (3, "anyaman", 5, "PT Zaitun"),
        (4, "anyaman", 4, "Bunga"),
    ]
    assert decree.annex_sha256 == decree_annex.sha256_of(decree.annex)


@pytest.mark.django_db
def test_a_session_held_with_panels_and_scores_gives_the_same():
    an_assessed_nomination(product__ikm__name="UD Mawar")
    nomination = Nomination.objects.get()
    decree = drafted(a_sealed_plenary(nomination.round))
    assert [(row["nomination"], row["star"]) for row in decree.annex] == [(nomination.pk, 5)]


@pytest.mark.django_db
def test_who_got_no_star_is_not_in_the_annex():
    decree = drafted(sealed(("UD Mawar", "anyaman", 5), ("UD Belum", "anyaman", 0)))
    assert [row["ikm_name"] for row in decree.annex] == ["UD Mawar"]


@pytest.mark.django_db
def test_a_later_session_corrects_one_decision_and_the_others_stay():
    for name in ("UD Mawar", "UD Melati"):
        an_assessed_nomination(product__ikm__name=name)
    session = a_sealed_plenary(Nomination.objects.first().round)
    corrected = Nomination.objects.get(product__ikm__name="UD Melati")
    later, now = an_open_plenary(session.round), timezone.now()
    reason = "Koreksi: hasil pemeriksaan ulang menunjukkan mutu yang berbeda."
    plenary.record_decision(later, corrected, star=4, reason=reason, by=a_chair(), at=now)
    later = plenary.seal(later, minutes_number="BA/13/IKMA/V/2026", by=a_chair(), at=now)
    decree = drafted(later)
    assert {row["ikm_name"]: row["star"] for row in decree.annex} == {"UD Mawar": 5, "UD Melati": 4}
    assert refusal(issued, drafted(session), on=timezone.localdate(now) - timedelta(days=2)).code == (
        "date_before_minutes"
    )


@pytest.mark.django_db
def test_drafting_anew_replaces_the_annex_as_long_as_nothing_is_issued():
    first = drafted()
    Ikm.objects.filter(name="UD Mawar").update(name="UD Mawar Jaya")
    second = drafted(first.plenary)
    assert second.pk == first.pk
    assert "UD Mawar Jaya" in {row["ikm_name"] for row in second.annex}
    assert second.annex_sha256 == decree_annex.sha256_of(second.annex) != first.annex_sha256


@pytest.mark.django_db
def test_nobody_but_the_secretariat_drafts():
    session = sealed()
    for role in set(Role) - {Role.SEKRETARIAT}:
        refused = refusal(decrees.draft, session, by=a_person(role), at=timezone.now())
        assert refused.code == "not_yours", role
    assert not Decree.objects.exists()
    assert drafted(session).annex


@pytest.mark.django_db
def test_an_open_session_gives_no_decree():
    session = an_open_plenary(an_assessed_nomination().round)
    assert refusal(drafted, session).code == "not_sealed"


@pytest.mark.django_db
def test_where_nobody_got_a_star_there_is_nothing_to_decree():
    assert refusal(drafted, sealed(("UD Belum", "anyaman", 0))).code == "nothing_to_award"


@pytest.mark.django_db
def test_an_issued_decree_is_not_drafted_again():
    decree = issued(drafted())
    assert refusal(drafted, decree.plenary).code == "already_issued"


# --- Issuing ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_issuing_makes_an_award_and_a_numbered_certificate_for_each_row_of_the_annex():
    decree = issued(drafted())
    awards = list(decree.awards.order_by("position"))
    assert [one.position for one in awards] == [1, 2]
    for award, row in zip(awards, decree.annex, strict=True):
        certificate = award.certificates.get()
        assert (award.ikm_name, award.product_name, award.star) == (
            row["ikm_name"], row["product_name"], row["star"],
        )  # fmt: skip
        assert (award.story, award.raw_material) == (award.nomination.story, award.nomination.raw_material)
        assert certificate.number == f"OVOP/2026/{award.position:04d}"
        assert codes.normalise(certificate.code) == certificate.code
        assert certificate.rendered_at is None
    acts = list(history.of(decree).values_list("action", flat=True))
    assert acts == ["draft_decree", "issue_decree"]


@pytest.mark.django_db
def test_each_round_counts_its_certificates_from_one():
    issued(drafted(sealed(("UD Satu", "anyaman", 5), year=2026)))
    other = issued(drafted(sealed(("UD Dua", "anyaman", 5), year=2027)), number="7 TAHUN 2027")
    assert list(Certificate.objects.order_by("number").values_list("number", flat=True)) == [
        "OVOP/2026/0001", "OVOP/2027/0001",
    ]  # fmt: skip
    assert other.awards.get().ikm_name == "UD Dua"


@pytest.mark.django_db
def test_an_issue_that_fails_half_way_leaves_nothing_and_no_gap_in_the_numbers(monkeypatch):
    decree, given = drafted(), [codes.new_code()]
    monkeypatch.setattr(codes, "new_code", lambda: given.pop())
    with pytest.raises(IndexError), transaction.atomic():
        issued(decree)
    assert_nothing_was_issued()
    monkeypatch.undo()
    issued(decree)
    numbers = list(Certificate.objects.order_by("number").values_list("number", flat=True))
    assert numbers == ["OVOP/2026/0001", "OVOP/2026/0002"]


@pytest.mark.django_db
def test_nobody_but_the_signatory_issues():
    decree = drafted()
    for role in set(Role) - {Role.PENETAP}:
        assert refusal(issued, decree, by=a_person(role)).code == "not_yours", role
    assert_nothing_was_issued()
    assert issued(decree).issued_at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "  "}, "incomplete"),
        ({"signatory_name": " "}, "incomplete"),
        ({"days": 1}, "date_in_future"),
        ({"days": -2}, "date_before_minutes"),
    ],
)
def test_what_is_missing_or_misdated_is_refused(changes, code):
    decree = drafted()
    if "days" in changes:
        changes = {"on": timezone.localdate() + timedelta(days=changes["days"])}
    assert refusal(issued, decree, **changes).code == code
    assert_nothing_was_issued()
    assert issued(decree).number == NUMBER


@pytest.mark.django_db
def test_the_day_of_the_minutes_itself_is_early_enough():
    decree = drafted()
    assert issued(decree, on=timezone.localdate(decree.plenary.sealed_at)).issued_at


@pytest.mark.django_db
def test_an_annex_that_no_longer_says_what_the_registry_says_is_drafted_anew_first():
    decree = drafted()
    Ikm.objects.filter(name="UD Mawar").update(name="UD Mawar Jaya")
    assert refusal(issued, decree).code == "annex_stale"
    assert_nothing_was_issued()
    assert issued(drafted(decree.plenary)).awards.filter(ikm_name="UD Mawar Jaya").exists()


@pytest.mark.django_db
def test_an_annex_that_was_tampered_with_is_not_issued():
    decree = drafted()
    decree.annex[0]["star"] = 4
    decree.save()
    assert refusal(issued, decree).code == "annex_stale"
    assert_nothing_was_issued()


def totals_of_2018(**changes: object) -> decree_annex.Totals:
    """The article of November 2020: 63 + 22 + 13 + 10 + 4 = 112 products in 20 provinces, and "118 IKM"."""
    groups = {"Makanan dan minuman": 63, "Kain tenun": 22, "Kain batik": 13, "Anyaman": 10, "Gerabah": 4}
    given = {
        "awards": 112, "ikm": 112, "by_star": {5: 4, 4: 108}, "by_group": groups, "by_group_and_star": {},
        "by_province": {"Bangka Belitung": 25, "lainnya": 87}, "by_regency": {"semua": 112},
    }  # fmt: skip
    return decree_annex.Totals(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"awards": 118}, "Jumlah menurut bintang 112, jumlah penghargaan 118."),
        ({"by_group": {"Makanan dan minuman": 63}}, "kelompok komoditas 63, jumlah penghargaan 112."),
        ({"by_province": {"Bangka Belitung": 26, "lainnya": 87}}, "provinsi 113, jumlah penghargaan 112."),
        ({"by_regency": {"semua": 111}}, "kabupaten/kota 111, jumlah penghargaan 112."),
    ],
)
def test_totals_that_disagree_are_named_with_both_numbers(changes, said):
    found = totals_of_2018(**changes).disagreement()
    assert found is None if said is None else said in found


@pytest.mark.django_db
def test_a_decree_whose_totals_disagree_is_not_issued(monkeypatch):
    decree = drafted()
    monkeypatch.setattr(decree_annex, "totals_of", lambda annex: totals_of_2018(awards=118))
    refused = refusal(issued, decree)
    assert refused.code == "totals_disagree"
    assert "112" in refused.for_reader
    assert "118" in refused.for_reader
    assert_nothing_was_issued()


@pytest.mark.django_db
def test_the_second_press_changes_nothing_and_names_the_number():
    decree = issued(drafted())
    refused = refusal(issued, decree, number="9 TAHUN 2026")
    assert refused.code == "already_issued"
    assert NUMBER in refused.for_reader
    assert Decree.objects.get().number == NUMBER
    assert Certificate.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"number": "9 TAHUN 2026"}, {"signatory_name": "ORANG LAIN"}, {"annex": []}, {"level": "dirjen"}],
    ids=lambda change: next(iter(change)),
)
def test_what_was_issued_stands_in_the_database(change):
    decree = issued(drafted())
    with pytest.raises(DatabaseError), transaction.atomic():
        Decree.objects.filter(pk=decree.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Award.objects.filter(decree=decree).update(star=1)


@pytest.mark.django_db
def test_names_stay_as_decreed_when_the_registry_changes():
    decree = issued(drafted())
    Ikm.objects.filter(name="UD Mawar").update(name="PT Mawar Nusantara")
    assert decree.awards.filter(ikm_name="UD Mawar").exists()


# --- After the commit ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_certificates_are_ordered_from_the_worker_after_the_commit(
    monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(tasks.render_decree, "delay", lambda **given: asked.append(given))
    decree = drafted()
    with django_capture_on_commit_callbacks(execute=True):
        issued(decree)
        assert asked == []
    assert asked == [{"decree_id": decree.pk}]


@pytest.mark.django_db
def test_with_the_queue_away_the_decree_stands_and_the_page_does_not_fail(
    monkeypatch, django_capture_on_commit_callbacks
):
    def nobody_there(**_: object) -> None:
        raise ConnectionError("redis is away")

    monkeypatch.setattr(tasks.render_decree, "delay", nobody_there)
    decree = drafted()
    with django_capture_on_commit_callbacks(execute=True):
        issued(decree)
    assert Decree.objects.get(pk=decree.pk).issued_at is not None


# --- Two at once -----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_make_one_set():
    with transaction.atomic():
        decree, signatory = drafted(), a_signatory()

    def press(number: int) -> str:
        try:
            return issued(
                decree, number=f"{number} TAHUN 2026", by=Person.objects.get(pk=signatory.pk)
            ).number
        except decrees.Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, range(1, 5)))
    assert answers[1:] == ["already_issued"] * 3
    assert Decree.objects.get().number == answers[0]
    assert list(Award.objects.order_by("position").values_list("position", flat=True)) == [1, 2]
    numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["OVOP/2026/0001", "OVOP/2026/0002"]
