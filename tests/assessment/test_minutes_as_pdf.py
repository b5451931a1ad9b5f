"""The minutes of the plenary as PDF: of the sealed session only, with who was recused, who sat on the team, and the seal."""

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from assessment import minutes, minutes_people, plenary
from letters import papers
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_secretary,
    an_assessed_nomination,
    an_open_plenary,
    assignments_of,
    declare_conflict,
    full_marks_but,
    many_assessed,
    members_of_a_session,
)
from tests.factories.nominations import NominationFactory
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Sidang menilai pasar ekspor belum berlanjut."


@made_once
def nomination():
    return many_assessed(1)[0]


def sealed(session):
    return plenary.seal(session, minutes_number="BA/12/IKMA/V/2026", by=a_chair(), at=timezone.now())


def decided(nomination, session, star=5, **more):
    plenary.record_decision(session, nomination, star=star, by=a_chair(), at=timezone.now(), **more)


def address(session):
    return reverse("plenary_minutes_file", args=[session.pk])


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def words_in(content):
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


def test_the_pdf_says_what_was_sealed_and_bears_the_fingerprint():
    exact = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
    session = an_open_plenary(exact.round)
    decided(exact, session, 4, reason=REASON, recused=[members_of_a_session(2)[1]])
    session = sealed(session)
    answer = signed_in(a_secretary()).get(address(session))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")
    text = words_in(answer.content)
    for part in (
        "BA/12/IKMA/V/2026", str(exact.number), exact.product.ikm.name, a_chair().full_name, "99,67 (299/3)",
        "Sidang menilai pasar ekspor belum berlanjut", "7 (tujuh) dari 9 (sembilan)", session.fingerprint,
        "Anggota 1 menyatakan benturan kepentingan atas usulan Nomor", "meninggalkan sidang pukul", "tidak hadir",
    ):  # fmt: skip
        assert part in text, part
    assert exact.product.ikm.nib not in text
    assert "KONSEP" not in text


def test_before_the_seal_there_is_no_file_whoever_asks(nomination):
    session = an_open_plenary(nomination.round)
    decided(nomination, session)
    for person in (a_chair(), a_secretary(), a_person(Role.AUDITOR)):
        assert signed_in(person).get(address(session)).status_code == 404


@pytest.mark.parametrize("role", [Role.DINAS, Role.PROVINSI, Role.PENILAI, Role.PENETAP, Role.ADMIN])
def test_whom_the_session_is_hidden_from_gets_no_file(role, nomination):
    session = an_open_plenary(nomination.round)
    decided(nomination, session)
    sealed(session)
    assert signed_in(a_person(role, around=nomination)).get(address(session)).status_code in (403, 404)


def test_who_declared_an_interest_is_named_with_the_nomination_and_the_instant_but_not_the_kind():
    panel = a_panel(NominationFactory(in_state="eligible"))
    recused = assignments_of(panel)[0]
    declare_conflict(recused)
    recused.refresh_from_db()
    (nomination,) = many_assessed(1)
    session = an_open_plenary(nomination.round)
    decided(nomination, session)
    type(recused).objects.filter(pk=recused.pk).update(assessment=nomination.assessment)
    assert minutes.of(session).recusals == (), "no names while the session decides"
    session = sealed(session)
    record = minutes.of(session)
    (one,) = record.recusals
    assert (one.name, one.nomination) == (recused.assessor.full_name, str(nomination.number))
    assert "pukul" in one.since
    assert not record.nobody_recused
    html = signed_in(a_chair()).get(reverse("plenary_minutes", args=[session.pk])).content.decode()
    assert f"{one.name} menyatakan benturan kepentingan atas usulan Nomor {nomination.number}" in html
    assert recused.get_conflict_kind_display() not in html


def test_the_team_is_the_chair_and_each_assessor_once():
    nominations = many_assessed(2)
    session = an_open_plenary(nominations[0].round)
    for nomination in nominations:
        decided(nomination, session)
    assert len(minutes.of(session).team) == 1, "no names while the session decides"
    session = sealed(session)
    team = minutes.of(session).team
    assessors = {one.assessor.full_name for one in assignments_of(nominations[0].assessment)}
    assert team[0] == minutes_people.Member(a_chair().full_name, "Ketua sidang", "")
    assert {one.name for one in team[1:]} == assessors
    assert len(team) == 1 + len(assessors)


def test_a_paper_that_cannot_be_drawn_is_said_in_plain_words(monkeypatch):
    (nomination,) = many_assessed(1)
    session = an_open_plenary(nomination.round)
    decided(nomination, session)
    session = sealed(session)

    def fails(*_, **__):
        raise papers.NotDrawn

    monkeypatch.setattr(papers, "drawn", fails)
    answer = signed_in(a_chair()).get(address(session))
    assert answer.status_code == 503
    assert "cetak halamannya" in answer.content.decode()
