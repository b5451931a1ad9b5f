import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone

from audit import chain, history
from audit.models import Entry, Link
from regions.models import Province

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three_acts():
    subject = Province.objects.create(code="32", name="Jawa Barat", island="Jawa")
    for number in range(3):
        with transaction.atomic():
            history.record(
                "tried", subject, by=None, at=timezone.now(), reason=f"percobaan ke-{number + 1} – “uji”"
            )
    return subject


def _as_the_owner_of_the_tables(table: str, sql: str) -> None:
    """What the portal's own database role cannot do: change rows with the triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_each_committed_act_gets_the_next_place_in_the_chain(three_acts):
    assert list(Link.objects.values_list("position", flat=True)) == [1, 2, 3]
    assert list(chain.problems()) == []
    assert [entry.reason for entry in history.of(three_acts)] == [
        "percobaan ke-1 – “uji”",
        "percobaan ke-2 – “uji”",
        "percobaan ke-3 – “uji”",
    ]


def test_an_act_of_a_transaction_that_fails_leaves_no_gap(three_acts):
    with pytest.raises(RuntimeError), transaction.atomic():
        history.record("failed", three_acts, by=None, at=timezone.now())
        raise RuntimeError
    history.record("after", three_acts, by=None, at=timezone.now())
    assert list(Link.objects.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert list(chain.problems()) == []


def test_an_entry_can_be_neither_changed_nor_taken_away(three_acts):
    with pytest.raises(InternalError, match="append_only"):
        Entry.objects.filter(action="tried").update(reason="lain")
    with pytest.raises(InternalError, match="append_only"):
        Link.objects.all().delete()


def test_a_changed_entry_is_found(three_acts):
    second = Link.objects.get(position=2).entry_id
    _as_the_owner_of_the_tables(
        "audit_entry", f"UPDATE audit_entry SET reason = 'diubah' WHERE id = {second}"
    )
    assert [line for line in chain.problems() if f"catatan {second} pada posisi 2" in line]


def test_a_link_taken_away_is_found(three_acts):
    second = Link.objects.get(position=2).entry_id
    _as_the_owner_of_the_tables("audit_link", "DELETE FROM audit_link WHERE position = 2")
    found = list(chain.problems())
    assert any("posisi 2 hilang" in line for line in found)
    assert any(f"catatan {second} tidak berada dalam rantai" in line for line in found)
