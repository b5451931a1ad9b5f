"""The certificate's page: facts -> HTML -> PDF (placeholder of the lead until the certificate engineer's lands)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Facts:
    record: dict[str, Any]


def html(facts: Facts) -> str:
    return ""


def pdf(facts: Facts) -> bytes:
    return b""
