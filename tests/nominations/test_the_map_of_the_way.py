"""The table in docs/architecture.md is the table of the lifecycle."""

import re
from pathlib import Path

from accounts.roles import MAY
from nominations import lifecycle

MAP = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"


def test_the_map_shows_each_transition_and_who_brings_it_about():
    drawn = re.search(r"<!-- transitions -->(.*?)<!-- /transitions -->", MAP.read_text("utf-8"), re.S)[1]
    rows = [
        tuple(cell.strip(" `") for cell in line.strip("|").split("|")) for line in drawn.strip().splitlines()
    ]
    holds = [
        (
            row["from"],
            row["action"],
            row["to"],
            ", ".join(role for role, held in MAY.items() if row["right"] in held) or "–",
        )
        for row in lifecycle.describe()
    ]
    assert rows[2:] == holds
