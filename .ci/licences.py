"""Each runtime dependency's licence goes together with MIT; GPL ones are for development only. Part of `make check`."""

import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from locks import pins

PROJECT = Path(__file__).resolve().parent.parent
# Of several licences one may choose; these packages offer one that fits beside the GPL they also name, or, as a library
# used as it is, the LGPL.
_LOOKED_AT = {
    "pyphen": "MPL 1.1 chosen of three",
    "psycopg2-binary": "LGPL with exceptions, used as it is",
}
_STRONG = ("GPL", "GNU General Public", "GNU Affero", "AGPL", "SSPL", "Proprietary License :: Only")


def named_licences(name: str) -> list[str]:
    """Return what a package says of its licence: expression, field and classifiers, those that are there."""
    said = metadata(name)
    fields = [said.get("License-Expression") or "", (said.get("License") or "")[:200]]
    classifiers = [line for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    return [text for text in [*fields, *classifiers] if text]


def problems(names: list[str]) -> list[str]:
    """Return one line for each package whose licence is strong or not told."""
    found = []
    for name in names:
        try:
            said = named_licences(name)
        except PackageNotFoundError:
            continue  # for another platform
        if not said:
            found.append(f"{name}: tells no licence")
        elif name not in _LOOKED_AT and any(word in text for text in said for word in _STRONG):
            found.append(f"{name}: {'; '.join(said)}")
    return found


def main() -> int:
    wrong = problems(sorted(pins((PROJECT / "requirements.txt").read_text(encoding="utf-8"))))
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
