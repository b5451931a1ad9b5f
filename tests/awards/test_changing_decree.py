"""An upheld sanggah walked to its end: new session, changing decree, certificates, one instant; or the minutes alone."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.roles import Role
from assessment import agenda, plenary, recompute, refusals
from assessment.models import AgendaItem, Plenary
from audit import history
from awards import batches, bundles, certificates, changing, decrees, integrity, publication, verification
from awards.models import Award, AwardChange, Certificate, Decree
from awards.verification import Verdict
from letters.models import Message
from nominations import objections
from nominations.models import Nomination, Objection, State
from tests.factories.accounts import a_person
from tests.factories.assessment import a_chair, a_secretary, many_assessed
from tests.factories.awards import a_signatory
from tests.factories.nominations import RoundFactory
from tests.factories.objections import ANSWER, an_objection

pytestmark = pytest.mark.django_db

REASON = "Sanggah diterima: bukti ekspor yang terlewat kini diperhitungkan sidang."
WORSE = {"A1": 0, "A2": 0}


def give_files(decree: Decree) -> None:
    for certificate in publication.certificates_of(decree).filter(rendered_at=None):
        Certificate.objects.filter(pk=certificate.pk).update(
            path=f"piagam/2026/{certificate.pk}.pdf",
            sha256=f"{certificate.pk:064x}",
            size=1,
            rendered_at=timezone.now(),
        )


def issue_alone(decree: Decree, number: str) -> Decree:
    return decrees.issue(
        decree, number=number, on=timezone.localdate(), signatory_name="AGUS GUMIWANG", by=a_signatory(),
        at=timezone.now(),
    )  # fmt: skip


def issue(decree: Decree, number: str) -> Decree:
    issued = issue_alone(decree, number)
    give_files(issued)
    return issued


def publish(decree: Decree) -> Decree:
    return publication.publish(decree, by=a_signatory(), at=timezone.now())


@pytest.fixture
def round_():
    """Three results of 2026, published: two with five stars, one that a session left without any."""
    round_ = RoundFactory(year=2026)
    three = many_assessed(3, round=round_)
    low = three[2]
    session = Plenary.objects.create(
        round=round_, place="Jakarta", opened_at=timezone.now() - timedelta(hours=1), opened_by=a_chair(),
        members=9, present=7,
    )  # fmt: skip
    at = timezone.now() - timedelta(minutes=50)
    for one in three:
        star = 0 if one == low else 5
        plenary.record_decision(
            session, one, star=star, reason=REASON if not star else "", by=a_chair(), at=at
        )
    plenary.seal(session, minutes_number="BA/12/IKMA/V/2026", by=a_chair(), at=at)
    publish(issue(decrees.draft(session, by=a_secretary(), at=timezone.now()), "1214 TAHUN 2026"))
    return round_


def nomination(state: str) -> Nomination:
    return Nomination.objects.filter(state=state).order_by("pk").first()


def upheld(one: Nomination) -> Objection:
    answered = {
        "outcome": "diterima", "answer": ANSWER, "answered_at": timezone.now(), "answered_by": a_person(Role.SEKRETARIAT),
    }  # fmt: skip
    return an_objection(one, stage="hasil", at=timezone.now(), **answered)


def called(*objected: Objection, further=()) -> list[AgendaItem]:
    round_ = objected[0].nomination.round if objected else further[0].round
    return agenda.call_session(
        round_,
        objected=objected,
        reassessed=further,
        reason="Sanggah diterima.",
        by=a_secretary(),
        at=timezone.now(),
    )


def opened(round_) -> Plenary:
    return plenary.open_session(
        round_, members=[a_chair()], present=[a_chair()], place="Jakarta", by=a_chair(), at=timezone.now()
    )


def decided(round_, stars: dict[int, int]) -> Plenary:
    session = opened(round_)
    for pk, star in stars.items():
        plenary.record_decision(
            session, Nomination.objects.get(pk=pk), star=star, reason=REASON, by=a_chair(), at=timezone.now()
        )
    return plenary.seal(session, minutes_number="BA/13/IKMA/VI/2026", by=a_chair(), at=timezone.now())


def drafted(session: Plenary) -> Decree:
    return changing.draft(session, by=a_secretary(), at=timezone.now())


def refused(act, *args, **kwargs) -> str:
    with pytest.raises((decrees.Refused, refusals.Refused)) as refusal:
        act(*args, **kwargs)
    assert refusal.value.for_reader.endswith(".")
    return refusal.value.code


# --- The session that is called ------------------------------------------------------------------------------------
def test_a_called_session_decides_what_it_was_called_for_and_nothing_else(round_):
    objection = upheld(nomination(State.NOT_AWARDED))
    assert agenda.to_be_called(round_) == [objection]
    called(objection)
    assert agenda.to_be_called(round_) == []
    session = opened(round_)
    assert list(plenary.undecided(session)) == [objection.nomination]
    other = nomination(State.AWARDED)
    assert refused(
        plenary.record_decision, session, other, star=4, reason=REASON, by=a_chair(), at=timezone.now()
    ) == "not_assessed"  # fmt: skip
    assert (
        refused(plenary.seal, session, minutes_number="BA/13", by=a_chair(), at=timezone.now())
        == "nothing_decided"
    )


def test_a_decision_on_a_published_result_needs_its_ground(round_):
    objection = upheld(nomination(State.NOT_AWARDED))
    called(objection)
    assert refused(
        plenary.record_decision, opened(round_), objection.nomination, star=5, by=a_chair(), at=timezone.now()
    ) == "reason_missing"  # fmt: skip


def test_only_the_secretariat_calls_only_what_is_upheld_and_only_once(round_):
    one = nomination(State.NOT_AWARDED)
    waiting = an_objection(one, stage="hasil")
    assert refused(called, waiting) == "not_upheld"
    Objection.objects.all().delete()
    objection = upheld(one)
    for role in set(Role) - {Role.SEKRETARIAT}:
        assert refused(
            agenda.call_session, round_, objected=[objection], reason="Sanggah diterima.", by=a_person(role),
            at=timezone.now(),
        ) == "not_yours"  # fmt: skip
    called(objection)
    assert refused(called, objection) == "already_called"
    opened(round_)
    assert refused(called, objection) == "already_called"


def test_the_database_holds_one_call_that_waits_for_each_nomination(round_):
    called(upheld(nomination(State.NOT_AWARDED)))
    item = AgendaItem.objects.get()
    item.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        item.save(force_insert=True)


# --- To its end: the star stays --------------------------------------------------------------------------------
def test_where_no_star_changes_the_objection_ends_with_the_minutes(round_):
    objection = upheld(nomination(State.NOT_AWARDED))
    called(objection)
    session = decided(round_, {objection.nomination_id: 0})
    assert refused(drafted, session) == "nothing_changes"
    assert session not in decrees.sessions_waiting()
    last = objections.steps_of(objection)[-1]
    assert last.ends
    assert "BA/13/IKMA/VI/2026" in last.text
    assert Message.objects.filter(kind="result_stays").exists()


# --- To its end: the changing decree -------------------------------------------------------------------------------
def test_the_annex_lists_only_what_changes_old_and_new_side_by_side(round_):
    objection, kept = upheld(nomination(State.NOT_AWARDED)), nomination(State.AWARDED)
    called(objection, further=[kept])
    session = decided(round_, {objection.nomination_id: 5, kept.pk: 5})
    assert session in decrees.sessions_waiting()
    decree = drafted(session)
    assert [(row["nomination"], row["star_before"], row["star"], row["change"]) for row in decree.annex] == [
        (objection.nomination_id, 0, 5, "baru")
    ]
    assert decree.kind == Decree.Kind.CHANGING
    assert decree.changes.kind == Decree.Kind.ESTABLISHING


DOORS = ("/", "/katalog/", "/hasil/2026/", "/hasil/2026/penghargaan.csv", "/hasil/", "/api/v1/awards")


def test_the_batch_of_a_changing_decree_is_its_own(round_):
    objection, lowered = upheld(nomination(State.NOT_AWARDED)), nomination(State.AWARDED)
    called(objection, further=[lowered])
    decree = drafted(decided(round_, {objection.nomination_id: 5, lowered.pk: 3}))
    first, decree = decree.changes, issue_alone(decree, "77 TAHUN 2026")
    before, new = set(bundles.in_force(first)), Certificate.objects.resting_on(decree)
    batches.pause(decree, by=a_secretary(), at=timezone.now())
    assert [certificates.render(one.pk) for one in new] == [False, False]
    assert not certificates.overdue(at=timezone.now() + timedelta(hours=1)).exists()
    assert batches.pace(first, at=timezone.now()).minutes_left == 0
    give_files(decree)
    assert set(bundles.in_force(first)) == before
    assert set(bundles.in_force(decree)) == set(new)


def test_until_the_instant_the_old_result_stands_everywhere_and_then_the_new_one(round_, client):
    objection, lowered = upheld(nomination(State.NOT_AWARDED)), nomination(State.AWARDED)
    ended = Nomination.objects.filter(state=State.AWARDED).order_by("pk").last()
    called(objection, further=[lowered, ended])
    decree = drafted(decided(round_, {objection.nomination_id: 5, lowered.pk: 3, ended.pk: 0}))
    old = Certificate.objects.get(award__nomination=lowered)
    before = {door: client.get(door).content for door in DOORS}
    decree = issue(decree, "77 TAHUN 2026")
    new = Certificate.objects.get(award__nomination=lowered, version=2)
    fresh = Award.objects.get(nomination=objection.nomination)
    now = timezone.now()
    assert {door: client.get(door).content for door in DOORS} == before
    assert verification.look_up(old.code, at=now).verdict is Verdict.VALID
    assert verification.look_up(new.code, at=now) == verification.UNKNOWN
    assert client.get(fresh.get_absolute_url()).status_code == 404
    assert objections.steps_of(objection)[-1].text == "Sidang pleno baru dibuka Ketua"

    publish(decree)
    now = timezone.now()
    states = dict(Nomination.objects.values_list("pk", "state"))
    assert states == {
        objection.nomination_id: State.AWARDED, lowered.pk: State.AWARDED, ended.pk: State.NOT_AWARDED,
    }  # fmt: skip
    answer = verification.look_up(old.code, at=now)
    assert (answer.verdict, answer.current) == (Verdict.REPLACED, new)
    assert verification.look_up(new.code, at=now).verdict is Verdict.VALID
    gone = Certificate.objects.get(award__nomination=ended)
    assert verification.look_up(gone.code, at=now).verdict is Verdict.REVOKED
    award = Award.objects.get(nomination=lowered)
    assert (award.star, award.star_in_force) == (5, 3)
    page = client.get("/hasil/2026/").content.decode()
    for said in ("1214 TAHUN 2026", "77 TAHUN 2026", "Semula 2 penghargaan", "berlaku 2", "Semula bintang 5"):
        assert said in page, said
    product = client.get(award.get_absolute_url()).content.decode()
    assert "Bintang 5 menjadi bintang 3" in product
    assert "Bintang 3 dari 5" in product
    rows = {row["id"]: row for row in client.get("/api/v1/awards").json()["results"]}
    assert (rows[award.slug]["star"], rows[award.slug]["star_as_decreed"], rows[award.slug]["changed_by"]) == (
        3, 5, "77 TAHUN 2026",
    )  # fmt: skip
    assert client.get(fresh.get_absolute_url()).status_code == 200
    paper = client.get(f"/verifikasi/{new.code}/").content.decode()
    assert "77 Tahun 2026" in paper
    assert "Bintang 3 dari 5" in paper
    assert objections.steps_of(objection)[-1].ends
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [
        f"OVOP/2026/{n:04d}" for n in (1, 2, 3, 4)
    ]
    tally = recompute.Tally()
    list(recompute.findings(2026, tally))
    assert tally.ok
    assert [line for line in integrity.problems() if "berkas" not in line] == []


def test_what_a_decree_changed_is_never_written_over(round_):
    objection = upheld(nomination(State.NOT_AWARDED))
    called(objection)
    publish(issue(drafted(decided(round_, {objection.nomination_id: 4})), "77 TAHUN 2026"))
    for change in ({"star_after": 5}, {"star_before": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            AwardChange.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Award.objects.update(star=1)


def test_the_dinas_is_told_of_the_call_and_of_the_changed_result(round_):
    objection = upheld(nomination(State.NOT_AWARDED))
    called(objection)
    assert Message.objects.filter(kind="plenary_called").exists()
    Message.objects.filter(kind="result_published").update(kind="x")
    decree = issue(drafted(decided(round_, {objection.nomination_id: 4})), "77 TAHUN 2026")
    assert not Message.objects.filter(kind="result_published").exists()
    publish(decree)
    assert "77 TAHUN 2026" in Message.objects.get(kind="result_published").body_text
    assert history.of(decree).last().action == "publish_decree"


def test_a_changing_decree_is_refused_while_one_is_not_published_and_for_a_missing_certificate(round_):
    first, second = upheld(nomination(State.NOT_AWARDED)), nomination(State.AWARDED)
    called(first)
    waiting = issue(drafted(decided(round_, {first.nomination_id: 4})), "77 TAHUN 2026")
    called(further=[second])
    later = drafted(decided(round_, {second.pk: 4}))
    assert refused(issue, later, "78 TAHUN 2026") == "another_first"
    Decree.objects.get(pk=waiting.pk)
    publish(waiting)
    unfinished = decrees.issue(
        later, number="78 TAHUN 2026", on=timezone.localdate(), signatory_name="AGUS GUMIWANG", by=a_signatory(),
        at=timezone.now(),
    )  # fmt: skip
    assert refused(publish, unfinished) == "certificates_missing"


def test_a_round_has_one_establishing_decree(round_):
    there = Decree.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Decree.objects.create(round=round_, drafted_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Decree.objects.create(round=round_, kind="perubahan", drafted_at=timezone.now())
    for _ in range(2):
        Decree.objects.create(round=round_, kind="pencabutan", changes=there, drafted_at=timezone.now())


# --- Pages -----------------------------------------------------------------------------------------------------
def test_the_secretariat_calls_on_a_page_and_the_chair_is_told_what_waits(round_, client):
    objection = upheld(nomination(State.NOT_AWARDED))
    secretary = a_secretary()
    client.force_login(secretary)
    assert "/pleno/panggil/2026/" in client.get("/beranda/").content.decode()
    page = client.get("/pleno/panggil/2026/").content.decode()
    assert str(objection.nomination) in page
    assert not AgendaItem.objects.exists()
    answer = client.post(
        "/pleno/panggil/2026/", {"objected": [objection.pk], "further": "", "reason": "Sanggah diterima."}
    )
    assert answer.status_code == 302
    assert AgendaItem.objects.get().nomination == objection.nomination
    client.force_login(a_chair())
    assert "usulan dipanggil untuk sidang pleno baru" in client.get("/beranda/").content.decode()
    assert "Periode 2026" in client.get("/pleno/buka/").content.decode()
    for role in (Role.DINAS, Role.PENILAI, Role.PENETAP, Role.KETUA):
        client.force_login(a_person(role))
        assert client.get("/pleno/panggil/2026/").status_code == 403, role


def test_the_decree_page_shows_old_and_new_and_the_objection_page_each_step(round_, client):
    objection, lowered = upheld(nomination(State.NOT_AWARDED)), nomination(State.AWARDED)
    called(objection, further=[lowered])
    session = decided(round_, {objection.nomination_id: 5, lowered.pk: 3})
    client.force_login(a_secretary())
    assert f"/penghargaan/pleno/{session.pk}/susun/" in client.get("/penghargaan/").content.decode()
    client.post(f"/penghargaan/pleno/{session.pk}/susun/")
    decree = Decree.objects.get(kind="perubahan")
    page = client.get(decree.get_absolute_url()).content.decode()
    for said in (
        "Rancangan SK perubahan",
        "Tanpa penghargaan",
        "Bintang berubah",
        "Bintang 3 dari 5",
        "1214 TAHUN 2026",
    ):
        assert said in page, said
    client.force_login(a_person(Role.DINAS, around=objection.nomination))
    told = client.get(f"{objection.nomination.get_absolute_url()}sanggah/").content.decode()
    assert "Sidang pleno baru dibuka Ketua" in told
    assert "bintang 5" not in told
    publish(issue(decree, "77 TAHUN 2026"))
    told = client.get(f"{objection.nomination.get_absolute_url()}sanggah/").content.decode()
    assert (
        "Hasil diubah dari tanpa penghargaan menjadi bintang 5 dengan Keputusan Nomor 77 TAHUN 2026" in told
    )
