"""Finds, by reading the code, every code that a refusal or a refused row may carry."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.catalogue import ROOT

FOLDERS = ("domain", "projections", "cli")
# Calls that are given a code, as an argument or as the keyword `code`. A code is at least two words joined by `_`.
RAISING = {"Refused", "BadValue", "RowProblem", "Excluded", "Obstacle", "_RefusedCell", "refusal"}
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


def raised_codes() -> dict[str, str]:
    """Each code with the first place that raises it."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _called(node) in RAISING:
                    for code in _codes_of(node):
                        found.setdefault(code, f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _codes_of(node: ast.Call) -> Iterator[str]:
    """The texts among its arguments that look like codes (either branch of a choice), or the keyword `code`."""
    candidates = [keyword.value for keyword in node.keywords if keyword.arg == "code"] or node.args
    for candidate in candidates:
        branches = [candidate.body, candidate.orelse] if isinstance(candidate, ast.IfExp) else [candidate]
        for branch in branches:
            if isinstance(branch, ast.Constant) and isinstance(branch.value, str) and _CODE.fullmatch(branch.value):
                yield branch.value
