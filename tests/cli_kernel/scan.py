"""Finds, by reading the code, every code that a refusal or a refused row may carry."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.catalogue import ROOT

FOLDERS = ("domain", "projections", "cli")
# Calls that are given a code, as an argument or as the keyword `code`. A code is at least two words joined by `_`.
RAISING = {"Refused", "BadValue", "RowProblem", "Excluded", "Obstacle", "_RefusedCell", "refusal", "Contradiction", "Misfit"}
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


# `award_` and `payment_` go before where a case stands (domain/money).
MADE_UP_OF_TWO = frozenset(
    [f"award_{stand}" for stand in ("none", "returned", "rejected", "refused", "suspended", "revoked")]
    + [f"payment_{stand}" for stand in ("instructed", "pending", "failed", "rejected", "returned", "reversed", "waived")]
)


def sources() -> list[Path]:
    """Every file of code, the tables of sentences themselves left out."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if path.parent.name != "refusals" or path.name == "__init__.py"]


def quoted(path: Path) -> list[str]:
    """The texts in the code of a file."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@cache
def _all_quoted() -> frozenset[str]:
    return frozenset(text for path in sources() for text in quoted(path))


def named_in_the_code(code: str) -> bool:
    """Whether the code stands anywhere as a text of its own."""
    return code in _all_quoted()


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
