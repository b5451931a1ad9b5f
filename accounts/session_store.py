"""Django's sessions in the database; this store also remembers until when the row it read is good (session_end)."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession


class SessionStore(DatabaseStore):
    # What the session itself computes would always be a whole age from now; None before anything was read.
    stored_until: datetime | None = None

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        stored: AbstractBaseSession | None = super()._get_session_from_db()  # type: ignore[misc]
        self.stored_until = stored.expire_date if stored else None
        return stored
