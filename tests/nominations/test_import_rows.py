"""What an import does with rows: drafts of the right dinas, matched with the registry; all of it or nothing."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Office, Person
from accounts.roles import Role
from audit import history
from audit.models import Entry
from nominations import importing
from nominations.guards import Refused
from nominations.models import Ikm, Nomination, Phase, Product, Sentra
from tests.factories.accounts import (
    GARUT,
    JAKARTA_PUSAT,
    TANAH_DATAR,
    TASIKMALAYA,
    a_dinas,
    a_person,
    a_province_office,
    a_regency,
)
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
    RoundFactory,
    SentraFactory,
    a_phase,
)
from tests.made_once import made_once
from tests.nominations.importing import GOOD, HEAD, a_book, a_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]
ROW = dict(zip(HEAD, GOOD, strict=True))


@pytest.fixture(autouse=True)
def garut(requirements):
    return a_dinas(GARUT)


@made_once
def round_():
    return RoundFactory(year=2026)


@made_once
def secretary():
    return a_person(Role.SEKRETARIAT)


def table(*rows, **columns):
    """A table of rows like GOOD, each with its own differences; columns: further ones, for all rows."""
    lines = [{**ROW, **row, **columns} for row in rows]
    head = list(dict.fromkeys([*HEAD, *(name for line in lines for name in line)]))
    return importing.read(
        a_csv(*[[line.get(name, "") for name in head] for line in lines], head=head), "u.csv"
    )


def run(round_, *rows, by=None, **columns):
    return importing.run(table(*rows, **columns), round_=round_, by=by, at=timezone.now())


def errors(outcome):
    return [(problem.row, problem.column) for problem in outcome.problems]


def stored():
    models = (Nomination, Product, Ikm, Sentra, Entry, Person)
    return [model.objects.count() for model in models]


# --- Drafts --------------------------------------------------------------------------------------------------------
def test_a_row_becomes_a_draft_of_its_dinas_with_everything_it_rests_on(round_, secretary, garut):
    outcome = run(round_, {}, {"product_name": "Tas bambu", "nib": "", "commodity": "ANYAMAN"}, by=secretary)
    assert (outcome.imported, outcome.nominations, outcome.offices) == (True, 2, 1)
    assert outcome.new == {"sentra": 1, "ikm": 1, "products": 2, "completed": 0}
    one, two = Nomination.objects.order_by("pk")
    assert {one.state, two.state} == {"draft"}
    assert (one.office, one.created_by, one.number, one.submitted_at) == (garut, secretary, None, None)
    assert (one.product.name, one.product.group_id, two.product.name) == (
        "Topi bambu",
        "anyaman",
        "Tas bambu",
    )
    assert one.product.ikm == two.product.ikm
    ikm = one.product.ikm
    assert (ikm.name, ikm.nib, ikm.sort_name, ikm.regency_id) == (
        "UD Bambu Indah", "9120001020304", "bambu indah", GARUT,
    )  # fmt: skip
    assert (ikm.sentra.name, ikm.sentra.regency_id) == ("Sentra Bambu", GARUT)


def test_the_history_says_what_the_pages_would_have_said(round_, secretary):
    run(round_, {}, by=secretary)
    nomination = Nomination.objects.get()
    (begun,) = history.of(nomination)
    assert (begun.action, begun.actor, begun.to_state) == ("begin", secretary, "draft")
    for subject, action in (
        (nomination.product, "product_registered"),
        (nomination.product.ikm, "ikm_registered"),
        (nomination.product.ikm.sentra, "sentra_registered"),
    ):
        assert [entry.action for entry in history.of(subject)] == [action]
    (whole,) = history.of(round_)
    assert (whole.action, whole.details["rows"], whole.details["ikm"]) == ("nominations_imported", 1, 1)
    assert GOOD[5] not in json.dumps([entry.details for entry in Entry.objects.order_by("pk")])


def test_the_six_columns_are_enough_and_the_rest_may_be_there(round_):
    run(
        round_, {"sentra": "", "nib": ""}, village="Sukaraja", started_year="2009", workers="1.250",
        local_content="80%", turnover="Rp 1.500.000", wood_or_rattan="Ya", story="Dianyam di rumah.",
    )  # fmt: skip
    one = Nomination.objects.get()
    assert (one.workers, one.local_content, one.turnover, one.wood_or_rattan) == (1250, 80, 1_500_000, True)
    assert (one.product.ikm.village, one.product.ikm.started_year) == ("Sukaraja", 2009)
    assert (one.product.ikm.nib, one.product.ikm.sentra, one.story) == (None, None, "Dianyam di rumah.")


def test_jakarta_is_the_provinces(round_):
    a_regency(JAKARTA_PUSAT)
    a_province_office("31")
    run(round_, {"regency_code": "31.71"})
    assert Nomination.objects.get().office == a_province_office("31")


def test_slugs_do_not_meet(round_):
    ProductFactory(ikm__name="Bambu", ikm__nib=None, ikm__regency=a_regency(TASIKMALAYA), name="Topi")
    rows = [
        {"ikm_name": name, "nib": f"912000102030{n}"} for n, name in enumerate(("Bambu", "BAMBU", "bambu!"))
    ]
    run(round_, *rows, product_name="Topi", sentra="")
    assert sorted(Ikm.objects.values_list("slug", flat=True)) == ["bambu", "bambu-2", "bambu-3", "bambu-4"]
    assert len(set(Product.objects.values_list("slug", flat=True))) == 4


# --- Matching ------------------------------------------------------------------------------------------------------
def test_what_is_registered_is_taken_not_made_again(round_):
    there = ProductFactory(
        name="Topi Bambu", ikm__name="UD Bambu indah", ikm__nib="9120001020304",
        ikm__sentra=SentraFactory(name="SENTRA BAMBU"),
    )  # fmt: skip
    outcome = run(round_, {})
    assert outcome.new == {"sentra": 0, "ikm": 0, "products": 0, "completed": 0}
    assert Nomination.objects.get().product == there


def test_a_nib_finds_its_ikm_under_another_name_and_says_so(round_):
    there = IkmFactory(
        name="Bambu Indah Jaya", nib="9120001020304", sentra=SentraFactory(name="Sentra Bambu")
    )
    outcome = run(round_, {})
    assert Nomination.objects.get().product.ikm == there
    assert [(warning.row, warning.column) for warning in outcome.warnings] == [(2, "ikm_name")]
    assert "Bambu Indah Jaya" in outcome.warnings[0].reason


def test_a_nib_of_another_region_is_an_error(round_):
    IkmFactory(name="UD Bambu Indah", nib="9120001020304", regency=a_regency(TANAH_DATAR))
    outcome = run(round_, {})
    assert errors(outcome) == [(2, "nib")]
    assert "Kabupaten Tanah Datar" in outcome.problems[0].reason


def test_a_name_finds_the_ikm_of_its_region_and_completes_it(round_):
    there = IkmFactory(name="ud bambu indah", nib=None, sentra=None)
    IkmFactory(name="UD Bambu Indah", nib=None, regency=a_regency(TASIKMALAYA))
    outcome = run(round_, {})
    there.refresh_from_db()
    assert Nomination.objects.get().product.ikm == there
    assert (there.nib, there.sentra.name, there.version) == ("9120001020304", "Sentra Bambu", 2)
    assert outcome.new["completed"] == 1
    assert [entry.action for entry in history.of(there)] == ["ikm_completed"]


def test_a_name_with_another_nib_is_another_ikm_and_is_told(round_):
    there = IkmFactory(name="UD Bambu Indah", nib="9120009999999")
    outcome = run(round_, {})
    assert Nomination.objects.get().product.ikm != there
    assert "Mirip dengan IKM terdaftar: UD Bambu Indah" in outcome.warnings[0].reason


def test_a_name_of_two_needs_its_nib(round_):
    for number in (1, 2):
        IkmFactory(name="UD Bambu Indah", nib=f"912000102030{number}")
    assert errors(run(round_, {"nib": ""})) == [(2, "ikm_name")]


def test_what_was_merged_leads_to_what_it_became(round_):
    one = IkmFactory(name="UD Bambu Utama", nib="9120001020304")
    IkmFactory(name="UD Bambu Indah", nib=None, merged_into=one)
    run(round_, {"nib": "", "sentra": ""})
    assert Nomination.objects.get().product.ikm == one


def test_what_only_looks_alike_is_made_and_told(round_):
    IkmFactory(name="CV Bambu Indah Jaya", regency=a_regency(TASIKMALAYA))
    IkmFactory(name="CV Bambu Indah Jaya", regency=a_regency(TANAH_DATAR))
    outcome = run(round_, {}, {"ikm_name": "PD Bambu Indah", "nib": "", "sentra": ""})
    assert Ikm.objects.count() == 4
    told = {(warning.row, warning.reason.partition(":")[0]) for warning in outcome.warnings}
    assert (2, "Mirip dengan IKM terdaftar") in told
    assert "(3206)" in outcome.warnings[0].reason
    assert TANAH_DATAR not in outcome.warnings[0].reason
    assert any(warning.row == 3 and "baris 2" in warning.reason for warning in outcome.warnings)


def test_a_sentra_registered_otherwise_stays_and_is_told(round_):
    there = IkmFactory(nib="9120001020304", name="UD Bambu Indah", sentra=SentraFactory(name="Sentra Lama"))
    outcome = run(round_, {})
    there.refresh_from_db()
    assert there.sentra.name == "Sentra Lama"
    assert [(warning.row, warning.column) for warning in outcome.warnings] == [(2, "sentra")]


def test_what_was_withdrawn_may_be_imported_anew(round_):
    product = ProductFactory(name="Topi bambu", ikm__name="UD Bambu Indah", ikm__nib="9120001020304")
    NominationFactory(in_state="withdrawn", round=round_, product=product, documented=False)
    assert run(round_, {"sentra": ""}).imported


# --- Errors --------------------------------------------------------------------------------------------------------
BAD = [
    ({"regency_code": "9999"}, "regency_code", "Tidak ada kabupaten/kota berkode 9999."),
    ({"regency_code": ""}, "regency_code", "wajib diisi"),
    ({"commodity": "emas"}, "commodity", "Yang dikenal: Anyaman"),
    ({"ikm_name": ""}, "ikm_name", "wajib diisi"),
    ({"product_name": "x" * 161}, "product_name", "160"),
    ({"nib": "912000102030"}, "nib", "NIB harus 13 angka; Anda mengisi 12."),
    ({"nib": "9,12E+12"}, "nib", "bilangan (9,12E+12)"),
    ({"nib": "1e12"}, "nib", "bilangan (1e12)"),
    ({"nib": "912000102030X"}, "nib", "hanya terdiri atas 13 angka"),
    ({"workers": "banyak"}, "workers", "angka bulat"),
    ({"local_content": "101"}, "local_content", "0 sampai 100"),
    ({"story": "NIK 3205010101900001"}, "story", "NIK"),
    ({"wood_or_rattan": "mungkin"}, "wood_or_rattan", "ya atau tidak"),
    ({"started_year": "12"}, "started_year", "1800"),
]


@pytest.mark.parametrize(("row", "column", "words"), BAD)
def test_a_bad_row_is_named_with_column_and_reason_and_nothing_is_imported(round_, row, column, words):
    before = stored()
    outcome = run(round_, {"product_name": "Tas"}, row)
    assert errors(outcome) == [(3, column)]
    assert words in outcome.problems[0].reason
    assert "Isian lain tersimpan" not in outcome.problems[0].reason
    assert not outcome.imported
    assert stored() == before


def test_all_errors_are_named_at_once(round_):
    outcome = run(round_, *[{"product_name": f"Tas {n}", **row} for n, (row, _, _) in enumerate(BAD)])
    assert [column for _, column in errors(outcome)] == [column for _, column, _ in BAD]


def test_a_nib_that_a_spreadsheet_has_cut_is_refused_with_what_to_do(round_):
    for number, words in (
        (120001020304, "tinggal 12 angka"),
        (9120001000000, "dibulatkan"),
        (9.12e12, "dibulatkan"),
    ):
        content = a_book([*GOOD[:5], number])
        outcome = importing.check(importing.read(content, "u.xlsx"), round_=round_, at=timezone.now())
        assert errors(outcome) == [(2, "nib")]
        assert words in outcome.problems[0].reason
        assert "format Teks" in outcome.problems[0].reason


def test_a_row_twice_is_an_error_in_any_case_of_its_letters(round_):
    outcome = run(round_, {}, {"product_name": "TOPI BAMBU", "nib": ""})
    assert errors(outcome) == [(3, "product_name")]
    assert "baris 2" in outcome.problems[0].reason


def test_what_is_proposed_already_is_an_error(round_):
    product = ProductFactory(name="Topi bambu", ikm__name="UD Bambu Indah", ikm__nib="9120001020304")
    there = NominationFactory(in_state="submitted", round=round_, product=product, documented=False)
    outcome = run(round_, {"sentra": ""})
    assert errors(outcome) == [(2, "product_name")]
    assert there.number in outcome.problems[0].reason


def test_a_product_of_another_group_is_an_error(round_):
    ProductFactory(name="Topi bambu", ikm__name="UD Bambu Indah", ikm__nib="9120001020304")
    assert errors(run(round_, {"commodity": "gerabah", "sentra": ""})) == [(2, "commodity")]


def test_a_place_without_its_office_is_an_error(round_):
    Office.objects.filter(code=TASIKMALAYA).delete()
    assert errors(run(round_, {"regency_code": TASIKMALAYA})) == [(2, "regency_code")]


# --- The round -----------------------------------------------------------------------------------------------------
def test_a_round_with_demo_data_takes_nothing(round_):
    for example in (RoundFactory(year=2018, is_example=True), round_):
        NominationFactory(round=round_, documented=False, product__ikm__is_example=True)
        with pytest.raises(Refused) as refused:
            run(example, {})
        assert refused.value.code == "demo_round"


def test_demo_records_are_not_built_on(round_):
    SentraFactory(name="Sentra Bambu", is_example=True)
    assert errors(run(round_, {})) == [(2, "sentra")]
    IkmFactory(name="UD Bambu Indah", nib=None, is_example=True)
    assert (2, "ikm_name") in errors(run(round_, {}))


def test_a_round_that_is_over_takes_nothing_one_that_is_not_dated_does(round_):
    now = timezone.now()
    a_phase(round_, Phase.Kind.NOMINATION, opens_at=now - timedelta(days=9), closes_at=now)
    with pytest.raises(Refused, match="phase_closed"):
        run(round_, {})
    assert run(RoundFactory(year=2027, open_phases=False), {}).imported


def test_only_the_secretariat_imports(round_):
    before = stored()
    for role in (Role.DINAS, Role.PROVINSI, Role.AUDITOR, Role.ADMIN):
        person = a_person(role)
        with pytest.raises(Refused, match="not_yours"):
            run(round_, {}, by=person)
    assert stored()[:4] == before[:4]


def test_a_thousand_rows_ask_little_more_than_ten(round_, django_assert_max_num_queries):
    def rows(count, mark):
        return [
            {"ikm_name": f"UD {mark} {n}", "product_name": "Tas", "nib": "", "sentra": f"Sentra {n % 9}"}
            for n in range(count)
        ]

    with django_assert_max_num_queries(45):
        run(round_, *rows(10, "Sepuluh"))
    with django_assert_max_num_queries(45):
        assert run(round_, *rows(1000, "Seribu")).nominations == 1000


# --- The command ---------------------------------------------------------------------------------------------------
@pytest.fixture
def file(tmp_path):
    path = tmp_path / "usulan.csv"
    path.write_bytes(a_csv(GOOD))
    return path


def command(capsys, *words, status=0):
    try:
        call_command("import_nominations", *map(str, words))
        code = 0
    except SystemExit as end:
        code = end.code
    assert code == status
    return capsys.readouterr()


def test_the_command_imports_and_says_how_many(capsys, file, round_):
    told = command(capsys, file, "--round", 2026)
    assert "imported 1 nominations into round 2026 as drafts of 1 offices" in told.out
    draft = Nomination.objects.get()
    assert draft.created_by.is_active is False
    assert not draft.created_by.has_usable_password()
    assert [entry.actor for entry in history.of(draft)] == [None]


def test_a_dry_run_writes_nothing(capsys, file, round_):
    before = stored()
    told = json.loads(command(capsys, file, "--round", 2026, "--dry-run", "--json").out)
    assert stored() == before
    assert (told["dry_run"], told["rows"], told["imported"], told["errors"]) == (True, 1, 0, [])
    assert told["new"] == {"sentra": 1, "ikm": 1, "products": 1, "completed": 0}


def test_errors_end_the_command_with_one_and_one_json_object(capsys, file, round_):
    file.write_bytes(a_csv([*GOOD[:5], "12"], [*GOOD[:3], "Tas", *GOOD[4:]]))
    told = command(capsys, file, "--round", 2026, "--json", status=1)
    answer = json.loads(told.out)
    assert answer["imported"] == 0
    assert answer["error_count"] == 1
    assert answer["errors"][0] | {"reason": ""} == {"row": 2, "column": "nib", "reason": ""}
    assert not Nomination.objects.exists()
    told = command(capsys, file, "--round", 2026, status=1)
    assert "error: row 2, column nib: NIB harus 13 angka" in told.err
    for words in ((file, "--round", 1999), (file, "--round", 2026, "--dry-run")):
        assert json.loads(command(capsys, *words, "--json", status=1).out)["error_count"] == 1


def test_a_file_that_cannot_be_read_is_an_error_too(capsys, file, round_):
    file.write_bytes(b"<html></html>")
    told = json.loads(command(capsys, file, "--round", 2026, "--json", status=1).out)
    assert told["errors"][0]["row"] == 0
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_nominations", str(file) + ".no", "--round", "2026")
    with pytest.raises(CommandError, match="which file"):
        call_command("import_nominations", str(file))


def test_somebody_of_the_secretariat_may_be_named(capsys, file, round_, secretary):
    command(capsys, file, "--round", 2026, "--by", secretary.email.upper())
    assert Nomination.objects.get().created_by == secretary
    with pytest.raises(CommandError, match="no active account"):
        call_command("import_nominations", str(file), "--round", "2026", "--by", "siapa@contoh.example")
    officer = a_person(Role.DINAS)
    told = command(capsys, file, "--round", 2026, "--by", officer.email, "--json", status=1)
    assert "Sekretariat" in json.loads(told.out)["errors"][0]["reason"]


@pytest.mark.parametrize("name", ["templat.csv", "templat.xlsx"])
def test_the_command_writes_a_template_that_it_reads(capsys, tmp_path, round_, name):
    path = tmp_path / name
    command(capsys, "--template", path)
    told = json.loads(command(capsys, path, "--round", 2026, "--json", status=1).out)
    assert "tidak berisi usulan" in told["errors"][0]["reason"]
    assert command(capsys, "--template").out.startswith("\ufeffregency_code;")
    with pytest.raises(CommandError, match=r"csv or an \.xlsx"):
        call_command("import_nominations", "--template", str(tmp_path / "templat.pdf"))
