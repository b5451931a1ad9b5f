"""check_integrity finds what was lost, changed or left behind."""

import os
import time
from pathlib import Path

import pytest

from files import disk, integrity
from tests.factories.files import StoredFileFactory

pytestmark = pytest.mark.django_db
TWO_DAYS = 2 * 24 * 60 * 60


def left_behind(
    media: Path, *, age: float, name: str = "aa/4d5b9d0e-0f0e-4f3a-8a7e-3c7b1f0c9a11.pdf"
) -> Path:
    path = disk.folder("stored") / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"%PDF-")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_files_that_are_as_recorded_are_no_problem():
    StoredFileFactory()
    StoredFileFactory(photo=True)
    StoredFileFactory(refused=True)
    assert list(integrity.problems()) == []


def test_a_missing_content_is_named():
    stored = StoredFileFactory()
    stored.path.unlink()
    assert list(integrity.problems()) == [
        f"berkas {stored.pk}: isinya tidak dapat dibaca (FileNotFoundError)"
    ]


def test_another_size_and_another_content_are_named():
    longer, changed = sorted((StoredFileFactory(), StoredFileFactory()), key=lambda file: file.pk)
    longer.path.chmod(0o640)
    longer.path.write_bytes(longer.path.read_bytes() + b" ")
    content = bytearray(changed.path.read_bytes())
    content[20] ^= 1
    changed.path.write_bytes(content)
    assert list(integrity.problems()) == [
        f"berkas {longer.pk}: ukurannya {longer.size + 1} byte, tercatat {longer.size} byte",
        f"berkas {changed.pk}: isinya berubah sejak diterima (SHA-256 berbeda)",
    ]


@pytest.mark.parametrize("name", ["aa/4d5b9d0e-0f0e-4f3a-8a7e-3c7b1f0c9a11.pdf", "aa/catatan.txt"])
def test_what_nobody_recorded_is_named_after_a_day(media, name):
    left_behind(media, age=TWO_DAYS, name=name)
    assert list(integrity.problems()) == [f"berkas yatim: stored/{name} tidak tercatat"]


def test_what_may_still_be_recorded_is_left_alone_for_a_day(media):
    left_behind(media, age=60)
    assert list(integrity.problems()) == []


def test_a_recorded_content_does_not_become_an_orphan_with_age(media):
    stored = StoredFileFactory()
    os.utime(stored.path, (time.time() - TWO_DAYS, time.time() - TWO_DAYS))
    assert list(integrity.problems()) == []


def test_the_content_of_a_refused_file_that_did_not_go_is_named(media):
    stored = StoredFileFactory(refused=True)
    left_behind(media, age=TWO_DAYS, name=f"aa/{stored.pk}.pdf")
    assert list(integrity.problems()) == [f"berkas yatim: stored/aa/{stored.pk}.pdf tidak tercatat"]
