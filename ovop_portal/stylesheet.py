"""
The part of Bootstrap's stylesheet that the portal uses, cut out of the installed wheel.

Bootstrap's whole stylesheet takes 30.8 of the 39 KB that all CSS of a public page may weigh (gzipped). The families
named here are kept, everything else is left out. `python -m ovop_portal.stylesheet` writes static/css/bootstrap.css
again; a test compares the file with what this module makes, so that a new Bootstrap cannot slip in half.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

TARGET = Path(__file__).resolve().parent.parent / "static" / "css" / "bootstrap.css"
NOTICE = "/*! Bootstrap {version} (c) 2011-2025 The Bootstrap Authors, MIT. Families kept: ovop_portal/stylesheet.py */\n"

_KEPT = re.compile(
    "|".join(
        f"(?:{family})"
        for family in (
            # Type and tables; the frame and its grids are the portal's own
            r"h[1-6]|lead|small|mark|caption-top",
            # Forms, as crispy-bootstrap5 writes them
            r"form-(?:control|control-plaintext|select|label|text)",
            r"form-check|form-check-(?:input|label|inline)|is-invalid|invalid-feedback",
            r"input-group|input-group-text|has-validation",
            # Buttons
            r"btn|btn-(?:primary|secondary|danger|link|sm)|btn-outline-(?:primary|secondary|danger)",
            # Helpers
            r"visually-hidden|visually-hidden-focusable",
            # Utilities: space and text only; colours come from the portal's own tokens
            r"m[tb]-[0-5]|d-none|d-print-none|text-(?:nowrap|break)|position-absolute",
        )
    )
)
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_VARIABLE = re.compile(r"var\((--bs-[\w-]+)")
# What the portal never shows: valid fields in green, the dark theme, right-to-left.
_LEFT_OUT = re.compile(r"data-bs-theme=dark|:valid|was-validated|\[dir=rtl\]|\.btn-group|\.form-floating")


def pruned_bootstrap() -> str:
    """Return the kept rules of the installed Bootstrap, minified, with its notice; the same for the same wheel."""
    import bootstrap_wrapper

    source = (bootstrap_wrapper.get_bootstrap_css_dir() / "bootstrap.min.css").read_text(encoding="utf-8")
    rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
    return NOTICE.format(version=bootstrap_wrapper.__version__) + _without_unused_variables(
        "".join(_keep(rules))
    )


def _keep(rules: list[Node]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = [part for part in _selectors(rule) if _is_kept(part)]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword == "media":
            inner = "".join(
                _keep(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
            )
            if inner:
                yield f"@media {tinycss2.serialize(rule.prelude).strip()}{{{inner}}}"


def _selectors(rule: QualifiedRule) -> list[str]:
    """Split a selector list at its commas, not at those inside :not(…)."""
    parts, depth, start = [], 0, 0
    text = tinycss2.serialize(rule.prelude)
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]


def _is_kept(selector: str) -> bool:
    return not _LEFT_OUT.search(selector) and all(_KEPT.fullmatch(name) for name in _CLASS.findall(selector))


def _without_unused_variables(css: str) -> str:
    """Drop from the :root rule the variables that no kept rule reads, directly or through another one."""
    root = re.search(r":root,\[data-bs-theme=light\]\{([^}]*)\}", css)
    if root is None:
        return css
    variables = dict(re.findall(r"(--bs-[\w-]+):((?:[^;\"']|\"[^\"]*\"|'[^']*')*)", root[1]))
    others = css[: root.start()] + css[root.end() :]
    wanted, found = set(), set(_VARIABLE.findall(others))
    while found:
        wanted |= found
        found = {name for one in found for name in _VARIABLE.findall(variables.get(one, ""))} - wanted
    kept = ";".join(f"{name}:{value}" for name, value in variables.items() if name in wanted)
    return f"{css[: root.start()]}:root,[data-bs-theme=light]{{{kept}}}{css[root.end() :]}"


if __name__ == "__main__":
    TARGET.write_text(pruned_bootstrap(), encoding="utf-8")
