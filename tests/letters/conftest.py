"""What the tests of this room share: a mail server, and messages sent to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.letters.smtp_sink import Sink, running_sink


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server of this machine that the portal is set to use."""
    with running_sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server
