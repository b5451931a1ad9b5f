"""The history on the page of a decree says each act in words, not by its name in the program."""

import re
from pathlib import Path

from awards import acts

ROOM = Path(acts.__file__).parent


def test_every_act_on_a_decree_has_its_words_on_its_page():
    source = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    recorded = set(re.findall(r'history\.record\(\s*"(\w+)",\s*(?:taken\.)?decree\b', source))
    assert recorded >= {"issue_decree", "awards_taken_over", "issue_late_certificates"}
    assert recorded - acts.OF_A_DECREE.keys() == set()
