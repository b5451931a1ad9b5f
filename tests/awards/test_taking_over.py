"""import_awards: the awards of an earlier round become a published decree without scores, all of it or nothing."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.roles import Role
from assessment import recompute
from audit.models import Entry
from awards import decree_annex, decrees, integrity, taking_over
from awards.models import Award, Certificate, Decree
from awards.taking_over import Source
from nominations.models import Ikm, Nomination, Product, Round, Sentra
from tests.factories.accounts import GARUT, TANAH_DATAR, a_person, a_regency
from tests.factories.awards import DecreeFactory
from tests.factories.nominations import (
    IkmFactory,
    NominationFactory,
    ProductFactory,
    RoundFactory,
    a_group,
)
from tests.nominations.importing import GOOD, HEAD, a_book, a_csv
from tests.pages import words_of

pytestmark = pytest.mark.django_db
AWARDS_HEAD = (*HEAD, "star")
ONE = (*GOOD, "4")
TWO = (TANAH_DATAR, "Kain tenun", "Tenun Pandai", "Songket", "", "", "5")
SOURCE = Source(2018, "1214 TAHUN 2018", date(2018, 12, 5))


@pytest.fixture(autouse=True)
def places():
    for code in (GARUT, TANAH_DATAR):
        a_regency(code)
    for code in ("anyaman", "kain_tenun"):
        a_group(code)


def table(*rows, head=AWARDS_HEAD):
    return taking_over.read(a_csv(*rows, head=head), "penghargaan.csv")


def taken(*rows, source=SOURCE, by=None):
    return taking_over.run(table(*rows), source, by=by, at=timezone.now())


def nothing_is_there():
    return not any(model.objects.exists() for model in (Decree, Award, Ikm, Product, Sentra)) and not (
        Entry.objects.exists()
    )


# --- What is made --------------------------------------------------------------------------------------------------
def test_a_table_becomes_a_published_decree_with_its_awards_and_no_certificate():
    done = taken(ONE, TWO)
    decree = Decree.objects.get()
    assert done.outcome.imported
    assert (decree.round_id, decree.number, decree.date) == (2018, "1214 TAHUN 2018", date(2018, 12, 5))
    assert (decree.plenary, decree.is_published(at=timezone.now())) == (None, True)
    first, second = decree.awards.order_by("position")
    assert {(one.ikm_name, one.product_name, one.star, one.regency_name) for one in (first, second)} == {
        ("UD Bambu Indah", "Topi bambu", 4, "Kabupaten Garut"),
        ("Tenun Pandai", "Songket", 5, "Kabupaten Tanah Datar"),
    }
    assert (first.nomination, first.maximum_star, first.position) == (None, 5, 1)
    assert not Certificate.objects.exists()
    assert not Nomination.objects.exists()
    assert decree_annex.totals_of(decree.annex).disagreement() is None
    assert list(integrity.problems()) == []
    (entry,) = Entry.objects.filter(action="awards_taken_over")
    assert entry.details["awards"] == 2


def test_an_office_in_the_place_is_not_needed_and_a_workbook_is_read_like_a_csv():
    book = taking_over.read(a_book(ONE, head=AWARDS_HEAD), "penghargaan.xlsx")
    taking_over.run(book, SOURCE, by=None, at=timezone.now())
    assert Award.objects.get().star == 4


def test_the_registered_ikm_is_found_by_its_nib_and_by_its_name_and_what_is_alike_is_told():
    by_nib = IkmFactory(name="Bambu Indah Jaya", nib="9120001020304", sentra=None)
    by_name = IkmFactory(name="Kerajinan Sari", nib=None, sentra=None)
    ProductFactory(ikm=by_name, name="Tas pandan", group=a_group("anyaman"))
    IkmFactory(name="Anyaman Mekar Wangi", nib=None, sentra=None)
    done = taken(
        ONE,
        (GARUT, "anyaman", "kerajinan sari", "Tas pandan", "", "", "3"),
        (GARUT, "anyaman", "UD Anyaman Mekar Wangi 2", "Topi", "", "", "2"),
    )
    lines = dict(done.lines)
    assert lines[2].startswith("IKM terdaftar Bambu Indah Jaya (Kabupaten Garut), produk baru Topi bambu")
    assert (
        lines[3] == "IKM terdaftar Kerajinan Sari (Kabupaten Garut), produk terdaftar Tas pandan: bintang 3"
    )
    assert lines[4].startswith("IKM baru UD Anyaman Mekar Wangi 2")
    assert any(
        "Mirip dengan IKM terdaftar: Anyaman Mekar Wangi" in one.reason for one in done.outcome.warnings
    )
    assert set(Award.objects.values_list("product__ikm", flat=True)) >= {by_nib.pk, by_name.pk}
    assert Ikm.objects.count() == 4
    # The name on the award is the registered one: the NIB says who it is.
    assert Award.objects.get(product__ikm=by_nib).ikm_name == "Bambu Indah Jaya"


# --- All or nothing --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("star", ["", "0", "6", "empat", "4.5", "-1", "44", "４"])
def test_a_star_that_is_none_is_named_with_its_row_and_column(star):
    done = taken(ONE, (*TWO[:-1], star))
    (problem,) = done.outcome.problems
    assert (problem.row, problem.column) == (3, "star")
    assert not done.outcome.imported
    assert nothing_is_there()
    assert not Round.objects.exists()


def test_every_bad_row_is_named_and_nothing_is_taken():
    done = taken(
        ("9999", *ONE[1:]),
        (GARUT, "batu mulia", *ONE[2:]),
        (*ONE[:3], "", *ONE[4:]),
        ONE,
        ONE,
    )
    assert {(one.row, one.column) for one in done.outcome.problems} == {
        (2, "regency_code"),
        (3, "commodity"),
        (4, "product_name"),
        (6, "product_name"),
    }
    assert nothing_is_there()


def test_four_stars_do_not_fit_a_scheme_of_three():
    source = Source(2022, "900 TAHUN 2022", date(2022, 9, 1), maximum_star=3)
    assert taken(ONE, source=source).outcome.problems[0].column == "star"
    assert taken((*GOOD, "3"), source=source).outcome.imported
    assert Award.objects.get().maximum_star == 3


def test_a_round_since_2022_without_four_stars_is_asked_for_its_scheme():
    source = Source(2022, "900 TAHUN 2022", date(2022, 9, 1))
    warnings = taking_over.check(table((*GOOD, "3")), source, at=timezone.now()).outcome.warnings
    assert [one.column for one in warnings] == ["star"]


# --- What is refused -------------------------------------------------------------------------------------------------
def refused(**options):
    with pytest.raises(decrees.Refused) as refusal:
        taken(ONE, **options)
    return refusal.value.code


def test_a_round_with_a_decree_of_its_own_takes_none():
    taken(TWO)
    assert refused() == "decree_exists"
    assert Award.objects.count() == 1


def test_a_draft_of_a_decree_is_one_too():
    DecreeFactory(round__year=2018, number="", date=None, signatory_name="", issued_at=None)
    assert refused() == "decree_exists"


def test_a_round_with_demo_data_takes_none():
    RoundFactory(year=2018, is_example=True)
    assert refused() == "demo_round"


def test_a_round_with_nominations_of_its_own_takes_none():
    NominationFactory(in_state="submitted", round=RoundFactory(year=2018))
    assert refused() == "has_nominations"


def test_a_decree_without_a_number_or_of_tomorrow_is_refused():
    assert refused(source=Source(2018, " ", SOURCE.on)) == "number_missing"
    assert refused(source=Source(2018, "1", date(2999, 1, 1))) == "date_in_future"
    assert refused(source=Source(1999, "1", SOURCE.on)) == "year_out_of_range"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SEKRETARIAT])
def test_nobody_but_the_secretariat_takes_awards_over(role):
    assert refused(by=a_person(role, around=a_regency())) == "not_yours"


def test_the_secretariat_is_named_in_the_history():
    person = a_person(Role.SEKRETARIAT)
    taken(ONE, by=person)
    assert Entry.objects.get(action="awards_taken_over").actor == person


# --- What is seen of it ------------------------------------------------------------------------------------------------
def test_recompute_lists_them_as_not_computable():
    taken(ONE, TWO)
    tally = recompute.Tally()
    found = list(recompute.findings(2018, tally))
    assert sorted(one.nomination for one in found) == ["Tenun Pandai, Songket", "UD Bambu Indah, Topi bambu"]
    assert {one.kind for one in found} == {"not_computable"}
    assert (tally.not_computable, tally.ok) == (2, True)
    assert list(recompute.findings(2026, recompute.Tally())) == []


def test_the_public_sees_them_marked_as_taken_over(client):
    taken(ONE, TWO)
    award = Award.objects.get(star=4)
    for address in ("/hasil/", "/hasil/2018/", "/katalog/", award.get_absolute_url()):
        assert "Diambil alih dari arsip" in words_of(client.get(address)), address
    assert "Diumumkan" not in words_of(client.get("/hasil/2018/"))
    rows = client.get("/hasil/2018/penghargaan.csv").content.decode()
    assert rows.count("diambil alih dari arsip") == 2


def test_the_pages_of_the_decree_open_for_the_ministry(client):
    taken(ONE)
    decree = Decree.objects.get()
    for role in (Role.SEKRETARIAT, Role.PENETAP, Role.AUDITOR):
        client.force_login(a_person(role))
        assert client.get("/penghargaan/").status_code == 200
        assert client.get(f"/penghargaan/{decree.pk}/").status_code == 200


# --- The command -------------------------------------------------------------------------------------------------------
@pytest.fixture
def file(tmp_path):
    path = tmp_path / "penghargaan.csv"
    path.write_bytes(a_csv(ONE, TWO, head=AWARDS_HEAD))
    return path


def told(capsys, *arguments):
    """What the command prints as JSON, and its exit status."""
    try:
        call_command("import_awards", *map(str, arguments), "--json")
    except SystemExit as end:
        return json.loads(capsys.readouterr().out), end.code
    return json.loads(capsys.readouterr().out), 0


GIVEN = ("--round", 2018, "--decree", "1214 TAHUN 2018", "--date", "2018-12-05")


def test_the_command_says_what_each_row_would_do_and_writes_nothing_when_dry(capsys, file):
    found, status = told(capsys, file, *GIVEN, "--dry-run")
    assert status == 0
    assert (found["rows"], found["imported"], found["error_count"]) == (2, 0, 0)
    assert [line["row"] for line in found["plan"]] == [2, 3]
    assert nothing_is_there()
    found, status = told(capsys, file, *GIVEN)
    assert (found["imported"], found["dry_run"], status) == (2, False, 0)
    assert (found["decree"], found["date"]) == ("1214 TAHUN 2018", "2018-12-05")


def test_the_command_names_what_is_wrong_and_ends_with_one(capsys, tmp_path):
    path = tmp_path / "salah.csv"
    path.write_bytes(a_csv((*GOOD, "9"), head=AWARDS_HEAD))
    found, status = told(capsys, path, *GIVEN)
    assert (status, found["imported"], found["error_count"]) == (1, 0, 1)
    assert (found["errors"][0]["row"], found["errors"][0]["column"]) == (2, "star")
    path.write_bytes(a_csv(GOOD))
    found, status = told(capsys, path, *GIVEN)
    assert status == 1
    assert "star" in json.dumps(found["errors"])


def test_the_command_needs_a_date_that_is_one(file):
    with pytest.raises(CommandError):
        call_command("import_awards", str(file), "--round", "2018", "--decree", "1", "--date", "5 Desember")
