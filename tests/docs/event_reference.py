"""The page of all facts, made from their own classes: `python -m tests.docs.event_reference` writes docs/events.md."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import NoneType, UnionType
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from mingzhang.domain import concepts
from mingzhang.domain.facts import Fact, topics

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"
_HEAD = """# Every fact there is

Made by `python -m tests.docs.event_reference` from the classes themselves. A topic and its version are stored for good;
`tests/stored/` keeps one JSON of each.

Every fact also carries `actor`, `effective_on`, `because`, and, where they apply, `sheet`, `row` and `evidence`.
`sealed` is a box with one commitment per field (concepts/personal-data.md); amounts end in `_fen` and are whole fen.
"""


def page() -> str:
    """The whole page, topics in alphabetical order."""
    concepts.load()
    common = set(Fact.model_fields)
    ours = {topic: kind for topic, kind in topics().items() if kind.__module__.startswith("mingzhang.")}
    parts = [_HEAD]
    for topic in sorted(ours):
        kind = ours[topic]
        said = inspect.cleandoc(kind.__dict__.get("__doc__") or "").split("\n\n")
        parts.append(f"## {topic}\n\n**{kind.__name__}**, version {kind.schema_version}. " + " ".join(" ".join(said).split()))
        fields = [f"`{name}` {_kind(field)}" for name, field in kind.model_fields.items() if name not in common]
        if fields:
            parts.append("; ".join(fields) + ".")
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _kind(field: FieldInfo) -> str:
    return _words(field.annotation) + ("" if field.is_required() else " (may be left out)")


def _words(annotation: object) -> str:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is UnionType:
        return " or ".join(_words(one) for one in inside if one is not NoneType)
    if origin is Literal:
        return "one of " + ", ".join(map(str, inside))
    if origin is tuple:
        return f"list of {_words(inside[0])}"
    if origin is dict:
        return f"{_words(inside[0])} → {_words(inside[1])}"
    name = getattr(annotation, "__name__", str(annotation))
    return {"str": "text", "int": "whole number", "bool": "yes or no", "Sealed": "sealed"}.get(name, name)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
