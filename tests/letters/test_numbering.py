"""Portal numbers without a gap; register numbers that are typed in."""

import threading

import pytest
from django.db import connection, transaction

from letters import numbering


@pytest.mark.django_db
def test_numbers_of_a_series_run_from_one_without_a_gap():
    assert [numbering.take("usulan", 2026, "3205") for _ in range(3)] == [1, 2, 3]
    assert numbering.take("usulan", 2026, "3273") == 1
    assert numbering.take("usulan", 2028, "3205") == 1
    assert numbering.last("usulan", 2026, "3205") == 3
    assert numbering.last("usulan", 2026, "9999") == 0


@pytest.mark.django_db
def test_a_number_taken_by_what_failed_is_given_again():
    numbering.take("usulan", 2026)
    with transaction.atomic():
        assert numbering.take("usulan", 2026) == 2
        transaction.set_rollback(True)
    assert numbering.take("usulan", 2026) == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_inside_the_transaction_that_uses_it():
    with pytest.raises(numbering.OutsideTransaction):
        numbering.take("usulan", 2026)
    assert numbering.last("usulan", 2026) == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_neighbours_and_a_rollback_leaves_no_gap():
    first_has_taken, first_may_end, got = threading.Event(), threading.Event(), {}

    def first():
        try:
            with transaction.atomic():
                got["first"] = numbering.take("lembar", 2026)
                first_has_taken.set()
                first_may_end.wait(10)
                raise RuntimeError("the transaction fails")
        except RuntimeError:
            pass
        finally:
            connection.close()

    def second():
        first_has_taken.wait(10)
        try:
            with transaction.atomic():
                got["second"] = numbering.take("lembar", 2026)
        finally:
            connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    assert first_has_taken.wait(10)
    threads[1].join(0.3)
    assert "second" not in got, "the second must wait for the first"
    first_may_end.set()
    for thread in threads:
        thread.join(10)
    assert got == {"first": 1, "second": 1}
    assert numbering.last("lembar", 2026) == 1


@pytest.mark.django_db
def test_portal_numbers_have_the_shapes_of_the_specification(settings):
    assert numbering.screening_sheet_number(2026) == "LS-2026-0001"
    assert numbering.certificate_number(2026, 112) == "OVOP/2026/0112"
    settings.CERTIFICATE_NUMBER = "B-IKMA.{tahun}-{nnnn}"
    assert numbering.certificate_number(2026, 112, replacement=2) == "B-IKMA.2026-0112/P2"
    settings.CERTIFICATE_NUMBER = "OVOP/{tahun}/{nnnn}"
    assert numbering.certificate_number(2026, 112, replacement=1) == "OVOP/2026/0112/P1"
    with pytest.raises(ValueError):
        numbering.certificate_number(2026, 0)


@pytest.mark.parametrize(
    ("number", "family"),
    [
        ("B/1214/IKMA.1/IND.2/III/2026", "surat"),
        ("B/12/IKMA/1/IND.2/XII/2026", "surat"),
        ("ba/7/Disperin/500.9/VIII/2026", "berita_acara"),
        ("14 TAHUN 2026", "keputusan"),
        ("14 Tahun 2026", "keputusan"),
    ],
)
def test_a_register_number_in_the_usual_shape_raises_no_warning(number, family):
    assert numbering.differs_from_pattern(number, numbering.PATTERNS[family], year=2026) == ""


@pytest.mark.parametrize(
    "number", ["B-1214/C.6/Cpl.1/12/2022", "98/IKM/PER/9/2013", "B/12/IKMA/IND/XIII/2026", "12"]
)
def test_a_number_in_another_shape_is_allowed_with_a_warning(number):
    assert "pola" in numbering.differs_from_pattern(number, numbering.PATTERNS["surat"], year=2026)


def test_a_number_of_another_year_than_its_date_is_warned_of():
    warning = numbering.differs_from_pattern("B/1/A/B/I/2025", numbering.PATTERNS["surat"], year=2026)
    assert "2025" in warning
    assert "2026" in warning


def test_a_pattern_with_an_unknown_field_is_refused():
    with pytest.raises(ValueError, match="hari"):
        numbering.differs_from_pattern("1", "{urut}/{hari}", year=2026)
