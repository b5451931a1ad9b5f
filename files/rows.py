"""A stored file as the partial file_row shows it."""

from collections.abc import Sequence
from typing import Any

from .models import StoredFile


def file_row(stored: StoredFile, *, kind: str = "", actions: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """
    Return what `partials/file_row.html` takes; the name is a link where the content is there.

    Ask access.may_open first: this says nothing about who may see it.
    """
    is_there = stored.state != StoredFile.State.REFUSED
    return {
        "name": stored.original_name,
        "kind": kind,
        "size": stored.size,
        "sent": stored.size,
        "state": stored.row_state,
        "detail": stored.refusal,
        "url": stored.get_absolute_url() if is_there else "",
        "actions": list(actions),
        "id": f"berkas-{stored.pk}",
    }
