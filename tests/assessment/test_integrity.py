"""Does the assessment hold together? What the portal leaves behind is silent; whatever is changed behind it is named."""

import pgtrigger
import pytest

from assessment import integrity
from assessment.models import Assessment, Assignment, Decision, Instrument, Score, Sheet
from nominations.models import Nomination
from tests.factories.assessment import a_panel, a_sealed_plenary, an_assessed_nomination, many_assessed
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def nomination():
    return many_assessed(1)[0]


def test_everything_that_went_through_the_portal_holds():
    nomination = an_assessed_nomination()
    many_assessed(2)
    a_sealed_plenary(nomination.round)
    a_panel()
    assert list(integrity.problems()) == []


def _another_score():
    Score.objects.filter(indicator="A.I.1").update(points=1)


def _another_star():
    Decision.objects.update(star=4, reason="Sidang menilai pasar ekspor belum berlanjut.")


def _a_level_more():
    form = Instrument.objects.get()
    form.definition["parts"][0]["sections"][0]["indicators"][0]["name"] = "Lain"
    Instrument.objects.update(definition=form.definition)


def _not_complete():
    Assessment.objects.update(completed_at=None)


def _not_assessed():
    Nomination.objects.update(state="eligible")


def _one_sheet_missing():
    Assignment.objects.filter(pk=Assignment.objects.order_by("pk").first().pk).update(submitted_at=None)


def _nobody_from_outside():
    ministry = Assignment.objects.order_by("pk").first().office
    Assignment.objects.update(office=ministry)


def _another_copy():
    Sheet.objects.update(scores={"A.I.1": 1})


def _awarded_without_a_seal():
    Decision.objects.all().delete()
    Nomination.objects.update(state="awarded")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_another_score, "tidak sesuai dengan sidik jari berita acara"),
        (_another_score, "tidak sama dengan lembar yang dikirim"),
        (_another_star, "tidak sesuai dengan sidik jari berita acara"),
        (_a_level_more, "versi 1: tidak sesuai dengan sidik jarinya"),
        (_not_complete, "penilaiannya belum lengkap"),
        (_not_assessed, "statusnya belum selesai dinilai"),
        (_one_sheet_missing, "panel 3 penilai tidak semuanya mengirim"),
        (_nobody_from_outside, "panel tanpa penilai asosiasi atau perguruan tinggi"),
        (_another_copy, "tidak sama dengan lembar yang dikirim"),
        (_awarded_without_a_seal, "ditetapkan tanpa keputusan pleno yang disegel"),
    ],
)
def test_what_was_changed_behind_the_portal_is_named(change, words, nomination):
    a_sealed_plenary(nomination.round)
    with pgtrigger.ignore():
        change()
    assert any(words in problem for problem in integrity.problems()), list(integrity.problems())
