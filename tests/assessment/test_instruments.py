"""Versions of a form: drafted by the secretariat, published once, never changed, and what is different between two."""

import copy
import re

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from assessment import instrument_differences, instruments
from assessment.models import Instrument
from assessment.models.instruments import canonical
from assessment.refusals import Refused
from assessment.scoring import InvalidInstrument
from audit import history
from nominations import reference
from tests.factories.accounts import a_person
from tests.factories.assessment import a_panel, a_secretary, an_instrument
from tests.factories.nominations import a_group, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def first() -> Instrument:
    return an_instrument()


def changed(instrument, **how) -> dict:
    """The form with what is named different: bands, weight, a level's words, a line more or less."""
    form = copy.deepcopy(instrument.definition)
    section = form["parts"][0]["sections"][0]
    if "band" in how:
        form["scheme"]["bands"][0]["from"] = how["band"]
    if "level" in how:
        section["indicators"][0]["levels"][1]["text"] = how["level"]
    if "name" in how:
        section["indicators"][0]["name"] = how["name"]
    if "without" in how:
        section["indicators"] = [line for line in section["indicators"] if line["code"] != how["without"]]
    if "more" in how:
        section["indicators"].append({**copy.deepcopy(section["indicators"][0]), "code": how["more"]})
    return form


def draft(instrument, form, *, by=None) -> Instrument:
    return instruments.draft(instrument.group, form, by=by or a_secretary(), at=an_hour_ago())


def refused(instrument, form, *, by=None) -> Refused:
    with pytest.raises(Refused) as refusal:
        draft(instrument, form, by=by)
    return refusal.value


# --- Loading what the portal ships -----------------------------------------------------------------------------
def test_version_one_of_every_group_is_published_once():
    reference.load()
    assert instruments.load() == 5
    assert instruments.load() == 0
    assert set(Instrument.objects.published().values_list("version", flat=True)) == {1}
    one = Instrument.objects.get(group="gerabah")
    assert [entry.action for entry in history.of(one)] == ["publish_instrument"]


def test_what_the_secretariat_published_is_left_alone():
    reference.load()
    form = next(form for form in instruments.shipped() if form["commodity"] == "anyaman")
    own = instruments.draft(
        a_group("anyaman"), {**form, "name": "Formulir Kementerian"}, by=a_secretary(), at=an_hour_ago()
    )
    assert instruments.load() == 4
    assert Instrument.objects.get(group="anyaman") == own


# --- A new version ---------------------------------------------------------------------------------------------
def test_a_draft_takes_the_next_number_and_is_in_force_only_once_published(first):
    second = draft(first, {**changed(first, band="92"), "version": 77})
    assert (second.version, second.definition["version"]) == (2, 2)
    assert instruments.latest_for(first.group) == first
    instruments.publish(second, by=a_secretary(), at=an_hour_ago())
    assert instruments.latest_for("anyaman") == second
    assert [entry.action for entry in history.of(second)] == ["draft_instrument", "publish_instrument"]
    with pytest.raises(Refused, match="already_published"):
        instruments.publish(second, by=a_secretary(), at=an_hour_ago())


def test_a_second_draft_takes_the_place_of_the_first(first):
    one, other = draft(first, changed(first, band="92")), draft(first, changed(first, band="93"))
    assert (one.pk, other.version) == (other.pk, 2)
    assert other.definition["scheme"]["bands"][0]["from"] == "93"
    assert other.fingerprint != one.fingerprint


def test_only_the_secretariat_drafts_and_publishes(first):
    waiting = draft(first, changed(first, band="92"))
    for role in set(Role) - {Role.SEKRETARIAT}:
        person = a_person(role)
        assert refused(first, changed(first, band="93"), by=person).code == "not_yours"
        with pytest.raises(Refused, match="not_yours"):
            instruments.publish(waiting, by=person, at=an_hour_ago())
    assert Instrument.objects.published().get() == first


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"scheme": None}, "Instrumen tidak dapat dipakai"),
        ({"commodity": "gerabah"}, "Berkas ini untuk kelompok gerabah, bukan anyaman."),
        ({"name": " "}, "Nama instrumen belum diisi."),
        ({"parts": []}, "tidak berisi bagian"),
    ],
)
def test_what_is_wrong_with_a_form_is_named_and_nothing_is_stored(first, wrong, words):
    assert words in refused(first, {**first.definition, **wrong}).for_reader
    assert Instrument.objects.count() == 1


def test_a_form_without_its_scheme_a_silent_level_and_a_nameless_line_are_refused(first):
    form = copy.deepcopy(first.definition)
    del form["scheme"]
    assert "bagian scheme tidak ada" in refused(first, form).for_reader
    assert "jenjang 2 belum berbunyi" in refused(first, changed(first, level=" ")).for_reader
    assert "nama belum diisi" in refused(first, changed(first, name="")).for_reader


def test_scores_above_nine_have_no_key_and_the_editor_is_told(first):
    assert instruments.warnings_of(first.definition) == []
    form = copy.deepcopy(first.definition)
    line = form["parts"][0]["sections"][0]["indicators"][0]
    line["levels"][-1]["score"] = line["max"] = 10
    assert instruments.warnings_of(form) == [
        "Indikator A.I.1 mempunyai skor di atas 9: dipilih dengan tombol panah, bukan angka."
    ]


# --- What is published stays -----------------------------------------------------------------------------------
def test_a_published_form_is_never_changed_nor_deleted(first):
    for act in (
        lambda: Instrument.objects.filter(pk=first.pk).update(name="Lain"),
        lambda: Instrument.objects.filter(pk=first.pk).update(definition={}),
        lambda: Instrument.objects.filter(pk=first.pk).delete(),
    ):
        with pytest.raises(Exception, match=r"Cannot (update|delete)"), transaction.atomic():
            act()


def test_a_panel_keeps_the_version_that_it_began_with(first):
    assessment = a_panel()
    instruments.publish(draft(first, changed(first, band="92")), by=a_secretary(), at=an_hour_ago())
    assessment.refresh_from_db()
    assert assessment.instrument == first


def test_two_versions_of_one_number_and_a_form_that_is_none_cannot_be_stored(first):
    with pytest.raises(IntegrityError, match="instrument_version_is_unique"), transaction.atomic():
        Instrument.objects.create(
            group=first.group, version=1, name="Lain", definition=first.definition, published_at=an_hour_ago()
        )
    with pytest.raises(InvalidInstrument), transaction.atomic():
        Instrument.objects.create(group=first.group, version=2, name="Lain", definition={"parts": []})


def test_the_ladders_by_which_the_database_judges_are_those_of_the_form(first):
    first.refresh_from_db()
    assert first.ladders == {
        line["code"]: [level["score"] for level in line["levels"]]
        for line in instruments.lines(first.definition)
    }


def test_the_fingerprint_follows_the_content_and_not_the_order_of_its_keys(first):
    assert re.fullmatch(r"[0-9a-f]{64}", first.fingerprint)
    turned = dict(reversed(list(first.definition.items())))
    assert canonical(turned) == canonical(first.definition)
    assert canonical(changed(first, band="92")) != canonical(first.definition)


# --- Who sees which --------------------------------------------------------------------------------------------
def test_drafts_are_seen_by_secretariat_and_auditor_and_no_version_by_who_has_no_work_with_it(first):
    waiting = draft(first, changed(first, band="92"))
    seen = {
        role: set(Instrument.objects.visible_to(a_person(role)).values_list("pk", flat=True)) for role in Role
    }
    both, published = {first.pk, waiting.pk}, {first.pk}
    assert seen == {
        Role.SEKRETARIAT: both,
        Role.AUDITOR: both,
        Role.PENILAI: published,
        Role.KETUA: published,
        Role.PENETAP: published,
        Role.DINAS: set(),
        Role.PROVINSI: set(),
        Role.ADMIN: set(),
    }


# --- Differences -----------------------------------------------------------------------------------------------
def differences(first, **how) -> list[tuple[str, str, str, str]]:
    found = instrument_differences.differences(first.definition, changed(first, **how))
    return [(change.code, change.what, change.before, change.after) for change in found]


def test_nothing_changed_is_no_difference(first):
    assert instrument_differences.differences(first.definition, copy.deepcopy(first.definition)) == []


def test_a_bound_and_the_words_of_a_level_are_told_before_and_after(first):
    [(code, what, before, after)] = differences(first, band="92")
    assert (code, what) == ("", "Batas bintang")
    assert before.startswith("bintang 5: 90;")
    assert after.startswith("bintang 5: 92;")
    [(code, what, before, after)] = differences(first, level="Lebih dari separuh.")
    assert (code, what) == ("A.I.1", "Jenjang")
    assert "2: Bahan baku utama lokal (kabupaten/kota) 80% atau lebih." in before.splitlines()
    assert "2: Lebih dari separuh." in after.splitlines()


def test_a_line_that_came_and_one_that_went_are_named(first):
    name = next(line["name"] for line in instruments.lines(first.definition) if line["code"] == "A.I.1")
    assert differences(first, more="A.I.9") == [("A.I.9", "Indikator baru", "", name)]
    gone = next(line["name"] for line in instruments.lines(first.definition) if line["code"] == "A.I.5")
    assert differences(first, without="A.I.5") == [("A.I.5", "Indikator dihapus", gone, "")]


def test_weights_and_evidence_are_compared_in_words(first):
    form = copy.deepcopy(first.definition)
    form["parts"][0]["weight"], form["parts"][1]["weight"] = "35", "20"
    form["parts"][0]["sections"][0]["indicators"][0]["evidence"] = ["kunjungan"]
    found = instrument_differences.differences(first.definition, form)
    assert [(each.code, each.what) for each in found] == [
        ("A", "Bobot bagian"),
        ("B", "Bobot bagian"),
        ("A.I.1", "Bukti"),
    ]
    assert found[2].before == (
        "Isian bahan baku; Nota atau rekap pembelian bahan; Keterangan pemasok; Verifikasi lapangan"
    )
    assert found[2].after == "Verifikasi lapangan"


# --- The words that stand beside every form --------------------------------------------------------------------
def test_the_reading_rule_is_the_one_of_the_forms_own_notes():
    notes = (instruments.FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"> {instruments.READING_RULE}\n" in notes
