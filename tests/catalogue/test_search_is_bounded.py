"""No address makes the database work without end: not by what is typed, nor by how much is chosen or how far one goes."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from catalogue import bounded, key_pages, search
from catalogue.query import VALUES_AT_MOST
from ovop_portal.bench import many
from regions import loading  # noqa: F401 - the fixtures of the country's places
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group
from tests.pages import words_of

pytestmark = pytest.mark.django_db
