"""The shorter form for earlier recipients: a version of its own, for whoever was called in."""

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from assessment import assignment, instruments, last_time, short_forms
from assessment.models import Instrument, Reevaluation
from assessment.refusals import Refused
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_panel,
    a_sealed_plenary,
    a_secretary,
    an_assessed_nomination,
    an_instrument,
    assignments_of,
    declare_free,
    full_marks_but,
    three_assessors,
)
from tests.factories.nominations import NominationFactory, RoundFactory, a_group

pytestmark = pytest.mark.django_db


def codes_of(instrument):
    return [line["code"] for line in instruments.lines(instrument.definition)]


def published(kept=None, **more):
    full = an_instrument() and instruments.latest_for("anyaman")
    fields = {"seen": full.version, "by": a_secretary(), "at": timezone.now(), **more}
    return short_forms.publish(a_group("anyaman"), kept or first_of_each_part(full), **fields)


def first_of_each_part(instrument):
    return {part["sections"][0]["indicators"][0]["code"] for part in instrument.definition["parts"]}


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def called_in(nomination, before=None):
    return Reevaluation.objects.create(
        nomination=nomination, before=before, year_before=2024, star_before=4, maximum_star_before=5,
        called_at=timezone.now(), called_by=a_secretary(),
    )  # fmt: skip


def test_it_keeps_weights_and_bands_and_is_a_version_of_its_own_that_is_not_the_one_in_force():
    full = an_instrument()
    short = published()
    assert (short.version, short.shortened_from, short.name) == (2, full, f"{full.name} (evaluasi ulang)")
    assert set(codes_of(short)) == first_of_each_part(full)
    weights = [part["weight"] for part in full.definition["parts"]]
    assert [part["weight"] for part in short.definition["parts"]] == weights
    assert short.definition["scheme"] == full.definition["scheme"]
    assert instruments.latest_for("anyaman") == full
    assert published() == short, "the same choice twice makes no second version"
    with pytest.raises(Error), transaction.atomic():
        Instrument.objects.filter(pk=short.pk).update(name="Lain")


def test_what_makes_no_shorter_form_is_refused():
    full = an_instrument()
    everything, first = set(codes_of(full)), first_of_each_part(full)
    assert refused(published, everything) == "nothing_shorter"
    assert refused(published, {code for code in everything if not code.startswith("C")}) == "part_empty"
    assert refused(published, first | {"X.I.1"}) == "unknown"
    assert refused(published, first, seen=9) == "overtaken"
    for role in Role:
        if role != Role.SEKRETARIAT:
            assert refused(published, first, by=a_person(role)) == "not_yours", role
    instruments.draft(a_group("anyaman"), full.definition, by=a_secretary(), at=timezone.now())
    assert refused(published, first) == "draft_waits"
    assert Instrument.objects.filter(shortened_from__isnull=False).count() == 0


def test_a_new_version_comes_after_a_shorter_form_and_ends_its_use():
    short = published()
    full = an_instrument().shortened_from or Instrument.objects.get(version=1)
    drafted = instruments.draft(
        a_group("anyaman"), {**full.definition, "name": "Lain"}, by=a_secretary(), at=timezone.now()
    )
    assert drafted.version == short.version + 1
    latest = instruments.publish(drafted, by=a_secretary(), at=timezone.now())
    assert instruments.latest_for("anyaman") == latest
    assert short_forms.of(latest) is None


def test_only_who_was_called_in_is_assessed_with_it_one_by_one_and_as_a_whole_plan():
    full, short = an_instrument(), published()
    again, other = (NominationFactory(in_state="eligible") for _ in range(2))
    called_in(again)
    assert a_panel(again).instrument == short
    assert a_panel(other).instrument == full
    planned, usual = (NominationFactory(in_state="eligible") for _ in range(2))
    called_in(planned)
    people = three_assessors()
    assignment.assign_many({planned: people, usual: people}, by=a_secretary(), at=timezone.now())
    assert planned.assessment.instrument == short
    assert usual.assessment.instrument == full


def test_without_a_shorter_form_the_whole_one_is_used():
    full, again = an_instrument(), NominationFactory(in_state="eligible")
    called_in(again)
    assert a_panel(again).instrument == full


def test_the_assessor_sees_last_times_mean_beside_each_indicator_that_asks_the_same(client):
    before = an_assessed_nomination(
        full_marks_but({"A.I.1": 1}), full_marks_but({"A.I.1": 2}), round=RoundFactory(year=2024)
    )
    again = NominationFactory(in_state="eligible", product=before.product)
    called_in(again, before)
    one = declare_free(assignments_of(a_panel(again))[0])
    definition = one.assessment.instrument.definition
    assert last_time.of(again, definition).lines == {}, "not before the session of then was sealed"
    a_sealed_plenary(before.round)
    told = last_time.of(again, definition)
    assert (told.year, told.star, told.lines["A.I.1"]) == (2024, 4, "Periode 2024: 2 dari 3")
    assert told.lines["A.I.2"] == "Periode 2024: 3 dari 3"
    client.force_login(one.assessor)
    html = client.get(reverse("assessment", args=[one.pk])).content.decode()
    assert "Periode 2024: 2 dari 3" in html
    assert "Periode 2024: bintang 4 dari 5" in html


def test_an_indicator_that_asks_something_else_now_has_no_value_of_then():
    before = an_assessed_nomination(round=RoundFactory(year=2024))
    a_sealed_plenary(before.round)
    again = NominationFactory(in_state="eligible", product=before.product)
    called_in(again, before)
    form = an_instrument().definition
    changed = {**form, "parts": [{**form["parts"][0], "sections": [form["parts"][0]["sections"][0]]}]}
    line = changed["parts"][0]["sections"][0]["indicators"][0]
    changed["parts"][0]["sections"][0] = {
        **changed["parts"][0]["sections"][0], "indicators": [{**line, "name": "Pertanyaan lain"}],
    }  # fmt: skip
    assert last_time.of(again, changed).lines == {}


def test_taken_over_without_scores_the_star_of_then_is_all_there_is(client):
    again = NominationFactory(in_state="eligible")
    called_in(again)
    one = declare_free(assignments_of(a_panel(again))[0])
    client.force_login(one.assessor)
    html = client.get(reverse("assessment", args=[one.pk])).content.decode()
    assert "Skor waktu itu tidak ada dalam portal." in html


def test_the_page_publishes_and_keeps_what_was_ticked_when_it_is_refused(client):
    full = an_instrument()
    address = reverse("instrument_short", args=["anyaman"])
    for role in Role:
        client.force_login(a_person(role))
        assert client.get(address).status_code == (200 if role == Role.SEKRETARIAT else 403), role
    client.force_login(a_secretary())
    answer = client.post(address, {"versi": full.version, "indikator": ["A.I.1"]})
    html = answer.content.decode()
    assert "Pilih paling sedikit satu indikator dari bagian B, C." in html
    assert html.count(" checked") == 1
    answer = client.post(address, {"versi": full.version, "indikator": sorted(first_of_each_part(full))})
    short = Instrument.objects.get(shortened_from=full)
    assert answer["Location"] == short.get_absolute_url()
    listed = client.get("/instrumen/").content.decode()
    assert "Ringkas" in listed
    assert client.get(short.get_absolute_url()).status_code == 200
