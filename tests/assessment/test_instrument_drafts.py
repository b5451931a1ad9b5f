"""A draft changed piece by piece: what is refused, who comes second, what the history keeps, what stays as it was."""

import copy
from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.roles import Role
from assessment import instrument_differences, instrument_warnings, instruments
from assessment import instrument_drafts as drafts
from assessment import instrument_edits as edits
from assessment.models import Instrument
from assessment.refusals import Refused
from audit import history
from tests.factories.accounts import a_person
from tests.factories.assessment import a_panel, a_secretary, an_instrument
from tests.factories.nominations import a_group, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def first() -> Instrument:
    return an_instrument()


@made_once
def draft(first) -> Instrument:
    return drafts.begin(first.group, by=a_secretary(), at=an_hour_ago())


def line(instrument: Instrument, code: str = "A.I.1") -> dict:
    found = edits.line_of(instrument.definition, code)
    assert found is not None
    return copy.deepcopy(found)


def seen(piece: object) -> str:
    return drafts.fingerprint(piece)


def renamed(instrument: Instrument, name: str, *, shown: dict | None = None, by=None) -> bool:
    """Give A.I.1 this name, from a page that showed the line as it is or as `shown`."""
    return drafts.change_line(
        instrument.group, {**line(instrument), "name": name}, seen=seen(shown or line(instrument)),
        by=by or a_secretary(), at=an_hour_ago(),
    )  # fmt: skip


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value


# --- Beginning -------------------------------------------------------------------------------------------------
def test_a_draft_begins_as_a_copy_of_the_version_in_force(first, draft):
    assert (draft.version, draft.published_at) == (2, None)
    assert {**draft.definition, "version": 1} == first.definition
    assert instrument_differences.differences(first.definition, draft.definition) == []
    assert instruments.latest_for(first.group) == first


def test_beginning_twice_gives_the_draft_that_is_there(first, draft):
    renamed(draft, "Asal bahan")
    again = drafts.begin(first.group, by=a_secretary(), at=an_hour_ago())
    assert again.pk == draft.pk
    assert line(again)["name"] == "Asal bahan"
    assert [entry.action for entry in history.of(draft)] == ["draft_instrument", "change_instrument"]


def test_without_a_version_in_force_a_draft_begins_from_a_file_alone():
    problem = refused(lambda: drafts.begin(a_group("gerabah"), by=a_secretary(), at=an_hour_ago()))
    assert problem.code == "nothing_in_force"
    assert "Muat berkas" in problem.for_reader


def test_only_the_secretariat_begins_changes_and_throws_away(first, draft):
    group = first.group
    for role in set(Role) - {Role.SEKRETARIAT}:
        who = {"by": a_person(role), "at": an_hour_ago()}
        for act in (
            lambda who=who: drafts.begin(group, **who),
            lambda who=who: drafts.change_header(group, {}, seen="", **who),
            lambda who=who: drafts.change_bands(group, {1: "50"}, seen="", **who),
            lambda who=who: drafts.change_line(group, line(draft), seen="", **who),
            lambda who=who: drafts.add_line(group, "A.I", line(draft), **who),
            lambda who=who: drafts.remove_line(group, "A.I.1", seen="", **who),
            lambda who=who: drafts.move_line(group, "A.I.1", 1, seen="", **who),
            lambda who=who: drafts.discard(draft, seen=draft.fingerprint, **who),
        ):
            assert refused(act).code == "not_yours", role
    draft.refresh_from_db()
    assert {**draft.definition, "version": 1} == first.definition


# --- What is refused -------------------------------------------------------------------------------------------
def test_weights_that_make_99_are_named_and_not_stored(draft):
    header = edits.header_of(draft.definition)
    wrong = copy.deepcopy(header)
    wrong["parts"]["A"][1] = "29"
    problem = refused(
        lambda: drafts.change_header(
            draft.group, wrong, seen=seen(header), by=a_secretary(), at=an_hour_ago()
        )
    )
    assert "berjumlah 99, bukan 100" in problem.for_reader
    assert edits.header_of(drafts.of(draft.group).definition) == header


def test_weights_are_moved_together(draft):
    header = edits.header_of(draft.definition)
    other = copy.deepcopy(header)
    other["parts"]["A"][1], other["parts"]["C"][1] = "32.5", "42.5"
    assert drafts.change_header(draft.group, other, seen=seen(header), by=a_secretary(), at=an_hour_ago())
    assert [part["weight"] for part in drafts.of(draft.group).definition["parts"]] == ["32.5", "25", "42.5"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"levels": [{"score": 2, "text": "Ada."}, {"score": 1, "text": "Tidak."}], "max": 1}, "tidak lebih tinggi"),
        ({"levels": [{"score": 1, "text": "Ada."}], "max": 1}, "paling sedikit dua jenjang"),
        ({"levels": [{"score": 1, "text": "Ada."}, {"score": 2, "text": " "}], "max": 2}, "jenjang 2 belum berbunyi"),
        ({"max": 9}, "bukan jenjang terakhir"),
        ({"name": "n" * 161}, "nama terlalu panjang (161 huruf, paling banyak 160)"),
        ({"note": "NIK 3205012345670001"}, "catatan memuat deretan angka seperti NIK"),
        ({"evidence": ["kunjungan", "kunjungan"]}, "bukti yang sama dua kali"),
        ({"status": "sah"}, 'status "sah" tidak dikenal'),
    ],
)  # fmt: skip
def test_a_line_that_is_none_is_named_and_not_stored(draft, changed, words):
    was = line(draft)
    problem = refused(
        lambda: drafts.change_line(
            draft.group, {**was, **changed}, seen=seen(was), by=a_secretary(), at=an_hour_ago()
        )
    )
    assert words in problem.for_reader
    assert line(drafts.of(draft.group)) == was


def test_a_code_stands_once(draft):
    taken = {**line(draft), "name": "Lain"}
    problem = refused(lambda: drafts.add_line(draft.group, "B.I", taken, by=a_secretary(), at=an_hour_ago()))
    assert problem.code == "code_taken"
    assert "Kode A.I.1 sudah dipakai" in problem.for_reader


def test_bands_out_of_order_are_refused_and_three_stars_are_a_scheme(draft):
    scheme = seen(draft.definition["scheme"])
    who = {"by": a_secretary(), "at": an_hour_ago()}
    problem = refused(
        lambda: drafts.change_bands(draft.group, {3: "70", 2: "80", 1: "50"}, seen=scheme, **who)
    )
    assert "tidak lebih rendah daripada" in problem.for_reader
    assert drafts.change_bands(draft.group, {3: "85", 2: "70", 1: "55.5"}, seen=scheme, **who)
    stored = drafts.of(draft.group)
    assert stored.definition["scheme"] == {
        "maximum": 3,
        "bands": [{"star": 3, "from": "85"}, {"star": 2, "from": "70"}, {"star": 1, "from": "55.5"}],
    }
    assert stored.parsed().top_star == 3


# --- Lines that come, go and move --------------------------------------------------------------------------------
def codes(draft: Instrument, section: str = "A.II") -> list[str]:
    return [
        line["code"] for line in edits.section_of(drafts.of(draft.group).definition, section)["indicators"]
    ]


def test_a_new_line_stands_at_the_end_of_its_section_and_a_second_press_adds_nothing(draft):
    new = {**line(draft), "code": "A.II.9"}
    who = {"by": a_secretary(), "at": an_hour_ago()}
    assert drafts.add_line(draft.group, "A.II", new, **who)
    assert not drafts.add_line(draft.group, "A.II", new, **who)
    assert codes(draft) == ["A.II.1", "A.II.2", "A.II.9"]


def test_a_line_moves_within_its_section_and_stops_at_its_end(draft):
    def move(code: str, step: int) -> bool:
        order = seen(edits.order_in(drafts.of(draft.group).definition, code))
        return drafts.move_line(draft.group, code, step, seen=order, by=a_secretary(), at=an_hour_ago())

    assert move("A.II.2", -1)
    assert codes(draft) == ["A.II.2", "A.II.1"]
    assert not move("A.II.2", -1)
    found = instrument_differences.differences(draft.definition, drafts.of(draft.group).definition)
    assert [(one.code, one.what, one.before, one.after) for one in found] == [
        ("A.II", "Urutan indikator", "A.II.1, A.II.2", "A.II.2, A.II.1")
    ]


def test_a_double_press_moves_once(draft):
    order = seen(["A.II.1", "A.II.2"])
    who = {"by": a_secretary(), "at": an_hour_ago()}
    assert drafts.move_line(draft.group, "A.II.1", 1, seen=order, **who)
    assert not drafts.move_line(draft.group, "A.II.1", 1, seen=order, **who)
    assert codes(draft) == ["A.II.2", "A.II.1"]


def test_the_last_line_of_a_section_takes_the_section_along_and_that_of_a_part_stays(draft):
    def remove(code: str) -> bool:
        shown = edits.line_of(drafts.of(draft.group).definition, code)
        return drafts.remove_line(draft.group, code, seen=seen(shown), by=a_secretary(), at=an_hour_ago())

    assert remove("A.II.1")
    assert remove("A.II.2")
    assert edits.section_of(drafts.of(draft.group).definition, "A.II") is None
    assert not remove("A.II.2")
    left = [each["code"] for each in instruments.lines(draft.definition) if each["code"].startswith("B.")]
    for code in left[:-1]:
        assert remove(code)
    assert "bagian B: tidak berisi indikator" in refused(lambda: remove(left[-1])).for_reader


def test_a_suggested_code_is_one_that_no_version_has_used():
    assert edits.next_code("A.I", ["A.I.1", "A.I.7", "A.II.9", "B.I.12", "A.I.x"]) == "A.I.8"
    assert edits.next_code("D.I", []) == "D.I.1"


# --- Two at once -------------------------------------------------------------------------------------------------
def test_two_people_change_two_lines_and_both_are_kept(draft):
    shown = line(draft, "B.I.1")
    renamed(draft, "Asal bahan", by=a_person(Role.SEKRETARIAT))
    assert drafts.change_line(
        draft.group, {**shown, "name": "Pasar"}, seen=seen(shown), by=a_secretary(), at=an_hour_ago()
    )
    stored = drafts.of(draft.group)
    assert (line(stored)["name"], line(stored, "B.I.1")["name"]) == ("Asal bahan", "Pasar")


def test_on_the_same_line_the_second_is_told_by_whom_and_nothing_is_overwritten(draft):
    shown, colleague = line(draft), a_person(Role.SEKRETARIAT)
    renamed(draft, "Asal bahan", by=colleague)
    problem = refused(lambda: renamed(draft, "Sumber bahan", shown=shown))
    assert problem.code == "overtaken"
    assert f"{colleague.full_name} baru saja mengubah" in problem.for_reader
    assert line(drafts.of(draft.group))["name"] == "Asal bahan"


def test_whoever_says_what_is_stored_already_overwrites_nobody(draft):
    shown = line(draft)
    assert renamed(draft, "Asal bahan")
    assert not renamed(draft, "Asal bahan", shown=shown)
    assert history.of(draft).filter(action="change_instrument").count() == 1


def test_what_was_removed_meanwhile_is_told_to_whoever_still_writes_on_it(draft):
    shown = line(draft)
    drafts.remove_line(draft.group, "A.I.1", seen=seen(shown), by=a_secretary(), at=an_hour_ago())
    problem = refused(
        lambda: drafts.change_line(
            draft.group, {**shown, "name": "Lain"}, seen=seen(shown), by=a_secretary(), at=an_hour_ago()
        )
    )
    assert (problem.code, "sudah dihapus" in problem.for_reader) == ("gone", True)


def test_a_file_never_takes_the_place_of_a_draft_that_nobody_saw(first, draft):
    form, who = copy.deepcopy(first.definition), {"by": a_secretary(), "at": an_hour_ago()}
    form["scheme"]["bands"][0]["from"] = "95"
    assert refused(lambda: instruments.draft(first.group, form, seen="", **who)).code == "overtaken"
    shown = draft.fingerprint
    renamed(draft, "Asal bahan")
    assert refused(lambda: instruments.draft(first.group, form, seen=shown, **who)).code == "overtaken"
    now = drafts.of(first.group).fingerprint
    assert (
        instruments.draft(first.group, form, seen=now, **who).definition["scheme"]["bands"][0]["from"] == "95"
    )


# --- Published and thrown away -----------------------------------------------------------------------------------
def test_what_was_checked_is_what_is_published_and_only_once(draft):
    shown, who = draft.fingerprint, {"by": a_secretary(), "at": an_hour_ago()}
    renamed(draft, "Asal bahan")
    assert refused(lambda: instruments.publish(draft, seen=shown, **who)).code == "overtaken"
    assert drafts.of(draft.group) is not None
    now = drafts.of(draft.group)
    done = instruments.publish(now, seen=now.fingerprint, **who)
    assert (
        refused(lambda: instruments.publish(done, seen=done.fingerprint, **who)).code == "already_published"
    )
    assert history.of(done).filter(action="publish_instrument").count() == 1


def test_a_published_version_is_out_of_reach_of_every_change(first, draft):
    instruments.publish(draft, by=a_secretary(), at=an_hour_ago())
    was = {one.pk: one.fingerprint for one in Instrument.objects.order_by("pk")}
    for act in (
        lambda: renamed(draft, "Lain"),
        lambda: drafts.discard(draft, seen=draft.fingerprint, by=a_secretary(), at=an_hour_ago()),
    ):
        assert refused(act).code in ("no_draft", "already_published")
    third = drafts.begin(first.group, by=a_secretary(), at=an_hour_ago())
    renamed(third, "Lain")
    assert third.version == 3
    assert {one.pk: one.fingerprint for one in Instrument.objects.published().order_by("pk")} == was


def test_an_assessment_keeps_its_version_and_the_next_assignment_gets_the_new_one(first, draft):
    begun = a_panel()
    renamed(draft, "Asal bahan")
    published = instruments.publish(drafts.of(first.group), by=a_secretary(), at=an_hour_ago())
    later = a_panel(at=an_hour_ago() + timedelta(minutes=6))
    begun.refresh_from_db()
    assert (begun.instrument, later.instrument) == (first, published)


def test_a_draft_is_thrown_away_whole_and_the_history_keeps_that_it_was_there(first, draft):
    key, who = draft.pk, {"by": a_secretary(), "at": an_hour_ago()}
    assert refused(lambda: drafts.discard(draft, seen="", **who)).code == "overtaken"
    drafts.discard(draft, seen=draft.fingerprint, **who)
    assert Instrument.objects.get() == first
    assert refused(lambda: drafts.discard(Instrument(pk=key), seen="", **who)).code == "gone"
    acts = history.Entry.objects.filter(subject_type="assessment.instrument", subject_id=str(key)).order_by(
        "pk"
    )
    assert [entry.action for entry in acts] == ["draft_instrument", "discard_instrument"]
    assert drafts.begin(first.group, **who).version == 2


# --- What a person should look at ------------------------------------------------------------------------------
def remarks(form: dict, before: dict) -> list[str]:
    return [remark.text for remark in instrument_warnings.of(form, before)]


def test_the_shipped_forms_give_no_cause_to_stumble():
    for form in instruments.shipped():
        assert remarks(form, form) == []


def test_levels_that_read_alike_an_empty_question_and_unknown_evidence_are_pointed_at(first):
    form = copy.deepcopy(first.definition)
    one = edits.line_of(form, "A.I.1")
    one["levels"][1]["text"], one["levels"][2]["text"] = "Ada, tercatat.", "Tercatat; ada"
    one["question"], one["evidence"] = " ", ["kunjungan", "dokumen:tanpa_nama"]
    edits.line_of(form, "A.I.2")["evidence"] = []
    found = remarks(form, first.definition)
    for words in (
        "Indikator A.I.1: jenjang 2 dan 3 terbaca sama.",
        "Indikator A.I.1: pertanyaan belum diisi.",
        "Indikator A.I.1: bukti dokumen:tanpa_nama tidak ada dalam daftar bukti portal.",
        'Indikator A.I.1: bunyinya berubah, tetapi masih bertanda "Terbit".',
        "Indikator A.I.2: bukti belum disebut.",
    ):
        assert words in found
    assert len(found) == 5
    assert instruments.problems_in(form, first.group) == []


def test_a_vague_word_is_pointed_at_where_it_is_new(first):
    form = copy.deepcopy(first.definition)
    level = edits.line_of(form, "B.I.1")["levels"][0]
    level["text"] = "Pemasaran cukup baik."
    assert remarks(form, first.definition) == [
        f'Indikator B.I.1, jenjang {level["score"]}: "cukup", "baik" dapat dibaca berbeda oleh dua penilai.'
    ]
    assert remarks(form, form) == []


def test_maxima_that_are_not_the_weight_are_pointed_at(first):
    form = copy.deepcopy(first.definition)
    form["parts"][0]["weight"], form["parts"][1]["weight"] = "32.5", "22.5"
    found = remarks(form, first.definition)
    assert [text.partition(".")[0] for text in found] == [
        "Bagian A: skor tertinggi berjumlah 30, bobotnya 32,5",
        "Bagian B: skor tertinggi berjumlah 25, bobotnya 22,5",
    ]
