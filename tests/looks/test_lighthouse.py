"""Lighthouse on the three pages that most visitors come to first, as a phone on a slow line sees them."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from awards.models import Award
from tests import chromium
from tests.portal import LivePortal

VERSION = "12.8.2"
AT_LEAST = {"accessibility": 1.0, "best-practices": 1.0, "seo": 1.0, "performance": 0.95}


@pytest.mark.parametrize("name", ["home", "catalogue", "product"])
def test_a_phone_on_a_slow_line_is_served_well(name: str, demo_portal: LivePortal, folder: Path):
    with demo_portal.orm():
        award = Award.objects.published().order_by("pk").first()
        path = {"home": "/", "catalogue": "/katalog/", "product": award.get_absolute_url()}[name]
    report = folder / f"lighthouse-{name}.json"
    subprocess.run(
        ["npx", "--yes", f"lighthouse@{VERSION}", demo_portal.url + path, "--quiet", "--output=json",
         f"--output-path={report}", f"--only-categories={','.join(AT_LEAST)}",
         f"--chrome-flags={' '.join(chromium.FLAGS[:-1])}"],
        env=os.environ | {"CHROME_PATH": str(chromium.chromium())}, check=True, timeout=300,
    )  # fmt: skip
    said = json.loads(report.read_text(encoding="utf-8"))
    scores = {category: said["categories"][category]["score"] for category in AT_LEAST}
    lost = {
        each["id"]: audit.get("title")
        for category in AT_LEAST
        for each in said["categories"][category]["auditRefs"]
        if each["weight"] and ((audit := said["audits"][each["id"]])["score"] or 0) < 0.9
        and audit["scoreDisplayMode"] not in {"notApplicable", "manual", "informative"}
    }  # fmt: skip
    assert all(scores[category] >= least for category, least in AT_LEAST.items()), (scores, lost)
