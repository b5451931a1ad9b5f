import pytest

from letters import workdays
from nominations import reference


@pytest.fixture
def requirements(db: None) -> None:
    """Commodity groups, kinds of documents, requirements and the days off are loaded."""
    reference.load()
    workdays.load()
