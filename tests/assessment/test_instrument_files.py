"""An instrument as a file: exported as it is, imported as it was, and every hostile file turned away with its reason."""

import copy
import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from assessment import instrument_drafts as drafts
from assessment import instrument_files as files
from assessment import instruments
from assessment.models import Instrument
from assessment.refusals import Refused
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary, an_assessor, an_instrument
from tests.factories.nominations import a_group, an_hour_ago
from tests.made_once import made_once
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
LOAD = "/instrumen/anyaman/susun/muat/"


@made_once
def first() -> Instrument:
    return an_instrument()


@pytest.fixture
def secretary(client, first):
    client.force_login(a_secretary())
    return client


def as_file(content: bytes, name: str = "instrumen.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/json")


def sent(client, content: bytes):
    return client.post(LOAD, {"berkas": as_file(content)})


def a_file(first: Instrument, **changed) -> bytes:
    return json.dumps({**copy.deepcopy(first.definition), **changed}).encode()


def hidden(answer, name: str) -> str:
    html = main_of(answer)
    value = html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]
    return unescape(value)


# --- Out -------------------------------------------------------------------------------------------------------
def test_the_file_is_the_form_in_the_order_of_the_shipped_ones(client, first):
    client.force_login(an_assessor())
    answer = client.get(reverse("instrument_file", args=["anyaman", 1]))
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="instrumen-anyaman-versi-1.json"'
    shipped = next(form for form in instruments.shipped() if form["commodity"] == "anyaman")
    # As text: the order of the keys too, though the database keeps none.
    assert answer.content.decode() == json.dumps(shipped, ensure_ascii=False, indent=2) + "\n"
    assert client.get(reverse("instrument_file", args=["anyaman", 1])).content == answer.content


def test_whoever_may_not_see_a_version_gets_no_file_of_it(client, first):
    draft = drafts.begin(first.group, by=a_secretary(), at=an_hour_ago())
    seen = {}
    for role in Role:
        client.force_login(a_person(role))
        seen[role] = [
            client.get(reverse("instrument_file", args=["anyaman", one.version])).status_code
            for one in (first, draft)
        ]
    assert seen == {
        Role.SEKRETARIAT: [200, 200],
        Role.AUDITOR: [200, 200],
        Role.PENILAI: [200, 404],
        Role.KETUA: [200, 404],
        Role.PENETAP: [200, 404],
        Role.DINAS: [403, 403],
        Role.PROVINSI: [403, 403],
        Role.ADMIN: [403, 403],
    }


# --- In --------------------------------------------------------------------------------------------------------
def test_an_exported_file_comes_back_as_it_went(secretary, first):
    exported = files.written(first)
    shown = sent(secretary, exported)
    assert "Tidak ada perbedaan isi." in words_of(shown)
    assert Instrument.objects.count() == 1
    answer = secretary.post(
        LOAD, {"isi": hidden(shown, "isi"), "sidik": hidden(shown, "sidik"), "simpan": "ya"}
    )
    assert answer.status_code == 302
    draft = drafts.of(first.group)
    assert {**draft.definition, "version": 1} == first.definition
    assert files.written(draft) == exported.replace(b'"version": 1,', b'"version": 2,', 1)


def test_a_file_is_shown_as_differences_before_it_is_stored(secretary, first):
    form = copy.deepcopy(first.definition)
    form["scheme"]["bands"][0]["from"] = "95"
    form["name"] = "Anyaman <b>baru</b>"
    shown = sent(secretary, json.dumps(form).encode())
    assert "Perbedaan dari versi 1" in words_of(shown)
    assert "2 hal berbeda." in words_of(shown)
    assert "<b>baru</b>" not in main_of(shown)
    assert drafts.of(first.group) is None


def test_what_somebody_changed_between_the_two_presses_is_not_replaced_unseen(secretary, first):
    form = copy.deepcopy(first.definition)
    form["scheme"]["bands"][0]["from"] = "95"
    shown = sent(secretary, json.dumps(form).encode())
    press = {"isi": hidden(shown, "isi"), "sidik": hidden(shown, "sidik"), "simpan": "ya"}
    drafts.begin(first.group, by=a_person(Role.SEKRETARIAT), at=an_hour_ago())
    told = secretary.post(LOAD, press)
    assert told.status_code == 409
    assert "baru saja mengubah rancangan ini" in words_of(told)
    assert "Isi berkas menggantikan seluruh rancangan versi 2." in words_of(told)
    again = {"isi": hidden(told, "isi"), "sidik": hidden(told, "sidik"), "simpan": "ya"}
    assert secretary.post(LOAD, again).status_code == 302
    assert drafts.of(first.group).definition["scheme"]["bands"][0]["from"] == "95"


def test_a_group_without_a_form_begins_with_a_file(client):
    a_group("anyaman")
    client.force_login(a_secretary())
    assert "belum mempunyai instrumen" in words_of(client.get("/instrumen/anyaman/susun/"))
    shipped = next(form for form in instruments.shipped() if form["commodity"] == "anyaman")
    shown = sent(client, json.dumps(shipped).encode())
    client.post(LOAD, {"isi": hidden(shown, "isi"), "sidik": "", "simpan": "ya"})
    assert drafts.of(a_group("anyaman")).version == 1
    assert client.get("/instrumen/anyaman/susun/periksa/").status_code == 200


# --- Hostile -----------------------------------------------------------------------------------------------------
def hostile(first: Instrument) -> dict[str, tuple[bytes, str]]:
    text = a_file(first).decode()
    line = copy.deepcopy(first.definition["parts"][0]["sections"][0]["indicators"][0])

    def with_line(**changed) -> bytes:
        form = copy.deepcopy(first.definition)
        form["parts"][0]["sections"][0]["indicators"][0] = {**line, **changed}
        return json.dumps(form).encode()

    return {
        "nothing": (b"", "Berkas kosong."),
        "no JSON": (b'{\n "code": "anyaman",\n}', "baris 3, kolom 1"),
        "not UTF-8": (b'{"code": "\xff"}', "bukan teks UTF-8"),
        "a mark of bytes": (b"\xef\xbb\xbf{}", "tanda BOM"),
        "too large": (b" " * (files.BYTES_AT_MOST + 1), "paling besar 256 KB"),
        "a list": (b"[]", "bukan formulir instrumen portal"),
        "the short form": (b'{"code": "x", "version": 1, "parts": [], "bands": []}', "bagian scheme tidak ada"),
        "a key twice": (text.replace('"code"', '"code": "lain", "code"', 1).encode(), 'Kunci "code" tertulis dua kali'),
        "deep": (b'{"scheme":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "terlalu dalam"),
        "not a number": (text.replace('"version": 1', '"version": NaN', 1).encode(), "NaN bukan bilangan JSON"),
        "an endless number": (with_line(max=7).replace(b'"max": 7', b'"max": ' + b"9" * 5000), "lebih dari 1000 angka"),
        "half a score": (with_line(max=2.5), "bukan bilangan bulat"),
        "another group": (a_file(first, commodity="gerabah"), "untuk kelompok gerabah, bukan anyaman"),
        "an unknown key": (a_file(first, secret="x"), 'kunci "secret" tidak dikenal'),
        "an unknown key below": (with_line(bobot=9), 'kunci "bobot" tidak dikenal'),
        "a long name": (a_file(first, name="n" * 161), "paling banyak 160 huruf"),
        "a NIK": (with_line(note="NIK 3205-0123-4567-0001"), "seperti NIK atau NPWP"),
        "a NIK in the name": (a_file(first, name="3205012345670001"), "seperti NIK atau NPWP"),
        "a zero byte": (with_line(question="a\x00b"), "tanda yang tidak dapat disimpan"),
        "half a character": (with_line(name="\ud800"), "tanda yang tidak dapat disimpan"),
        "half a character as a key": (a_file(first, **{"\ud800": 1}), "tidak dikenal"),
        "a code for the address": (with_line(code="../../keluar"), "bukan huruf, angka"),
        "a code that is too long": (with_line(code="A" * 21), "bukan huruf, angka"),
        "evidence that is no list": (with_line(evidence="kunjungan"), "evidence harus berupa daftar"),
        "a name that is no text": (with_line(name=["x"]), "nama bukan teks"),
        "a note that is no text": (with_line(note={"a": 1}), "catatan bukan teks"),
        "a code twice": (with_line(code="A.I.2"), "A.I.2 tertulis dua kali"),
        "a score beyond reach": (
            with_line(levels=[{"score": 0, "text": "a"}, {"score": 999999, "text": "b"}], max=999999),
            "skor paling tinggi 100",
        ),
        "a level with more in it": (
            with_line(levels=[{"score": 0, "text": "a"}, {"score": 3, "text": "b", "hint": "c"}], max=3),
            'kunci "hint" tidak dikenal',
        ),
        "a part without a name": (
            a_file(first, parts=[{**first.definition["parts"][0], "name": None}, *first.definition["parts"][1:]]),
            "nama belum diisi",
        ),
        "an empty section": (
            a_file(
                first,
                parts=[
                    {
                        **first.definition["parts"][0],
                        "sections": [
                            *first.definition["parts"][0]["sections"],
                            {"code": ["x"], "name": "y", "indicators": []},
                        ],
                    },
                    *first.definition["parts"][1:],
                ],
            ),
            "tidak berisi indikator",
        ),
    }  # fmt: skip


HOSTILE = (
    "nothing", "no JSON", "not UTF-8", "a mark of bytes", "too large", "a list", "the short form", "a key twice",
    "deep", "not a number", "an endless number", "half a score", "another group", "an unknown key",
    "an unknown key below", "a long name", "a NIK", "a NIK in the name", "a zero byte", "half a character",
    "half a character as a key", "a code for the address", "a code that is too long", "evidence that is no list",
    "a name that is no text", "a note that is no text", "a code twice", "a score beyond reach",
    "a level with more in it", "a part without a name", "an empty section",
)  # fmt: skip


def test_the_list_of_hostile_files_is_whole(first):
    assert set(hostile(first)) == set(HOSTILE)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_turned_away_with_its_reason_and_nothing_is_stored(secretary, first, kind):
    content, words = hostile(first)[kind]
    answer = sent(secretary, content)
    assert answer.status_code == 200
    page = unescape(words_of(answer))
    assert words in page
    assert "Tidak ada yang disimpan." in page
    # The second press reads it again, whatever the page had said.
    again = secretary.post(LOAD, {"isi": content.decode("utf-8", "replace"), "sidik": "", "simpan": "ya"})
    assert again.status_code in (302, 400)
    assert Instrument.objects.get() == first


def test_a_form_with_very_many_faults_names_some_and_counts_the_rest(first):
    form = copy.deepcopy(first.definition)
    for line in instruments.lines(form):
        line["name"] = ""
    problems = instruments.problems_in(form, first.group)
    assert len(problems) == 11
    assert problems[-1] == f"Masih ada {len(first.ladders) - 10} hal lain."


def test_a_file_without_a_number_is_a_form_as_well(first):
    form = {key: value for key, value in first.definition.items() if key != "version"}
    assert files.read(json.dumps(form).encode(), first.group)["version"] == 1
    with pytest.raises(Refused, match="unusable_file"):
        files.read(b"{}", first.group)


def test_without_a_file_the_page_asks_for_one(secretary):
    assert "Pilih berkas instrumen." in words_of(secretary.post(LOAD, {}))
