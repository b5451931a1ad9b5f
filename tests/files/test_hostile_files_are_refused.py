"""What comes in is judged by its content; nothing of what is refused stays."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from files import intake
from files.models import StoredFile
from files.refusals import Refused
from tests.factories.files import NOON, an_upload
from tests.factories.letters import a_person
from tests.files import hostile

pytestmark = pytest.mark.django_db


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_there_are_more_than_forty_kinds():
    assert len(hostile.ALL) >= 80


@pytest.mark.parametrize("kind", hostile.ALL)
def test_refused(kind):
    make, code = hostile.ALL[kind]
    before = set(on_disk())
    with pytest.raises(Refused) as refusal:
        intake.accept(an_upload(make(), "dokumen penting.pdf"), by=a_person(), at=NOON)
    assert refusal.value.code == code
    assert '"dokumen penting.pdf"' in refusal.value.for_reader
    assert not StoredFile.objects.exists()
    assert set(on_disk()) == before


def test_a_parser_that_hangs_or_swells_ends_alone():
    before = os.getpid()
    content = hostile.objects_that_swell()
    assert len(content) < 20 * hostile.MEGABYTE
    with pytest.raises(Refused, match="terlalu rumit"):
        intake.accept(an_upload(content), by=a_person(), at=NOON)
    assert os.getpid() == before
