"""Known holes in the locked requirements, by pip-audit; says so in one line where no service can be asked."""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
COMMAND = [
    "pip-audit", "--requirement", "requirements.txt", "--disable-pip", "--require-hashes", "--no-deps",
    "--format", "json", "--progress-spinner", "off", "--timeout", "15",
]  # fmt: skip


def verdict(written: str, complaint: str) -> tuple[int, list[str]]:
    """Return exit status and lines for what pip-audit wrote on standard output and on standard error."""
    try:
        packages = json.loads(written)["dependencies"]
    except (ValueError, KeyError):
        lines = [line.strip() for line in complaint.splitlines() if line.strip()]
        return 0, [
            f"not run: dependency audit, the vulnerability service cannot be asked ({_without_addresses(lines)})"
        ]
    holes = [(package, hole) for package in packages for hole in package.get("vulns", [])]
    if holes:
        return 1, [
            f"{package['name']} {package['version']}: {hole['id']}, "
            f"mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
            for package, hole in holes
        ]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if len(unknown) == len(packages):
        return 0, [
            "not run: dependency audit, the vulnerability service reached from here knows none of the packages"
        ]
    told = f"dependency audit: no known holes in {len(packages) - len(unknown)} packages"
    return 0, [told + (f"; not known to the service: {', '.join(unknown)}" if unknown else "")]


def _without_addresses(lines: list[str]) -> str:
    last = lines[-1] if lines else "no reason given"
    return " ".join(word for word in last.split() if "://" not in word and "host=" not in word)[:120]


def main() -> int:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", *COMMAND[1:]],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=300,
        )
    except subprocess.TimeoutExpired:
        print("not run: dependency audit, the vulnerability service did not answer within five minutes")
        return 0
    status, lines = verdict(done.stdout, done.stderr)
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
