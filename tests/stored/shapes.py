"""Writes one JSON for every topic and version there is, `<topic>.v<version>.json`; a file that exists is never written again.

Run as `python -m tests.stored.shapes` after a topic or a version was added, and commit what it writes. Every field is
filled, the optional ones too, with values made from its type, so that the bytes show the whole shape.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from mingzhang.domain import concepts
from mingzhang.domain.facts import Fact, encode, topics

FOLDER = Path(__file__).resolve().parent
PLAIN: Mapping[type, object] = {str: "synthetic", int: 12345, bool: True, date: date(2020, 3, 25)}


def sample(wanted: Any) -> object:
    """A value of the type: the first of a union, the first of a closed list, one item in a tuple."""
    if wanted in PLAIN:
        return PLAIN[wanted]
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return inner[0]
    if origin in (Union, types.UnionType):
        return sample(next(one for one in inner if one is not type(None)))
    if origin is tuple:
        return (sample(inner[0]),)
    if origin is dict:
        return {"synthetic": sample(inner[1])}
    if isinstance(wanted, type) and issubclass(wanted, BaseModel):
        return filled(wanted)
    raise TypeError(f"no sample for {wanted}")


def filled(kind: type[BaseModel]) -> BaseModel:
    """The model with every field given."""
    return kind(**{name: sample(field.annotation) for name, field in kind.model_fields.items()})


def path_of(kind: type[Fact], version: int) -> Path:
    return FOLDER / f"{kind.topic}.v{version}.json"


def write_missing() -> list[Path]:
    """Writes the shapes that have no file yet, as they are stored, and gives their paths."""
    concepts.load()
    written = []
    for kind in topics().values():
        path = path_of(kind, kind.schema_version)
        if kind.__module__.startswith("mingzhang.") and not path.exists():
            kind.model_rebuild()
            fact = filled(kind)
            path.write_bytes(encode(fact) + b"\n")  # type: ignore[arg-type]
            written.append(path)
    return written


if __name__ == "__main__":
    for path in write_missing():
        print(path.name)
